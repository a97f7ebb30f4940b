"""The organisation's calendar and the language of periods. Everything here is pure: today is given."""

from kpicore.periods.calendar import Calendar
from kpicore.periods.earlier import progress
from kpicore.periods.listed import read_listed_months
from kpicore.periods.period import Grain, Period
from kpicore.periods.zones import local_date

__all__ = ["Calendar", "Grain", "Period", "local_date", "progress", "read_listed_months"]
