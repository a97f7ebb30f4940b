"""Who sells, and what they do all day."""

from __future__ import annotations

from kpicore import Entity, LookUp, RollUp, average, earliest
from kpicore_crm.entities.drafts import (
    CYCLE_KNOWN,
    customer_traits,
    cut,
    day,
    end,
    entity,
    identity,
    moment,
    number,
    owner,
    reference,
    region,
    text,
)
from kpicore_crm.spellings import ACTIVITY_STATUS, ACTIVITY_TYPE, TIME_CATEGORY

USER = entity(
    "user",
    "A sales rep.",
    identity("Id of the rep."),
    reference("owner_id", "user", "The rep, so that reps can be cut by rep.", "id"),
    text("name", "Name of the rep."),
    text("email", "E-mail address."),
    reference("team_id", "team", "Team of the rep."),
    reference("region_id", "region", "Region of the rep; the team's where none is given.",
              LookUp("team_id", "team", "region_id")),
    reference("manager_id", "user", "Who leads the rep."),
    day("active_from", "First day as a rep; the first deal, then the first order, where none is given.",
        RollUp("owner_id", earliest("opportunity", "created_on", when="created_on")),
        RollUp("owner_id", earliest("order", "ordered_on", when="ordered_on"))),
    end("active_to", "active_from", "First day after the last; empty while working."),
    number("usual_cycle_days", "Average days from creation to winning of the rep's won deals.", "days",
           RollUp("owner_id", average("opportunity", "days(created_on, closed_on)", where=CYCLE_KNOWN))),
    label="name",
)  # fmt: skip

TEAM = entity(
    "team",
    "A group of sales reps.",
    identity("Id of the team."),
    text("name", "Name of the team."),
    text("parent_id", "Team that this one belongs to."),
    reference("region_id", "region", "Region of the team."),
    day("active_from", "First day."),
    end("active_to", "active_from", "First day after the last; empty while open."),
    label="name",
    words=True,
)

ACTIVITY = entity(
    "activity",
    "Something a rep did, or plans to do, to win or keep a customer.",
    identity("Id of the activity."),
    cut(
        "type",
        "call, email, meeting, follow_up, demo, proposal, event, social, visit, presentation, task, note, message,"
        " letter or other.",
        codes=ACTIVITY_TYPE,
    ),
    owner("Who did it."),
    moment("at", "When it was, or is planned."),
    number("duration_min", "How long it took.", "minutes"),
    cut(
        "status",
        "scheduled, held, cancelled, no_show or rescheduled; held where the source does not say.",
        "'held'",
        codes=ACTIVITY_STATUS,
    ),
    reference("lead_id", "lead", "Lead that it was about."),
    reference("opportunity_id", "opportunity", "Deal that it was about."),
    reference(
        "customer_id",
        "customer",
        "Customer that it was about; the deal's where none is given.",
        LookUp("opportunity_id", "opportunity", "customer_id"),
    ),
    region("customer_id", "owner_id"),
    customer_traits(),
    cut("time_category", "prospecting, customer_meeting, admin or other.", codes=TIME_CATEGORY),
    main_date="on",
)

PEOPLE: tuple[Entity, ...] = (USER, TEAM, ACTIVITY)
