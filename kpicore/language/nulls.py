"""What an empty field does to an expression: which names can make it null, and where it goes on without knowing."""

from __future__ import annotations

from collections.abc import Callable

from kpicore.model.expressions import Arithmetic, Call, Case, IsNull, Known, Literal, Logic, Name, Node, children, names
from kpicore.model.schema import Type

_TRUE, _FALSE = Literal(True, Type.BOOLEAN), Literal(False, Type.BOOLEAN)
_EXTREMES = ("least", "greatest")
_PICKS = ("coalesce", *_EXTREMES)


Tells = Callable[[str], bool]


def nulled_by(node: Node, is_filled: Tells, is_known: Tells) -> frozenset[str]:
    """Return the names by which the expression can be null for some row; nothing when it never is.

    `is_filled` tells of which fields no row is empty, `is_known` in which every word is a code. What is
    divided by may be 0, and a case without an else may have no branch that holds: their names are told
    whether filled or not.

    >>> from kpicore.language import parse_row
    >>> node = parse_row("coalesce(size, 1) + pages", {"size": Type.INTEGER, "pages": Type.INTEGER})
    >>> sorted(nulled_by(node, lambda field: False, lambda field: False))
    ['pages']
    """
    if isinstance(node, IsNull):
        return frozenset()
    if isinstance(node, Name):
        return frozenset() if node.namespace or is_filled(node.name) else frozenset({node.name})
    if isinstance(node, Call) and node.function in _PICKS:
        # one argument that is never null settles it; else each of them may be the one that was needed
        by_argument = [nulled_by(argument, is_filled, is_known) for argument in node.arguments]
        return frozenset().union(*by_argument) if all(by_argument) else frozenset()
    if isinstance(node, Case):
        return _of_case(node, is_filled, is_known)
    if isinstance(node, Known):
        # a word that is no code leaves the code empty, as if nothing had been given
        unknown = (code.name for code, _ in node.fields if not is_filled(code.name) and not is_known(code.name))
        return nulled_by(node.operand, is_filled, is_known).union(unknown)
    fields = frozenset[str]().union(*(nulled_by(child, is_filled, is_known) for child in children(node)))
    # a divisor may be 0 though all its fields are filled; a literal names none
    if isinstance(node, Arithmetic) and node.operator == "/" and not isinstance(node.right, Literal):
        fields |= _fields(node.right)
    return fields


def _of_case(node: Case, is_filled: Tells, is_known: Tells) -> frozenset[str]:
    values = [value for _, value in node.branches] + ([node.otherwise] if node.otherwise is not None else [])
    fields = frozenset[str]().union(*(nulled_by(value, is_filled, is_known) for value in values))
    if node.otherwise is None:
        fields |= frozenset[str]().union(*(_fields(test) for test, _ in node.branches))
    return fields


def unsure(node: Node) -> Node | None:
    """Return the condition that a case in the expression passes a test that is null; None where there is no case.

    Such a row takes a later branch, or the else, as if the test had failed.
    """
    if isinstance(node, Case):
        return _passes_null(node)
    below = [condition for child in children(node) if (condition := unsure(child)) is not None]
    return _any(below)


def tests(node: Node) -> tuple[Node, ...]:
    """Return the conditions of all cases in the expression."""
    own = tuple(test for test, _ in node.branches) if isinstance(node, Case) else ()
    return (*own, *(test for child in children(node) for test in tests(child)))


def passed_over(node: Node) -> Node | None:
    """Return the condition that a least or greatest in the expression leaves an empty argument out; None without any.

    Such a row takes the others, as if the empty one were no better. What coalesce does with one is said by its order.
    """
    if isinstance(node, IsNull):
        return None
    if isinstance(node, Case):
        return _taking_others(node)
    below = [condition for child in children(node) if (condition := passed_over(child)) is not None]
    if isinstance(node, Call) and node.function in _EXTREMES:
        below += [IsNull(argument) for argument in node.arguments if _fields(argument)]
    return _any(below)


def extremes(node: Node) -> tuple[Call, ...]:
    """Return every least and greatest in the expression, the outer ones first."""
    own = (node,) if isinstance(node, Call) and node.function in _EXTREMES else ()
    return (*own, *(extreme for child in children(node) for extreme in extremes(child)))


def _taking_others(node: Case) -> Node | None:
    branches: list[tuple[Node, Node]] = []
    for test, value in node.branches:
        # the same branches in the same order, so that a row comes to the one that it comes to in the case itself
        if (in_test := passed_over(test)) is not None:
            branches.append((in_test, _TRUE))
        branches.append((test, passed_over(value) or _FALSE))
    last = passed_over(node.otherwise) if node.otherwise is not None else None
    takes = last is not None or any(value is not _FALSE for _, value in branches)
    return Case(tuple(branches), last or _FALSE, Type.BOOLEAN) if takes else None


def _passes_null(node: Case) -> Node:
    branches: list[tuple[Node, Node]] = []
    for test, value in node.branches:
        # a row whose test is null goes on to later branches, so that is asked before the test itself
        is_null = _any([IsNull(test), *(condition for condition in [unsure(test)] if condition is not None)])
        assert is_null is not None
        branches += [(is_null, _TRUE), (test, unsure(value) or _FALSE)]
    last = unsure(node.otherwise) if node.otherwise is not None else None
    return Case(tuple(branches), last or _FALSE, Type.BOOLEAN)


def _any(nodes: list[Node]) -> Node | None:
    return None if not nodes else nodes[0] if len(nodes) == 1 else Logic("or", tuple(nodes))


def _fields(node: Node) -> frozenset[str]:
    return frozenset(name for space, name in names(node) if not space)
