"""Time that runs backwards, as dates are wrong, is not known: it is in no average, and makes nothing look quick."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import Workspace, open_workspace
from tests.engine.worlds import at, config_of, load_tables
from tests.metrics.asking import answer, value
from tests.said import note_texts

TABLES = {
    "opportunity": """
        id created_at closed_at  outcome owner_id product_line_id first_contact_at
        1  2026-02-10 2026-02-01 won     u1       line            2026-02-20
        2  2026-01-01 2026-01-31 won     u1       line            2026-01-01
        3  2026-06-01 -          open    u1       -               -
        4  2026-06-01 -          open    -        line            -
        5  2026-05-01 -          open    u1       -               -
    """,
    "user": "id name\nu1 Ann",
    "product_line": "id name\nline Cups",
    "customer": "id name first_purchase_at\nk1 X 2026-03-31\nk2 Y -",
    "order": """
        id customer_id ordered_at amount
        1  k1          2026-03-01 5
        2  k2          2026-03-01 5
        3  k2          2026-03-11 5
    """,
}


@pytest.fixture
def company(tmp_path: Path) -> Workspace:
    load_tables(config_of(tmp_path), TABLES, at=at("2026-06-20"))
    (tmp_path / "kpi.toml").write_text('[workspace]\nname = "Test"\n', encoding="utf-8")
    return open_workspace(tmp_path)


def test_a_deal_closed_before_it_was_created_makes_no_usual_cycle_shorter(company: Workspace) -> None:
    # Deals take 30 days, of the rep and of the line: 3 and 4 are 19 days old, 5 is 50.
    assert value(company, "stalled_opportunities", "2026-06") == 1


def test_a_first_contact_after_the_close_is_in_no_class_of_cycle(company: Workspace) -> None:
    found = {each.question.cuts: each.value for each in company.get("won_deals", "2026-Q1", by="cycle_length").answers}
    assert found == {(("cycle_length", ("(none)",)),): 1, (("cycle_length", ("1: up to 30 days",)),): 1}


def test_a_customer_whose_purchases_are_all_before_the_first_has_no_lifetime(company: Workspace) -> None:
    found = answer(company, "customer_lifespan", "2026-03")
    assert found.value == pytest.approx(10 / 365.25)  # k2's
    assert any("1 of 2 rows of customer left out" in text for text in note_texts(found.notes))
    [(years,)] = company.warehouse.query("SELECT lifetime_years FROM kpi.customer WHERE id = 'k1'")
    assert years is None
