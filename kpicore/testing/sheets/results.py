"""What the few formulas give that the emulator computes: arithmetic with numbers, and a plain reference to a cell."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

from kpicore.testing.sheets.cells import Formula, Scalar
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet

_ARITHMETIC = re.compile(r"[\d.+\-*/() ]+")
_MOST_STEPS = 20
_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def result_of(spreadsheet: EmulatedSpreadsheet, value: Scalar, steps: int = 0) -> Scalar:
    """Return the value of a cell: a formula's result, None for one that is not computed here."""
    if not isinstance(value, Formula):
        return value
    text = value[1:].strip()
    if _ARITHMETIC.fullmatch(text):
        return _computed(text)
    if steps > _MOST_STEPS or any(sign in text for sign in '(+*/&<>="'):
        return None
    try:
        tab, rectangle = spreadsheet.named(text)
    except GoogleRefusal:
        return None
    if rectangle.top is None or rectangle.left is None:
        return None
    return result_of(spreadsheet, tab.cell(rectangle.top, rectangle.left).value, steps + 1)


def _computed(text: str) -> Scalar:
    try:
        number = _number(ast.parse(text.lstrip(), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, RecursionError):
        return None
    return int(number) if float(number).is_integer() else number


def _number(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _number(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        result: float = _OPERATORS[type(node.op)](_number(node.left), _number(node.right))
        return result
    raise ValueError("no arithmetic with numbers")
