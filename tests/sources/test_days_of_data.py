"""Imports as of several days: the data is of the latest one, and what is older is told."""

from __future__ import annotations

from datetime import date

import duckdb

from kpicore import open_workspace

ORDERS = "Order ID,Customer,Order Date,Amount\nO1,C1,2026-01-10,100\nO2,C1,2026-01-25,30\n"
CUSTOMERS = "Customer ID,Name\nC1,Ann\n"
FEBRUARY = "2026-02-05T23:59:59+00:00"


def of(desk, as_of: date | None = None) -> tuple[str, float | None]:
    """Return of when the data is, and the revenue of January."""
    with open_workspace(desk.workspace) as opened:
        [answer] = opened.get("revenue", "2026-01", as_of=as_of).answers
        return opened.data_time.isoformat(), answer.value


def both(desk) -> dict[str, object]:
    """Import orders of 5 February, then customers of 20 January; return what the second import told."""
    with_zone = (desk.workspace / "kpi.toml").read_text(encoding="utf-8").replace("Europe/Berlin", "UTC")
    (desk.workspace / "kpi.toml").write_text(with_zone, encoding="utf-8")
    desk.take(desk.put("orders.csv", ORDERS), "--entity", "order", "--as-of", "2026-02-05")
    assert of(desk) == (FEBRUARY, 130.0)
    told: dict[str, object] = desk.take(desk.put("customers.csv", CUSTOMERS), "--as-of", "2026-01-20")
    return told


def test_an_older_file_of_another_entity_leaves_the_data_of_its_day_and_is_told(desk):
    assert both(desk)["notes"] == ["This import is of 2026-01-20, and the data stays of 2026-02-05"]
    assert of(desk) == (FEBRUARY, 130.0)
    assert of(desk, date(2026, 2, 5)) == (FEBRUARY, 130.0)


def test_an_older_part_of_a_file_leaves_the_data_of_its_day(desk):
    both(desk)
    part = desk.put("orders.csv", ORDERS.replace("O2,C1,2026-01-25,30\n", ""))
    assert desk.take(part, "--as-of", "2026-01-20")["notes"] == [
        "This import is of 2026-01-20, and the data stays of 2026-02-05."
        " If all of it is of 2026-01-20, import all of its files again in one go"
    ]
    assert of(desk) == (FEBRUARY, 130.0)


def test_a_day_that_was_left_out_is_put_right_by_importing_all_again_with_it(desk):
    both(desk)
    orders, customers = desk.files / "orders.csv", desk.files / "customers.csv"
    today = desk.take(orders, customers)["notes"]
    assert today[0].endswith("import it again with --as-of 2026-01-25")
    [told] = desk.take(orders, customers, "--as-of", "2026-01-28")["notes"]
    assert told.endswith(" and is of 2026-01-28 now, as this import gives all of it again")
    assert of(desk)[0] == "2026-01-28T23:59:59+00:00"
    assert desk.take(customers, "--as-of", "2026-01-27")["notes"] == [
        "This import is of 2026-01-27, and the data stays of 2026-01-28."
        " If all of it is of 2026-01-27, import all of its files again in one go"
    ]


def test_data_that_an_earlier_version_took_back_is_of_the_latest_day_from_the_next_remake_on(desk):
    both(desk)
    with duckdb.connect(str(desk.workspace / "warehouse.duckdb")) as connection:
        connection.execute("UPDATE book.state SET time = TIMESTAMP '2026-01-20 23:59:59'")
    assert of(desk) == ("2026-01-20T23:59:59+00:00", 100.0)
    with open_workspace(desk.workspace) as opened:
        opened.remake()
    assert of(desk) == (FEBRUARY, 130.0)
