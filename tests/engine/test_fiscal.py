"""Answers by fiscal months of whole weeks and of a list, against SQL over the same rows by literal dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from kpicore import (
    COUNT,
    MONEY,
    BadConfig,
    Input,
    KpiError,
    Metric,
    Workspace,
    average,
    count,
    distinct,
    median,
    open_workspace,
    per,
    total,
)
from tests.engine.worlds import at, config_of, load_tables, workspace

# One order a day, of 1, 2, 3, … euros, by customers c0 to c4 in turn.
FIRST, DAYS = date(2023, 1, 1), 820
ORDERS = "id customer_id ordered_at amount\n" + "\n".join(
    f"o{each} c{each % 5} {FIRST + timedelta(days=each)} {each + 1}" for each in range(DAYS)
)
RETAIL = {"week_starts": 6, "fiscal_starts": 2, "pattern": "4-5-4", "fiscal_named": "start"}
INPUTS: dict[str, tuple[Input, str]] = {
    "orders": (count("order", when="ordered_on"), "count(*)"),
    "sales": (total("order", "amount", when="ordered_on"), "sum(amount)"),
    "mean": (average("order", "amount", when="ordered_on"), "avg(amount)"),
    "middle": (median("order", "amount", when="ordered_on"), "median(amount)"),
    "buyers": (distinct("order", "customer_id", when="ordered_on"), "count(DISTINCT customer)"),
    "most": (
        count(per("customer_id", count("order", when="ordered_on")), where="value > 5"),
        "max((SELECT count(*) FROM (SELECT customer FROM o WHERE {day} GROUP BY customer HAVING count(*) > 5)))",
    ),
}
METRICS = tuple(
    Metric(name, name=name, unit=COUNT if name != "sales" else MONEY, formula="it", inputs={"it": given})
    for name, (given, _) in INPUTS.items()
)


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    config = config_of(tmp_path_factory.mktemp("retail"), **RETAIL)
    load_tables(config, {"order": ORDERS}, at=at("2025-03-30"))
    with workspace(config, METRICS) as opened:
        yield opened


def by_sql(name: str, first: str, last: str) -> float:
    rows = f"""
        WITH o AS (SELECT DATE '{FIRST}' + CAST(i AS INTEGER) AS day, i + 1 AS amount, i % 5 AS customer
                   FROM range({DAYS}) AS t(i))
    """
    day = f"day BETWEEN DATE '{first}' AND DATE '{last}'"
    [(found,)] = duckdb.sql(f"{rows} SELECT {INPUTS[name][1].format(day=day)} FROM o WHERE {day}").fetchall()
    return float(found)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("FY2023", "2023-01-29", "2024-02-03"),
        ("FY2023-H2", "2023-07-30", "2024-02-03"),
        ("FY2023-Q4", "2023-10-29", "2024-02-03"),
        ("FY2023-M12", "2023-12-31", "2024-02-03"),
        ("FY2024-P02", "2024-03-03", "2024-04-06"),
        ("FY2024-M02..FY2024-M04", "2024-03-03", "2024-06-01"),
        ("2024-W10", "2024-03-03", "2024-03-09"),
    ],
)
def test_every_input_of_a_fiscal_period_equals_sql(retail: Workspace, period: str, first: str, last: str) -> None:
    for name in INPUTS:
        assert retail.get(name, period).answers[0].value == pytest.approx(by_sql(name, first, last), rel=1e-12), name


def test_the_fiscal_months_of_a_year_add_up_to_it_and_its_quarters(retail: Workspace) -> None:
    months = [answer.value or 0 for answer in retail.get("sales", "FY2023", grain="fiscal month").answers]
    quarters = [answer.value or 0 for answer in retail.get("sales", "FY2023", grain="fiscal_quarter").answers]
    assert [answer.n for answer in retail.get("sales", "FY2023", grain="fiscal month").answers] == [
        28, 35, 28, 28, 35, 28, 28, 35, 28, 28, 35, 35,
    ]  # fmt: skip
    assert [sum(months[each : each + 3]) for each in (0, 3, 6, 9)] == quarters
    assert (
        sum(quarters) == retail.get("sales", "FY2023").answers[0].value == by_sql("sales", "2023-01-29", "2024-02-03")
    )


def test_a_fiscal_month_in_progress_is_compared_with_as_many_days_of_the_month_before(retail: Workspace) -> None:
    # the data is of 30 March 2025: day 29 of 35 of FY2025-M02, while FY2025-M01 had 28
    found = retail.get("orders", "this fiscal month", compare="previous")
    assert found.answers[0].question.period.key == "FY2025-M02"
    assert (found.answers[0].value, found.compared[0].value) == (29, 28)
    found = retail.get("orders", "this fiscal month", compare="year")
    assert found.compared[0].question.period.key == "2024-03-03..2024-03-31"
    assert found.compared[0].value == 29


def test_another_pattern_than_that_of_the_load_is_refused_where_the_calendar_may_not_be_made_anew(
    retail: Workspace,
) -> None:
    for changed in ({"pattern": "4-4-5"}, {"first_week": "first"}, {"fiscal_named": "end"}):
        config = config_of(retail.config.folder, **{**RETAIL, **changed})
        with Workspace(config, retail.plugins, may_remake=False) as opened:
            assert opened.get("orders", "2024").answers[0].value == 366
            with pytest.raises(KpiError, match=r"the fiscal months have changed.*Run: kpi remake"):
                opened.get("orders", "FY2024-M03")


LISTED = "month,first_day,last_day\nFY2024-M01,2024-01-01,2024-01-31\nFY2024-M02,2024-02-01,2024-03-02\n"


def test_listed_fiscal_months_answer_and_what_is_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fiscal.csv").write_text(LISTED, encoding="utf-8")
    config = config_of(tmp_path, fiscal_months="fiscal.csv")
    load_tables(config, {"order": ORDERS}, at=at("2025-03-30"))
    with workspace(config, METRICS) as opened:
        for name in INPUTS:
            found = opened.get(name, "FY2024-M02").answers[0].value
            assert found == pytest.approx(by_sql(name, "2024-02-01", "2024-03-02"), rel=1e-12)
        assert opened.get("orders", "2024").answers[0].value == 366
        with pytest.raises(KpiError, match="outside the fiscal months listed, 2024-01-01 to 2024-03-02"):
            opened.get("orders", "FY2024")
        with pytest.raises(KpiError, match="outside the fiscal months listed"):
            opened.get("orders", "FY2024-M01", compare="year")


def test_a_fiscal_calendar_with_a_gap_is_refused_when_the_workspace_is_opened(tmp_path: Path) -> None:
    (tmp_path / "kpi.toml").write_text('[calendar]\nfiscal_months = "fiscal.csv"\n', encoding="utf-8")
    (tmp_path / "fiscal.csv").write_text(LISTED.replace("2024-02-01", "2024-02-03"), encoding="utf-8")
    with pytest.raises(BadConfig, match=r"fiscal\.csv line 3: FY2024-M01 ends on 2024-01-31, FY2024-M02 begins on"):
        open_workspace(tmp_path)
