"""Formulas of Google Sheets: what is found there as elsewhere, what only Sheets writes, and what is left alone."""

import pytest

from kpicore import calls_in

CELLS = {
    ("KPIs", 2, 1): "Ann Lee",
    ("KPIs", 3, 1): "Bo Ek",
    ("KPIs", 4, 1): None,
    ("KPIs", 1, 2): "2026-Q3",
    ("O'Neil's 2026", 1, 1): "2025",
    ("2026", 1, 1): "2024",
}
STAMP = "kpi 0123456789abcdef"


def value_at(sheet, row, column):
    if sheet not in {sheet for sheet, _, _ in CELLS}:
        raise LookupError(sheet)
    return CELLS.get((sheet, row, column))


def value_of_name(name):
    return {"kpi_stamp": STAMP, "reps": (("Ann Lee",), ("Bo Ek",))}[name.casefold()]


def found(*formulas, **given):
    return calls_in([("KPIs", 9, 9, formula) for formula in formulas], value_at, **given)


def test_a_tab_is_named_in_quotes_that_are_doubled_within():
    assert found("=KPI_WIN_RATE('O''Neil''s 2026'!$A$1; '2026'!A1; KPIs!B1)") == [
        ("KPI_WIN_RATE", ("2025", "2024", "2026-Q3"))
    ]


def test_arrayformula_hands_a_range_over_as_it_is():
    reps = (("Ann Lee",), ("Bo Ek",), (None,))
    call = ("KPI_WIN_RATE", ("2026-Q3", "rep", reps))
    assert found('=ARRAYFORMULA(KPI_WIN_RATE(B1,"rep",A2:A4))', '=KPI_WIN_RATE(B1;"rep";A2:A4)') == [call]
    assert found('=ARRAYFORMULA(IF(A2:A4="","",KPI_WIN_RATE(B1,"rep",A2:A4)*100))') == [call]


def test_calls_in_braces_are_found_whatever_separates_them():
    two = [("KPI_WON_DEALS", (2026.0,)), ("KPI_WON_DEALS", (2025.0,))]
    assert found("={KPI_WON_DEALS(2026),KPI_WON_DEALS(2025)}") == two
    assert found('={"now"\\KPI_WON_DEALS(2026);"before"\\KPI_WON_DEALS(2025)}') == two
    assert found("=SUM({{KPI_WON_DEALS(2026)};{KPI_WON_DEALS(2025)}})") == two


def test_a_name_is_what_it_stands_for_where_that_is_known():
    formula = '=KPI_WON_DEALS(2026;"rep";Reps;kpi_stamp)'
    reps = (("Ann Lee",), ("Bo Ek",))
    assert found(formula, value_of_name=value_of_name) == [("KPI_WON_DEALS", (2026.0, "rep", reps, STAMP))]
    assert found(formula) == []


def test_where_numbers_have_a_decimal_comma_semicolons_alone_separate():
    assert found("=KPI_X(1,5;,5;2;-2,25%)", decimal_comma=True) == [("KPI_X", (1.5, 0.5, 2.0, -0.0225))]
    assert found("=KPI_X(1,5)", decimal_comma=True) == [("KPI_X", (1.5,))]
    assert found("=KPI_X(1,5)") == [("KPI_X", (1.0, 5.0))]
    assert found("=KPI_X(1.5)", "=KPI_X(A2,2)", decimal_comma=True) == []


def test_a_formula_longer_than_a_screen_is_read_to_its_end():
    lines = ",\n".join(f'  IFERROR(KPI_WON_DEALS({year}, "rep", $A$2), "-")' for year in range(1026, 2026))
    calls = found(f"=SUM(\n{lines}\n)")
    assert len(calls) == 1000
    assert calls[-1] == ("KPI_WON_DEALS", (2025.0, "rep", "Ann Lee"))


@pytest.mark.parametrize(
    "argument",
    [
        "A:A",
        "A2:A",
        "A2:2",
        "'2026'!A2:A",
        "Gone!A1",
        "Reps",
        "{1,2;3,4}",
        "{1\\2;3\\4}",
        "{A2:A3;B1}",
        "{{1,2};{3,4}}",
        '{KPI_PERIOD(46095,"month")}',
        'A2&""',
        "INDEX(A2:A4,1)",
        'FILTER(A2:A4,A2:A4<>"")',
        "UNIQUE(A2:A4)",
        "TODAY()",
        "#REF!",
        'IMPORTRANGE("https://docs.google.com/spreadsheets/d/x","KPIs!A1")',
    ],
)
def test_what_only_sheets_can_tell_is_left_alone_and_the_next_call_found(argument):
    calls = found(f"=KPI_WIN_RATE({argument};B1)+KPI_WIN_RATE(A2)", result_of=lambda *_: "2026-03")
    assert [call for call in calls if call[0] == "KPI_WIN_RATE"] == [("KPI_WIN_RATE", ("Ann Lee",))]


def test_what_lambda_hands_over_is_left_alone():
    assert found('=MAP(A2:A4,LAMBDA(rep,KPI_WIN_RATE(B1,"rep",rep)))') == []


@pytest.mark.parametrize("formula", ["={", "={{{", "=}KPI_X(1)", "={KPI_X(1)", "={(})KPI_X(1)", "=KPI_X({1)", "={\\}"])
def test_braces_that_do_not_match_raise_nothing(formula):
    assert found(formula) in ([], [("KPI_X", (1.0,))])
