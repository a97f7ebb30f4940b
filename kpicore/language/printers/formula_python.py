"""Formulas as Python: IEEE double arithmetic, left to right as written."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal

from kpicore.model import expressions as tree

Inputs = Mapping[str, float | None]
_Number = Callable[[Inputs], float]

_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FUNCTIONS: Mapping[str, Callable[..., float]] = {"abs": abs, "least": min, "greatest": max}


class MissingInput(Exception):
    """A formula really used an input that has no value; `name` is "kept" or "setting.x"."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no value for '{name}'")


def formula_python(node: tree.Node) -> Callable[[Inputs], float]:
    """Return a function of the inputs ("kept", "period.days", "setting.x") that gives the value.

    Only what decides the value is looked at: the branch of a case that holds, `and` and `or` up to the
    operand that settles them. Raises (when called): ZeroDivisionError; MissingInput for a value that
    is None or not given; ValueError when the value is not finite.
    """
    inner = _value(node)

    def value(inputs: Inputs) -> float:
        result = inner(inputs)
        if not math.isfinite(result):
            raise ValueError("the value is not finite")
        return result + 0.0  # -0.0 becomes 0.0

    return value


def _value(node: tree.Node) -> _Number:
    match node:
        case tree.Literal():
            assert isinstance(node.value, int | Decimal)
            constant = float(node.value) if not isinstance(node.value, bool) else node.value
            return lambda inputs: constant
        case tree.Name():
            return _name(node.key)
        case tree.Negative():
            inner = _value(node.operand)
            return lambda inputs: -inner(inputs)
        case tree.Not():
            inner = _value(node.operand)
            return lambda inputs: not inner(inputs)
        case tree.Arithmetic():
            return _binary(_ARITHMETIC[node.operator], node.left, node.right)
        case tree.Comparison():
            return _binary(_COMPARE[node.operator], node.left, node.right)
        case tree.Logic():
            return _logic(node)
        case tree.Case():
            return _case(node)
        case tree.Call():
            inners = [_value(argument) for argument in node.arguments]
            function = _FUNCTIONS[node.function]
            return lambda inputs: function(*(argument(inputs) for argument in inners))
        case tree.Within() | tree.IsNull() | tree.Known():
            raise TypeError("not a formula: it was read as a row expression")


def _name(key: str) -> _Number:
    def value(inputs: Inputs) -> float:
        number = inputs.get(key)
        if number is None:
            raise MissingInput(key)
        return float(number)

    return value


def _binary(function: Callable[[float, float], float], left: tree.Node, right: tree.Node) -> _Number:
    first, second = _value(left), _value(right)
    return lambda inputs: function(first(inputs), second(inputs))


def _logic(node: tree.Logic) -> _Number:
    inner = [_value(operand) for operand in node.operands]
    # both stop at the operand that settles it, so that an input behind it may be missing
    settle = any if node.word == "or" else all
    return lambda inputs: settle(operand(inputs) for operand in inner)


def _case(node: tree.Case) -> _Number:
    branches = [(_value(test), _value(result)) for test, result in node.branches]
    assert node.otherwise is not None  # the reader insists on an else in a formula
    otherwise = _value(node.otherwise)

    def value(inputs: Inputs) -> float:
        for test, result in branches:
            if test(inputs):
                return result(inputs)
        return otherwise(inputs)

    return value
