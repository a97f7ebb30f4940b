"""Formulas as JavaScript, for hosts that calculate on their own side (Excel, Sheets)."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import MappingProxyType

from kpicore.language.printing import AND, NOT, SIGN, TERM, FormulaPrinter
from kpicore.model import expressions as tree

JAVASCRIPT_RUNTIME = """\
function kpiFailure(reason, detail) {
  const failure = new Error(detail ? reason + ": " + detail : reason);
  failure.reason = reason;
  failure.detail = detail;
  return failure;
}
function kpiInput(value, name) {
  if (typeof value !== "number" || Number.isNaN(value)) throw kpiFailure("missing_input", name);
  return value;
}
function kpiDivide(above, below) {
  if (below === 0) throw kpiFailure("zero_denominator", "");
  return above / below;
}
function kpiResult(value) {
  if (!Number.isFinite(value)) throw kpiFailure("undefined", "");
  return value + 0;
}
"""
"""The four functions that a printed formula calls; a host includes them once."""


def formula_javascript(node: tree.Node, name: Callable[[str], str]) -> str:
    """Return the formula as one JavaScript expression over JAVASCRIPT_RUNTIME.

    `name("kept")` gives a JavaScript expression for the value of an input; also asked for "period.days"
    and "setting.x". The expression gives a finite number, never -0, or throws an Error whose `reason`
    is "zero_denominator", "missing_input" (with the name in `detail`) or "undefined" (not finite).
    """
    return f"kpiResult({_JavaScript(name).text(node)})"


class _JavaScript(FormulaPrinter):
    true, false = "true", "false"
    operators = MappingProxyType({"=": "===", "<>": "!=="})
    functions = MappingProxyType({"abs": "Math.abs", "least": "Math.min", "greatest": "Math.max"})

    def level(self, node: tree.Node) -> int:
        # `!` binds stronger than a comparison here, and a division is a call.
        if isinstance(node, tree.Not):
            return SIGN
        return TERM if isinstance(node, tree.Arithmetic) and node.operator == "/" else super().level(node)

    def name(self, node: tree.Name) -> str:
        return f"kpiInput({self.reference(node.key)}, {json.dumps(node.key)})"

    def negation(self, node: tree.Not) -> str:
        return f"!{self.inside(node.operand, TERM)}"

    def arithmetic(self, node: tree.Arithmetic) -> str:
        if node.operator == "/":
            return f"kpiDivide({self.listed((node.left, node.right))})"
        return super().arithmetic(node)

    def logic(self, node: tree.Logic) -> str:
        operator, least = (" && ", NOT) if node.word == "and" else (" || ", AND)
        return operator.join(self.inside(operand, least) for operand in node.operands)

    def choice(self, test: str, if_true: str, if_false: str) -> str:
        return f"({test} ? {if_true} : {if_false})"
