"""What was decided about how a column is written, and why."""

from __future__ import annotations

from dataclasses import dataclass

EXCEPTIONS = 0.01
"""Share of values that may contradict a proof; they are then told as unreadable, one by one."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Values of a column that look alike (9 for any digit): how many, one of them, and its row."""

    example: str
    count: int
    row: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible reading, and what an example would mean by it."""

    reading: str
    shown: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The reading of a column with its evidence; without one, the readings that are possible.

    In a `conflict` none of them reads all values.
    """

    reading: str
    evidence: str = ""
    row: int | None = None
    choices: tuple[Choice, ...] = ()
    conflict: bool = False

    @property
    def ambiguous(self) -> bool:
        """Whether only a person can tell."""
        return len(self.choices) > 1
