"""Row expressions as SQL. Names and values come through callbacks; no text of a definition is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpicore.language.decimals import decimals, factor_decimals
from kpicore.language.dialect import Dialect
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
from kpicore.model.schema import Type

_DAY, _MINUTE = 86_400, 60


@dataclass(frozen=True, slots=True)
class _Printer:
    column: Callable[[str], str]
    bind: Callable[[object], str]
    dialect: Dialect


def row_sql(node: Node, *, column: Callable[[str], str], bind: Callable[[object], str], dialect: Dialect) -> str:
    """Return the expression as SQL, in brackets where it is not a single term.

    `column("amount")`, `column("period.start")` and `column("setting.x")` give quoted, qualified SQL;
    `bind(value)` takes a text, integer, Decimal or date and gives a placeholder. They are called in
    the order of the printed text, each time a name or value occurs.
    """
    return _sql(node, _Printer(column, bind, dialect))


def _sql(node: Node, to: _Printer) -> str:
    match node:
        case Literal():
            return _literal(node, to)
        case Name():
            return _name(node, to)
        case Negative():
            return f"(-{_sql(node.operand, to)})"
        case Not():
            return f"(NOT {_sql(node.operand, to)})"
        case IsNull():
            return f"({_sql(node.operand, to)} IS NULL)"
        case Arithmetic():
            return _arithmetic(node, to)
        case Comparison():
            return f"({_sql(node.left, to)} {node.operator} {_sql(node.right, to)})"
        case Within():
            return f"({_sql(node.operand, to)} IN ({', '.join(_sql(value, to) for value in node.values)}))"
        case Logic():
            return "(" + f" {node.word.upper()} ".join(_sql(operand, to) for operand in node.operands) + ")"
        case Case():
            return _case(node, to)
        case Call():
            return _call(node, to)
        case Known():
            return _known(node, to)


def _literal(node: Literal, to: _Printer) -> str:
    value = node.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        # The type is spelled out: the driver's own choice may be DOUBLE.
        return f"CAST({to.bind(value)} AS DECIMAL(18, {decimals(node)}))"
    if isinstance(value, int):
        return f"CAST({to.bind(value)} AS {to.dialect.type_of(Type.INTEGER)})"
    if isinstance(value, date):
        return f"CAST({to.bind(value)} AS {to.dialect.type_of(Type.DATE)})"
    return to.bind(value)


def _name(node: Name, to: _Printer) -> str:
    printed = to.column(node.key)
    if not node.namespace:
        return printed
    return f"CAST({printed} AS {to.dialect.type_of(node.type)})"


def _arithmetic(node: Arithmetic, to: _Printer) -> str:
    left, right = _sql(node.left, to), _sql(node.right, to)
    if node.operator == "/":
        return to.dialect.quotient(left, right)
    if node.operator == "*" and not (node.left.type is node.right.type is Type.INTEGER):
        return _product(node, left, right)
    return f"({left} {node.operator} {right})"


def _product(node: Arithmetic, left: str, right: str) -> str:
    # The product of two DECIMAL(18, …) is one too in DuckDB, and overflows at 900 million; a wide left
    # factor makes it 38 digits. The right one is touched only to round it, for that is slow.
    kept = factor_decimals(node)
    if kept[1] < decimals(node.right):
        right = f"CAST({right} AS DECIMAL(38, {kept[1]}))"
    return f"(CAST({left} AS DECIMAL(38, {kept[0]})) * {right})"


def _case(node: Case, to: _Printer) -> str:
    branches = " ".join(f"WHEN {_sql(test, to)} THEN {_sql(value, to)}" for test, value in node.branches)
    last = "" if node.otherwise is None else f" ELSE {_sql(node.otherwise, to)}"
    return f"(CASE {branches}{last} END)"


def _known(node: Known, to: _Printer) -> str:
    known = " AND ".join(f"({_sql(code, to)} IS NOT NULL OR {_sql(word, to)} IS NULL)" for code, word in node.fields)
    return f"(CASE WHEN {known} THEN {_sql(node.operand, to)} END)"


def _call(node: Call, to: _Printer) -> str:
    printed = [_sql(argument, to) for argument in node.arguments]
    if node.function == "minutes":
        return to.dialect.moments(printed[0], printed[1], _MINUTE)
    if node.function == "days" and node.arguments[0].type is Type.DATE:
        return to.dialect.days(printed[0], printed[1])
    if node.function == "days":
        return to.dialect.moments(printed[0], printed[1], _DAY)
    return f"{node.function}({', '.join(printed)})"
