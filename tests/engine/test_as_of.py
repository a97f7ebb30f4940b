"""How the data looked on an earlier day: as the loads up to it had left it, from the first load on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpicore import (
    COUNT,
    DURING,
    MEAN,
    MONEY,
    SHARE,
    Input,
    Metric,
    Workspace,
    count,
    earlier,
    metric,
    per,
    standing,
    total,
)
from tests.engine.worlds import at, config_of, load_tables, workspace
from tests.said import note_texts, note_words

MARCH_1 = """
    id customer_id owner_id stage_id created_at closed_at  outcome amount probability expected_close_on
    d1 c1          u1       s1       2025-01-10 -          open    100    0.1         2025-04-30
    d2 c2          u1       s1       2025-01-20 -          open    200    0.5         2025-05-31
    d3 c3          u2       s2       2025-02-01 2025-02-20 won     400    1           2025-02-28
"""
APRIL_5 = """
    id customer_id owner_id stage_id created_at closed_at  outcome amount probability expected_close_on
    d1 c1          u2       s3       2025-01-10 2025-04-02 won     150    1           2025-04-30
    d2 c2          u1       s2       2025-01-20 -          open    250    0.6         2025-06-30
    d4 c1          u1       s1       2025-04-01 -          open    50     0.1         2025-06-30
"""
MAY_10 = """
    id owner_id closed_at  outcome amount
    d2 u3       2025-05-09 lost    0
    d4 u2       -          open    70
"""
NAMES = {
    "user": "id name\nu1 Ann\nu2 Bob\nu3 Cho",
    "stage": "id name position\ns1 Qualify 1\ns2 Offer 2\ns3 Won 3",
}


def kpi(id: str, given: Input) -> Metric:
    return Metric(id, name=id, unit=COUNT, inputs={"v": given})


METRICS = (
    kpi("pipeline", standing("opportunity", "amount", since="created_on", until="closed_on")),
    kpi("deals", standing("opportunity", since="created_on", until="closed_on")),
    kpi("staged", standing("opportunity_stage", "amount", since="since_on", until="until_on")),
    kpi("weighted", standing("opportunity_stage", "amount * probability", since="since_on", until="until_on")),
    kpi("during", standing("opportunity", since="created_on", until="closed_on", at=DURING)),
    kpi("mean", standing("opportunity", "amount", since="created_on", until="closed_on", at=MEAN)),
    kpi("created_open", count("opportunity", when="created_on", where="outcome = 'open'")),
    kpi("created_won", count("opportunity", when="created_on", where="outcome = 'won'")),
    kpi("won", total("opportunity", "amount", when="closed_on", where="outcome = 'won'")),
    kpi("expected", total("opportunity", "amount * probability", when="expected_close_on", where="outcome = 'open'")),
    kpi(
        "customers",
        count(
            per("customer_id", standing("opportunity", "amount", since="created_on", until="closed_on")),
            where="at_end >= 200",
        ),
    ),
    Metric(
        "change",
        name="c",
        unit=SHARE,
        formula="now - before",
        inputs={"now": metric("pipeline"), "before": earlier("pipeline", "previous")},
    ),
    Metric("revenue", name="r", unit=MONEY, inputs={"v": total("order", "amount", when="ordered_on")}),
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Give deals that were loaded on March 1, April 5 and May 10."""
    config = config_of(tmp_path_factory.mktemp("as_of"))
    load_tables(
        config,
        {"opportunity": MARCH_1, **NAMES, "order": "id ordered_at amount\na1 2025-02-20 400"},
        at=at("2025-03-01"),
    )
    load_tables(config, {"opportunity": APRIL_5}, at=at("2025-04-05"))
    load_tables(config, {"opportunity": MAY_10}, at=at("2025-05-10"))
    return workspace(config, METRICS)


def value(loaded: Workspace, id: str, period: str, day: date | None, **cuts: object) -> float | None:
    [answer] = loaded.get(id, period, where=cuts, as_of=day).answers
    assert answer.reason is None, note_words(answer.detail)
    return answer.value


MARCH, APRIL = date(2025, 3, 20), date(2025, 4, 20)


def test_amounts_are_those_of_the_day(loaded: Workspace) -> None:
    assert value(loaded, "pipeline", "2025-03", MARCH) == 100 + 200
    assert value(loaded, "pipeline", "2025-04", APRIL) == 250 + 50
    assert value(loaded, "pipeline", "2025-05", None) == 70


def test_a_period_that_was_over_is_seen_as_it_was_known_then(loaded: Workspace) -> None:
    # known on March 31: the old amounts; on April 20: d1 was worth 150; known now: d2 is lost at 0
    assert value(loaded, "pipeline", "2025-03", date(2025, 3, 31)) == 300
    assert value(loaded, "pipeline", "2025-03", APRIL) == 150 + 250
    assert value(loaded, "pipeline", "2025-03", None) == 150 + 0


def test_a_change_counts_from_the_close_of_the_day_of_its_load(loaded: Workspace) -> None:
    assert value(loaded, "pipeline", "2025-03", date(2025, 4, 4)) == 300
    assert value(loaded, "pipeline", "2025-03", date(2025, 4, 5)) == 400


def test_outcomes_are_those_of_the_day(loaded: Workspace) -> None:
    assert value(loaded, "created_open", "2025-Q1", MARCH) == 2
    assert value(loaded, "created_won", "2025-Q1", MARCH) == 1
    assert value(loaded, "created_open", "2025-Q1", APRIL) == 1
    assert value(loaded, "created_won", "2025-Q1", APRIL) == 2
    assert value(loaded, "created_open", "2025-Q1", None) == 0


def test_owners_are_those_of_the_day(loaded: Workspace) -> None:
    assert value(loaded, "deals", "2025-03", MARCH, rep="Ann") == 2
    assert value(loaded, "deals", "2025-03", MARCH, rep="Bob") == 0
    assert value(loaded, "deals", "2025-03", APRIL, rep="Bob") == 1
    assert value(loaded, "deals", "2025-05", None, rep="Bob") == 1
    assert value(loaded, "deals", "2025-04", None, rep="Cho") == 1
    assert value(loaded, "deals", "2025-04", APRIL, rep="Cho") == 0


def test_stages_are_those_of_the_day(loaded: Workspace) -> None:
    assert value(loaded, "deals", "2025-03", MARCH, stage="Qualify") == 2
    assert value(loaded, "deals", "2025-04", APRIL, stage="Qualify") == 1
    assert value(loaded, "deals", "2025-04", APRIL, stage="Offer") == 1


def test_stages_of_deals_have_the_amounts_owners_and_probabilities_of_the_day(loaded: Workspace) -> None:
    for day, period, qualify, offer in ((MARCH, "2025-03-01", 100 + 200, 0), (APRIL, "2025-04-05", 50, 250)):
        assert value(loaded, "staged", period, day, stage="Qualify") == qualify
        assert value(loaded, "staged", period, day, stage="Offer") == offer
        assert value(loaded, "staged", period, day) == qualify + offer == value(loaded, "pipeline", period, day)
    assert value(loaded, "staged", "2025-04-05", APRIL, rep="Bob") == 0
    assert value(loaded, "staged", "2025-03-01", MARCH, rep="Ann") == 300
    assert value(loaded, "weighted", "2025-03-01", MARCH) == 100 * 0.1 + 200 * 0.5
    # known today: d1 is won and worth 150, d2 is lost and worth 0, and their stage of the day has no probability
    assert value(loaded, "staged", "2025-03-20", None) == 150


def test_what_was_expected_is_that_of_the_day(loaded: Workspace) -> None:
    assert value(loaded, "expected", "2025-Q2", MARCH) == 100 * 0.1 + 200 * 0.5
    assert value(loaded, "expected", "2025-Q2", APRIL) == 250 * 0.6 + 50 * 0.1
    assert value(loaded, "expected", "2025-05", APRIL) == 0


def test_every_way_of_standing_looks_back(loaded: Workspace) -> None:
    assert value(loaded, "during", "2025-Q2", APRIL) == 3
    assert value(loaded, "during", "2025-Q1", MARCH) == 3
    # March 1, the day of the data: d1 and d2
    assert value(loaded, "mean", "2025-03", MARCH) == 300
    assert value(loaded, "customers", "2025-03", MARCH) == 1
    assert value(loaded, "customers", "2025-03", None) == 0


def test_many_instants_look_back_as_one_does(loaded: Workspace) -> None:
    found = loaded.get("pipeline", "2025-02-20..2025-03-01", grain="day", as_of=MARCH).answers
    assert [each.value for each in found] == [300] * 10  # d3 was won on February 20


def test_what_happened_after_the_day_has_not_happened(loaded: Workspace) -> None:
    assert value(loaded, "won", "2025-Q1", date(2025, 2, 15)) == 0
    assert value(loaded, "won", "2025-Q2", APRIL) == 150
    [answer] = loaded.get("won", "2025-Q2", as_of=MARCH).answers
    assert answer.reason == "not_started"
    assert note_words(answer.detail) == "2025-Q2 starts after 2025-03-01, the day of the data"


def test_a_period_in_progress_on_that_day_says_so_and_is_compared_likewise(loaded: Workspace) -> None:
    found = loaded.get("won", "2025-Q2", as_of=APRIL, compare="previous")
    # on April 20 the data was that of April 5
    assert note_texts(found.answers[0].notes)[0] == "to date, 5 of 91 days"
    assert found.compared[0].question.period.key == "2025-01-01..2025-01-05"
    [change] = loaded.get("change", "2025-02", as_of=APRIL).answers
    # as known on April 20: open at the end of February 150 + 250; of January too
    assert change.inputs == {"now": 400, "before": 400}


def test_before_the_first_load_the_answer_says_that_it_does_not_know(loaded: Workspace) -> None:
    [answer] = loaded.get("pipeline", "2025-02", as_of=date(2025, 2, 10)).answers
    assert answer.value == 100 + 200 + 400
    assert note_texts(answer.notes)[-1] == (
        "as of 2025-02-10: what opportunity was before the first load on 2025-03-01 is not known"
    )
    [known] = loaded.get("pipeline", "2025-03", as_of=date(2025, 3, 1)).answers
    assert not [text for text in note_texts(known.notes) if "not known" in text]


def test_orders_too_are_not_known_before_their_first_load(loaded: Workspace) -> None:
    # their rows are cut off at the day, but one that was refunded since was not so then
    [answer] = loaded.get("revenue", "2025-02", as_of=date(2025, 2, 10)).answers
    assert answer.value == 0
    assert "as of 2025-02-10: what order was before the first load on 2025-03-01 is not known" in note_texts(
        answer.notes
    )


def test_a_day_after_the_data_is_the_day_of_the_data(loaded: Workspace) -> None:
    assert value(loaded, "pipeline", "2025-05", date(2026, 1, 1)) == 70


def test_answers_of_different_days_do_not_mix(loaded: Workspace) -> None:
    first = value(loaded, "pipeline", "2025-03", MARCH)
    assert value(loaded, "pipeline", "2025-03", None) != first
    assert value(loaded, "pipeline", "2025-03", MARCH) == first


def test_rows_behind_an_earlier_day_are_those_of_that_day(loaded: Workspace) -> None:
    [told] = loaded.explain("pipeline", "2025-03", as_of=MARCH).inputs
    shown = {row[told.rows().columns.index("id")]: row[told.rows().columns.index("amount")] for row in told.rows().rows}
    assert {key: float(str(each)) for key, each in shown.items()} == {"d1": 100, "d2": 200}


def test_what_the_load_made_of_other_fields_is_logged_too(tmp_path: Path) -> None:
    # the source gives stages only: what they mean is made at load; a deal without a close date is open
    config = config_of(tmp_path)
    stages = "id name position outcome\ns1 Talk 1 open\ns2 Won 2 won"
    deals = "id stage_id created_at closed_at\nd1 s1 2025-01-10 -\nd2 - 2025-01-11 -"
    later = "id stage_id created_at closed_at outcome\nd1 s2 2025-01-10 2025-04-02 -\nd2 - 2025-01-11 2025-04-03 lost"
    load_tables(config, {"opportunity": deals, "stage": stages}, at=at("2025-03-01"))
    load_tables(config, {"opportunity": later}, at=at("2025-04-05"))
    opened = workspace(config, METRICS)
    assert value(opened, "created_open", "2025-01", None) == 0
    assert value(opened, "created_open", "2025-01", MARCH) == 2


def test_an_amount_in_another_currency_is_converted_on_every_day(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    rates = "currency rate_on rate\nEUR 2025-01-01 2"
    load_tables(
        config,
        {"opportunity": "id created_at amount currency\nd1 2025-01-10 100 EUR", "fx_rate": rates},
        at=at("2025-03-01"),
    )
    load_tables(config, {"opportunity": "id created_at amount currency\nd1 2025-01-10 300 EUR"}, at=at("2025-04-05"))
    opened = workspace(config, METRICS)
    assert value(opened, "pipeline", "2025-03", None) == 600
    assert value(opened, "pipeline", "2025-03", MARCH) == 200


def test_the_day_of_a_load_is_that_of_the_organisation(tmp_path: Path) -> None:
    # loaded at 02:00 UTC on April 5, which is still April 4 in New York
    config = config_of(tmp_path, timezone="America/New_York")
    load_tables(config, {"opportunity": "id created_at amount\nd1 2025-01-10 100"}, at=at("2025-03-01"))
    load_tables(config, {"opportunity": "id created_at amount\nd1 2025-01-10 300"}, at=at("2025-04-05T02:00"))
    load_tables(config, {"opportunity": "id created_at amount\nd1 2025-01-10 300"}, at=at("2025-04-10"))
    opened = workspace(config, METRICS)
    assert value(opened, "pipeline", "2025-03", date(2025, 4, 3)) == 100
    assert value(opened, "pipeline", "2025-03", date(2025, 4, 4)) == 300


def test_amounts_from_before_a_change_of_the_home_currency_are_in_todays_and_the_answer_says_so(tmp_path: Path) -> None:
    deal = "id created_at amount currency\nd1 2025-01-10 {} EUR"
    rates = "currency rate_on rate\nEUR 2025-01-01 2"
    load_tables(config_of(tmp_path), {"opportunity": deal.format(100), "fx_rate": rates}, at=at("2025-03-01"))
    load_tables(config_of(tmp_path), {"opportunity": deal.format(300)}, at=at("2025-04-05"))
    euros = config_of(tmp_path, currency="EUR")
    load_tables(euros, {"opportunity": deal.format(300)}, at=at("2025-05-01"))
    [answer] = workspace(euros, METRICS).get("pipeline", "2025-03", as_of=MARCH).answers
    assert answer.value == 100  # not 200, which were dollars
    assert "by today's definitions: currency was USD and is EUR (since 2025-05-01)" in note_texts(answer.notes)
    load_tables(euros, {"opportunity": deal.format(500)}, at=at("2025-06-01"))
    [later] = workspace(euros, METRICS).get("pipeline", "2025-05", as_of=date(2025, 5, 31)).answers
    assert (later.value, [text for text in note_texts(later.notes) if "today's" in text]) == (300, [])


def test_loading_the_same_again_keeps_nothing_and_changes_no_number(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    load_tables(config, {"opportunity": MARCH_1, **NAMES}, at=at("2025-03-01"))
    first = workspace(config, METRICS).warehouse.state.version
    load_tables(config, {"opportunity": MARCH_1, **NAMES}, at=at("2025-03-01"))
    opened = workspace(config, METRICS)
    assert opened.warehouse.state.version == first
    assert opened.warehouse.query("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'past'") == []
