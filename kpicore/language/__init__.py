"""The two small languages: row expressions over the fields of one entity, formulas over inputs.

Text is parsed by SQLGlot and turned at once into an allow-listed, typed tree; everything else works
on the tree.
"""

from kpicore.language.canonical import text
from kpicore.language.decimals import decimals
from kpicore.language.dialect import Dialect
from kpicore.language.nulls import extremes, nulled_by, passed_over, tests, unsure
from kpicore.language.parser import parse_formula, parse_row
from kpicore.language.printers.excel import formula_excel
from kpicore.language.printers.formula_python import MissingInput, formula_python
from kpicore.language.printers.formula_sql import formula_sql
from kpicore.language.printers.javascript import JAVASCRIPT_RUNTIME, formula_javascript
from kpicore.language.printers.row_python import row_python
from kpicore.language.printers.row_sql import row_sql
from kpicore.model.expressions import Case, Node, names

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
