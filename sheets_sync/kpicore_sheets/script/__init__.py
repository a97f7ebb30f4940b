"""Formulas in Google Sheets: an Apps Script project of the workspace, and the answers that the sync keeps for it."""

from kpicore_sheets.script.answers import STAMP_NAME, AnswersTab, answer_rows
from kpicore_sheets.script.project import project_files
from kpicore_sheets.script.sheet_formulas import FORMULA_FIELDS, SheetFormulas

__all__ = ["FORMULA_FIELDS", "STAMP_NAME", "AnswersTab", "SheetFormulas", "answer_rows", "project_files"]
