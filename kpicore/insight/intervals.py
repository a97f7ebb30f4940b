"""How sure a share is: the interval that its count of rows allows.

Sources: E. B. Wilson (1927), Journal of the American Statistical Association 22, 209-212.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from kpicore.engine.compile.definitions import Definition
from kpicore.engine.compile.measures import CompiledInput, Stock
from kpicore.language import Node
from kpicore.model.expressions import Arithmetic, Name
from kpicore.model.inputs import Aggregate, At, Input, Standing
from kpicore.model.notes import Note
from kpicore.model.questions import Answer
from kpicore.model.units import SHARE

_Z_95 = 1.959963984540054
"""Between minus and plus this many standard deviations lie 95 % of a normal distribution."""

NOT_A_SHARE = Note.of("interval_of_no_share")
NO_VALUE = Note.of("interval_of_no_value")
NOT_COUNTS = Note.of("interval_of_no_counts")
NOT_A_PART = Note.of("interval_of_no_part")


@dataclass(frozen=True, slots=True)
class Interval:
    """The shares from `low` to `high` that the data goes with, at 95 %; or the reason why there is none."""

    low: float | None = None
    high: float | None = None
    reason: Note | None = None

    @property
    def bounds(self) -> list[float] | None:
        """Return [low, high], None where there is no interval."""
        return None if self.low is None or self.high is None else [self.low, self.high]


def wilson(hits: float, rows: float) -> tuple[float, float]:
    """Return the Wilson interval, at 95 %, of a share of `hits` among `rows`. Raises ValueError for no rows.

    >>> low, high = wilson(4, 7)
    >>> round(low, 4), round(high, 4)
    (0.2505, 0.8418)
    """
    if rows <= 0 or not 0 <= hits <= rows:
        raise ValueError(f"{hits:g} of {rows:g} is no share")
    share, square = hits / rows, _Z_95 * _Z_95
    centre = (share + square / (2 * rows)) / (1 + square / rows)
    margin = _Z_95 * sqrt(share * (1 - share) / rows + square / (4 * rows * rows)) / (1 + square / rows)
    # at the ends rounding would leave 1e-17 instead of exactly 0 or 1
    return (0.0 if hits == 0 else centre - margin), (1.0 if hits == rows else centre + margin)


def interval(answer: Answer, definition: Definition) -> Interval:
    """Return the interval of an answer that is a count over a count; else the reason why it has none.

    What is above must be a part of what is below: renewed loans of all loans, not those of a year
    per reader of it, who may have none.
    """
    if answer.unit != SHARE:
        return Interval(reason=NOT_A_SHARE)
    parts = _parts(definition.formula)
    if parts is None:
        return Interval(reason=NOT_COUNTS)
    above, below = parts
    by_name = {compiled.name: compiled for compiled in definition.inputs}
    # what is counted below comes last
    inputs = [by_name[name] for name in (*above, below) if name in by_name]
    # a setting or a constant above or below is no count, and has no input of its name
    if len(inputs) <= len(above) or not all(_is_count(compiled.given) for compiled in inputs):
        return Interval(reason=NOT_COUNTS)
    if not all(_is_part(compiled.given, inputs[-1]) for compiled in inputs[:-1]):
        return Interval(reason=NOT_A_PART)
    rows = answer.inputs.get(below)
    if answer.value is None or not rows:
        return Interval(reason=NO_VALUE)
    if not 0 <= answer.value <= 1:
        return Interval(reason=NOT_A_PART)
    # hits from the value itself, as there may be several inputs above
    return Interval(*wilson(answer.value * rows, rows))


def _parts(formula: Node) -> tuple[tuple[str, ...], str] | None:
    """Return the inputs above and the one below the line of `kept / base`, None for any other formula."""
    if not isinstance(formula, Arithmetic) or formula.operator != "/" or not isinstance(formula.right, Name):
        return None
    above = _summed(formula.left)
    return (above, formula.right.key) if above else None


def _summed(node: Node) -> tuple[str, ...]:
    """Return the names that are added and subtracted in a formula, () where there is anything else in it."""
    if isinstance(node, Name):
        return (node.key,)
    if isinstance(node, Arithmetic) and node.operator in "+-":
        left, right = _summed(node.left), _summed(node.right)
        return (*left, *right) if left and right else ()
    return ()


def _is_count(input_: Input) -> bool:
    if isinstance(input_, Standing):
        return not input_.value and input_.at is not At.MEAN
    return isinstance(input_, Aggregate) and input_.word in ("count", "distinct")


def _is_part(above: Input, base: CompiledInput) -> bool:
    """Whether the rows of one count can only be among those of the other, as far as the definition tells."""
    below = base.given
    if isinstance(above, Aggregate) and isinstance(below, Aggregate):
        return (above.word, above.entity, above.value, above.when) == (
            below.word,
            below.entity,
            below.value,
            below.when,
        )
    if isinstance(above, Aggregate) and isinstance(below, Standing):
        # who left at a moment of the period was there during it
        source = base.measure.source if base.measure else None
        same = (above.entity, above.when, At.DURING) == (below.entity, below.until, below.at)
        return above.word == "count" and same and isinstance(source, Stock) and source.for_a_part
    return isinstance(above, Standing) and isinstance(below, Standing) and above.entity == below.entity
