"""The rules of types: what may be combined with what, and what comes out.

Units follow the money: MONEY * NUMBER is MONEY, MONEY / MONEY is a NUMBER.
"""

from __future__ import annotations

from collections.abc import Iterable

from kpicore.language.lexer import NotInLanguage
from kpicore.model.expressions import Arithmetic, Call, Case, Comparison, Literal, Logic, Negative, Node, Not, Within
from kpicore.model.schema import Type

NUMERIC = frozenset({Type.INTEGER, Type.NUMBER, Type.MONEY})


def negative(operand: Node) -> Node:
    """Return -operand; a literal just changes its sign."""
    _numeric("-", operand)
    if isinstance(operand, Literal) and not isinstance(operand.value, str):
        return Literal(-operand.value, operand.type)  # type: ignore[operator]  # numeric by the line above
    return Negative(operand, operand.type)


def arithmetic(operator: str, left: Node, right: Node) -> Node:
    """Return left operator right; the difference of two dates is days()."""
    if operator == "-" and left.type is right.type is Type.DATE:
        return call("days", (right, left))
    if {left.type, right.type} & {Type.DATE, Type.MOMENT}:
        raise NotInLanguage(
            f"{left.type.value} {operator} {right.type.value}", "For the time between two use days(a, b)."
        )
    _numeric(operator, left, right)
    return Arithmetic(operator, left, right, _arithmetic_type(operator, left.type, right.type))


def _arithmetic_type(operator: str, left: Type, right: Type) -> Type:
    # two INTEGERs too: 1 / 2 is 0.5 everywhere
    if operator == "/":
        return Type.MONEY if left is Type.MONEY and right is not Type.MONEY else Type.NUMBER
    if left is right is Type.MONEY:
        return Type.NUMBER if operator == "*" else Type.MONEY
    return _common_number((left, right))


def _common_number(types: Iterable[Type]) -> Type:
    kinds = set(types)
    if Type.MONEY in kinds:
        return Type.MONEY
    return Type.INTEGER if kinds == {Type.INTEGER} else Type.NUMBER


def comparison(operator: str, left: Node, right: Node) -> Node:
    """Return the comparison. Raises NotInLanguage when the types cannot be compared."""
    _same_kind(f"'{operator}'", (left, right))
    if left.type is Type.BOOLEAN and operator not in ("=", "<>"):
        raise NotInLanguage(f"conditions cannot be compared with '{operator}'")
    return Comparison(operator, left, right)


def within(operand: Node, values: tuple[Node, ...]) -> Node:
    """Return `operand in (values)`."""
    literals = tuple(value for value in values if isinstance(value, Literal))
    if len(literals) != len(values):
        raise NotInLanguage("in (...) takes literals only", "Compare with = and join with or.")
    _same_kind("in", (operand, *values))
    return Within(operand, literals)


def logic(word: str, operands: tuple[Node, ...]) -> Node:
    """Return the operands joined by "and" or "or"."""
    for operand in operands:
        condition(word, operand)
    return Logic(word, operands)


def negation(operand: Node) -> Node:
    """Return `not operand`."""
    condition("not", operand)
    return Not(operand)


def condition(place: str, node: Node) -> None:
    """Raises NotInLanguage unless the node is true or false."""
    if node.type is not Type.BOOLEAN:
        raise NotInLanguage(f"'{place}' needs a condition, not {article(node.type)}")


def case(branches: tuple[tuple[Node, Node], ...], otherwise: Node | None) -> Node:
    """Return the case; all its values have one kind."""
    for test, _ in branches:
        condition("when", test)
    values = tuple(value for _, value in branches) + (() if otherwise is None else (otherwise,))
    return Case(branches, otherwise, _same_kind("case", values))


def call(function: str, arguments: tuple[Node, ...]) -> Node:
    """Return the function call, with the number and types of its arguments checked."""
    if function in ("days", "minutes"):
        return Call(function, arguments, _duration(function, arguments))
    if function == "abs":
        if len(arguments) != 1:
            raise NotInLanguage("abs() takes one number")
        _numeric("abs()", *arguments)
        return Call(function, arguments, arguments[0].type)
    if len(arguments) < 2:
        raise NotInLanguage(f"{function}() takes two or more values")
    common = _same_kind(f"{function}()", arguments)
    if function != "coalesce" and common is Type.BOOLEAN:
        raise NotInLanguage(f"{function}() does not take conditions")
    return Call(function, arguments, common)


def _duration(function: str, arguments: tuple[Node, ...]) -> Type:
    allowed = (Type.DATE, Type.MOMENT) if function == "days" else (Type.MOMENT,)
    kinds = {argument.type for argument in arguments}
    if len(arguments) != 2 or not kinds <= set(allowed):
        shown = " or ".join(f"two {kind.value}s" for kind in allowed)
        raise NotInLanguage(
            f"{function}() takes {shown}, not ({', '.join(argument.type.value for argument in arguments)})"
        )
    if len(kinds) == 2:
        raise NotInLanguage("days() of a date and a moment", "Use two dates (x_on) or two moments (x_at).")
    return Type.INTEGER if kinds == {Type.DATE} else Type.NUMBER


def _same_kind(place: str, nodes: tuple[Node, ...]) -> Type:
    types = tuple(node.type for node in nodes)
    if set(types) <= NUMERIC:
        return _common_number(types)
    if len(set(types)) == 1:
        return types[0]
    first = types[0]
    # the first that does not go with it, as two kinds of numbers do
    other = next(kind for kind in types if kind is not first and not {kind, first} <= NUMERIC)
    hint = "Use the date field (x_on) of the moment." if {first, other} == {Type.DATE, Type.MOMENT} else ""
    if {first, other} == {Type.DATE, Type.TEXT}:
        hint = "Write a date as date 'YYYY-MM-DD'."
    raise NotInLanguage(f"{place} cannot bring together {article(first)} and {article(other)}", hint)


def _numeric(place: str, *nodes: Node) -> None:
    for node in nodes:
        if node.type not in NUMERIC:
            raise NotInLanguage(f"'{place}' needs numbers, not {article(node.type)}")


def article(type: Type) -> str:
    """Return the type in a sentence: "a text", "an integer"."""
    word = "condition" if type is Type.BOOLEAN else type.value
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"
