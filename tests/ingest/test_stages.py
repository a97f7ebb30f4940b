"""The stages that deals passed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.said import note_texts

STAGES = """
    SELECT opportunity_id, stage_id, stage_position, entered_on, left_on, moved_on, lost_here
    FROM kpi.opportunity_stage WHERE visit IS NOT NULL ORDER BY opportunity_id, stage_position, stage_id, visit"""
STANDING = """
    SELECT opportunity_id, stage_id, since_on, until_on FROM kpi.opportunity_stage
    WHERE since_on IS NOT NULL ORDER BY opportunity_id, since_on"""
LADDER = """
    id position outcome
    s1 1        open
    s2 2        open
    s3 3        open
    s4 4        won
    s5 -        lost
"""


def day(month: int, day: int) -> date:
    return date(2025, month, day)


def test_each_stay_is_a_row_with_where_the_deal_went(tiny):
    sql = STAGES.replace("ORDER", "AND opportunity_id IN ('o1', 'o3', 'o5', 'o10') ORDER")
    assert tiny.query(sql) == [
        ("o1", "s1", 1, day(1, 5), day(1, 10), True, False),
        ("o1", "s2", 2, day(1, 10), day(1, 25), True, False),  # won from here
        ("o1", "s3", 3, day(1, 25), day(1, 25), True, False),  # winning is the last step, at the close
        ("o10", "s1", 1, day(4, 10), day(4, 20), True, False),
        ("o10", "s2", 2, day(4, 20), None, False, False),
        ("o3", "s1", 1, day(1, 15), day(2, 1), True, False),
        ("o3", "s2", 2, day(2, 1), day(2, 15), False, True),
        ("o5", "s1", 1, day(2, 10), day(3, 12), False, True),
    ]


def test_stages_that_a_deal_jumped_over_are_filled_in(give, ask):
    give(
        stage=LADDER,
        opportunity="id stage_id outcome created_at closed_at\n o1 s4 won 2025-01-01 2025-03-01",
        stage_history="opportunity_id stage_id entered_at left_at\n o1 s2 2025-01-01 2025-02-01\n o1 s4 2025-03-01 -",
    )
    assert ask(STAGES) == [
        ("o1", "s1", 1, day(1, 1), day(1, 1), True, False),
        ("o1", "s2", 2, day(1, 1), day(2, 1), True, False),
        ("o1", "s3", 3, day(3, 1), day(3, 1), True, False),
        ("o1", "s4", 4, day(3, 1), day(3, 1), True, False),
    ]
    assert ask("SELECT DISTINCT deal_started_on FROM kpi.opportunity_stage") == [(day(1, 1),)]


def test_a_deal_that_went_back_is_lost_where_it_was_last_and_once(give, ask):
    give(
        stage=LADDER,
        opportunity="id stage_id outcome created_at closed_at\n o1 s5 lost 2025-01-01 2025-04-01",
        stage_history="""
            opportunity_id stage_id entered_at left_at
            o1             s1       2025-01-01 2025-02-01
            o1             s2       2025-02-01 2025-03-01
            o1             s1       2025-03-01 2025-04-01
        """,
    )
    assert ask(STAGES) == [
        ("o1", "s1", 1, day(1, 1), day(2, 1), False, True),
        ("o1", "s1", 1, day(3, 1), day(4, 1), False, True),
        ("o1", "s2", 2, day(2, 1), day(3, 1), False, False),
    ]
    assert ask("SELECT visit FROM kpi.opportunity_stage ORDER BY entered_on") == [(1,), (1,), (2,)]
    lost = "SELECT stage_id, visit, closed_on FROM kpi.opportunity_stage WHERE loses_deal"
    assert ask(lost) == [("s1", 2, day(4, 1))]


def test_without_history_the_stages_before_the_first_load_are_not_known_and_the_notes_say_so(give, ask, state):
    give(
        stage=LADDER,
        opportunity="""
            id stage_id outcome created_at closed_at
            o1 s2       open    2025-01-01 -
            o2 s4       won     2025-01-01 2025-02-01
            o3 s5       lost    2025-01-01 2025-02-01
            o4 s2       lost    2025-01-01 2025-02-01
        """,
    )
    # Loaded on July 15: which stages were passed follows from where a deal is; when is not known but for winning.
    assert ask(STAGES) == [
        ("o1", "s1", 1, None, None, True, False),
        ("o1", "s2", 2, None, None, False, False),
        ("o2", "s1", 1, None, None, True, False),
        ("o2", "s2", 2, None, None, True, False),
        ("o2", "s3", 3, None, None, True, False),
        ("o2", "s4", 4, day(2, 1), day(2, 1), True, False),
        ("o3", "s1", 1, None, None, False, False),
        ("o4", "s1", 1, None, None, True, False),
        ("o4", "s2", 2, None, day(2, 1), False, True),
    ]
    assert ask(STANDING) == [
        ("o1", None, day(1, 1), day(7, 15)),
        ("o1", "s2", day(7, 15), None),
        ("o2", None, day(1, 1), day(2, 1)),
        ("o3", None, day(1, 1), day(2, 1)),
        ("o4", None, day(1, 1), day(2, 1)),
    ]
    assert note_texts(state().entities["opportunity_stage"].notes) == (
        "stages before 2025-07-15, the first load, are not known: no stage history was given",
        "1 deal was lost in a stage that is not known: left out of the share that reached a stage",
    )


def test_from_the_first_load_on_the_change_log_is_the_history(give, ask):
    deal = "id stage_id outcome created_at\n o1 {} open 2025-01-01"
    give(stage=LADDER, opportunity=deal.format("s1"), time=datetime(2025, 2, 1, tzinfo=UTC))
    give(opportunity=deal.format("s3"), time=datetime(2025, 3, 1, tzinfo=UTC))
    assert ask(STAGES) == [
        ("o1", "s1", 1, None, day(3, 1), True, False),
        ("o1", "s2", 2, None, None, True, False),
        ("o1", "s3", 3, day(3, 1), None, False, False),
    ]
    lost = "id stage_id outcome created_at closed_at\n o1 s5 lost 2025-01-01 2025-04-01"
    give(opportunity=lost, time=datetime(2025, 4, 2, tzinfo=UTC))
    assert ask(STAGES)[2] == ("o1", "s3", 3, day(3, 1), day(4, 1), False, True)
    assert ask(STANDING) == [
        ("o1", None, day(1, 1), day(2, 1)),
        ("o1", "s1", day(2, 1), day(3, 1)),
        ("o1", "s3", day(3, 1), day(4, 1)),
    ]


def test_a_deal_created_after_the_first_load_entered_its_stage_when_it_was_created(give, ask):
    give(stage=LADDER, opportunity="id stage_id created_at\n o1 s1 2025-01-01", time=datetime(2025, 2, 1, tzinfo=UTC))
    give(opportunity="id stage_id created_at\n o2 s2 2025-02-10", time=datetime(2025, 3, 1, tzinfo=UTC))
    assert [row for row in ask(STAGES) if row[0] == "o2"] == [
        ("o2", "s1", 1, day(2, 10), day(2, 10), True, False),
        ("o2", "s2", 2, day(2, 10), None, False, False),
    ]


def test_stages_without_positions_keep_the_order_in_which_they_were_entered(give, ask):
    give(
        opportunity="id stage_id outcome created_at\n o1 b open 2025-01-01",
        stage_history="opportunity_id stage_id entered_at left_at\n o1 a 2025-01-01 2025-02-01\n o1 b 2025-02-01 -",
    )
    assert ask(STAGES) == [
        ("o1", "a", None, day(1, 1), day(2, 1), True, False),
        ("o1", "b", None, day(2, 1), None, False, False),
    ]


def test_a_stage_has_the_dimensions_and_the_amount_of_its_deal(tiny):
    sql = "SELECT stage, rep, customer, product, CAST(amount AS INTEGER) FROM kpi.opportunity_stage"
    assert tiny.query(sql + " WHERE opportunity_id = 'o3' AND stage_id = 's2'") == [
        ("Offer", "Bob Ray", "Coco", "Basic", 150)
    ]


def test_an_open_deal_without_a_creation_date_stands_since_it_was_first_loaded(give, ask, state):
    deals = "id stage_id outcome created_at closed_at\n o1 s1 open - -\n o2 s4 won - 2025-01-20"
    give(stage=LADDER, opportunity=deals, time=datetime(2025, 2, 1, tzinfo=UTC))
    give(opportunity="id stage_id outcome\n o3 s2 open", time=datetime(2025, 3, 1, tzinfo=UTC))
    assert ask(STANDING) == [("o1", "s1", day(2, 1), None), ("o3", "s2", day(3, 1), None)]
    assert note_texts(state().entities["opportunity_stage"].notes)[1:] == (
        "2 open deals have no created_at: standing since the first load, 2025-02-01 or later",
        "1 closed deal has no created_at: on which days it was open is not known",
    )


def test_a_stage_that_means_lost_is_no_step_but_days_in_it_stand_there(give, ask):
    give(
        stage=LADDER,
        opportunity="id stage_id outcome created_at closed_at\n o1 s5 lost 2025-01-01 2025-03-01",
        stage_history="opportunity_id stage_id entered_at left_at\n o1 s1 2025-01-01 2025-02-01\n o1 s5 2025-02-01 -",
    )
    assert ask(STAGES) == [("o1", "s1", 1, day(1, 1), day(2, 1), False, True)]
    assert ask(STANDING) == [("o1", "s1", day(1, 1), day(2, 1)), ("o1", "s5", day(2, 1), day(3, 1))]
