"""How many decimals a number has, so that every printer of row expressions rounds at the same places.

Sums, differences and products are exact; only where a product would have more than 18 decimals are
its factors rounded to 9 first. A quotient is the IEEE double quotient rounded to 9 decimals: exact
division of wide decimals is some thirty times slower in DuckDB. Rounding is half away from zero.
A field that a load works out as a quotient or an average has 9 decimals instead of the 6 of a NUMBER: as
the first factor of a product it is rounded to 6, as the second it is not.
"""

from __future__ import annotations

from decimal import Decimal

from kpicore.model.expressions import Arithmetic, Call, Case, Known, Literal, Name, Negative, Node
from kpicore.model.schema import Type

# of the 38 digits of a DECIMAL(38, 18) 20 stand before the point; two factors with 9 decimals have a product with 18
ROUNDED = 9
_MOST_EXACT = 18


def decimals(node: Node) -> int:
    """Return the number of decimals of a node's value; 0 for what is not a number.

    >>> from kpicore.language import parse_row
    >>> [decimals(parse_row(text, {"amount": Type.MONEY})) for text in ("amount", "amount * 0.25", "amount / 3")]
    [4, 6, 9]
    """
    match node:
        case Literal(value=Decimal() as value):
            # a letter for NaN and infinity, which no literal is
            exponent = value.as_tuple().exponent
            return max(0, -exponent) if isinstance(exponent, int) else 0
        case Name():
            return _of_type(node.type)
        case Negative():
            return decimals(node.operand)
        case Arithmetic():
            return _of_arithmetic(node)
        case Case():
            last = () if node.otherwise is None else (node.otherwise,)
            return max(decimals(branch) for branch in (*(value for _, value in node.branches), *last))
        case Call():
            return _of_call(node)
        case Known():
            return decimals(node.operand)
    return 0


def factor_decimals(product: Arithmetic) -> tuple[int, int]:
    """Return how many decimals each factor of a product keeps."""
    left, right = decimals(product.left), decimals(product.right)
    return (left, right) if left + right <= _MOST_EXACT else (min(left, ROUNDED), min(right, ROUNDED))


def _of_arithmetic(node: Arithmetic) -> int:
    if node.operator == "/":
        return ROUNDED
    if node.operator == "*":
        return sum(factor_decimals(node))
    return max(decimals(node.left), decimals(node.right))


def _of_call(node: Call) -> int:
    if node.function in ("days", "minutes"):
        return _of_type(node.type)
    return max(decimals(argument) for argument in node.arguments)


def _of_type(type: Type) -> int:
    return {Type.MONEY: 4, Type.NUMBER: 6}.get(type, 0)
