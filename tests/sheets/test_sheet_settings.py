"""`[[sheet]]` in kpi.toml: what is read, and what is refused before anybody asks Google."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kpicore import BadConfig, UnknownName, open_workspace, read_config
from kpicore_sheets.settings import chosen_tables, credentials_file, sheet_tables
from kpicore_sheets.table import FormulaContent, KpiContent, ReportContent, SheetTable

ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz-0123456789_abcd"
HEAD = f'spreadsheet = "https://docs.google.com/spreadsheets/d/{ID}/edit#gid=9"\n'
KPIS = f'{HEAD}tab = "KPIs"\nkpis = ["win_rate", "won_deals"]\nperiod = "2025"\n'


def tables(folder: Path, *written: str) -> tuple[SheetTable, ...]:
    text = "[workspace]\n" + "".join(f"[[sheet]]\n{table}\n" for table in written)
    (folder / "kpi.toml").write_text(text, encoding="utf-8")
    with open_workspace(folder) as workspace:
        return sheet_tables(workspace.config)


def refusal(folder: Path, *written: str) -> str:
    with pytest.raises(BadConfig) as refused:
        tables(folder, *written)
    return str(refused.value).removeprefix(str(folder)).lstrip("/\\")


def test_a_table_of_kpis_is_read_whole(tmp_path):
    further = 'cell = "B3"\ngrain = "month"\nby = ["rep"]\nwhere = ["region=North"]\ncompare = "previous"\n'
    more = 'targets = true\nstatus = true\nmode = "history"\ncron = "0 8 * * mon"\n'
    (table,) = tables(tmp_path, f'name = "funnel"\n{KPIS}{further}{more}')
    kpis = ("win_rate", "won_deals")
    content = KpiContent(kpis, "2025", "month", ("rep",), {"region": ["North"]}, "previous", True, True)
    assert table == SheetTable("funnel", ID, content, "KPIs", None, 2, 1, "history", cron="0 8 * * mon")


def test_reports_and_formulas_are_read_and_the_tab_may_come_from_the_address(tmp_path):
    report, formulas = tables(
        tmp_path,
        f'name = "weekly"\n{HEAD}report = "weekly"\nperiod = "last week"\nrefresh = "data"',
        f'name = "answers"\n{HEAD}formulas = true',
    )
    assert report == SheetTable("weekly", ID, ReportContent("weekly", "last week"), gid=9, refresh="data")
    assert formulas == SheetTable("answers", ID, FormulaContent(), "_kpi")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (KPIS, "kpi.toml sheet 1 name: it is not written"),
        (f'name = "A b"\n{KPIS}', "kpi.toml sheet 1: 'A b' is no name of a table."),
        (f'name = "a"\n{KPIS}report = "weekly"', "sheet 'a': kpis and report are two things."),
        (f'name = "a"\n{HEAD}', "sheet 'a': it says nothing of what is written."),
        (f'name = "a"\n{KPIS}mode = "append"', "sheet 'a' mode: cannot read 'append'"),
        (f'name = "a"\n{KPIS}refresh = "data"\nevery = "15 min"', "sheet 'a': refresh and every are two schedules."),
        (f'name = "a"\n{KPIS}every = "often"', "sheet 'a': every 'often' cannot be read"),
        (f'name = "a"\n{KPIS}cron = "0 25 * * *"', "sheet 'a': cron '0 25 * * *' cannot be read (Bad hour)."),
        (f'name = "a"\n{KPIS}cell = "KPIs!B3"', "sheet 'a': 'KPIs!B3' is no cell."),
        ('name = "a"\nspreadsheet = "My KPIs"\nkpis = ["a"]\nperiod = "2025"', "sheet 'a': 'My KPIs' is no address"),
        (f'name = "a"\nspreadsheet = "{ID}"\nkpis = ["a"]\nperiod = "2025"', "sheet 'a': no tab is named."),
        (f'name = "a"\n{HEAD}kpis = ["a"]', "sheet 'a': no period is named."),
        (f'name = "a"\n{KPIS}where = ["North"]', "sheet 'a': where: 'North' is no filter."),
        (
            f'name = "a"\n{HEAD}report = "x"\nperiod = "2025"\ntargets = true',
            "sheet 'a': a report can have no targets.",
        ),
        (f'name = "a"\n{HEAD}formulas = true\nby = ["rep"]', "sheet 'a': formulas can have no by."),
        (f'name = "a"\n{HEAD}formulas = true\ntab = "Answers"', "tab of their own. Leave tab out: it is _kpi."),
        (f'name = "a"\n{HEAD}formulas = true\ncell = "B3"', "sheet 'a': answers to formulas begin at A1 of their tab."),
        (f'name = "a"\n{HEAD}report = "x"\nperiod = "2025"\nmode = "history"', "sheet 'a': only a table of kpis has"),
        (f'name = "a"\n{KPIS}mode = "history"\nchart = "line"', "sheet 'a': a history has no chart. Leave chart out"),
        (f'name = "a"\n{KPIS}tabs = "x"', "sheet 'a' tabs: no key named 'tabs'. Did you mean 'tab'?"),
    ],
)
def test_a_table_that_cannot_be_is_refused_while_kpi_toml_is_read(tmp_path, written, told):
    assert told in refusal(tmp_path, written)


def test_tables_are_chosen_by_name_and_all_of_them_without_one(tmp_path):
    tables(tmp_path, f'name = "funnel"\n{KPIS}', f'name = "plan"\n{KPIS}cell = "G1"')
    with open_workspace(tmp_path) as workspace:
        assert [table.name for table in chosen_tables(workspace.config)] == ["funnel", "plan"]
        assert [table.name for table in chosen_tables(workspace.config, ["plan"])] == ["plan"]
        with pytest.raises(UnknownName, match=r"no \[\[sheet\]\] named 'funel' in kpi.toml. Did you mean 'funnel'"):
            chosen_tables(workspace.config, ["funel"])


def test_a_table_that_is_left_unread_as_another_plugin_has_one_too_is_told_to_who_needs_it(tmp_path):
    (tmp_path / "kpi.toml").write_text("[sheet]\nprinter = 'lp0'\n[sheets]\nprinter = 'lp1'\n")
    unread = replace(read_config(tmp_path), plugin_tables={"sheet": (), "sheets": ()})
    for read, name in ((sheet_tables, "sheet"), (credentials_file, "sheets")):
        with pytest.raises(BadConfig, match=f"kpi.toml {name}: it was left unread. Why: kpi check"):
            read(unread)


def without(written: str) -> str:
    """Return the usual keys without those that are written otherwise."""
    keys = {line.split(" = ")[0] for line in written.splitlines()}
    return "".join(f"{line}\n" for line in KPIS.splitlines() if line.split(" = ")[0] not in keys)


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ('name = "a"', 'name = "a"\ncell = "Z9"', "sheet 'a': there is a [[sheet]] 'a' already."),
        ('name = "a"', 'name = "b"', "sheet 'b': 'b' overlaps 'a' at A1."),
        ('name = "a"', 'name = "b"\ntab = "kpis"', "sheet 'b': 'b' overlaps 'a' at A1."),
        ('name = "a"', 'name = "b"\ncell = "B3"', "sheet 'b': 'b' overlaps 'a' at B3."),
        (
            'name = "a"\nmode = "history"',
            'name = "b"\ncell = "C500"',
            "at C500: a history grows downwards without an end",
        ),
        ('name = "a"\ncell = "B3"\nmode = "history"', 'name = "b"', "sheet 'b': 'b' overlaps 'a' at B3"),
    ],
)
def test_two_tables_in_one_place_are_refused(tmp_path, one, other, told):
    assert told in refusal(tmp_path, f"{one}\n{KPIS}", f"{other}\n{without(other)}")


def test_columns_that_a_table_may_lack_stand_in_the_way_of_none_beside_it(tmp_path):
    for wide in ("status = true", 'by = ["rep", "rep"]\nkpis = ["win_rate"]'):
        assert len(tables(tmp_path, f'name = "a"\n{wide}\n{without(wide)}', f'name = "b"\ncell = "C1"\n{KPIS}')) == 2


@pytest.mark.parametrize("other", ['cell = "C1"', 'cell = "A4"', f'spreadsheet = "{ID[::-1]}"\n', 'tab = "Other"'])
def test_tables_side_by_side_are_read(tmp_path, other):
    assert len(tables(tmp_path, f'name = "a"\n{KPIS}', f'name = "b"\n{other}\n{without(other)}')) == 2


def test_formulas_of_a_spreadsheet_are_answered_once(tmp_path):
    one, two = (f'name = "{name}"\n{HEAD}formulas = true' for name in "ab")
    assert "sheet 'b': 'a' answers the formulas of this spreadsheet. Leave one of them out." in refusal(
        tmp_path, one, two
    )


@pytest.mark.parametrize("key", ["name", "spreadsheet", "tab", "cell", "mode", "every", "cron", "chart", "x"])
def test_a_value_of_any_length_makes_a_line_that_can_be_read(tmp_path, key):
    written = f'{key} = "{"long " * 12_000}"'
    head = "" if key == "name" else 'name = "a"'
    assert len(refusal(tmp_path, f"{head}\n{written}\n{without(written)}")) < 700


def test_a_filter_and_a_key_of_any_length_make_a_line_that_can_be_read(tmp_path):
    for written in (f'where = ["{"long " * 12_000}"]', f"{'x' * 60_000} = 1", f'kpis = "{"long " * 12_000}"'):
        assert len(refusal(tmp_path, f'name = "a"\n{written}\n{without(written)}')) < 700
