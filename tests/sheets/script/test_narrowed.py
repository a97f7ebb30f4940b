"""A narrowed token in a spreadsheet: cells say why there is no number, and show nobody else's answers."""

from __future__ import annotations

import json

import pytest

from kpicore import WHOLE, Narrowing, answer_json
from tests.sheets.script.google import SERVER, TOKEN

BOB = Narrowing(("won_deals",), (("rep", ("Bob Ray",)),))


@pytest.fixture
def narrowed(sheet, cells):
    def reply(fetch):
        narrowing = BOB if fetch.headers["Authorization"] == f"Bearer {TOKEN}" else WHOLE
        if fetch.url == f"{SERVER}/v1/stamp":
            return 200, json.dumps({"stamp": cells.stamp()})
        return 200, json.dumps(answer_json(cells, json.loads(fetch.payload), narrowing))

    sheet.reply = reply
    return sheet


def test_a_cell_says_what_its_token_may_not_ask_and_the_others_are_answered(narrowed):
    assert narrowed.cell("KPI_WON_DEALS", 2025) == 1
    other = narrowed.thrown("KPI_WIN_RATE", 2025)
    assert other.startswith("#NAME? no function named 'KPI_WIN_RATE' in what this token may ask.")
    line = "#VALUE! this token is only for rep Bob Ray. Leave the rep out, or ask for that."
    assert narrowed.thrown("KPI_WON_DEALS", 2025, "rep", "u1") == line


def test_what_another_token_was_answered_is_not_shown_to_a_narrowed_one(narrowed):
    narrowed.choose("kpiToken", "another")
    assert narrowed.cell("KPI_WON_DEALS", 2025) == 7
    narrowed.choose("kpiToken", TOKEN)
    assert narrowed.cell("KPI_WON_DEALS", 2025) == 1
