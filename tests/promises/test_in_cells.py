"""The promises of hosts, as far as they are kept in the meaning of a cell, which every host shares.

What is left to each host (its queue, its own separators, its recalculation) is tested where the host is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore import (
    MOST_CALLS,
    BadArgument,
    CellCall,
    CellFailure,
    CellResult,
    Cells,
    CellValue,
    Workspace,
    answer_json,
    open_workspace,
)
from kpicore_crm.testing import load_tiny_company


@pytest.fixture(scope="module")
def cells(tiny: Workspace) -> Iterator[Cells]:
    found = Cells(tiny.config.folder)
    yield found
    found.close()


def shown(cells: Cells, *arguments: CellValue, name: str = "KPI_WIN_RATE") -> CellResult:
    [result] = cells.answer([CellCall(name, arguments)]).results
    return result


@pytest.mark.parametrize("arguments", [("45747",), ("2025,0",), ("2.025",), ("2025-Q1", "channel", 5)])
def test_promise_18_values_are_numbers_and_numbers_as_text_are_refused(
    cells: Cells, arguments: tuple[CellValue, ...]
) -> None:
    refused = shown(cells, *arguments)
    assert isinstance(refused, CellFailure) and refused.code == "#VALUE!"
    assert shown(cells, "2025-Q1") == 4 / 6


def test_promise_22_the_stamp_changes_with_the_data_and_the_definitions_and_else_stays(tmp_path: Path) -> None:
    load_tiny_company(tmp_path)
    cells = Cells(tmp_path)
    first = cells.answer([CellCall("KPI_WIN_RATE", ("2025-Q1",))]).stamp
    assert cells.stamp() == cells.answer([CellCall("KPI_AOV", ("2025-Q1",))]).stamp == first
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "own.toml").write_text(
        '[metric.all_deals]\nname = "All deals"\nunit = "count"\n'
        'inputs.deals = { count = "opportunity", when = "created_on" }\n',
        encoding="utf-8",
    )
    second = cells.stamp()
    load_tiny_company(tmp_path / "other", timezone="Europe/Berlin")
    (tmp_path / "other" / "warehouse.duckdb").replace(tmp_path / "warehouse.duckdb")
    assert len({first, second, cells.stamp()}) == 3


def test_promise_23_a_request_holds_two_thousand_questions_and_no_more(cells: Cells) -> None:
    assert MOST_CALLS == 2000
    call = ["KPI_WIN_RATE", ["2025-Q1"]]
    assert answer_json(cells, {"calls": [call] * 2000})["results"] == [4 / 6] * 2000
    with pytest.raises(BadArgument):
        answer_json(cells, {"calls": [call] * 2001})


@pytest.mark.parametrize("pairs", [("rep",), ("rep", None), ("rep", ""), ("rep", "u1", "channel")])
def test_promise_24_an_empty_cell_and_half_a_pair_are_refused(cells: Cells, pairs: tuple[CellValue, ...]) -> None:
    refused = shown(cells, "2025-Q1", *pairs)
    assert isinstance(refused, CellFailure) and refused.code == "#VALUE!"


def test_promise_25_a_cell_shows_the_engines_value(cells: Cells, tiny: Workspace) -> None:
    with open_workspace(tiny.config.folder) as opened:
        found = 0
        for id, metric in opened.registry.metrics.items():
            if metric.grains or any(metric.variant(name).needs_cut for name in metric.variant_names):
                continue
            [answer] = opened.get(id, "2025-Q2").answers
            if answer.value is not None:
                assert shown(cells, "2025-Q2", name=f"KPI_{id}") == pytest.approx(answer.value, rel=1e-12, abs=1e-9)
                found += 1
    assert found > 30
