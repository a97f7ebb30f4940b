"""The two small languages: row expressions over the fields of one entity, formulas over inputs.

Text is parsed by SQLGlot and turned at once into an allow-listed, typed tree; everything else works
on the tree.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from kpicore.language.canonical import text
from kpicore.language.decimals import decimals
from kpicore.language.dialect import Dialect
from kpicore.language.nulls import extremes, nulled_by, passed_over, tests, unsure
from kpicore.language.parser import parse_formula, parse_row
from kpicore.language.printers.formula_python import MissingInput, formula_python
from kpicore.language.printers.row_sql import row_sql
from kpicore.model.expressions import Case, Node, names

if TYPE_CHECKING:
    from kpicore.language.printers.excel import formula_excel
    from kpicore.language.printers.formula_sql import formula_sql
    from kpicore.language.printers.javascript import JAVASCRIPT_RUNTIME, formula_javascript
    from kpicore.language.printers.row_python import row_python

__all__ = [
    "JAVASCRIPT_RUNTIME",
    "Case",
    "Dialect",
    "MissingInput",
    "Node",
    "decimals",
    "extremes",
    "formula_excel",
    "formula_javascript",
    "formula_python",
    "formula_sql",
    "names",
    "nulled_by",
    "parse_formula",
    "parse_row",
    "passed_over",
    "row_python",
    "row_sql",
    "tests",
    "text",
    "unsure",
]

# Answers are printed to SQL and computed in Python; what prints for other hosts waits until one of them asks.
_PRINTERS = MappingProxyType(
    {
        "formula_excel": "excel",
        "formula_sql": "formula_sql",
        "JAVASCRIPT_RUNTIME": "javascript",
        "formula_javascript": "javascript",
        "row_python": "row_python",
    }
)


def __getattr__(name: str) -> object:
    if name not in _PRINTERS:
        raise AttributeError(f"module 'kpicore.language' has no attribute '{name}'")
    return getattr(import_module(f"kpicore.language.printers.{_PRINTERS[name]}"), name)
