"""How many decimals a number has, so that every printer of row expressions rounds at the same places.

Sums and differences are exact. A product is exact while it has at most 10 decimals (money times a number),
beyond that it is rounded to 9. A quotient is rounded to 9. Rounding is half away from zero, everywhere.
"""

from __future__ import annotations

from decimal import Decimal

from kpicore.entities import Type
from kpicore.expressions.tree import Arithmetic, Call, Case, Literal, Name, Negative, Node

MOST_EXACT = 10
ROUNDED = 9
_OF_TYPE = {Type.MONEY: 4, Type.NUMBER: 6}


def decimals(node: Node) -> int:
    """Return the number of decimals of a node's value; 0 for what is not a number."""
    match node:
        case Literal(value=Decimal() as value):
            exponent = value.as_tuple().exponent
            return max(0, -exponent) if isinstance(exponent, int) else 0
        case Name():
            return _OF_TYPE.get(node.type, 0)
        case Negative():
            return decimals(node.operand)
        case Arithmetic():
            return _of_arithmetic(node)
        case Case():
            last = () if node.otherwise is None else (node.otherwise,)
            return max(decimals(each) for each in (*(value for _, value in node.branches), *last))
        case Call():
            return _of_call(node)
    return 0


def rounds(node: Arithmetic) -> bool:
    """Return whether this product has to be rounded."""
    return node.operator == "*" and decimals(node.left) + decimals(node.right) > MOST_EXACT


def _of_arithmetic(node: Arithmetic) -> int:
    if node.operator == "/" or rounds(node):
        return ROUNDED
    left, right = decimals(node.left), decimals(node.right)
    return left + right if node.operator == "*" else max(left, right)


def _of_call(node: Call) -> int:
    if node.function in ("days", "minutes"):
        return _OF_TYPE.get(node.type, 0)
    return max(decimals(each) for each in node.arguments)
