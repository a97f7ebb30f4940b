"""Any number of KPIs with conditions of their own may be asked at once: a scan is of some of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kpicore import COUNT, Metric, Workspace, count, standing, total
from tests.engine.worlds import world

DEALS = "id owner_id created_at amount\n" + "\n".join(f"o{at} u{at % 2} 2025-01-05 {at}" for at in range(1, 9))
MANY = 260


def kpis() -> list[Metric]:
    """Return a count, a total and a stock for each of the conditions."""
    metrics: list[Metric] = []
    for at in range(MANY):
        where = f"amount > {at}"
        inputs = {
            "c": count("opportunity", when="created_on", where=where),
            "t": total("opportunity", "amount", when="created_on", where=where),
            "s": standing("opportunity", since="created_on", until="closed_on", where=where),
        }
        metrics += [Metric(f"{id}{at}", name=id, unit=COUNT, inputs={"n": given}) for id, given in inputs.items()]
    return metrics


@pytest.fixture
def deals(tmp_path: Path) -> Workspace:
    return world(tmp_path, {"opportunity": DEALS}, *kpis())


@pytest.mark.parametrize("most", [127, 128, MANY])
def test_hundreds_of_conditions_at_once_are_each_answered(deals: Workspace, most: int) -> None:
    ids = [f"c{at}" for at in range(most)] + [f"t{at}" for at in range(most)] + [f"s{at}" for at in range(most)]
    with deals:
        values = [answer.value for answer in deals.get(ids, "2025-01").answers]
    # of the amounts 1 to 8, those above the number of the KPI
    above = [range(at + 1, 9) for at in range(most)]
    assert values == [*map(len, above), *map(sum, above), *map(len, above)]


def test_no_scan_is_of_more_measures_than_a_number_has_bits(deals: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    with deals:
        query = deals.warehouse.query

        def recorded(sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
            sent.append(sql)
            return query(sql, values)

        monkeypatch.setattr(deals.warehouse, "query", recorded)
        deals.get([f"c{at}" for at in range(MANY)], "2025-01", where={"rep": ["u0", "u1"]})
    bits = [sql.count("CASE WHEN") for sql in sent if " AS m" in sql]
    assert sorted(bits) == [60, 100, 100]
