"""The whole made-up history: rows by entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kpicore_demo.activities import activities, stage_tasks
from kpicore_demo.chance import Chance
from kpicore_demo.costs import costs
from kpicore_demo.customers import CustomerBook
from kpicore_demo.leads import leads
from kpicore_demo.paperwork import end_subscriptions, papers
from kpicore_demo.reference import fx_rates, reference
from kpicore_demo.repeat_business import further_deals, reorders, web_shop
from kpicore_demo.rows import cart_row, customer_row, lead_row, opportunity_row, stage_rows
from kpicore_demo.targets import targets
from kpicore_demo.voices import Active, email_sends, inquiries, referrals, social_events, surveys

Row = dict[str, Any]

SEED = 1050
"""The chance under which the story of `company` came out believable."""


def history(seed: int = SEED) -> Mapping[str, Sequence[Row]]:
    """Return the rows of every entity. The same seed gives the same rows, everywhere."""
    # Each part has its own stream, so that a change in one leaves the others as they are.
    streams = iter([Chance(seed * 100 + part) for part in range(20)])
    book = CustomerBook(next(streams))
    book.open()
    all_leads = leads(next(streams), book)
    carts, purchases = web_shop(next(streams), book)
    deals = [lead.deal for lead in all_leads if lead.deal] + further_deals(next(streams), book.all)
    deals.sort(key=lambda deal: deal.created_at)
    for number, deal in enumerate(deals, 1):
        deal.id = f"D{number:04d}"
    purchases += reorders(next(streams), book.all)
    documents = papers(next(streams), deals, purchases)
    end_subscriptions(documents, book.all)
    active = Active(book.all)
    questions = inquiries(next(streams), active)
    referred = referrals(next(streams), all_leads, active)
    return {
        **reference(),
        "customer": [customer_row(customer) for customer in book.all],
        "lead": [lead_row(lead) for lead in all_leads],
        "opportunity": [opportunity_row(deal) for deal in deals],
        "stage_history": [row for deal in deals for row in stage_rows(deal)],
        "stage_task": stage_tasks(next(streams), deals),
        "contract": documents.contract,
        "order": documents.order,
        "order_line": documents.order_line,
        "subscription": documents.subscription,
        "invoice": documents.invoice,
        "payment": documents.payment,
        "cost": costs(next(streams), deals),
        "cart": [cart_row(number, cart) for number, cart in enumerate(carts, 1)],
        "survey_response": surveys(next(streams), active, questions),
        "inquiry": questions,
        "referral": referred,
        "activity": activities(next(streams), all_leads, deals),
        "email_send": email_sends(next(streams), active),
        "social_event": social_events(next(streams)),
        "target": targets(),
        "fx_rate": fx_rates(),
    }
