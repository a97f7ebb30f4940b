"""How large a tree may be: what it comes to where operands are repeated, and how deep a spreadsheet nests it.

A short text may come to a long one: `between` has its operand twice in the tree, SQL names the arguments of
`least` and `greatest` twice, and each of them may stand in another.
"""

from __future__ import annotations

from kpicore.language.lexer import LONGEST, NotInLanguage
from kpicore.model.expressions import Arithmetic, Call, Case, Logic, Node, Not, children, walk

# A text has fewer nodes than characters: only what is repeated in what is repeated comes to more than twice as many.
_MOST_NODES = 2 * LONGEST
# Excel nests 64 functions and gives one 255 arguments; a workbook puts some functions of its own around a formula.
_MOST_LEVELS, _MOST_ARGUMENTS = 56, 255


def check_size(node: Node) -> None:
    """Raises NotInLanguage for a tree that is printed or walked at too great a length."""
    if _printed(node) > _MOST_NODES:
        hint = "Between, least and greatest inside each other repeat what they are about."
        raise NotInLanguage(f"it comes to more than {_MOST_NODES:,} operations and values", hint)


def check_spreadsheet(node: Node) -> None:
    """Raises NotInLanguage for a formula that Excel does not take."""
    if _levels(node) > _MOST_LEVELS:
        raise NotInLanguage(f"a spreadsheet nests it more than {_MOST_LEVELS} deep, once for each branch of a case")
    if any(len(children(part)) > _MOST_ARGUMENTS for part in walk(node) if isinstance(part, Call | Logic)):
        raise NotInLanguage(f"a function or a chain of conditions has more than {_MOST_ARGUMENTS} parts")


def divides(node: Node) -> bool:
    """Return whether there is a division in a tree."""
    return any(isinstance(part, Arithmetic) and part.operator == "/" for part in walk(node))


def _printed(node: Node) -> int:
    """Return how many nodes are printed at most."""
    times = 2 if isinstance(node, Call) and node.function in ("least", "greatest") else 1
    return 1 + times * sum(map(_printed, children(node)))


def _levels(node: Node) -> int:
    """Return how many functions a spreadsheet nests."""
    parts = children(node)
    if isinstance(node, Case):  # the second branch stands in the first IF, and so on
        places = [min(place // 2 + 1, len(node.branches)) for place in range(len(parts))]
    elif isinstance(node, Logic) and any(divides(part) for part in parts[1:]):  # likewise
        places = [min(place + 1, len(parts) - 1) for place in range(len(parts))]
    else:
        places = [1 if isinstance(node, Logic | Call | Not) else 0] * len(parts)
    return max((place + _levels(part) for place, part in zip(places, parts, strict=True)), default=0)
