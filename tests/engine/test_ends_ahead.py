"""A deal that is over, with a close that is yet to come, is open until the day of the data, whatever counts it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpicore import COUNT, END, At, Input, Metric, count, per, standing, total
from tests.engine.worlds import at, load_tables, world
from tests.said import note_texts

DEALS = """
    id created_at closed_at  outcome owner_id
    1  2026-05-01 2026-07-25 won     u
    2  2026-05-01 -          open    u
    3  2026-05-10 2026-06-01 won     v
    4  2026-06-10 2026-12-01 lost    v
"""
TOLD = "2 rows of opportunity are over, with a closed_on after the day of the data: taken for open until that day"
PERIODS = ("2026-05", "2026-06", "2026", "2026-06-20", "2026-06-19", "ytd")


def kpi(id: str, given: Input) -> Metric:
    return Metric(id, name=id, unit=COUNT, inputs={"n": given})


def own(at: At = END) -> Input:
    return standing("opportunity", since="created_on", until="closed_on", at=at)


@pytest.mark.parametrize("look", list(At))
def test_deals_and_their_stays_stand_on_the_same_days(tmp_path: Path, look: At) -> None:
    stays = standing("opportunity_stage", since="since_on", until="until_on", at=look)
    with world(tmp_path, {"opportunity": DEALS}, kpi("own", own(look)), kpi("stays", stays), at=at("2026-06-20")) as of:
        for day in (None, date(2026, 6, 15), date(2026, 5, 31)):
            for period in PERIODS:
                found = [of.get(ref, period, as_of=day).answers[0] for ref in ("own", "stays")]
                assert found[0].value == found[1].value, (period, day)
                assert found[0].reason == found[1].reason, (period, day)


def test_they_are_over_at_the_close_of_the_day_of_the_data_and_in_groups_too(tmp_path: Path) -> None:
    grouped = total(per("owner_id", own()), "at_end")
    metrics = (kpi("own", own()), kpi("grouped", grouped), kpi("closed", count("opportunity", when="closed_on")))
    with world(tmp_path, {"opportunity": DEALS}, *metrics, at=at("2026-06-20")) as of:
        for ref in ("own", "grouped"):
            assert [of.get(ref, each).answers[0].value for each in ("2026-05", "2026-06-19", "2026-06")] == [3, 3, 1]
            assert TOLD in note_texts(of.get(ref, "2026-06").answers[0].notes)
        assert of.get("closed", "2026-06").answers[0].value == 1
        assert [each.rows().total for each in of.explain("own", "2026-06").inputs] == [1]


def test_before_the_first_load_they_are_open_as_their_dates_say(tmp_path: Path) -> None:
    with world(tmp_path, {"opportunity": DEALS}, kpi("own", own()), at=at("2026-06-20")) as of:
        assert of.get("own", "2026-05", as_of=date(2026, 5, 31)).answers[0].value == 3
        assert of.get("own", "2026-06", as_of=date(2026, 6, 15)).answers[0].value == 3


def test_when_the_data_goes_on_they_were_open_on_the_day_it_was_taken(tmp_path: Path) -> None:
    """What was kept of June 20 then is not taken for the answer of June 20 as July sees it."""
    with world(tmp_path, {"opportunity": DEALS}, kpi("own", own()), at=at("2026-06-20")) as of:
        assert of.get("own", "2026-06-20").answers[0].value == 1
        config, plugins = of.config, of.plugins
    load_tables(config, {}, at=at("2026-07-10"))
    with type(of)(config, plugins) as of:
        assert of.get("own", "2026-06-20").answers[0].value == 3
        assert of.get("own", "2026-06-20", as_of=date(2026, 6, 20)).answers[0].value == 1


@pytest.mark.parametrize(
    ("where", "unended", "ahead"),
    [
        ("", 2, 2),
        ("amount > 1000", 0, 0),
        ("amount > 15", 1, 1),
        ("amount > 0 and amount < 15", 1, 1),
        ("days(created_on, period.as_of) >= 0", 2, 2),  # of rows on no day it is not known
        ("closed_on is not null or amount > 1000", 0, 2),
        ("amount > 15 and closed_on is not null", 0, 1),
    ],
)
def test_notes_on_ends_count_the_rows_of_the_condition_alone(
    tmp_path: Path, where: str, unended: int, ahead: int
) -> None:
    deals = """
        id created_at closed_at  outcome amount
        1  2026-05-01 2026-07-25 won     10
        2  2026-05-01 2026-07-26 won     20
        3  2026-05-02 -          won     10
        4  2026-05-02 -          lost    20
        5  2026-05-03 -          open    5000
    """
    own = standing("opportunity", since="created_on", until="closed_on", where=where)
    with world(tmp_path, {"opportunity": deals}, kpi("own", own), at=at("2026-06-20")) as of:
        notes = of.get("own", "2026-06").answers[0].notes
    counted = {note.kind: note.value("rows") for note in notes}
    assert (counted.get("unended", 0), counted.get("ends_ahead", 0)) == (unended, ahead)
