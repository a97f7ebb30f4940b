"""The names that formulas use for what is chosen, and the contexts made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kpicore import AddsUp
from kpicore_excel.live.formulas import Block, Context
from kpicore_excel.live.request import Asked

CHOSEN_PERIOD = "period_chosen"
NOW = "now"
CUT_ROW = "cut_row"
"""The place of the chosen members among all questions of one period."""


def chosen(dimension: str) -> str:
    """Return the name of the cell in which a member is chosen."""
    return f"chosen_{dimension}"


def number_of(dimension: str) -> str:
    """Return the name of the chosen member's number, 0 for all."""
    return f"number_{dimension}"


def criterion(dimension: str) -> str:
    """Return the name of what rows of the dimension are matched by."""
    return f"is_{dimension}"


def before(row: int) -> str:
    """Return what the names of a period that is compared with begin with."""
    return f"before_{row + 1}"


def cuts_per_period(asked: Asked) -> int:
    """Return how many questions one period has: all members and none, of each dimension."""
    found = 1
    for choice in asked.choices:
        found *= len(choice.choices) + 1
    return found


def place_of_cut(asked: Asked, numbers: Mapping[str, str]) -> str:
    """Return the formula of the place among a period's questions for members given by the references of their
    numbers."""
    terms, factor = ["1"], 1
    for choice in reversed(asked.choices):
        terms.append(numbers[choice.dimension] if factor == 1 else f"{numbers[choice.dimension]}*{factor}")
        factor *= len(choice.choices) + 1
    return "+".join(reversed(terms))


def context_of(asked: Asked, which: str) -> Context:
    """Return the context of a period, NOW or what it is compared with, and the members that are chosen."""
    return Context(
        f"{which}_first",
        f"{which}_last",
        f"{which}_period",
        f"{which}_row",
        {each: criterion(each) for each in asked.by},
        {each: f"one_{each}" for each in asked.by},
        {each: f"all_{each}" for each in asked.by},
        {each: number_of(each) for each in asked.by},
        period_chosen=True,
    )


def step_context(asked: Asked, cell: str) -> Context:
    """Return the context of a part of the period, whose number stands in a cell, and the members chosen."""
    now = context_of(asked, NOW)
    row = f"({cell}-1)*{cuts_per_period(asked)}+{CUT_ROW}"
    return Context(cell, cell, cell, row, now.criteria, now.chosen, now.every, now.numbers)


def member_context(asked: Asked, dimension: str, cell: str, blocks: Mapping[AddsUp, Block]) -> Context:
    """Return the context of the period that is chosen, and the member whose number stands in a cell."""
    now = context_of(asked, NOW)
    numbers = {each: f"N({cell})" if each == dimension else number_of(each) for each in asked.by}
    row = f"(now_period-1)*{cuts_per_period(asked)}+{place_of_cut(asked, numbers)}"
    others = {name: number for name, number in now.numbers.items() if name != dimension}
    return replace(
        now,
        row=row,
        criteria={**now.criteria, dimension: cell},
        chosen={**now.chosen, dimension: ""},
        numbers=others,
        blocks=blocks,
    )
