"""The canonical text of a tree: what `explain` shows and what definition hashes are made of."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from kpicore.language.lexer import KEYWORDS
from kpicore.language.precedence import AND, COMPARISON, NOT, PRODUCT, SIGN, SUM, level, plain_number
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
from kpicore.text.sql_text import literal, quoted

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def text(node: Node) -> str:
    """Return the one way to write this tree; reading it again gives an equal tree."""
    match node:
        case Literal():
            return _literal(node)
        case Name():
            return f"{node.namespace}.{_quoted(node.name)}" if node.namespace else _quoted(node.name)
        case Negative():
            return f"-{_inside(node.operand, SIGN + 1)}"
        case Not(operand=Within() as inner):
            return f"{_inside(inner.operand, COMPARISON + 1)} not in {_list(inner)}"
        case Not(operand=IsNull() as inner) | Not(operand=Known(operand=IsNull() as inner)):
            return f"{_inside(inner.operand, COMPARISON + 1)} is not null"
        case Not():
            return f"not {_inside(node.operand, NOT)}"
        case Within():
            return f"{_inside(node.operand, COMPARISON + 1)} in {_list(node)}"
        case IsNull():
            return f"{_inside(node.operand, COMPARISON + 1)} is null"
        case Comparison():
            sides = _inside(node.left, COMPARISON + 1), _inside(node.right, COMPARISON + 1)
            return f"{sides[0]} {node.operator} {sides[1]}"
        case Arithmetic():
            own = SUM if node.operator in "+-" else PRODUCT
            return f"{_inside(node.left, own)} {node.operator} {_inside(node.right, own + 1)}"
        case Logic():
            least = AND + 1 if node.word == "and" else AND
            return f" {node.word} ".join(_inside(operand, least) for operand in node.operands)
        case Case():
            return _case(node)
        case Call():
            return f"{node.function}({', '.join(text(argument) for argument in node.arguments)})"
        case Known():
            return text(node.operand)


def _inside(node: Node, least: int) -> str:
    # `not x in (…)` is printed as a comparison, so it needs the brackets of one.
    negated = node.operand if isinstance(node, Not) else None
    negated = negated.operand if isinstance(negated, Known) else negated
    own = COMPARISON if isinstance(negated, Within | IsNull) else level(node)
    return text(node) if own >= least else f"({text(node)})"


def _list(node: Within) -> str:
    return f"({', '.join(text(value) for value in node.values)})"


def _case(node: Case) -> str:
    branches = " ".join(f"when {text(test)} then {text(value)}" for test, value in node.branches)
    last = "" if node.otherwise is None else f" else {text(node.otherwise)}"
    return f"case {branches}{last} end"


def _literal(node: Literal) -> str:
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return plain_number(value)
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    return literal(value)


def _quoted(name: str) -> str:
    if _BARE.fullmatch(name) and name.lower() not in KEYWORDS:
        return name
    return quoted(name)
