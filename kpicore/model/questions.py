"""What is asked and what is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from kpicore.model.notes import Note
from kpicore.model.units import Better, Unit
from kpicore.turns import one_by_one

if TYPE_CHECKING:
    from kpicore.calendar import Period

ZERO_DENOMINATOR = "zero_denominator"
NO_ROWS = "no_rows"
NO_DATA = "no_data"
NOT_LOADED = "not_loaded"
NOT_STARTED = "not_started"
NO_TARGET = "no_target"
AMBIGUOUS_TARGET = "ambiguous_target"
UNDEFINED = "undefined"
REASONS = frozenset(
    (ZERO_DENOMINATOR, NO_ROWS, NO_DATA, NOT_LOADED, NOT_STARTED, NO_TARGET, AMBIGUOUS_TARGET, UNDEFINED)
)
"""The reasons of the core; those of presumptions are beside them."""

NONE = "(none)"
"""The value of a dimension in rows where it is empty."""


@dataclass(frozen=True, slots=True)
class Question:
    """One number that is asked for. `cuts` are its filters: pairs of a dimension and the values that count (OR)."""

    metric: str
    variant: str
    period: Period
    cuts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    as_of: date | None = None

    def __hash__(self) -> int:
        # a third of the time of the generated one, and questions are looked up by the thousand
        # `as_of` is left to equality: questions that differ by it alone are few
        return hash((self.metric, self.variant, self.period.key, self.cuts))


def questions_of(
    ref: tuple[str, str],
    periods: Sequence[Period],
    cuts: tuple[tuple[str, tuple[str, ...]], ...] = (),
    as_of: date | None = None,
) -> list[Question]:
    """Return one question about a KPI, by id and variant, a period."""
    return [Question(*ref, period, cuts, as_of) for period in one_by_one(periods)]


@dataclass(frozen=True, slots=True)
class Answer:
    """One number, or the reason why there is none, with all that is needed to trust it.

    `n` is how many rows with a value stand behind it: those of the denominator, for a ratio; those of
    all parts, for a sum or a difference, rows that several parts read counted once; the most of one
    factor, for a product. `inputs` are the values the formula was given; `notes` count what was left
    out and why. `reason` is one of the constants of this module or of a presumption, `detail` names what it is about;
    `Wording` has the words of both. `earlier` are the periods of the inputs that look back, by name: "before".
    """

    question: Question
    value: float | None
    unit: Unit
    better: Better
    reason: str | None = None
    detail: Note | None = None
    inputs: Mapping[str, float | None] = field(default_factory=lambda: MappingProxyType({}))
    n: int = 0
    notes: tuple[Note, ...] = ()
    definition: str = ""
    data_version: str = ""
    data_time: datetime | None = None
    earlier: Mapping[str, Period] = field(default_factory=lambda: MappingProxyType({}))
