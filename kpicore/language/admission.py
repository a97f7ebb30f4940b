"""Node by node: what of SQLGlot's tree is in the language, as our own tree. Anything else is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from kpicore.language import typing
from kpicore.language.coded import with_codes
from kpicore.language.lexer import FUNCTION_PREFIX, NotInLanguage
from kpicore.language.limits import check_size, check_spreadsheet
from kpicore.language.scope import Language
from kpicore.model.expressions import IsNull, Literal, Node
from kpicore.model.schema import Type

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

# A double keeps 15 digits, and cells, JavaScript and SQL all count in doubles; a quotient has 9 decimals.
_MOST_DIGITS, _MOST_DECIMALS = 15, 9
_MOST_BRANCHES = 50
# Far below the depth at which Python's own calls end, as printers and checks go down the tree again.
# a + b + c is (a + b) + c, so that sums and products of up to some 60 parts are let in
_DEEPEST_TREE = 60

_COMPARISONS = MappingProxyType({"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="})
_ARITHMETIC = MappingProxyType({"Add": "+", "Sub": "-", "Mul": "*", "Div": "/"})
_LOGIC = MappingProxyType({"And": "and", "Or": "or"})
_REPEATING = ("Between", "Anonymous")


def admitted(parsed: Expr, language: Language, depth: int = 0) -> Node:
    """Return our tree of a parsed expression. Raises NotInLanguage."""
    if depth > _DEEPEST_TREE:
        raise NotInLanguage("it has too many operations in a row")
    kind = type(parsed).__name__
    reader = _READERS.get(kind)
    if reader is None:
        raise NotInLanguage(_refusal(kind))
    # from below: what a comparison or a coalesce looks at holds codes already
    node = with_codes(reader(parsed, language, depth + 1), language.codes)
    if depth == 0 or kind in _REPEATING:  # before what is above walks it
        check_size(node)
    if depth == 0 and language.is_formula:
        check_spreadsheet(node)
    return node


def _refusal(kind: str) -> str:
    if kind == "Null":
        return "null may only stand in 'is null'"
    if kind == "Alias":
        return "two names side by side"
    return "it has a part that is not in the language"


def _paren(parsed: Expr, language: Language, depth: int) -> Node:
    return admitted(parsed.this, language, depth)


def _pair(parsed: Expr, language: Language, depth: int) -> tuple[Node, Node]:
    return admitted(parsed.this, language, depth), admitted(parsed.expression, language, depth)


def _comparison(parsed: Expr, language: Language, depth: int) -> Node:
    for side in (parsed.this, parsed.expression):
        if type(side).__name__ in _COMPARISONS:
            raise NotInLanguage("a comparison of a comparison", "Write 1 < x and x < 3.")
    return typing.comparison(_COMPARISONS[type(parsed).__name__], *_pair(parsed, language, depth))


def _arithmetic(parsed: Expr, language: Language, depth: int) -> Node:
    return typing.arithmetic(_ARITHMETIC[type(parsed).__name__], *_pair(parsed, language, depth))


def _logic(parsed: Expr, language: Language, depth: int) -> Node:
    # A long chain leans to the left; it is one flat Logic here, whatever its length.
    parts: list[Expr] = []
    rest = parsed
    while type(rest) is type(parsed):
        parts.append(rest.expression)
        rest = rest.this
    operands = tuple(admitted(operand, language, depth) for operand in (rest, *reversed(parts)))
    return typing.logic(_LOGIC[type(parsed).__name__], operands)


def _literal(parsed: Expr, language: Language, depth: int) -> Node:
    if not parsed.is_string:
        return _number(str(parsed.this), language)
    if language.is_formula:
        raise NotInLanguage("a formula has no texts")
    return Literal(str(parsed.this), Type.TEXT)


def _number(text: str, language: Language) -> Literal:
    whole, _, decimals = text.partition(".")
    if len(whole.lstrip("0")) + len(decimals) > _MOST_DIGITS or len(decimals) > _MOST_DECIMALS:
        raise NotInLanguage(f"{text} has more than {_MOST_DIGITS} digits or {_MOST_DECIMALS} decimals")
    # 1.50 and 1.5 are one literal with 1 decimal, 1.0 and 1 one INTEGER, so that equal definitions are equal trees
    value = Decimal(text).normalize()
    if value == value.to_integral_value():
        return Literal(int(value), Type.NUMBER if language.is_formula else Type.INTEGER)
    return Literal(value, Type.NUMBER)


def _boolean(parsed: Expr, language: Language, depth: int) -> Node:
    return Literal(bool(parsed.this), Type.BOOLEAN)


def _date(parsed: Expr, language: Language, depth: int) -> Node:
    if language.is_formula:
        raise NotInLanguage("a formula has no dates")
    written = str(parsed.this.this)
    try:
        return Literal(_day(written), Type.DATE)
    except ValueError:
        raise NotInLanguage(f"no such date: {written[:20]!r}", "Write a date as date 'YYYY-MM-DD'.") from None


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    # fromisoformat also takes 20240101 and 2024-W01-1.
    if day.isoformat() != text:
        raise ValueError(text)
    return day


def _name(parsed: Expr, language: Language, depth: int) -> Node:
    if parsed.args.get("db") or type(parsed.this).__name__ != "Identifier":
        raise NotInLanguage("a name with two dots, or with a star")
    table = parsed.args.get("table")
    return language.name(str(table.name) if table else "", str(parsed.name))


def _negative(parsed: Expr, language: Language, depth: int) -> Node:
    return typing.negative(admitted(parsed.this, language, depth))


def _not(parsed: Expr, language: Language, depth: int) -> Node:
    return typing.negation(admitted(parsed.this, language, depth))


def _is(parsed: Expr, language: Language, depth: int) -> Node:
    if type(parsed.expression).__name__ != "Null":
        raise NotInLanguage("'is' is only for 'is null' and 'is not null'")
    if language.is_formula:
        raise NotInLanguage("a formula has no nulls")
    return IsNull(admitted(parsed.this, language, depth))


def _in(parsed: Expr, language: Language, depth: int) -> Node:
    if not parsed.expressions:
        raise NotInLanguage("in needs literals in brackets, like in ('kept', 'lost')")
    if language.is_formula:
        raise NotInLanguage("a formula has no in (…)", "Compare with = and join with or.")
    values = tuple(admitted(expression, language, depth) for expression in parsed.expressions)
    return typing.within(admitted(parsed.this, language, depth), values)


def _between(parsed: Expr, language: Language, depth: int) -> Node:
    # one node that stands in the tree twice: whatever prints the tree prints it twice
    value, low, high = (admitted(parsed.args[part], language, depth) for part in ("this", "low", "high"))
    return typing.logic("and", (typing.comparison(">=", value, low), typing.comparison("<=", value, high)))


def _case(parsed: Expr, language: Language, depth: int) -> Node:
    default = parsed.args.get("default")
    if parsed.this is not None:
        raise NotInLanguage("'case x when …' is not in the language", "Write case when x = … then … end.")
    if default is None and language.is_formula:
        raise NotInLanguage("a case in a formula needs an else")
    if len(parsed.args["ifs"]) > _MOST_BRANCHES:
        raise NotInLanguage(f"a case with more than {_MOST_BRANCHES} branches")
    branches = tuple(
        (admitted(branch.this, language, depth), admitted(branch.args["true"], language, depth))
        for branch in parsed.args["ifs"]
    )
    return typing.case(branches, None if default is None else admitted(default, language, depth))


def _call(parsed: Expr, language: Language, depth: int) -> Node:
    arguments = tuple(admitted(expression, language, depth) for expression in parsed.expressions)
    return typing.call(str(parsed.this).removeprefix(FUNCTION_PREFIX), arguments)


_READERS: Mapping[str, Callable[[Expr, Language, int], Node]] = MappingProxyType(
    {
        **dict.fromkeys(_COMPARISONS, _comparison),
        **dict.fromkeys(_ARITHMETIC, _arithmetic),
        **dict.fromkeys(_LOGIC, _logic),
        "Paren": _paren,
        "Literal": _literal,
        "Boolean": _boolean,
        # of date '2026-01-31' alone: `cast(` and `::` do not get past the lexer
        "Cast": _date,
        "Column": _name,
        "Neg": _negative,
        "Not": _not,
        "Is": _is,
        "In": _in,
        "Between": _between,
        "Case": _case,
        # a name with the prefix is unknown to SQLGlot, which else makes nodes of its own of abs and coalesce
        "Anonymous": _call,
    }
)
