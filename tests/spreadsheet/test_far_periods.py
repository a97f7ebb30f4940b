"""Periods of thousands of years, and at the ends of the calendar: answered or refused, and never large in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from kpicore import Answer, CellCall, CellFailure, Engine, GivenUp, Question

FAR = ["0001", "9998", "0001..9998", "0001-01-02..9998-12-30", "0001-W02..9997-W51", "FY0002..FY9998", "9998-12-31"]


@pytest.mark.parametrize(
    "period", ["1975-12..2025-12", "0001..9998", "0001-01-08..9998-06-28", "0001-01-02..9998-12-30"]
)
def test_a_period_of_thousands_of_years_counts_what_is_in_it(cell, period):
    assert cell("KPI_WON_DEALS", period) == 7
    assert cell("KPI_AOV", period) == pytest.approx(2220 / 7)


@pytest.mark.parametrize("period", FAR)
def test_every_kpi_is_answered_or_refused_for_periods_at_the_ends_of_the_calendar(tiny_cells, period):
    names = [function.name for function in tiny_cells.functions() if function.kind == "kpi"]
    asked = [CellCall(name, (period,)) for name in names]
    asked += [CellCall("KPI_EXPLAIN", (name.removeprefix("KPI_"), period)) for name in names]
    asked += [CellCall(each, ("total_sales", period)) for each in ("KPI_TARGET", "KPI_ATTAINMENT")]
    found = tiny_cells.answer(asked).results
    assert len(found) == len(asked) > 200
    assert not [each for each in map(str, found) if "internal error" in each]


def test_what_stood_before_the_first_day_of_all_is_refused(cell):
    shown = cell("KPI_REVENUE_CHURN", "0001..9998")
    assert isinstance(shown, CellFailure)
    assert "the day before 0001-01-01" in shown.message


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2025, 6, 30, 23, 30), date(2025, 6, 30)),
        (datetime(2025, 6, 30, 23, 30, tzinfo=UTC), date(2025, 6, 30)),
        (datetime(2025, 6, 30, 23, 30, tzinfo=timezone(timedelta(hours=-5))), date(2025, 7, 1)),
        (datetime(2025, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=2))), date(2025, 6, 30)),
    ],
)
def test_a_moment_is_of_the_same_day_as_a_period_and_as_a_day_to_look_back_from(cells, monkeypatch, moment, day):
    asked = list[Question]()
    monkeypatch.setattr(Engine, "answer", lambda _, questions: asked.extend(questions) or [])
    cells.answer([CellCall("KPI_WON_DEALS", (moment,)), CellCall("KPI_WON_DEALS", ("2025", "as_of", moment))])
    assert [asked[0].period.start, asked[1].as_of] == [day, day]


def test_what_was_answered_as_of_a_day_stays_when_the_batch_takes_too_long(cells, monkeypatch):
    first, second = date(2025, 6, 5), date(2025, 6, 6)
    usual, days = Engine.answer, list[date | None]()

    def answer(engine: Engine, questions: Sequence[Question]) -> list[Answer]:
        if engine.past is not None:
            days.append(questions[0].as_of)
            if questions[0].as_of == second:
                raise GivenUp
        return usual(engine, questions)

    monkeypatch.setattr(Engine, "answer", answer)
    as_of_first, as_of_second = (CellCall("KPI_WON_DEALS", ("2025", "as_of", day)) for day in (first, second))
    with pytest.raises(GivenUp):
        cells.answer([as_of_first, as_of_second])
    assert days == [first, second]
    assert cells.answer([as_of_first]).results == [6]
    assert days == [first, second]
