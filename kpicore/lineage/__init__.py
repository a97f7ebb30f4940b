"""What each column of the made tables is made from, so that no answer comes from tables of other definitions."""

from kpicore.lineage.as_written import RULES_NUMBER, written
from kpicore.lineage.lineage import CALENDAR, SETTINGS, Column, Lineage, Origin, digest, setting

__all__ = [
    "CALENDAR",
    "RULES_NUMBER",
    "SETTINGS",
    "Column",
    "Lineage",
    "LineageDifference",
    "Origin",
    "digest",
    "setting",
    "written",
]
