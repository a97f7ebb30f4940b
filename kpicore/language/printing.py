"""Trees as text: how strongly each node binds, and what the printers of text have in common.

Brackets are put where a node binds less than its place needs, and nowhere else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import MappingProxyType

from kpicore.model import expressions as tree

OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, TERM = range(8)
_AS_WRITTEN: Mapping[str, str] = MappingProxyType({})


def level(node: tree.Node) -> int:
    """Return the level of a node; what binds stronger has the higher one."""
    match node:
        case tree.Known():
            return level(node.operand)
        case tree.Logic():
            return OR if node.word == "or" else AND
        case tree.Not():
            return NOT
        case tree.Comparison() | tree.Within() | tree.IsNull():
            return COMPARISON
        case tree.Arithmetic():
            return SUM if node.operator in "+-" else PRODUCT
        case tree.Negative():
            return SIGN
        case tree.Literal(value=bool()):
            return TERM
        # -1 binds as a minus does: behind a minus it gets brackets, as -- begins a comment in SQL, and is refused here
        case tree.Literal(value=value) if not isinstance(value, str) and str(value).startswith("-"):
            return SIGN
    return TERM


class Printer(ABC):
    """Prints trees in one language: a method for each kind of node, which a language overrides where it differs."""

    blank, comma = " ", ", "
    """What stands around an operator, and between arguments."""
    true, false = "TRUE", "FALSE"
    operators, functions = _AS_WRITTEN, _AS_WRITTEN
    """Comparisons and functions that are called otherwise than in ours."""

    def __init__(self, reference: Callable[[str], str] = str) -> None:
        self.reference = reference

    def text(self, node: tree.Node) -> str:
        """Return the node as text, without brackets around the whole."""
        match node:
            case tree.Literal():
                return self.literal(node)
            case tree.Name():
                return self.name(node)
            case tree.Negative():
                return f"-{self.inside(node.operand, SIGN + 1)}"
            case tree.Not():
                return self.negation(node)
            case tree.Arithmetic():
                return self.arithmetic(node)
            case tree.Comparison():
                operator = self.operators.get(node.operator, node.operator)
                return self.joined(node.left, operator, node.right, COMPARISON + 1, COMPARISON + 1)
            case tree.Logic():
                return self.logic(node)
            case tree.Case():
                return self.case(node)
            case tree.Call():
                return self.call(node)
            case tree.Within() | tree.IsNull() | tree.Known():
                return self.of_rows(node)

    def inside(self, node: tree.Node, least: int) -> str:
        """Return the node as a part of another, in brackets where it binds less than `least`."""
        printed = self.text(node)
        return printed if self.level(node) >= least else f"({printed})"

    def level(self, node: tree.Node) -> int:
        """Return how strongly a node binds as this language prints it."""
        return level(node)

    def listed(self, nodes: tuple[tree.Node, ...]) -> str:
        """Return nodes as arguments."""
        return self.comma.join(map(self.text, nodes))

    def joined(self, left: tree.Node, operator: str, right: tree.Node, left_least: int, right_least: int) -> str:
        """Return two nodes with an operator between them."""
        around = f"{self.blank}{operator}{self.blank}"
        return f"{self.inside(left, left_least)}{around}{self.inside(right, right_least)}"

    def literal(self, node: tree.Literal) -> str:
        """Return a number or truth value; a number in digits only, as every host reads it: Decimal("1E-7") too."""
        if isinstance(node.value, bool):
            return self.true if node.value else self.false
        return str(node.value) if isinstance(node.value, int) else f"{node.value:f}"

    def name(self, node: tree.Name) -> str:
        """Return what stands for an input."""
        return self.reference(node.key)

    def arithmetic(self, node: tree.Arithmetic) -> str:
        """Return two numbers with an operator; it takes the left one first, so the right one needs to bind stronger."""
        own = level(node)
        return self.joined(node.left, node.operator, node.right, own, own + 1)

    def call(self, node: tree.Call) -> str:
        """Return a function with its arguments."""
        return f"{self.functions.get(node.function, node.function)}({self.listed(node.arguments)})"

    @abstractmethod
    def negation(self, node: tree.Not) -> str:
        """Return what holds when a condition does not."""

    @abstractmethod
    def logic(self, node: tree.Logic) -> str:
        """Return conditions that hold together, or one of which holds."""

    @abstractmethod
    def case(self, node: tree.Case) -> str:
        """Return the value of the first condition that holds."""

    @abstractmethod
    def of_rows(self, node: tree.Within | tree.IsNull | tree.Known) -> str:
        """Return what only expressions over rows have: `in`, `is null`, codes."""


class FormulaPrinter(Printer):
    """Prints formulas: a case is choices between two, and there is nothing that only rows have."""

    def case(self, node: tree.Case) -> str:
        """Return a case as choices, the last one inmost."""
        assert node.otherwise is not None  # the reader insists on an else in a formula
        printed = self.text(node.otherwise)
        for test, value in reversed(node.branches):
            printed = self.choice(self.text(test), self.text(value), printed)
        return printed

    @abstractmethod
    def choice(self, test: str, if_true: str, if_false: str) -> str:
        """Return one of two values by a condition, all of them printed."""

    def of_rows(self, node: tree.Within | tree.IsNull | tree.Known) -> str:
        """Refuse what only expressions over rows have."""
        raise TypeError("not a formula: it was read as a row expression")
