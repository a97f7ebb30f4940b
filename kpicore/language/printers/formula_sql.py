"""Formulas as SQL, for views of a BI tool: one row holds the inputs, NULL means that there is no value."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from kpicore.language.precedence import AND, COMPARISON, OR, PRODUCT, SIGN, SUM, TERM, level, plain_number
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

_Name = Callable[[str], str]


def formula_sql(node: Node, name: Callable[[str], str]) -> str:
    """Return the formula as a standard SQL expression, without brackets around the whole.

    `name("won")` gives SQL for the value of an input as a double; also asked for "period.days" and
    "setting.x"; give a column, not a placeholder, for it may be printed twice. The value is NULL where
    a denominator is 0 or an input is NULL, if that part of the formula decides it: no database's own
    way with `x / 0`, `greatest(NULL, 1)` or `NULL AND FALSE` shows. What is too large for a double
    is the database's own error or infinity.
    """
    match node:
        case Literal():
            return _literal(node)
        case Name():
            return name(node.key)
        case Negative():
            return f"-{_inside(node.operand, SIGN + 1, name)}"
        case Not():
            return f"NOT ({formula_sql(node.operand, name)})"
        case Arithmetic(operator="/"):
            return f"{_inside(node.left, PRODUCT, name)} / nullif({formula_sql(node.right, name)}, 0)"
        case Arithmetic():
            own = SUM if node.operator in "+-" else PRODUCT
            return f"{_inside(node.left, own, name)} {node.operator} {_inside(node.right, own + 1, name)}"
        case Comparison():
            left, right = (_inside(each, COMPARISON + 1, name) for each in (node.left, node.right))
            return f"{left} {node.operator} {right}"
        case Logic():
            return _logic(node, name)
        case Case():
            return _case(node, name)
        case Call():
            return _call(node, name)
        case Within() | IsNull() | Known():
            raise TypeError("not a formula: it was read as a row expression")


def _inside(node: Node, least: int, name: _Name) -> str:
    printed = formula_sql(node, name)
    own = TERM if isinstance(node, Logic) else level(node)
    return printed if own >= least and own not in (OR, AND) else f"({printed})"


def _literal(node: Literal) -> str:
    if isinstance(node.value, bool):
        return "TRUE" if node.value else "FALSE"
    assert isinstance(node.value, int | Decimal)
    # With an exponent it is a double, or at least no integer: 1 / 2 is not 0 anywhere.
    return f"{plain_number(node.value)}e0"


def _choice(test: str, if_true: str, if_false: str) -> str:
    # This form has no branch for NULL, so a test without a value gives none.
    return f"CASE {test} WHEN TRUE THEN {if_true} WHEN FALSE THEN {if_false} END"


def _logic(node: Logic, name: _Name) -> str:
    first, *others = [f"({formula_sql(operand, name)})" for operand in reversed(node.operands)]
    printed = first
    for other in others:
        printed = _choice(other, printed, "FALSE") if node.word == "and" else _choice(other, "TRUE", printed)
    return printed


def _case(node: Case, name: _Name) -> str:
    assert node.otherwise is not None  # the reader insists on an else in a formula
    printed = formula_sql(node.otherwise, name)
    for test, value in reversed(node.branches):
        printed = _choice(f"({formula_sql(test, name)})", formula_sql(value, name), printed)
    return printed


def _call(node: Call, name: _Name) -> str:
    printed = [formula_sql(argument, name) for argument in node.arguments]
    called = f"{node.function}({', '.join(printed)})"
    unsure = [f"({each}) IS NULL" for each, of in zip(printed, node.arguments, strict=True) if not _is_literal(of)]
    if node.function == "abs" or not unsure:
        return called
    # Some databases leave NULL out of least and greatest, others do not.
    return f"CASE WHEN {' OR '.join(unsure)} THEN NULL ELSE {called} END"


def _is_literal(node: Node) -> bool:
    return isinstance(node, Literal)
