"""The allow-listed tree that both small languages are read into; whatever is not here cannot be said.

Sugar is gone: `between` is two comparisons, `not in` is a Not over Within, `date - date` is days().
Every node knows its type, and equal definitions are equal trees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpicore.model.schema import Type

Constant = str | int | Decimal | bool | date


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, truth value or date that stands in the definition itself."""

    value: Constant
    type: Type


@dataclass(frozen=True, slots=True)
class Name:
    """A field or input (namespace ""), `period.name`, `setting.name` or `given.name`, a field as the source gave it."""

    namespace: str
    name: str
    type: Type

    @property
    def key(self) -> str:
        """The name as callers are asked for it: "amount", "period.start", "setting.stuck_days"."""
        return f"{self.namespace}.{self.name}" if self.namespace else self.name


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus over a number."""

    operand: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`operator` is one of + - * / over two numbers."""

    operator: str
    left: Node
    right: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Comparison:
    """`operator` is one of = <> < <= > >= over two values of comparable types."""

    operator: str
    left: Node
    right: Node
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Within:
    """`operand in (literals)`."""

    operand: Node
    values: tuple[Literal, ...]
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class IsNull:
    """`operand is null`."""

    operand: Node
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Not:
    """Negation of a condition."""

    operand: Node
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Logic:
    """`word` is "and" or "or" over two or more conditions, in the order written."""

    word: str
    operands: tuple[Node, ...]
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first branch whose condition holds, else `otherwise` (None means null)."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """`function` is one of abs, least, greatest, coalesce, days, minutes."""

    function: str
    arguments: tuple[Node, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Known:
    """`operand`, but null where one of `fields` holds a word that is no code of it.

    Such a field is empty, and the field beside it with the word as given is not: each is a pair of both. It stands
    around what decides about an empty field by itself, as nobody has decided about that word.
    """

    operand: Node
    fields: tuple[tuple[Name, Name], ...]
    type: Type


Node = Literal | Name | Negative | Arithmetic | Comparison | Within | IsNull | Not | Logic | Case | Call | Known


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes right below, in the order written."""
    match node:
        case Literal() | Name():
            return ()
        case Negative() | IsNull() | Not():
            return (node.operand,)
        case Within():
            return (node.operand, *node.values)
        case Arithmetic() | Comparison():
            return (node.left, node.right)
        case Logic():
            return node.operands
        case Call():
            return node.arguments
        case Known():
            return (node.operand, *(name for pair in node.fields for name in pair))
        case Case():
            last = () if node.otherwise is None else (node.otherwise,)
            return (*(part for branch in node.branches for part in branch), *last)


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and everything below it, in the order written."""
    ahead = [node]
    while ahead:
        next_one = ahead.pop()
        yield next_one
        # the first child on top, so that it comes next
        ahead += reversed(children(next_one))


def names(node: Node) -> frozenset[tuple[str, str]]:
    """Return the (namespace, name) pairs used; the namespace is "", "period", "setting" or "given"."""
    return frozenset((name.namespace, name.name) for name in walk(node) if isinstance(name, Name))
