"""The demo's answers against SQL written by hand over the rows as they were given, before any filling.

Nothing of the engine, the calendar or the made tables is used here: days, currencies and who is
active are worked out again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.said import note_texts

TODAY = date(2026, 9, 18)
PERIODS = {
    "2025": (date(2025, 1, 1), date(2026, 1, 1)),
    "2025-11": (date(2025, 11, 1), date(2025, 12, 1)),
    "2026-Q2": (date(2026, 4, 1), date(2026, 7, 1)),
    "2026-Q3": (date(2026, 7, 1), date(2026, 10, 1)),  # in progress
}


def _day(moment: str) -> str:
    return f"CAST(timezone('America/New_York', timezone('UTC', {moment})) AS DATE)"


def _dollars(amount: str, day: str) -> str:
    rate = (
        f"(SELECT arg_max(rate, rate_on) FROM raw.fx_rate WHERE currency = here.currency"
        f" AND rate_on <= coalesce({day}, DATE '{TODAY}'))"
    )
    return f"CASE WHEN currency = 'USD' THEN {amount} ELSE CAST({amount} * {rate} AS DECIMAL(18,4)) END"


TOUCHED = """(SELECT min("at") FROM raw.activity WHERE opportunity_id = here.id AND status <> 'scheduled')"""
ROWS = f"""
WITH deal AS (
    SELECT id, customer_id, outcome, loss_reason_id, {_day("closed_at")} AS closed, {_day("created_at")} AS created,
        {_day(f"coalesce(first_contact_at, {TOUCHED})")} AS met, {_dollars("amount", _day("closed_at"))} AS amount
    FROM raw.opportunity AS here
), won AS (SELECT * FROM deal WHERE outcome = 'won' AND closed >= $first AND closed < $next),
ended AS (SELECT * FROM deal WHERE outcome <> 'open' AND closed >= $first AND closed < $next),
lost AS (SELECT * FROM ended WHERE outcome = 'lost'),
born AS (SELECT * FROM deal WHERE created >= $first AND created < $next),
waiting AS (SELECT * FROM deal WHERE created <= $last AND (closed IS NULL OR closed > $last)),
sale AS (
    SELECT id, customer_id, {_day("ordered_at")} AS day, {_dollars("amount", _day("ordered_at"))} AS amount
    FROM raw."order" AS here WHERE status <> 'cancelled'
), sold AS (SELECT * FROM sale WHERE day >= $first AND day < $next),
line AS (SELECT customer_id, line_type FROM raw.order_line JOIN sold ON sold.id = order_id),
lead AS (
    SELECT {_day("created_at")} AS day, {_day("mql_at")} AS mql, {_day("sql_at")} AS sql, converted_customer_id AS buyer
    FROM raw.lead
), came AS (SELECT * FROM lead WHERE day >= $first AND day < $next),
marketed AS (SELECT * FROM lead WHERE mql >= $first AND mql < $next),
spent AS (SELECT * FROM raw.cost WHERE booked_on >= $first AND booked_on < $next),
buyer AS (
    SELECT id, coalesce({_day("first_purchase_at")}, (SELECT min(day) FROM sale WHERE customer_id = here.id)) AS day
    FROM raw.customer AS here
), fresh AS (SELECT id FROM buyer WHERE day >= $first AND day < $next),
before AS (SELECT DISTINCT customer_id FROM sale WHERE day < $first AND day >= $first - 365),
after AS (SELECT DISTINCT customer_id FROM sale WHERE day <= $last AND day > $last - 365),
running AS (
    SELECT {_dollars("monthly_amount", "started_on")} AS amount FROM raw.subscription AS here
    WHERE started_on <= $last AND (ended_on IS NULL OR ended_on > $last)
), answer AS (
    SELECT * FROM raw.survey_response WHERE {_day("answered_at")} >= $first AND {_day("answered_at")} < $next
), cart AS (SELECT * FROM raw.cart WHERE {_day("created_at")} >= $first AND {_day("created_at")} < $next),
bill AS (
    SELECT id, {_dollars("amount", "due_on")} AS amount FROM raw.invoice AS here
    WHERE due_on >= $first AND due_on <= $last
), paid AS (SELECT invoice_id, {_dollars("amount", "received_on")} AS amount FROM raw.payment AS here),
task AS (SELECT done_at FROM raw.stage_task WHERE due_on >= $first AND due_on <= $last)
"""
COST = "(SELECT sum(amount) FROM spent WHERE category <> 'retention')"
LEAD_COST = "(SELECT sum(amount) FROM spent WHERE category IN ('marketing', 'advertising'))"

ANSWERS = {
    "total_sales.booked": "SELECT sum(amount) FROM won",
    "won_deals": "SELECT count(*) FROM won",
    "win_rate.closed": "SELECT (SELECT count(*) FROM won) / count(*) FROM ended",
    "win_rate.created": "SELECT count(*) FILTER (outcome = 'won') / count(*) FROM born",
    "win_rate.amount": "SELECT (SELECT sum(amount) FROM won) / sum(amount) FROM ended",
    "avg_deal_size": "SELECT sum(amount) / count(*) FROM won",
    "avg_sales_per_customer.buyers": "SELECT sum(amount) / count(DISTINCT customer_id) FROM won",
    "opportunities_created": "SELECT count(*) FROM born",
    "lost_deals": "SELECT count(*) FROM lost",
    "lost_amount": "SELECT sum(amount) FROM lost",
    "loss_reason_share.unknown": "SELECT count(*) FILTER (loss_reason_id IS NULL) / count(*) FROM lost",
    "pipeline_count": "SELECT count(*) FROM waiting",
    "pipeline_value": "SELECT sum(amount) FROM waiting",
    "sales_cycle.mean": "SELECT avg(closed - met) FROM won",
    "sales_cycle.median": "SELECT median(closed - met) FROM won",
    "sales_cycle.p90": "SELECT quantile_cont(closed - met, 0.9) FROM won",
    "revenue": "SELECT sum(amount) FROM sold",
    "aov": "SELECT sum(amount) / count(*) FROM sold",
    "avg_ticket": "SELECT sum(amount) / count(DISTINCT customer_id) FROM sold",
    "mrr": "SELECT sum(amount) FROM running",
    "upsell_cross_sell": "SELECT count(DISTINCT customer_id) FILTER (line_type IN ('upsell', 'cross_sell'))"
    " / count(DISTINCT customer_id) FROM line",
    "new_leads": "SELECT count(*) FROM came",
    "lead_conversion": "SELECT count(buyer) / count(*) FROM came",
    "mql_count": "SELECT count(*) FROM marketed",
    "mql_to_sql_rate.cohort": "SELECT count(sql) / count(*) FROM marketed",
    "cpl": f"SELECT {LEAD_COST} / count(*) FROM came",
    "cac": f"SELECT {COST} / count(*) FROM fresh",
    "roi": "SELECT (SELECT sum(amount) FROM sold) / sum(amount) - 1 FROM spent",
    "ltv.revenue": "SELECT (SELECT sum(amount) FROM sale JOIN fresh ON fresh.id = customer_id) / count(*) FROM fresh",
    "new_customers": "SELECT count(*) FROM fresh",
    "active_customers": "SELECT count(*) FROM after",
    "lost_customers": "SELECT count(*) FROM before ANTI JOIN after USING (customer_id)",
    "churn_rate": "SELECT (SELECT count(*) FROM before ANTI JOIN after USING (customer_id)) / count(*) FROM before",
    "retention_rate": "SELECT (SELECT count(*) FROM before SEMI JOIN after USING (customer_id)) / count(*) FROM before",
    "nps": "SELECT 100 * (count(*) FILTER (score >= 9) - count(*) FILTER (score <= 6)) / count(*) FROM answer"
    " WHERE type = 'nps'",
    "csat": "SELECT count(*) FILTER (score >= scale_max - 1) / count(*) FROM answer WHERE type = 'csat'",
    "cart_abandonment": "SELECT count(*) FILTER (ordered_at IS NULL) / count(*) FROM cart",
    "collection_rate.of_due": "SELECT (SELECT sum(paid.amount) FROM paid JOIN bill ON bill.id = invoice_id)"
    " / sum(amount) FROM bill",
    "stage_task_completion": "SELECT count(done_at) / count(*) FROM task",
}


@pytest.mark.parametrize("period", PERIODS)
def test_the_demo_answers_what_its_rows_say(made: Any, period: str) -> None:
    first, after = PERIODS[period]
    found = made.workspace.get(tuple(ANSWERS), period).answers
    for (ref, select), answer in zip(ANSWERS.items(), found, strict=True):
        last = min(date.fromordinal(after.toordinal() - 1), TODAY)
        sql = ROWS + select
        for name, day in (("$first", first), ("$next", after), ("$last", last)):
            sql = sql.replace(name, f"DATE '{day}'")
        ((expected,),) = made.workspace.warehouse.query(sql)
        assert answer.value == pytest.approx(float(expected), rel=1e-9), (ref, period)


@pytest.mark.parametrize("ref", ["customer_lifespan.observed", "ltv.formula", "ltv.revenue"])
def test_what_customers_did_so_far_is_told_to_be_unfinished(made: Any, ref: str) -> None:
    (answer,) = made.workspace.get(ref, "2026-Q3").answers
    assert "maturing: what began in 2026-Q3 can still change until 2026-10-30" in note_texts(answer.notes)


def test_a_bill_that_nobody_paid_is_told_as_unpaid_not_as_left_out(made: Any) -> None:
    (answer,) = made.workspace.get("collection_rate.of_due", "2025").answers
    assert answer.n == 1116
    assert "26 of 1,116 rows of invoice have collected_amount 0" in note_texts(answer.notes)
    assert not [text for text in note_texts(answer.notes) if "left out" in text]


def test_customers_whose_purchases_are_not_known_lower_no_lifetime_value(made: Any) -> None:
    # 88 customers say that they first bought in 2022; the orders begin in October 2023, and 17 of them have none.
    (answer,) = made.workspace.get("ltv.revenue", "2022").answers
    assert (answer.n, answer.inputs["customers"]) == (71, 71)
    assert "17 of 88 rows of customer left out: no lifetime_revenue" in note_texts(answer.notes)
