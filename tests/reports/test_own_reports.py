"""A report of somebody else is data of ten lines."""

from __future__ import annotations

import pytest

from kpicore import BadDefinition, Breakdown, Figures, Listing, Report, Trend, standing
from tests.crm import crm_registry


def test_two_reports_of_one_name_are_both_refused_and_the_givers_named():
    one = Report("mine", "Mine", (Figures("F", ("won_deals",)),))
    registry = crm_registry(reports=(("a", one), ("b", one)))
    assert registry.reports == {}
    assert {problem.problem for problem in registry.problems} == {
        "report 'mine' is given by 'a' and 'b': neither is used"
    }


def test_a_report_that_cannot_be_is_refused_where_it_is_written():
    with pytest.raises(BadDefinition, match="report 'My report': its id is a text of lower-case"):
        Report("My report", "Mine", (Figures("F", ("won_deals",)),))
    with pytest.raises(BadDefinition, match="it has no sections"):
        Report("mine", "Mine", ())
    with pytest.raises(BadDefinition, match="report 'mine': nothing says what its open breakdown is by"):
        Report("mine", "Mine", (Breakdown("Open", ("won_deals",)),))
    closed = Breakdown("By rep", ("won_deals",), by=("rep",), instead=Breakdown("Open", ("won_deals",)))
    with pytest.raises(BadDefinition, match="nothing says what"):
        Report("mine", "Mine", (closed,))
    with pytest.raises(BadDefinition, match="its chart is one of bars, funnel, not 'pie'"):
        Breakdown("By rep", ("won_deals",), chart="pie")


def test_a_kpi_that_nobody_gives_has_a_reason_in_its_place(tiny):
    from kpicore_reports.filling import fill

    rows = Listing("l", "L", standing("nothing", since="a", until="b"), {"X": "x"})
    report = Report("mine", "Mine", (Figures("F", ("won_dealz", "won_deals")), Trend("T", ("won_dealz",)), rows))
    tiny.registry.reports["mine"] = report
    try:
        filled = fill(tiny, "mine", "2025-Q1")
    finally:
        del tiny.registry.reports["mine"]
    assert [number.value for number in filled.sections[0].numbers] == [None, 4]
    assert filled.notes[0] == "won_dealz: n/a, no KPI named 'won_dealz'."
    assert "no entity named 'nothing'" in filled.sections[2].why
