"""Spreadsheets and cells as people paste them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import BadArgument, KpiError
from kpicore_sheets.addresses import (
    SpreadsheetAddress,
    cell_place,
    spreadsheet_address,
    tab_name,
)

ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz-0123456789_abcd"


@pytest.mark.parametrize(
    ("text", "gid"),
    [
        (ID, None),
        (f" {ID} ", None),
        (f"https://docs.google.com/spreadsheets/d/{ID}", None),
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0", 0),
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit?gid=12#gid=12", 12),
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit?gid=12", 12),
        (f"https://docs.google.com/spreadsheets/u/0/d/{ID}/edit?usp=sharing", None),
        (f"https://docs.google.com/a/acme.example/spreadsheets/d/{ID}/htmlview", None),
        (f"docs.google.com/spreadsheets/d/{ID}/edit#gid=7 (our KPIs)", 7),
        (f"<https://docs.google.com/spreadsheets/d/{ID}/edit#gid=7>", 7),
        (f"https://drive.google.com/open?id={ID}", None),
        (f"[our KPIs](https://docs.google.com/spreadsheets/d/{ID}/edit#gid=3)", 3),
        (f"See [KPIs / week](<https://docs.google.com/spreadsheets/d/{ID}/edit>).", None),
        (f"\ufeff{ID}", None),
        (f"\u200b{ID}\u200e", None),
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit\u200b#gid=4", 4),
    ],
)
def test_an_address_is_read_however_it_was_pasted(text, gid):
    assert spreadsheet_address(text) == SpreadsheetAddress(ID, gid)


@pytest.mark.parametrize(
    "text",
    [
        *("", "KPIs", "Sales of 2026", "https://", "https://docs.google.com/", "../x", "a/b", "https://[::1", "\x00"),
        f"https://evil.example/spreadsheets/d/{ID}/edit",
        f"https://docs.google.com.evil.example/spreadsheets/d/{ID}/edit",
        "https://docs.google.com/spreadsheets/d/1AbC…/edit#gid=0",
        f"https://docs.google.com/spreadsheets/d/e/{ID}/pubhtml",
        "https://docs.google.com/spreadsheets/d/short/edit",
        "https://docs.google.com/spreadsheets/create",
    ],
)
def test_what_is_no_address_of_a_spreadsheet_is_refused_with_what_to_copy(text):
    with pytest.raises(BadArgument, match=r"[Cc]opy"):
        spreadsheet_address(text)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("document/d/ID/edit", "a document of Google Docs"),
        ("document/u/0/d/ID/edit", "a document of Google Docs"),
        ("presentation/d/ID/edit", "a presentation of Google Slides"),
        ("forms/d/ID/edit", "a form of Google Forms"),
        ("drawings/d/ID/edit", "a drawing of Google Drawings"),
        ("drive/folders/ID", "a folder of Google Drive"),
    ],
)
def test_an_address_of_something_else_at_google_is_called_what_it_is(path, told):
    with pytest.raises(BadArgument, match=f"is {told}, no Google spreadsheet"):
        spreadsheet_address(f"https://docs.google.com/{path.replace('ID', ID)}")


@given(st.text())
def test_no_text_makes_the_reader_of_addresses_stumble(text):
    try:
        assert spreadsheet_address(f"https://docs.google.com/{text}").spreadsheet
    except KpiError as refused:
        assert str(refused)


def test_cells_have_the_names_that_spreadsheets_show():
    assert cell_place("A1") == (0, 0)
    assert cell_place("$B$3") == (2, 1)
    assert cell_place(" zz100 ") == (99, 701)


@pytest.mark.parametrize("text", ["", "B", "3", "B0", "KPIs!B3", "B3:C4", "ZZZA1", "A10000001", "B-3", "Ａ1"])
def test_what_is_no_cell_is_refused(text):
    with pytest.raises(BadArgument):
        cell_place(text)


def test_a_tab_with_an_apostrophe_is_quoted():
    assert tab_name("Ann's") == "'Ann''s'"
