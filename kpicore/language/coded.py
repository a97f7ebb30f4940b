"""Fields with codes in expressions: what they are compared with is read as a word, and what is no code stays undecided.

`status = 'Paid'` compares with the code that the word means, whatever spelling stands in the definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpicore.errors import closest
from kpicore.language.lexer import NotInLanguage
from kpicore.model.codes import Codes
from kpicore.model.expressions import Call, Case, Comparison, IsNull, Known, Literal, Name, Node, Within, walk
from kpicore.model.schema import Type, given_name

OfFields = Mapping[str, Codes]
"""The codes of the fields that have some, by name."""


def with_codes(node: Node, codes: OfFields) -> Node:
    """Return the node, all below being read already, with words as codes. Raises NotInLanguage for one that is none."""
    if not codes:
        return node
    match node:
        case Comparison("=" | "<>" as sign, left, right):
            return Comparison(sign, _word(left, right, codes), _word(right, left, codes))
        case Within(operand, values) if (coded := _coded(operand, codes)) is not None:
            words = (_code(value, operand, *coded) for value in values)
            return Within(operand, tuple(dict.fromkeys(words)))
        case Call("coalesce", arguments):
            return _known(_spelled(node, arguments, codes), arguments, codes)
        case Case(branches):
            return _known(_of_case(node, codes), tuple(test for test, _ in branches), codes)
        case IsNull(operand):
            return _known(node, (operand,), codes)
    return node


def literals_as_codes(node: Node, codes: Codes) -> Node:
    """Return a value that is kept in a field with codes, its own words as codes."""
    match node:
        case Literal(str(word), type) if code := codes.meant(word):
            return Literal(code, type)
        case Case(branches, otherwise, type):
            last = None if otherwise is None else literals_as_codes(otherwise, codes)
            return Case(tuple((test, literals_as_codes(value, codes)) for test, value in branches), last, type)
        case Call("coalesce" as function, arguments, type):
            return Call(function, tuple(literals_as_codes(argument, codes) for argument in arguments), type)
        case Known(operand, fields, type):
            return Known(literals_as_codes(operand, codes), fields, type)
    return node


def _word(node: Node, other: Node, codes: OfFields) -> Node:
    """Return one side of a comparison; a text beside a field with codes as the code it means."""
    coded = _coded(other, codes) if isinstance(node, Literal) and isinstance(node.value, str) else None
    return node if coded is None or not isinstance(node, Literal) else _code(node, other, *coded)


def _code(literal: Literal, other: Node, field: str, codes: Codes) -> Literal:
    if not isinstance(literal.value, str):
        return literal
    code = codes.meant(literal.value)
    if code is not None:
        return Literal(code, Type.TEXT)
    # what the other side itself puts in for an empty field, as coalesce(status, 'none') = 'none', is no slip of a word
    stand_ins = {node.value for node in walk(other) if isinstance(node, Literal)}
    # an open field may hold any word, so none is a slip
    if not codes.closed or literal.value in stand_ins:
        return literal
    nearest = closest(literal.value, codes.names)
    words = f"The words of '{field}': {', '.join(codes.names)}."
    hint = f"Did you mean '{nearest}'? {words}" if nearest else words
    raise NotInLanguage(f"'{literal.value}' is no word of '{field}'", hint)


def _coded(node: Node, codes: OfFields) -> tuple[str, Codes] | None:
    """Return the field whose codes the value of an expression is, and these codes."""
    match node:
        case Name("" | "given", name):
            return (name, codes[name]) if name in codes else None
        case Call("coalesce", arguments):
            inner: tuple[Node, ...] = arguments
        case Case(branches, otherwise):
            inner = (*(value for _, value in branches), *(() if otherwise is None else (otherwise,)))
        case Known(operand):
            inner = (operand,)
        case _:
            return None
    return next((coded for part in inner if (coded := _coded(part, codes)) is not None), None)


def _spelled(node: Call, arguments: tuple[Node, ...], codes: OfFields) -> Node:
    coded = _coded(node, codes)
    if coded is None:
        return node
    return Call(node.function, tuple(literals_as_codes(argument, coded[1]) for argument in arguments), node.type)


def _of_case(node: Case, codes: OfFields) -> Node:
    coded = _coded(node, codes)
    return node if coded is None else literals_as_codes(node, coded[1])


# 'Foo', which is no code, stands as status NULL beside status_given 'Foo': else `status is null` were true of it
def _known(node: Node, looked_at: tuple[Node, ...], codes: OfFields) -> Node:
    """Return what decides about empty fields by itself, so that it does not decide about a word that is no code."""
    fields = dict.fromkeys(pair for operand in looked_at for pair in _closed(operand, codes))
    return Known(node, tuple(fields), node.type) if fields else node


def _closed(node: Node, codes: OfFields) -> Iterator[tuple[Name, Name]]:
    fields = (name for name in walk(node) if isinstance(name, Name) and name.namespace in ("", "given"))
    for field in fields:
        if field.name in codes and codes[field.name].closed:
            yield field, Name(field.namespace, given_name(field.name), Type.TEXT)
