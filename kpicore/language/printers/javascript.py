"""Formulas as JavaScript, for hosts that calculate on their own side (Excel, Sheets)."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

from kpicore.language.precedence import AND, COMPARISON, NOT, PRODUCT, SIGN, SUM, TERM, level, plain_number
from kpicore.model.expressions import (
    Arithmetic,
    Call,
    Case,
    Comparison,
    IsNull,
    Known,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Within,
)

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

_Name = Callable[[str], str]
_FUNCTIONS = {"abs": "Math.abs", "least": "Math.min", "greatest": "Math.max"}
_OPERATORS = {"=": "===", "<>": "!=="}


def formula_javascript(node: Node, name: Callable[[str], str]) -> str:
    """Return the formula as one JavaScript expression over JAVASCRIPT_RUNTIME.

    `name("won")` gives a JavaScript expression for the value of an input; also asked for "period.days"
    and "setting.x". The expression gives a finite number, never -0, or throws an Error whose `reason`
    is "zero_denominator", "missing_input" (with the name in `detail`) or "undefined" (not finite).
    """
    return f"kpiResult({_script(node, name)})"


def _script(node: Node, name: _Name) -> str:
    match node:
        case Literal():
            return _literal(node)
        case Name():
            return f"kpiInput({name(node.key)}, {json.dumps(node.key)})"
        case Negative():
            return f"-{_inside(node.operand, SIGN + 1, name)}"
        case Not():
            return f"!{_inside(node.operand, TERM, name)}"
        case Arithmetic(operator="/"):
            return f"kpiDivide({_script(node.left, name)}, {_script(node.right, name)})"
        case Arithmetic():
            own = SUM if node.operator in "+-" else PRODUCT
            return f"{_inside(node.left, own, name)} {node.operator} {_inside(node.right, own + 1, name)}"
        case Comparison():
            left, right = (_inside(each, COMPARISON + 1, name) for each in (node.left, node.right))
            return f"{left} {_OPERATORS.get(node.operator, node.operator)} {right}"
        case Logic(word="and"):
            return " && ".join(_inside(operand, NOT, name) for operand in node.operands)
        case Logic():
            return " || ".join(_inside(operand, AND, name) for operand in node.operands)
        case Case():
            return _case(node, name)
        case Call():
            return f"{_FUNCTIONS[node.function]}({', '.join(_script(argument, name) for argument in node.arguments)})"
        case Within() | IsNull() | Known():
            raise TypeError("not a formula: it was read as a row expression")


def _inside(node: Node, least: int, name: _Name) -> str:
    printed = _script(node, name)
    return printed if _level(node) >= least else f"({printed})"


def _level(node: Node) -> int:
    # `!` binds stronger than a comparison here, and a division is a call.
    if isinstance(node, Not):
        return SIGN
    return TERM if isinstance(node, Arithmetic) and node.operator == "/" else level(node)


def _literal(node: Literal) -> str:
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    assert isinstance(node.value, int | Decimal)
    return plain_number(node.value)


def _case(node: Case, name: _Name) -> str:
    assert node.otherwise is not None  # the reader insists on an else in a formula
    printed = _script(node.otherwise, name)
    for test, value in reversed(node.branches):
        printed = f"({_script(test, name)} ? {_script(value, name)} : {printed})"
    return printed
