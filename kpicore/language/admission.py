"""Node by node: what of SQLGlot's tree is in the language, as our own tree. Anything else is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from kpicore.language import typing
from kpicore.language.coded import with_codes
from kpicore.language.lexer import FUNCTION_PREFIX, Refused
from kpicore.language.scope import Language
from kpicore.model.expressions import IsNull, Literal, Node
from kpicore.model.schema import Type

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

_MOST_DIGITS, _MOST_DECIMALS = 15, 9
_MOST_BRANCHES = 50
_DEEPEST_TREE = 60

_COMPARISONS = MappingProxyType({"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="})
_ARITHMETIC = MappingProxyType({"Add": "+", "Sub": "-", "Mul": "*", "Div": "/"})
_LOGIC = MappingProxyType({"And": "and", "Or": "or"})


def admitted(given: Expr, language: Language, depth: int = 0) -> Node:
    """Return our tree of a parsed expression. Raises Refused."""
    if depth > _DEEPEST_TREE:
        raise Refused("it has too many operations in a row")
    kind = type(given).__name__
    reader = _READERS.get(kind)
    if reader is None:
        raise Refused(_refusal(kind))
    return with_codes(reader(given, language, depth + 1), language.codes)


def _refusal(kind: str) -> str:
    if kind == "Null":
        return "null may only stand in 'is null'"
    if kind == "Alias":
        return "two names side by side"
    return "it has a part that is not in the language"


def _paren(given: Expr, language: Language, depth: int) -> Node:
    return admitted(given.this, language, depth)


def _pair(given: Expr, language: Language, depth: int) -> tuple[Node, Node]:
    return admitted(given.this, language, depth), admitted(given.expression, language, depth)


def _comparison(given: Expr, language: Language, depth: int) -> Node:
    for side in (given.this, given.expression):
        if type(side).__name__ in _COMPARISONS:
            raise Refused("a comparison of a comparison", "Write 1 < x and x < 3.")
    return typing.comparison(_COMPARISONS[type(given).__name__], *_pair(given, language, depth))


def _arithmetic(given: Expr, language: Language, depth: int) -> Node:
    return typing.arithmetic(_ARITHMETIC[type(given).__name__], *_pair(given, language, depth))


def _logic(given: Expr, language: Language, depth: int) -> Node:
    # A long chain leans to the left; it is one flat Logic here, whatever its length.
    parts: list[Expr] = []
    rest = given
    while type(rest) is type(given):
        parts.append(rest.expression)
        rest = rest.this
    operands = tuple(admitted(each, language, depth) for each in (rest, *reversed(parts)))
    return typing.logic(_LOGIC[type(given).__name__], operands)


def _literal(given: Expr, language: Language, depth: int) -> Node:
    if not given.is_string:
        return _number(str(given.this), language)
    if language.is_formula:
        raise Refused("a formula has no texts")
    return Literal(str(given.this), Type.TEXT)


def _number(text: str, language: Language) -> Literal:
    whole, _, decimals = text.partition(".")
    if len(whole.lstrip("0")) + len(decimals) > _MOST_DIGITS or len(decimals) > _MOST_DECIMALS:
        raise Refused(f"{text} has more than {_MOST_DIGITS} digits or {_MOST_DECIMALS} decimals")
    value = Decimal(text).normalize()
    if value == value.to_integral_value():
        return Literal(int(value), Type.NUMBER if language.is_formula else Type.INTEGER)
    return Literal(value, Type.NUMBER)


def _boolean(given: Expr, language: Language, depth: int) -> Node:
    return Literal(bool(given.this), Type.BOOLEAN)


def _date(given: Expr, language: Language, depth: int) -> Node:
    if language.is_formula:
        raise Refused("a formula has no dates")
    written = str(given.this.this)
    try:
        return Literal(_day(written), Type.DATE)
    except ValueError:
        raise Refused(f"no such date: {written[:20]!r}", "Write a date as date 'YYYY-MM-DD'.") from None


def _day(text: str) -> date:
    found = date.fromisoformat(text)
    # fromisoformat also takes 20240101 and 2024-W01-1.
    if found.isoformat() != text:
        raise ValueError(text)
    return found


def _name(given: Expr, language: Language, depth: int) -> Node:
    if given.args.get("db") or type(given.this).__name__ != "Identifier":
        raise Refused("a name with two dots, or with a star")
    table = given.args.get("table")
    return language.name(str(table.name) if table else "", str(given.name))


def _negative(given: Expr, language: Language, depth: int) -> Node:
    return typing.negative(admitted(given.this, language, depth))


def _not(given: Expr, language: Language, depth: int) -> Node:
    return typing.negation(admitted(given.this, language, depth))


def _is(given: Expr, language: Language, depth: int) -> Node:
    if type(given.expression).__name__ != "Null":
        raise Refused("'is' is only for 'is null' and 'is not null'")
    if language.is_formula:
        raise Refused("a formula has no nulls")
    return IsNull(admitted(given.this, language, depth))


def _in(given: Expr, language: Language, depth: int) -> Node:
    if not given.expressions:
        raise Refused("in needs literals in brackets, like in ('won', 'lost')")
    if language.is_formula:
        raise Refused("a formula has no in (…)", "Compare with = and join with or.")
    values = tuple(admitted(expression, language, depth) for expression in given.expressions)
    return typing.within(admitted(given.this, language, depth), values)


def _between(given: Expr, language: Language, depth: int) -> Node:
    value, low, high = (admitted(given.args[part], language, depth) for part in ("this", "low", "high"))
    return typing.logic("and", (typing.comparison(">=", value, low), typing.comparison("<=", value, high)))


def _case(given: Expr, language: Language, depth: int) -> Node:
    default = given.args.get("default")
    if given.this is not None:
        raise Refused("'case x when …' is not in the language", "Write case when x = … then … end.")
    if default is None and language.is_formula:
        raise Refused("a case in a formula needs an else")
    if len(given.args["ifs"]) > _MOST_BRANCHES:
        raise Refused(f"a case with more than {_MOST_BRANCHES} branches")
    branches = tuple(
        (admitted(each.this, language, depth), admitted(each.args["true"], language, depth))
        for each in given.args["ifs"]
    )
    return typing.case(branches, None if default is None else admitted(default, language, depth))


def _call(given: Expr, language: Language, depth: int) -> Node:
    arguments = tuple(admitted(expression, language, depth) for expression in given.expressions)
    return typing.call(str(given.this).removeprefix(FUNCTION_PREFIX), arguments)


_READERS: Mapping[str, Callable[[Expr, Language, int], Node]] = MappingProxyType(
    {
        **dict.fromkeys(_COMPARISONS, _comparison),
        **dict.fromkeys(_ARITHMETIC, _arithmetic),
        **dict.fromkeys(_LOGIC, _logic),
        "Paren": _paren,
        "Literal": _literal,
        "Boolean": _boolean,
        "Cast": _date,
        "Column": _name,
        "Neg": _negative,
        "Not": _not,
        "Is": _is,
        "In": _in,
        "Between": _between,
        "Case": _case,
        "Anonymous": _call,
    }
)
