"""Periods as the articles write them, and a series to date, through `kpi get`."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("2025年2季度", "2025-Q2"),
        ("2025. II. negyedév", "2025-Q2"),
        ("II кв. 2025", "2025-Q2"),
        ("T2 2025", "2025-Q2"),
        ("2025年上半年", "2025-H1"),
        ("2025. I. félév", "2025-H1"),
    ],
)
def test_a_period_in_the_articles_languages_is_the_same_period(run_json, written: str, key: str) -> None:
    (theirs,) = run_json("get", "win_rate", "--period", written)
    (ours,) = run_json("get", "win_rate", "--period", key)
    assert theirs["period"] == key
    assert theirs == ours and ours["value"] is not None


@pytest.mark.parametrize("written", ["2026年3季度", "2026. III. negyedév", "III кв. 2026", "T3 2026"])
def test_the_periods_of_the_contract_are_read(run_json, written: str) -> None:
    (found,) = run_json("get", "win_rate", "--period", written)
    assert (found["period"], found["value"], found["reason"]) == ("2026-Q3", None, "not_started")


def test_the_screen_tells_what_was_understood(run: Run) -> None:
    result = run("get", "win_rate", "--period", "T2 2025")
    assert result.stdout.splitlines()[0] == "T2 2025 = 2025-Q2"


def test_a_quarter_that_no_year_has_is_refused(run: Run) -> None:
    result = run("get", "win_rate", "--period", "T5 2025")
    assert (result.exit_code, result.stderr.splitlines()[0][:42]) == (1, "kpi: period 'T5 2025': 2025 has no quarter")


def test_a_series_to_date(run_json, run: Run) -> None:
    months = run_json("get", "win_rate", "--period", "2025-Q1", "--grain", "month", "--to-date")
    assert [month["period"] for month in months] == ["2025-01-01..2025-01-31", "2025-01-01..2025-02-28", "2025-Q1"]
    assert months[-1]["inputs"] == {"won": 4, "base": 6}
    refused = run("get", "win_rate", "--period", "2025-Q1", "--to-date")
    assert refused.exit_code == 1 and "--to-date needs a --grain" in refused.stderr
