"""Cells over time: new data, changed definitions, a workspace that breaks and is mended; requests as JSON."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import MOST_CALLS, BadArgument, CellCall, CellFailure, Cells, answer_json, cell_from_json, cell_to_json
from kpicore_crm.testing import load_tiny_company

OWN = """
[metric.all_deals]
name = "All deals"
unit = "count"
inputs.deals = { count = "opportunity", when = "created_on" }
"""

WON = CellCall("KPI_WON_DEALS", ("2025-Q1",))


def test_answers_tell_version_time_and_stamp(tiny_cells):
    found = tiny_cells.answer([WON])
    assert found.results == [4.0]
    assert found.data_version and found.stamp == tiny_cells.stamp()
    assert found.data_time.isoformat() == "2025-07-15T12:00:00+00:00"


def test_new_data_is_seen_by_the_next_batch(tmp_path):
    load_tiny_company(tmp_path / "a")
    load_tiny_company(tmp_path / "b", timezone="Europe/Berlin")
    cells = Cells(tmp_path / "a")
    before = cells.answer([WON])
    shutil.copy(tmp_path / "b" / "kpi.toml", tmp_path / "a" / "kpi.toml")
    os.replace(tmp_path / "b" / "warehouse.duckdb", tmp_path / "a" / "warehouse.duckdb")
    after = cells.answer([WON])
    assert (before.results, after.results) == ([4.0], [3.0])
    assert before.stamp != after.stamp


def test_a_workspace_that_breaks_shows_errors_and_recovers(tmp_path):
    load_tiny_company(tmp_path)
    cells = Cells(tmp_path)
    sound = (tmp_path / "kpi.toml").read_text()
    (tmp_path / "kpi.toml").write_text("[workspace\n")
    [failure] = cells.answer([WON]).results
    assert isinstance(failure, CellFailure) and failure.code == "#N/A" and "kpi.toml" in failure.message
    (tmp_path / "kpi.toml").write_text(sound)
    assert cells.answer([WON]).results == [4.0]


def test_a_folder_that_is_no_workspace_is_an_error_in_each_cell(tmp_path):
    found = Cells(tmp_path / "nowhere").answer([WON, WON]).results
    assert [each.code for each in found] == ["#N/A", "#N/A"]


def test_calculators_work_before_anything_is_loaded(tmp_path):
    (tmp_path / "kpi.toml").write_text('[workspace]\nname = "Empty"\n')
    cells = Cells(tmp_path)
    assert cells.answer([CellCall("KPI_CAC_CALC", (10_000, 20))]).results == [500.0]
    [failure] = cells.answer([WON]).results
    assert failure.code == "#N/A" and "kpi import" in failure.message


def test_a_kpi_that_is_removed_is_a_name_error_in_the_cells_that_still_ask_for_it(tmp_path):
    load_tiny_company(tmp_path)
    (tmp_path / "metrics").mkdir()
    own = tmp_path / "metrics" / "own.toml"
    own.write_text(OWN)
    cells, call = Cells(tmp_path), CellCall("KPI_ALL_DEALS", ("2025-Q1",))
    assert cells.answer([call, WON]).results == [8.0, 4.0]
    own.unlink()
    gone, won = cells.answer([call, WON]).results
    assert (gone.code, won) == ("#NAME?", 4.0)


def test_threads_get_the_same_numbers(tiny_cells):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: tiny_cells.answer([WON]).results, range(50)))
    assert found == [[4.0]] * 50


def test_a_request_as_json(tiny_cells):
    request = {"calls": [["KPI_WON_DEALS", ["2025-Q1"]], ["KPI_WON_DEALS", [None]], ["KPI_ASOF", []]]}
    response = json.loads(json.dumps(answer_json(tiny_cells, request), allow_nan=False))
    won, failure, time = response["results"]
    assert won == 4
    assert (failure["error"], "is empty" in failure["message"]) == ("#VALUE!", True)
    assert time == {"date": "2025-07-15T12:00:00"}
    assert response["data_time"] == "2025-07-15T12:00:00+00:00"
    assert response["stamp"] == tiny_cells.stamp()


@pytest.mark.parametrize(
    "request_",
    [
        None,
        [],
        {},
        {"calls": "KPI"},
        {"calls": {}},
    ],
)
def test_a_request_that_is_none_is_refused_in_one_line(tiny_cells, request_):
    with pytest.raises(BadArgument) as refused:
        answer_json(tiny_cells, request_)
    assert "\n" not in str(refused.value)


def test_more_calls_than_one_request_may_hold_are_refused(tiny_cells):
    with pytest.raises(BadArgument, match="2,001 calls"):
        answer_json(tiny_cells, {"calls": [["KPI_ASOF", []]] * (MOST_CALLS + 1)})


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.dates(date(1900, 1, 1)),
    st.datetimes(datetime(1900, 1, 1)),
    st.builds(CellFailure, st.sampled_from(["#N/A", "#REF!", "#DIV/0!"]), st.text(max_size=10)),
)


@given(st.one_of(SCALARS, st.lists(st.tuples(SCALARS, SCALARS), max_size=3).map(tuple)))
def test_a_value_survives_json(value):
    assert cell_from_json(json.loads(json.dumps(cell_to_json(value)))) == value


@given(st.lists(SCALARS, max_size=6))
def test_whatever_the_arguments_a_cell_shows_a_number_or_an_error(tiny_cells, arguments):
    for name in ("KPI_WIN_RATE", "KPI", "KPI_WIN_RATE_CALC", "KPI_PERIOD", "KPI_TABLE", "KPI_TARGET"):
        [found] = tiny_cells.answer([CellCall(name, tuple(arguments))]).results
        assert isinstance(found, float | str | tuple | CellFailure)
