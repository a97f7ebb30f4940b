"""Three programs read the live workbook alike: the engine's number, and an error where nothing on a list is chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import ironcalc
import pytest

from kpicore import MONEY, KpiError, Metric, Question, Workspace, total
from kpicore_excel.live import WorkbookRequest, workbook_request, write_live_workbook
from tests.engine.worlds import world
from tests.excel.live.conftest import (
    BEFORE,
    CHANGE,
    FIRST_CELL,
    PERIOD_CELL,
    REMARK,
    ROWS,
    SECOND_CELL,
    STATUS,
    VALUE,
    every_variant,
    opened,
    spoiled,
    table,
    told,
)
from tests.excel.live.witnesses import Cell, Witness, by_ironcalc, gnumeric, libreoffice, value_of
from tests.loops import loop

KPIS = [
    *("win_rate", "win_rate.created", "sales_cycle", "sales_cycle.median", "total_sales", "mrr", "active_customers"),
    *("cac", "ltv_cac", "quota_attainment", "monthly_sales_growth.percent", "pipeline_value"),
]
CHOICES = [
    ("2025", "(all)", "(all)"),
    ("2025-Q1", "Bob Ray", "(all)"),
    ("2025-05", "Ann Lee [u1]", "web"),
    ("2025-H2", "(none)", "(all)"),
    ("2025-10", "Bob Ray", "web"),
]
SHEETS = ("KPIs", "By period", "By rep", "By channel")
FOLLOWING = {
    PERIOD_CELL: ("KPIs", "By rep", "By channel"),
    FIRST_CELL: ("KPIs", "By period", "By channel"),
    SECOND_CELL: ("KPIs", "By period", "By rep"),
}
"""The sheets whose numbers are those of what is chosen in a cell."""


@pytest.fixture(params=["LibreOffice", "Gnumeric", "IronCalc"])
def witness(request: pytest.FixtureRequest, program: Callable[[str], str]) -> Witness:
    """Give a program that calculates."""
    if request.param == "LibreOffice":
        return libreoffice(request.getfixturevalue("office"))
    return gnumeric(program("ssconvert")) if request.param == "Gnumeric" else by_ironcalc


@pytest.fixture(scope="module")
def book(tiny: Workspace) -> WorkbookRequest:
    """Give what the workbook of some KPIs of every kind is about."""
    return workbook_request(tiny, KPIS, "2025", by=["rep", "channel"])


@pytest.fixture(scope="module")
def file(tiny: Workspace, book: WorkbookRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("witnesses") / "book.xlsx"
    write_live_workbook(tiny, book, path)
    return path


def wanted_of(workspace: Workspace, question: Question) -> list[float | str]:
    """Return the engine's value, the one before, and how many rows stand behind the value."""
    try:
        [answer] = workspace.engine.answer([question])
    except KpiError:
        return ["#VALUE!", "#VALUE!", "#VALUE!"]
    return [told(workspace, question), told(workspace, workspace.earlier(question, "previous")), float(answer.n)]


def close(shown: Cell, wanted: Cell) -> bool:
    """Whether a cell shows a value to 1e-9 of it, or just the text or error."""
    if isinstance(shown, float) and isinstance(wanted, float | int):
        return abs(shown - wanted) <= 1e-9 * max(1, abs(wanted))
    return shown == wanted


def wrong_lines(
    workspace: Workspace, book: WorkbookRequest, rows: list[list[Cell]], period: str, labels: tuple[str, ...]
) -> list[tuple[str, list[Cell], list[float | str]]]:
    """Return the KPIs that show another value, value before or number of rows than the engine's."""
    whole = next(span.period for span in book.times.spans if span.period.key == period)
    members = {
        choices.dimension: choice.members
        for choices, label in zip(book.lists, labels, strict=True)
        for choice in choices.choices
        if choice.label == label
    }
    shown = list(table(rows).values())
    assert len(shown) == len(book.kpis)
    wrong = []
    for kpi, row in zip(book.kpis, shown, strict=True):
        wanted = wanted_of(workspace, kpi.question(whole, book.cuts(members)))
        cells = [row[VALUE], row[BEFORE], row[ROWS]]
        if not all(map(close, cells, wanted)):
            wrong.append((kpi.key, cells, wanted))
    return wrong


@pytest.mark.parametrize("choice", CHOICES, ids=" ".join)
def test_every_program_shows_the_engines_numbers_for_what_is_chosen(witness, tiny, book, file, choice):
    cells = dict(zip((PERIOD_CELL, FIRST_CELL, SECOND_CELL), choice, strict=True))
    shown = witness(spoiled(file, **cells), ["KPIs"])["KPIs"]
    assert wrong_lines(tiny, book, shown, choice[0], choice[1:]) == []


def test_letters_may_be_small_or_capital_in_every_program(witness, file):
    shown = witness(spoiled(file, B5="2025-q1", D5="BOB RAY"), ["KPIs"])["KPIs"]
    assert table(shown)["Win rate"][VALUE] == 0.5


@pytest.mark.parametrize("cell", FOLLOWING)
def test_a_choice_that_is_emptied_unknown_or_padded_gives_errors_and_never_0(witness, book, file, cell):
    right = "2025-Q1" if cell == PERIOD_CELL else {FIRST_CELL: "Bob Ray", SECOND_CELL: "web"}[cell]
    for text in ("", "nobody", f"{right} ", f" {right}"):
        shown = witness(spoiled(file, **{cell: text}), SHEETS)
        assert "Choose" in str(shown["KPIs"][5][1]), text
        for row in table(shown["KPIs"]).values():
            assert [str(row[each])[0] for each in (VALUE, BEFORE, ROWS)] == ["#", "#", "#"], (text, row)
            assert (row[CHANGE], row[STATUS], row[REMARK]) == ("–", None, "Choose from the lists."), (text, row)
        for name in FOLLOWING[cell][1:]:
            cells = cells_of(shown[name], name)
            assert [each for each in cells if isinstance(each, float)] == [], (text, name)
            assert cells.count("#N/A") > 30, (text, name)
        [other] = set(SHEETS[1:]) - set(FOLLOWING[cell])
        assert any(isinstance(each, float) and each for each in cells_of(shown[other], other)), (text, other)


def cells_of(rows: list[list[Cell]], sheet: str) -> list[Cell]:
    """Return the cells of the KPIs on the sheet by period or by member, without the charts' below."""
    first_row, first_column, last_row = (5, 2, 5 + len(KPIS)) if sheet == "By period" else (4, 3, len(rows))
    return [each for row in rows[first_row:last_row] for each in row[first_column:]]


def test_of_many_members_every_program_reads_each_ones_own_rows(witness, tmp_path):
    names = [f"c{at:02d}" for at in range(60)]
    # In May each channel has a deal worth its place; in June every third has one more, worth 1000.
    rows = [f"m{at} {name} 2025-05-10 {at + 1}" for at, name in enumerate(names)]
    rows += [f"j{at} {name} 2025-06-10 1000" for at, name in enumerate(names) if at % 3 == 0]
    deals = "\n".join(["id channel created_at amount", *rows])
    metric = Metric("amount", "Amount", MONEY, inputs={"sum": total("opportunity", "amount", when="created_on")})
    with world(tmp_path / "w", {"opportunity": deals}, metric) as many:
        write_live_workbook(many, workbook_request(many, ["amount"], "2025-Q2", by=["channel"]), tmp_path / "book.xlsx")
    book = opened(tmp_path / "book.xlsx")
    # c00 has rows 5 and 6 of the sheet, c01 and c02 one each, c03 two again.
    formulas = [book["By channel"][each].value for each in ("D8", "D9")]
    assert "SUMIFS(Inputs!$F$8:$F$8,Inputs!$B$8:$B$8," in formulas[0] and "SUMIFS(Inputs!$F$9:$F$10," in formulas[1]
    assert book["Inputs"].auto_filter.ref is None  # sorted, they would be the rows of others
    for key, june, may in (("2025-Q2", 1000, 1), ("2025-06", 1000, 0), ("2025-05", 0, 1)):
        shown = witness(spoiled(tmp_path / "book.xlsx", B5=key), ["By channel"])["By channel"]
        wanted = {name: (at + 1) * may + june * (at % 3 == 0) for at, name in enumerate(names)}
        assert {row[1]: row[3] for row in shown[4:]} == {"(all)": sum(wanted.values()), **wanted}


def test_a_list_of_one_member_and_one_period_is_read_by_every_program(witness, tmp_path):
    metric = Metric("amount", "Amount", MONEY, inputs={"sum": total("opportunity", "amount", when="created_on")})
    with world(tmp_path / "w", {"opportunity": "id channel created_at amount\na web 2025-05-10 7"}, metric) as one:
        write_live_workbook(one, workbook_request(one, ["amount"], "2025-05", by=["channel"]), tmp_path / "book.xlsx")
    for label in ("(all)", "web"):
        shown = witness(spoiled(tmp_path / "book.xlsx", D5=label), ["KPIs", "By channel"])
        assert table(shown["KPIs"])["Amount"][VALUE] == 7
        assert [row[3] for row in shown["By channel"][4:]] == [7, 7]


def test_a_period_that_a_kpi_is_not_asked_for_has_neither_a_value_nor_rows(witness, tiny, tmp_path):
    book = workbook_request(tiny, ["monthly_sales_growth.percent"], "2025", grain="quarter", by=["rep"])
    write_live_workbook(tiny, book, tmp_path / "book.xlsx")
    for label in ("(all)", "Bob Ray"):
        shown = witness(spoiled(tmp_path / "book.xlsx", B5="2025-Q1", D5=label), ["KPIs"])["KPIs"]
        [row] = table(shown).values()
        assert [row[each] for each in (VALUE, BEFORE, CHANGE, ROWS)] == ["#VALUE!", "#VALUE!", "–", "#VALUE!"]


@pytest.fixture(
    scope="module",
    params=[("2025", "quarter", ["rep"]), ("2025-H1", None, ["stage"]), ("2025-03-31..2025-06-29", "week", ["team"])],
    ids=["quarters by rep", "months by stage", "weeks by team"],
)
def every(
    request: pytest.FixtureRequest, tiny: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> tuple[WorkbookRequest, Path]:
    """Give a workbook of every KPI and variant."""
    period, grain, by = request.param
    book = workbook_request(tiny, every_variant(tiny, period, by), period, grain=grain, by=by)
    path = tmp_path_factory.mktemp("every") / "book.xlsx"
    write_live_workbook(tiny, book, path)
    return book, path


def test_every_formula_of_every_kpi_comes_to_what_the_file_keeps(every):
    _, file = every
    kept = opened(file, data_only=True)
    model = ironcalc.load_from_xlsx(str(spoiled(file)))
    model.evaluate()
    formulas = [cell for cell in model.get_all_cells() if model.get_cell_formula(*cell)]
    assert len(formulas) > 3_000
    wrong = []
    for sheet, row, column in formulas:
        shown, wanted = value_of(model, sheet, row, column), kept.worksheets[sheet].cell(row, column).value
        if not close(shown, wanted):
            wrong.append((kept.sheetnames[sheet], row, column, wanted, shown))
    assert wrong == []


@loop("choices in a live workbook of every KPI, recalculated by IronCalc", ci=2, soak=40)
def test_every_kpi_is_the_engines_in_any_choice(tiny, every, rounds, chance: Random):
    book, file = every
    for _ in range(rounds):
        period = book.times.at(chance.randint(1, book.times.offered)).key
        [label] = [chance.choice(["(all)", *(choice.label for choice in choices.choices)]) for choices in book.lists]
        shown = by_ironcalc(spoiled(file, B5=period, D5=label), ["KPIs"])["KPIs"]
        assert wrong_lines(tiny, book, shown, period, (label,)) == [], (period, label)
