"""Settings by which the load makes its tables: others in kpi.toml are refused until the data is loaded again."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import COUNT, Metric, WarehouseError, standing
from tests.engine.worlds import at, config_of, load_tables, workspace

ACTIVE = Metric(
    "active",
    name="Active customers",
    unit=COUNT,
    inputs={"n": standing("customer_spell", since="active_from", until="active_to")},
)
ORDERS = {"order": "id customer_id ordered_at amount\no1 c1 2025-01-10T22:00 5"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"currency": "GBP"}, "currency = USD, and kpi.toml has GBP now"),
        ({"timezone": "Asia/Tokyo"}, "timezone = UTC, and kpi.toml has Asia/Tokyo now"),
        ({"settings": {"inactivity_days": 30}}, "inactivity_days = 365, and kpi.toml has"),
    ],
)
def test_a_setting_of_the_load_that_is_another_now_is_refused_until_the_data_is_loaded_again(
    tmp_path: Path, changed: dict[str, object], told: str
) -> None:
    load_tables(config_of(tmp_path), ORDERS, at=at("2025-06-01"))
    after = config_of(tmp_path, **changed)
    with workspace(after, (ACTIVE,)) as opened, pytest.raises(WarehouseError, match=told) as refused:
        opened.get("active", "2025-05")
    assert str(refused.value).endswith("Load the data again: kpi import FILE")
    load_tables(after, ORDERS, at=at("2025-06-01"))
    with workspace(after, (ACTIVE,)) as opened:
        assert opened.get("active", "2025-05").values() == [0 if "inactivity_days" in told else 1]


def test_a_setting_that_the_load_does_not_use_may_change(tmp_path: Path) -> None:
    load_tables(config_of(tmp_path), ORDERS, at=at("2025-06-01"))
    after = config_of(tmp_path, settings={"maturing_days": 3})
    with workspace(after, (ACTIVE,)) as opened:
        assert opened.get("active", "2025-05").values() == [1]
