"""Addresses of cells: the same as XlsxWriter's, and read back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.utility import xl_rowcol_to_cell

from kpicore_xlsx.addresses import cell_address, column_letters, column_number

COLUMNS = st.integers(0, 18_277)
"""All that have three letters at most."""


@given(st.integers(0, 1_048_575), COLUMNS, st.booleans(), st.booleans())
def test_a_cell_is_called_as_xlsxwriter_calls_it(row, column, fixed_row, fixed_column):
    address = cell_address(row, column, fixed_row=fixed_row, fixed_column=fixed_column)
    assert address == xl_rowcol_to_cell(row, column, row_abs=fixed_row, col_abs=fixed_column)


@given(COLUMNS)
def test_a_column_is_found_again_by_its_letters(number):
    assert column_number(column_letters(number)) == number
