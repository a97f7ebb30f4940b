"""What presumes a history or an order of stages: a reason where nobody gave it, and never a number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpicore import (
    COUNT,
    Answer,
    Field,
    KpiError,
    LookUp,
    Metric,
    RollUp,
    Type,
    Workspace,
    average,
    count,
    load_plugins,
    standing,
    total,
)
from kpicore_crm.plugin import NO_STAGE_HISTORY, NO_STAGE_ORDER
from tests.crm import crm_plugins
from tests.engine.worlds import config_of, load_tables, only
from tests.metrics.asking import answer, value
from tests.said import note_words

STAGE = """
    id    name  position probability outcome
    new   New   1        0.2         open
    offer Offer 2        0.5         open
    deal  Deal  3        0.8         open
    won   Won   4        1           won
    lost  Lost  -        0           lost
"""
DEALS = """
    id stage_id outcome created_at closed_at  amount product_id customer_id expected_close_on owner_id
    d1 won      won     2025-01-01 2025-05-01 100    p          c1          2025-05-01        u1
    d2 lost     lost    2025-01-01 2025-03-15 200    p          c2          2025-03-01        u1
    d3 offer    open    2025-02-01 -          400    p          c3          2025-08-01        u1
    d4 lost     lost    2025-02-01 2025-04-01 800    p          c4          2025-04-01        u2
    d5 won      won     2025-03-01 2025-06-01 50     p          c5          2025-06-01        u2
    d6 deal     open    2025-03-01 -          70     p          c6          2025-09-01        u2
"""
HISTORY = """
    opportunity_id stage_id entered_at left_at
    d1             new      2025-01-01 2025-02-01
    d1             offer    2025-02-01 2025-05-01
    d2             new      2025-01-01 2025-03-15
    d3             new      2025-02-01 2025-02-20
    d3             offer    2025-02-20 -
    d4             new      2025-02-01 2025-02-10
    d4             offer    2025-02-10 2025-04-01
    d5             new      2025-03-01 2025-04-01
    d5             deal     2025-04-01 2025-06-01
    d6             offer    2025-03-01 2025-06-10
    d6             deal     2025-06-10 -
"""
OTHER_HISTORY = """
    opportunity_id stage_id entered_at left_at
    d1             offer    2025-01-01 2025-03-10
    d1             deal     2025-03-10 2025-05-01
    d2             new      2025-01-01 2025-01-05
    d2             deal     2025-01-05 2025-03-15
    d3             new      2025-02-01 2025-05-15
    d3             offer    2025-05-15 -
    d4             deal     2025-02-01 2025-04-01
    d5             new      2025-03-01 2025-06-01
    d6             new      2025-03-01 2025-04-15
    d6             deal     2025-04-15 -
"""
PRODUCT = "id name product_line_id\n p Pro x"
FIRST = datetime(2025, 7, 15, 12, tzinfo=UTC)
PERIODS = ("2025-02", "2025-Q2", "2025-07", "2025")


@contextmanager
def opened(folder: Path, **tables: str) -> Iterator[Workspace]:
    config = config_of(folder)
    load_tables(config, {"product": PRODUCT, "opportunity": DEALS, **tables}, at=FIRST)
    with Workspace(config, load_plugins(())) as found:
        yield found


def answers(of: Workspace) -> dict[tuple[str, str, str], Answer]:
    """Return the answer of every variant for each period and stage, and without a cut, that can be asked."""
    found: dict[tuple[str, str, str], Answer] = {}
    for id, metric in of.registry.metrics.items():
        for variant in metric.variant_names:
            for period in PERIODS:
                for stage in ("", "New", "Offer", "Deal", "Won", "(none)"):
                    cuts = {"stage": stage} if stage else {}
                    try:
                        found[f"{id}.{variant}", period, stage] = answer(of, f"{id}.{variant}", period, **cuts)
                    except KpiError:
                        continue
    return found


def test_what_differs_with_the_stage_history_has_no_value_without_one(tmp_path: Path) -> None:
    """Of each definition: what two histories of the same deals answer otherwise is not known without a history."""
    with (
        opened(tmp_path / "a", stage=STAGE, stage_history=HISTORY) as one,
        opened(tmp_path / "b", stage=STAGE, stage_history=OTHER_HISTORY) as other,
        opened(tmp_path / "c", stage=STAGE) as without,
    ):
        these, those, none = answers(one), answers(other), answers(without)
    depend = {each for each in these if these[each].value != those[each].value}
    wrong = {(*each, none[each].value, none[each].reason) for each in depend if none[each].reason != NO_STAGE_HISTORY}
    assert not wrong
    assert {
        *("stage_conversion.next", "stage_conversion.cumulative", "stage_dwell_time.left", "stage_entries.default"),
        *("stage_losses.default", "opportunity_quality.qualified", "pipeline_value.default", "funnel_leakage.default"),
        *("weighted_pipeline.default", "sales_forecast.history", "stage_dwell_time.with_open"),
    } <= {ref for ref, _, _ in depend}


def test_what_differs_with_the_order_of_the_stages_has_no_value_without_one(tmp_path: Path) -> None:
    turned = STAGE.replace("New   1", "New   3").replace("Deal  3", "Deal  1")
    bare = STAGE.replace("New   1", "New   -").replace("Offer 2", "Offer -").replace("Deal  3", "Deal  -")
    with (
        opened(tmp_path / "a", stage=STAGE, stage_history=HISTORY) as one,
        opened(tmp_path / "b", stage=turned, stage_history=HISTORY) as other,
        opened(tmp_path / "c", stage=bare.replace("Won   4", "Won   -"), stage_history=HISTORY) as without,
        opened(tmp_path / "d", stage=bare, stage_history=HISTORY) as half,
    ):
        these, those = answers(one), answers(other)
        depend = {each for each in these if these[each].value != those[each].value}
        for none in (answers(without), answers(half)):
            assert not {(*each, none[each].value) for each in depend if none[each].reason != NO_STAGE_ORDER}
        told = answer(half, "stage_conversion.next", "2025-02", stage="New").detail
        assert note_words(told) == "no position in the order of the stages: Deal, New, Offer"
    assert {"stage_conversion.next", "stage_conversion.cumulative"} <= {ref for ref, _, _ in depend}


def test_without_a_history_the_pipeline_is_known_and_by_stage_from_the_first_load_on(tmp_path: Path) -> None:
    with opened(tmp_path, stage=STAGE) as of:
        assert value(of, "pipeline_value", "2025-03") == 50 + 70 + 100 + 400 + 800
        past = answer(of, "pipeline_value", "2025-03", stage="Offer")
        assert (past.value, past.reason) == (None, NO_STAGE_HISTORY)
        assert note_words(past.detail) == "the stages of days before 2025-07-15, the first load, are not known"
        assert value(of, "pipeline_value", "2025-07", stage="Offer") == 400
        assert value(of, "pipeline_count", "2025", stage="Deal") == 1
        assert value(of, "weighted_pipeline", "2025-07") == 400 * 0.5 + 70 * 0.8
        lacking = {each.metric: each.lacks for each in of.coverage()}
        assert lacking["pipeline_value"] == ()
        assert lacking["stage_conversion"] == ("the stages of days before 2025-07-15, the first load, are not known",)


def test_deals_without_a_history_are_left_out_where_others_have_one(tmp_path: Path) -> None:
    half = "\n".join(line for line in HISTORY.splitlines() if line.split()[:1] not in (["d2"], ["d4"]))
    with opened(tmp_path, stage=STAGE, stage_history=half) as of:
        # d1, d3, d5 and d6 are known; all came past New and Offer, three to Deal, two were won
        for stage, share in (("New", 1), ("Offer", 1), ("Deal", 3 / 4), ("Won", 2 / 4)):
            found = answer(of, "stage_conversion.cumulative", "2025", stage=stage)
            assert (found.value, found.n) == (share, 4)
        # of the closed deals that were in Offer, or came past it, those two are known
        assert of.warehouse.query("SELECT win_share FROM kpi.stage WHERE id = 'offer'") == [(1,)]
        assert answer(of, "stage_entries", "2024", stage="New").reason == NO_STAGE_HISTORY
        note = note_words(answer(of, "stage_entries", "2024", stage="New").detail)
        assert note == "the stage history that was given begins on 2025-01-01"


def test_the_change_log_is_a_history_from_the_day_of_the_first_load_on(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    load_tables(config, {"stage": STAGE, "opportunity": DEALS}, at=FIRST)
    later = "id stage_id outcome created_at closed_at amount\n" + "\n".join(
        ("d3 deal open 2025-02-01 - 400", "d6 won won 2025-03-01 2025-08-10 70", "d7 new open 2025-08-01 - 5")
    )
    load_tables(config, {"opportunity": later}, at=datetime(2025, 8, 15, 12, tzinfo=UTC))
    with Workspace(config, load_plugins(())) as of:
        for ref in ("stage_entries", "stage_conversion.next", "stage_conversion.cumulative", "stage_losses"):
            assert answer(of, ref, "2025-06", stage="New").reason == NO_STAGE_HISTORY, ref
        # d3 came into Deal between the loads, and d7 began
        assert value(of, "stage_entries", "2025-08", stage="Deal") == 1
        assert value(of, "stage_entries", "2025-08", stage="New") == 1
        # of all that began in 2025 only d7 is known from its beginning on
        found = answer(of, "stage_conversion.cumulative", "2025", stage="New")
        assert (found.value, found.n) == (1, 1)
        assert any("stages before 2025-07-15, the first load" in note_words(note) for note in found.notes)


def test_as_of_the_day_of_the_first_load_there_is_no_history_yet(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    load_tables(config, {"stage": STAGE, "opportunity": DEALS}, at=FIRST)
    load_tables(config, {"opportunity": "id amount\n d1 100"}, at=datetime(2025, 8, 15, 12, tzinfo=UTC))
    with Workspace(config, load_plugins(())) as of:
        (found,) = of.get("stage_dwell_time", "2025", as_of=FIRST.date()).answers
        assert found.reason == NO_STAGE_HISTORY


def test_a_table_by_stage_says_the_reason_and_not_that_there_are_no_rows(tmp_path: Path) -> None:
    with opened(tmp_path, stage=STAGE) as of:
        for ref in ("stage_conversion.next", "stage_conversion.cumulative", "stage_entries"):
            (found,) = of.get(ref, "2025", by="stage").answers
            assert (dict(found.question.cuts), found.reason) == ({"stage": ("(none)",)}, NO_STAGE_HISTORY)


OWN = (
    ("entered", count("stage_history", when="entered_on")),
    ("passed", count("opportunity_stage", when="created_on", where="kind = 'passed'")),
    ("stuck", standing("opportunity_stage", since="since_on", until="until_on", where="visit > 1")),
    ("ladder", total("opportunity", "furthest_stage_position", when="created_on")),
    ("looked_up", count("opportunity", when="created_on", where="coalesce(came_back, 0) = 0")),
    ("worked_out", average("opportunity", "share_in_percent", when="created_on")),
)


@pytest.mark.parametrize(("id", "given"), OWN)
def test_own_definitions_over_such_fields_and_over_fields_made_of_them_are_refused_too(
    tmp_path: Path, id: str, given: object
) -> None:
    """A field says what it presumes; what is made of it by look-up, roll-up or expression presumes the same."""
    config = config_of(tmp_path)
    returns = RollUp("opportunity_id", count("opportunity_stage", where="visit = 2"))
    fields = (
        Field("opportunity", "came_back", Type.INTEGER, "Returns to a stage.", how=(returns,)),
        Field("opportunity", "won_share", Type.NUMBER, "Share won.", how=(LookUp("stage_id", "stage", "win_share"),)),
        Field("opportunity", "share_in_percent", Type.NUMBER, "Share won, in per cent.", how=("won_share * 100",)),
    )
    metrics = (("me", only(it=given)),)  # type: ignore[arg-type]
    own = crm_plugins(fields=tuple(("me", field) for field in fields), metrics=metrics)
    load_tables(config, {"stage": STAGE, "opportunity": DEALS}, at=FIRST, plugins=own)
    with Workspace(config, own) as of:
        found = answer(of, "it", "2025")
        assert (found.value, found.reason) == (None, NO_STAGE_HISTORY)


def test_a_creation_date_that_falls_back_on_a_history_presumes_none(tmp_path: Path) -> None:
    with opened(tmp_path, stage=STAGE) as of:
        assert value(of, "opportunities_created", "2025-01") == 2


def test_a_metric_is_not_refused_where_there_are_no_deals_at_all_but_not_loaded(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    load_tables(config, {"customer": "id name\n c1 Acme"}, at=FIRST)
    metric = Metric("it", name="It", unit=COUNT, inputs={"v": count("opportunity_stage", when="entered_on")})
    with Workspace(config, crm_plugins(metrics=(("me", metric),))) as of:
        assert answer(of, "it", "2025").reason == "not_loaded"
