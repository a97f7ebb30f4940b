"""Formulas as spreadsheet formulas: English function names, commas between arguments."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from kpicore.language.precedence import COMPARISON, PRODUCT, SIGN, SUM, TERM, level, plain_number
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
    walk,
)

_Cell = Callable[[str], str]
_FUNCTIONS = {"abs": "ABS", "least": "MIN", "greatest": "MAX"}


def formula_excel(node: Node, cell: Callable[[str], str]) -> str:
    """Return the formula for a cell, without the leading "=".

    `cell("won")` gives the reference or defined name that holds a NUMBER; also asked for
    "period.days" and "setting.x". A zero denominator gives #DIV/0!. An empty cell counts as 0 in a
    spreadsheet: do not print a formula over an input that has no value.
    """
    match node:
        case Literal():
            return _literal(node)
        case Name():
            return cell(node.key)
        case Negative():
            return f"-{_inside(node.operand, SIGN + 1, cell)}"
        case Arithmetic():
            own = SUM if node.operator in "+-" else PRODUCT
            return f"{_inside(node.left, own, cell)}{node.operator}{_inside(node.right, own + 1, cell)}"
        case Comparison():
            left, right = (_inside(each, COMPARISON + 1, cell) for each in (node.left, node.right))
            return f"{left}{node.operator}{right}"
        case Not():
            return f"NOT({formula_excel(node.operand, cell)})"
        case Logic():
            return _logic(node, cell)
        case Case():
            return _case(node, cell)
        case Call():
            return f"{_FUNCTIONS[node.function]}({_list(node.arguments, cell)})"
        case Within() | IsNull() | Known():
            raise TypeError("not a formula: it was read as a row expression")


def _inside(node: Node, least: int, cell: _Cell) -> str:
    own = TERM if isinstance(node, Logic | Not) else level(node)
    printed = formula_excel(node, cell)
    return printed if own >= least else f"({printed})"


def _list(nodes: tuple[Node, ...], cell: _Cell) -> str:
    return ",".join(formula_excel(node, cell) for node in nodes)


def _literal(node: Literal) -> str:
    if isinstance(node.value, bool):
        return "TRUE" if node.value else "FALSE"
    assert isinstance(node.value, int | Decimal)
    return plain_number(node.value)


def _logic(node: Logic, cell: _Cell) -> str:
    if not any(_divides(operand) for operand in node.operands[1:]):
        return f"{node.word.upper()}({_list(node.operands, cell)})"
    # AND and OR look at every argument, so a division by zero behind the operand that settles the
    # matter would show; IF does not.
    printed = formula_excel(node.operands[-1], cell)
    for operand in reversed(node.operands[:-1]):
        test = formula_excel(operand, cell)
        printed = f"IF({test},{printed},FALSE)" if node.word == "and" else f"IF({test},TRUE,{printed})"
    return printed


def _divides(node: Node) -> bool:
    return any(isinstance(each, Arithmetic) and each.operator == "/" for each in walk(node))


def _case(node: Case, cell: _Cell) -> str:
    assert node.otherwise is not None  # the reader insists on an else in a formula
    printed = formula_excel(node.otherwise, cell)
    for test, value in reversed(node.branches):
        printed = f"IF({formula_excel(test, cell)},{formula_excel(value, cell)},{printed})"
    return printed
