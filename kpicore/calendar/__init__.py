"""The organisation's calendar and the language of periods. Everything here is pure: today is given."""

from kpicore.calendar.calendar import Calendar, local_date
from kpicore.calendar.comparison import progress
from kpicore.calendar.period import Grain, Period

__all__ = ["Calendar", "Grain", "Period", "local_date", "progress"]
