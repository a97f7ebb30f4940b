"""The workbook: the engine's numbers, nothing that turns into a formula, and every program opens it."""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from xlsxwriter import Workbook

from kpicore import (
    HIGHER,
    LOWER,
    MONEY,
    Answer,
    Better,
    Grain,
    KpiError,
    Metric,
    Note,
    Period,
    Question,
    Unreadable,
    Variant,
    attainment,
    count,
    open_workspace,
)
from kpicore_crm.testing import load_tiny_company
from kpicore_xlsx.addresses import sheet_name
from kpicore_xlsx.summary.contents import SummaryBreakdown, SummaryLine, collect
from kpicore_xlsx.summary.workbook import write_summary, write_workbook
from tests.patience import PATIENCE_SECONDS

QUARTER = Period("2025-Q2", *(datetime(2025, month, 1).date() for month in (4, 7)), Grain.QUARTER, 8101)


def rows_of(sheet):
    """Return the cells of each row below the title by the text in the second column; the first of equal texts."""
    found = {}
    for row in sheet.iter_rows(min_row=3):
        found.setdefault(row[1].value, row)
    return found


HOSTILE = ("=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "{=1}", "http://x.example", "12", "\t=1")


def hostile(report):
    """Return a small report with hostile texts wherever a text from data or a definition can stand."""
    metrics = [
        Metric(
            f"evil{number}", text.strip(), MONEY, inputs={"n": count("order")}, meaning=text, family=text, source=text
        )
        for number, text in enumerate(HOSTILE)
    ]
    answers = [replace(report.lines[0].now, notes=(Note.of("text", text=text),)) for text in HOSTILE]
    lines = [
        SummaryLine(metric, answer, by_rep={metric.name: answer})
        for metric, answer in zip(metrics, answers, strict=True)
    ]
    tables = [SummaryBreakdown(each, "rep", {each.name: answers[0]}) for each in metrics]
    data = {
        "entities": tuple((text, 1, None, None, text) for text in HOSTILE),
        "unreadable": tuple(Unreadable(text, 1, text, text, text) for text in HOSTILE),
    }
    return replace(
        report, name=HOSTILE[0], lines=tuple(lines), catalogue=tuple(metrics), breakdowns=tuple(tables), **data
    )


def test_the_sheets_come_in_the_order_of_reading(book):
    assert book.sheetnames == [
        *("Overview", "Revenue", "Pipeline", "Acquisition", "Value", "Retention", "Experience", "Activity", "Targets"),
        *("Trends", "Catalogue", "About the data"),
    ]


def test_the_overview_shows_sales_with_change_target_and_how_much_is_reached(book):
    _, name, now, before, change, target, reached, rows, *_ = rows_of(book["Overview"])["Total sales"]
    assert (name.value, now.value, before.value, target.value) == ("Total sales", 1220, 1000, 1220)
    assert change.value == pytest.approx(0.22)
    assert (reached.value, rows.value) == (1, 3)
    assert now.number_format == "[>=10000]#,##0;[<=-10000]-#,##0;#,##0.00"
    assert reached.number_format == "0%"


def test_a_share_is_a_fraction_and_its_change_is_in_points(book):
    _, _, now, before, change, *_ = rows_of(book["Overview"])["Win rate"]
    assert (now.value, now.number_format) == (0.75, "0.0%")
    assert before.value == pytest.approx(4 / 6)
    assert change.value == pytest.approx(100 * (3 / 4 - 4 / 6))
    assert "pts" in change.number_format


def test_every_number_of_every_family_is_the_engines(book, report, workspace):
    checked = 0
    for name in book.sheetnames[1:9]:
        shown = rows_of(book[name])
        for line in report.lines:
            if line.now and line.metric.family == name.lower():
                (answer,) = workspace.get(line.metric.id, "2025-Q2").answers
                wanted = "n/a" if answer.value is None else pytest.approx(answer.value, rel=1e-12, abs=1e-9)
                assert shown[line.metric.name][2].value == wanted
                checked += 1
    assert checked == sum(line.now is not None for line in report.lines) > 60


def test_what_is_not_computed_is_told_with_its_reason_and_is_never_zero(book, report):
    line = next(each for each in report.lines if each.now and each.now.value is None)
    cell = rows_of(book[line.metric.family.capitalize()])[line.metric.name][2]
    assert cell.value == "n/a"
    assert len(cell.comment.text) > 5


def test_months_are_dates_and_their_numbers_the_engines(book, workspace):
    sheet = book["Trends"]
    months = [cell.value for cell in sheet[4][2:14]]
    assert months[0] == datetime(2024, 7, 1)
    assert months[-1] == datetime(2025, 6, 1)
    assert sheet["C4"].number_format == "mmm yyyy"
    shown = [cell.value for cell in rows_of(sheet)["Total sales"][2:14]]
    # Closed and won by month of 2025, by hand: January 100, February 200, March 700, April 500, May 600, June 120.
    assert shown[6:] == [100, 200, 700, 500, 600, 120]


def test_reps_stand_side_by_side_by_name_and_namesakes_apart(book):
    sheet = book["Revenue"]
    (head,) = (row for row in sheet.iter_rows() if row[1].value == "By sales rep, 2025-Q2")
    reps = [cell.value for cell in head[2:] if cell.value]
    assert reps == ["Ann Lee [u1]", "Ann Lee [u3]", "Bob Ray", "(none)"]
    sold = next(row for row in sheet.iter_rows(min_row=head[0].row) if row[1].value == "Total sales")
    assert [cell.value for cell in sold[2:6]] == [500, 600, "–", 120]


def test_the_catalogue_has_a_row_for_every_variant(book, report):
    rows = list(book["Catalogue"].iter_rows(min_row=5, min_col=2, max_col=12, values_only=True))
    by_variant = {(row[0], row[4]): row for row in rows}
    win_rate = by_variant["win_rate", "closed (default)"]
    assert win_rate[1:4] == ("KPI_WIN_RATE", "Win rate", "Pipeline")
    assert win_rate[5:9] == ("won / base", "won, base", "share", "higher")
    assert ("win_rate", "created") in by_variant
    assert sum(row[0] is not None and row[4] is not None for row in rows) == sum(
        len(each.variant_names) for each in report.catalogue
    )


def test_the_data_sheet_tells_how_fresh_the_data_is(book):
    rows = rows_of(book["About the data"])
    assert rows["Data of"][2].value == datetime(2025, 7, 15, 12)
    assert rows["Currency"][2].value == "USD"
    assert rows["order"][2].value == 8
    assert rows["Everything could be read."]


def test_text_stays_text_whatever_it_begins_with(report, tmp_path, opened):
    write_summary(hostile(report), tmp_path / "book.xlsx")
    book = opened(tmp_path / "book.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [cell.coordinate for cell in cells if cell.hyperlink] == []
    for text in HOSTILE:
        found = [cell for cell in cells if cell.value == text]
        assert len(found) >= 8, text
        assert {cell.data_type for cell in found} == {"s"}


def test_no_cell_of_a_real_workbook_is_a_formula(book):
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_charts_are_native_and_draw_the_trends(file):
    with zipfile.ZipFile(file) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    titles = ["Revenue against target", "Win rate", "Open pipeline", "New and lost customers"]
    assert len(charts) == 4
    assert all(title in chart for title, chart in zip(titles, charts, strict=True))
    assert all("'Trends'!$C$" in chart or "Trends!$C$" in chart for chart in charts)
    assert "sparkline" in sheet and "dataBar" in sheet and "cellIs" in sheet


def test_sheets_are_frozen_and_print_one_page_wide(book):
    for sheet in book:
        assert sheet.freeze_panes is not None, sheet.title
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (1, None)  # 1 is what the format means by nothing


def test_the_same_report_gives_the_same_file(report, file, tmp_path):
    write_summary(report, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == file.read_bytes()


def test_libreoffice_opens_it_and_sees_the_numbers(file, tmp_path, program):
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [program("soffice"), "--headless", profile, "--convert-to", "csv", "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_SECONDS)
    lines = (tmp_path / "tiny.csv").read_text(encoding="utf-8").splitlines()
    (sales,) = (line for line in lines if line.startswith(",Total sales,") and "100%" in line)
    assert sales.startswith(",Total sales,1220,1000,22%,1220,100%,3,")


def test_a_file_that_cannot_be_written_is_told_in_one_line(workspace, tmp_path):
    (tmp_path / "book.xlsx").mkdir()
    with pytest.raises(KpiError, match=r"book\.xlsx: cannot be written .* Close it where it is open") as told:
        write_workbook(workspace, tmp_path / "book.xlsx", "2025-Q2")
    assert "\n" not in str(told.value)


def test_a_period_in_progress_says_how_much_of_it_has_passed(workspace):
    report = collect(workspace, "this quarter")
    assert (str(report.period), report.progress) == ("2025-Q3", "to date, 15 of 92 days")
    assert str(report.before) == "2025-04-01..2025-04-15"


def test_a_period_that_has_not_begun_says_so(workspace):
    assert collect(workspace, "2026-Q1").progress == "has not started"


def test_the_first_month_that_the_calendar_lists_is_compared_with_nothing(tmp_path):
    load_tiny_company(tmp_path)
    listed = "month,first_day,last_day\nFY2025-M01,2025-01-01,2025-01-31\nFY2025-M02,2025-02-01,2025-03-31\n"
    (tmp_path / "fiscal.csv").write_text(listed, encoding="utf-8")
    with (tmp_path / "kpi.toml").open("a", encoding="utf-8") as file:
        file.write('\n[calendar]\nfiscal_months = "fiscal.csv"\n')
    with open_workspace(tmp_path) as workspace:
        first, second = (collect(workspace, f"FY2025-M0{month}") for month in (1, 2))
    won = [{line.metric.id: line for line in summary.lines}["won_deals"] for summary in (first, second)]
    assert [line.now.value for line in won if line.now] == [1, 3]  # o1; o2, o4 and o6
    assert [line.before.value if line.before else None for line in won] == [None, 1]


@given(st.floats(allow_nan=False, allow_infinity=False), st.none() | st.floats(-1e9, 1e9), st.sampled_from(Better))
@example(5.0, -10.0, HIGHER)
@settings(derandomize=True)
def test_a_target_is_reached_in_the_workbook_as_it_is_everywhere(value, target, better):
    metric = Metric("days", "Days", MONEY, inputs={"n": count("order")})
    answer = Answer(Question("days", "default", QUARTER), value, MONEY, better)
    assert SummaryLine(metric, answer, target=target).attainment == attainment(value, target, better)


def test_a_target_that_is_not_above_zero_has_no_attainment_in_the_workbook():
    metric = Metric("days", "Days", MONEY, inputs={"n": count("order")})
    answer = Answer(Question("days", "default", QUARTER), 5.0, MONEY, HIGHER)
    assert SummaryLine(metric, answer, target=-10.0).attainment is None


def test_a_target_of_a_kpi_where_lower_is_better_is_reached_upside_down():
    metric = Metric("days", "Days", MONEY, inputs={"n": count("order")})
    answer = Answer(Question("days", "default", QUARTER), 80.0, MONEY, LOWER)
    assert SummaryLine(metric, answer, target=60.0).attainment == 0.75
    assert SummaryLine(metric, replace(answer, better=HIGHER), target=60.0).attainment == pytest.approx(80 / 60)
    assert SummaryLine(metric, replace(answer, value=None), target=60.0).attainment is None
    assert SummaryLine(metric, answer).attainment is None


def test_a_workspace_without_headlines_shows_all_it_has(report, tmp_path, opened):
    metric = Metric("hello", "Hello", MONEY, variants={"a": Variant({"n": count("order")})}, family="mine")
    only = replace(report, lines=(SummaryLine(metric, report.lines[0].now),), breakdowns=())
    write_summary(only, tmp_path / "book.xlsx")
    book = opened(tmp_path / "book.xlsx")
    assert book.sheetnames == ["Overview", "Mine", "Trends", "Catalogue", "About the data"]
    assert "Hello" in rows_of(book["Overview"])


def test_names_of_sheets_are_allowed_and_never_clash():
    assert sheet_name("leads/sales [new]", set()) == "Leads sales  new"
    assert sheet_name("a" * 40, set()) == "A" + "a" * 30
    assert sheet_name("trends", {"trends"}) == "Trends 2"
    assert sheet_name("trends", {"trends", "trends 2"}) == "Trends 3"
    assert sheet_name("'''", set()) == "Other"
    assert sheet_name("\xdf" * 40, set()) == "SS" + "\xdf" * 29
    assert sheet_name("\U0001f600" * 40, set()) == "\U0001f600" * 15  # each is two characters to Excel
    assert sheet_name("history", set()) == "History 2"  # a name that Excel keeps for itself
    assert sheet_name("a\x00b\tc", set()) == "A b c"


@given(
    st.lists(st.one_of(st.text(), st.text("\xdf\u0130\ufb03\U0001f600\ud800'[ ", min_size=25)), min_size=1, max_size=5)
)
@settings(derandomize=True, deadline=None)
@example(["\xdf" * 40, "s" * 40, "SS" + "\xdf" * 40])
@example(["History", "HISTORY", "history 2"])
def test_any_texts_are_names_of_sheets_of_a_file_that_opens(texts):
    taken, file = set(), BytesIO()
    with Workbook(file) as book:
        for text in texts:
            name = sheet_name(text, taken)
            taken.add(name.casefold())
            book.add_worksheet(name)
    names = load_workbook(file).sheetnames
    assert [name.casefold() for name in names] == [*dict.fromkeys(name.casefold() for name in names)]
    assert len(names) == len(texts) and "history" not in {name.casefold() for name in names}
    assert taken == {name.casefold() for name in names}
