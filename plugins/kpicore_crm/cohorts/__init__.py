"""Cohorts: customers by when they first bought, and what they did at each age since."""

from kpicore_crm.cohorts.query import cohorts
from kpicore_crm.cohorts.result import Cohorts
from kpicore_crm.cohorts.triangle import Age, Cohort
from kpicore_crm.cohorts.views import VIEWS, View

__all__ = ["VIEWS", "Age", "Cohort", "Cohorts", "View", "cohorts"]
