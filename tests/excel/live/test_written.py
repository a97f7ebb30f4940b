"""The file of the live workbook: whole or not there, with lists, charts, rules and names in it."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from kpicore import BadArgument, BadCut, BadPeriod, KpiError, NoteWords, UnknownName
from kpicore.testing import run_kpi
from kpicore_excel.live import workbook_request, write_live_workbook
from kpicore_excel.live.by_member import sheet_names
from kpicore_excel.live.lambda_names import lambda_name
from kpicore_excel.live.members import MemberList, member_list
from tests.excel.live.conftest import opened
from tests.language.spreadsheet import calculated


@pytest.fixture(scope="module")
def file(tiny, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("written") / "book.xlsx"
    kpis = ["win_rate", "win_rate.created", "sales_cycle", "sales_cycle.median", "ltv_cac", "active_customers"]
    write_live_workbook(tiny, workbook_request(tiny, kpis, "2025", by=["rep"]), path)
    return path


@pytest.fixture(scope="module")
def book(file):
    return opened(file)


def test_the_sheets_for_people_come_first(book):
    assert book.sheetnames == [
        *("KPIs", "By period", "By rep", "Catalogue", "Calculators", "About the data"),
        *("Inputs", "Inputs by period", "Inputs as they are", "Notes", "Lists"),
    ]


def test_dimensions_with_one_beginning_have_sheets_of_their_own():
    names = sheet_names(MemberList(f"region_of_the_customer_of_the_deal_{which}", ()) for which in ("won", "lost"))
    assert [*names.values()] == ["By region of the customer of th", "By region of the customer o 2"]
    assert sheet_names([MemberList("period", ())]) == {"period": "By period 2"}


def test_a_kpi_is_its_own_formula_over_sums_of_its_inputs(book):
    rows = {row[1].value: row for row in book["KPIs"].iter_rows()}
    won, base = (
        f'SUMIFS(win_rate_closed__{each},in__part,">="&now_first,in__part,"<="&now_last,in_rep,is_rep)'
        for each in ("won", "base")
    )
    # months from August on have not started, and a rep may be on no list: an error in the condition shows
    assert rows["Win rate"][2].value == f"=IF(INDEX(no_value_1,now_period)+0*number_rep=0,{won}/{base})"
    assert rows["Sales cycle length (median)"][2].value == "=INDEX(sales_cycle_median__days,now_row)"
    assert rows["Active customers"][2].value.count("at__period,now_period") == 1


def test_inputs_stand_on_the_sheet_that_tells_how_they_add_up(book):
    heads = {name: [cell.value for cell in book[name][4]] for name in book.sheetnames[6:9]}
    assert "win_rate_closed__won" in heads["Inputs"] and "sales_cycle_mean__days__n" in heads["Inputs"]
    assert [each for each in heads["Inputs by period"] if each and each.startswith("active_customers")]
    assert {"sales_cycle_median__days", "ltv_cac__ltv", "ltv_cac__cac"} <= set(heads["Inputs as they are"])
    assert book["Inputs"]["F4"].comment.text.startswith("Win rate: count of opportunity by closed_on where")


def test_only_rows_that_are_not_read_by_their_place_can_be_sorted_by_the_arrows_of_a_filter(book):
    with_arrows = [name for name in book.sheetnames[6:9] if book[name].auto_filter.ref]
    assert with_arrows == ["Inputs", "Inputs by period"]


def test_period_and_member_are_chosen_from_lists_in_cells_that_hold_text(book):
    sheet = book["KPIs"]
    rules = {str(each.sqref).split(":")[0]: each.formula1 for each in sheet.data_validations.dataValidation}
    assert rules == {"B5": "offered_periods", "D5": "list_rep"}
    assert [sheet[rule].number_format for rule in rules] == ["@", "@"]
    keys = [cell.value for (cell,) in book["Lists"][book.defined_names["offered_periods"].attr_text.split("!")[1]]]
    assert keys[:3] == ["2025-01", "2025-02", "2025-03"]
    assert keys[12:] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2025-H1", "2025-H2", "2025"]


def test_it_has_native_charts_sparklines_and_rules_by_direction_and_band(file):
    with zipfile.ZipFile(file) as parts:
        charts = [parts.read(each).decode() for each in parts.namelist() if each.startswith("xl/charts/chart")]
        front = parts.read("xl/worksheets/sheet1.xml").decode()
        members = parts.read("xl/worksheets/sheet3.xml").decode()
    assert len(charts) == 4
    assert all("'By period'!$C$" in chart for chart in charts)
    assert "sparkline" in front and "containsErrors" in front and "dataBar" in members
    assert "● good" in front and "ISNUMBER($E$" in front


def test_a_chart_of_one_kpi_stands_beside_one_by_member(tiny, tmp_path):
    write_live_workbook(tiny, workbook_request(tiny, ["win_rate"], "2025", by=["rep"]), tmp_path / "one.xlsx")
    with zipfile.ZipFile(tmp_path / "one.xlsx") as parts:
        kinds = [
            "barDir" in parts.read(each).decode() for each in parts.namelist() if each.startswith("xl/charts/chart")
        ]
    assert kinds == [False, True]


def test_it_tells_how_fresh_it_is_and_what_the_kpis_mean(book):
    assert book["KPIs"]["B2"].value.startswith("Data of 2025-07-15 12:00 UTC, version 1-")
    catalogue = {(row[1].value, row[5].value) for row in book["Catalogue"].iter_rows()}
    assert {("win_rate", "closed (default)"), ("win_rate", "created")} <= catalogue
    assert not any(id == "total_sales" for id, _ in catalogue)


def test_calculators_are_names_of_lambdas(book):
    names = book.defined_names
    assert names["KPI_WIN_RATE_CALC"].attr_text == "_xlfn.LAMBDA(_xlpm.won,_xlpm.base,_xlpm.won/_xlpm.base)"
    assert names["KPI_WIN_RATE_CREATED_CALC"].attr_text == names["KPI_WIN_RATE_CALC"].attr_text
    assert names["KPI_SALES_CYCLE_CALC"].attr_text == "_xlfn.LAMBDA(_xlpm.values,AVERAGE(_xlpm.values))"
    rows = {row[1].value: row[2].value for row in book["Calculators"].iter_rows()}
    assert rows["Win rate"] == "=KPI_WIN_RATE_CALC(won, base)"


def test_what_every_calculator_stands_for_gives_the_engines_number(tiny, tmp_path, program):
    """LibreOffice has no LAMBDA, so its body is calculated over cells in place of the arguments."""
    rows, wanted = [], []
    for metric in tiny.registry.metrics.values():
        for variant in metric.variant_names:
            found = lambda_name(tiny, tiny.definitions.get(metric.id, variant))
            if found is None:
                continue
            numbers = [10.0, 20.0, 60.0, 70.5] if found.arguments == ("values",) else [0.5] * len(found.arguments)
            cells = {each: f"{chr(ord('A') + at)}{len(rows) + 1}" for at, each in enumerate(found.arguments)}
            if found.arguments == ("values",):
                cells = {"values": f"A{len(rows) + 1}:D{len(rows) + 1}"}
            body = found.stored.removeprefix("=_xlfn.LAMBDA(").removesuffix(")").split(",", len(found.arguments))[-1]
            for name, cell in cells.items():
                body = body.replace(f"_xlpm.{name}", cell) if len(cells) == 1 else _put(body, name, cell)
            rows.append((numbers, body))
            try:
                wanted.append(tiny.calc(f"{metric.id}.{variant}", *numbers))
            except KpiError:
                wanted.append("zero")
    shown = calculated(tmp_path / "calc.xlsx", rows, program("soffice"), "zero")
    assert len(shown) > 60
    assert shown == [each if isinstance(each, str) else pytest.approx(each, rel=1e-12) for each in wanted]


def _put(body: str, name: str, cell: str) -> str:
    import re

    return re.sub(rf"_xlpm\.{name}\b", cell, body)


def test_a_share_above_one_is_refused_by_a_calculator(tiny):
    found = lambda_name(tiny, tiny.definitions.get("sales_equation", tiny.registry.metric("sales_equation").default))
    assert found is not None
    assert "IF(ABS(" in found.body and "#VALUE!" in found.body


def test_the_same_question_gives_the_same_file(tiny, file, tmp_path):
    kpis = ["win_rate", "win_rate.created", "sales_cycle", "sales_cycle.median", "ltv_cac", "active_customers"]
    write_live_workbook(tiny, workbook_request(tiny, kpis, "2025", by=["rep"]), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == file.read_bytes()


def test_a_file_that_cannot_be_replaced_stays_and_nothing_is_left_beside_it(tiny, tmp_path):
    (tmp_path / "book.xlsx").mkdir()
    with pytest.raises(KpiError, match=r"book\.xlsx: cannot be written .* Close it where it is open") as refused:
        write_live_workbook(tiny, workbook_request(tiny, ["win_rate"], "2025-Q1"), tmp_path / "book.xlsx")
    assert "\n" not in str(refused.value)
    assert [each.name for each in tmp_path.iterdir()] == ["book.xlsx"]


def test_a_folder_that_is_not_there_is_told_in_one_line(tiny, tmp_path):
    with pytest.raises(KpiError, match="cannot be written"):
        write_live_workbook(tiny, workbook_request(tiny, ["win_rate"], "2025-Q1"), tmp_path / "no" / "book.xlsx")


@pytest.mark.parametrize(
    ("refs", "period", "options", "kind", "words"),
    [
        (["win_rat"], "2025", {}, UnknownName, "Did you mean 'win_rate'"),
        (["win_rate.won"], "2025", {}, UnknownName, "variant"),
        (["win_rate"], "1/2/2025", {}, BadPeriod, "1/2/2025"),
        (["win_rate"], "2025-W10", {"grain": "month"}, BadPeriod, "whole month"),
        (["win_rate"], "2025", {"grain": "moon"}, UnknownName, "moon"),
        (["cac"], "2025", {"by": ["rep"]}, BadCut, "cannot be cut by rep"),
        (["win_rate"], "2025", {"by": ["rp"]}, UnknownName, "Did you mean 'rep'"),
        (["win_rate"], "2025", {"by": ["rep", "team", "channel"]}, BadArgument, "two dimensions at most, not 3"),
        (["stage_conversion"], "2025", {}, BadCut, "only by stage"),
        (["win_rate"], "2025", {"where": {"rep": ["Bob Rai"]}}, UnknownName, "Did you mean 'Bob Ray'"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(tiny, refs, period, options, kind, words):
    with pytest.raises(kind, match=words) as refused:
        workbook_request(tiny, refs, period, **options)
    assert "\n" not in str(refused.value)


def test_a_workbook_that_no_sheet_can_hold_is_refused(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("kpicore_excel.live.input_tables.MOST_ROWS", 50)
    with pytest.raises(BadArgument, match=r"a sheet cannot hold the .* rows .* one --by less"):
        write_live_workbook(
            tiny, workbook_request(tiny, ["sales_cycle.median"], "2025", by=["rep"]), tmp_path / "book.xlsx"
        )
    assert list(tmp_path.iterdir()) == []


def test_a_kpi_named_twice_stands_once(tiny):
    assert [each.key for each in workbook_request(tiny, ["win_rate", "WIN_RATE.closed"], "2025").kpis] == [
        "win_rate_closed"
    ]


def test_only_the_rows_of_where_are_in_it(tiny, tmp_path):
    write_live_workbook(
        tiny,
        workbook_request(tiny, ["win_rate"], "2025-Q1", by=["rep"], where={"team": ["North"]}),
        tmp_path / "book.xlsx",
    )
    found = opened(tmp_path / "book.xlsx", data_only=True)
    rows = {row[1].value: row for row in found["KPIs"].iter_rows()}
    # North is Ann [u1] and Bob: o1, o2, o4 won, o3 lost.
    assert (rows["Win rate"][2].value, rows["Win rate"][5].value) == (0.75, 4)
    assert found["KPIs"]["B2"].value.endswith("Only team North.")
    assert [row[1].value for row in found["By rep"].iter_rows(min_row=5)] == ["(all)", "Ann Lee [u1]", "Bob Ray"]


def test_labels_are_cut_and_stay_apart():
    labels = [
        choice.label for choice in member_list("rep", [("x" * 99 + "a",), ("x" * 99 + "b",), ("line\nbreak",)]).choices
    ]
    assert labels == ["no. 1: " + "x" * 59 + "…", "no. 2: " + "x" * 59 + "…", "no. 3: line break"]


def run(tiny, *arguments):
    return run_kpi("excel", "workbook", *arguments, "--workspace", str(tiny.config.folder))


def test_the_command_writes_the_file_and_says_so(tiny, tmp_path):
    out = tmp_path / "mine.xlsx"
    result = run(tiny, "win_rate", "--period", "2025", "--by", "rep", "--out", str(out))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"Wrote {out}\n")
    assert opened(out).sheetnames[0] == "KPIs"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("win_rate", "--period", "2025", "--out", "book.xls"), "'book.xls' is not called .xlsx"),
        (("--period", "2025"), "Missing argument 'KPI[.VARIANT]...'"),
        (("win_rate",), "of which period?"),
        (("win_rate", "--period", "2025", "--compare", "yesterday"), "'yesterday' is not one of"),
    ],
)
def test_the_command_refuses_wrong_arguments_with_one_line(tiny, arguments, words):
    result = run(tiny, *arguments)
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_group_lists_its_commands_and_proposes_one_that_was_meant():
    assert "workbook" in run_kpi("excel", "--help").stdout
    result = run_kpi("excel", "workbok")
    assert (result.exit_code, "Did you mean 'workbook'" in result.stderr) == (1, True)


def test_remarks_are_chosen_among_the_words_of_the_wording_whatever_signs_are_in_them(tiny, tmp_path, monkeypatch):
    sentences = MappingProxyType({**tiny.wording.sentences, "zero_denominator": 'Teilen "durch" 0'})
    words = {
        note.kind: note for note in (NoteWords("choose_one", 'Nur je "{dimension}"'), NoteWords("not_begun", "neu"))
    }
    wording = replace(tiny.wording, kinds={**tiny.wording.kinds, **words}, sentences=sentences)
    monkeypatch.setattr(type(tiny), "wording", wording)
    request = workbook_request(tiny, ["stage_conversion"], "2025", by=["stage"])
    write_live_workbook(tiny, request, tmp_path / "book.xlsx")
    book = opened(tmp_path / "book.xlsx")
    [remark] = [
        cell.value
        for row in book["KPIs"].iter_rows()
        for cell in row
        if isinstance(cell.value, str) and "ERROR.TYPE" in cell.value
    ]
    assert 'IF(number_stage=0,"Nur je ""stage""",' in remark
    assert '=2,"Teilen ""durch"" 0.",' in remark
    assert "neu" in {cell.value for row in book["Lists"].iter_rows() for cell in row}
