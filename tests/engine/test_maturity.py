"""Until when a cohort can still change: its own window, else the workspace's days."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import COUNT, MATURING, SHARE, Metric, Variant, average, count
from tests.engine.worlds import world

LEADS = "id created_at converted_at score\n l1 2025-05-01 2025-05-20 1\n l2 2025-05-02 - 1"
LEADS_OF_MAY = count("lead", when="created_on")


def until(folder: Path, variant: Variant) -> str | None:
    """Return the day until which the variant's number of May 2025 can still change, seen from 2025-07-15."""
    metric = Metric("it", name="It", unit=SHARE, variants={"default": variant})
    with world(folder, {"lead": LEADS}, metric, settings={"maturing_days": 30, "window": 60}) as of:
        (found,) = of.get("it", "2025-05").answers
        told = [note.value("until") for note in found.notes if note.kind == MATURING]
        return str(told[0]) if told else None


def ratio(where: str, cohort: bool | int = True) -> Variant:
    return Variant(
        {"converted": count("lead", when="created_on", where=where), "leads": LEADS_OF_MAY},
        formula="converted / leads",
        cohort=cohort,
    )


@pytest.mark.parametrize(
    ("where", "last"),
    [
        ("days(created_on, converted_on) <= 60", "2025-07-30"),
        ("days(created_on, converted_on) < 60", "2025-07-30"),
        ("converted_on is not null and days(created_on, converted_on) between 0 and 60", "2025-07-30"),
        ("60 >= days(created_on, converted_on)", "2025-07-30"),
        ("days(created_at, converted_at) <= 60", "2025-07-30"),
        ("days(created_on, converted_on) <= setting.window", "2025-07-30"),
        ("days(created_on, converted_on) <= setting.window + 30", "2025-08-29"),
        ("minutes(created_at, converted_at) <= 100000", "2025-08-09"),  # 69.4 days
        ("days(created_on, converted_on) <= 60 or days(created_on, mql_on) <= 90", "2025-08-29"),
        # a window that is over is over, whatever the setting
        ("days(created_on, converted_on) <= 45", "2025-07-15"),
        ("days(created_on, converted_on) <= 44", None),
        ("days(created_on, converted_on) <= 7", None),
        # none: the setting, 30 days after May, which are over
        ("converted_on is not null", None),
        ("days(created_on, converted_on) <= 60 or score > 0", None),
        ("days(mql_on, converted_on) <= 60", None),
        ("days(created_on, converted_on) <= score", None),
    ],
)
def test_the_window_of_the_definition_wins_over_the_setting(tmp_path: Path, where: str, last: str | None) -> None:
    assert until(tmp_path, ratio(where)) == last


def test_what_the_variant_says_wins_over_both(tmp_path: Path) -> None:
    assert until(tmp_path / "a", ratio("converted_on is not null", cohort=90)) == "2025-08-29"
    assert until(tmp_path / "b", ratio("days(created_on, converted_on) <= 60", cohort=10)) is None


def test_a_window_in_the_branch_of_a_value_counts_too(tmp_path: Path) -> None:
    value = "case when days(created_on, converted_on) <= 60 then 1 else 0 end"
    average_of = Variant({"share": average("lead", value, when="created_on")}, cohort=True)
    assert until(tmp_path, average_of) == "2025-07-30"


def test_what_is_no_cohort_never_matures(tmp_path: Path) -> None:
    assert until(tmp_path, ratio("days(created_on, converted_on) <= 60", cohort=False)) is None


def test_two_variants_of_one_kpi_mature_on_their_own(tmp_path: Path) -> None:
    days = {each: ratio(f"days(created_on, converted_on) <= {each}") for each in (30, 60, 90)}
    metric = Metric("it", name="It", unit=COUNT, variants={f"in_{each}": one for each, one in days.items()})
    with world(tmp_path, {"lead": LEADS}, metric) as of:
        found = of.get([f"it.in_{day}" for day in days], "2025-05").answers
        assert [any(note.kind == MATURING for note in each.notes) for each in found] == [False, True, True]
