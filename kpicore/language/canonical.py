"""The canonical text of a tree: what `explain` shows and what definition hashes are made of."""

from __future__ import annotations

import re
from datetime import date

from kpicore.language.lexer import KEYWORDS
from kpicore.language.printing import AND, COMPARISON, NOT, Printer
from kpicore.model import expressions as tree
from kpicore.text.sql_text import quoted

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def text(node: tree.Node) -> str:
    """Return the one way to write this tree; reading it again gives an equal tree.

    >>> from kpicore.language import parse_formula
    >>> text(parse_formula("((kept) / (kept+lost))", ("kept", "lost")))
    'kept / (kept + lost)'
    """
    return _Canonical().text(node)


class _Canonical(Printer):
    true, false = "true", "false"

    def level(self, node: tree.Node) -> int:
        # `not x in (…)` is printed as a comparison, so it needs the brackets of one.
        return COMPARISON if isinstance(_negated(node), tree.Within | tree.IsNull) else super().level(node)

    def literal(self, node: tree.Literal) -> str:
        if isinstance(node.value, date):
            return f"date '{node.value.isoformat()}'"
        if isinstance(node.value, str):
            return "'" + node.value.replace("'", "''") + "'"
        return super().literal(node)

    def name(self, node: tree.Name) -> str:
        return f"{node.namespace}.{_quoted(node.name)}" if node.namespace else _quoted(node.name)

    def negation(self, node: tree.Not) -> str:
        negated = _negated(node)
        if isinstance(negated, tree.Within | tree.IsNull):
            return self._test(negated, "not ")
        return f"not {self.inside(node.operand, NOT)}"

    def logic(self, node: tree.Logic) -> str:
        least = AND + 1 if node.word == "and" else AND
        return f" {node.word} ".join(self.inside(operand, least) for operand in node.operands)

    def case(self, node: tree.Case) -> str:
        branches = " ".join(f"when {self.text(test)} then {self.text(value)}" for test, value in node.branches)
        last = "" if node.otherwise is None else f" else {self.text(node.otherwise)}"
        return f"case {branches}{last} end"

    # no word says Known: who reads the text with the same codes puts it there again
    def of_rows(self, node: tree.Within | tree.IsNull | tree.Known) -> str:
        return self.text(node.operand) if isinstance(node, tree.Known) else self._test(node)

    def _test(self, node: tree.Within | tree.IsNull, negation: str = "") -> str:
        operand = self.inside(node.operand, COMPARISON + 1)
        if isinstance(node, tree.IsNull):
            return f"{operand} is {negation}null"
        return f"{operand} {negation}in ({self.listed(node.values)})"


def _negated(node: tree.Node) -> tree.Node | None:
    """Return the condition below a `not`, None for any other node."""
    negated = node.operand if isinstance(node, tree.Not) else None
    return negated.operand if isinstance(negated, tree.Known) else negated


def _quoted(name: str) -> str:
    if _BARE.fullmatch(name) and name.lower() not in KEYWORDS:
        return name
    return quoted(name)
