"""Deals of which no stage was ever told stand in a view, whose rows are those that would be written otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

DEALS = """
    id owner_id channel amount probability created_at closed_at  outcome
    o1 u1       web     100    0.5         2025-01-31 -          open
    o2 u1       shop    200    0.5         2025-02-01 2025-03-01 lost
    o3 u2       -       300    -           -          -          -
    o4 u2       web     400    0.9         -          2025-03-01 won
    o5 -        web     500    0.9         2025-05-01 2025-04-01 won
"""
OTHER_LADDER = """
    id position outcome pipeline
    s1 1        open    renewals
"""
ROWS = "SELECT * FROM kpi.opportunity_stage ORDER BY opportunity_id"


def test_a_deal_without_a_stage_stands_from_its_creation_to_its_close(give, ask):
    give(opportunity=DEALS)
    found = ask("SELECT opportunity_id, since_on, until_on, probability, rep FROM (" + ROWS + ")")
    assert found == [
        ("o1", date(2025, 1, 31), None, 0.5, "u1"),
        ("o2", date(2025, 2, 1), date(2025, 3, 1), None, "u1"),
        ("o3", date(2025, 7, 15), None, None, "u2"),
        ("o4", None, date(2025, 3, 1), None, "u2"),
        ("o5", None, date(2025, 4, 1), None, None),
    ]
    assert ask("SELECT DISTINCT kind, begins_deal, moved_on, lost_here, stage FROM kpi.opportunity_stage") == [
        ("unknown", True, False, False, None)
    ]


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles"])
def test_the_view_shows_what_would_be_written(give, ask, state, zone):
    give(opportunity=DEALS, timezone=zone)
    shown, told = ask(ROWS), state().entities["opportunity_stage"]
    assert ask("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'opportunity_stage'") == [(0,)]
    # A stage of another pipeline is no deal's: the rows stay the same and are written.
    give(stage=OTHER_LADDER, timezone=zone, name="ladder")
    assert ask("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'opportunity_stage'") == [(1,)]
    assert ask(ROWS) == shown
    assert state().entities["opportunity_stage"] == told


def test_a_deal_without_a_date_that_came_later_stands_since_then(give, ask):
    give(opportunity=DEALS)
    give(opportunity="id outcome\n o6 open", time=datetime(2025, 7, 20, tzinfo=UTC))
    assert ask("SELECT since_on FROM kpi.opportunity_stage WHERE opportunity_id IN ('o3', 'o6') ORDER BY since_on") == [
        (date(2025, 7, 15),),
        (date(2025, 7, 20),),
    ]
