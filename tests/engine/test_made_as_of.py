"""What a load makes of other rows is made, as of an earlier day, of those rows as they were on that day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from kpicore import (
    COUNT,
    Config,
    Field,
    GivenUp,
    KpiError,
    LookUp,
    Metric,
    Plugins,
    RollUp,
    Turns,
    Type,
    UnknownName,
    Variant,
    Workspace,
    count,
    load_plugins,
    open_workspace,
    pause,
    standing,
    total,
)
from kpicore.as_of.state import Stood, stood
from kpicore.as_of.tables import PastTables
from kpicore.testing import TinySource, batch
from kpicore_crm.testing import load_tiny_company
from tests.crm import crm_plugins
from tests.engine.worlds import at, config_of, load_tables
from tests.said import note_texts

MARCH, APRIL = date(2025, 3, 10), date(2025, 4, 10)


def kpi(id: str, given: object) -> Metric:
    return Metric(id, name=id, unit=COUNT, inputs={"n": given})  # type: ignore[dict-item]


def value(opened: Workspace, ref: str, period: str, as_of: date | None = None, **cuts: str) -> float | None:
    [answer] = opened.get(ref, period, where=cuts, as_of=as_of).answers
    assert answer.reason is None, answer
    return answer.value


def test_a_field_by_roll_up_and_one_by_look_up_are_those_of_the_day(tmp_path: Path) -> None:
    # 76 deals; buyers of 24 had come back by March 10, and of 34 by now
    fields = (
        Field("opportunity", "visits", Type.INTEGER, "Visits", how=(RollUp("opportunity_id", count("activity")),)),
        Field("activity", "deal_name", Type.TEXT, "Deal", how=(LookUp("opportunity_id", "opportunity", "name"),)),
    )
    metrics = (
        kpi("back", count("opportunity", when="created_on", where="visits > 0")),
        kpi("of_bikes", count("activity", when="on", where="deal_name = 'bike'")),
    )
    plugins = crm_plugins(
        fields=tuple(("test", field) for field in fields), metrics=tuple(("t", metric) for metric in metrics)
    )
    config = config_of(tmp_path)

    def give(day: str, deals: str, visits: range) -> None:
        rows = "\n".join(f"v{n} o{n} 2025-02-10" for n in visits)
        tables = {"opportunity": deals, "activity": f"id opportunity_id at\n{rows}"}
        load_tables(config, tables, at=at(day), plugins=plugins)

    deals = "id created_at name\n" + "\n".join(f"o{n} 2025-02-01 bike" for n in range(76))
    give("2025-03-10", deals, range(24))
    give("2025-04-10", deals.replace("bike", "car"), range(34))
    with Workspace(config, plugins) as opened:
        assert value(opened, "back", "2025-02") == 34
        assert value(opened, "back", "2025-02", MARCH) == 24
        assert value(opened, "of_bikes", "2025-02") == 0
        assert value(opened, "of_bikes", "2025-02", MARCH) == 24


def test_deals_that_were_closed_since_with_an_earlier_date_are_in_the_pipeline_of_the_day(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    deals = "id created_at closed_at outcome amount"
    load_tables(
        config,
        {"opportunity": f"{deals}\n1 2026-01-05 - open 100\n2 2026-01-05 2026-02-20 won 7\n3 2026-01-05 - open 400"},
        at=at("2026-02-28"),
    )
    load_tables(
        config,
        {"opportunity": f"{deals}\n1 2026-01-05 2026-02-25 won 100\n2 2026-01-05 2026-02-20 won 7\n"
                        "3 2026-01-05 2026-02-26 lost 400"},
        at=at("2026-03-31"),
    )  # fmt: skip
    with Workspace(config, load_plugins(())) as opened:
        assert value(opened, "pipeline_value", "2026-02", date(2026, 2, 28)) == 500
        assert value(opened, "pipeline_value", "2026-02") == 0
        told = opened.explain("pipeline_value", "2026-02", as_of=date(2026, 2, 28))
        rows = told.inputs[0].rows()
        assert sorted(row[rows.columns.index("opportunity_id")] for row in rows.rows) == ["1", "3"]


TEAMS = "id name\nt1 North\nt2 South"


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Give two reps of the north, of whom one moved south and took another name, and one came late."""
    config = config_of(tmp_path_factory.mktemp("moved"))
    deals = "id owner_id created_at closed_at outcome amount"
    load_tables(
        config,
        {
            "team": TEAMS,
            "user": "id name team_id\nu1 Ann t1\nu2 Bob t1",
            "opportunity": f"{deals}\nd1 u1 2025-02-01 2025-03-01 won 100\nd2 u2 2025-02-01 2025-03-02 won 40",
        },
        at=at("2025-03-10"),
    )
    load_tables(config, {"user": "id name team_id\nu1 Anna t2\nu2 Bob t1\nu3 Ann t1"}, at=at("2025-04-10"))
    load_tables(config, {"opportunity": f"{deals}\nd1 u1 2025-02-01 - open 100"}, at=at("2025-05-10"))
    metrics = (
        kpi("sold", total("opportunity", "amount", when="closed_on", where="outcome = 'won'")),
        kpi("open", standing("opportunity", "amount", since="created_on", until="closed_on")),
    )
    return Workspace(config, crm_plugins(metrics=tuple(("test", metric) for metric in metrics)))


def test_a_rep_who_changed_teams_counts_for_the_team_of_the_day(moved: Workspace) -> None:
    assert value(moved, "sold", "2025-03", MARCH, team="North") == 140
    assert value(moved, "sold", "2025-03", MARCH, team="South") == 0
    assert value(moved, "sold", "2025-03", APRIL, team="North") == 40
    assert value(moved, "sold", "2025-03", APRIL, team="South") == 100


def test_a_reopened_deal_was_closed_on_the_day(moved: Workspace) -> None:
    assert value(moved, "sold", "2025-03") == 40
    assert value(moved, "open", "2025-05") == 100
    assert value(moved, "open", "2025-03", APRIL) == 0


def test_a_rep_is_called_as_on_the_day_or_as_today(moved: Workspace) -> None:
    # Ann of March is u1, who is called Anna today; today's Ann came later
    assert value(moved, "sold", "2025-03", MARCH, rep="Ann") == 100
    assert value(moved, "sold", "2025-03", MARCH, rep="Anna") == 100
    assert value(moved, "sold", "2025-03", MARCH, rep="u3") == 0
    assert value(moved, "sold", "2025-03", rep="Ann") == 0
    assert [answer.question.cuts for answer in moved.get("sold", "2025-03", by="rep", as_of=MARCH).answers] == [
        (("rep", ("Ann",)),),
        (("rep", ("Bob",)),),
    ]
    with pytest.raises(UnknownName, match="no rep named 'Cleo'"):
        value(moved, "sold", "2025-03", MARCH, rep="Cleo")


def test_words_for_a_period_are_seen_from_the_data_of_the_day(moved: Workspace) -> None:
    [answer] = moved.get("sold", "this month", as_of=date(2025, 4, 2)).answers
    assert (answer.question.period.key, answer.value, str(answer.data_time.date())) == ("2025-03", 140, "2025-03-10")


def test_what_came_later_was_not_there(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    load_tables(config, {"opportunity": "id created_at\nd1 2025-02-01"}, at=at("2025-03-10"))
    orders = "id customer_id ordered_at amount\n1 c1 2025-02-05 7"
    load_tables(config, {"order": orders, "opportunity": "id created_at\nd2 2025-01-01"}, at=at("2025-04-10"))
    with Workspace(config, load_plugins(())) as opened:
        assert value(opened, "revenue", "2025-02") == 7
        [answer] = opened.get("revenue", "2025-02", as_of=MARCH).answers
        assert answer.reason == "not_loaded"
        assert value(opened, "opportunities_created", "2025-01") == 1
        [created] = opened.get("opportunities_created", "2025-02", as_of=MARCH).answers
        assert created.value == 1


RATE = "currency rate_on rate\nEUR 2025-01-01 {}"


def test_amounts_are_converted_by_the_rates_that_were_known_on_the_day(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    order = "id ordered_at amount currency\n1 2025-02-05 100 EUR"
    load_tables(config, {"order": order, "fx_rate": RATE.format(2)}, at=at("2025-03-10"))
    load_tables(config, {"fx_rate": RATE.format(3)}, at=at("2025-04-10"))
    with Workspace(config, load_plugins(())) as opened:
        assert value(opened, "revenue", "2025-02") == 300
        assert value(opened, "revenue", "2025-02", MARCH) == 200


def changed(folder: Path, **settings: object) -> tuple[Config, Config]:
    before = config_of(folder)
    return before, config_of(folder, settings=settings)


SPELLS = "id customer_id ordered_at amount status\n1 c1 2024-10-01 5 completed\n2 c2 2025-03-01 5 completed"


def test_an_answer_names_the_setting_that_has_changed_since_the_day_and_since_when(tmp_path: Path) -> None:
    before, after = changed(tmp_path, inactivity_days=90)
    load_tables(before, {"order": SPELLS}, at=at("2025-03-10"))
    load_tables(after, {"order": SPELLS}, at=at("2025-04-10"))
    told = "by today's definitions: inactivity_days was 365 and is 90 (since 2025-04-10)"
    with Workspace(after, load_plugins(())) as opened:
        [active] = opened.get("active_customers", "2025-03", as_of=MARCH).answers
        assert (active.value, told in note_texts(active.notes)) == (1, True)
        [revenue] = opened.get("revenue", "2025-03", as_of=MARCH).answers
        assert (revenue.value, told in note_texts(revenue.notes)) == (5, False)
        [now] = opened.get("active_customers", "2025-03").answers
        assert told not in note_texts(now.notes)


def sold(condition: str) -> Plugins:
    metric = kpi("sold", count("order", when="ordered_on", where=condition))
    return crm_plugins(metrics=(("test", metric),))


def variants(**conditions: str) -> Plugins:
    """Return the KPI `sold` with these variants, or with one that has no name."""
    of = {name: count("order", when="ordered_on", where=condition) for name, condition in conditions.items()}
    if [*of] == ["all"]:
        return sold(conditions["all"])
    metric = Metric("sold", name="Sold", unit=COUNT, variants={name: Variant(inputs={"n": of[name]}) for name in of})
    return crm_plugins(metrics=(("test", metric),))


@pytest.mark.parametrize("changes", [True, False])
@pytest.mark.parametrize("gains", [True, False])
def test_a_kpi_that_gains_or_loses_a_variant_is_the_same_one(tmp_path: Path, changes: bool, gains: bool) -> None:
    config, last = config_of(tmp_path), "amount > 4" if changes else "amount > 3"
    many = {"big": "amount > 9"}
    before = variants(all="amount > 3", **({} if gains else many))
    after, other = variants(all=last, **(many if gains else {})), variants(all=last, **({} if gains else many))
    for day, plugins in (("2025-03-10", before), ("2025-04-10", after), ("2025-04-20", other), ("2025-04-25", after)):
        with Workspace(config, plugins) as opened:
            opened.load([TinySource("t", (batch(opened.registry, "order", SPELLS),))], data_time=at(day))
    for plugins in (after, other):
        with Workspace(config, plugins) as opened:
            [answer] = opened.get("sold", "2025-03", as_of=MARCH).answers
            told = [text for text in note_texts(answer.notes) if "the KPI sold" in text]
            name = "sold.all" if gains else "sold"
            line = f"by today's definitions: the KPI {name} has changed (since 2025-04-10)"
            assert told == ([line] if changes else [])
            if len(opened.registry.metrics["sold"].variant_names) > 1:
                [big] = opened.get("sold.big", "2025-03", as_of=MARCH).answers
                assert not any("the KPI sold" in text for text in note_texts(big.notes))
    with Workspace(config, variants(all="amount > 7", **(many if gains else {}))) as opened:
        [answer] = opened.get("sold", "2025-03", as_of=APRIL.replace(day=24)).answers
        assert "has changed (since the last load)" in note_texts(answer.notes)[-1]


def test_an_answer_names_the_kpi_that_has_changed_since_the_day(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    for day, plugins in (("2025-03-10", sold("amount > 3")), ("2025-04-10", sold("amount > 4"))):
        with Workspace(config, plugins) as opened:
            opened.load([TinySource("t", (batch(opened.registry, "order", SPELLS),))], data_time=at(day))
    told = "by today's definitions: the KPI sold has changed (since 2025-04-10)"
    with Workspace(config, sold("amount > 4")) as opened:
        [answer] = opened.get("sold", "2025-03", as_of=MARCH).answers
        assert (answer.value, note_texts(answer.notes)[-1]) == (1, told)
    with Workspace(config, sold("amount > 6")) as opened:
        [answer] = opened.get("sold", "2025-03", as_of=APRIL.replace(day=9)).answers
        assert note_texts(answer.notes)[-2:] == (told, told.replace("since 2025-04-10", "since the last load"))


@pytest.mark.parametrize("bound", ["MOST_DAYS", "MOST_ROWS"])
def test_days_asked_one_after_the_other_do_not_pile_up(
    tmp_path: Path, bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"kpicore.as_of.engines.{bound}", 4)
    config = config_of(tmp_path)
    for day in range(1, 13):
        deals = f"id created_at amount\nd1 2025-01-01 {day}"
        load_tables(config, {"opportunity": deals}, at=at(f"2025-03-{day:02}"))
    with Workspace(config, load_plugins(())) as opened:
        kept = [opened.explain("pipeline_value", "2025-02", as_of=date(2025, 3, 1))]
        for day in range(1, 12):
            assert value(opened, "pipeline_value", "2025-02", date(2025, 3, day)) == day
        there = "SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE 'as of %'"
        few = opened.warehouse.query(there)[0][0]
        assert 2 <= few <= 4 + 1  # an explanation holds on to its day
        assert kept[0].inputs[0].rows().total == 1
        kept.clear()
        assert opened.warehouse.query(there) == [(few - 1,)]


def test_a_day_that_is_let_go_of_where_a_batch_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    load_tiny_company(tmp_path)
    with open_workspace(tmp_path) as opened:
        tables = PastTables(opened.warehouse, "as of then", opened.config, opened.registry, now(opened))
        there = "SELECT count(*) FROM duckdb_databases() WHERE database_name = 'as of then'"
        assert opened.warehouse.query(there) == [(1,)]
        turn = Turns().turn()
        with suppress(GivenUp), turn:
            turn.stop()
            del tables
            pause()
        assert opened.warehouse.query(there) == [(0,)]


def now(opened: Workspace) -> Stood:
    return stood(date(2025, 7, 15), opened.config.timezone, opened.warehouse.query, (), {})


def test_a_day_before_the_first_load_has_tables_of_its_own_once(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    load_tables(config, {"opportunity": "id created_at amount\nd1 2025-01-01 7"}, at=at("2025-03-10"))
    load_tables(config, {"order": "id customer_id ordered_at\n1 c1 2025-03-01"}, at=at("2025-04-10"))
    with Workspace(config, load_plugins(())) as opened:
        for day in (date(2025, 2, 1), date(2025, 2, 28), MARCH, date(2025, 2, 1)):
            assert value(opened, "pipeline_value", "2025-01", day) == 7
        made = "SELECT DISTINCT database_name FROM duckdb_databases() WHERE database_name LIKE 'as of %'"
        assert len(opened.warehouse.query(made)) == 3


def test_a_listing_and_a_table_are_those_of_the_day(moved: Workspace) -> None:
    result = moved.get("sold", "2025-Q1", grain="month", by="team", as_of=MARCH)
    found = {(answer.question.period.key, answer.question.cuts): answer.value for answer in result.answers}
    assert found[("2025-03", (("team", ("North",)),))] == 140


def sized(low: str) -> Plugins:
    field = Field("order", "size", Type.TEXT, "Size", how=(f"case when amount > {low} then 'big' else 'small' end",))
    metrics = (
        kpi("big", count("order", when="ordered_on", where="size = 'big'")),
        kpi("orders", count("order", when="ordered_on")),
    )
    return crm_plugins(fields=(("t", field),), metrics=tuple(("t", metric) for metric in metrics))


def test_what_is_refused_today_is_refused_as_of_an_earlier_day_and_nothing_else(tmp_path: Path) -> None:
    config, orders = config_of(tmp_path), "id ordered_at amount\n1 2025-03-01 {}\n2 2025-03-02 9"
    for day, amount in (("2025-03-10", 5), ("2025-04-10", 6)):
        with Workspace(config, sized("3")) as opened:
            rows = batch(opened.registry, "order", orders.format(amount))
            assert opened.load([TinySource("t", (rows,))], data_time=at(day)).errors == ()
    with Workspace(config, sized("7"), may_remake=False) as opened:
        with pytest.raises(KpiError, match=r"order\.size"):
            opened.get("big", "2025-03", as_of=MARCH)
        assert value(opened, "orders", "2025-03", MARCH) == 2
    with Workspace(config, sized("7")) as opened:
        [answer] = opened.get("big", "2025-03", as_of=MARCH).answers
        assert answer.value == 1
        assert "by today's definitions: order.size has changed (since " in note_texts(answer.notes)[-1]


def test_many_may_ask_as_of_many_days_at_once(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    for day in range(1, 6):
        deals = f"id created_at amount owner_id\nd1 2025-01-01 {day} u{day}"
        load_tables(config, {"opportunity": deals, "user": f"id name\nu{day} Rep{day}"}, at=at(f"2025-03-{day:02}"))
    with Workspace(config, load_plugins(())) as opened, ThreadPoolExecutor(8) as pool:
        days = [date(2025, 3, day) for day in (1, 2, 3, 4, 5) * 8]
        found = pool.map(lambda day: value(opened, "pipeline_value", "2025-02", day, rep=f"Rep{day.day}"), days)
        assert [*found] == [1, 2, 3, 4, 5] * 8


def test_of_one_load_no_table_is_made_again(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    tables = {"opportunity": "id created_at amount customer_id\nd1 2025-01-01 7 c1", "order": SPELLS}
    load_tables(config, tables, at=at("2026-03-10"))
    with Workspace(config, load_plugins(())) as opened:
        assert value(opened, "pipeline_value", "2025-01", date(2025, 3, 1)) == 7  # no order is dated later
        made = "SELECT count(*) FROM duckdb_tables() WHERE database_name LIKE 'as of %' AND schema_name = 'made'"
        assert opened.warehouse.query(made) == [(0,)]


def test_each_kpi_can_be_the_first_one_that_is_asked_as_of_a_day(tmp_path: Path) -> None:
    """Before the first load nearly all tables are made for the day, those that a question reads first."""
    load_tiny_company(tmp_path)
    with open_workspace(tmp_path) as opened:
        refs = [f"{id}.{name}" for id, metric in opened.registry.metrics.items() for name in metric.variant_names]
        goals = {f"goal_progress.{name}" for name in opened.registry.metric("goal_progress").variant_names}
        asked = Random(1).sample([each for each in refs if each not in goals], 20)
        for number, ref in enumerate(("opportunity_quality.qualified", *asked)):
            day = date(2025, 1, 10) + timedelta(days=number)  # a day of which nothing is kept yet
            spec = opened.definitions.get(*opened.definitions.named(ref)).spec
            opened.get(ref, "2025-02", by=spec.needs_cut, grain=next(iter(spec.grains), None), as_of=day)


def test_a_statement_finds_each_table_that_it_reads_whatever_was_asked_before(tmp_path: Path) -> None:
    load_tiny_company(tmp_path)
    with open_workspace(tmp_path) as opened:
        for number, name in enumerate(("opportunity_stage", "customer", "order", "user")):
            past = opened.engine.at(date(2025, 1, 10 + number)).warehouse
            assert len(past.query(f'SELECT count(*) FROM kpi."{name}"')) == 1
