"""The codes of the vocabulary's fields, with the words that files use for them in many languages and programs.

One place for each word: what definitions compare a field with, and how an export of a shop or a CRM spells it.
"""

from kpicore.vocabulary.spellings.activity_status import ACTIVITY_STATUS
from kpicore.vocabulary.spellings.activity_type import ACTIVITY_TYPE, TIME_CATEGORY
from kpicore.vocabulary.spellings.costs import COST_CATEGORY
from kpicore.vocabulary.spellings.deals import FORECAST_CATEGORY, OUTCOME, STAGE_EXIT, STAGE_KIND
from kpicore.vocabulary.spellings.leads import CONVERSION, LIFECYCLE
from kpicore.vocabulary.spellings.orders import ORDER_STATUS
from kpicore.vocabulary.spellings.origins import CHANNEL, INQUIRY_CHANNEL, ORIGIN, PLATFORM, SOURCE
from kpicore.vocabulary.spellings.sales import DEAL_TYPE, LINE_TYPE
from kpicore.vocabulary.spellings.surveys import SURVEY_TYPE
from kpicore.vocabulary.spellings.traits import BUSINESS_TYPE, DEVICE, SEGMENT, SOCIAL_KIND

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
