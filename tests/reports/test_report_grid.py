"""A report as cells: its sections below each other, numbers typed, reasons as notes, the data it is of at the end."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kpicore import DAYS, Listed, ListedColumn, Listing, Type, UnknownName, change_in_points, count
from kpicore_reports.filled_sections import FigureTable, MemberTable, MonthTable, MyTable, RowTable
from kpicore_reports.filling import fill
from kpicore_reports.row_grids import rows_grid
from kpicore_xlsx.grid import GridChart
from kpicore_xlsx.number_formats import MOMENT_FORMAT, MONTH_FORMAT
from tests.reports.test_filling import IDS


@pytest.fixture(scope="module")
def weekly(tiny):
    return fill(tiny, "weekly_meeting", "2025-Q2").grid()


def row(grid, label):
    """Return the only row that begins with a label, with its place."""
    [(at, line)] = [(at, line) for at, line in enumerate(grid.rows) if line.values and line.values[0] == label]
    return at, line


def told(number):
    """Return what a grid shows of a number besides itself: the one before, the change."""
    change = number.change
    points = None if change is None else change_in_points(change, number.kpi.unit)
    return number.before.value if number.before else None, change if points is None else points


def test_a_report_begins_with_its_name_and_ends_with_what_data_it_is_of(weekly):
    first, second, third, fourth, fifth, *_, last = [line.values for line in weekly.rows]
    assert first[0] == "Weekly sales meeting"
    assert second[0] == "Tiny company. 2025-Q2, compared with 2025-Q1 (2025-01-01..2025-03-31). Amounts in USD."
    assert set(third) == {None}
    assert (fourth[0], fifth[:7]) == (
        "Results",
        ("KPI", "2025-Q2", "Rows", "Before", "Change", "Target", "Reached"),
    )
    assert last[0].startswith("Data of 2025-07-15 12:00 UTC, version ")
    assert {len(line.values) for line in weekly.rows} == {len(line.looks) for line in weekly.rows} == {weekly.width}


def test_numbers_are_numbers_and_the_meaning_of_a_kpi_stands_in_a_note(weekly):
    at, sales = row(weekly, "Total sales")
    assert sales.values[:7] == ("Total sales", 1220, 3, 1000, 0.22, 1220, 1)
    assert weekly.notes[at, 0] == "Amount of the deals won in the period."
    _, win = row(weekly, "Win rate")
    assert win.values[:5] == ("Win rate", 0.75, 4, pytest.approx(4 / 6), pytest.approx(100 / 12))


def test_where_there_is_no_number_a_note_tells_why(tiny):
    grid = fill(tiny, "performance", "2025-Q2").grid()
    at, collected = row(grid, "Payments collected")
    assert collected.values[1] is None
    assert grid.notes[at, 1] == "Not loaded: no payment was loaded"


def test_months_are_dates_and_their_chart_points_at_them(weekly):
    at, _ = row(weekly, "Month")
    june = weekly.rows[at + 12]
    # o9 of 600 closes on May 31, o12 of 120 on June 30
    assert (june.values[:2], june.looks[0].number_format) == ((date(2025, 6, 1), 120), MONTH_FORMAT)
    chart = next(chart for chart in weekly.charts if chart.kind == "line")
    assert chart == GridChart("Total sales by month", "line", (at, 0, at + 12, 0), ((at, 1, at + 12, 1),))


def test_rows_of_a_listing_stand_in_the_same_grid(tiny):
    grid = fill(tiny, "top_opportunities", "2025-Q2").grid()
    dune = next(line for line in grid.rows if "Dune" in line.values)
    assert dune.values[1:6] == ("Dune", "Ann Lee [u1]", "Offer", 700, 0.5)
    assert date(2025, 8, 15) in dune.values
    assert not any(isinstance(value, datetime) for line in grid.rows for value in line.values)


def test_each_value_of_a_listing_is_typed_and_moments_are_the_organisations():
    columns = (
        ListedColumn("Closed", Type.MOMENT, None),
        ListedColumn("Age", Type.INTEGER, DAYS),
        ListedColumn("Won", Type.BOOLEAN, None),
        ListedColumn("Reason", Type.TEXT, None),
    )
    listing = Listing("deals", "Deals", rows=count("deal", when="on"), columns={"Closed": "closed_at"}, meaning="All.")
    listed = Listed(listing, columns, ((datetime(2025, 3, 31, 23, 30), 7, True, None),), 3)
    grid = rows_grid(RowTable("Deals", listed), "Europe/Berlin")
    deal = grid.rows[1]
    assert deal.values == (datetime(2025, 4, 1, 1, 30), 7, True, "–")
    assert [look.number_format for look in deal.looks] == [MOMENT_FORMAT, '#,##0" d"', "", ""]
    assert grid.rows[3].values[0] == "1 of 3. All."


def test_a_rate_among_others_carries_its_rows_in_its_format(tiny):
    grid = fill(tiny, "performance", "2025-Q2").grid()
    _, ann = row(grid, "Ann Lee [u1]")
    assert (ann.values[4], ann.looks[4].number_format) == (1, '0.0%" (1)"')


def test_all_of_a_table_stands_below_its_members_and_has_no_bar_in_the_chart(tiny):
    grid = fill(tiny, "performance", "2025-Q2").grid()
    at, whole = row(grid, "All")
    assert whole.values[1:4:2] == (1220, 3)
    [chart] = grid.charts
    assert (chart.title, chart.kind, chart.labels) == ("Sold by rep", "bars", (at - 5, 0, at - 1, 0))


def number_of(number):
    """Return what stands for a number: where it means nothing, and nothing is missing, a dash."""
    return "–" if number.answer is None and not number.why else number.value


def wanted(section):
    """Return the numbers of each row of a section, below its heads."""
    match section:
        case FigureTable():
            rows = ((n, (n.target, n.reached)) for n in section.numbers)
            return [(number_of(n), n.n, *told(n), *more) for n, more in rows]
        case MyTable():
            return [(number_of(m.number), m.number.n, *told(m.number), m.median, m.members) for m in section.numbers]
        case MemberTable():
            lines = (*section.lines, *([section.whole] if section.lines else []))
            return [tuple(map(number_of, line.numbers)) for line in lines]
        case MonthTable():
            columns = [column for line in section.lines for column in month_columns(line.numbers)]
            return [*zip(*columns, strict=True)]
        case RowTable():
            return [() for _ in section.listed.rows]


def month_columns(numbers):
    targets = [number.target for number in numbers]
    return [[*map(number_of, numbers)], *([targets] if any(target is not None for target in targets) else [])]


@pytest.mark.parametrize("id", IDS)
def test_every_number_of_a_report_stands_in_its_grid(of_demo, id):
    report = of_demo(id)
    rows = [line.values for line in report.grid().rows]
    at = 3
    for section in report.sections:
        at = next(place for place in range(at, len(rows)) if rows[place][0] == section.title)
        numbers = wanted(section)
        below = rows[at + 2 : at + 2 + len(numbers)]
        assert [line[1 : 1 + len(want)] for line, want in zip(below, numbers, strict=True)] == numbers
        at += 1
    assert [note for note in report.notes if (note, *(None,) * (len(rows[0]) - 1)) not in rows] == []


def test_my_numbers_stand_beside_the_median(tiny):
    grid = fill(tiny, "rep_scorecard", "2025-Q2", me="Bob Ray").grid()
    _, head = next((at, line) for at, line in enumerate(grid.rows) if line.values[0] == "KPI")
    assert head.values[:7] == ("KPI", "Bob Ray", "Rows", "Before", "Change", "Median", "Of reps")
    _, sold = row(grid, "Sold")
    # of 500, 600 and 0 the median is 500; 0 after 300 is 100 % less
    assert sold.values[1:7] == (0, 0, 300, -1, 500, 3)


def test_a_workspace_fills_reports(tiny):
    filled = tiny.report("performance", "2025-Q2", where={"rep": "u1"}, by=["team"])
    _, north = row(filled.grid(), "North")
    assert (filled.cuts, north.values[1]) == ("rep Ann Lee [u1]", 500)
    assert tiny.report("performance", "2025-Q2", by=["team"], as_of=date(2025, 7, 15)).period == filled.period
    with pytest.raises(UnknownName, match="Did you mean 'performance'"):
        tiny.report("perfomance", "2025-Q2")
