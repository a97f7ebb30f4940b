"""Calls of cells with arguments of every type: a value, a table, or a native error with one line."""

from __future__ import annotations

from datetime import date, datetime
from random import Random

from kpicore import CellCall, CellFailure, Cells, CellValue, cell_to_json
from tests.fuzz.test_periods import any_text
from tests.loops import loop

_SCALARS: tuple[CellValue, ...] = (
    None, "", " ", True, False, 0, -1, 1, 2025, 2025.0, 0.5, 1.5, 45_000, 10**400, 10**5000, 1e308,
    float("nan"), float("inf"), 5e-324,
    "2025", "2025-Q1",
    "2025-06", "last month", "ytd", "trailing 30 days", "rep", "team", "region", "product", "Ann Lee", "(none)", "*",
    ">5", "<>x", "variant", "grain", "as_of", "compare", "previous", "year", "month", "week",
    "win_rate", "win_rate.created",
    "total_sales", "win_rate, total_sales", "nonsense", "\x00", "\ud800", "=1+1", "'; drop table x --", "x" * 40_000,
    date(2025, 3, 14), date.min, date.max, datetime(2025, 3, 14, 9, 30), datetime.max, CellFailure("#N/A"),
    CellFailure("#REF!", "gone"),
)  # fmt: skip


def any_value(chance: Random) -> CellValue:
    """Return a cell or a range of any content."""
    kind = chance.random()
    if kind < 0.1:
        return any_text(chance)
    if kind < 0.85:
        return chance.choice(_SCALARS)
    width, height = chance.choice(((1, 1), (1, 3), (3, 1), (2, 2), (0, 0), (0, 2), (1, 40)))
    cells = [[chance.choice(_SCALARS) for _ in range(width)] for _ in range(height)]
    return tuple(tuple(row) for row in cells)  # type: ignore[arg-type]


def any_arguments(chance: Random) -> tuple[CellValue, ...]:
    """Return arguments as a cell would have them, or any others, or the first with some that are replaced."""
    if chance.random() < 0.3:
        return tuple(any_value(chance) for _ in range(chance.randint(0, 5)))
    pairs = [
        ("rep", "Ann"),
        ("variant", "created"),
        ("grain", "month"),
        ("as_of", date(2025, 3, 14)),
        ("team", "(none)"),
    ]
    given: list[CellValue] = [chance.choice(("2025", "2025-Q1", 2025, date(2025, 3, 14), "last month"))]
    for pair in chance.sample(pairs, chance.choice((0, 0, 1, 2))):
        given += pair
    for _ in range(chance.choice((0, 0, 1, 2))):
        given[chance.randrange(len(given))] = any_value(chance)
    return tuple(given)


NATIVE_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
"""The errors that every spreadsheet has."""


@loop("calls of cells with arguments of every type", ci=1_500, soak=5_000)
def test_every_call_of_a_cell_is_answered_or_a_native_error(tiny_cells: Cells, rounds: int, chance: Random) -> None:
    names = [function.name for function in tiny_cells.functions()]
    plain = 0
    for _ in range(rounds):
        name = chance.choice(names) if chance.random() < 0.95 else any_text(chance)
        arguments = any_arguments(chance)
        try:
            (found,) = tiny_cells.answer([CellCall(name, arguments)]).results
        except Exception as error:
            raise AssertionError(ascii((name, arguments))[:600]) from error
        if isinstance(found, CellFailure):
            assert found.code in NATIVE_ERRORS
            assert found.message.isprintable() and len(found.message) < 2_100, ascii((name, arguments))[:600]
        else:
            plain += 1
            assert found == found and found not in (float("inf"), -float("inf"))
        cell_to_json(found)
    assert plain * 20 > rounds
