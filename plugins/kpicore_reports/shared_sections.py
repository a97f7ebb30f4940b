"""Sections that several reports share: stages, losses, and lists of rows such as top and stalled deals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kpicore import DAYS, MINUTES, MONEY, SHARE, Breakdown, Column, Listing, count, standing

_AGE = "days(created_on, period.as_of)"
_OPEN = standing("opportunity_stage", since="since_on", until="until_on")
_DEAL: Mapping[str, str | Column] = {
    "Opportunity": "name",
    "Customer": "customer",
    "Rep": "rep",
    "Stage": "stage",
    "Amount": "amount",
}

SNAPSHOT = Breakdown(
    "Open deals by stage",
    {"Open": "pipeline_count", "Amount open": "pipeline_value"},
    by=("stage",),
    chart="bars",
)
STAGES = Breakdown(
    "Stage by stage",
    {
        "Entered": "stage_entries",
        "Went on": "stage_conversion.next",
        "Of all started": "stage_conversion.cumulative",
        "Days there": "stage_dwell_time",
        "Lost there": "stage_losses",
        "Amount lost": "stage_lost_amount",
    },
    by=("stage",),
    chart="funnel",
    instead=SNAPSHOT,
)
LOSSES = Breakdown(
    "Why deals are lost",
    {"Deals lost": "lost_deals", "Of known reasons": "loss_reason_share", "Amount lost": "lost_amount"},
    by=("loss_reason",), ranked=True, chart="bars",
)  # fmt: skip
ACTIVITY = ("calls", "emails_sent", "meetings", "follow_ups", "demos", "proposals", "visits")
DID = {
    "Calls": "calls", "E-mails": "emails_sent", "Meetings": "meetings", "Follow-ups": "follow_ups",
    "Demos": "demos", "Proposals": "proposals", "Visits": "visits", "All records": "sales_records",
}  # fmt: skip

TOP = Listing(
    "top_opportunities",
    "Top 10 opportunities",
    rows=_OPEN,
    columns={
        **_DEAL,
        "Chance": Column("probability", SHARE),
        "Expected close": "expected_close_on",
        "Age": Column(_AGE, DAYS),
    },
    order="amount",
    meaning="The largest opportunities that are open at the end of the period, in the stage of that day.",
)
TOP_WEIGHTED = Listing(
    "top_weighted_opportunities",
    "Top 10 by amount times probability",
    rows=_OPEN,
    columns={**_DEAL, "Chance": Column("probability", SHARE), "Weighted": Column("amount * probability", MONEY)},
    order="amount * probability",
    meaning="The opportunities that are open at the end of the period and worth most, in the stage of that day.",
)
STALLED = Listing(
    "stalled_deals",
    "Stalled deals",
    rows=replace(_OPEN, where=f"{_AGE} > usual_cycle_days"),
    columns={
        **_DEAL,
        "Age": Column(_AGE, DAYS),
        "Usual cycle": Column("usual_cycle_days", DAYS),
        "Last touch": "last_touch_on",
    },
    order=f"{_AGE} - usual_cycle_days",
    limit=20,
    meaning="Open longer than won deals of the same product line, or rep, took; the longest overdue first.",
)
LOST = Listing(
    "lost_deals",
    "Largest lost deals",
    rows=count("opportunity", when="closed_on", where="outcome = 'lost'"),
    columns={
        "Opportunity": "name",
        "Customer": "customer",
        "Rep": "rep",
        "Reason": "loss_reason",
        "Competitor": "competitor",
        "Lost on": "closed_on",
        "Amount": "amount",
    },
    order="amount",
)
BEHAVIOUR = Listing(
    "sales_behaviour",
    "Sales behaviour log",
    rows=count("activity", when="on", where="status = 'held'"),
    columns={
        "On": "on",
        "Rep": "rep",
        "What": "type",
        "Customer": "customer",
        "Took": Column("duration_min", MINUTES),
        "Kind of time": "time_category",
    },
    order="at",
    limit=20,
    meaning="What reps recorded as done, the latest first.",
)
