"""The menu KPI of a spreadsheet: refresh, explain, insert, token."""

from __future__ import annotations

import json

import pytest

from tests.sheets.script.google import STAMP, TOKEN, answers_tab

OLD = "kpi fedcba9876543210"
ANSWER = ('["KPI_WON_DEALS",[2025]]', "41")


def answers(sheet, stamp=STAMP):
    """Lay out the hidden tab with one answer, 41 instead of 7, and name its stamp."""
    sheet.fill([[""]], _kpi=answers_tab(ANSWER, stamp=stamp))
    sheet.set(names={"KPI_STAMP": ["_kpi", 1, 2]})


def at(sheet, formula, value=""):
    """Lay out the selected cell."""
    sheet.fill([[value]], {"1,1": formula} if formula else {})
    sheet.set(current=["KPIs", 1, 1])


def test_the_menu_has_four_items_whose_functions_are_there(sheet):
    items = sheet.choose("onOpen")["told"]
    assert [title for title, _ in items] == ["Refresh", "Explain the selected cell", "Insert a KPI…", "Token…"]
    assert {name for _, name in items} <= set(sheet.functions)


def test_refresh_shows_a_stamp_that_there_never_was_and_forgets_what_was_asked(sheet, cells):
    answers(sheet, f"kpi {cells.stamp()}")
    assert sheet.cell("KPI_WON_DEALS", 2025) == 41
    assert sheet.cell("KPI_WON_DEALS", "2025-Q1") == 4
    assert sheet.choose("kpiRefresh") == {"told": [], "shown": None, "thrown": None}
    world = sheet.do("world")
    shown = world["tabs"]["_kpi"]["values"][0][1]
    assert shown not in (f"kpi {cells.stamp()}", STAMP) and len(shown) == 20
    assert world["tabs"]["_kpi"]["values"][1:] == answers_tab(ANSWER)["values"][1:]
    assert sheet.cell("KPI_WON_DEALS", 2025) == 41  # the tab is of the server's version: it still answers
    asked = len(sheet.fetches)
    assert sheet.cell("KPI_WON_DEALS", "2025-Q1") == 4
    assert len(sheet.fetches) == asked + 1


def test_after_a_refresh_a_tab_that_is_behind_is_asked_over_until_the_sync_has_written_it(sheet, cells):
    answers(sheet, OLD)
    assert sheet.cell("KPI_WON_DEALS", 2025) == 41
    for _ in range(2):
        sheet.choose("kpiRefresh")
        assert sheet.cell("KPI_WON_DEALS", 2025) == 7
    answers(sheet, f"kpi {cells.stamp()}")
    assert sheet.cell("KPI_WON_DEALS", 2025) == 41
    sheet.choose("kpiRefresh")
    sheet.choose("kpiRefresh")
    assert sheet.cell("KPI_WON_DEALS", 2025) == 41


@pytest.mark.parametrize("names", [{}, {"KPI_STAMP": ["KPIs", 1, 1]}], ids=["no name", "a cell elsewhere"])
def test_a_tab_that_is_behind_is_asked_over_wherever_the_stamp_is(sheet, cells, names):
    answers(sheet, OLD)
    sheet.set(names=names)
    assert sheet.cell("KPI_WON_DEALS", 2025) == 41
    for _ in range(2):
        sheet.choose("kpiRefresh")
        assert sheet.cell("KPI_WON_DEALS", 2025) == 7
    answers(sheet, f"kpi {cells.stamp()}")
    sheet.set(names=names)
    sheet.choose("kpiRefresh")
    assert sheet.cell("KPI_WON_DEALS", 2025) == 41


def test_a_cell_of_peoples_own_that_is_named_so_is_written_unless_it_holds_something(sheet):
    sheet.fill([["", "my notes"]])
    sheet.set(names={"KPI_STAMP": ["KPIs", 1, 1]})
    assert sheet.choose("kpiRefresh")["told"] == []
    assert sheet.do("world")["tabs"]["KPIs"]["values"][0][0].startswith("kpi ")
    sheet.set(names={"KPI_STAMP": ["KPIs", 1, 2]})
    assert sheet.choose("kpiRefresh")["told"] == ["#N/A The cell named KPI_STAMP holds something else. Empty it."]
    assert sheet.do("world")["tabs"]["KPIs"]["values"][0][1] == "my notes"


def test_without_that_name_refresh_says_what_follows_it(sheet):
    told = sheet.choose("kpiRefresh")["told"]
    assert told == ["No cell is named KPI_STAMP, so formulas are calculated anew when one of their arguments changes."]


def test_the_selected_cell_is_explained_in_a_pane(sheet):
    at(sheet, '=IFERROR(KPI_WIN_RATE("2025-Q1"; "rep"; "Ann Lee [u1]"; KPI_STAMP); "-")')
    shown = sheet.choose("kpiExplain")
    assert shown["told"] == []
    assert sheet.fetches[0].calls[0] == ["KPI_EXPLAIN", ["win_rate", "2025-Q1", "rep", "Ann Lee [u1]"]]
    assert "<td>Win rate" in shown["shown"] and "Ann Lee [u1]" in shown["shown"]


def test_each_kpi_of_a_formula_is_explained_and_a_call_within_one_is_calculated(sheet):
    at(sheet, '=KPI_WON_DEALS(KPI_PERIOD("2025-02-03";"month"))/KPI("lost_deals";2025)')
    shown = sheet.choose("kpiExplain")["shown"]
    assert shown.count("<table>") == 2 and "2025-02" in shown


@pytest.mark.parametrize("formula", ["", "=1+1", "=KPI_CAC_CALC(1;2)", "=KPI_WIN_RATE(A1&B1)", "=KPI_ASOF()"])
def test_a_cell_without_a_kpi_says_so(sheet, formula):
    at(sheet, formula)
    shown = sheet.choose("kpiExplain")
    assert shown["shown"] is None
    assert shown["told"] == [
        "#N/A There is no KPI to explain in this cell: arguments are text, numbers, cells or ranges."
    ]


def test_a_range_of_periods_is_explained_one_by_one(sheet):
    sheet.fill([["", "2025-01", "", "2025-02"]], {"1,1": "=KPI_WON_DEALS(B1:D1)"})
    sheet.set(current=["KPIs", 1, 1])
    assert sheet.choose("kpiExplain")["shown"].count("<table>") == 2
    sheet.fill([["", *(f"2025-01-{day:02}" for day in range(1, 19))]], {"1,1": "=KPI_WON_DEALS(B1:S1)"})
    shown = sheet.choose("kpiExplain")["shown"]
    assert shown.count("<table>") == 15 and shown.endswith("<p>… and 3 more.</p>")


def test_where_no_cell_is_selected_the_menu_says_so(sheet):
    sheet.set(current=None)
    for item in ("kpiExplain", "kpiInsert"):
        assert sheet.choose(item)["told"] == ["#N/A No cell is selected."]


def test_a_small_number_keeps_its_digits_in_the_pane(sheet):
    numbers = [0.00001234, 0.66666, 0, -0.5, 123456.78901]
    sheet.reply = lambda fetch: (200, json.dumps({"results": [[numbers]] * len(fetch.calls)}))
    at(sheet, '=KPI_WIN_RATE("2025-Q1")')
    cells = "".join(f"<td>{text}</td>" for text in ("0.00001234", "0.6667", "0", "-0.5", "123,456.789"))
    assert cells in sheet.choose("kpiExplain")["shown"]


def test_text_of_the_server_and_of_cells_is_shown_as_text(sheet):
    evil = "<img src=x onerror=\"alert('1')\">&"
    table = [[evil, 1.5], [{"error": "#N/A", "message": evil}, None]]
    sheet.reply = lambda fetch: (200, json.dumps({"results": [table] * len(fetch.calls)}))
    at(sheet, '=KPI_WIN_RATE("2025-Q1")')
    shown = sheet.choose("kpiExplain")["shown"]
    plain = "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;"
    assert f"<td>{plain}</td><td>1.5</td>" in shown and f"<td>#N/A {plain}</td><td></td>" in shown
    assert "<img" not in shown


def test_a_kpi_is_found_chosen_and_written_into_the_selected_cell(sheet):
    at(sheet, "")
    told = sheet.choose("kpiInsert", "elvesztett üzletek", "1", "2025-Q1")["told"]
    assert "(KPI_LOST_DEALS)" in told[1].splitlines()[0]
    assert told[-1] == "Period, such as 2026-Q3, last month or ytd; or a cell: =$B$1"
    assert sheet.do("world")["tabs"]["KPIs"]["formulas"] == {"1,1": '=KPI_LOST_DEALS("2025-Q1")'}
    told = sheet.choose("kpiInsert", "lost", "2", "2025-Q1", "YES")["told"]
    second = told[1].splitlines()[1]
    written = sheet.do("world")["tabs"]["KPIs"]["formulas"]["1,1"]
    assert second.startswith("2. ") and second.endswith(f"({written.removeprefix('=').partition('(')[0]})")


def test_the_formula_follows_the_data_where_a_cell_has_the_stamp(sheet):
    at(sheet, "")
    sheet.set(names={"KPI_STAMP": ["KPIs", 1, 1]}, properties={})
    sheet.choose("kpiInsert", "won_deals", "=$B$1")
    assert sheet.do("world")["tabs"]["KPIs"]["formulas"] == {"1,1": "=KPI_WON_DEALS($B$1;KPI_STAMP)"}


@pytest.mark.parametrize(
    ("entered", "written"),
    [
        ("2025", "2025"),
        ("last month", '"last month"'),
        ("='My ''tab'''!B2", "'My ''tab'''!B2"),
        ("=Übersicht!B2", "Übersicht!B2"),
        ('="";IMPORTXML("http://x";"//a")', '"="""";IMPORTXML(""http://x"";""//a"")"'),
        ('")&KPI_ASOF(', '""")&KPI_ASOF("'),
    ],
)
def test_what_is_entered_is_a_period_and_no_other_formula(sheet, entered, written):
    at(sheet, "")
    sheet.set(properties={})
    sheet.choose("kpiInsert", "won_deals", entered)
    assert sheet.do("world")["tabs"]["KPIs"]["formulas"] == {"1,1": f"=KPI_WON_DEALS({written})"}


@pytest.mark.parametrize("answers", [[None], ["e", None], ["won_deals", None], ["won_deals", ""]])
def test_who_cancels_changes_nothing(sheet, answers):
    at(sheet, "")
    sheet.set(properties={})
    assert sheet.choose("kpiInsert", *answers)["thrown"] is None
    assert sheet.do("world")["tabs"]["KPIs"]["formulas"] == {}


def test_a_cell_that_is_not_empty_is_replaced_only_when_people_say_so(sheet):
    sheet.set(properties={})
    for answer, formulas in (("NO", {}), ("YES", {"1,1": "=KPI_WON_DEALS(2025)"})):
        at(sheet, "", "mine")
        assert sheet.choose("kpiInsert", "won_deals", "2025", answer)["told"][-1].startswith("The selected cell is not")
        assert sheet.do("world")["tabs"]["KPIs"]["formulas"] == formulas


def test_a_number_that_is_not_in_the_list_and_a_word_that_finds_nothing_are_told(sheet):
    at(sheet, "")
    sheet.set(properties={})
    listed = sheet.choose("kpiInsert", "", "16")["told"]
    assert "15. " in listed[1] and "16. " not in listed[1] and listed[-1] == "#VALUE! '16' is none of the numbers."
    assert sheet.choose("kpiInsert", "deals", "99")["told"][-1] == "#VALUE! '99' is none of the numbers."
    assert sheet.choose("kpiInsert", "zebra")["told"][-1] == "#N/A No KPI has 'zebra' in its name."


def test_the_token_is_kept_in_the_scripts_properties_and_tried(sheet):
    sheet.set(properties={})
    assert sheet.choose("kpiToken", f" {TOKEN}\n")["told"][-1] == "The KPI server takes the token."
    assert sheet.do("world")["properties"]["token"] == TOKEN
    assert sheet.choose("kpiToken", "wrong")["told"][-1] == "#N/A This token is not valid."
    assert sheet.choose("kpiToken", "")["told"][-1] == "The token is forgotten."
    assert list(sheet.do("world")["properties"]) == ["epoch"]
    tabs = json.dumps(sheet.do("world")["tabs"])
    assert TOKEN not in tabs
