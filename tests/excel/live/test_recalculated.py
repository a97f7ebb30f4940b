"""The live workbook in a real LibreOffice: what it calculates is the engine's number, whatever is chosen."""

from __future__ import annotations

import pytest

from kpicore import KpiError, Workspace, judged
from kpicore_excel.live import QuestionCell, WorkbookRequest, workbook_request, write_cells, write_live_workbook
from tests.excel.live.conftest import (
    BEFORE,
    CHANGE,
    ROWS,
    STATUS,
    VALUE,
    every_variant,
    lines,
    opened,
    same,
    spoiled,
    told,
)

MIXED = ["win_rate", "sales_cycle", "sales_cycle.median", "total_sales", "cac", "ltv_cac", "quota_attainment"]


@pytest.fixture(scope="module")
def book(tiny: Workspace, tmp_path_factory: pytest.TempPathFactory) -> WorkbookRequest:
    """Give what the workbook of a few KPIs by rep is about; the file stands where `file` says."""
    return workbook_request(tiny, MIXED, "2025", by=["rep"])


@pytest.fixture(scope="module")
def file(tiny, book, tmp_path_factory):
    path = tmp_path_factory.mktemp("mixed") / "mixed.xlsx"
    write_live_workbook(tiny, book, path)
    return spoiled(path)


def status(workspace, question):
    """Return the status that the bands give the engine's answer, as a cell shows it."""
    try:
        [answer] = workspace.engine.answer([question])
    except KpiError:
        return ""
    found = judged(answer, workspace.registry.metric(question.metric))
    return {"good": "● good", "fair": "◐ fair", "poor": "○ poor"}.get(found.status, "") if found else ""


def test_it_shows_numbers_worked_out_by_hand_for_what_is_chosen(office, file):
    office.open(file)
    office.choose("KPIs", B5="2025-Q1")
    shown = lines(office)
    # Q1: 4 of 6 closed deals won; three of them 24, 35 and 30 days after the first contact, one has none.
    assert shown["Win rate"][VALUE] == 4 / 6
    assert shown["Win rate"][ROWS] == 6
    assert shown["Total sales"][VALUE] == 1000
    assert shown["Sales cycle length"][VALUE] == pytest.approx(89 / 3, rel=1e-12)
    assert shown["Sales cycle length (median)"][VALUE] == 30
    assert shown["Win rate"][BEFORE] == "#N/A"
    office.choose("KPIs", B5="2025-H1")
    shown = lines(office)
    # The half: 7 of 10; won deals without a first contact change no average, and a median is looked up, not added.
    assert (shown["Win rate"][VALUE], shown["Total sales"][VALUE]) == (0.7, 2220)
    assert shown["Sales cycle length (median)"][VALUE] == 30
    assert shown["Sales cycle length"][VALUE] == pytest.approx(89 / 3, rel=1e-12)


def test_it_shows_them_for_one_rep(office, file):
    office.open(file)
    office.choose("KPIs", B5="2025-Q2", D5="Bob Ray")
    shown = lines(office)
    # Bob in Q2: one deal, lost; in Q1 one won, 30 days after the first contact, and one lost.
    assert (shown["Win rate"][VALUE], shown["Win rate"][BEFORE], shown["Win rate"][ROWS]) == (0, 0.5, 1)
    assert shown["Win rate"][CHANGE] == -50
    assert shown["Total sales"][VALUE] == 0
    assert (shown["Sales cycle length"][VALUE], shown["Sales cycle length"][BEFORE]) == ("#N/A", 30)
    office.choose("KPIs", D5="(none)")
    assert lines(office)["Win rate"][VALUE] == 1


def test_no_number_is_the_native_error_with_the_reason_beside(office, file):
    office.open(file)
    office.choose("KPIs", B5="2025-07")
    assert lines(office)["Win rate"][VALUE:] == ["#DIV/0!", "#DIV/0!", "–", 0, None, None, "Nothing to divide by."]
    office.choose("KPIs", B5="2025-10")
    shown = lines(office)["Win rate"]
    assert shown[VALUE] == "#N/A"
    assert shown[-1] == "2025-10 starts after 2025-07-15, the day of the data"
    office.choose("KPIs", B5="2025-Q1", D5="Bob Ray")
    assert lines(office)["Customer acquisition cost"][VALUE] == "#VALUE!"
    assert lines(office)["Customer acquisition cost"][-1] == "Cannot be cut by rep."
    office.choose("KPIs", D5="(all)")
    assert lines(office)["Quota attainment"][-1] == "Has a meaning only by rep: choose one."


def test_what_was_left_out_is_told_beside(office, file):
    office.open(file)
    office.choose("KPIs", B5="2025-Q1")
    note = "1 of 4 rows of opportunity left out: no first_contact_on with closed_on >= first_contact_on"
    assert lines(office)["Sales cycle length"][-1] == note
    office.choose("KPIs", D5="Bob Ray")
    assert lines(office)["Sales cycle length"][-1] == f"Of all: {note}"


def test_a_period_in_progress_is_told_with_what_it_is_compared_with(office, file):
    office.open(file)
    office.choose("KPIs", B5="2025-Q3")
    told_above = office.values("KPIs")[5][1]
    assert told_above == "2025-Q3, to date, 15 of 92 days, compared with 2025-04-01..2025-04-15"
    office.choose("KPIs", B5="2025-Q1")
    assert office.values("KPIs")[5][1] == "2025-Q1, compared with 2024-Q4 (2024-10-01..2024-12-31)"


def test_what_is_in_no_list_gives_no_number(office, file):
    office.open(file)
    for cells in ({"B5": "2024-Q1"}, {"B5": ""}, {"B5": "2025-Q1", "D5": "B*"}, {"D5": ""}, {"D5": ">=0"}):
        office.choose("KPIs", **cells)
        assert lines(office)["Win rate"][VALUE] == "#N/A", cells
        assert str(office.values("KPIs")[5][1]).startswith("Choose"), cells


def test_letters_may_be_small_or_capital(office, file):
    office.open(file)
    office.choose("KPIs", B5="2025-q1", D5="BOB RAY")
    assert lines(office)["Win rate"][VALUE] == 0.5


@pytest.mark.parametrize(
    ("period", "grain", "by", "chosen", "least"),
    [
        ("2025", None, ["rep", "channel"], ["2025", "2025-Q1", "2025-Q2", "2025-07", "2025-H2", "2025-12"], 350),
        ("2025-H1", "quarter", ["stage"], ["2025-Q1", "2025-H1"], 120),
        ("2025-03-31..2025-06-29", "week", ["team"], ["2025-W14", "2025-W22", "2025-03-31..2025-06-29"], 200),
        ("2025", "week", [], ["2025-W14", "2025-W29", "2025"], 200),
        ("ytd", None, [], ["2025-02", "2025-07-01..2025-07-15", "2025-01-01..2025-07-15"], 300),
        ("2024", None, ["rep"], ["2024", "2024-12"], 0),
    ],
)
def test_every_kpi_and_variant_is_the_engines_in_every_choice(office, tiny, tmp_path, period, grain, by, chosen, least):
    refs = every_variant(tiny, period, by)
    book = workbook_request(tiny, refs, period, grain=grain, by=by)
    write_live_workbook(tiny, book, tmp_path / "all.xlsx")
    office.open(spoiled(tmp_path / "all.xlsx"))
    period_of = {span.period.key: span.period for span in book.times.spans}
    wrong, numbers = [], 0
    for turn, key in enumerate(chosen):
        picked = [[None, *choice.choices][turn % (len(choice.choices) + 1)] for choice in book.lists]
        labels = [each.label if each else "(all)" for each in picked]
        office.choose("KPIs", **dict(zip(("B5", "D5", "G5"), (key, *labels), strict=False)))
        members = {name: each.members for name, each in zip(book.by, picked, strict=True) if each}
        shown = list(lines(office).values())
        assert len(shown) == len(book.kpis) > 120
        for kpi, row in zip(book.kpis, shown, strict=True):
            wanted = status(tiny, kpi.question(period_of[key], book.cuts(members)))
            if (row[STATUS] or "") != wanted:
                wrong.append((key, labels, kpi.key, "status", wanted, row[STATUS]))
        for kpi, row in zip(book.kpis, shown, strict=True):
            question = kpi.question(period_of[key], book.cuts(members))
            for column, one in ((VALUE, question), (BEFORE, tiny.earlier(question, "previous"))):
                wanted = told(tiny, one)
                numbers += isinstance(wanted, float)
                if not same(row[column], wanted):
                    wrong.append((key, labels, kpi.key, column, wanted, row[column]))
    assert wrong == []
    assert numbers >= least


def test_the_sheets_by_period_and_by_member_follow_too(office, tiny, tmp_path):
    book = workbook_request(tiny, ["win_rate", "sales_cycle.median", "ltv_cac"], "2025-H1", by=["rep", "channel"])
    write_live_workbook(tiny, book, tmp_path / "book.xlsx")
    office.open(spoiled(tmp_path / "book.xlsx"))
    office.choose("KPIs", B5="2025-Q1", D5="Bob Ray", G5="web")
    win_rate, median, _ = book.kpis
    reps, channels = book.lists
    bob, web = {"rep": ("Bob Ray",)}, {"channel": ("web",)}
    steps = office.values("By period")
    for at, part in enumerate(book.times.parts[: book.times.steps]):
        for row, kpi in ((5, win_rate), (6, median)):
            assert same(steps[row][2 + at], told(tiny, kpi.question(part, book.cuts({**bob, **web}))))
        assert steps[7][2 + at] == "#VALUE!"  # LTV to CAC knows no rep
    quarter = tiny.period("2025-Q1")
    for name, choices, other in (("By rep", reps, web), ("By channel", channels, bob)):
        rows = office.values(name)[4:]
        assert [row[1] for row in rows] == ["(all)", *(choice.label for choice in choices.choices)]
        for row, each in zip(rows, (None, *choices.choices), strict=True):
            members = {**other, **({choices.dimension: each.members} if each else {})}
            for column, kpi in ((3, win_rate), (4, median)):
                assert same(row[column], told(tiny, kpi.question(quarter, book.cuts(members)))), (name, row[1])


def test_cells_of_any_questions_stand_where_they_are_said_to(office, tiny, tmp_path):
    questions = [
        QuestionCell("win_rate", "2025-Q1", {}),
        QuestionCell("win_rate.created", "2025-Q2", {"rep": "u1"}),
        QuestionCell("sales_cycle.median", "2025", {}),
        QuestionCell("quota_attainment", "2025-Q1", {"rep": "Ann Lee [u1]"}),
        QuestionCell("stage_conversion", "2025-Q1", {"stage": "Qualify"}),
        QuestionCell("sales_growth", "2025-W20", {"channel": "WEB"}),
    ]
    addresses = write_cells(tiny, questions, tmp_path / "cells.xlsx")
    assert addresses == ["D2", "D3", "D4", "D5", "D6", "D7"]
    office.open(spoiled(tmp_path / "cells.xlsx"))
    shown = [row[3] for row in office.values("Cells")[1:]]
    wanted = [
        told(tiny, tiny.get(question.kpi, question.period, where=question.cuts).answers[0].question)
        for question in questions
    ]
    assert [same(*each) for each in zip(shown, wanted, strict=True)] == [True] * 6
    assert shown[0] == 4 / 6


def test_the_numbers_kept_in_the_file_are_the_engines_for_programs_that_do_not_calculate(tiny, book, tmp_path):
    write_live_workbook(tiny, book, tmp_path / "book.xlsx")
    sheet = opened(tmp_path / "book.xlsx", data_only=True)["KPIs"]
    rows = {row[1].value: row for row in sheet.iter_rows()}
    year = tiny.period("2025")
    for kpi in book.kpis:
        assert rows[kpi.name][VALUE].value == told(tiny, kpi.question(year, ())), kpi.key
