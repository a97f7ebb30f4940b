"""Conditions and inputs that several packs share.

Articles are cited as S0 (zh/pt, 13 sales KPIs), S1 (zh, 11 management KPIs), S2 (hu, 10 KPIs),
S3 (ru, 5 KPIs) and S4 (ro, a small-business guide); "ours" marks numbers that we made up.
"""

from __future__ import annotations

from kpicore import DURING, count, distinct, per, standing, total

DUE = "due_on <= period.as_of"
"""What is due later can be neither paid nor done late."""

WON = "outcome = 'won'"
LOST = "outcome = 'lost'"
CLOSED = "outcome in ('won', 'lost')"
OPEN = "outcome = 'open'"
KEPT = "status in ('completed', 'partly_refunded')"
"""An order that is not completed yet, or was taken back, is no purchase."""
DONE = "status = 'held'"
"""An activity that is only planned, or did not take place, is none; one without a status is."""
KNOWN = "customer_id is not null"
"""A buyer that is not known cannot be counted, so the amount is left out of a ratio over buyers too."""

OURS = "ours"

won_deals = count("opportunity", when="closed_on", where=WON)
won_amount = total("opportunity", "amount", when="closed_on", where=WON)
closed_deals = count("opportunity", when="closed_on", where=CLOSED)
worth_known = count("opportunity", when="closed_on", where=f"{WON} and amount is not null")
in_funnel = standing("opportunity", since="created_on", until="closed_on", at=DURING)
won_in_funnel = count("opportunity", when="closed_on", where=f"{WON} and created_on <= closed_on")
"""A deal that was created on no known day, or after its close, is not `in_funnel`, so it may not be in its share."""
deals_created = count("opportunity", when="created_on")

order_amount = total("order", "amount", when="ordered_on", where=KEPT)
priced_orders = count("order", when="ordered_on", where=f"{KEPT} and amount is not null")
buyers = distinct("order", "customer_id", when="ordered_on", where=KEPT)
priced_buyers = distinct("order", "customer_id", when="ordered_on", where=f"{KEPT} and amount is not null")

leads = count("lead", when="created_on")

# Who never bought, or never qualified, is not missing from any period: the condition says so.
BOUGHT = "first_purchase_on is not null"
new_customers = count("customer", when="first_purchase_on", where=BOUGHT)
mqls = count("lead", when="mql_on", where="mql_on is not null")
sqls = count("lead", when="sql_on", where="sql_on is not null")

active = standing("customer_spell", since="active_from", until="active_to")
customers = per("customer_id", active)
at_start = count(customers, where="at_start > 0")


def passed(unit: str, start: str, end: str) -> str:
    """Return the row expression for the days or minutes (`unit`) from start to end; no value where the end is first."""
    return f"case when {end} >= {start} then {unit}({start}, {end}) end"
