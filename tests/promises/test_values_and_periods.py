"""Promises 1 to 10: what a value, a period, a day and a currency mean. Hosts have tests of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpicore import (
    COUNT,
    Answer,
    BadDefinition,
    Definitions,
    Metric,
    Workspace,
    average,
    count,
    open_workspace,
    standing,
)
from kpicore_crm.testing import load_tiny_company
from tests.crm import SETTINGS, crm_registry
from tests.engine.worlds import at, config_of, load_tables, only, sharing
from tests.said import note_texts, note_words


def one(opened: Workspace, kpi: str, period: object, **more: object) -> Answer:
    [found] = opened.get(kpi, period, **more).answers  # type: ignore[arg-type]
    return found


def given(folder: Path, tables: dict[str, str], day: str = "2025-07-15", settings: str = "") -> Workspace:
    """Return a workspace of own tables with the KPIs of the packs."""
    config = config_of(folder)
    load_tables(config, tables, at=at(day))
    (folder / "kpi.toml").write_text(f'[workspace]\nname = "Own"\n{settings}', encoding="utf-8")
    return open_workspace(folder)


def test_promise_1_empty_is_zero_no_rows_or_a_reason(tiny: Workspace) -> None:
    empty = "2025-06-01..2025-06-10"
    assert (one(tiny, "won_deals", empty).value, one(tiny, "won_deals", empty).n) == (0, 0)
    assert (one(tiny, "total_sales", empty).value, one(tiny, "total_sales", empty).n) == (0, 0)
    assert one(tiny, "win_rate", empty).reason == "zero_denominator"
    assert one(tiny, "sales_cycle", empty).reason == "no_rows"
    assert one(tiny, "win_rate", "2019").reason == "no_data"
    missing = one(tiny, "total_sales.collected", "2025-Q1")
    assert (missing.reason, note_words(missing.detail)) == ("not_loaded", "no payment was loaded")


def test_promise_2_a_period_in_progress_is_to_date_and_compared_with_the_same_part(tmp_path: Path) -> None:
    orders = """
        id ordered_at amount status
        a1 2025-03-05 10     completed
        a2 2025-03-20 500    completed
        a3 2025-04-10 30     completed
    """
    with given(tmp_path, {"order": orders}, "2025-04-11") as opened:
        april = opened.get("revenue", "2025-04", compare="previous")
        assert note_texts(april.answers[0].notes)[0] == "to date, 11 of 30 days"
        assert (april.answers[0].value, april.compared[0].value) == (30, 10)
        assert one(opened, "sales_growth", "2025-04").value == 2
        assert opened.get("revenue", "2025-04", compare="previous-full").compared[0].value == 510


def test_promise_3_a_future_period_has_not_started_except_on_plan_dates(tiny: Workspace) -> None:
    assert one(tiny, "win_rate", "2025-09").reason == "not_started"
    assert one(tiny, "pipeline_count", "2025-09").reason == "not_started"
    expected = only(it=count("opportunity", when="expected_close_on", where="outcome = 'open'"))
    assert one(sharing(tiny, (expected,)), "it", "2025-08").value == 1


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2025-03", "2025-02"),
        ("2025-Q1", "2024-Q4"),
        ("2025-W01", "2024-W52"),
        ("FY2025-Q1", "FY2024-Q4"),
        ("2025-03-11..2025-03-20", "2025-03-01..2025-03-10"),
        ("2025-01-01..2025-03-31", "2024-Q4"),
        ("2025-01..2025-02", "2024-11-01..2024-12-31"),
        ("2025-02-01..2025-02-28", "2025-01"),
        ("mtd", "2025-06-01..2025-06-15"),
        ("ytd", "2024-01-01..2024-07-15"),
    ],
)
def test_promise_4_previous_is_the_neighbour_as_many_months_or_days_or_the_same_span_a_unit_earlier(
    tiny: Workspace, period: str, before: str
) -> None:
    found = tiny.get("won_deals", period, compare="previous")
    assert found.compared[0].question.period.key == before


def test_promise_4_every_comparison_names_the_days_it_compared_with(tiny: Workspace) -> None:
    found = tiny.get("won_deals", "2025-Q2", compare="previous")
    assert str(found).splitlines()[-1] == "Compared with 2025-Q1 (2025-01-01..2025-03-31)."
    [told] = found.records()
    assert [told[f"compared_{each}"] for each in ("period", "first_day", "last_day")] == [
        "2025-Q1", "2025-01-01", "2025-03-31",
    ]  # fmt: skip


def test_promise_5_an_immature_cohort_says_so(tiny: Workspace) -> None:
    assert note_texts(one(tiny, "win_rate.created", "2025-06").notes)[0].startswith("maturing: ")
    assert note_texts(one(tiny, "win_rate.created", "2025-06").notes)[0].endswith("until 2025-07-30")
    assert not any("maturing" in text for text in note_texts(one(tiny, "win_rate.created", "2025-05").notes))
    assert not any("maturing" in text for text in note_texts(one(tiny, "win_rate.closed", "2025-06").notes))


def test_promise_6_a_timestamp_becomes_a_local_day_once_and_the_zone_is_part_of_the_version(tmp_path: Path) -> None:
    versions = set()
    for zone, first_quarter, days in (("UTC", 1000, 39), ("Europe/Berlin", 600, 40)):
        folder = tmp_path / zone.replace("/", "_")
        load_tiny_company(folder, timezone=zone)
        with open_workspace(folder) as opened:
            assert one(opened, "total_sales", "2025-Q1").value == first_quarter
            versions.add(one(opened, "total_sales", "2025-Q1").data_version)
            # o6 took 39 whole days in UTC, 40 in Berlin
            cycle = only(it=average("opportunity", "days(created_on, closed_on)", when="closed_on"))
            assert one(sharing(opened, (cycle,)), "it", "2025-03-31..2025-04-01").value == days
    assert len(versions) == 2


def test_promise_7_as_of_moves_the_clock_and_reads_the_log(tmp_path: Path) -> None:
    deals = "id created_at closed_at outcome amount\nd1 2025-01-10 - open 100\nd2 2025-01-10 2025-02-20 won 50"
    later = "id created_at closed_at outcome amount\nd1 2025-01-10 - open 300\nd3 2025-03-20 - open 1000"
    load_tables(config_of(tmp_path), {"opportunity": deals}, at=at("2025-03-01"))
    with given(tmp_path, {"opportunity": later}, "2025-04-10") as opened:
        assert one(opened, "pipeline_value", "2025-04").value == 1300
        assert one(opened, "pipeline_value", "2025-03", as_of=date(2025, 3, 10)).value == 100
        assert one(opened, "pipeline_value", "2025-02", as_of=date(2025, 2, 10)).value == 150
        notes = note_texts(one(opened, "pipeline_value", "2025-02", as_of=date(2025, 2, 10)).notes)
        assert any("before the first load on 2025-03-01 is not known" in note for note in notes)


def test_promise_8_alive_is_since_up_to_but_not_at_until(tmp_path: Path) -> None:
    rows = """
        id customer_id started_on ended_on   monthly_amount
        m1 c1          2025-01-01 2025-02-01 1
        m2 c2          2025-01-31 -          10
        m3 c3          2025-02-01 -          100
        m4 c4          2025-01-20 2025-01-10 1000
    """
    with given(tmp_path, {"subscription": rows}) as opened:
        assert one(opened, "mrr", "2025-01").value == 11
        assert one(opened, "mrr", "2025-02-01").value == 110
        assert any("ends before it starts" in text for text in note_texts(one(opened, "mrr", "2025-01").notes))


def test_promise_8_a_standing_input_may_not_test_the_outcome_of_today() -> None:
    bad = standing("opportunity", since="created_on", until="closed_on", where="outcome = 'open'")
    registry = crm_registry(metrics=(("me", Metric("it", name="I", unit=COUNT, inputs={"v": bad})),))
    with pytest.raises(BadDefinition, match="may not test 'outcome'"):
        Definitions(registry, SETTINGS).get("it", "default")


def test_promise_9_amounts_are_converted_at_the_rate_of_their_own_date(tmp_path: Path) -> None:
    orders = """
        id ordered_at amount currency status
        a1 2025-01-10 100    EUR      completed
        a2 2025-02-10 100    EUR      completed
        a3 2025-02-10 100    GBP      completed
        a4 2025-02-10 100    USD      completed
    """
    rates = "currency rate_on rate\nEUR 2025-01-01 1.5\nEUR 2025-02-01 2"
    with given(tmp_path, {"order": orders, "fx_rate": rates}) as opened:
        assert one(opened, "revenue", "2025-01").value == 150
        february = one(opened, "revenue", "2025-02")
        assert (february.value, february.n) == (300, 2)
        assert (
            "1 row has no rate for GBP: its amounts are left empty; import fx_rate: currency, rate_on, rate"
            in note_texts(february.notes)
        )
        assert "1 of 3 rows of order left out: no amount" in note_texts(february.notes)


def test_promise_10_a_week_belongs_to_one_year_and_keys_are_the_organisations(tmp_path: Path) -> None:
    orders = """
        id ordered_at amount status
        a1 2024-12-30 1      completed
        a2 2025-01-05 10     completed
        a3 2025-01-06 100    completed
    """
    with given(tmp_path / "iso", {"order": orders}) as opened:
        # Monday, December 30, 2024 begins the first week of 2025
        assert one(opened, "revenue", "2025-W01").value == 11
        assert one(opened, "revenue", "2025-W02").value == 100
    folder = tmp_path / "own"
    config = config_of(folder, week_starts=6, fiscal_starts=4)
    load_tables(config, {"order": orders})
    settings = '[workspace]\nname = "Own"\n[calendar]\nweek_starts = "sunday"\nfiscal_starts = "april"\n'
    (folder / "kpi.toml").write_text(settings, encoding="utf-8")
    with open_workspace(folder) as opened:
        assert one(opened, "revenue", "2025-W01").value == 1
        assert one(opened, "revenue", "2025-W02").value == 110
        assert one(opened, "revenue", "FY2025-Q3").value == 1
        assert one(opened, "revenue", "FY2025").value == 111
