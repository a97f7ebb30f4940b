"""A table of KPIs as a record: what KPI_TABLE shows, with a comparison, targets and status beside each number."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import (
    BadArgument,
    BadCut,
    CellCall,
    CellFailure,
    KpiError,
    KpiRequest,
    UnknownName,
    kpi_table,
    open_workspace,
)

KPIS = (
    "won_deals",
    "total_sales",
    "win_rate",
    "target_attainment",
    "sales_cycle.opportunity_created_mean",
    "new_leads",
)
PERIODS = ("2025", "2025-Q1", "2025-Q2", "2025-H1", "2025-Q3", "2024-12-01..2025-02-15", "last quarter", "2026")


@pytest.fixture(scope="module")
def workspace(tiny_folder):
    with open_workspace(tiny_folder) as found:
        yield found


def column(table, name):
    place = table.header.index(name)
    return [row[place] for row in table.rows]


def told(cells):
    """Return the cells, of errors their messages."""
    return [cell.message if isinstance(cell, CellFailure) else cell for cell in cells]


def test_a_comparison_stands_beside_each_number_with_its_change(workspace):
    request = KpiRequest.of(["total_sales", "win_rate"], "2025-Q2", compare="previous")
    table = kpi_table(workspace, request)
    assert table.header == (
        *("total_sales", "total_sales before", "total_sales change"),
        *("win_rate", "win_rate before", "win_rate change"),
    )
    # 1,220 after 1,000 is 22 % more; 3 of 4 after 4 of 6 are 8.3 points more
    [row] = table.rows
    assert row == (1220, 1000, 0.22, 0.75, pytest.approx(4 / 6), pytest.approx(0.75 - 4 / 6))
    assert table.notes == ("Compared with 2025-Q1 (2025-01-01..2025-03-31).",)


def test_a_target_is_that_of_exactly_the_row(workspace):
    request = KpiRequest.of("total_sales", "2025-Q1", by="rep")
    table = kpi_table(workspace, request, targets=True)
    none = "no target for total_sales in 2025-Q1 with these cuts"
    assert [told(row) for row in table.rows] == [
        ["Ann Lee [u1]", 300, 400, 0.75],
        ["Ann Lee [u3]", 400, f"no target: {none}", none],
        ["Bob Ray", 300, f"no target: {none}", none],
    ]


def test_a_target_that_is_not_reached_is_poor_once_its_period_is_over(workspace):
    table = kpi_table(workspace, KpiRequest.of("target_attainment", "2025", grain="quarter"), status=True)
    # 1,000 of 1,250 in Q1, all of 1,220 in Q2; on July 15 Q3 is in progress, and has no target
    assert column(table, "target_attainment")[:2] == [0.8, 1]
    assert column(table, "target_attainment status") == ["poor", "good", None, None]
    assert table.in_progress == range(2, 3)
    assert table.notes == ("2025-Q3 to date, 15 of 92 days.",)


def test_a_target_that_is_not_reached_yet_has_no_status(tiny_folder, tmp_path):
    (tmp_path / "targets.toml").write_text('[[target]]\nkpi = "total_sales"\nperiod = "2025-Q3"\nvalue = 100\n')
    for file in tiny_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with open_workspace(tmp_path) as found:
        table = kpi_table(found, KpiRequest.of("target_attainment", "2025-Q3"), status=True)
    assert table.rows == ((0, None),)


def test_why_there_is_no_number_stands_in_its_place(workspace):
    request = KpiRequest.of("win_rate", "2025-Q3", compare="previous")
    [row] = kpi_table(workspace, request, targets=True, status=True).rows
    assert told(row) == [
        *["no value: base is 0"] * 3,
        "no target: no target for win_rate in 2025-Q3 with these cuts",
        "no target for win_rate in 2025-Q3 with these cuts",
        None,
    ]
    [row] = kpi_table(workspace, KpiRequest.of("total_sales", "2025-Q3", compare="previous")).rows
    assert told(row) == [0, 0, "no change: 2025-04-01..2025-04-15 was 0"]


def test_columns_tell_what_they_hold_and_how_people_call_it(workspace):
    request = KpiRequest.of("win_rate.created", "2025-H1", grain="quarter", by="team", compare="year")
    columns = kpi_table(workspace, request, targets=True, status=True).columns
    assert [column.kind for column in columns] == ("period dimension value before change target reached status".split())
    assert [column.title for column in columns[:4]] == [
        "Period",
        "Team",
        "Win rate, created",
        "Win rate, created before",
    ]
    assert [str(column.unit) for column in columns] == ["None", "None", *["share"] * 5, "None"]
    assert columns[2].meaning and not columns[0].meaning


def test_filters_hold_for_all_that_stands_in_a_row(workspace):
    request = KpiRequest.of("total_sales", "2025-H1", grain="quarter", where={"rep": "u1"}, compare="previous")
    first, second = kpi_table(workspace, request, targets=True).rows
    # o1 and o2 in Q1 of a target of 400, o7 in Q2
    assert (first[0], first[1], first[4:]) == ("2025-Q1", 300, (400, 0.75))
    assert second[1:4] == (500, 300, pytest.approx(200 / 300))


def test_running_totals_end_with_the_unit_of_today(workspace):
    table = kpi_table(workspace, KpiRequest.of("won_deals", "2025", grain="quarter", to_date=True))
    assert told(column(table, "won_deals")) == [
        *(4, 7, 7),
        "not started: 2025-Q4 starts after 2025-07-15, the day of the data",
    ]
    assert table.in_progress == range(2, 4)


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (KpiRequest.of("no_such", "2025"), UnknownName),
        (KpiRequest.of("won_deals", "2025", by="no_such"), UnknownName),
        (KpiRequest.of("cac", "2025-Q1", by="rep"), BadCut),
        (KpiRequest.of("won_deals", "2025", guards=True), BadArgument),
        (KpiRequest.of("won_deals", "2025", intervals=True), BadArgument),
    ],
)
def test_what_cannot_be_asked_is_refused(workspace, request_, error):
    with pytest.raises(error):
        kpi_table(workspace, request_)


def requests(**more):
    return st.fixed_dictionaries(
        {
            "kpis": st.lists(st.sampled_from(KPIS), min_size=1, max_size=3, unique=True),
            "period": st.sampled_from(PERIODS),
            "grain": st.sampled_from((None, "month", "quarter", "week")),
            "by": st.lists(st.sampled_from(("rep", "channel", "team")), max_size=2, unique=True),
            **more,
        }
    )


@settings(max_examples=40, deadline=None)
@given(requests())
def test_kpi_table_is_this_table_without_anything_beside(workspace, tiny_cells, asked):
    arguments = (", ".join(asked["kpis"]), asked["period"], asked["grain"] or "", *asked["by"])
    [shown] = tiny_cells.answer([CellCall("KPI_TABLE", arguments)]).results
    try:
        table = kpi_table(workspace, KpiRequest.of(**asked))
    except KpiError as error:
        assert isinstance(shown, CellFailure) and error.message in shown.message
        return
    assert shown == (table.header, *table.rows)


@settings(max_examples=40, deadline=None)
@given(requests(compare=st.sampled_from(("previous", "year", "previous-full"))))
def test_every_cell_is_what_the_function_of_one_cell_shows(workspace, tiny_cells, asked):
    """A cell of a table shows what KPI, KPI_TARGET and KPI_ATTAINMENT do, and its status is that of `kpi get`."""
    asked["grain"] = asked["grain"] if asked["grain"] != "week" else None
    try:
        table = kpi_table(workspace, KpiRequest.of(**asked), targets=True, status=True)
    except KpiError:
        return
    calls, wanted = [], []
    lead = len(asked["by"]) + (asked["grain"] is not None)
    for row in table.rows:
        period = row[0] if asked["grain"] else asked["period"]
        cuts = [
            pair
            for name, value in zip(asked["by"], row[lead - len(asked["by"]) :], strict=False)
            for pair in (name, value)
        ]
        for at, kpi in enumerate(asked["kpis"]):
            value, _, change, target, reached, _ = row[lead + 6 * at : lead + 6 * at + 6]
            wanted += [value, change, target, reached]
            calls += [
                CellCall("KPI", (kpi, period, *cuts)),
                CellCall("KPI", (kpi, period, *cuts, "compare", asked["compare"])),
                CellCall("KPI_TARGET", (kpi, period, *cuts)),
                CellCall("KPI_ATTAINMENT", (kpi, period, *cuts)),
            ]
    assert tiny_cells.answer(calls).results == wanted


WHERE = st.sampled_from((None, {"rep": ["u1", "Bob Ray"]}, {"channel": "web"}))
DAYS = st.sampled_from((None, date(2025, 5, 10)))


@settings(max_examples=60, deadline=None)
@given(requests(where=WHERE, as_of=DAYS))
def test_numbers_and_statuses_are_those_of_kpi_get(workspace, asked):
    try:
        records = workspace.get(**asked).records()
    except KpiError:
        return
    table = kpi_table(workspace, KpiRequest.of(**asked), status=True)
    cells = {}
    for row in table.rows:
        of_row = dict(zip(table.header, row, strict=True))
        about = of_row.get("period"), *(of_row[name] for name in asked["by"])
        cells |= {(kpi.split(".")[0], *about): (of_row[kpi], of_row[f"{kpi} status"]) for kpi in asked["kpis"]}
    for record in records:
        period = record["period"] if asked["grain"] else None
        value, status = cells[record["kpi"], period, *(record["cuts"][name] for name in asked["by"])]
        assert (None if isinstance(value, CellFailure) else value, status) == (record["value"], record["status"])
