"""Row expressions as Python, with SQL's three-valued logic: the reference that SQL is tested against."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from kpicore.language.decimals import ROUNDED, factor_decimals
from kpicore.model import expressions as tree
from kpicore.model.schema import Type

Row = Mapping[str, object]
_Value = Callable[[Row], Any]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_Binary = Callable[[Any, Any], Any]
_WHOLE: Mapping[str, _Binary] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_MICROSECOND = timedelta(microseconds=1)


def row_python(node: tree.Node) -> Callable[[Row], object]:
    """Return a function of one row: a mapping with "amount", "period.start", "setting.x" as keys.

    Null is None. Numbers come out as int or Decimal. A missing key raises KeyError.

    >>> from kpicore.language import parse_row
    >>> is_late = row_python(parse_row("days > 14 and not renewed", {"days": Type.INTEGER, "renewed": Type.BOOLEAN}))
    >>> [is_late({"days": days, "renewed": renewed}) for days, renewed in ((20, False), (20, None), (3, None))]
    [True, None, False]
    """
    match node:
        case tree.Literal():
            value = node.value
            return lambda row: value
        case tree.Name():
            return _name(node)
        case tree.Negative():
            return _strict(operator.neg, node.operand)
        case tree.Not():
            return _strict(operator.not_, node.operand)
        case tree.IsNull():
            inner = row_python(node.operand)
            return lambda row: inner(row) is None
        case tree.Arithmetic():
            return _arithmetic(node)
        case tree.Comparison():
            return _strict(_COMPARE[node.operator], node.left, node.right)
        case tree.Within():
            values = {literal.value for literal in node.values}
            return _strict(lambda operand: operand in values, node.operand)
        case tree.Logic():
            return _logic(node)
        case tree.Case():
            return _case(node)
        case tree.Call():
            return _call(node)
        case tree.Known():
            return _known(node)


def _name(node: tree.Name) -> _Value:
    key = node.key
    if node.type not in (Type.NUMBER, Type.MONEY):
        return lambda row: row[key]
    # what a NUMBER has, wherever it is kept
    places = Decimal("0.000001")

    def exact(row: Row) -> Any:
        # A setting comes as the float of kpi.toml, or with more places than a NUMBER has.
        value = row[key]
        if isinstance(value, float) or (isinstance(value, Decimal) and node.namespace):
            return Decimal(str(value)).quantize(places, ROUND_HALF_UP)
        return value

    return exact


def _strict(function: Callable[..., Any], *nodes: tree.Node) -> _Value:
    # Null in, null out.
    inner = [row_python(node) for node in nodes]

    def value(row: Row) -> Any:
        operands = [operand(row) for operand in inner]
        return None if any(operand is None for operand in operands) else function(*operands)

    return value


def _arithmetic(node: tree.Arithmetic) -> _Value:
    # the product of two numbers of 38 digits has 76; the default of 28 would round it
    wide = Context(prec=80, rounding=ROUND_HALF_UP)
    if node.operator == "/":
        return _strict(_quotient, node.left, node.right)
    if node.left.type is node.right.type is Type.INTEGER:
        return _strict(_WHOLE[node.operator], node.left, node.right)
    if node.operator == "*":
        places = factor_decimals(node)
        return _strict(lambda a, b: wide.multiply(_round(a, places[0]), _round(b, places[1])), node.left, node.right)
    return _strict(wide.add if node.operator == "+" else wide.subtract, node.left, node.right)


def _quotient(left: Any, right: Any) -> Decimal | None:
    # In the steps of a warehouse: double division, then away from the binary point by a power of ten.
    if right == 0:
        return None
    return Decimal(int(_round(Decimal(float(left) / float(right) * 10**ROUNDED), 0))).scaleb(-ROUNDED)


def _round(value: Any, places: int) -> Decimal:
    wide = Context(prec=80, rounding=ROUND_HALF_UP)
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    few = isinstance(exponent, int) and -exponent <= places
    return number if few else number.quantize(Decimal(1).scaleb(-places), context=wide)


def _logic(node: tree.Logic) -> _Value:
    inner = [row_python(operand) for operand in node.operands]
    decides = node.word == "or"

    def value(row: Row) -> Any:
        # `true or null` is true and `false and null` false: what settles it wins, wherever it stands
        unknown = False
        for operand in inner:
            holds = operand(row)
            if holds is decides:
                return decides
            unknown = unknown or holds is None
        return None if unknown else not decides

    return value


def _case(node: tree.Case) -> _Value:
    branches = [(row_python(test), row_python(result)) for test, result in node.branches]
    otherwise = row_python(node.otherwise) if node.otherwise is not None else None

    def value(row: Row) -> Any:
        for test, result in branches:
            if test(row) is True:
                return result(row)
        return otherwise(row) if otherwise else None

    return value


def _known(node: tree.Known) -> _Value:
    inner, pairs = row_python(node.operand), [(code.key, word.key) for code, word in node.fields]

    def value(row: Row) -> Any:
        return inner(row) if all(row[code] is not None or row[word] is None for code, word in pairs) else None

    return value


def _call(node: tree.Call) -> _Value:
    if node.function == "abs":
        return _strict(abs, *node.arguments)
    if node.function == "minutes":
        return _strict(lambda a, b: _span(a, b, 60), *node.arguments)
    if node.function == "days" and node.arguments[0].type is Type.DATE:
        return _strict(_whole_days, *node.arguments)
    if node.function == "days":
        return _strict(lambda a, b: _span(a, b, 86_400), *node.arguments)
    return _of_known(node)


def _of_known(node: tree.Call) -> _Value:
    # least and greatest leave nulls out, as coalesce does.
    inner = [row_python(argument) for argument in node.arguments]
    picks: Mapping[str, Callable[[Iterable[Any]], Any]] = {"least": min, "greatest": max, "coalesce": _first}
    pick = picks[node.function]

    def value(row: Row) -> Any:
        known = [argument for argument in (argument(row) for argument in inner) if argument is not None]
        return pick(known) if known else None

    return value


def _first(values: Iterable[Any]) -> Any:
    return next(iter(values))


def _whole_days(start: date, end: date) -> int:
    return (end - start).days


def _span(start: datetime, end: datetime, seconds: int) -> Decimal:
    # microseconds / 60 are millionths of a minute, the last place that is kept
    microseconds = Decimal((end - start) // _MICROSECOND)
    return Decimal(int((microseconds / seconds).quantize(Decimal(1), ROUND_HALF_UP))).scaleb(-6)
