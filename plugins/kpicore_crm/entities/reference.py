"""The short lists that deals and orders refer to."""

from __future__ import annotations

from kpicore import Entity, RollUp, average
from kpicore_crm.entities.drafts import (
    CYCLE_KNOWN,
    Draft,
    day,
    end,
    entity,
    identity,
    integer,
    money,
    number,
    presuming,
    reference,
    text,
)
from kpicore_crm.spellings import OUTCOME


def _named(what: str) -> tuple[Draft, ...]:
    return (
        identity(f"Id of the {what}."),
        text("name", f"Name of the {what}."),
        text("parent_id", f"The {what} that this one belongs to."),
        day("active_from", "First day of use."),
        end("active_to", "active_from", "First day after the last; empty while in use."),
    )


REGION = entity("region", "A sales region.", _named("region"), label="name", words=True)

PRODUCT = entity(
    "product",
    "Something that is sold.",
    _named("product"),
    reference("product_line_id", "product_line", "Line that the product belongs to."),
    money("list_price", "Price of one on the price list."),
    money("unit_cost", "What one costs us."),
    label="name",
)

PRODUCT_LINE = entity(
    "product_line",
    "A group of products.",
    _named("product line"),
    number("usual_cycle_days", "Average days from creation to winning of the line's won deals.", "days",
           RollUp("product_line_id", average("opportunity", "days(created_on, closed_on)", where=CYCLE_KNOWN))),
    label="name",
    words=True,
)  # fmt: skip
COMPETITOR = entity("competitor", "Someone who sells the same.", _named("competitor"), label="name", words=True)
LOSS_REASON = entity("loss_reason", "Why deals are lost.", _named("loss reason"), label="name", words=True)
PARTNER = entity("partner", "Someone who brings business.", _named("partner"), label="name", words=True)

STAGE = entity(
    "stage",
    "A step of the sales process.",
    identity("Id of the stage."),
    text("name", "Name of the stage."),
    text("pipeline", "Sales process that the stage belongs to."),
    presuming(integer("position", "Place in the process, 1 for the first; empty for the stage of lost deals.",
                      "position"), "stage_order"),
    number("probability", "Usual probability of winning from here, 0 to 1.", "share"),
    text("outcome", "What the stage means: open, won or lost.", codes=OUTCOME),
    # visit = 1: one row a deal and stage; `when` leaves out deals that close after the day of the data
    number("win_share", "Share won of all closed deals that passed the stage.", "share",
           RollUp("stage_id", average("opportunity_stage", "case when outcome = 'won' then 1 else 0 end",
                                      when="closed_at",
                                      where="visit = 1 and way_known and outcome in ('won', 'lost')"))),
    label="name",
    words=True,
)  # fmt: skip

REFERENCE: tuple[Entity, ...] = (REGION, PRODUCT, PRODUCT_LINE, COMPETITOR, LOSS_REASON, PARTNER, STAGE)
