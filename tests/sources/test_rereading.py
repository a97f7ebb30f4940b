"""A mapping, a zone or words that have changed are applied without the file: `kpi remake` reads what was delivered."""

from __future__ import annotations

import re

import pytest

from kpicore import open_workspace
from kpicore.testing import run_kpi

DEALS = """Deal ID,Stage,Amount,Discount,Created,Close date
D1,Won,1200,200,2025-01-05 23:30,2025-02-10
D2,Won,800,100,2025-01-09 10:00,2025-03-03
"""
COSTS = "Date,Category,Note,Amount\n2025-01-31,advertising,Search,1000\n2025-01-31,marketing,Fair,500\n"


def write(desk, old: str, new: str, stem: str) -> None:
    mapping = desk.mapping(stem)
    text = mapping.read_text()
    assert old in text, text
    mapping.write_text(text.replace(old, new, 1))


def remade(desk) -> str:
    result = run_kpi("remake", "-w", str(desk.workspace))
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


@pytest.mark.parametrize(("name", "content"), [("deals.csv", DEALS), ("costs.csv", COSTS)])
def test_nothing_is_read_again_as_long_as_nothing_has_changed(desk, name, content):
    desk.take(desk.put(name, content))
    assert remade(desk) == "Nothing to make anew: all tables are as today's definitions make them."


def test_a_mapping_that_was_corrected_is_applied_without_the_file(desk):
    file = desk.put("deals.csv", DEALS)
    desk.take(file, "--as-of", "2025-06-30")
    file.unlink()
    write(desk, 'amount = "Amount"', 'amount = "Amount - Discount"', "deals")
    assert remade(desk) == "'deals' was read again, as it is read otherwise now: 2 rows differ"
    assert desk.ask("SELECT id, amount FROM kpi.opportunity ORDER BY 1") == [("D1", 1000), ("D2", 700)]
    assert remade(desk) == "Nothing to make anew: all tables are as today's definitions make them."
    with open_workspace(desk.workspace) as opened:
        assert opened.data_time.date().isoformat() == "2025-06-30"


def test_rows_without_a_key_stay_the_same_rows(desk):
    desk.take(desk.put("costs.csv", COSTS))
    write(desk, 'category = "Category"', 'category = "Note"', "costs")
    remade(desk)
    assert desk.ask("SELECT category_given, amount FROM kpi.cost ORDER BY 1") == [("Fair", 500), ("Search", 1000)]


def test_what_is_left_out_from_now_on_goes(desk):
    desk.take(desk.put("deals.csv", DEALS))
    write(desk, "leave_out = []", 'leave_out = ["Amount < 1000"]', "deals")
    remade(desk)
    assert desk.ask("SELECT id FROM kpi.opportunity") == [("D1",)]
    write(desk, 'leave_out = ["Amount < 1000"]', "leave_out = []", "deals")
    remade(desk)
    assert desk.ask("SELECT id FROM kpi.opportunity ORDER BY 1") == [("D1",), ("D2",)]


def test_another_zone_of_the_organisation_is_applied(desk):
    desk.take(desk.put("deals.csv", DEALS))
    config = desk.workspace / "kpi.toml"
    config.write_text(re.sub('timezone = ".*"', 'timezone = "America/New_York"', config.read_text()))
    remade(desk)
    assert desk.ask("SELECT created_at::VARCHAR FROM kpi.opportunity ORDER BY id") == [
        ("2025-01-06 04:30:00",), ("2025-01-09 15:00:00",),
    ]  # fmt: skip


def test_of_several_deliveries_the_later_one_wins(desk):
    desk.take(desk.put("deals.csv", DEALS))
    later = DEALS.replace("D2,Won,800", "D2,Won,900").splitlines()
    desk.take(desk.put("deals.csv", f"{later[0]}\n{later[2]}\n"))
    write(desk, 'amount = "Amount"', 'amount = "Amount - Discount"', "deals")
    remade(desk)
    assert desk.ask("SELECT id, amount FROM kpi.opportunity ORDER BY 1") == [("D1", 1000), ("D2", 800)]


def test_a_mapping_that_is_gone_is_told_and_its_rows_stay(desk):
    desk.take(desk.put("deals.csv", DEALS))
    desk.mapping("deals").unlink()
    assert remade(desk).startswith("'deals' is not read again: ")
    assert desk.ask("SELECT count(*) FROM kpi.opportunity") == [(2,)]
