"""The funnel report: stages where a history and an order tell them, else the open deals by stage."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import openpyxl
from rich.console import Console

from kpicore import Workspace
from kpicore_crm.stage_order import order_stages
from kpicore_reports.filled_report import FilledReport
from kpicore_reports.filled_sections import MemberTable
from kpicore_reports.filling import fill
from kpicore_reports.json_records import record
from kpicore_reports.page import page
from kpicore_reports.report_workbook import write_sheets
from kpicore_reports.terminal import show

DEALS = """
    id stage_id    outcome created_at closed_at  amount
    d1 Won         won     2025-01-05 2025-01-25 100
    d2 Lost        lost    2025-01-15 2025-02-14 150
    d3 Negotiation open    2025-04-10 -          700
    d4 Proposal    open    2025-05-05 -          80
    d5 Proposal    open    2025-05-06 -          20
"""
HISTORY = """
    opportunity_id stage_id    entered_at left_at
    d1             Proposal    2025-01-05 2025-01-10
    d1             Negotiation 2025-01-10 2025-01-25
    d2             Proposal    2025-01-15 2025-02-14
    d2             Lost        2025-02-14 -
    d3             Proposal    2025-04-10 2025-05-01
    d3             Negotiation 2025-05-01 -
    d4             Proposal    2025-05-05 -
    d5             Proposal    2025-05-06 -
"""
ALPHABET = "In the order of the alphabet, as nobody gave that of the pipeline: kpi import asks for it, without --yes"
WANTED = (
    "How many go on from a stage, how long they stay and where they are lost needs a file with a row for each stay of a"
    " deal (deal, stage, date entered, date left): kpi import FILE --entity stage_history"
)


def stages(of: Workspace, period: str = "2025") -> tuple[FilledReport, MemberTable]:
    """Return the funnel report and its table of stages."""
    report = fill(of, "funnel", period)
    table = report.sections[0]
    assert isinstance(table, MemberTable)
    return report, table


def numbers(table: MemberTable) -> list[tuple[str, list[float | None]]]:
    return [(line.label, [one.value for one in line.numbers]) for line in table.lines]


def test_without_history_and_order_it_is_a_snapshot_by_name_that_says_how_to_get_the_real_one(company) -> None:
    report, table = stages(company(opportunity=DEALS))
    assert (table.title, table.remarks) == ("Open deals by stage", (ALPHABET, WANTED))
    assert numbers(table) == [("Negotiation", [1, 700]), ("Proposal", [2, 100])]
    assert record(report)["sections"][0]["remarks"] == [ALPHABET, WANTED]


def test_with_an_order_the_snapshot_stands_in_it(company) -> None:
    of = company(opportunity=DEALS)
    order_stages(of, ["Proposal", "Negotiation", "Won"], won=["Won"], lost=["Lost"])
    _, table = stages(of)
    assert table.remarks == (WANTED,)
    assert numbers(table) == [("Proposal", [2, 100]), ("Negotiation", [1, 700])]


def test_with_a_history_and_no_order_it_is_a_snapshot_too(company) -> None:
    _, table = stages(company(opportunity=DEALS, stage_history=HISTORY))
    assert table.remarks == (ALPHABET,)
    assert [label for label, _ in numbers(table)] == ["Negotiation", "Proposal"]


def test_with_both_it_is_the_funnel_and_losing_is_no_step(company) -> None:
    of = company(opportunity=DEALS, stage_history=HISTORY)
    order_stages(of, ["Proposal", "Negotiation", "Won"], won=["Won"], lost=["Lost"])
    _, table = stages(of)
    assert (table.title, table.remarks) == ("Stage by stage", ())
    # five came to Proposal, of which two went on and one was lost; one of the two in Negotiation was won
    assert [(label, values[:3], values[4]) for label, values in numbers(table)] == [
        ("Proposal", [5, 2 / 5, 1], 1),
        ("Negotiation", [2, 1 / 2, 2 / 5], 0),
        ("Won", [1, None, 1 / 5], 0),
    ]


def test_a_period_before_all_that_is_known_has_no_numbers_and_the_whole_has(company) -> None:
    report, table = stages(company(opportunity=DEALS), "2025-04")
    assert all(number.value is None for line in table.lines for number in line.numbers)
    assert table.whole.numbers[0].value == 1
    assert any("no stage history: the stages of days before 2025-07-15" in note for note in report.notes)


def test_screen_page_and_workbook_say_the_same(company, tmp_path: Path) -> None:
    report, _ = stages(company(opportunity=DEALS))
    screen = Console(file=StringIO(), width=80)
    show(report, screen)
    shown = screen.file.getvalue()  # type: ignore[attr-defined]
    assert ALPHABET in shown.replace("\n", " ").replace("  ", " ")
    assert max(len(line) for line in shown.splitlines()) <= 80
    html = page(report)
    assert f'<p class="remark">{WANTED}</p>' in html
    write_sheets(report, tmp_path / "it.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "it.xlsx").worksheets[0]
    cells = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert cells.index("Negotiation") < cells.index("Proposal") < cells.index(ALPHABET) < cells.index(WANTED)
