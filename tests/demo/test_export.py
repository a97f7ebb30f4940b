"""The messy export: as messy as it promises, and always the same."""

from __future__ import annotations

from kpicore_demo.company import PRODUCT, REPS
from kpicore_demo.export import export_text

LINES = export_text().splitlines()
CELLS = [each.split(";") for each in LINES]


def test_it_has_a_hundred_and_twenty_deals_under_a_header():
    assert LINES[0] == "Deal ID;Deal name;Sales agent;Product;Created;Close date;Stage;Amount"
    assert [each[0] for each in CELLS[1:]] == [f"PX-{number:03d}" for number in range(1, 121)]


def test_one_row_has_cells_too_many():
    assert [number for number, each in enumerate(CELLS) if len(each) != 8] == [42]


def test_one_day_does_not_exist():
    assert CELLS[11][4] == "31.02.2026"


def test_one_product_is_misspelt_and_all_others_and_all_reps_exist():
    assert [each[3] for each in CELLS[1:] if each[3] not in PRODUCT] == ["MarmotGrand"]
    assert {each[2] for each in CELLS[1:]} <= {each.id for each in REPS}


def test_amounts_have_decimal_commas_and_some_a_currency_sign():
    amounts = [each[7] for each in CELLS[1:]]
    assert all("," in amount for amount in amounts)
    assert any("." in amount for amount in amounts)
    assert 10 < sum(amount.endswith(" $") for amount in amounts) < 40


def test_only_deals_in_negotiation_have_no_day_of_close():
    assert {each[6] for each in CELLS[1:] if not each[5]} == {"negotiation"}
