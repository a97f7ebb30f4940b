"""How strongly each node binds, so that printers put brackets where they are needed and nowhere else."""

from __future__ import annotations

from kpicore.model.expressions import Arithmetic, Comparison, IsNull, Known, Literal, Logic, Negative, Node, Not, Within

OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, TERM = range(8)


def level(node: Node) -> int:
    """Return the level of a node; what binds stronger has the higher one."""
    match node:
        case Known():
            return level(node.operand)
        case Logic():
            return OR if node.word == "or" else AND
        case Not():
            return NOT
        case Comparison() | Within() | IsNull():
            return COMPARISON
        case Arithmetic():
            return SUM if node.operator in "+-" else PRODUCT
        case Negative():
            return SIGN
        case Literal(value=bool()):
            return TERM
        case Literal(value=value) if not isinstance(value, str) and str(value).startswith("-"):
            return SIGN
    return TERM


def plain_number(value: object) -> str:
    """Return a number in digits only, as every host reads it: Decimal("1E-7") gives 0.0000001."""
    return f"{value:f}" if not isinstance(value, int) else str(value)
