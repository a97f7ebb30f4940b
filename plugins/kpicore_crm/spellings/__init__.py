"""The codes of the vocabulary's fields, with the words that files use for them in many languages and programs.

One place for each word: what definitions compare a field with, and how an export of a shop or a CRM spells it.
"""

from kpicore_crm.spellings.activity_status import ACTIVITY_STATUS
from kpicore_crm.spellings.activity_type import ACTIVITY_TYPE, TIME_CATEGORY
from kpicore_crm.spellings.costs import COST_CATEGORY
from kpicore_crm.spellings.deals import FORECAST_CATEGORY, OUTCOME, STAGE_EXIT, STAGE_KIND
from kpicore_crm.spellings.leads import CONVERSION, LIFECYCLE
from kpicore_crm.spellings.orders import ORDER_STATUS
from kpicore_crm.spellings.origins import CHANNEL, INQUIRY_CHANNEL, ORIGIN, PLATFORM, SOURCE
from kpicore_crm.spellings.sales import DEAL_TYPE, LINE_TYPE
from kpicore_crm.spellings.surveys import SURVEY_TYPE
from kpicore_crm.spellings.traits import BUSINESS_TYPE, DEVICE, SEGMENT, SOCIAL_KIND

__all__ = [
    "ACTIVITY_STATUS",
    "ACTIVITY_TYPE",
    "BUSINESS_TYPE",
    "CHANNEL",
    "CONVERSION",
    "COST_CATEGORY",
    "DEAL_TYPE",
    "DEVICE",
    "FORECAST_CATEGORY",
    "INQUIRY_CHANNEL",
    "LIFECYCLE",
    "LINE_TYPE",
    "ORDER_STATUS",
    "ORIGIN",
    "OUTCOME",
    "PLATFORM",
    "SEGMENT",
    "SOCIAL_KIND",
    "SOURCE",
    "STAGE_EXIT",
    "STAGE_KIND",
    "SURVEY_TYPE",
    "TIME_CATEGORY",
]
