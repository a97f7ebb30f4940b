"""The data is of the latest of all loads, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import BadArgument, Config, Workspace, load_plugins
from kpicore.testing import TinySource, batch
from tests.engine.worlds import at, config_of

TABLES = {
    "customer": "id name created_at\nc1 Ann 2026-01-02\nc2 Bob 2026-01-09",
    "order": "id customer_id ordered_at amount status\no1 c1 2026-01-10 100 completed\no2 c2 2026-01-25 30 completed",
    "opportunity": "id created_at closed_at outcome amount stage_id\n"
    "d1 2026-01-05 2026-01-15 won 70 s2\nd2 2026-01-08 2026-01-28 lost 50 s3\nd3 2026-01-11 - open 20 s1",
    "lead": "id created_at\nl1 2026-01-06\nl2 2026-01-26",
}
DAYS = ("2026-01-20", "2026-01-24", "2026-02-02", "2026-02-05")
ASKED = (
    *("revenue", "aov", "new_customers", "active_customers", "purchase_frequency", "win_rate", "total_sales"),
    *("pipeline_value", "sales_cycle", "opportunities_created", "new_leads", "lead_to_opportunity"),
)


def load(config: Config, loads: list[tuple[str, str, str]]) -> Workspace:
    """Load entities as sources of days, one after the other; the data is of the latest day after each."""
    opened, so_far = Workspace(config, load_plugins()), []
    for entity, source, day in loads:
        report = opened.load([TinySource(source, (batch(opened.registry, entity, TABLES[entity]),))], data_time=at(day))
        assert report.errors == () and report.data_time == at(day)
        so_far.append(at(day))
        assert opened.data_time == max(so_far)
    return opened


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_no_data_is_of_a_year_in_which_a_time_zone_has_no_day(tmp_path: Path, zone: str) -> None:
    opened = Workspace(replace(config_of(tmp_path), timezone=zone), load_plugins())
    first, last = datetime(1, 1, 1, tzinfo=ZoneInfo(zone)), datetime(9999, 12, 31, 23, 59, 59, tzinfo=ZoneInfo(zone))
    for instant in (first, first.replace(month=12), last.replace(month=1), last):
        with pytest.raises(BadArgument, match=r"Give a day of the years 2 to 9998\.$"):
            opened.load([], data_time=instant)


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        ("America/New_York", datetime(2, 1, 1, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(9998, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_data_of_either_end_of_the_calendar_is_answered(tmp_path: Path, zone: str, instant: datetime) -> None:
    opened = Workspace(replace(config_of(tmp_path), timezone=zone), load_plugins())
    orders = TinySource("crm", (batch(opened.registry, "order", TABLES["order"]),))
    assert opened.load([orders], data_time=instant).errors == ()
    assert opened.get("revenue", "2026-01").answers[0].value == (None if instant.year == 2 else 130.0)
    opened.close()


def january(opened: Workspace, as_of: date | None = None) -> dict[str, float | None]:
    return {each: opened.get(each, "2026-01", as_of=as_of).answers[0].value for each in ASKED}


@settings(max_examples=3)
@given(order=st.permutations(sorted(TABLES)), days=st.permutations(DAYS), names=st.sampled_from(["one", "own"]))
def test_loads_in_any_order_of_days_answer_as_those_in_the_order_of_days(
    order: list[str], days: list[str], names: str
) -> None:
    loads = [(entity, "crm" if names == "one" else entity, day) for entity, day in zip(order, days, strict=True)]
    with TemporaryDirectory() as folder:
        made = [config_of(Path(folder) / name) for name in ("mixed", "sorted")]
        for each in made:
            each.folder.mkdir()
        mixed, in_order = load(made[0], loads), load(made[1], sorted(loads, key=lambda each: each[2]))
        assert january(mixed) == january(in_order)
        assert january(mixed, date(2026, 2, 5)) == january(in_order)
        mixed.close()
        in_order.close()


def test_what_is_loaded_later_and_is_older_changes_no_answer_as_of_a_day_before(tmp_path: Path) -> None:
    first = [("order", "crm", "2026-01-20"), ("lead", "crm", "2026-02-05")]
    made = [config_of(tmp_path / name) for name in ("before", "after")]
    for each in made:
        each.folder.mkdir()
    with load(made[0], first) as before, load(made[1], [*first, ("customer", "files", "2026-01-22")]) as after:
        answered = january(before, date(2026, 1, 24))
        assert answered["revenue"] == 100.0  # the second order is of the 25th
        assert january(after, date(2026, 1, 24)) == answered
