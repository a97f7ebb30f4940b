"""Roll-ups use every row as far as it is right, and what they cannot use is counted where it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import Entity, Field, How, Workspace, load_plugins
from kpicore.ingest.fields.derivations import DerivationReader, FieldDerivation
from tests.engine.worlds import at, config_of, load_tables
from tests.metrics.asking import answer
from tests.said import note_texts


def opened(folder: Path, **tables: str) -> Workspace:
    config = config_of(folder)
    load_tables(config, tables, at=at("2026-06-30"))
    return Workspace(config, load_plugins(()))


def rows(found: Workspace, sql: str) -> list[tuple[object, ...]]:
    return found.engine.warehouse.query(sql)


@pytest.mark.parametrize(
    ("lines", "customer"),
    [
        (["K1 -"], "K1"),
        (["K2 -", "K1 -"], "K1"),
        # a line without a date has that of its order, which is that of its earliest line
        (["K1 -", "K2 2026-01-03"], "K1"),
        (["- 2026-01-03", "K2 2026-01-04"], "K2"),
        (["- 2026-01-03", "K1 -"], "K1"),
        (["- -"], None),
    ],
)
def test_the_earliest_text_is_the_first_known_one_and_rows_without_a_date_come_last(
    tmp_path: Path, lines: list[str], customer: str | None
) -> None:
    table = "\n".join(f"{at} 1 {line} 10" for at, line in enumerate(lines))
    tables = {"order": "id amount\n1 20", "order_line": f"id order_id customer_id ordered_at amount\n{table}"}
    with opened(tmp_path, **tables) as found:
        assert rows(found, 'SELECT customer_id FROM kpi."order"') == [(customer,)]


def test_a_lead_has_the_first_known_buyer_of_its_won_deals(tmp_path: Path) -> None:
    deals = """
        id lead_id created_at closed_at  outcome customer_id
        1  L1      2026-01-01 2026-01-10 won     -
        2  L1      2026-01-01 2026-01-12 won     K2
        3  L2      2026-01-01 -          won     K3
        4  L3      -          -          open    -
        5  L4      2026-01-01 -          won     K5
        6  L4      2026-01-01 2026-02-01 won     K6
    """
    with opened(
        tmp_path, lead="id created_at\nL1 2025-12-01\nL2 2025-12-01\nL3 2025-12-02\nL4 2025-12-02", opportunity=deals
    ) as found:
        sql = "SELECT id, converted_customer_id, converted_opportunity_id FROM kpi.lead ORDER BY id"
        assert rows(found, sql) == [("L1", "K2", "1"), ("L2", "K3", "3"), ("L3", None, "4"), ("L4", "K6", "5")]


def test_an_open_end_stays_open_though_an_earlier_stretch_has_one(tmp_path: Path) -> None:
    terms = """
        id customer_id ordered_at starts_on  ends_on
        1  K1          2025-01-01 2025-01-01 2025-03-01
        2  K1          2026-01-01 2026-01-01 -
    """
    with opened(tmp_path, contract=terms) as found:
        assert rows(found, "SELECT id, lost_on FROM kpi.customer") == [("K1", None)]


def test_orders_without_a_date_are_told_where_the_first_purchase_is_read(tmp_path: Path) -> None:
    orders = """
        id customer_id ordered_at amount status
        1  K1          2026-01-05 100    completed
        2  K1          -          50     completed
        3  K2          -          70     completed
        4  K3          -          70     cancelled
    """
    with opened(tmp_path, order=orders) as found:
        told = answer(found, "new_customers", "2026-01")
        assert told.value == 1
        netted = "2 rows of order left out of first_purchase_at of customer: no ordered_at"
        assert netted in note_texts(told.notes)
        assert not any("first_purchase" in text for text in note_texts(answer(found, "revenue", "2026-01").notes))


def test_what_is_not_in_a_total_is_told_also_where_only_a_field_made_of_it_is_read(tmp_path: Path) -> None:
    tables = {
        "order": "id customer_id ordered_at amount\n1 K1 2026-01-02 -",
        "order_line": "id order_id amount\n1 1 70\n2 1 -",
    }
    with opened(tmp_path, **tables) as found:
        told = answer(found, "ltv.revenue", "2026-01")
        assert told.value == 70
        assert "1 row of order_line left out of amount of order: no amount" in note_texts(told.notes)


def test_complete_rows_are_told_nothing_of(tmp_path: Path) -> None:
    orders = "id customer_id ordered_at amount status\n1 K1 2026-01-05 100 completed\n2 K1 2026-02-05 50 cancelled"
    with opened(tmp_path, order=orders) as found:
        assert "left out of" not in " ".join(note_texts(answer(found, "new_customers", "2026-01").notes))


def test_definitions_are_read_once_however_many_periods_and_members_are_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    derivation = DerivationReader.derivation

    def noted(reader: DerivationReader, entity: Entity, field: Field, how: How) -> FieldDerivation:
        read.append(f"{entity.name}.{field.name}")
        return derivation(reader, entity, field, how)

    monkeypatch.setattr(DerivationReader, "derivation", noted)
    tables = {"order": "id customer_id amount ordered_at\n1 K1 20 2026-01-05\n2 K2 30 2026-02-05"}
    with opened(tmp_path, **tables) as found:
        found.get("revenue", "2026-01")
        assert read
        read.clear()
        found.get("revenue", "2026", grain="month", by="customer")
        found.get("revenue", "2026-02", where={"customer": "K2"})
        assert read == []
