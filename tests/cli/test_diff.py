"""`kpi diff`: which definitions changed and which past numbers, on the tiny company."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from kpicore import load_plugins
from kpicore.testing import run_kpi

BIG = """
[metric.big_deal_share]
name = "Share of big deals"
unit = "share"
formula = "big / won"
inputs.big = { count = "opportunity", when = "closed_on", where = "outcome = 'won' and amount >= 300" }
inputs.won = { count = "opportunity", when = "closed_on", where = "outcome = 'won'" }
"""


@pytest.fixture
def diff(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Give `diff(old, new, …)`, which compares two texts, or "packs", in the tiny company's workspace.

    The only pack is that of win_rate: to read them all takes a second.
    """
    names = [report.name for report in load_plugins(()).reports if report.name not in ("winning", "crm")]
    monkeypatch.setenv("KPI_DISABLE", ",".join(names))

    def compared(old: str, new: str, *options: str, workspace: Path = tiny) -> Result:
        given = []
        for name, text in (("old.toml", old), ("new.toml", new)):
            (tmp_path / name).write_text(text, encoding="utf-8")
            given.append(text if text == "packs" else str(tmp_path / name))
        return run_kpi("diff", *given, "-w", str(workspace), *options)

    return compared


def data(result: Result) -> Any:
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def numbers(result: Result) -> list[tuple[str, Any, Any, Any]]:
    return [(each["period"], each["before"], each["after"], each["difference"]) for each in data(result)["numbers"]]


def test_the_numbers_that_change_are_shown_before_and_after_the_largest_change_first(diff):
    # Won: Jan 100, Feb 200, Mar 300 and 400, Apr 500, May 600, Jun 120. From 200 on February's counts too.
    found = numbers(diff(BIG, BIG.replace("300", "200"), "--json"))
    assert [each[0] for each in found] == ["2025-02", "2025-Q1", "2024-07-01..2025-06-30"]
    assert [each[1:] for each in found] == [
        (0, 1, 1),
        (0.5, 0.75, 0.25),
        (pytest.approx(4 / 7), pytest.approx(5 / 7), pytest.approx(1 / 7)),
    ]


def test_on_screen_a_difference_of_shares_is_in_points(diff):
    lines = [" ".join(line.split()) for line in diff(BIG, BIG.replace("300", "200")).stdout.splitlines()]
    assert lines[0] == "changed in meaning: big_deal_share"
    assert "big_deal_share 2025-Q1 50.0% 75.0% +25.0 points" in lines
    assert lines[-1] == "3 numbers of 1 KPI change (17 periods from 2024-07-01 to 2025-06-30)."


def test_other_words_for_the_same_meaning_change_no_number(diff):
    other = BIG.replace("outcome = 'won' and amount >= 300", "(amount >= 300) and (outcome = 'won')")
    lines = diff(BIG, BIG.replace('"Share of big deals"', '"Big deals"')).stdout.splitlines()
    assert lines == [
        "described differently: big_deal_share (name)",
        "No past number changes (17 periods from 2024-07-01 to 2025-06-30).",
    ]
    assert numbers(diff(BIG, other, "--json")) == []


def test_a_period_and_a_grain_can_be_asked_for(diff):
    found = data(diff(BIG, BIG.replace("300", "200"), "--period", "2025-Q1", "--grain", "month", "--json"))
    assert found["periods"] == ["2025-01", "2025-02", "2025-03", "2025-Q1"]
    assert [(each["period"], each["after"]) for each in found["numbers"]] == [("2025-02", 1), ("2025-Q1", 0.75)]


def test_added_and_removed_kpis_are_named(diff):
    other = BIG.replace("big_deal_share", "huge_deal_share")
    assert diff(BIG, other).stdout.splitlines()[:2] == ["removed: big_deal_share", "added: huge_deal_share"]
    assert diff("packs", BIG).stdout.splitlines()[0] == "added: big_deal_share"
    assert diff("packs", "packs").stdout.splitlines()[0] == "The definitions mean the same."


def test_what_stands_on_a_changed_kpi_changes_too(diff):
    below = BIG + '[metric.big_twice]\nname = "x"\nunit = "share"\nformula = "2 * a"\n'
    below += 'inputs.a = { metric = "big_deal_share" }\n'
    found = data(diff(below, below.replace("300", "200"), "--period", "2025-Q1", "--json"))
    assert {each["kpi"]: each["difference"] for each in found["numbers"]} == {"big_deal_share": 0.25, "big_twice": 0.5}


VARIANTS = """
[metric.deals]
name = "Deals"
unit = "count"
variants.created.inputs.deals = { count = "opportunity", when = "created_on" }
variants.closed.inputs.deals = { count = "opportunity", when = "closed_on" }
"""


def test_another_default_changes_the_numbers_of_the_name_alone(diff):
    head, created, closed = VARIANTS.strip().rsplit("\n", 2)
    found = data(diff(VARIANTS, f"{head}\n{closed}\n{created}\n", "--period", "2025-Q1", "--json"))
    assert [(each["change"], each["kpi"], each["variant"]) for each in found["definitions"]] == [
        ("default", "deals", "closed")
    ]
    # Eight deals were created in the quarter, six were closed.
    assert [(each["before"], each["after"]) for each in found["numbers"]] == [(8, 6)]


def test_a_kpi_that_needs_a_cut_is_compared_by_its_members(diff):
    by_rep = BIG.replace('unit = "share"', 'unit = "share"\nneeds_cut = "rep"')
    found = data(diff(by_rep, by_rep.replace("300", "200"), "--period", "2025-Q1", "--json"))["numbers"]
    # Ann [u1] won 100 and 200; Bob 300, Ann [u3] 400.
    assert [(each["cuts"], each["before"], each["after"]) for each in found] == [({"rep": "Ann Lee [u1]"}, 0, 0.5)]


def test_a_kpi_by_month_is_compared_by_month_only(diff):
    monthly = BIG.replace('unit = "share"', 'unit = "share"\ngrains = "month"')
    assert numbers(diff(monthly, monthly.replace("300", "200"), "--json")) == [("2025-02", 0, 1, 1)]


def test_a_number_that_is_lost_says_why(diff):
    # Nobody buys for 1,000: no denominator.
    new = BIG.replace("where = \"outcome = 'won'\"", 'where = "amount > 1000"')
    (found,) = data(diff(BIG, new, "--period", "2025-Q1", "--json"))["numbers"]
    assert (found["before"], found["after"], found["after_reason"]) == (0.5, None, "zero_denominator")


def test_a_definition_that_cannot_be_read_is_told(diff):
    found = data(diff(BIG, BIG.replace("big / won", "big / "), "--json"))
    assert [(each["change"], each["after"]) for each in found["definitions"]] == [("changed", None)]
    assert "it is not a whole expression" in found["definitions"][0]["problem"]
    result = diff(BIG, BIG.replace('"share"', '"shares"'))
    assert result.exit_code == 1
    assert "new.toml, line 4: metric 'big_deal_share': no unit named 'shares'." in result.stderr


def test_a_file_of_the_workspace_is_compared_with_its_older_version_and_nothing_is_written(tiny, tmp_path):
    folder = tmp_path / "workspace"
    shutil.copytree(tiny, folder)
    (folder / "metrics").mkdir()
    (folder / "metrics" / "sales.toml").write_text(BIG.replace("300", "200"), encoding="utf-8")
    (folder / "metrics" / "deals.toml").write_text(VARIANTS, encoding="utf-8")
    (tmp_path / "old.toml").write_text(BIG, encoding="utf-8")
    before = {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    arguments = ["diff", str(tmp_path / "old.toml"), str(folder / "metrics" / "sales.toml"), "-w", str(folder)]
    result = run_kpi(*arguments)
    assert result.stdout.splitlines()[-1] == "3 numbers of 1 KPI change (17 periods from 2024-07-01 to 2025-06-30)."
    assert {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()} == before


def test_packs_can_be_kept_and_compared_after_an_update(diff, run):
    kept = run("list", "--toml").stdout
    same = data(diff(kept, "packs", "--json"))
    assert (same["definitions"], same["fields"]) == ([], [])
    changed = kept.replace("where = \"outcome in ('won', 'lost')\"", "where = \"outcome = 'lost'\"")
    found = data(diff(changed, "packs", "--period", "2025-Q1", "--json"))["numbers"]
    # Four won and two lost: 4 / 2 before, 4 / 6 now.
    assert [
        (each["before"], each["after"]) for each in found if each["kpi"] == "win_rate" and each["variant"] == "closed"
    ] == [(2, pytest.approx(4 / 6))]


SIZE = """
[field.opportunity.size]
type = "text"
meaning = "Big from 300 on."
how = "case when amount >= 300 then 'big' else 'small' end"

[metric.big_deals]
name = "Big deals won"
unit = "count"
inputs.n = { count = "opportunity", when = "closed_on", where = "outcome = 'won' and size = 'big'" }
"""


def test_a_field_that_is_made_otherwise_changes_the_numbers_of_the_kpis_that_read_it(diff):
    # Won in the first quarter of 2025: deals of 100, 200, 300 and 400.
    shown = diff(SIZE, SIZE.replace(">= 300", ">= 200"), "--period", "2025-Q1")
    lines = [" ".join(line.split()) for line in shown.stdout.splitlines()]
    assert lines[0] == "made from other fields: big_deals"
    assert lines[1] == "changed in meaning: field opportunity.size, which big_deals reads"
    assert "big_deals 2025-Q1 2 3 +1" in lines
    found = data(diff(SIZE, SIZE.replace(">= 300", ">= 200"), "--period", "2025-Q1", "--json"))
    assert found["fields"] == [{"change": "changed", "field": "opportunity.size", "kpis": ["big_deals"]}]
    assert numbers(diff(SIZE, SIZE.replace(">= 300", ">= 200"), "--period", "2025-Q1", "--json")) == [
        ("2025-Q1", 2, 3, 1)
    ]


@pytest.mark.parametrize(
    ("number", "problem"), [(errno.ENOSPC, "the disk is full. Free some space"), (errno.ENOENT, "No such file")]
)
def test_where_there_is_no_room_for_the_other_tables_it_is_told_in_one_line(diff, monkeypatch, number, problem):
    def fails(source: object, target: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(shutil, "copyfile", fails)
    result = diff(SIZE, SIZE.replace(">= 300", ">= 200"))
    assert result.exit_code == 1
    assert f"warehouse.duckdb: {problem}" in result.stderr and len(result.stderr.splitlines()) == 1


def test_a_field_in_other_words_is_no_other_field(diff):
    other = SIZE.replace("Big from 300 on.", "Big.").replace("case when amount >= 300", "CASE  WHEN (amount) >= 300")
    assert diff(SIZE, other).stdout.splitlines()[0] == "The definitions mean the same."


def test_an_added_and_a_removed_field_are_named(diff):
    field = SIZE.split("[metric")[0]
    assert diff("packs", field).stdout.splitlines()[0] == "added: field opportunity.size"
    assert diff(field, "packs").stdout.splitlines()[0] == "removed: field opportunity.size"


def test_without_data_the_definitions_are_compared_alone(diff, tmp_path):
    run_kpi("init", str(tmp_path / "new"))
    lines = diff(BIG, BIG.replace("300", "200"), workspace=tmp_path / "new").stdout.splitlines()
    assert lines == ["changed in meaning: big_deal_share", "· No data is loaded, so no numbers were compared."]


def test_a_file_that_is_not_there_and_a_grain_alone_are_refused(run, tmp_path):
    result = run("diff", "packs", "nothing.toml")
    assert result.exit_code == 1
    assert "nothing.toml: there is no such file. Give a definitions file, a folder of them, or packs." in result.stderr
    assert "--grain splits a --period" in run("diff", "packs", "packs", "--grain", "month").stderr
