"""Promise 30: no answer comes from tables of other definitions, settings, calendars or plugins than today's."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result

from kpicore import CellCall, CellFailure, Cells, KpiError, WarehouseError, Workspace, changing, open_workspace
from kpicore.testing import WAREHOUSE_FILE, run_kpi
from tests.promises.outdated import CASES, HARMLESS, Case, edit, folder, loaded

__all__ = ["folder", "loaded"]


def run(folder: Path, *arguments: str) -> Result:
    return run_kpi(*arguments, "-w", str(folder))


def number(folder: Path, case: Case) -> float:
    found = run(folder, "get", case.kpi, "-p", case.period, "--json")
    assert found.exit_code == 0, found.stderr
    (answer,) = json.loads(found.stdout)
    return float(answer["value"])


def cell(cells: Cells, case: Case) -> object:
    return cells.answer([CellCall("KPI", (case.kpi, case.period))]).results[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_promise_30_a_changed_definition_never_gives_the_old_number(
    folder: Path, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    assert number(folder, case) == case.before
    cells = Cells(folder)
    assert cell(cells, case) == case.before
    stamp = cells.stamp()
    edit(folder, case.file, case.old, case.new)
    assert cells.stamp() != stamp

    copy = Path(shutil.copytree(folder, folder.parent / "copy"))
    said = run(folder, "plugins").stderr
    assert case.told in said and "kpi remake" in said
    with open_workspace(folder, may_remake=False) as opened:
        for ask in (opened.get, opened.explain):
            with pytest.raises(WarehouseError, match="Run: kpi remake") as refused:
                ask(case.kpi, case.period)
            assert case.told in str(refused.value)

    before = cell(cells, case)
    assert isinstance(before, CellFailure) and case.told in before.message and "being made anew" in before.message
    cells.wait()
    assert cell(cells, case) == case.after
    cells.close()

    caplog.clear()
    explained = run(copy, "explain", case.kpi, "-p", case.period, "--json")
    assert json.loads(explained.stdout)["value"] == case.after
    (line,) = [record.getMessage() for record in caplog.records if record.name == "kpicore"]
    assert line.startswith("made anew: ") and case.told in line
    assert number(copy, case) == case.after
    assert run(copy, "remake").stdout.startswith("Nothing to make anew")


def test_check_says_that_tables_are_outdated_writes_nothing_and_finds_no_problem(folder: Path) -> None:
    edit(folder, "metrics/own.toml", "amount * setting.points", "amount * 3")
    before = (folder / WAREHOUSE_FILE).read_bytes()
    checked = run(folder, "check")
    assert (checked.exit_code, checked.stdout.splitlines()[-1][-11:]) == (0, "no problem.")
    assert checked.stderr == (
        "the tables are outdated (order.points has changed); the next question makes them anew, or: kpi remake\n"
    )
    assert (folder / WAREHOUSE_FILE).read_bytes() == before
    assert run(folder, "remake").stdout == "made anew: order (order.points has changed)\n"
    assert run(folder, "check").stderr == ""


def test_promise_30_what_makes_no_table_otherwise_makes_none_anew(folder: Path) -> None:
    file = folder / WAREHOUSE_FILE
    before = file.read_bytes()
    for each in HARMLESS:
        edit(folder, *each)
        with open_workspace(folder) as opened:
            assert opened.get("points", "2025").values() == [2200]
            assert opened.outdated is None
    assert file.read_bytes() == before


def test_questions_that_do_not_read_a_changed_field_are_answered_where_nothing_may_be_written(folder: Path) -> None:
    edit(folder, "metrics/own.toml", "amount * setting.points", "amount * 3")
    with open_workspace(folder, may_remake=False) as opened:
        assert opened.get("paid", "2025").values() == [1100]
        assert opened.get("small", "2025").values() == [2]
        for each in ("points", "twice"):
            with pytest.raises(KpiError, match=r"'order\.(points|twice)' was made by another definition"):
                opened.get(each, "2025")
    edit(folder, "metrics/own.toml", "customer.segment", "customer.name")
    with open_workspace(folder, may_remake=False) as opened:
        assert opened.get("paid", "2025").values() == [1100]
        for options in ({"by": "tag"}, {"where": {"tag": "small"}}):
            with pytest.raises(KpiError, match=r"order\.tag has changed"):
                opened.get("paid", "2025", **options)  # type: ignore[arg-type]
        with pytest.raises(KpiError, match=r"order\.tag has changed"):
            opened.members("tag")


def test_coverage_says_which_kpis_read_what_is_outdated(folder: Path) -> None:
    edit(folder, "metrics/own.toml", "amount * setting.points", "amount * 3")
    with open_workspace(folder, may_remake=False) as opened:
        found = {each.metric: each.lacks for each in opened.coverage()}
    assert found["paid"] == ()
    assert "order.points has changed" in found["twice"][0] and "order.points has changed" in found["points"][0]


def test_a_field_that_is_taken_out_is_gone_for_what_reads_it(folder: Path) -> None:
    text = (folder / "metrics" / "own.toml").read_text(encoding="utf-8")
    begin, end = text.index("[field.order.points]"), text.index("[field.order.twice]")
    (folder / "metrics" / "own.toml").write_text(text[:begin] + text[end:], encoding="utf-8")
    with open_workspace(folder) as opened:
        assert opened.get("paid", "2025").values() == [1100]
        with pytest.raises(
            KpiError, match=r"order\.points is gone.*it cannot be made anew now.*no field named 'points'"
        ):
            opened.get("twice", "2025")


def test_whoever_writes_the_statement_a_changed_column_cannot_be_read(folder: Path) -> None:
    edit(folder, "metrics/own.toml", "amount * setting.points", "amount * 3")
    edit(folder, "kpi.toml", "points = 2", "points = 2\ninactivity_days = 30")
    with open_workspace(folder, may_remake=False) as opened:
        query = opened.warehouse.query
        assert query('SELECT count(*), count(amount) FROM kpi."order"') == [(3, 3)]
        for statement in ('SELECT points FROM kpi."order"', 'SELECT count(*) FROM kpi."order" WHERE twice > 0'):
            with pytest.raises(KpiError, match=r"order\.points has changed.*Run: kpi remake"):
                query(statement)
        with pytest.raises(KpiError, match="inactivity_days was 365 and is 30"):
            query("SELECT count(*) FROM kpi.customer_spell")
        assert query("SELECT count(*) FROM book.load") == [(1,)]


def test_a_field_that_cannot_be_made_refuses_what_reads_it_and_says_why(folder: Path) -> None:
    edit(folder, "metrics/own.toml", "amount * setting.points", "amuont * 3")
    assert run(folder, "get", "paid", "-p", "2025", "--json").exit_code == 0
    refused = run(folder, "get", "points", "-p", "2025")
    assert refused.exit_code == 1
    assert "it cannot be made anew now" in refused.stderr and "no field named 'amuont'" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_while_another_load_runs_the_changed_field_alone_is_refused(folder: Path) -> None:
    edit(folder, "metrics/own.toml", "amount * setting.points", "amount * 3")
    with changing(folder / WAREHOUSE_FILE):
        with open_workspace(folder) as opened:
            assert opened.get("paid", "2025").values() == [1100]
            with pytest.raises(KpiError, match="another load is running"):
                opened.get("points", "2025")
        cells = Cells(folder)
        mixed = cells.answer([CellCall("KPI", (each, "2025")) for each in ("paid", "points")]).results
        assert mixed[0] == 1100 and isinstance(mixed[1], CellFailure)
        cells.wait()
        again = cells.answer([CellCall("KPI", ("points", "2025"))]).results[0]
        assert isinstance(again, CellFailure) and "another load is running" in again.message
        cells.close()
    with open_workspace(folder) as opened:
        assert opened.get("points", "2025").values() == [3300]


@pytest.mark.parametrize("raised", [RuntimeError("no such page"), MemoryError(), SystemExit(3), KpiError("No room.")])
def test_a_remake_that_ends_by_any_error_is_told_in_cells_and_begun_again_when_a_file_changes(
    folder: Path, raised: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder, "metrics/own.toml", "amount * setting.points", "amount * 3")
    points, cells = CellCall("KPI", ("points", "2025")), Cells(folder)
    with monkeypatch.context() as broken:

        def remake(*_: object, **__: object) -> None:
            raise raised

        broken.setattr(Workspace, "remake", remake)
        cells.answer([points])
        cells.wait()
        told = cells.answer([points]).results[0]
        assert isinstance(told, CellFailure) and "it cannot be made anew now: " in told.message
    edit(folder, "metrics/own.toml", "amount * 3", "amount * 4")
    cells.answer([points])
    cells.wait()
    assert cells.answer([points]).results == [4400]
    cells.close()


def test_a_remake_given_up_leaves_the_data_as_it_was(folder: Path) -> None:
    edit(folder, "metrics/own.toml", "amount * setting.points", "amount * 3")
    before = (folder / WAREHOUSE_FILE).read_bytes()

    def stop(step: str, done: float) -> None:
        raise KeyboardInterrupt

    with open_workspace(folder, may_remake=False) as opened, pytest.raises(KeyboardInterrupt):
        opened.remake(progress=stop)
    assert (folder / WAREHOUSE_FILE).read_bytes() == before
    assert not (folder / f"{WAREHOUSE_FILE}.next").exists()
