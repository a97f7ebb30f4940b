"""The parts that writers of workbooks share: looks as data, addresses, headings, bars."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from kpicore import COUNT, DAYS, MONEY, POINTS, SHARE, Wording
from kpicore_xlsx.addresses import area_address, cell_address, reference
from kpicore_xlsx.number_formats import change_format, number_format
from kpicore_xlsx.sections import draw_bars, one_page_wide, put_section
from kpicore_xlsx.styles import BODY, HEADER, SECTION, SUBTITLE, TITLE
from kpicore_xlsx.workbooks import Looks


def written(write):
    """Return the only sheet of a workbook that a function writes, as openpyxl reads it."""
    file = BytesIO()
    with Workbook(file) as book:
        write(book.add_worksheet(), Looks(book, Wording()))
    return load_workbook(file).worksheets[0]


def test_an_address_moves_when_it_is_copied_but_for_what_is_fixed():
    assert cell_address(0, 26) == "AA1"
    assert cell_address(9, 0, fixed_row=True) == "A$10"
    assert cell_address(9, 0, fixed_column=True) == "$A10"
    assert area_address(0, 0, 0, 0) == "$A$1:$A$1"


@pytest.mark.parametrize(
    ("sheet", "wanted"),
    [("KPIs", "KPIs!$B$2"), ("By rep", "'By rep'!$B$2"), ("Ann's", "'Ann''s'!$B$2"), ("2026", "'2026'!$B$2")],
)
def test_a_reference_quotes_the_name_of_a_sheet_where_formulas_need_it(sheet, wanted):
    assert reference(sheet, 1, 1) == wanted


def test_numbers_look_as_people_read_their_unit_and_changes_carry_an_arrow():
    assert number_format(MONEY) == "[>=10000]#,##0;[<=-10000]-#,##0;#,##0.00"
    assert number_format(DAYS) == '#,##0.0" d"'
    assert number_format(COUNT) == COUNT.number_format
    assert change_format(SHARE) == change_format(POINTS) == '▲ #,##0.0" pts";▼ #,##0.0" pts";"= "0.0" pts"'
    assert change_format(MONEY) == '▲ #,##0.0%;▼ #,##0.0%;"= "0.0%'


@pytest.mark.parametrize("style", (TITLE, SUBTITLE, SECTION, HEADER, BODY))
def test_each_style_is_a_format_that_is_made_once(style):
    book = Workbook(BytesIO())
    looks = Looks(book, Wording())
    count = len(book.formats)
    made = looks.get(**style)
    assert looks.get(**dict(reversed(style.items()))) is made
    assert len(book.formats) == count + 1
    book.close()


def test_a_heading_covers_its_columns_and_stands_in_the_first():
    sheet = written(lambda sheet, looks: put_section(sheet, 2, range(1, 4), "=Sales", looks))
    assert [sheet.cell(3, column).value for column in range(1, 6)] == [None, "=Sales", "", "", None]
    assert [sheet.cell(3, column).font.bold for column in range(1, 6)] == [False, True, True, True, False]
    assert sheet.cell(3, 2).data_type == "s"


@pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning")
def test_bars_begin_at_0_and_end_at_the_most_that_is_given():
    def write(sheet, _):
        draw_bars(sheet, (0, 0, 0, 0), 1.5)
        draw_bars(sheet, (1, 0, 4, 0))

    rules = {str(area.sqref): area.rules[0].dataBar.cfvo for area in written(write).conditional_formatting}
    ends = {area: [(end.type, end.val) for end in both] for area, both in rules.items()}
    assert ends == {"A1": [("num", 0), ("num", 1.5)], "A2:A5": [("num", 0), ("max", None)]}


def test_a_sheet_prints_one_page_wide_with_its_heads_on_each():
    sheet = written(lambda sheet, _: one_page_wide(sheet, 3))
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0  # as many as it needs
    assert sheet.print_title_rows == "$4:$4"
