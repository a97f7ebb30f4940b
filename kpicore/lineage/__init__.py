"""What each column of the made tables is made from, so that nothing is answered from tables made by other definitions."""

from kpicore.lineage.differences import Difference, Outdated, outdated
from kpicore.lineage.lineage import CALENDAR, DIMENSION, SETTINGS, Column, Lineage, Origin, digest, setting
from kpicore.lineage.written import RULES_NUMBER, written

__all__ = [
    "CALENDAR",
    "DIMENSION",
    "RULES_NUMBER",
    "SETTINGS",
    "Column",
    "Difference",
    "Lineage",
    "Origin",
    "Outdated",
    "digest",
    "outdated",
    "setting",
    "written",
]
