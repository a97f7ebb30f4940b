"""Text to tree: SQLGlot parses, this module admits node by node what is in the language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from kpicore.entities import Type
from kpicore.errors import BadExpression, closest
from kpicore.expressions import rules
from kpicore.expressions.tree import IsNull, Literal, Name, Node
from kpicore.expressions.words import FUNCTION_PREFIX, FUNCTIONS, Refused, foreign_word, parser_text

if TYPE_CHECKING:
    from sqlglot import exp

_Settings = Mapping[str, object]
_NO_SETTINGS: _Settings = MappingProxyType({})
_MOST_DIGITS, _MOST_DECIMALS = 15, 9
_DEEPEST_TREE = 100

_COMPARISONS = {"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}
_ARITHMETIC = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/"}
_LOGIC = {"And": "and", "Or": "or"}
_ROW_PERIOD = MappingProxyType({"start": Type.DATE, "end": Type.DATE, "as_of": Type.DATE})
_FORMULA_PERIOD = MappingProxyType({"days": Type.NUMBER, "years": Type.NUMBER})


@dataclass(frozen=True, slots=True)
class _Language:
    """What may be said: `kind` of plain names ("field" or "input") and the types of all names."""

    kind: str
    plain: Mapping[str, Type]
    period: Mapping[str, Type]
    settings: Mapping[str, Type]
    functions: tuple[str, ...]

    @property
    def is_formula(self) -> bool:
        return self.kind == "input"


def parse_row(text: str, columns: Mapping[str, Type], *, settings: _Settings = _NO_SETTINGS, where: str = "") -> Node:
    """Return the tree of a row expression over the columns of one entity.

    `where` names the definition in messages. Raises BadExpression.
    """
    language = _Language("field", columns, _ROW_PERIOD, _setting_types(settings), FUNCTIONS)
    return _parse(text, language, where)


def parse_formula(text: str, inputs: Collection[str], *, settings: _Settings = _NO_SETTINGS, where: str = "") -> Node:
    """Return the tree of a formula over named inputs; all numbers are NUMBER. Raises BadExpression."""
    plain = dict.fromkeys(inputs, Type.NUMBER)
    numbers = {name: Type.NUMBER for name, type in _setting_types(settings).items() if type in rules.NUMERIC}
    language = _Language("input", plain, _FORMULA_PERIOD, numbers, ("abs", "least", "greatest"))
    node = _parse(text, language, where)
    if node.type is Type.BOOLEAN:
        raise BadExpression(
            text,
            "a formula gives a number, not a condition",
            where=where,
            hint="Write case when ... then 1 else 0 end.",
        )
    return node


def _setting_types(settings: _Settings) -> dict[str, Type]:
    return {name: _value_type(value) for name, value in settings.items()}


def _value_type(value: object) -> Type:
    if isinstance(value, bool):
        return Type.BOOLEAN
    if isinstance(value, int):
        return Type.INTEGER
    if isinstance(value, float | Decimal):
        return Type.NUMBER
    return Type.DATE if isinstance(value, date) else Type.TEXT


def _parse(text: str, language: _Language, where: str) -> Node:
    try:
        return _node(_sqlglot_tree(text, language), language, 0)
    except Refused as refused:
        raise BadExpression(text, refused.problem, where=where, hint=refused.hint) from None
    except RecursionError:
        # The caller's own stack may be nearly used up; the depth limit cannot know.
        raise BadExpression(text, "it is nested too deep", where=where) from None


def _sqlglot_tree(text: str, language: _Language) -> exp.Expression:
    import sqlglot
    from sqlglot.errors import ErrorLevel, SqlglotError

    handed = parser_text(text, language.functions)
    try:
        return sqlglot.parse_one(handed, dialect="duckdb", error_level=ErrorLevel.RAISE)
    except SqlglotError:
        foreign = foreign_word(text)
        problem = f"'{foreign}' is not part of the language" if foreign else "it is not a whole expression"
        raise Refused(problem) from None


def _node(given: exp.Expression, language: _Language, depth: int) -> Node:
    if depth > _DEEPEST_TREE:
        raise Refused("it has too many operations in a row")
    kind = type(given).__name__
    if kind == "Paren":
        return _node(given.this, language, depth + 1)
    if kind in _COMPARISONS:
        return _comparison(given, _COMPARISONS[kind], language, depth)
    if kind in _ARITHMETIC:
        return rules.arithmetic(_ARITHMETIC[kind], *_pair(given, language, depth))
    if kind in _LOGIC:
        return rules.logic(_LOGIC[kind], _joined(given, language, depth))
    reader = _READERS.get(kind)
    if reader is None:
        raise Refused(_refusal(kind))
    return reader(given, language, depth + 1)


def _refusal(kind: str) -> str:
    if kind in ("Subquery", "Select", "Exists"):
        return "subqueries are not allowed"
    if kind == "Null":
        return "null may only stand in 'is null'"
    if kind == "Alias":
        return "two names side by side"
    return "it has a part that is not in the language"


def _pair(given: exp.Expression, language: _Language, depth: int) -> tuple[Node, Node]:
    return _node(given.this, language, depth + 1), _node(given.expression, language, depth + 1)


def _comparison(given: exp.Expression, operator: str, language: _Language, depth: int) -> Node:
    for side in (given.this, given.expression):
        if type(side).__name__ in _COMPARISONS:
            raise Refused("a comparison of a comparison", "Write 1 < x and x < 3.")
    return rules.comparison(operator, *_pair(given, language, depth))


def _joined(given: exp.Expression, language: _Language, depth: int) -> tuple[Node, ...]:
    # A long chain leans to the left; it is one flat Logic here, whatever its length.
    parts: list[exp.Expression] = []
    rest = given
    while type(rest) is type(given):
        parts.append(rest.expression)
        rest = rest.this
    return tuple(_node(each, language, depth + 1) for each in (rest, *reversed(parts)))


def _literal(given: exp.Expression, language: _Language, depth: int) -> Node:
    if given.is_string:
        if language.is_formula:
            raise Refused("a formula has no texts")
        return Literal(str(given.this), Type.TEXT)
    return _number(str(given.this), language)


def _number(text: str, language: _Language) -> Literal:
    whole, _, decimals = text.partition(".")
    if len(whole.lstrip("0")) + len(decimals) > _MOST_DIGITS or len(decimals) > _MOST_DECIMALS:
        raise Refused(f"{text} has more than {_MOST_DIGITS} digits, or more than {_MOST_DECIMALS} decimals")
    value = Decimal(text).normalize()
    if value == value.to_integral_value():
        return Literal(int(value), Type.NUMBER if language.is_formula else Type.INTEGER)
    return Literal(value, Type.NUMBER)


def _boolean(given: exp.Expression, language: _Language, depth: int) -> Node:
    return Literal(bool(given.this), Type.BOOLEAN)


def _date(given: exp.Expression, language: _Language, depth: int) -> Node:
    if language.is_formula:
        raise Refused("a formula has no dates")
    try:
        return Literal(date.fromisoformat(_iso(str(given.this.this))), Type.DATE)
    except ValueError:
        raise Refused(f"no such date: '{given.this.this}'", "Write a date as date 'YYYY-MM-DD'.") from None


def _iso(text: str) -> str:
    # fromisoformat also takes 20240101 and 2024-W01-1.
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        raise ValueError(text)
    return text


def _name(given: exp.Expression, language: _Language, depth: int) -> Node:
    table, name = given.args.get("table"), str(given.name)
    if given.args.get("db") or not type(given.this).__name__ == "Identifier":
        raise Refused("a name with two dots, or with a star")
    namespace = str(table.name) if table else ""
    known = {"": language.plain, "period": language.period, "setting": language.settings}.get(namespace)
    if known is None:
        raise Refused(f"no names '{namespace}.…'", "There are only 'period.…' and 'setting.…'.")
    if name not in known:
        raise Refused(*_unknown(namespace, name, known, language))
    return Name(namespace, name, known[name])


def _unknown(namespace: str, name: str, known: Collection[str], language: _Language) -> tuple[str, str]:
    shown = f"{namespace}.{name}" if namespace else name
    prefix = f"{namespace}." if namespace else ""
    nearest = closest(name, known)
    listed = ", ".join(f"{prefix}{each}" for each in sorted(known)[:8]) + (", …" if len(known) > 8 else "")
    hint = f"Did you mean '{prefix}{nearest}'?" if nearest else f"Known: {listed}." if known else ""
    return f"no {language.kind if not namespace else 'name'} named '{shown}'", hint


def _negative(given: exp.Expression, language: _Language, depth: int) -> Node:
    return rules.negative(_node(given.this, language, depth))


def _not(given: exp.Expression, language: _Language, depth: int) -> Node:
    return rules.negation(_node(given.this, language, depth))


def _is(given: exp.Expression, language: _Language, depth: int) -> Node:
    if type(given.expression).__name__ != "Null":
        raise Refused("'is' is only for 'is null' and 'is not null'")
    if language.is_formula:
        raise Refused("a formula has no nulls")
    return IsNull(_node(given.this, language, depth))


def _in(given: exp.Expression, language: _Language, depth: int) -> Node:
    if given.args.get("query") or given.args.get("field") or given.args.get("unnest"):
        raise Refused("in needs literals in brackets")
    if not given.expressions:
        raise Refused("in () is empty")
    values = tuple(_node(each, language, depth) for each in given.expressions)
    return rules.within(_node(given.this, language, depth), values)


def _between(given: exp.Expression, language: _Language, depth: int) -> Node:
    value, low, high = (_node(given.args[part], language, depth) for part in ("this", "low", "high"))
    return rules.logic("and", (rules.comparison(">=", value, low), rules.comparison("<=", value, high)))


def _case(given: exp.Expression, language: _Language, depth: int) -> Node:
    if given.this is not None:
        raise Refused("'case x when …' is not in the language", "Write case when x = … then … end.")
    branches = tuple(
        (_node(each.this, language, depth), _node(each.args["true"], language, depth)) for each in given.args["ifs"]
    )
    default = given.args.get("default")
    if default is None and language.is_formula:
        raise Refused("a case in a formula needs an else")
    return rules.case(branches, None if default is None else _node(default, language, depth))


def _call(given: exp.Expression, language: _Language, depth: int) -> Node:
    arguments = tuple(_node(each, language, depth) for each in given.expressions)
    return rules.call(str(given.this).removeprefix(FUNCTION_PREFIX), arguments)


_READERS = MappingProxyType(
    {
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
