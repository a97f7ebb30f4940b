"""Formulas as SQL, for views of a BI tool: one row holds the inputs, NULL means that there is no value."""

from __future__ import annotations

from collections.abc import Callable

from kpicore.language.printing import PRODUCT, TERM, FormulaPrinter
from kpicore.model import expressions as tree


def formula_sql(node: tree.Node, name: Callable[[str], str]) -> str:
    """Return the formula as a standard SQL expression, without brackets around the whole.

    `name("kept")` gives SQL for the value of an input as a double; also asked for "period.days" and
    "setting.x"; give a column, not a placeholder, for it may be printed twice. The value is NULL where
    a denominator is 0 or an input is NULL, if that part of the formula decides it: no database's own
    way with `x / 0`, `greatest(NULL, 1)` or `NULL AND FALSE` shows. What is too large for a double
    is the database's own error or infinity.

    >>> from kpicore.language import parse_formula
    >>> formula_sql(parse_formula("kept / (kept + lost)", ("kept", "lost")), str)
    'kept / nullif(kept + lost, 0)'
    """
    return _FormulaSql(name).text(node)


class _FormulaSql(FormulaPrinter):
    def level(self, node: tree.Node) -> int:
        # a chain of conditions is a CASE here
        return TERM if isinstance(node, tree.Logic) else super().level(node)

    def literal(self, node: tree.Literal) -> str:
        # With an exponent it is a double, or at least no integer: 1 / 2 is not 0 anywhere.
        return super().literal(node) + ("" if isinstance(node.value, bool) else "e0")

    def negation(self, node: tree.Not) -> str:
        return f"NOT ({self.text(node.operand)})"

    def arithmetic(self, node: tree.Arithmetic) -> str:
        if node.operator == "/":
            # nullif brings the brackets that a divisor such as b + c needs
            return f"{self.inside(node.left, PRODUCT)} / nullif({self.text(node.right)}, 0)"
        return super().arithmetic(node)

    def logic(self, node: tree.Logic) -> str:
        last, *others = map(self.text, reversed(node.operands))
        printed = f"({last})"
        for test in others:
            printed = self.choice(test, printed, "FALSE") if node.word == "and" else self.choice(test, "TRUE", printed)
        return printed

    def choice(self, test: str, if_true: str, if_false: str) -> str:
        # This form has no branch for NULL, so a test without a value gives none.
        return f"CASE ({test}) WHEN TRUE THEN {if_true} WHEN FALSE THEN {if_false} END"

    def call(self, node: tree.Call) -> str:
        called = super().call(node)
        if node.function == "abs":
            return called
        # Some databases leave NULL out of least and greatest, others do not.
        unsure = [f"({self.text(part)}) IS NULL" for part in node.arguments if not isinstance(part, tree.Literal)]
        return f"CASE WHEN {' OR '.join(unsure)} THEN NULL ELSE {called} END" if unsure else called
