"""A table of KPIs as cells: heads that tell what they mean, numbers in their units, tints that stand in words too."""

from __future__ import annotations

import pytest

from kpicore import (
    COUNT,
    HIGHER,
    SHARE,
    Band,
    KpiRequest,
    KpiTable,
    Metric,
    TableColumn,
    Variant,
    count,
    kpi_table,
)
from kpicore_xlsx.grid import GridChart, Tint
from kpicore_xlsx.kpi_grid import kpi_grid


@pytest.fixture(scope="module")
def grid(workspace):
    """Give a function that returns the grid of a request."""

    def made(kpis, period, *, chart="", targets=False, status=False, **more):
        table = kpi_table(workspace, KpiRequest.of(kpis, period, **more), targets=targets, status=status)
        return kpi_grid(table, chart=chart)

    return made


def values(grid):
    return [row.values for row in grid.rows]


def test_heads_are_what_people_say_and_rows_are_those_of_the_table(grid):
    assert values(grid("won_deals, total_sales".split(", "), "2025-H1", grain="quarter", by="channel")) == [
        ("Period", "Channel", "Deals won", "Total sales"),
        ("2025-Q1", "phone", 2, 400),
        ("2025-Q1", "web", 2, 600),
        ("2025-Q2", "phone", 1, 120),
        ("2025-Q2", "web", 2, 1100),
    ]


def test_numbers_stand_to_the_right_in_their_units_and_names_to_the_left(grid):
    shown = grid("total_sales", "2025-Q2", by="rep", compare="previous", targets=True, status=True)
    head, *rows = shown.rows
    assert [look.style.get("align") for look in head.looks] == [None, *["right"] * 5]
    assert [look.number_format for look in rows[0].looks] == [
        "",
        *["[>=10000]#,##0;[<=-10000]-#,##0;#,##0.00"] * 2,
        '▲ #,##0.0%;▼ #,##0.0%;"= "0.0%',
        "[>=10000]#,##0;[<=-10000]-#,##0;#,##0.00",
        "0%",
    ]
    assert {id(row.looks) for row in rows} == {id(rows[0].looks)}


def test_shares_change_by_points_and_amounts_by_per_cent(grid):
    shown = grid(["win_rate", "total_sales"], "2025-Q2", compare="previous")
    # 3 of 4 after 4 of 6 is 8.3 points more, 1,220 after 1,000 is 22 %
    assert shown.rows[1].values == (0.75, pytest.approx(4 / 6), pytest.approx(100 / 12), 1220, 1000, 0.22)
    assert shown.rows[1].looks[2].number_format.startswith('▲ #,##0.0" pts"')


def test_a_cell_without_a_number_is_empty_and_its_note_tells_why(grid):
    shown = grid(["win_rate", "won_deals"], "2025-Q3")
    assert shown.rows[1].values == (None, 0)
    assert shown.notes[1, 0] == "no value: base is 0"
    assert (1, 1) not in shown.notes


def test_a_column_without_any_target_tells_why_once_on_its_head(grid):
    none = "no target for won_deals in 2025-Q1 with these cuts"
    shown = grid(["total_sales", "won_deals"], "2025-H1", grain="quarter", targets=True)
    # sales have a target in both quarters, deals in none
    assert [row.values[1:] for row in shown.rows[1:]] == [
        (1000, 1250, 0.8, 4, None, None),
        (1220, 1220, 1, 3, None, None),
    ]
    assert (shown.notes[0, 5], shown.notes[0, 6]) == (
        f"None in any row. The first: no target: {none}",
        f"None in any row. The first: {none}",
    )
    assert {row for row, _ in shown.notes} == {0}
    # one row says it where the number would stand
    assert (1, 1) in grid("won_deals", "2025-Q1", targets=True).notes


def test_a_head_tells_the_meaning_and_the_bands_in_words(grid):
    assert grid("target_attainment", "2025-Q1").notes[0, 0] == (
        "target_attainment: Of the amount sold.\n"
        "poor, below 100%: Below the target.\n"
        "good, 100% or more: Target reached."
    )


def test_the_first_head_tells_what_is_compared_and_what_is_not_over(grid):
    notes = grid("won_deals", "2025-Q3", grain="quarter", compare="year").notes
    assert notes[0, 0] == ("2025-Q3 to date, 15 of 92 days.\nCompared with 2024-07-01..2024-07-15.")


def test_bands_tint_the_values_and_nothing_else(grid):
    shown = grid(["won_deals", "target_attainment"], "2025-H1", grain="quarter", status=True)
    assert shown.tints == (Tint((1, 2, 2, 2), "poor", None, 1), Tint((1, 2, 2, 2), "good", 1, None))
    # no bands say what number of deals is good
    assert values(shown)[1:] == [("2025-Q1", 4, 0.8, "poor"), ("2025-Q2", 3, 1, "good")]


def test_a_target_that_is_not_reached_yet_is_not_tinted(grid):
    poor, later, good = grid("target_attainment", "2025", grain="quarter").tints
    assert (poor.area, later.area, good.area) == ((1, 1, 2, 1), (4, 1, 4, 1), (1, 1, 4, 1))


def test_a_variant_in_another_unit_has_no_bands():
    bands = (Band("few", below=10), Band("many", above=10))
    variants = {
        "number": {"loans": count("loan", when="lent_on")},
        "share": Variant({"loans": count("loan", when="lent_on")}, unit=SHARE),
    }
    loans = Metric("loans", "Loans", COUNT, better=HIGHER, variants=variants, bands=bands)
    columns = (
        TableColumn("value", "loans", "Loans", loans, "number", COUNT),
        TableColumn("value", "loans.share", "Loans, share", loans, "share", SHARE),
    )
    shown = kpi_grid(KpiTable(columns, ((7, 0.5),)))
    assert [(tint.area, tint.status) for tint in shown.tints] == [((1, 0, 1, 0), "poor"), ((1, 0, 1, 0), "good")]
    assert shown.notes == {(0, 0): "loans\npoor, below 10: few\ngood, 10 or more: many", (0, 1): "loans.share"}


def test_a_chart_is_of_the_values_of_one_unit_along_the_first_column(grid):
    shown = grid(["total_sales", "win_rate", "revenue"], "2025-H1", grain="quarter", compare="previous", chart="line")
    assert shown.charts == (GridChart("Total sales, Revenue", "line", (0, 0, 2, 0), ((0, 1, 2, 1), (0, 7, 2, 7))),)
    assert grid("won_deals", "2025-Q1", by="rep", chart="bars").charts[0].labels == (0, 0, 3, 0)
    assert grid("won_deals", "2025-Q1", chart="bars").charts == ()
