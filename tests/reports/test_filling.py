"""What the reports say: their numbers are those of `kpi get`, and come in one batch."""

from __future__ import annotations

import pytest

from kpicore import BadArgument, BadCut, UnknownName, open_workspace
from kpicore_crm.testing import load_tiny_company
from kpicore_reports.filled_sections import FigureTable, MemberTable, MonthTable, MyTable, RowTable, numbers_of
from kpicore_reports.filling import fill

IDS = (
    "sales_brief funnel whole_process performance three_dimensions weekly_meeting top_opportunities loss_reasons"
    " stalled_deals rep_scorecard"
).split()


def value(filled, title, label=""):
    """Return the number of a title in a report; of a table by member, the line with the label."""
    for section in filled.sections:
        lines = section.lines if isinstance(section, MemberTable) else ()
        numbers = [one for line in lines if line.label == label for one in line.numbers]
        for number in numbers if label else numbers_of(section):
            if title in (number.kpi.title, number.kpi.ref):
                return number.value
    raise AssertionError(f"no {title}")


def test_every_report_of_the_catalogue_is_there(tiny):
    assert list(tiny.registry.reports) == IDS


@pytest.mark.parametrize("id", IDS)
def test_every_number_is_the_one_that_get_gives(tiny, id):
    checked = 0
    for section in fill(tiny, id, "2025-Q2").sections:
        for number in numbers_of(section):
            if number.answer is not None:
                asked = number.answer.question
                where = {name: list(values) for name, values in asked.cuts}
                (answer,) = tiny.get(f"{asked.metric}.{asked.variant}", asked.period, where=where).answers
                assert (number.value, number.n, number.answer.reason) == (answer.value, answer.n, answer.reason)
                checked += 1
    assert checked > 2


@pytest.mark.parametrize("id", IDS)
def test_everything_of_the_demo_has_a_number_or_a_reason(of_demo, id):
    filled = of_demo(id)
    numbers = [each for section in filled.sections for each in numbers_of(section)]
    missing = {number.kpi.ref for number in numbers if number.value is None and number.why}
    # nobody leaves the stage of won deals, or goes on from it
    assert missing <= {"stage_dwell_time", "stage_conversion.next"}
    assert all(section.listed.rows for section in filled.sections if isinstance(section, RowTable))


def test_all_numbers_come_from_one_batch(tiny, monkeypatch):
    answered, answer = [], tiny.engine.answer

    def counted(questions):
        answered.append(len(questions))
        return answer(questions)

    monkeypatch.setattr(tiny.engine, "answer", counted)
    fill(tiny, "weekly_meeting", "2025-Q2")
    assert len(answered) == 1
    assert answered[0] > 40


def test_the_sales_brief_of_the_tiny_company(tiny):
    filled = fill(tiny, "sales_brief", "2025-Q1")
    assert (filled.name, filled.company, str(filled.before)) == ("Sales brief", "Tiny company", "2024-Q4")
    wanted = {
        "new_customers": 2,
        "new_leads": 6,
        "opportunities_created": 8,
        "won_deals": 4,
        "total_sales": 1000,
        "lost_deals": 2,
        "pipeline_value": 750,
        "visits": 0,
        "sales_records": 4,
    }
    assert {ref: value(filled, ref) for ref in wanted} == wanted


def test_targets_and_changes_stand_beside_the_number(tiny):
    (figures,) = [
        section for section in fill(tiny, "performance", "2025-Q2").sections if isinstance(section, FigureTable)
    ]
    sales = figures.numbers[0]
    # 1,220 of 1,220, after 1,000 in the quarter before
    assert (sales.value, sales.target, sales.reached, round(sales.change, 3)) == (1220, 1220, 1, 0.22)


def test_the_losses_by_reason_stand_highest_first(company):
    filled = fill(
        company(
            loss_reason="id name\nr1 Alpha\nr2 Beta",
            opportunity="""
                id created_at closed_at  outcome amount loss_reason_id
                a  2025-05-01 2025-06-01 lost    5      r1
                b  2025-05-01 2025-06-02 lost    7      r2
                c  2025-05-01 2025-06-03 lost    9      r2
            """,
        ),
        "loss_reasons",
        "2025-06",
    )
    (table,) = [
        section for section in filled.sections if isinstance(section, MemberTable) and section.by == ("loss_reason",)
    ]
    assert [(line.label, line.numbers[0].value) for line in table.lines] == [("Beta", 2), ("Alpha", 1)]
    assert [number.value for number in table.whole.numbers] == [3, None, 21]
    assert table.whole.numbers[1].why == ""


def test_stages_stand_in_their_order(of_demo):
    table = of_demo("funnel").sections[0]
    stages = ["Qualification", "Needs analysis", "Demonstration", "Proposal", "Negotiation"]
    assert [line.label for line in table.lines][:5] == stages


def test_a_table_by_another_dimension(tiny):
    table = fill(tiny, "performance", "2025-Q1", by=["channel"]).sections[0]
    # phone: o1 100 and o4 300; web: o2 200 and o6 400
    assert [(line.label, line.numbers[0].value) for line in table.lines] == [("phone", 400), ("web", 600)]


def test_a_table_by_two_dimensions(tiny):
    table = fill(tiny, "performance", "2025-Q1", by=["team", "channel"]).sections[0]
    assert [line.label for line in table.lines] == ["North · phone", "North · web", "South · phone", "South · web"]


def test_a_cut_holds_for_everything(tiny):
    filled = fill(tiny, "weekly_meeting", "2025-Q1", where={"rep": "Bob Ray"})
    assert (value(filled, "total_sales"), filled.cuts) == (300, "rep Bob Ray")
    (top, *_) = [section for section in filled.sections if isinstance(section, RowTable)]
    assert [row[1] for row in top.listed.rows] == ["Coco"]


def test_a_kpi_that_cannot_be_cut_so_has_a_reason_and_the_others_have_numbers(tiny):
    filled = fill(tiny, "weekly_meeting", "2025-Q1", where={"loss_reason": "Price"})
    assert (value(filled, "win_rate"), value(filled, "nps")) == (0, None)
    assert any(note.startswith("New leads") and "cannot be cut by loss_reason" in note for note in filled.notes)


def test_notes_are_told_once(of_demo):
    notes = of_demo("performance").notes
    assert len(notes) == len(set(notes))
    # all ten reps have such a note, each with other counts
    assert len([note for note in notes if "of contract have collected_amount 0" in note]) == 1


def test_months_end_with_the_period(tiny):
    (months,) = [
        section for section in fill(tiny, "whole_process", "2025-Q2").sections if isinstance(section, MonthTable)
    ]
    assert [str(month) for month in months.months[-3:]] == ["2025-04", "2025-05", "2025-06"]
    # o7 closes in April, o9 in May, o12 in June
    assert [number.value for number in months.lines[0].numbers[-3:]] == [500, 600, 120]


def test_only_me_and_the_median(tiny):
    filled = fill(tiny, "rep_scorecard", "2025-Q1", me="Bob Ray")
    results = filled.sections[0]
    assert isinstance(results, MyTable)
    mine = {number.number.kpi.ref: (number.number.value, number.median, number.members) for number in results.numbers}
    # sales of Ann [u1], Bob and Ann [u3]: 300, 300, 400; deals won: 2, 1, 1
    assert mine["total_sales"] == (300, 300, 3)
    assert mine["won_deals"] == (1, 1, 3)
    assert mine["quota_attainment"][1] is None


def test_who_sees_only_me_sees_no_other_name(tiny):
    assert "Ann" not in repr(fill(tiny, "rep_scorecard", "2025-Q1", me="u2").sections)


def test_what_cannot_be_asked_is_refused(tiny):
    with pytest.raises(UnknownName, match=r"no report named 'fnnel'\. Did you mean 'funnel'\?"):
        fill(tiny, "fnnel", "2025-Q1")
    with pytest.raises(UnknownName, match="no rep named 'Bob Rey'"):
        fill(tiny, "rep_scorecard", "2025-Q1", me="Bob Rey")
    with pytest.raises(BadArgument, match="'funnel' has no table that --by could change"):
        fill(tiny, "funnel", "2025-Q1", by=["rep"])
    with pytest.raises(BadArgument, match="--me needs a table by one dimension"):
        fill(tiny, "top_opportunities", "2025-Q1", me="Bob Ray")
    with pytest.raises(BadCut):
        fill(tiny, "performance", "2025-Q1", where={"rep": ">5"})


@pytest.mark.parametrize("id", ["weekly_meeting", "whole_process"])
def test_a_forecast_of_the_whole_period_is_not_compared_with_a_part_of_an_earlier_one(of_demo, id):
    figures = [
        number for section in of_demo(id).sections if isinstance(section, FigureTable) for number in section.numbers
    ]
    before = {figure.kpi.ref.partition(".")[0]: figure.before for figure in figures}
    assert before["total_sales"] is not None
    assert before["sales_forecast"] is None


def test_the_first_month_that_the_calendar_lists_is_reported_without_the_one_before(tmp_path):
    load_tiny_company(tmp_path)
    listed = "month,first_day,last_day\nFY2025-M01,2025-01-01,2025-03-31\n"
    (tmp_path / "fiscal.csv").write_text(listed, encoding="utf-8")
    with (tmp_path / "kpi.toml").open("a", encoding="utf-8") as file:
        file.write('\n[calendar]\nfiscal_months = "fiscal.csv"\n')
    with open_workspace(tmp_path) as workspace:
        reports = [fill(workspace, id, "FY2025-M01") for id in IDS]
    tables = [table for report in reports for table in report.sections if isinstance(table, FigureTable)]
    assert {number.before for table in tables for number in table.numbers} == {None}
