"""Formulas as spreadsheet formulas: English function names, commas between arguments."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from kpicore.language.limits import divides
from kpicore.language.printing import TERM, FormulaPrinter
from kpicore.model import expressions as tree


def formula_excel(node: tree.Node, cell: Callable[[str], str]) -> str:
    """Return the formula for a cell, without the leading "=".

    `cell("kept")` gives the reference or defined name that holds a NUMBER; also asked for
    "period.days" and "setting.x". A zero denominator gives #DIV/0!. An empty cell counts as 0 in a
    spreadsheet: do not print a formula over an input that has no value.

    >>> from kpicore.language import parse_formula
    >>> formula_excel(parse_formula("greatest(kept, 1) / (kept + lost)", ("kept", "lost")), str.upper)
    'MAX(KEPT,1)/(KEPT+LOST)'
    """
    return _Excel(cell).text(node)


class _Excel(FormulaPrinter):
    blank, comma = "", ","
    functions = MappingProxyType({"abs": "ABS", "least": "MIN", "greatest": "MAX"})

    def level(self, node: tree.Node) -> int:
        # these are calls here
        return TERM if isinstance(node, tree.Logic | tree.Not) else super().level(node)

    def negation(self, node: tree.Not) -> str:
        return f"NOT({self.text(node.operand)})"

    def logic(self, node: tree.Logic) -> str:
        if not any(divides(operand) for operand in node.operands[1:]):
            return f"{node.word.upper()}({self.listed(node.operands)})"
        # AND and OR look at every argument, so a division by zero behind the operand that settles the
        # matter would show; IF does not.
        printed = self.text(node.operands[-1])
        for operand in reversed(node.operands[:-1]):
            test = self.text(operand)
            printed = self.choice(test, printed, "FALSE") if node.word == "and" else self.choice(test, "TRUE", printed)
        return printed

    def choice(self, test: str, if_true: str, if_false: str) -> str:
        return f"IF({test},{if_true},{if_false})"
