"""Closed is the outcome and not the date: what an open deal's close date is, and a closed deal without one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kpicore import Field, LookUp, RollUp, Type, earliest
from tests.crm import crm_registry
from tests.said import note_texts

DATES = "SELECT id, outcome, closed_on, expected_close_on, forecast_on FROM kpi.opportunity ORDER BY id"
OPEN_DAYS = """
    SELECT opportunity_id, since_on, until_on FROM kpi.opportunity_stage
    WHERE since_on IS NOT NULL ORDER BY opportunity_id, since_on"""


def day(month: int, day: int) -> date:
    return date(2025, month, day)


def test_the_close_date_of_an_open_deal_is_when_it_is_expected_to_close(give, ask):
    give(
        opportunity="""
            id outcome created_at closed_at  expected_close_on
            o1 open    2025-01-01 2025-03-01 -
            o2 open    2025-01-01 2025-03-01 2025-04-01
            o3 won     2025-01-01 2025-03-01 2025-04-01
            o4 won     2025-01-01 -          2025-04-01
            o5 -       2025-01-01 2025-03-01 -
            o6 -       2025-01-01 -          -
        """
    )
    assert ask(DATES) == [
        ("o1", "open", None, day(3, 1), day(3, 1)),
        ("o2", "open", None, day(4, 1), day(4, 1)),
        ("o3", "won", day(3, 1), day(4, 1), day(3, 1)),
        ("o4", "won", None, day(4, 1), None),  # won on a day that is not known, whatever was expected
        ("o5", None, day(3, 1), None, day(3, 1)),  # closed, how is not known
        ("o6", "open", None, None, None),
    ]


def test_the_day_is_that_of_the_organisations_zone(give, ask):
    give(opportunity="id outcome closed_at\n o1 open 2025-03-31T23:30", timezone="Europe/Berlin")
    assert ask(DATES) == [("o1", "open", None, day(4, 1), day(4, 1))]


def test_the_stage_tells_that_a_deal_is_open_where_the_deal_does_not(give, ask):
    give(
        stage="id position outcome\n s1 1 open\n s2 2 won",
        opportunity="""
            id stage_id created_at closed_at
            o1 s1       2025-01-01 2025-03-01
            o2 s2       2025-01-01 2025-03-01
        """,
    )
    assert ask(DATES) == [
        ("o1", "open", None, day(3, 1), day(3, 1)),
        ("o2", "won", day(3, 1), None, day(3, 1)),
    ]


def test_a_closed_deal_without_a_date_is_open_on_no_day_and_is_told(give, ask, state):
    deals = """
        id outcome created_at closed_at
        o1 open    2025-01-05 -
        o2 won     2025-01-05 -
        o3 lost    2025-01-05 -
        o4 won     2025-01-05 2025-01-09
    """
    give(opportunity=deals)
    assert ask(OPEN_DAYS) == [("o1", day(1, 5), None), ("o4", day(1, 5), day(1, 9))]
    assert note_texts(state().entities["opportunity_stage"].notes)[-1] == (
        "2 deals are over without a closed_at: on which days they were open is not known"
    )


def test_with_a_stage_history_it_stands_nowhere_either_and_its_stages_count_as_reached(give, ask):
    give(
        stage="id position outcome\n s1 1 open\n s2 2 open\n s3 3 won\n s4 - lost",
        opportunity="""
            id outcome created_at closed_at stage_id
            o1 won     2025-01-01 -         s3
            o2 won     2025-01-01 -         s3
            o3 lost    2025-01-01 -         s4
        """,
        stage_history="""
            opportunity_id stage_id entered_at left_at
            o1             s1       2025-01-01 2025-01-10
            o1             s2       2025-01-10 -
            o3             s1       2025-01-01 2025-01-10
        """,
    )
    assert ask(OPEN_DAYS) == []
    reached = """SELECT opportunity_id, stage_id, entered_on, left_on, moved_on, lost_here FROM kpi.opportunity_stage
        WHERE visit = 1 AND opportunity_id <> 'o2' ORDER BY opportunity_id, stage_position"""
    assert ask(reached) == [
        ("o1", "s1", day(1, 1), day(1, 10), True, False),
        ("o1", "s2", day(1, 10), None, True, False),  # when it was won is not known
        ("o1", "s3", None, None, True, False),
        ("o3", "s1", day(1, 1), day(1, 10), False, True),
    ]
    assert ask("SELECT max(stage_position) FROM kpi.opportunity_stage WHERE opportunity_id = 'o2'") == [(3,)]


def test_a_reopened_deal_is_open_again_whether_its_close_date_stays_or_not(give, ask):
    early = "id outcome created_at closed_at\n o1 won 2025-01-05 2025-02-01\n o2 lost 2025-01-05 2025-02-01"
    give(opportunity=early, time=datetime(2025, 3, 1, tzinfo=UTC))
    late = "id outcome created_at closed_at\n o1 open 2025-01-05 2025-02-01\n o2 open 2025-01-05 -"
    give(opportunity=late, time=datetime(2025, 4, 1, tzinfo=UTC))
    assert ask(DATES) == [
        ("o1", "open", None, day(2, 1), day(2, 1)),
        ("o2", "open", None, None, None),
    ]
    assert ask(OPEN_DAYS) == [("o1", day(1, 5), None), ("o2", day(1, 5), None)]
    # what the source gave stays as it was given
    assert ask("SELECT id, closed_at FROM raw.opportunity ORDER BY id") == [
        ("o1", datetime(2025, 2, 1, 12)),
        ("o2", None),
    ]


def test_won_deals_without_a_date_make_nobody_active_and_are_told(give, ask, state):
    give(
        opportunity="""
            id customer_id outcome created_at closed_at
            o1 c1          won     2025-01-05 2025-02-01
            o2 c2          won     2025-01-05 -
            o3 -           won     2025-01-05 2025-02-01
            o4 c4          lost    2025-01-05 -
        """
    )
    assert ask("SELECT customer_id, active_from FROM kpi.customer_spell") == [("c1", day(2, 1))]
    assert note_texts(state().entities["customer_spell"].notes) == (
        "1 won deal without a customer makes nobody active",
        "1 won deal without a date makes nobody active",
        "no orders are loaded: won deals count as purchases",
    )


def test_a_line_reads_its_order_as_the_load_fills_it(give, ask):
    """The order's status may come from its lines, the lines' from their order."""
    give(
        order="id ordered_at status\n A 2025-03-01 -\n B 2025-03-01 completed\n C 2025-03-01 -\n D 2025-03-01 -",
        order_line="""
            id order_id ordered_at status
            1  A        2025-03-01 -
            2  B        2025-03-01 -
            3  C        2025-03-01 cancelled
            4  C        2025-03-02 -
            5  D        -          -
        """,
    )
    assert ask("SELECT id, status FROM kpi.order ORDER BY id") == [
        ("A", "completed"),
        ("B", "completed"),
        ("C", "completed"),
        ("D", "completed"),
    ]
    assert ask("SELECT id, status, ordered_on FROM kpi.order_line ORDER BY id") == [
        ("1", "completed", day(3, 1)),
        ("2", "completed", day(3, 1)),
        ("3", "cancelled", day(3, 1)),
        ("4", "completed", day(3, 2)),
        ("5", "completed", day(3, 1)),
    ]


def test_a_reader_on_a_circle_finds_what_is_filled_without_the_circle(give, ask):
    """A team's region comes from its leader, the leader's from the team; both have a way of their own beside it."""
    fields = (
        Field("team", "leader_id", Type.TEXT, "Leader."),
        Field("team", "place", Type.TEXT, "Place.", how=(LookUp("leader_id", "user", "place"), "'at home'")),
        Field("user", "place", Type.TEXT, "Place.", how=(
            RollUp("owner_id", earliest("opportunity", "channel", when="created_at")),
            LookUp("team_id", "team", "place"),
        )),
    )  # fmt: skip
    words = crm_registry(fields=tuple(("mine", field) for field in fields))
    give(
        team="id leader_id place\n t1 u1 -\n t2 u2 -\n t3 - -",
        user="id team_id\n u1 t1\n u2 t2\n u3 t3",
        opportunity="id owner_id channel created_at\n o1 u1 web 2025-01-01",
        registry=words,
    )
    # u1 has a deal from the web, which its team may read; of the others nothing is known but the default
    assert ask("SELECT id, place FROM kpi.team ORDER BY id") == [("t1", "web"), ("t2", "at home"), ("t3", "at home")]
    assert ask("SELECT id, place FROM kpi.user ORDER BY id") == [("u1", "web"), ("u2", "at home"), ("u3", "at home")]


@pytest.mark.parametrize("with_stages", [False, True])
def test_a_deal_whose_outcome_is_no_known_word_is_told_as_such_and_not_as_over(give, state, with_stages):
    stages = {"stage": "id position outcome\n s1 1 open\n s3 3 won"} if with_stages else {}
    give(
        **stages,
        opportunity="""
            id outcome created_at closed_at  stage_id
            o1 open    2025-01-05 -          s1
            o2 Limbo   2025-01-05 2025-01-09 s1
            o3 Limbo   -          -          s1
            o4 won     2025-01-05 -          s3
        """,
    )
    assert note_texts(state().entities["opportunity_stage"].notes)[-3:-1] == (
        "1 deal is over without a closed_at: on which days it was open is not known",
        "2 deals have an outcome that is no known word and stand on no day: write what it means into kpi.toml, [words]",
    )
