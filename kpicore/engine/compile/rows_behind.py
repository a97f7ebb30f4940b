"""How many rows stand behind an answer: a formula over the rows of its inputs, told by the shape of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

from kpicore.engine.compile.measures import CompiledInput, Measure
from kpicore.language import Node, names, text
from kpicore.model.expressions import Arithmetic, Call, Case, Literal, Logic, Name, children
from kpicore.model.inputs import Target
from kpicore.model.schema import Type

Inputs = Mapping[str, CompiledInput]


def behind(formula: Node, inputs: Inputs) -> Node:
    """Return the formula of how many rows stand behind another, over the rows of its inputs.

    Of a ratio the rows of the denominator count. Of a sum or a difference those of both sides: once
    where both read the same rows, as amount and cost of an order do, or one side reads some of the
    other's. Of a product, and of the branches of a case, those of the side that has most. Targets,
    settings and constants have no rows.
    """
    return _behind(formula, inputs) or Literal(0, Type.INTEGER)


def _behind(node: Node, inputs: Inputs) -> Node | None:
    match node:
        case Name(namespace="", name=name):
            return None if isinstance(inputs[name].given, Target) else Name("", name, Type.INTEGER)
        case Arithmetic(operator="/"):
            return _behind(node.right, inputs) or _behind(node.left, inputs)
        case Arithmetic(operator="+" | "-"):
            return _summed(node, inputs)
        case Case():
            last = () if node.otherwise is None else (node.otherwise,)
            values = (*(value for _, value in node.branches), *last)
            # a case that picks one of several constants has the rows that its tests look at
            return _most(values, inputs) or _most([test for test, _ in node.branches], inputs)
    return _most(children(node), inputs)


def _most(nodes: Iterable[Node], inputs: Inputs) -> Node | None:
    return _greatest(rows for node in nodes if (rows := _behind(node, inputs)) is not None)


def _greatest(nodes: Iterable[Node]) -> Node | None:
    of = tuple(
        dict.fromkeys(part for node in nodes for part in (node.arguments if isinstance(node, Call) else (node,)))
    )
    return of[0] if len(of) == 1 else Call("greatest", of, Type.INTEGER) if of else None


def _summed(node: Arithmetic, inputs: Inputs) -> Node | None:
    terms: list[Node] = []
    for side in (node.left, node.right):
        rows = _behind(side, inputs)
        for term in _terms(rows) if rows is not None else ():
            # of fee and cost of the same loans the loans count once, and as often as the larger count says
            same = next((at for at, other in enumerate(terms) if _are_the_same(term, other, inputs)), None)
            if same is None:
                terms.append(term)
            else:
                terms[same] = _greatest((terms[same], term)) or term
    return reduce(lambda a, b: Arithmetic("+", a, b, Type.INTEGER), terms) if terms else None


def _terms(node: Node) -> tuple[Node, ...]:
    # a sum is all that there is to take apart: of ratios and products one side is left by now
    return (*_terms(node.left), *_terms(node.right)) if isinstance(node, Arithmetic) else (node,)


def _are_the_same(term: Node, other: Node, inputs: Inputs) -> bool:
    """Whether the rows of an input on one side are among those of one on the other, as far as definitions tell."""
    pairs = ((inputs[a], inputs[b]) for _, a in names(term) for _, b in names(other))
    return any(_read_the_same(a, b) for a, b in pairs)


def _read_the_same(compiled: CompiledInput, other: CompiledInput) -> bool:
    if compiled.measure is None or other.measure is None:
        return compiled.given == other.given
    a, b = compiled.measure, other.measure
    among = _conditions(a) <= _conditions(b) or _conditions(a) >= _conditions(b)
    return among and (a.source, a.at) == (b.source, b.at)


def _conditions(measure: Measure) -> frozenset[str]:
    """Return what all rows of a measure meet, one by one."""
    where = measure.where
    if where is None:
        return frozenset()
    return frozenset(map(text, where.operands if isinstance(where, Logic) and where.word == "and" else (where,)))
