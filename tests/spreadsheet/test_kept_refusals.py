"""What refuses thousands of cells is worked out once for each text, and kept as long as the version."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import date

import pytest

from kpicore import BadArgument, BadPeriod, CellCall, CellFailure, Cells, WarehouseError
from kpicore.spreadsheet.kept import KeptReadings, exact
from kpicore.text.nearest import KnownNames

KINDS = {
    "function": lambda text: CellCall(f"KPI_{text}", ("2025-Q1",)),
    "KPI": lambda text: CellCall("KPI", (text, "2025-Q1")),
    "variant": lambda text: CellCall("KPI_WIN_RATE", ("2025-Q1", "variant", text)),
    "dimension": lambda text: CellCall("KPI_WIN_RATE", ("2025-Q1", text, "web")),
    "member": lambda text: CellCall("KPI_WIN_RATE", ("2025-Q1", "channel", text)),
    "period": lambda text: CellCall("KPI_WIN_RATE", (text,)),
    "grain": lambda text: CellCall("KPI_WIN_RATE", (date(2025, 1, 1), "grain", text)),
    "search": lambda text: CellCall("KPI_LIST", (text,)),
    "KPI of a table": lambda text: CellCall("KPI_TABLE", (text, "2025-Q1")),
    "grain of a table": lambda text: CellCall("KPI_TABLE", ("win_rate", "2025", text)),
    "dimension of a table": lambda text: CellCall("KPI_TABLE", ("win_rate", "2025", "", text)),
}


@pytest.fixture
def proposed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Give the texts for which the nearest name is looked for."""
    texts: list[str] = []
    closest = KnownNames.closest

    def counted(self: KnownNames, text: str) -> str | None:
        texts.append(text)
        return closest(self, text)

    monkeypatch.setattr(KnownNames, "closest", counted)
    yield texts


@pytest.fixture
def cells(tiny_folder) -> Iterator[Cells]:
    found = Cells(tiny_folder)
    yield found
    found.close()


@pytest.mark.parametrize("kind", KINDS)
def test_two_thousand_equal_refusals_are_worked_out_once_and_never_again(cells, proposed, kind):
    calls = [KINDS[kind]("unknown_name")] * 2_000
    first = cells.answer(calls).results
    assert len(set(first)) == 1 and isinstance(first[0], CellFailure)
    worked_out = len(proposed)
    assert worked_out <= 2  # a dimension's name may also be meant for one of the reserved pairs
    assert cells.answer(calls).results == first
    assert len(proposed) == worked_out


@pytest.mark.parametrize("kind", KINDS)
def test_two_hundred_distinct_refusals_are_worked_out_once_each(cells, proposed, kind):
    calls = [KINDS[kind](f"unknown {number}") for number in range(200)]
    first = cells.answer(calls).results
    assert all(isinstance(each, CellFailure) for each in first)
    worked_out = len(proposed)
    assert worked_out <= 400
    assert cells.answer(calls).results == first
    assert len(proposed) == worked_out


def test_two_thousand_cells_of_unknown_kpis_are_worked_out_two_thousand_times_at_most(cells, proposed):
    calls = [CellCall("KPI", (f"unknown_{number}", "2025-Q1")) for number in range(2_000)]
    cells.answer(calls)
    assert len(proposed) <= 2_000
    proposed.clear()
    cells.answer(calls)
    assert proposed == []


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("values", [(1, True, 1.0), (0, False, 0.0), (date(2025, 1, 1), "2025-01-01", 45658)])
def test_values_that_python_takes_for_equal_are_read_for_themselves(tiny_folder, values, place):
    def calls(value):
        given = ["2025-Q1", "channel", "web"]
        given[place] = value
        in_range = CellCall("KPI_WIN_RATE", ("2025-Q1", "channel", ((value, "web"),)))
        return CellCall("KPI_WIN_RATE", tuple(given)), in_range

    alone = []
    for value in values:
        cells = Cells(tiny_folder)
        alone += cells.answer(calls(value)).results
        cells.close()
    together = Cells(tiny_folder)
    assert together.answer([call for value in values for call in calls(value)]).results == alone
    together.close()
    assert len({exact(value) for value in values}) == 3


def test_a_kept_refusal_keeps_nothing_of_what_was_asked_with_it():
    class Large:
        pass

    def refused() -> int:
        large = Large()  # noqa: F841  hangs on the traceback
        try:
            raise ValueError("inner")
        except ValueError:
            raise BadPeriod("only here", "is not a period")  # noqa: B904  the context is what is tested

    kept = KeptReadings(60)
    for _ in range(3):
        with pytest.raises(BadPeriod, match="period 'only here': is not a period"):
            kept.read("x", refused)
    gc.collect()
    held = [each for each in gc.get_objects() if isinstance(each, BadPeriod) and each.text == "only here"]
    assert not any(isinstance(each, Large) for each in gc.get_objects())
    assert [(each.__traceback__, each.__context__) for each in held] == [(None, None)]


def test_what_passes_is_not_kept_and_what_stays_is():
    kept, asked = KeptReadings(60), []

    def read(error):
        asked.append(error)
        raise error

    for error in (WarehouseError("locked"), OSError("gone"), BadArgument("no")):
        for _ in range(2):
            with pytest.raises(type(error)):
                kept.read("x", lambda error=error: read(error))
    assert [type(each) for each in asked] == [WarehouseError] * 2 + [OSError] * 2 + [BadArgument]


def test_long_values_are_read_each_time_and_make_no_key():
    assert exact("a" * 255) == "a" * 255
    assert exact("a" * 256) is None
    assert exact((("a" * 256,),)) is None
    assert exact((("a",),) * 1_001) is None
