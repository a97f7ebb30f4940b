"""The fiscal calendar in kpi.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import BadConfig, Calendar, Config, Grain, open_workspace, read_config, write_config

RETAIL = """
[calendar]
week_starts = "sunday"
fiscal_starts = "february"
fiscal_named = "start"
pattern = "4-5-4"
first_week = "nearest"
"""


def test_a_calendar_of_whole_weeks_is_read(tmp_path: Path) -> None:
    (tmp_path / "kpi.toml").write_text(RETAIL, encoding="utf-8")
    calendar = read_config(tmp_path).calendar()
    assert calendar == Calendar(6, 2, pattern="4-5-4", fiscal_named="start")
    assert open_workspace(tmp_path).calendar == calendar


@pytest.mark.parametrize("months", ["", "fiscal.csv"])
def test_what_is_written_of_a_fiscal_calendar_is_read_again(tmp_path: Path, months: str) -> None:
    if months:
        config = Config(tmp_path / "new", "Acme", week_starts=6, fiscal_months=months)
    else:
        shape = {"pattern": "5-4-4", "first_week": "after_last", "fiscal_named": "start"}
        config = Config(tmp_path / "new", "Acme", week_starts=6, fiscal_starts=10, **shape)  # type: ignore[arg-type]
    write_config(config)
    assert read_config(tmp_path / "new") == config


def test_the_list_of_fiscal_months_lies_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "kpi.toml").write_text('[calendar]\nfiscal_months = "fiscal.csv"\n', encoding="utf-8")
    with pytest.raises(BadConfig, match=r"fiscal\.csv: No such file or directory"):
        open_workspace(tmp_path)
    text = "month,first_day,last_day\nFY2026-M01,2025-12-29,2026-01-25\n"
    (tmp_path / "fiscal.csv").write_text(text, encoding="utf-8")
    period = open_workspace(tmp_path).calendar.grid.number(Grain.FISCAL_MONTH, 2026, 1)
    assert period == 2026 * 12


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pattern = '4-4-6'", "kpi.toml calendar.pattern: cannot read '4-4-6'. Did you mean '4-4-5'?"),
        ("pattern = 445", "kpi.toml calendar.pattern: cannot read 445. Write one of '4-4-5', '4-5-4', '5-4-4'."),
        (
            "pattern = '4-4-5'\nfirst_week = 'nearst'",
            "kpi.toml calendar.first_week: cannot read 'nearst'. Did you mean 'nearest'?",
        ),
        ("fiscal_named = 'ends'", "kpi.toml calendar.fiscal_named: cannot read 'ends'. Did you mean 'end'?"),
        ("first_week = 'last'", "kpi.toml calendar.first_week: has no effect without a pattern. Add pattern = "),
        (
            "fiscal_months = 'a.csv'\npattern = '4-4-5'",
            "kpi.toml calendar.pattern: has no effect, as calendar.fiscal_months lists the months.",
        ),
        (
            "fiscal_months = 'a.csv'\nfiscal_starts = 'april'",
            "kpi.toml calendar.fiscal_starts: has no effect, as calendar.fiscal_months lists the months.",
        ),
        ("fiscal_months = 7", "kpi.toml calendar.fiscal_months: expected a text in quotes, not 7."),
    ],
)
def test_a_slip_in_the_calendar_is_one_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "kpi.toml").write_text(f"[calendar]\n{text}\n", encoding="utf-8")
    with pytest.raises(BadConfig) as caught:
        read_config(tmp_path)
    assert told in str(caught.value)
