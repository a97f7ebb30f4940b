"""Stages in the past: what stood where on which day, how long, and where it went.

    id  amount  stays                                              own probability
    d1  100     New Jan 1, Offer Feb 1, New Mar 1, Offer Apr 1, won May 1
    d2  200     Offer Jan 1 (New skipped), lost Mar 15
    d3  400     New Feb 1, still there                             0.3
    d4  800     not known: created Feb 1, lost Apr 1

First loaded on July 15.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import Workspace, load_plugins
from kpicore_crm.testing import DATA_TIME
from tests.engine.worlds import config_of, load_tables
from tests.metrics.asking import answer, value
from tests.said import note_texts, note_words

STAGE = """
    id    name  position probability outcome
    new   New   1        0.2         open
    offer Offer 2        0.5         open
    won   Won   3        1           won
    lost  Lost  -        0           lost
"""
DEALS = """
    id stage_id outcome created_at closed_at  amount probability product_line_id
    d1 won      won     2025-01-01 2025-05-01 100    -           x
    d2 lost     lost    2025-01-01 2025-03-15 200    -           x
    d3 new      open    2025-02-01 -          400    0.3         x
    d4 lost     lost    2025-02-01 2025-04-01 800    -           x
"""
HISTORY = """
    opportunity_id stage_id entered_at left_at
    d1             new      2025-01-01 2025-02-01
    d1             offer    2025-02-01 2025-03-01
    d1             new      2025-03-01 2025-04-01
    d1             offer    2025-04-01 2025-05-01
    d2             offer    2025-01-01 2025-03-15
    d3             new      2025-02-01 -
"""
near = pytest.approx


def opened(folder: Path, tables: dict[str, str]) -> Workspace:
    config = config_of(folder)
    load_tables(config, tables)
    return Workspace(config, load_plugins(()))


@pytest.fixture(scope="module")
def deals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("stages")
    with opened(folder, {"stage": STAGE, "opportunity": DEALS, "stage_history": HISTORY}) as found:
        yield found


@pytest.mark.parametrize(
    ("day", "new", "offer", "unknown"),
    [("2025-01-15", 0, 300, 0), ("2025-02-15", 400, 300, 800), ("2025-03-20", 500, 0, 800), ("2025-06-01", 400, 0, 0)],
)
def test_the_pipeline_of_a_past_day_is_by_the_stage_of_that_day(
    deals: Workspace, day: str, new: int, offer: int, unknown: int
) -> None:
    found = {"New": new, "Offer": offer, "(none)": unknown, "Won": 0, "Lost": 0}
    if day == "2025-01-15":
        found |= {"New": 100, "Offer": 200}
    for stage, amount in found.items():
        assert value(deals, "pipeline_value", day, stage=stage) == amount
    assert value(deals, "pipeline_value", day) == sum(found.values())


def test_the_number_of_open_deals_is_by_the_stage_of_the_day_too(deals: Workspace) -> None:
    assert value(deals, "pipeline_count", "2025-03-20") == 3
    assert value(deals, "pipeline_count", "2025-03-20", stage="New") == 2
    assert value(deals, "pipeline_count", "2025-03-20", stage="Offer") == 0


def test_the_weighted_pipeline_takes_the_probability_of_the_stage_of_the_day(deals: Workspace) -> None:
    # February 15: d1 and d2 in Offer, d3 where it still is. March 20: d1 in New again.
    assert value(deals, "weighted_pipeline", "2025-02-15") == near(100 * 0.5 + 200 * 0.5 + 400 * 0.3)
    found = answer(deals, "weighted_pipeline", "2025-03-20")
    assert found.value == near(100 * 0.2 + 400 * 0.3)
    assert "1 of 3 rows of opportunity_stage left out: no amount or probability" in note_texts(found.notes)


def test_a_past_stay_never_takes_the_probability_that_the_deal_has_today(tmp_path: Path) -> None:
    stage = "id name position probability outcome\nnew New 1 - open\noffer Offer 2 - open"
    deals = "id stage_id outcome created_at amount probability\nd1 offer open 2025-01-01 100 0.9"
    history = "opportunity_id stage_id entered_at left_at\nd1 new 2025-01-01 2025-03-01\nd1 offer 2025-04-01 -"
    with opened(tmp_path, {"stage": stage, "opportunity": deals, "stage_history": history}) as found:
        assert value(found, "weighted_pipeline", "2025-05-31") == 90
        then = answer(found, "weighted_pipeline", "2025-02-15")
        assert then.value == 0
        assert "1 of 1 row of opportunity_stage left out: no amount or probability" in note_texts(then.notes)


def test_a_deal_counts_once_for_a_stage_that_it_entered_twice_or_skipped(deals: Workspace) -> None:
    # New: d1, d3, and d2 in passing; d1 and d2 went on. Offer: d1 and d2; d1 was won.
    assert value(deals, "stage_conversion", "2025-Q1", stage="New") == near(2 / 3)
    assert value(deals, "stage_conversion", "2025-Q1", stage="Offer") == near(1 / 2)


def test_from_the_last_stage_no_deal_goes_on(deals: Workspace) -> None:
    found = answer(deals, "stage_conversion", "2025-Q2", stage="Won")
    assert (found.value, found.reason, note_words(found.detail)) == (None, "zero_denominator", "entered is 0")


def test_cumulative_conversion_is_of_all_deals_that_started_and_never_rises(deals: Workspace) -> None:
    # d4 is left out: in which stage it was lost is not known.
    for stage, share in (("New", 3 / 3), ("Offer", 2 / 3), ("Won", 1 / 3)):
        assert value(deals, "stage_conversion.cumulative", "2025-Q1", stage=stage) == near(share)


def test_dwell_time_is_of_stays_that_ended_and_one_that_skipped_never_stayed(deals: Workspace) -> None:
    assert value(deals, "stage_dwell_time", "2025-Q1", stage="New") == 31
    assert value(deals, "stage_dwell_time", "2025-Q1", stage="Offer") == near((28 + 73) / 2)
    # d1's second stay in New ended on April 1, its second in Offer on May 1; winning takes no time.
    assert value(deals, "stage_dwell_time", "2025-Q2") == near((31 + 30) / 2)


def test_dwell_time_with_open_stays_counts_their_days_up_to_the_data_day(deals: Workspace) -> None:
    # d1 twice 31 days; d3 from February 1 to July 15.
    assert value(deals, "stage_dwell_time.with_open", "2025-Q1", stage="New") == near((31 + 31 + 164) / 3)
    [then] = deals.get("stage_dwell_time.with_open", "2025-Q1", where={"stage": "New"}, as_of=date(2025, 3, 15)).answers
    assert then.value == near((31 + 14 + 42) / 3)


def test_leakage_is_of_the_deals_lost_or_stuck_in_a_stage(deals: Workspace) -> None:
    # New: d3 is stuck, of three. Offer: d2 was lost there, of two.
    assert value(deals, "funnel_leakage", "2025-Q1", stage="New") == near(1 / 3)
    assert value(deals, "funnel_leakage", "2025-Q1", stage="Offer") == near(1 / 2)
    assert value(deals, "funnel_leakage", "2025-Q1") == near(2 / 5)


def test_a_deal_is_stalled_when_it_is_older_than_deals_take_to_be_won(deals: Workspace) -> None:
    # d1 was won in 120 days. d3 is 119 days old on May 31 and 121 on June 2.
    assert value(deals, "stalled_opportunities", "2025-05-31") == 0
    assert value(deals, "stalled_opportunities", "2025-06-02", stage="New") == 1
    assert value(deals, "stalled_opportunities", "2025-06-02", stage="Offer") == 0


def test_what_is_not_known_of_stages_is_counted_in_the_answer(deals: Workspace) -> None:
    notes = note_texts(answer(deals, "pipeline_count", "2025-02-15").notes)
    assert notes[:2] == (
        "1 deal has no stage history: the stages before 2025-07-15 are not known",
        "1 deal was lost in a stage that is not known: left out of the share that reached a stage",
    )


STAGES = ("new", "offer", "won", "lost")


@pytest.fixture(scope="module")
def wild(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Give 150 deals with histories that have gaps, overlaps, returns and entries before creation or after closing."""
    chance = random.Random(7)

    def day(first: date, most: int) -> date:
        return first + timedelta(days=chance.randint(-20, most))

    rows, stays = [], set()
    for number in range(150):
        created = day(date(2025, 1, 1), 150)
        closed = None if chance.random() < 0.3 else created + timedelta(days=chance.randint(0, 90))
        outcome = "open" if closed is None else chance.choice(("won", "lost"))
        stage = chance.choice(STAGES[:2]) if closed is None else chance.choice((outcome, "offer"))
        rows.append(f"d{number} {stage} {outcome} {created} {closed or '-'} {number + 1}")
        for _ in range(chance.choice((0, 1, 2, 5))):
            entered = day(created, 80)
            left = "-" if chance.random() < 0.3 else str(day(entered, 40))
            stays.add((f"d{number} {chance.choice(STAGES)} {entered}", left))
    history = {key: left for key, left in sorted(stays)}
    tables = {
        "stage": STAGE,
        "opportunity": "id stage_id outcome created_at closed_at amount\n" + "\n".join(rows),
        "stage_history": "opportunity_id stage_id entered_at left_at\n"
        + "\n".join(f"{key} {left}" for key, left in history.items()),
    }
    with opened(tmp_path_factory.mktemp("wild"), tables) as found:
        yield found


@settings(deadline=None)
@given(day=st.dates(date(2025, 1, 1), DATA_TIME.date()))
def test_on_any_day_the_stages_add_up_to_the_open_deals(wild: Workspace, day: date) -> None:
    rows = wild.warehouse.query(
        "SELECT count(*), coalesce(sum(amount), 0) FROM kpi.opportunity"
        " WHERE created_on <= ? AND (closed_on IS NULL OR (closed_on > ? AND ? < ?))",
        [day, day, day, DATA_TIME.date()],  # on the day of the data all are over whose outcome says so
    )
    over = [amount for amount, since, until in over_in_between(wild) if since <= day < until]
    for ref, dated, less in zip(("pipeline_count", "pipeline_value"), rows[0], (len(over), sum(over)), strict=True):
        assert answer(wild, ref, str(day)).value == float(dated) - less
        parts = wild.get(ref, str(day), by="stage").answers
        assert sum(part.value or 0 for part in parts) == float(dated) - less


@cache
def over_in_between(wild: Workspace) -> list[tuple[float, date, date]]:
    """Return amount, first day, and first day after, of each stay in Won or Lost from which a deal went on."""
    deals = wild.warehouse.query("SELECT id, stage_id, outcome, created_on, closed_on, amount FROM kpi.opportunity")
    told = wild.warehouse.query("SELECT opportunity_id, entered_on, left_on, stage_id FROM kpi.stage_history")
    far, found = date(9999, 1, 1), []
    for deal, stage, outcome, created, closed, amount in deals:
        end = closed or far
        stays = [(came, left or far, STAGES.index(at)) for id, came, left, at in told if id == deal]
        if outcome == "won" and stage == "won" and all(at != STAGES.index("won") for *_, at in stays):
            stays.append((end, end, STAGES.index("won")))
        stays.sort()
        for (came, left, at), (following, *_) in pairwise(stays):
            since = min(max(came, created), end)
            until = max(min(left if left >= came else following, following, end), since)
            if STAGES[at] in ("won", "lost"):
                found.append((float(amount), since, until))
    return found


def test_a_reopened_deal_is_in_no_pipeline_of_the_days_on_which_it_was_lost(tmp_path: Path) -> None:
    deals = """
        id stage_id outcome created_at closed_at amount
        d1 new      open    2025-01-05 -         100
        d2 new      open    2025-01-05 -         50
    """
    history = """
        opportunity_id stage_id entered_at left_at
        d1             new      2025-01-05 2025-01-20
        d1             lost     2025-01-20 2025-03-10
        d1             new      2025-03-10 -
        d2             new      2025-01-05 -
    """
    with opened(tmp_path, {"stage": STAGE, "opportunity": deals, "stage_history": history}) as found:
        assert [value(found, "pipeline_value", each) for each in ("2025-01-19", "2025-02", "2025-03")] == [150, 50, 150]
        assert [value(found, "pipeline_count", each) for each in ("2025-01-19", "2025-02", "2025-03")] == [2, 1, 2]
        assert value(found, "pipeline_value", "2025-02", stage="Lost") == 0


def test_a_stage_of_which_nobody_said_what_it_means_is_one_of_open_deals(tmp_path: Path) -> None:
    deals = "id stage_id outcome created_at closed_at amount\nd1 b open 2025-01-05 - 100"
    history = "opportunity_id stage_id entered_at left_at\nd1 a 2025-01-05 2025-01-20\nd1 b 2025-01-20 -"
    with opened(tmp_path, {"opportunity": deals, "stage_history": history}) as found:
        assert [value(found, "pipeline_value", each) for each in ("2025-01-10", "2025-02")] == [100, 100]


@settings(deadline=None)
@given(month=st.integers(1, 6))
def test_of_any_month_cumulative_conversion_is_at_most_1_and_never_rises(wild: Workspace, month: int) -> None:
    shares = [
        answer(wild, "stage_conversion.cumulative", f"2025-{month:02}", stage=stage).value
        for stage in ("New", "Offer", "Won")
    ]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)


@settings(deadline=None)
@given(month=st.integers(1, 6))
def test_of_any_month_the_losses_by_stage_are_of_the_deals_closed_in_it(wild: Workspace, month: int) -> None:
    lost = "FROM kpi.opportunity WHERE outcome = 'lost' AND month(closed_on) = ?"
    staged = f"{lost} AND id IN (SELECT opportunity_id FROM kpi.opportunity_stage WHERE loses_deal)"
    for rows, refs in ((lost, ("lost_deals", "lost_amount")), (staged, ("stage_losses", "stage_lost_amount"))):
        [(number, amount)] = wild.warehouse.query(f"SELECT count(*), coalesce(sum(amount), 0) {rows}", [month])
        assert [value(wild, ref, f"2025-{month:02}") for ref in refs] == [number, amount]


def test_a_deal_counts_as_lost_in_the_month_of_its_close_whenever_it_left_its_last_stage(tmp_path: Path) -> None:
    deals = "id stage_id outcome created_at closed_at amount\nd1 lost lost 2025-01-01 2025-04-02 200"
    history = "opportunity_id stage_id entered_at left_at\nd1 offer 2025-01-01 2025-03-20"
    with opened(tmp_path, {"stage": STAGE, "opportunity": deals, "stage_history": history}) as found:
        for ref, amount in (("stage_losses", 1), ("stage_lost_amount", 200), ("lost_deals", 1), ("lost_amount", 200)):
            assert value(found, ref, "2025-04") == amount
            assert value(found, ref, "2025-03") == 0


def test_each_lost_deal_is_lost_on_one_of_its_rows_at_most(wild: Workspace) -> None:
    rows = wild.warehouse.query(
        "SELECT s.opportunity_id, s.visit, d.outcome FROM kpi.opportunity_stage AS s"
        " JOIN kpi.opportunity AS d ON d.id = s.opportunity_id WHERE s.loses_deal"
    )
    assert len(rows) == len({id for id, _, _ in rows})
    assert {outcome for _, _, outcome in rows} == {"lost"}
    assert any(visit > 1 for _, visit, _ in rows)  # some had been in that stage before
