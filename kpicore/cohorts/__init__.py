"""Cohorts: customers by when they first bought, and what they did at each age since."""

from kpicore.cohorts.asking import cohorts
from kpicore.cohorts.triangle import Age, Cohort, Cohorts
from kpicore.cohorts.views import VIEWS, View

__all__ = ["VIEWS", "Age", "Cohort", "Cohorts", "View", "cohorts"]
