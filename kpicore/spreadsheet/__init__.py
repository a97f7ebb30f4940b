"""What `=KPI_…` means in a cell, the same in every spreadsheet: functions, their arguments, values, errors."""

from kpicore.spreadsheet.answering import CellResult
from kpicore.spreadsheet.functions import cell_functions
from kpicore.spreadsheet.requests import MOST_CALLS, answer_json, request_from_json
from kpicore.spreadsheet.session import CellAnswers, Cells
from kpicore.spreadsheet.values import (
    CellCall,
    CellFailure,
    CellRange,
    CellScalar,
    CellValue,
    cell_from_json,
    cell_to_json,
    code_of,
)

__all__ = [
    "MOST_CALLS",
    "CellAnswers",
    "CellCall",
    "CellFailure",
    "CellRange",
    "CellResult",
    "CellScalar",
    "CellValue",
    "Cells",
    "answer_json",
    "cell_from_json",
    "cell_functions",
    "cell_to_json",
    "code_of",
    "request_from_json",
]
