"""Sections that several reports share."""

from __future__ import annotations

from kpicore import Breakdown

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
