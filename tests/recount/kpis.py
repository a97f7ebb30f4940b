"""The second count of each KPI and variant, as the catalogue words it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal

from tests.recount.books import Row
from tests.recount.recount import (
    DAY,
    Number,
    Recount,
    buyers,
    growth,
    mean,
    minutes,
    over,
    profit,
    quantile,
    summed,
)

Count = Callable[[Recount], Number]
LEAD_COSTS = ("marketing", "advertising")


def known(name: str) -> Callable[[Row], bool]:
    return lambda row: row[name] is not None


def with_buyer(row: Row) -> bool:
    return row["customer_id"] is not None


def priced(row: Row) -> bool:
    return row["amount"] is not None


def _both(r: Recount) -> Number:
    won = r.dated("opportunity", "closed_on", lambda d: d["outcome"] == "won", plan=True)
    return summed(won, "amount") + summed(_expected(r), "amount", "probability")


def _expected(r: Recount, category: str = "") -> list[Row]:
    return r.dated(
        "opportunity",
        "expected_close_on",
        lambda d: d["outcome"] == "open" and category in ("", d["forecast_category"]),
        plan=True,
    )


def _win_rate(r: Recount) -> Number:
    return over(len([d for d in r.created() if d["outcome"] == "won"]), len(r.created()))


def _conversion(r: Recount) -> Number:
    return over(len([lead for lead in r.leads() if lead["became_customer"]]), len(r.leads()))


def _per_customer(r: Recount) -> Number:
    deals = [deal for deal in r.won() if with_buyer(deal)]
    return over(summed(deals, "amount"), len(buyers(filter(priced, deals))))


def _literal(r: Recount) -> Number:
    rate, each = _win_rate(r), _per_customer(r)
    return None if rate is None or each is None else len(r.created()) * float(rate) * float(each)


def _exact(r: Recount) -> Number:
    rate, each = (
        over(len(r.won()), len(r.closed())),
        over(summed(r.won(), "amount"), len(list(filter(priced, r.won())))),
    )
    return None if rate is None or each is None else len(r.closed()) * float(rate) * float(each)


def _residual(r: Recount) -> Number:
    equation = _literal(r)
    return None if equation is None else float(summed(r.won(), "amount")) - float(equation)


def _average_mrr(r: Recount) -> Number:
    days = [r.span.start + n * DAY for n in range((r.last - r.span.start).days + 1)]
    return mean([r.mrr(day) for day in days])


def _paid(entity: str, when: str) -> Count:
    def rate(r: Recount) -> Number:
        rows = r.dated(entity, when)  # what is due later can be paid by nobody yet
        return over(summed(filter(priced, rows), "collected"), summed(rows, "amount"))

    return rate


def _revenue_churn(r: Recount) -> Number:
    def by_customer(day: object) -> dict[str, Decimal]:
        amounts: dict[str, Decimal] = {}
        for row in r.at("subscription", day, "started_on", "ended_on"):  # type: ignore[arg-type]
            if row["customer_id"] is not None:
                amounts[row["customer_id"]] = amounts.get(row["customer_id"], Decimal(0)) + (
                    row["monthly_amount"] or Decimal(0)
                )
        return amounts

    before, after = by_customer(r.before), by_customer(r.last)
    lost = sum((max(amount - after.get(id, Decimal(0)), Decimal(0)) for id, amount in before.items()), Decimal(0))
    return over(lost, sum(before.values(), Decimal(0)))


def _post_close_churn(r: Recount) -> Number:
    within = timedelta(90) + (r.books.idle if r.books.rule == "inactivity" else timedelta(0))
    old = [deal for deal in r.won() if deal["closed_on"] + within <= r.books.today]
    ends = [(spell["customer_id"], spell["active_to"]) for spell in r.books.spells if spell["active_to"]]
    gone = 0
    for deal in old:
        after = [end for id, end in ends if id == deal["customer_id"] and end >= deal["closed_on"]]
        gone += bool(after) and min(after) <= deal["closed_on"] + within
    return over(gone, len(old))


def _churn(r: Recount) -> Number:
    before = r.active(r.before)
    return over(len(before - r.active(r.last)), len(before))


def _cac(r: Recount) -> Number:
    return over(r.acquisition(), len(r.fresh()))


def _kept_ratio(r: Recount) -> Number:
    kept = len(r.active(r.before) & r.active(r.last))
    return over(_cac(r), over(r.costs("retention"), kept))


def _ltv(name: str) -> Count:
    return lambda r: over(summed(r.fresh(), name), len(list(filter(known(name), r.fresh()))))


def _purchase_value(r: Recount) -> Number:
    return over(r.revenue(), len(r.orders(priced)))


def _frequency(r: Recount) -> Number:
    each = over(len(r.orders(with_buyer)), len(buyers(r.orders())))
    return None if each is None else float(each) / r.span.years


def _lifespan(r: Recount) -> Number:
    days = [
        (c["last_purchase_on"] - c["first_purchase_on"]).days for c in r.fresh() if c["last_purchase_on"] is not None
    ]
    return mean([day / 365.25 for day in days])


def _ltv_formula(r: Recount) -> Number:
    parts = _purchase_value(r), _frequency(r), _lifespan(r)
    value = 1.0
    for part in parts:
        if part is None:
            return None
        value *= float(part)
    return value


def _nps(r: Recount) -> Number:
    share = over(len(r.answers("nps", 9, 10)) - len(r.answers("nps", 0, 6)), len(r.answers("nps", 0, 10)))
    return None if share is None else 100 * float(share)


def _lacking(target: Number, reached: int) -> Number:
    return None if target is None else max(float(target) - reached, 0)


def _reasoned(r: Recount, but: str = "") -> list[Row]:
    """Return the deals lost of a known reason; of every reason where `but` is that dimension."""
    return r.dated(
        "opportunity", "closed_on", lambda d: d["outcome"] == "lost" and d["loss_reason_id"] is not None, but=but
    )


def _satisfied(r: Recount) -> Number:
    given = r.answers("csat", 0, None)
    best = [row for row in given if row["score"] >= (5 if row["scale_max"] is None else row["scale_max"]) - 1]
    return over(len(best), len(given))


def _mean_score(given: list[Row]) -> Number:
    scales = {5 if row["scale_max"] is None else row["scale_max"] for row in given}
    return mean([row["score"] for row in given]) if len(scales) == 1 else None


def _opened(r: Recount, arrived: bool) -> Number:
    sent = r.dated("email_send", "sent_on", lambda e: not arrived or e["delivered"] is True)
    return over(len([e for e in sent if e["opened_at"] is not None]), len(sent))


def _per_rep(what: Number, r: Recount) -> Number:
    return over(what, len(r.reps()))


def _cycles() -> dict[str, Count]:
    starts = {"": "first_contact_on", "opportunity_created_": "created_on", "lead_created_": "lead_created_on"}
    found: dict[str, Count] = {}
    for prefix, start in starts.items():
        found[f"sales_cycle.{prefix}mean"] = lambda r, start=start: mean(r.cycle(start))  # type: ignore[misc]
        found[f"sales_cycle.{prefix}median"] = lambda r, start=start: quantile(r.cycle(start), 0.5)  # type: ignore[misc]
        found[f"sales_cycle.{prefix}p90"] = lambda r, start=start: quantile(r.cycle(start), 0.9)  # type: ignore[misc]
    return found


def _activities() -> dict[str, Count]:
    types = {
        "calls": ("call",),
        "emails_sent": ("email",),
        "calls_emails": ("call", "email"),
        "follow_ups": ("follow_up",),
        "proposals": ("proposal",),
        "demos": ("demo",),
        "events_attended": ("event",),
        "meetings.held": ("meeting",),
    }
    return {name: lambda r, some=some: len(r.done(*some)) for name, some in types.items()}  # type: ignore[misc]


def _sold_more() -> dict[str, Count]:
    types = {
        "upsell_cross_sell": ("upsell", "cross_sell"),
        "upsell_rate": ("upsell",),
        "cross_sell_rate": ("cross_sell",),
    }
    found: dict[str, Count] = {}
    for name, some in types.items():
        found[f"{name}.buyers"] = lambda r, some=some: over(len(r.sold_more(*some)), len(r.bought_lines()))  # type: ignore[misc]
        found[f"{name}.base"] = lambda r, some=some: over(len(r.sold_more(*some)), len(r.active(r.last)))  # type: ignore[misc]
    return found


COUNTS: Mapping[str, Count] = {
    "total_sales.booked": lambda r: summed(r.won(), "amount"),
    "total_sales.recognized": lambda r: r.revenue(),
    "total_sales.collected": lambda r: summed(r.dated("payment", "received_on"), "amount"),
    "won_deals": lambda r: len(r.won()),
    "sales_equation.literal": _literal,
    "sales_equation.exact": _exact,
    "sales_equation.residual": _residual,
    "revenue": lambda r: r.revenue(),
    "sales_growth.previous": lambda r: growth(r.revenue(), r.shifted("previous").revenue()),
    "sales_growth.yoy": lambda r: growth(r.revenue(), r.shifted("year").revenue()),
    "monthly_sales_growth.absolute": lambda r: r.revenue() - r.shifted("previous").revenue(),
    "monthly_sales_growth.percent": lambda r: growth(r.revenue(), r.shifted("previous").revenue()),
    "mrr.end": lambda r: r.mrr(r.last),
    "mrr.average": _average_mrr,
    "collected_amount": lambda r: summed(r.dated("payment", "received_on"), "amount"),
    "collection_rate.contracted": _paid("contract", "ordered_on"),
    "collection_rate.of_due": _paid("invoice", "due_on"),
    "avg_ticket": lambda r: over(summed(r.orders(with_buyer), "amount"), len(buyers(r.orders(priced)))),
    "avg_sales_per_customer.buyers": _per_customer,
    "avg_sales_per_customer.all_active": lambda r: over(summed(r.won(), "amount"), len(r.active(r.last))),
    "aov": _purchase_value,
    "avg_deal_size": lambda r: over(summed(r.won(), "amount"), len(list(filter(priced, r.won())))),
    "avg_ticket_per_rep": _purchase_value,
    "sales_per_rep.amount": lambda r: _per_rep(summed(r.won(), "amount"), r),
    "sales_per_rep.count": lambda r: _per_rep(len(r.won()), r),
    "target_attainment.money": lambda r: over(summed(r.won(), "amount"), r.target("total_sales")),
    "target_attainment.volume": lambda r: over(len(r.won()), r.target("won_deals")),
    "target_attainment.new_accounts": lambda r: over(len(r.fresh()), r.target("new_customers")),
    "quota_attainment": lambda r: over(summed(r.won(), "amount"), r.target("total_sales")),
    "required_opportunities": lambda r: over(r.target("won_deals"), _win_rate(r.shifted("previous"))),
    "required_leads": lambda r: over(r.target("won_deals"), _conversion(r.shifted("previous"))),
    "required_opportunities.remaining": lambda r: over(
        _lacking(r.target("won_deals"), len(r.won())), _win_rate(r.shifted("previous"))
    ),
    "required_leads.remaining": lambda r: over(
        _lacking(r.target("won_deals"), len(r.won())), _conversion(r.shifted("previous"))
    ),
    "stage_task_completion": lambda r: over(
        len(r.dated("stage_task", "due_on", known("done_on"))), len(r.dated("stage_task", "due_on"))
    ),
    "sales_forecast.weighted": _both,
    "sales_forecast.commit": lambda r: summed(_expected(r, "commit"), "amount"),
    "sales_forecast.best": lambda r: summed(_expected(r, "best"), "amount"),
    "sales_forecast.pipeline": lambda r: summed(_expected(r, "pipeline"), "amount"),
    "sales_forecast.run_rate": lambda r: summed(r.won(), "amount"),  # of a period that is over
    "new_leads": lambda r: len(r.leads()),
    "mql_count": lambda r: len(r.dated("lead", "mql_on")),
    "sql_count": lambda r: len(r.dated("lead", "sql_on")),
    "mql_to_sql_rate.cohort": lambda r: over(
        len(r.dated("lead", "mql_on", known("sql_on"))), len(r.dated("lead", "mql_on"))
    ),
    "mql_to_sql_rate.flow": lambda r: over(len(r.dated("lead", "sql_on")), len(r.dated("lead", "mql_on"))),
    "lead_to_opportunity": lambda r: over(len(r.created()), len(r.leads())),
    "lead_conversion.cohort": _conversion,
    "lead_conversion.in_funnel": lambda r: over(len(r.won_in_funnel()), len(r.in_funnel())),
    "conversion_by_channel.cohort": _conversion,
    "conversion_by_source.cohort": _conversion,
    "time_to_convert": lambda r: mean(
        [
            (lead["converted_on"] - lead["created_on"]).days
            for lead in r.dated("lead", "converted_on", lambda lead: lead["became_customer"] is True)
            if lead["created_on"] is not None and lead["converted_on"] >= lead["created_on"]
        ]
    ),
    "lead_response_time.mean": lambda r: mean(minutes(r.leads(), "created_at", "first_response_at")),
    "lead_response_time.median": lambda r: quantile(minutes(r.leads(), "created_at", "first_response_at"), 0.5),
    "win_rate.closed": lambda r: over(len(r.won()), len(r.closed())),
    "win_rate.created": _win_rate,
    "win_rate.funnel": lambda r: over(len(r.won_in_funnel()), len(r.in_funnel())),
    "win_rate.amount": lambda r: over(summed(r.won(), "amount"), summed(r.closed(), "amount")),
    "competitor_win_rate": lambda r: over(len(r.won()), len(r.closed())),
    "lost_deals": lambda r: len(r.lost()),
    "lost_amount": lambda r: summed(r.lost(), "amount"),
    "loss_reason_share.known": lambda r: over(len(_reasoned(r)), len(_reasoned(r, but="loss_reason"))),
    "loss_reason_share.unknown": lambda r: over(
        len([deal for deal in r.lost() if deal["loss_reason_id"] is None]), len(r.lost())
    ),
    "opportunities_created.created": lambda r: len(r.created()),
    "opportunities_created.sql": lambda r: len(r.dated("lead", "sql_on")),
    "opportunity_quality.qualified": lambda r: over(
        len([d for d in r.created() if d["outcome"] == "won" or (d["furthest"] or 0) >= 2]), len(r.created())
    ),
    "opportunity_quality.score": lambda r: mean([x["score"] for x in r.leads() if x["score"] is not None]),
    "pipeline_count": lambda r: len(r.open_at_end()),
    "pipeline_value": lambda r: summed(r.open_at_end(), "amount"),
    **_cycles(),
    "cpl.all": lambda r: over(r.costs(*LEAD_COSTS), len(r.leads())),
    "cpl.mql": lambda r: over(r.costs(*LEAD_COSTS), len(r.dated("lead", "mql_on"))),
    "acquisition_cost": lambda r: r.acquisition(),
    "cac.fully_loaded": _cac,
    "cac.paid": lambda r: over(r.costs("advertising"), len(r.fresh())),
    "cac.lag": lambda r: over(r.shifted("3 months").acquisition(), len(r.fresh())),
    "roi.sales": lambda r: over(r.revenue() - r.costs(), r.costs()),
    "roi.margin": lambda r: over(profit(r.orders()) - r.costs(), r.costs()),
    "acquisition_retention_cost_ratio": _kept_ratio,
    "ltv.revenue": _ltv("lifetime_revenue"),
    "ltv.profit": _ltv("lifetime_margin"),
    "ltv.expected": _ltv("expected_value"),
    "ltv.formula": _ltv_formula,
    "avg_purchase_value": _purchase_value,
    "purchase_frequency": _frequency,
    "customer_lifespan.observed": _lifespan,
    "customer_lifespan.from_churn": lambda r: over(r.span.years, _churn(r)),
    "ltv_cac": lambda r: over(_ltv("lifetime_revenue")(r), _cac(r)),
    "new_customers": lambda r: len(r.fresh()),
    "active_customers": lambda r: len(r.active(r.last)),
    "lost_customers": lambda r: len(r.active(r.before) - r.active(r.last)),
    "churn_rate": _churn,
    "retention_rate": lambda r: over(len(r.active(r.before) & r.active(r.last)), len(r.active(r.before))),
    "revenue_churn": _revenue_churn,
    "post_close_churn": _post_close_churn,
    "referrals": lambda r: len(r.dated("referral", "on")),
    **_sold_more(),
    "nps": _nps,
    "promoter_share": lambda r: over(len(r.answers("nps", 9, 10)), len(r.answers("nps", 0, 10))),
    "csat.satisfied": _satisfied,
    "csat.mean": lambda r: _mean_score(r.answers("csat", 0, None)),
    "inquiry_response_time": lambda r: mean(
        minutes(r.dated("inquiry", "received_on"), "received_at", "first_reply_at")
    ),
    "cart_abandonment": lambda r: over(
        len(r.dated("cart", "created_on", lambda c: c["ordered_at"] is None)), len(r.dated("cart", "created_on"))
    ),
    **_activities(),
    "meetings.scheduled": lambda r: len(r.dated("activity", "on", lambda a: a["type"] == "meeting")),
    "sales_records": lambda r: len(r.done()),
    "visits": lambda r: len(r.done("visit")),
    "customers_visited": lambda r: len(buyers(r.done("visit"))),
    "selling_time.hours": lambda r: summed(r.done(), "duration_min") / 60,
    "social_engagement": lambda r: summed(r.dated("social_event", "on"), "count"),
    "activity_ratio": lambda r: over(len(r.done("call", "email", "meeting")), len(r.won())),
    "email_open_rate.delivered": lambda r: _opened(r, True),
    "email_open_rate.sent": lambda r: _opened(r, False),
}
