"""Whether the time zone of the organisation decided what a file's days and instants became: then it is written down."""

from __future__ import annotations

import pytest

TOLD = "SELECT entity, source, zone FROM book.read_in ORDER BY ALL"


@pytest.mark.parametrize(
    ("values", "is_local"),
    [
        (("2025-03-31 23:30", "2025-04-01 10:00"), True),
        (("2025-03-31", "2025-04-01"), True),
        (("2025-03-31T23:30:00Z", "2025-04-01T10:00:00Z"), False),
        (("2025-03-31T23:30:00+02:00", "2025-04-01T10:00:00Z"), False),
        (("2025-03-31T23:30:00Z", "2025-04-01T10:00:00"), True),
    ],
)
def test_moments_without_a_zone_are_local(desk, values: tuple[str, ...], is_local: bool) -> None:
    rows = "".join(f"o{at},{each},{at}0\n" for at, each in enumerate(values, 1))
    desk.take(desk.put("orders.csv", "Order Id,Ordered At,Amount\n" + rows), "--entity", "order")
    assert [row[0] for row in desk.rows("order", "id")] == ["o1", "o2"]
    assert desk.ask(TOLD) == ([("order", "orders.csv", "Europe/Berlin")] if is_local else [])


@pytest.mark.parametrize(("value", "is_local"), [("2025-03-31", False), ("2025-03-31T23:30:00Z", True)])
def test_a_day_that_is_made_of_an_instant_is_local(desk, value: str, is_local: bool) -> None:
    desk.take(desk.put("costs.csv", f"Date,Category,Amount\n{value},salaries,10\n"), "--entity", "cost")
    assert desk.ask(TOLD) == ([("cost", "costs.csv", "Europe/Berlin")] if is_local else [])
