"""What an empty field does in each definition: counted, left out on purpose, or told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import Answer, Workspace, load_plugins
from tests.engine.worlds import at, config_of, load_tables
from tests.metrics.asking import answer, value
from tests.said import note_texts


def opened(folder: Path, day: str = "2026-06-30", **tables: str) -> Workspace:
    config = config_of(folder)
    load_tables(config, tables, at=at(day))
    return Workspace(config, load_plugins(()))


def told(of: Workspace, ref: str, period: str, **cuts: str) -> tuple[float | None, list[str]]:
    found: Answer = answer(of, ref, period, **cuts)
    return found.value, [text for text in note_texts(found.notes) if "left out" in text]


def test_a_cost_without_a_category_is_acquisition_and_of_no_category_that_is_named(tmp_path: Path) -> None:
    costs = """
        id booked_on  amount category
        1  2026-02-01 1000   marketing
        2  2026-02-01 500    -
        3  2026-02-01 70     retention
    """
    customers = "id first_purchase_at\nk1 2026-02-03\nk2 2026-02-04\nk3 2026-02-05"
    leads = "id created_at\nl1 2026-02-01\nl2 2026-02-02"
    with opened(tmp_path, cost=costs, customer=customers, lead=leads) as of:
        assert told(of, "acquisition_cost", "2026-02") == (1500, [])
        assert value(of, "cac.fully_loaded", "2026-02") == 500
        lacking = "1 row of cost left out: no category to tell whether category in ('marketing', 'advertising')"
        assert told(of, "cpl.all", "2026-02") == (500, [lacking])
        assert told(of, "cac.paid", "2026-02")[1] == [
            "1 row of cost left out: no category to tell whether category = 'advertising'"
        ]


def test_only_open_deals_are_forecast_by_their_category(tmp_path: Path) -> None:
    deals = """
        id created_at closed_at  outcome amount expected_close_on forecast_category
        1  2026-01-05 2026-02-10 won     100    2026-03-01        commit
        2  2026-01-05 2026-02-10 lost    200    2026-03-01        commit
        3  2026-01-05 -          open    400    2026-03-01        commit
        4  2026-01-05 2026-03-09 open    800    -                 commit
        5  2026-01-05 -          open    1600   2026-03-02        -
        6  2026-01-05 -          won     3200   2026-03-02        commit
    """
    with opened(tmp_path, "2026-02-20", opportunity=deals) as of:
        number, notes = told(of, "sales_forecast.commit", "2026-03")
        assert number == 400 + 800
        assert notes == [
            "1 row of opportunity left out: no forecast_category to tell whether"
            " outcome = 'open' and forecast_category = 'commit'"
        ]
        # open deals 3, 4 and 5 count in the pipeline, of the closed ones none: nor 6, whose close date is not known
        assert value(of, "pipeline_value", "2026-02") == 400 + 800 + 1600
        assert value(of, "pipeline_count", "2026-02-15") == 3


def test_a_closed_deal_without_a_date_is_in_no_open_set_and_in_no_period(tmp_path: Path) -> None:
    deals = """
        id created_at closed_at  outcome amount
        1  2026-01-05 -          open    400
        2  2026-01-05 -          won     800
        3  2026-01-05 -          lost    1600
        4  2026-01-05 2026-06-09 won     1
    """
    with opened(tmp_path, opportunity=deals) as of:
        pipeline = answer(of, "pipeline_value", "2026-06")
        assert pipeline.value == 400
        assert "2 deals are over without a closed_at: on which days they were open is not known" in note_texts(
            pipeline.notes
        )
        # in the funnel during June were 1 and 4, of which 4 was won
        funnel = answer(of, "win_rate.funnel", "2026-06")
        assert (funnel.value, funnel.n) == (0.5, 2)
        assert "1 row of opportunity has no closed_on and is in no period" in note_texts(funnel.notes)
        assert "2 rows of opportunity are over without closed_on and stand on no day" in note_texts(funnel.notes)
        assert value(of, "win_rate.created", "2026-01") == 0.5


def test_lines_of_an_order_without_a_status_count(tmp_path: Path) -> None:
    orders = """
        id customer_id ordered_at amount status
        B1 K1          2026-02-03 100    -
        B2 K2          2026-02-04 100    completed
    """
    lines = """
        id order_id line_type amount
        1  B1       upsell    100
        2  B2       new       100
        3  B2       -         5
    """
    with opened(tmp_path, order=orders, order_line=lines) as of:
        number, notes = told(of, "upsell_cross_sell", "2026-02")
        assert number == 0.5
        assert notes == [
            "1 row of order_line left out: no line_type to tell whether line_type in ('upsell', 'cross_sell')"
            " and status in ('completed', 'partly_refunded')"
        ]


ACTIVITIES = """
    id type    at         status      duration_min time_category
    1  demo    2026-02-02 held        60           prospecting
    2  demo    2026-02-03 scheduled   60           prospecting
    3  demo    2026-02-03 -           60           prospecting
    4  demo    2026-02-03 cancelled   60           prospecting
    5  meeting 2026-02-03 scheduled   60           admin
    6  meeting 2026-02-03 no_show     60           admin
    7  meeting 2026-02-03 held        60           admin
    8  call    2026-02-03 rescheduled 60           admin
    9  -       2026-02-03 held        60           admin
"""


def test_only_what_was_done_counts_as_done(tmp_path: Path) -> None:
    deals = "id created_at closed_at outcome\nd1 2026-01-05 2026-02-10 won"
    with opened(tmp_path, activity=ACTIVITIES, opportunity=deals) as of:
        lacking = "1 row of activity left out: no type to tell whether type in ('{}') and status = 'held'"
        assert told(of, "demos", "2026-02") == (2, [lacking.format("demo")])
        assert told(of, "calls", "2026-02") == (0, [lacking.format("call")])
        assert value(of, "meetings.scheduled", "2026-02") == 3
        assert value(of, "meetings.held", "2026-02") == 1
        assert value(of, "activity_ratio", "2026-02") == 1
        # 1, 3, 7 and 9 took place
        assert value(of, "selling_time.hours", "2026-02") == 4
        assert value(of, "selling_time.share", "2026-02", time_category="prospecting") == 0.5


def test_the_last_touch_and_the_first_contact_are_of_what_was_done(tmp_path: Path) -> None:
    activities = """
        id opportunity_id at         status
        1  d1             2026-01-20 cancelled
        2  d1             2026-01-22 held
        3  d1             2026-01-24 -
        4  d1             2026-01-26 no_show
    """
    deals = "id created_at closed_at outcome\nd1 2026-01-05 2026-02-10 won"
    with opened(tmp_path, activity=activities, opportunity=deals) as of:
        sql = "SELECT first_contact_on, last_touch_on FROM kpi.opportunity"
        [(first, last)] = of.warehouse.query(sql)
        assert (str(first), str(last)) == ("2026-01-22", "2026-01-24")


LEADS = """
    id created_at converted_at converted_customer_id converted_opportunity_id conversion
    1  2026-02-01 2026-02-20   K1                    -                        -
    2  2026-02-01 2026-02-21   -                     -                        {}
    3  2026-02-01 -            -                     -                        -
    4  2026-02-01 -            -                     -                        -
"""


@pytest.mark.parametrize(
    ("means", "rate", "undecided"),
    [("-", 0.25, 1), ("unknown", 0.25, 1), ("customer", 0.5, 0), ("account", 0.25, 1), ("deal", 0.25, 1)],
)
def test_a_lead_that_was_converted_to_nobody_knows_what_is_told(
    means: str, rate: float, undecided: int, tmp_path: Path
) -> None:
    with opened(tmp_path, lead=LEADS.format(means)) as of:
        number, notes = told(of, "lead_conversion", "2026-02")
        assert number == rate
        assert notes == ["1 row of lead left out: no became_customer"] * undecided
        assert answer(of, "time_to_convert", "2026-02").value == (19.5 if means == "customer" else 19)


def test_the_deals_of_a_lead_decide_whether_it_became_a_customer(tmp_path: Path) -> None:
    leads = """
        id created_at converted_at converted_customer_id converted_opportunity_id conversion
        1  2026-02-01 2026-02-20   K1                    d1                       account
        2  2026-02-01 2026-02-20   K2                    d2                       account
        3  2026-02-01 2026-02-20   K3                    d3                       -
        4  2026-02-01 2026-02-20   -                     -                        account
        5  2026-02-01 2026-02-20   -                     -                        deal
        6  2026-02-01 -            -                     -                        -
        7  2026-02-01 -            -                     -                        -
        8  2026-02-01 2026-02-20   K8                    -                        -
    """
    deals = """
        id lead_id created_at closed_at  outcome
        d1 -       2026-02-20 2026-03-01 won
        d2 -       2026-02-20 2026-03-01 lost
        d3 -       2026-02-20 -          open
        d6 6       2026-02-20 2026-03-01 lost
        d7 6       2026-02-21 2026-03-02 won
        d8 8       2026-02-21 2026-03-02 lost
    """
    with opened(tmp_path, lead=leads, opportunity=deals) as of:
        became = dict(of.warehouse.query("SELECT id, became_customer FROM kpi.lead"))
        assert became == {
            "1": True,  # its deal was won
            "2": False,  # its deal was lost, whatever account there is
            "3": False,  # its deal is open
            "4": False,  # an account without a won deal
            "5": None,  # a deal that nobody names
            "6": True,  # the second of its deals was won
            "7": False,  # never converted
            "8": True,  # the source names the customer and no deal that it became
        }
        number, notes = told(of, "lead_conversion", "2026-02")
        assert (number, notes) == (3 / 8, ["1 row of lead left out: no became_customer"])


def test_where_nothing_is_known_of_conversions_there_is_a_reason(tmp_path: Path) -> None:
    with opened(tmp_path, lead="id created_at\n1 2026-02-01\n2 2026-02-02") as of:
        assert answer(of, "lead_conversion", "2026-02").reason == "not_loaded"


def test_a_deal_that_does_not_wait_in_a_stage_is_not_stuck_there(tmp_path: Path) -> None:
    deals = """
        id outcome created_at closed_at  stage_id
        o1 lost    2026-01-01 2026-01-20 s3
        o2 won     2026-01-01 2026-01-20 s4
    """
    history = """
        opportunity_id stage_id entered_at left_at
        o1             s1       2026-01-01 2026-01-20
        o2             s1       2026-01-01 2026-01-10
        o2             s2       2026-01-10 2026-01-20
    """
    stages = "id position outcome\ns1 1 open\ns2 2 open\ns4 3 won\ns3 - lost"
    with opened(tmp_path, stage=stages, opportunity=deals, stage_history=history) as of:
        assert told(of, "funnel_leakage", "2026-01", stage="s1") == (0.5, [])
        assert told(of, "stage_conversion.next", "2026-01", stage="s1") == (0.5, [])
        assert told(of, "stage_conversion.cumulative", "2026-01", stage="s2") == (0.5, [])
