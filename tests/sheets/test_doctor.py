"""`kpi sheets doctor`: one thing to do at a time, and nothing is written."""

from __future__ import annotations

import json

import pytest

from kpicore.testing import run_kpi
from kpicore.testing.sheets import Emulator
from kpicore_sheets.doctor import examined
from kpicore_sheets.port import Busy, Denied
from kpicore_sheets.sync.ids import table_ids
from kpicore_sheets.table import FormulaContent, KpiContent, SheetTable
from tests.sheets.canned import CannedGoogle, error, sheets_of

ACCOUNT = "kpi@acme.iam.gserviceaccount.com"
KPIS = KpiContent(("win_rate",), "2026")
FUNNEL = SheetTable("funnel", "1AbC", KPIS, tab="KPIs", row=2, column=1)


def emulator(**more):
    made = Emulator(account=ACCOUNT, **more)
    made.add("1AbC", {"KPIs": (1000, 26), "Notes": (10, 5)}, title="Our KPIs")
    return made


def lines(google, *tables):
    return list(examined(tables or (FUNNEL,), ACCOUNT, sheets_of(google)))


def problem(google, *tables):
    with pytest.raises(Denied) as refused:
        lines(google, *tables)
    return refused.value


def batch(google, *requests):
    """Do as the owner does."""
    body = json.dumps({"requests": requests}).encode()
    account, google.account = google.account, ""
    status, _, answer = google.handle("POST", "/v4/spreadsheets/1AbC:batchUpdate", {}, body)
    google.account = account
    assert status == 200, answer


def test_what_is_fine_is_told():
    assert lines(emulator()) == [
        "spreadsheet '1AbC' ('Our KPIs') can be read",
        "it can be edited",
        "'funnel': there is a tab 'KPIs'",
        "'funnel': nothing is protected there",
        "'funnel': there is room, 26,050 of 10,000,000 cells are used",
    ]


def test_a_spreadsheet_is_read_and_tried_once_for_all_its_tables():
    google = emulator()
    lines(google, FUNNEL, SheetTable("other", "1AbC", KPIS, gid=0))
    assert [(entry.method, entry.status) for entry in google.log] == [("GET", 200), ("POST", 200)]


def test_nothing_is_written():
    google = emulator()
    read = ("GET", "/v4/spreadsheets/1AbC?includeGridData=true", {}, b"")
    before = google.handle(*read)
    lines(google)
    assert google.handle(*read) == before


def test_where_google_would_refuse_a_deletion_of_nothing_the_rest_is_tried_all_the_same():
    told = lines(emulator(strict_deletes=True))
    assert told[1].startswith("whether it can be edited was not told: Google refuses: Invalid requests[0]")
    assert len(told) == 5


def test_a_wrong_id():
    refused = problem(Emulator())
    assert refused.reason == "wrong_id"
    assert refused.hint == "Copy the address of the spreadsheet from the browser into kpi.toml."


def test_a_spreadsheet_that_is_not_shared_names_the_address_to_share_it_with():
    google = emulator()
    google.spreadsheets["1AbC"].shared = ""
    refused = problem(google)
    assert refused.reason == "not_shared"
    assert refused.hint == f"Press Share in the spreadsheet and add {ACCOUNT} as Editor."


def test_who_may_only_look_is_told_so():
    google = emulator()
    google.spreadsheets["1AbC"].shared = "reader"
    refused = problem(google)
    assert refused.reason == "no_edit"
    assert refused.hint == f"Press Share in the spreadsheet and make {ACCOUNT} an Editor."


def test_a_tab_that_is_gone_is_told_with_the_nearest():
    refused = problem(emulator(), SheetTable("funnel", "1AbC", KPIS, tab="KPI"))
    assert str(refused) == "'1AbC' has no tab 'KPI'. Did you mean 'KPIs'?"
    refused = problem(emulator(), SheetTable("funnel", "1AbC", KPIS, gid=4711))
    assert "has no tab with the gid 4711" in str(refused) and refused.reason == "no_tab"


def test_the_tab_of_answers_may_still_be_made():
    told = lines(emulator(), SheetTable("answers", "1AbC", FormulaContent(), tab="_kpi"))
    assert told[-1] == "'answers': its hidden tab is made by kpi sheets sync"


def protection(**place):
    protected = {"range": {"sheetId": 0, **place}, "description": "Finance only"}
    return {"addProtectedRange": {"protectedRange": protected}}


def test_a_protected_range_where_the_table_goes_is_told():
    google = emulator()
    batch(google, protection(startRowIndex=2, endRowIndex=9, startColumnIndex=0, endColumnIndex=2))
    refused = problem(google)
    assert refused.reason == "protected"
    assert refused.hint == (
        f"In Data > Protect sheets and ranges open the protection of 'Finance only', and let {ACCOUNT} edit it."
    )


@pytest.mark.parametrize("more", [{}, {"mode": "history"}])
def test_protected_cells_below_the_first_one_are_told(more):
    google = emulator()
    batch(google, protection(startRowIndex=4, endRowIndex=5))
    assert (
        problem(google, SheetTable("funnel", "1AbC", KPIS, tab="KPIs", row=2, column=1, **more)).reason == "protected"
    )


def test_cells_that_a_protected_tab_leaves_open_are_none():
    google = emulator()
    left_open = {"sheetId": 0, "startRowIndex": 2, "endRowIndex": 9, "startColumnIndex": 1, "endColumnIndex": 4}
    tab = protection()
    tab["addProtectedRange"]["protectedRange"]["unprotectedRanges"] = [left_open]
    batch(google, tab)
    assert "'funnel': nothing is protected there" in lines(google)
    assert problem(google, SheetTable("funnel", "1AbC", KPIS, tab="KPIs", row=8, column=1)).reason == "protected"


def test_a_tab_in_other_capitals_is_the_same_to_google():
    other = SheetTable("funnel", "1AbC", KPIS, tab="kpis", row=2, column=1)
    assert "'funnel': there is a tab 'KPIs'" in lines(emulator(), other)


def test_a_protected_range_that_the_table_has_grown_into_is_told():
    google = emulator()
    place = {"sheetId": 0, "startRowIndex": 2, "endRowIndex": 20, "startColumnIndex": 1, "endColumnIndex": 4}
    area = {"namedRangeId": table_ids("funnel").area, "name": "whatever_people_call_it", "range": place}
    batch(google, {"addNamedRange": {"namedRange": area}})
    batch(google, protection(startRowIndex=15))
    assert problem(google).reason == "protected"


def test_a_tab_that_was_renamed_since_is_known_by_the_table_in_it():
    google = emulator()
    place = {"sheetId": 0, "startRowIndex": 2, "endRowIndex": 20, "startColumnIndex": 1, "endColumnIndex": 4}
    batch(
        google,
        {"addNamedRange": {"namedRange": {"namedRangeId": table_ids("funnel").area, "name": "a", "range": place}}},
    )
    google.user("1AbC").rename_tab("KPIs", "Numbers")
    assert "'funnel': there is a tab 'Numbers'" in lines(google)


def test_protections_beside_the_table_and_warnings_are_none():
    google = emulator()
    batch(google, protection(startRowIndex=0, endRowIndex=2), protection(startColumnIndex=5))
    warning = protection(startRowIndex=0)
    warning["addProtectedRange"]["protectedRange"]["warningOnly"] = True
    batch(google, warning)
    assert "'funnel': nothing is protected there" in lines(google)


def test_a_spreadsheet_that_is_full():
    google = Emulator(account=ACCOUNT)
    google.add("1AbC", {"KPIs": (10, 10), "Old": (999_990, 10)})
    assert lines(google)[-1] == "'funnel': there is room, 10,000,000 of 10,000,000 cells are used"
    refused = problem(google, SheetTable("funnel", "1AbC", KPIS, tab="KPIs", row=10))
    assert refused.reason == "cell_limit"
    # the stamp's line, the heads and a row: three rows of ten columns more
    assert str(refused).startswith("with 'funnel' the spreadsheet '1AbC' would have 10,000,030 cells, and no more than")


def test_a_cell_that_no_spreadsheet_has_room_for():
    refused = problem(emulator(), SheetTable("funnel", "1AbC", KPIS, tab="KPIs", row=999_999, column=100))
    assert "would have 101,000,252 cells" in str(refused) and "a cell further up or left" in refused.hint


def test_a_tab_with_a_chart_alone():
    content = {"sheets": [{"properties": {"sheetId": 1, "title": "KPIs"}}]}
    google = CannedGoogle([(200, {}, json.dumps(content).encode())])
    with pytest.raises(Denied) as refused:
        list(examined([FUNNEL], ACCOUNT, google.sheets()))
    assert refused.value.reason == "no_grid"


def test_a_full_quota():
    google = CannedGoogle([error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Read requests'")])
    with pytest.raises(Busy, match=r"Quota exceeded .* try again in a minute"):
        list(examined([FUNNEL], ACCOUNT, google.sheets()))


def test_a_title_is_only_shown():
    google = emulator()
    google.spreadsheets["1AbC"].properties["title"] = "\x1b[2J" + "x" * 500
    assert "\x1b" not in "".join(lines(google)) and max(map(len, lines(google))) < 150


def test_the_command_ends_at_the_first_thing_that_is_wrong(tmp_path):
    sheet = '[[sheet]]\nname = "funnel"\nspreadsheet = "1AbC_d-E123456789012345"\ntab = "KPIs"\n'
    sheet += 'kpis = ["win_rate"]\nperiod = "2026"\n[sheets]\ncredentials = "none.json"\n'
    (tmp_path / "kpi.toml").write_text(f'[workspace]\nname = "Acme"\n{sheet}')
    ended = run_kpi("sheets", "doctor", "-w", str(tmp_path))
    assert ended.exit_code == 1 and ended.stdout == ""
    assert "none.json, named by [sheets] credentials: there is no such file" in ended.stderr
