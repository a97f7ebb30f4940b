"""Figures that the reports need and that are no KPI of the catalogue: visits, records, what happened at a stage."""

from __future__ import annotations

from kpicore import COUNT, HIGHER, LOWER, MONEY, NEUTRAL, Metric, count, distinct, total

_DONE = "status = 'held'"
_LEFT = "kind = 'stay' and left_on is not null"
_VISIT = f"type = 'visit' and {_DONE}"

METRICS = (
    Metric(
        "visits",
        name="Visits",
        unit=COUNT,
        better=HIGHER,
        family="activity",
        meaning="Visits to customers in the period that took place.",
        inputs={"visits": count("activity", when="on", where=_VISIT)},
        source="S1",
    ),
    Metric(
        "customers_visited",
        name="Customers visited",
        unit=COUNT,
        better=HIGHER,
        family="activity",
        meaning="Customers who were visited in the period, each once.",
        inputs={"customers": distinct("activity", "customer_id", when="on", where=_VISIT)},
        source="S1",
    ),
    Metric(
        "sales_records",
        name="New sales records",
        unit=COUNT,
        better=HIGHER,
        family="activity",
        meaning="Everything that reps recorded as done in the period: calls, e-mails, meetings, visits and so on.",
        inputs={"records": count("activity", when="on", where=_DONE)},
        source="S1",
    ),
    Metric(
        "opportunities_moved",
        name="Opportunities whose stage changed",
        unit=COUNT,
        better=HIGHER,
        family="pipeline",
        meaning="Opportunities that left a stage in the period: on to a later one, won or lost.",
        inputs={"moved": distinct("opportunity_stage", "opportunity_id", when="left_on", where=_LEFT)},
        source="S1",
    ),
    Metric(
        "stage_entries",
        name="Entered the stage",
        unit=COUNT,
        better=NEUTRAL,
        family="pipeline",
        meaning="Times that an opportunity entered a stage in the period, or came past it; to be lost is no stage.",
        needs_cut=("stage",),
        inputs={"entries": count("opportunity_stage", when="entered_on", where="visit is not null")},
        source="S1",
    ),
    Metric(
        "stage_losses",
        name="Lost in the stage",
        unit=COUNT,
        better=LOWER,
        family="pipeline",
        meaning="Opportunities lost in the period, by the stage that they were in.",
        inputs={"lost": count("opportunity_stage", when="closed_on", where="loses_deal")},
        source="S1",
    ),
    Metric(
        "stage_lost_amount",
        name="Amount lost in the stage",
        unit=MONEY,
        better=LOWER,
        family="pipeline",
        meaning="Amount of the opportunities lost in the period, by the stage that they were in.",
        inputs={"amount": total("opportunity_stage", "amount", when="closed_on", where="loses_deal")},
        source="S1",
    ),
)
