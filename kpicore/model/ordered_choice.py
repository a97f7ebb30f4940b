"""A question that is asked at the terminal: which of the choices, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kpicore.model.checked import check_fields


@dataclass(frozen=True, slots=True)
class OrderedChoice:
    """A question whose answer is some of the `choices`, in an order: perhaps none of them.

    `text` stands above the choices, each a line, and `hint` below. `twice` refuses an answer that names one of them
    twice. `keep` is given the places of those that were chosen, from 0, in their order.
    """

    text: str
    choices: tuple[str, ...]
    hint: str
    twice: str
    keep: Callable[[Sequence[int]], None]

    def __post_init__(self) -> None:
        check_fields(self, "choice")
