"""Answers as records, as a table for people, as a DataFrame; changes and numbers as people read them."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kpicore import (
    COUNT,
    DAYS,
    HIGHER,
    LOWER,
    MONEY,
    NEUTRAL,
    SHARE,
    Answer,
    Better,
    Config,
    KpiError,
    Metric,
    Period,
    Question,
    Result,
    Unit,
    Workspace,
    average,
    change,
    count,
    is_good,
    number,
    total,
)
from kpicore_crm.testing import load_tiny_company
from tests.crm import crm_plugins

WON = count("opportunity", when="closed_on", where="outcome = 'won'")
METRICS = (
    Metric(
        "win_rate",
        name="Win rate",
        unit=SHARE,
        better=HIGHER,
        formula="won / base",
        variants={
            "closed": {"won": WON, "base": count("opportunity", when="closed_on")},
            "created": {"won": WON, "base": count("opportunity", when="created_on")},
        },
    ),
    Metric("sales", name="Sales", unit=MONEY, inputs={"v": total("opportunity", "amount", when="closed_on")}),
    Metric(
        "cycle",
        name="C",
        unit=DAYS,
        inputs={"v": average("opportunity", "days(created_on, closed_on)", when="closed_on")},
    ),
    Metric("orders", name="O", unit=COUNT, inputs={"v": count("order", when="ordered_on")}),
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder: Path = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    plugins = crm_plugins(metrics=tuple(("test", each) for each in METRICS))
    with Workspace(Config(folder, "Tiny"), plugins) as opened:
        yield opened


def test_a_record_has_what_the_json_promises(tiny: Workspace) -> None:
    [record] = tiny.get("win_rate", "2025-Q1", where={"rep": ["Bob Ray", "u1"], "channel": "web"}).records()
    assert record["kpi"] == "win_rate"
    assert record["variant"] == "closed"
    assert record["period"] == "2025-Q1"
    assert record["cuts"] == {"channel": "web", "rep": ["Bob Ray", "Ann Lee [u1]"]}
    assert (record["value"], record["unit"], record["reason"]) == (0.5, "share", None)
    assert record["inputs"] == {"won": 1, "base": 2}
    assert record["n"] == 2
    assert record["notes"] == ["2 rows of opportunity have no closed_on and are in no period"]
    assert record["data_time"] == "2025-07-15T12:00:00+00:00"
    assert len(record["definition"]) == 12


def test_records_are_plain_json_numbers(tiny: Workspace) -> None:
    found = tiny.get(["win_rate", "sales", "cycle", "orders"], "2025", grain="quarter", by="rep", compare="previous")
    assert json.loads(json.dumps(found.records(), allow_nan=False)) == found.records()


def test_answers_stand_as_they_were_asked(tiny: Workspace) -> None:
    found = tiny.get(["sales", "win_rate.created"], "2025-H1", by="channel", grain="quarter")
    assert [(record["kpi"], record["cuts"]["channel"], record["period"]) for record in found.records()] == [
        (kpi, channel, period)
        for kpi in ("sales", "win_rate")
        for channel in ("phone", "web")
        for period in ("2025-Q1", "2025-Q2")
    ]


def test_what_it_is_compared_with_stands_beside_it(tiny: Workspace) -> None:
    [rate, sales] = tiny.get(["win_rate", "sales"], "2025-Q2", compare="previous").records()
    assert (rate["compared_period"], rate["compared_value"]) == ("2025-Q1", 4 / 6)
    assert rate["change"] == 3 / 4 - 4 / 6  # points
    assert sales["change"] == (1470 - 1200) / 1200  # a fraction
    [first] = tiny.get("sales", "2025-Q1", compare="previous").records()
    assert (first["compared_value"], first["compared_reason"], first["change"]) == (None, "no_data", None)
    assert "change" not in tiny.get("sales", "2025-Q1").records()[0]


def test_it_prints_as_a_table(tiny: Workspace) -> None:
    assert str(tiny.get(["win_rate", "sales", "cycle"], "2025-Q1")) == (
        "kpi              period       value  n\n"
        "win_rate.closed  2025-Q1      66.7%  6\n"
        "sales            2025-Q1   1,200.00  6\n"
        "cycle            2025-Q1  30.0 days  6"
    )
    shown = str(tiny.get("win_rate", "2025-Q3", by="rep", where={"rep": "u1"}))
    assert shown.startswith("kpi")
    shown = str(tiny.get("win_rate", "2026"))
    assert shown.splitlines()[1].split() == ["win_rate.closed", "2026", "not_started", "0"]


def test_what_it_is_compared_with_is_printed_too(tiny: Workspace) -> None:
    assert str(tiny.get(["win_rate", "sales"], "2025-Q2", compare="previous")) == (
        "kpi              period      value  n    before         change\n"
        "win_rate.closed  2025-Q2     75.0%  4     66.7%  ▲ +8.3 points\n"
        "sales            2025-Q2  1,470.00  4  1,200.00       ▲ +22.5%\n"
        "Compared with 2025-Q1 (2025-01-01..2025-03-31)."
    )


def test_a_dimension_that_is_named_twice_counts_once(tiny: Workspace) -> None:
    assert tiny.get("sales", "2025-Q1", by=["rep", "Rep"]).by == ("rep",)


@pytest.mark.parametrize("as_of", ["2025-05-01", datetime(2025, 5, 1)])
def test_what_is_no_day_to_look_back_from_is_refused(tiny: Workspace, as_of: Any) -> None:
    signatures = {
        function: inspect.signature(function).parameters
        for name, function in inspect.getmembers(Workspace, callable)
        if not name.startswith("_")
    }
    looks_back = {function: parameters for function, parameters in signatures.items() if "as_of" in parameters}
    assert len(looks_back) > 8
    given = {"kpi": "sales", "kpis": "sales", "period": "2025-Q1", "dimension": "rep", "name": "Ann", "given": "2025"}
    for function, parameters in looks_back.items():
        needed = [name for name, parameter in parameters.items() if parameter.default is parameter.empty]
        arguments = {name: given.get(name) for name in needed[1:]}
        with pytest.raises(KpiError, match=r"which is no day\. Give a datetime\.date\."):
            function(tiny, **arguments, as_of=as_of)


def test_a_frame_has_a_column_for_each_cut_and_floats(tiny: Workspace) -> None:
    frame = tiny.get("win_rate", "2025", by="rep", grain="quarter").frame()
    assert list(frame.columns[:2]) == ["rep", "kpi"]
    assert frame["value"].dtype == "float64"
    row = frame[(frame["rep"] == "Bob Ray") & (frame["period"] == "2025-Q1")].iloc[0]
    assert (row["value"], row["n"]) == (0.5, 2)
    later = frame[(frame["rep"] == "Bob Ray") & (frame["period"] == "2025-Q4")].iloc[0]
    assert math.isnan(later["value"])
    assert later["reason"] == "not_started"


def test_a_frame_without_answers_is_an_empty_frame(tiny: Workspace) -> None:
    found = tiny.get("win_rate", "2024", by="rep")
    assert found.records() == []
    assert len(found.frame()) == 0
    assert str(found).splitlines() == ["kpi  period  rep  value  n"]


def test_a_cut_that_is_named_as_a_column_keeps_its_members(tiny: Workspace) -> None:
    frame = tiny.get("orders", "2025-H1", by="status").frame()
    assert dict(zip(frame["status"], frame["value"], strict=True)) == {"cancelled": 1, "completed": 7}


# --- pure parts -----------------------------------------------------------------------------------


def answer(value: float | None, unit: Unit = MONEY, better: Better = HIGHER) -> Answer:
    from datetime import date

    period = Period("2025", date(2025, 1, 1), date(2026, 1, 1))
    return Answer(Question("it", "default", period), value, unit, better)


@pytest.mark.parametrize(
    ("now", "before", "unit", "expected"),
    [
        (120, 100, MONEY, 0.2),
        (80, 100, COUNT, -0.2),
        (0.6, 0.5, SHARE, 0.6 - 0.5),
        (0.5, 0, SHARE, 0.5),
        (100, 0, MONEY, None),
        (100, -50, MONEY, None),  # from a loss to a gain is no percentage
        (-100, 50, MONEY, -3),
        (None, 100, MONEY, None),
        (100, None, MONEY, None),
        (0, 100, MONEY, -1),
    ],
)
def test_a_change_is_points_of_a_share_and_a_fraction_of_the_rest(
    now: float | None, before: float | None, unit: Unit, expected: float | None
) -> None:
    assert change(answer(now, unit), answer(before, unit)) == expected


@pytest.mark.parametrize(
    ("delta", "better", "expected"),
    [
        (0.1, HIGHER, True),
        (-0.1, HIGHER, False),
        (0.1, LOWER, False),
        (-0.1, LOWER, True),
        (0.1, NEUTRAL, None),
        (0.0, HIGHER, None),
        (None, HIGHER, None),
    ],
)
def test_whether_a_change_is_good_news(delta: float | None, better: Better, expected: bool | None) -> None:
    assert is_good(delta, better) is expected


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.6315, SHARE, "63.2%"),  # a half, which goes away from zero: times 100 as a float it is a little less
        (-0.05, SHARE, "-5.0%"),
        (1.5, SHARE, "150.0%"),
        (10005534, MONEY, "10,005,534.00"),
        (2360.9094, MONEY, "2,360.91"),
        (1234567, COUNT, "1,234,567"),
        (51.781973, DAYS, "51.8 days"),
    ],
)
def test_numbers_as_people_read_them(value: float, unit: Unit, text: str) -> None:
    assert number(value, unit) == text


def test_a_result_is_just_its_answers() -> None:
    one = answer(1)
    assert Result((one,)).values() == [1]
    assert Result((one,), (replace(one, value=0.5),)).records()[0]["change"] == 1
