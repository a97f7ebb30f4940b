"""Different values in months and longer units, asked at once: one scan, and the numbers of each asked alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest

from kpicore import Question, Workspace, distinct
from tests.engine.worlds import at, only, world
from tests.said import note_texts

# In February c2 buys twice and c1 again, and somebody who is not known; c3 buys in December only.
ORDERS = """
id customer_id ordered_at  channel amount
o1 c1          2024-12-30  web     10
o2 c1          2025-01-05  web     10
o3 c2          2025-01-31  phone   10
o4 c2          2025-02-01  web     10
o5 c2          2025-02-02  web     10
o6 c1          2025-02-28  phone   10
o7 -           2025-02-28  web     10
o8 c1          2025-05-01  web     10
o9 c3          2025-12-31  -       10
"""
BUYERS = only(it=distinct("order", "customer_id", when="ordered_on"))
Asked = tuple[str, str]
ALL: Mapping[Asked, tuple[float, int]] = {
    ("2025-01", ""): (2, 2),
    ("2025-02", ""): (2, 3),
    ("2025-03", ""): (0, 0),
    ("2024-Q4", ""): (1, 1),
    ("2025-Q1", ""): (2, 5),
    ("2025-H1", ""): (2, 6),
    ("2025-H2", ""): (1, 1),
    ("2024", ""): (1, 1),
    ("2025", ""): (3, 7),
    ("2025-01", "web"): (1, 1),
    ("2025-02", "web"): (1, 2),
    ("2025-Q1", "web"): (2, 3),
    ("2025", "web"): (2, 4),
    ("2025", "phone"): (2, 2),
    ("2025-Q4", "(none)"): (1, 1),
    ("2025", "(none)"): (1, 1),
}
"""For each period and channel the number of different customers, and the rows behind it."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("buyers")
    with world(folder, {"order": ORDERS}, BUYERS, at=at("2025-12-31"), fiscal_starts=2) as made:
        yield made


@pytest.fixture
def read(opened: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that read orders; nothing is known from before."""
    opened.engine.cubes.memory.clear()
    opened.engine._answers.clear()
    found: list[str] = []
    query = opened.warehouse.query

    def told(sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        found.append(sql)
        return query(sql, values)

    monkeypatch.setattr(opened.warehouse, "query", told)
    return found


def scanned(read: Sequence[str]) -> int:
    return sum('kpi."order"' in each for each in read)


def asked(opened: Workspace, given: Sequence[Asked]) -> list[tuple[float | None, int]]:
    questions = [
        Question("it", "default", opened.period(period), opened.cuts({"channel": channel} if channel else None))
        for period, channel in given
    ]
    return [(each.value, each.n) for each in opened.engine.answer(questions)]


def test_months_quarters_halves_and_years_are_counted_in_one_scan_a_dimension(
    opened: Workspace, read: list[str]
) -> None:
    assert dict(zip(ALL, asked(opened, list(ALL)), strict=True)) == ALL
    assert scanned(read) == 2


@pytest.mark.parametrize("each", ALL)
def test_asked_alone_each_has_the_same_number(opened: Workspace, read: list[str], each: Asked) -> None:
    assert asked(opened, [each]) == [ALL[each]]
    assert scanned(read) == 1


def test_a_quarter_that_a_month_reaches_into_is_not_taken_for_read(opened: Workspace, read: list[str]) -> None:
    assert asked(opened, [("2025-02", ""), ("2025-Q2", "")]) == [(2, 3), (1, 1)]
    assert asked(opened, [("2025-Q1", "")]) == [(2, 5)]


def test_fiscal_months_and_years_share_a_scan_of_their_own(opened: Workspace, read: list[str]) -> None:
    # the fiscal year 2026 begins in February 2025
    fiscal: Mapping[Asked, tuple[float, int]] = {
        ("FY2026-M01", ""): (2, 3),
        ("FY2026-Q1", ""): (2, 3),
        ("FY2026-H1", ""): (2, 4),
        ("FY2026", ""): (3, 5),
        ("FY2025", ""): (2, 3),
        ("2025", ""): (3, 7),
    }
    assert dict(zip(fiscal, asked(opened, list(fiscal)), strict=True)) == fiscal
    assert scanned(read) == 2


def test_a_note_counts_the_rows_without_a_customer(opened: Workspace, read: list[str]) -> None:
    periods = [opened.period(each) for each in ("2025-02", "2025-Q1", "2025-Q2")]
    answers = opened.engine.answer([Question("it", "default", period) for period in periods])
    told = [any("1 " in note and "customer_id" in note for note in note_texts(answer.notes)) for answer in answers]
    assert told == [True, True, False], [note_texts(answer.notes) for answer in answers]
