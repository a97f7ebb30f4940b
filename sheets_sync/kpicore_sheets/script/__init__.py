"""Formulas in Google Sheets: an Apps Script project of the workspace, and the answers that the sync keeps for it."""

from kpicore_sheets.script.answers import answer_rows
from kpicore_sheets.script.project import project_files

__all__ = ["answer_rows", "project_files"]
