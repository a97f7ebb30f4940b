"""The whole made-up history: rows by entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kpicore_demo.activities import activities, stage_tasks
from kpicore_demo.chance import Chance
from kpicore_demo.costs import costs
from kpicore_demo.customers import CustomerBook
from kpicore_demo.further import further_deals, reorders, web_shop
from kpicore_demo.leads import leads
from kpicore_demo.paperwork import end_subscriptions, papers
from kpicore_demo.rates import fx_rates
from kpicore_demo.reference import reference
from kpicore_demo.rows import cart_row, customer_row, lead_row, opportunity_row, stage_rows
from kpicore_demo.targets import targets
from kpicore_demo.voices import Active, email_sends, inquiries, referrals, social_events, surveys

Row = dict[str, Any]

SEED = 1050
"""The chance under which the story of `company` came out believable."""


def history(seed: int = SEED) -> Mapping[str, Sequence[Row]]:
    """Return the rows of every entity. The same seed gives the same rows, everywhere."""
    # Each part has its own stream, so that a change in one leaves the others as they are.
    streams = iter([Chance(seed * 100 + each) for each in range(20)])
    book = CustomerBook(next(streams))
    book.open()
    found = leads(next(streams), book)
    carts, purchases = web_shop(next(streams), book)
    deals = [each.deal for each in found if each.deal] + further_deals(next(streams), book.all)
    deals.sort(key=lambda each: each.created_at)
    for number, deal in enumerate(deals, 1):
        deal.id = f"D{number:04d}"
    purchases += reorders(next(streams), book.all)
    made = papers(next(streams), deals, purchases)
    end_subscriptions(made, book.all)
    active = Active(book.all)
    asked = inquiries(next(streams), active)
    referred = referrals(next(streams), found, active)
    return {
        **reference(),
        "customer": [customer_row(each) for each in book.all],
        "lead": [lead_row(each) for each in found],
        "opportunity": [opportunity_row(each) for each in deals],
        "stage_history": [row for each in deals for row in stage_rows(each)],
        "stage_task": stage_tasks(next(streams), deals),
        "contract": made.contract,
        "order": made.order,
        "order_line": made.order_line,
        "subscription": made.subscription,
        "invoice": made.invoice,
        "payment": made.payment,
        "cost": costs(next(streams), deals),
        "cart": [cart_row(number, each) for number, each in enumerate(carts, 1)],
        "survey_response": surveys(next(streams), active, asked),
        "inquiry": asked,
        "referral": referred,
        "activity": activities(next(streams), found, deals),
        "email_send": email_sends(next(streams), active),
        "social_event": social_events(next(streams)),
        "target": targets(),
        "fx_rate": fx_rates(),
    }
