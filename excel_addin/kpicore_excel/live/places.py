"""The names that formulas use for what is chosen, and the contexts made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kpicore import AddsUp
from kpicore_excel.live.formulas import Block, FormulaContext
from kpicore_excel.live.request import WorkbookRequest

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


def cuts_per_period(request: WorkbookRequest) -> int:
    """Return how many questions one period has: all members and none, of each dimension."""
    count = 1
    for members in request.lists:
        count *= len(members.choices) + 1
    return count


def place_of_cut(request: WorkbookRequest, numbers: Mapping[str, str]) -> str:
    """Return the formula of the place among a period's questions for members given by the references of their
    numbers."""
    # in the order of `every_question`: of 2 reps and 2 teams, rep 2 with team 1 is the place 1 + 1 + 2 * 3 = 8 of 9
    terms, factor = ["1"], 1
    for members in reversed(request.lists):
        terms.append(numbers[members.dimension] if factor == 1 else f"{numbers[members.dimension]}*{factor}")
        factor *= len(members.choices) + 1
    return "+".join(reversed(terms))


def context_of(request: WorkbookRequest, which: str) -> FormulaContext:
    """Return the context of a period, NOW or what it is compared with, and the members that are chosen."""
    return FormulaContext(
        f"{which}_first",
        f"{which}_last",
        f"{which}_period",
        f"{which}_row",
        {name: criterion(name) for name in request.by},
        {name: f"one_{name}" for name in request.by},
        {name: f"all_{name}" for name in request.by},
        {name: number_of(name) for name in request.by},
        period_chosen=True,
    )


def step_context(request: WorkbookRequest, cell: str) -> FormulaContext:
    """Return the context of a part of the period, whose number stands in a cell, and the members chosen."""
    now = context_of(request, NOW)
    row = f"({cell}-1)*{cuts_per_period(request)}+{CUT_ROW}"
    return FormulaContext(cell, cell, cell, row, now.criteria, now.chosen, now.unchosen, now.numbers)


def member_context(
    request: WorkbookRequest, dimension: str, cell: str, blocks: Mapping[AddsUp, Block]
) -> FormulaContext:
    """Return the context of the period that is chosen, and the member whose number stands in a cell."""
    now = context_of(request, NOW)
    # N: beside (all) stands the text ">=0", which counts as 0 then.
    numbers = {name: f"N({cell})" if name == dimension else number_of(name) for name in request.by}
    row = f"(now_period-1)*{cuts_per_period(request)}+{place_of_cut(request, numbers)}"
    others = {name: number for name, number in now.numbers.items() if name != dimension}
    return replace(
        now,
        row=row,
        criteria={**now.criteria, dimension: cell},
        chosen={**now.chosen, dimension: ""},
        numbers=others,
        blocks=blocks,
    )
