"""A file of invoice lines is enough: orders, customers and their values come from it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from kpicore import Workspace, open_workspace
from kpicore.testing import TinySource, batch
from kpicore_crm.testing import DATA_TIME
from tests.crm import crm_registry
from tests.engine.worlds import config_of, load_tables
from tests.said import note_texts

LINES = """
    id order_id product_id quantity unit_price customer_id ordered_at       status
    1  A        mug        6        2.5        c1          2025-01-10T08:26 completed
    2  A        plate      1        5          c1          2025-01-10T08:26 completed
    3  B        mug        2        2.5        -           2025-02-10T09:00 completed
    4  C1       mug        -6       2.5        c1          2025-02-11T10:00 cancelled
    5  D        plate      2        5          c1          2025-03-10T11:00 completed
"""


def test_orders_and_customers_are_made_from_lines_without_the_cancelled_ones(tmp_path: Path) -> None:
    registry = crm_registry()
    (tmp_path / "kpi.toml").write_text('[workspace]\nname = "Lines"\n', encoding="utf-8")
    source = TinySource("lines", (batch(registry, "order_line", LINES),))
    with open_workspace(tmp_path) as found:
        found.load([source], data_time=DATA_TIME)
        asked = found.get(["revenue", "aov", "avg_ticket", "new_customers", "ltv"], "2025-Q1").answers
    # A 15 + 5 = 20, B 5 of a customer nobody knows, D 10; C1 is cancelled.
    assert [each.value for each in asked] == pytest.approx([35, 35 / 3, 30 / 1, 1, 30])
    assert any("1 of 3 rows of order left out: no customer_id" in text for text in note_texts(asked[2].notes))


MIXED = """
    id order_id customer_id ordered_at status    amount
    1  A        c1          2025-01-10 completed 100
    2  A        c1          2025-01-10 cancelled 50
    3  B        c2          2025-01-11 cancelled 7
    4  B        c2          2025-01-11 completed 9
    5  C        c3          2025-01-12 refunded  20
    6  C        c3          2025-01-12 cancelled 30
    7  D        c4          2025-01-13 open      1000
    8  D        c4          2025-01-14 completed -
"""


def opened(folder: Path, **tables: str) -> Workspace:
    load_tables(config_of(folder), tables)
    (folder / "kpi.toml").write_text('[workspace]\nname = "Lines"\n', encoding="utf-8")
    return open_workspace(folder)


def test_of_an_order_only_the_lines_that_are_a_purchase_are_sold(tmp_path: Path) -> None:
    with opened(tmp_path, order_line=MIXED) as found:
        asked = found.get(["revenue", "aov", "new_customers"], "2025-01").answers
        assert [each.value for each in asked] == [109, 54.5, 3]  # the amount of D's purchase is not known
        unsold = found.warehouse.query('SELECT id, status, amount, unsold_amount FROM kpi."order" ORDER BY id')
    assert [
        (id, status, amount and float(amount), unsold and float(unsold)) for id, status, amount, unsold in unsold
    ] == [
        ("A", "completed", 100, 50),
        ("B", "completed", 9, 7),
        ("C", "cancelled", 50, 50),
        ("D", "completed", None, 1000),
    ]


def test_an_order_without_an_amount_has_that_of_its_lines_that_are_a_purchase(tmp_path: Path) -> None:
    orders = "id customer_id ordered_at status amount\nA c1 2025-01-10 completed -\nB c2 2025-01-10 cancelled -"
    lines = "id order_id status amount\n1 A - 100\n2 A cancelled 50\n3 B - 7"
    with opened(tmp_path, order=orders, order_line=lines) as found:
        assert found.get("revenue", "2025-01").answers[0].value == 100
        made = found.warehouse.query('SELECT id, CAST(amount AS DOUBLE) FROM kpi."order" ORDER BY id')
    assert made == [("A", 100), ("B", 7)]


UNTOLD = """
    id order_id customer_id ordered_at status    amount
    1  A        c1          2025-01-10 cancelled 50
    2  A        c1          2025-01-10 -         9
    3  B        c2          2025-01-11 open      40
    4  C        c3          2025-01-12 -         300
"""


def test_a_line_without_a_status_is_sold_whatever_became_of_the_other_lines_of_its_order(tmp_path: Path) -> None:
    with opened(tmp_path, order_line=UNTOLD) as found:
        asked = found.get(["revenue", "new_customers"], "2025-01").answers
        assert [each.value for each in asked] == [309, 2]
        made = found.warehouse.query('SELECT id, status, CAST(unsold_amount AS INTEGER) FROM kpi."order" ORDER BY id')
        lines = found.warehouse.query("SELECT status FROM kpi.order_line ORDER BY id")
    assert made == [("A", "completed", 50), ("B", "open", 40), ("C", "completed", None)]
    assert [status for (status,) in lines] == ["cancelled", "completed", "open", "completed"]


def test_a_line_without_a_status_has_that_of_its_order_where_that_has_one(tmp_path: Path) -> None:
    orders = "id customer_id ordered_at status\nA c1 2025-01-10 cancelled\nB c2 2025-01-10 -"
    with opened(tmp_path, order=orders, order_line="id order_id status amount\n1 A - 100\n2 B - 7") as found:
        assert found.get("revenue", "2025-01").answers[0].value == 7


STATUSES = ("completed", "partly_refunded", "open", "cancelled", "refunded", "-")


def test_what_is_sold_of_an_order_is_the_sum_of_its_lines_that_are_a_purchase_or_say_nothing(tmp_path: Path) -> None:
    pairs = [*product(STATUSES, STATUSES)]
    rows = [
        f"{number}{side} {number} c{number} 2025-01-10 {status} {amount}"
        for number, pair in enumerate(pairs)
        for side, status, amount in zip("ab", pair, (2, 3), strict=True)
    ]
    sold = {"completed", "partly_refunded", "-"}
    with opened(tmp_path, order_line="\n".join(["id order_id customer_id ordered_at status amount", *rows])) as found:
        made = found.get("revenue", "2025-01", by="customer").answers
    revenue = {name: each.value for each in made for _, (name,) in each.question.cuts}
    wanted = {f"c{at}": 2 * (one in sold) + 3 * (two in sold) for at, (one, two) in enumerate(pairs)}
    assert {name: revenue.get(name, 0) for name in wanted} == wanted
