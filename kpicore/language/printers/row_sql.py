"""Row expressions as SQL. Names and values come through callbacks; no text of a definition is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpicore.language.decimals import decimals, factor_decimals
from kpicore.language.dialect import Dialect
from kpicore.model import expressions as tree
from kpicore.model.schema import Type

_DAY, _MINUTE = 86_400, 60


@dataclass(frozen=True, slots=True)
class _Target:
    """Where the SQL goes: how it names columns and binds values, and its dialect."""

    column: Callable[[str], str]
    bind: Callable[[object], str]
    dialect: Dialect


def row_sql(node: tree.Node, *, column: Callable[[str], str], bind: Callable[[object], str], dialect: Dialect) -> str:
    """Return the expression as SQL, in brackets where it is not a single term.

    `column("amount")`, `column("period.start")` and `column("setting.x")` give quoted, qualified SQL;
    `bind(value)` takes a text, integer, Decimal or date and gives a placeholder. They are called in
    the order of the printed text, each time a name or value occurs.
    """
    return _sql(node, _Target(column, bind, dialect))


def _sql(node: tree.Node, to: _Target) -> str:
    match node:
        case tree.Literal():
            return _literal(node, to)
        case tree.Name():
            return _name(node, to)
        case tree.Negative():
            return f"(-{_sql(node.operand, to)})"
        case tree.Not():
            return f"(NOT {_sql(node.operand, to)})"
        case tree.IsNull():
            return f"({_sql(node.operand, to)} IS NULL)"
        case tree.Arithmetic():
            return _arithmetic(node, to)
        case tree.Comparison():
            return f"({_sql(node.left, to)} {node.operator} {_sql(node.right, to)})"
        case tree.Within():
            return f"({_sql(node.operand, to)} IN ({', '.join(_sql(value, to) for value in node.values)}))"
        case tree.Logic():
            return "(" + f" {node.word.upper()} ".join(_sql(operand, to) for operand in node.operands) + ")"
        case tree.Case():
            return _case(node, to)
        case tree.Call():
            return _call(node, to)
        case tree.Known():
            return _known(node, to)


def _literal(node: tree.Literal, to: _Target) -> str:
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


def _name(node: tree.Name, to: _Target) -> str:
    printed = to.column(node.key)
    if not node.namespace:
        return printed
    return f"CAST({printed} AS {to.dialect.type_of(node.type)})"


def _arithmetic(node: tree.Arithmetic, to: _Target) -> str:
    left, right = _sql(node.left, to), _sql(node.right, to)
    if node.operator == "/":
        return to.dialect.quotient(left, right)
    if node.operator == "*" and not (node.left.type is node.right.type is Type.INTEGER):
        return _product(node, left, right)
    return f"({left} {node.operator} {right})"


def _product(node: tree.Arithmetic, left: str, right: str) -> str:
    # The product of two DECIMAL(18, …) is one too in DuckDB, and overflows at 900 million; a wide left
    # factor makes it 38 digits. The right one is touched only to round it, for that is slow.
    kept = factor_decimals(node)
    if kept[1] < decimals(node.right):
        right = f"CAST({right} AS DECIMAL(38, {kept[1]}))"
    return f"(CAST({left} AS DECIMAL(38, {kept[0]})) * {right})"


def _case(node: tree.Case, to: _Target) -> str:
    branches = " ".join(f"WHEN {_sql(test, to)} THEN {_sql(value, to)}" for test, value in node.branches)
    last = "" if node.otherwise is None else f" ELSE {_sql(node.otherwise, to)}"
    return f"(CASE {branches}{last} END)"


def _known(node: tree.Known, to: _Target) -> str:
    known = " AND ".join(f"({_sql(code, to)} IS NOT NULL OR {_sql(word, to)} IS NULL)" for code, word in node.fields)
    return f"(CASE WHEN {known} THEN {_sql(node.operand, to)} END)"


def _call(node: tree.Call, to: _Target) -> str:
    printed = [_sql(argument, to) for argument in node.arguments]
    if node.function == "minutes":
        return to.dialect.moments(printed[0], printed[1], _MINUTE)
    if node.function == "days" and node.arguments[0].type is Type.DATE:
        return to.dialect.days(printed[0], printed[1])
    if node.function == "days":
        return to.dialect.moments(printed[0], printed[1], _DAY)
    return f"{node.function}({', '.join(printed)})"
