"""What was never loaded of stages whose order, or history, somebody gave: the reason names what is lacking."""

from __future__ import annotations

from pathlib import Path

from kpicore import Workspace, load_plugins
from kpicore_crm.plugin import NO_STAGE_ORDER
from tests.engine.worlds import at, config_of, load_tables
from tests.metrics.asking import answer
from tests.said import note_words

DEALS = (
    "id stage_id outcome created_at closed_at amount\n1 Lead open 2026-01-05 - 500\n2 Won won 2026-01-06 2026-02-20 300"
)
HISTORY = "opportunity_id stage_id entered_at\n1 Lead 2026-01-05\n2 Lead 2026-01-06\n2 Won 2026-02-20"
STAGES = "id position\nLead 1\nWon 2"


def reason(folder: Path, kpi: str, **tables: str) -> tuple[str | None, str]:
    config = config_of(folder)
    load_tables(config, {"opportunity": DEALS, **tables}, at=at("2026-02-28"))
    with Workspace(config, load_plugins(())) as found:
        told = answer(found, kpi, "2026-02")
        return told.reason, note_words(told.detail)


def test_without_probabilities_a_given_order_of_the_stages_is_not_what_is_lacking(tmp_path: Path) -> None:
    lacking = ("not_loaded", "no opportunity_stage has a value in probability")
    assert reason(tmp_path / "no order", "weighted_pipeline") == lacking
    assert reason(tmp_path / "order", "weighted_pipeline", stage=STAGES, stage_history=HISTORY) == lacking


def test_without_an_order_of_the_stages_it_is(tmp_path: Path) -> None:
    found, words = reason(tmp_path, "funnel_leakage", stage_history=HISTORY)
    assert found == NO_STAGE_ORDER and "Lead, Won" in words


def test_a_stage_that_deals_only_stood_in_before_needs_its_place_in_the_order_too(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    deal = "id stage_id outcome created_at\n1 {} open 2026-02-05"
    load_tables(config, {"opportunity": "id stage_id outcome created_at\n9 Offer open 2026-01-05"}, at=at("2026-01-31"))
    load_tables(config, {"opportunity": deal.format("Lead")}, at=at("2026-02-10"))
    load_tables(config, {"opportunity": deal.format("Offer"), "stage": "id position\nOffer 1"}, at=at("2026-02-20"))
    with Workspace(config, load_plugins(())) as found:
        told = answer(found, "stage_entries", "2026-02", stage="Offer")
        assert told.reason == NO_STAGE_ORDER and note_words(told.detail).endswith("Lead")
    load_tables(config, {"stage": "id position\nLead 1\nOffer 2"}, at=at("2026-02-20"))
    with Workspace(config, load_plugins(())) as found:
        # deal 1 went on from Lead; into Offer came deal 1
        entered = [answer(found, "stage_entries", "2026-02", stage=each).value for each in ("Lead", "Offer")]
        assert entered == [1, 1]
        assert answer(found, "stage_conversion", "2026-02", stage="Lead").value == 1
