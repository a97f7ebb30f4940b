"""One span of days has one answer, however it is written: for every KPI, in calendars of every kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpicore import Grain, KpiError, Period, Question, Workspace, load_plugins
from kpicore_crm.testing import DATA_TIME, tiny_company
from tests.calendar.spellings import spellings
from tests.engine.worlds import config_of

_LISTED = """month,first_day,last_day
FY2025-M01,2025-01-01,2025-01-31
FY2025-M02,2025-02-01,2025-02-26
FY2025-M03,2025-02-27,2025-03-31
FY2025-M04,2025-04-01,2025-05-05
FY2025-M05,2025-05-06,2025-06-30
FY2025-M06,2025-07-01,2025-07-31
"""
CALENDARS: Mapping[str, Mapping[str, object]] = {
    "fiscal years are calendar years": {},
    "fiscal years from April, weeks from Sunday": {"fiscal_starts": 4, "week_starts": 6},
    "months of whole weeks": {"week_starts": 6, "fiscal_starts": 2, "pattern": "4-4-5", "fiscal_named": "start"},
    "listed months": {"fiscal_months": "fiscal.csv"},
}


class Said(NamedTuple):
    """What is the same of one span of days, whatever it is called."""

    value: float | None
    reason: str | None
    n: int
    inputs: dict[str, float | None]
    target: float | None
    before: tuple[date, date]
    value_before: float | None


@pytest.fixture(scope="module", params=CALENDARS)
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Give the tiny company with the KPIs of the packs, in a calendar."""
    folder: Path = tmp_path_factory.mktemp("company")
    (folder / "fiscal.csv").write_text(_LISTED, encoding="utf-8")
    config = config_of(folder, **CALENDARS[request.param])
    with Workspace(config, load_plugins(())) as opened:
        opened.load([tiny_company(opened.registry)], data_time=DATA_TIME)
        yield opened


def said(company: Workspace, questions: list[Question]) -> list[Said | str]:
    """Return what is answered to each question, and to the same of the period before."""
    before_them = {question: company.earlier(question, "previous") for question in questions}
    refused = {
        question: company.engine.refusal(question) or company.engine.refusal(before_them[question])
        for question in questions
    }
    asked = [question for question in questions if not refused[question]]
    earlier = [before_them[question] for question in asked]
    answers = dict(zip(asked, company.engine.answer(asked), strict=True))
    before = dict(zip(asked, company.engine.answer(earlier), strict=True))
    return [
        refused[question].replace(question.period.key, "…").replace(before_them[question].period.key, "…")
        if refused[question]
        else Said(
            answers[question].value,
            answers[question].reason,
            answers[question].n,
            dict(answers[question].inputs),
            company.engine.target(question),
            (before[question].question.period.start, before[question].question.period.end),
            before[question].value,
        )
        for question in questions
    ]


def every_question(company: Workspace, period: Period) -> list[Question]:
    return [
        Question(id, variant, period)
        for id, metric in company.registry.metrics.items()
        for variant in metric.variant_names
    ]


@given(data=st.data(), grain=st.sampled_from(list(Grain)), day=st.dates(date(2025, 1, 5), date(2025, 7, 25)))
@settings(derandomize=True, max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_kpi_answers_the_same_of_the_same_days(
    company: Workspace, data: st.DataObject, grain: Grain, day: date
) -> None:
    calendar = company.calendar
    try:
        unit = calendar.containing(grain, day)
        one = calendar.between(unit.start, unit.last)
        calendar.previous(one, today=day)
    except KpiError:  # outside the listed months
        return
    fiscal_differs = not calendar.grid.fiscal.are_calendar_months
    texts = [
        spelling
        for spelling in spellings(calendar, unit)
        if not (fiscal_differs and "fy" in str(spelling).casefold() and "FY" not in one.key)
    ]
    expected = said(company, every_question(company, one))
    for text in data.draw(st.lists(st.sampled_from(texts), min_size=1, max_size=3, unique=True)):
        found = said(company, every_question(company, company.period(text)))
        for question, was, now in zip(every_question(company, one), expected, found, strict=True):
            assert now == was, (question.metric, question.variant, text)


def test_monthly_growth_is_the_same_of_a_month_however_it_is_written(company: Workspace) -> None:
    values = {
        text: company.get("monthly_sales_growth", text).answers[0].value
        for text in ("2025-03", "2025-03-01..2025-03-31", "2025-03..2025-03", "март 2025")
    }
    assert set(values.values()) == {values["2025-03"]} != {None}
    starts = company.config.fiscal_starts
    if company.calendar.grid.fiscal.are_calendar_months:
        fiscal = "FY2025-M03" if starts == 1 else "FY2025-M12"
        assert company.get("monthly_sales_growth", fiscal).answers[0].value == values["2025-03"]


def test_a_target_is_found_however_its_days_are_written(company: Workspace) -> None:
    texts = ["2025-Q1", "2025-01..2025-03", "2025-01-01..2025-03-31", "2025年1季度"]
    if company.config.fiscal_starts == 1:
        texts.append("FY2025-Q1")
    assert [company.target("total_sales", text).value for text in texts] == [1250] * len(texts)
    assert company.target("total_sales", "trailing 3 months").reason == "no_target"
    assert [attainment.target for attainment in company.attainments("2025-01..2025-03")] == [1250, 400]


def test_what_passes_the_check_has_an_answer_in_every_period_that_there_is(company: Workspace) -> None:
    refusals = ""
    for key in [f"FY2025-M{month:02}" for month in range(1, 7)]:
        questions = every_question(company, company.period(key))
        refused = {question: company.engine.refusal(question) for question in questions}
        asked = [question for question in questions if not refused[question]]
        assert [answer.question for answer in company.engine.answer(asked)] == asked
        refusals += "".join(refused.values())
    # lagged CAC reads a month before the first that is listed
    assert ("lies outside the fiscal months listed" in refusals) == bool(company.config.fiscal_months)


def test_guards_of_the_first_month_of_the_calendar_stand_without_the_month_before(company: Workspace) -> None:
    for question in every_question(company, company.period("FY2025-M01")):
        if not company.engine.refusal(question) and company.registry.metric(question.metric).guards:
            result = company.get(f"{question.metric}.{question.variant}", "FY2025-M01", guards=True)
            assert len(result.guarded[0]) == len(company.registry.metric(question.metric).guards)
