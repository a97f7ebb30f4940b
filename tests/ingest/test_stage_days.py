"""The open days of a deal stand in exactly one row each, whatever the stage history is like."""

from __future__ import annotations

from datetime import date

import pytest

from kpicore import counted
from tests.said import note_texts

LADDER = """
    id position outcome
    s1 1        open
    s2 2        open
    s3 3        won
    s4 -        lost
"""
STANDING = """
    SELECT stage_id, since_on, until_on FROM kpi.opportunity_stage
    WHERE since_on IS NOT NULL ORDER BY opportunity_id, since_on"""
NOTES = (
    "stays have no stage or no entry date and are left out",
    "stays are of deals that are not loaded and are left out",
    "stays are of negative length: left out of dwell times, standing until the next stay",
    "stays are cut off where the next one begins: the two overlap",
    "stays are from before the deal was created: standing from its creation on",
    "deals have open days between or around the stays: on those without a stage",
)


def day(month: int, day: int) -> date:
    return date(2025, month, day)


@pytest.fixture
def stood(give, ask, state):
    """Load one deal, open from January 1 or closed on June 1, with a history; return rows and notes."""

    def rows(*stays: str, closed: str = "-", created: str = "2025-01-01"):
        outcome = "open" if closed == "-" else "lost"
        give(
            stage=LADDER,
            opportunity=f"id stage_id outcome created_at closed_at\n o1 s1 {outcome} {created} {closed}",
            stage_history="opportunity_id stage_id entered_at left_at\n" + "\n".join(stays),
        )
        return ask(STANDING), note_texts(state().entities["opportunity_stage"].notes)

    return rows


def test_a_stage_that_was_entered_twice_stands_twice(stood):
    found, notes = stood("o1 s1 2025-01-01 2025-02-01", "o1 s2 2025-02-01 2025-03-01", "o1 s1 2025-03-01 -")
    assert found == [("s1", day(1, 1), day(2, 1)), ("s2", day(2, 1), day(3, 1)), ("s1", day(3, 1), None)]
    assert notes == ()


def test_a_stay_without_an_end_ends_where_the_next_begins(stood):
    found, notes = stood("o1 s1 2025-01-01 -", "o1 s2 2025-02-01 -", closed="2025-06-01")
    assert found == [("s1", day(1, 1), day(2, 1)), ("s2", day(2, 1), day(6, 1))]
    assert notes == ()


def test_a_stay_that_overlaps_the_next_ends_where_it_begins_and_is_counted(stood):
    found, notes = stood("o1 s1 2025-01-01 2025-03-01", "o1 s2 2025-02-01 -")
    assert found == [("s1", day(1, 1), day(2, 1)), ("s2", day(2, 1), None)]
    assert notes == (counted(1, NOTES[3]),)


def test_days_that_no_stay_covers_stand_without_a_stage_and_are_counted(stood):
    found, notes = stood("o1 s1 2025-01-10 2025-02-01", "o1 s2 2025-03-01 2025-04-01", closed="2025-06-01")
    assert found == [
        (None, day(1, 1), day(1, 10)),
        ("s1", day(1, 10), day(2, 1)),
        (None, day(2, 1), day(3, 1)),
        ("s2", day(3, 1), day(4, 1)),
        (None, day(4, 1), day(6, 1)),
    ]
    assert notes == (counted(1, NOTES[5]),)


def test_a_gap_within_one_day_is_none(stood):
    found, notes = stood("o1 s1 2025-01-01T12:00:05 2025-02-01T09:00", "o1 s2 2025-02-01T09:30 -")
    assert found == [("s1", day(1, 1), day(2, 1)), ("s2", day(2, 1), None)]
    assert notes == ()


def test_a_stay_that_ends_before_it_begins_is_counted_and_has_no_dwell_time(stood, ask):
    found, notes = stood("o1 s1 2025-01-05 2025-01-01", "o1 s2 2025-02-01 -", created="2025-01-05")
    assert found == [("s1", day(1, 5), day(2, 1)), ("s2", day(2, 1), None)]
    assert notes == (counted(1, NOTES[2]),)
    kinds = "SELECT stage_id, kind FROM kpi.opportunity_stage ORDER BY stage_id"
    assert ask(kinds) == [("s1", "passed"), ("s2", "stay")]


def test_a_stay_from_before_the_deal_was_created_stands_from_its_creation_on(stood):
    found, notes = stood("o1 s1 2024-12-01 2025-02-01", "o1 s2 2025-02-01 -")
    assert found == [("s1", day(1, 1), day(2, 1)), ("s2", day(2, 1), None)]
    assert notes == (counted(1, NOTES[4]),)


def test_a_stay_after_the_close_stands_on_no_day(stood):
    found, _ = stood("o1 s1 2025-01-01 2025-07-01", "o1 s2 2025-07-01 -", closed="2025-06-01")
    assert found == [("s1", day(1, 1), day(6, 1))]


def test_stays_that_cannot_be_placed_are_left_out_and_counted(stood):
    found, notes = stood("o1 s1 2025-01-01 -", "o1 s2 - 2025-03-01", "o1 - 2025-04-01 -", "o9 s1 2025-01-01 -")
    assert found == [("s1", day(1, 1), None)]
    assert notes == (f"2 {NOTES[0]}", "1 stay is of a deal that is not loaded and is left out")


def test_stays_that_begin_on_the_same_instant_stand_in_the_order_in_which_they_end(stood):
    found, notes = stood("o1 s2 2025-01-01 2025-02-01", "o1 s1 2025-01-01 2025-01-01", closed="2025-02-01")
    assert found == [("s2", day(1, 1), day(2, 1))]
    assert notes == ()


def test_a_deal_that_was_closed_before_it_was_created_stands_on_no_day(stood):
    assert stood("o1 s1 2025-07-01 -", created="2025-07-01", closed="2025-06-01")[0] == []
