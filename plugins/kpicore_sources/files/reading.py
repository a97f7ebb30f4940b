"""What was decided about how a column is written, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace

EXCEPTIONS = 0.01
"""Share of values that may contradict a proof; they are then told as unreadable, one by one."""


@dataclass(frozen=True, slots=True)
class ValueShape:
    """Values of a column that look alike (9 for any digit): how many, one of them, and its row."""

    example: str
    count: int
    row: int


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    """One possible reading, and what an example would mean by it."""

    reading: str
    shown: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The reading of a column with its evidence; without one, the readings that are possible.

    In a `conflict` none of them reads all values. What is not `proven` reads this file and tells nothing about
    another one of the same columns: whole numbers do not say which mark a number's decimals stand behind.
    `left_open` are the readings between which a mapping decided, as the values prove none; `against` is the one that
    they prove in the face of the mapping's.
    """

    reading: str
    evidence: str = ""
    row: int | None = None
    choices: tuple[AnswerChoice, ...] = ()
    conflict: bool = False
    proven: bool = True
    left_open: tuple[AnswerChoice, ...] = ()
    against: str = ""

    @property
    def ambiguous(self) -> bool:
        """Whether only a person can tell."""
        return not self.reading and bool(self.choices)


def agreed(mapped: str, decided: Decision) -> Decision:
    """Return the decision about a column that a mapping reads as `mapped`, "" where it says nothing.

    The mapping settles what the values leave open. Where they prove another reading, it is not stretched over
    them: that is asked.
    """
    if not mapped or mapped == decided.reading:
        return decided
    if not decided.reading:
        # "text" is a choice where no order fits all dates, and no reading of one
        left_open = tuple(choice for choice in decided.choices if choice.reading != "text")
        return Decision(mapped, "by the mapping", left_open=left_open)
    if not decided.proven:
        return decided
    choice = AnswerChoice(decided.reading, "as the values prove")
    return replace(
        decided,
        reading="",
        evidence=f"the mapping says '{mapped}', but {decided.evidence}",
        choices=(choice,),
        conflict=True,
        against=decided.reading,
    )
