"""`kpi remake`: tables by today's definitions, without a file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result

from kpicore.testing import run_kpi

KPI = """
[field.opportunity.size]
type = "text"
meaning = "Big."
how = "case when amount >= 300 then 'big' else 'small' end"

[metric.big]
name = "Big"
unit = "count"
inputs.n = { count = "opportunity", when = "closed_on", where = "outcome = 'won' and size = 'big'" }
"""


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    found = Path(shutil.copytree(tiny, tmp_path / "it"))
    (found / "metrics").mkdir()
    (found / "metrics" / "own.toml").write_text(KPI, encoding="utf-8")
    return found


def run(folder: Path, *arguments: str) -> Result:
    return run_kpi(*arguments, "-w", str(folder))


def test_it_says_what_it_made_and_why_and_then_that_nothing_is_left(folder: Path) -> None:
    assert run(folder, "remake").stdout == "made anew: opportunity (opportunity.size is new)\n"
    assert run(folder, "remake").stdout == ("Nothing to make anew: all tables are as today's definitions make them.\n")
    found = run(folder, "get", "big", "-p", "2025-Q1", "--json")
    assert json.loads(found.stdout)[0]["value"] == 2


def test_all_makes_everything_and_changes_no_number_and_no_version(folder: Path) -> None:
    first = json.loads(run(folder, "remake", "--json").stdout)
    again = json.loads(run(folder, "remake", "--all", "--json").stdout)
    assert first["made_anew"] == ["opportunity"] and first["why"] == "opportunity.size is new"
    assert {"opportunity", "customer", "customer_spell", "order"} <= {*again["made_anew"]}
    assert (again["why"], again["data_version"], again["notes"]) == ("", first["data_version"], [])


def test_without_data_and_with_a_field_that_cannot_be_it_says_so_in_one_line(folder: Path, tmp_path: Path) -> None:
    run_kpi("init", str(tmp_path / "new"))
    nothing = run(tmp_path / "new", "remake")
    assert nothing.exit_code == 1 and "there is no warehouse yet" in nothing.stderr
    text = KPI.replace("amount >=", "amuont >=")
    (folder / "metrics" / "own.toml").write_text(text, encoding="utf-8")
    broken = run(folder, "remake")
    assert broken.exit_code == 1 and "no field named 'amuont'" in broken.stderr
    assert len(broken.stderr.splitlines()) == 1
