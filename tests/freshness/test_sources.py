"""What counts as a source of an answer, and of when it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import Answer, BadConfig, Workspace, open_workspace
from tests.freshness.shop import COSTS, ORDERS, TOML, at, opened_shop, take

KPIS = ("revenue", "aov", "acquisition_cost", "cac", "roi.sales", "new_customers")
PERIODS = ("2025-05", "2025-06", "2025-06-05", "2025-06-25", "2025-Q2")
LEADS = "id created_at\nl1 2025-06-01\nl2 2025-06-24"
CUSTOMERS = "id name created_at\nc1 Ann 2025-05-01\nc4 Bob 2025-06-01"


def answered(opened: Workspace, as_of: date | None = None) -> list[tuple[object, ...]]:
    """Return all that is said of absolute periods, but for the version of the data."""

    def told(answer: Answer) -> tuple[object, ...]:
        return answer.question, answer.value, answer.reason, answer.detail, answer.notes, answer.data_time

    return [
        told(answer)
        for period in PERIODS
        for answer in opened.get(KPIS, period, compare="previous", as_of=as_of).answers
    ]


def times(opened: Workspace, *kpis: str) -> list[str]:
    return [f"{opened.get(kpi, '2025-06').answers[0].data_time:%m-%d}" for kpi in kpis]


@settings(max_examples=4)
@given(web=st.integers(0, 9), books=st.integers(0, 9))
def test_a_fresh_source_that_they_do_not_read_changes_no_answer_of_others(web: int, books: int) -> None:
    days = {name: f"2025-06-{30 - behind:02}" for name, behind in (("web", web), ("books", books))}
    tables = {"web": {"order": ORDERS}, "books": {"cost": COSTS}}
    with TemporaryDirectory() as folder:
        (Path(folder) / "kpi.toml").write_text(TOML, encoding="utf-8")
        with open_workspace(folder) as opened:
            for name in sorted(days, key=days.__getitem__):
                take(opened, name, days[name], tables[name])
            before = answered(opened)
            lagging = max(web, books) > min(web, books)
            take(opened, "desk", "2025-06-30", {"lead": LEADS})
            after = answered(opened)
    # a source may be behind by more days now, as the data of the workspace is fresher: that alone is told otherwise
    assert [one[:4] for one in before] == [one[:4] for one in after]
    assert [one[5] for one in before] == [one[5] for one in after]
    if not lagging and not web:
        assert before == after


def test_sources_of_one_day_are_of_one_time(tmp_path: Path) -> None:
    with opened_shop(tmp_path) as opened:
        take(opened, "books", "2025-06-28", {"cost": COSTS})
        assert {answer[5] for answer in answered(opened)} == {opened.data_time}
        assert not any(note.kind == "lagging" for answer in answered(opened) for note in answer[4])  # type: ignore[attr-defined]


def test_as_of_an_earlier_day_each_source_is_of_when_it_was_then(tmp_path: Path) -> None:
    with opened_shop(tmp_path) as opened:
        said = answered(opened)
        take(opened, "books", "2025-07-10", {"cost": f"{COSTS}    k5 2025-06-20 500 marketing email\n"})
        assert times(opened, "cac", "revenue") == ["06-28", "06-28"]
        assert answered(opened, date(2025, 6, 29))[0][1:] == said[0][1:]
        then = [one[1:] for one in answered(opened, date(2025, 6, 29))]
        assert then == [one[1:] for one in said]


def test_names_that_are_looked_up_do_not_count_and_rows_that_are_rolled_up_do(tmp_path: Path) -> None:
    with opened_shop(tmp_path) as opened:
        take(opened, "crm", "2025-06-05", {"customer": CUSTOMERS})
        assert times(opened, "revenue", "new_customers") == ["06-28", "06-05"]
    (tmp_path / "other").mkdir()
    with opened_shop(tmp_path / "other") as opened:
        # nobody gave customers: they arise from their orders
        assert times(opened, "new_customers") == ["06-28"]


def test_a_file_that_is_of_no_day_is_no_source(tmp_path: Path) -> None:
    with opened_shop(tmp_path) as opened:
        take(opened, "stages.toml", "2025-06-01", {"stage": "id name position\ns1 New 1"})
        assert {state.entity for state in opened.warehouse.state.sources} == {"cost", "order"}
        assert times(opened, "cac", "revenue") == ["06-08", "06-28"]


def test_files_are_of_the_latest_one_of_their_entity_and_never_told_as_behind(tmp_path: Path) -> None:
    with opened_shop(tmp_path, "[workspace]\n") as opened:
        take(
            opened, "more-costs.csv", "2025-06-12", {"cost": "id booked_on amount category\nk5 2025-06-10 60 marketing"}
        )
        cac = opened.get("cac", "2025-06").answers[0]
        # 80 + 40 + 60 by c4 and c5
        assert (cac.value, cac.data_time) == (90.0, at("2025-06-12"))
        assert not any(note.kind == "lagging" for note in cac.notes)
        assert [state.source for state in opened.warehouse.state.sources] == ["files", "files"]


def test_what_stands_for_a_stage_is_of_the_older_of_deals_and_their_history(tmp_path: Path) -> None:
    deals = "id created_at stage_id outcome\nd1 2025-06-01 s2 open"
    history = "opportunity_id stage_id entered_at\nd1 s1 2025-06-01\nd1 s2 2025-06-04"
    log = '\n[[source]]\nname = "log"\nkind = "files"\npath = "unused.csv"\nids_of = "crm"\n'
    crm = '\n[[source]]\nname = "crm"\nkind = "files"\npath = "unused.csv"\n'
    with opened_shop(tmp_path, TOML + log + crm) as opened:
        take(opened, "log", "2025-06-20", {"stage_history": history})
        take(opened, "crm", "2025-06-28", {"opportunity": deals, "stage": "id name position\ns1 New 1\ns2 Won 2"})
        entries = opened.get("stage_entries", "2025-06", by="stage").answers
        assert {answer.data_time for answer in entries} == {at("2025-06-20")}
        assert times(opened, "opportunities_created") == ["06-28"]


@pytest.mark.parametrize("written", ['"soon"', "3", '"-1 days"'])
def test_an_allowed_lag_is_a_length_of_time(tmp_path: Path, written: str) -> None:
    (tmp_path / "kpi.toml").write_text(f'[[source]]\nname = "web"\nkind = "files"\nallowed_lag = {written}\n')
    told = 'source 1 allowed_lag: cannot read .* Write it like "3 days", "12 hours" or "1 week"'
    with pytest.raises(BadConfig, match=told):
        open_workspace(tmp_path)
