"""The two small languages: row expressions over the fields of one entity, formulas over inputs.

Text is parsed by SQLGlot and turned at once into an allow-listed, typed tree; everything else works
on the tree.
"""

from kpicore.expressions.canonical import text
from kpicore.expressions.decimals import decimals
from kpicore.expressions.dialect import Dialect
from kpicore.expressions.excel import formula_excel
from kpicore.expressions.formula_sql import formula_sql
from kpicore.expressions.formulas import MissingInput, formula_python
from kpicore.expressions.javascript import JAVASCRIPT_RUNTIME, formula_javascript
from kpicore.expressions.nulls import extremes, nulled_by, passed_over, tests, unsure
from kpicore.expressions.reading import parse_formula, parse_row
from kpicore.expressions.rows import row_python
from kpicore.expressions.sql import row_sql
from kpicore.expressions.tree import Case, Node, names

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
