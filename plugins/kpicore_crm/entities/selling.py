"""Deals: opportunities, the stages they pass, and what is due at each stage."""

from __future__ import annotations

from kpicore import Entity, FirstSince, LookUp, RollUp, RowCheck, earliest, latest, percentile
from kpicore_crm.entities.drafts import (
    DONE,
    Draft,
    current,
    customer_traits,
    cut,
    day,
    entity,
    flag,
    identity,
    integer,
    moment,
    money,
    number,
    owner,
    presuming,
    product,
    reference,
    region,
    text,
)
from kpicore_crm.spellings import (
    BUSINESS_TYPE,
    CHANNEL,
    DEAL_TYPE,
    FORECAST_CATEGORY,
    ORIGIN,
    OUTCOME,
    SEGMENT,
    SOURCE,
    STAGE_EXIT,
    STAGE_KIND,
)

# the numbers before the words put the classes in order, as values are sorted as texts
_CYCLE = (
    "case when days(first_contact_on, closed_on) between 0 and 30 then '1: up to 30 days'"
    " when days(first_contact_on, closed_on) between 31 and 90 then '2: 31 to 90 days'"
    " when days(first_contact_on, closed_on) between 91 and 180 then '3: 91 to 180 days'"
    " when days(first_contact_on, closed_on) > 180 then '4: over 180 days' end"
)

DEALS, STAGE, HISTORY, STAYS = "opportunity", "stage", "stage_history", "opportunity_stage"
"""The entities about stages."""

_HISTORY, _ON_DAY, _ORDER = "stage_history", "stage_on_the_day", "stage_order"


def _told(field: Draft, *more: str) -> Draft:
    """Return a field that only a stage history can tell."""
    return presuming(field, _HISTORY, *more)


OPPORTUNITY = entity(
    "opportunity",
    "A deal that may be won or lost.",
    identity("Id of the deal."),
    text("name", "What people call the deal."),
    reference("customer_id", "customer", "Who would buy."),
    reference("lead_id", "lead", "Lead that the deal came from."),
    owner("Sales rep who works on the deal.", tracked=True),
    region("customer_id", "owner_id"),
    product("Product offered."),
    reference("competitor_id", "competitor", "Competitor that the deal is fought against."),
    reference("partner_id", "partner", "Partner who brought the deal."),
    reference("campaign_id", "campaign", "Campaign; the lead's where the deal has none.",
              LookUp("lead_id", "lead", "campaign_id")),
    cut("channel", "Channel of the first contact: phone, Instagram, WhatsApp.", LookUp("lead_id", "lead", "channel"),
        codes=CHANNEL),
    cut("source", "Where the lead came from: website, social media, e-mail.", LookUp("lead_id", "lead", "source"),
        codes=SOURCE),
    cut("origin", "How it began: inbound, prospecting or nurturing.", LookUp("lead_id", "lead", "origin"),
        codes=ORIGIN),
    customer_traits(),
    moment("created_at", "When the deal was created; its first contact, then its first stage, where the source does "
           "not say.", "first_contact_at",
           RollUp("opportunity_id", earliest("stage_history", "entered_at", when="entered_at"))),
    moment("first_contact_at", "First contact with the buyer; the first activity on the deal where none is given.",
           RollUp("opportunity_id", earliest("activity", "at", when="at", where=DONE))),
    moment("lead_created_at", "When the lead of the deal was created.", LookUp("lead_id", "lead", "created_at")),
    current(reference("stage_id", "stage", "Stage that the deal is in now.", tracked=True)),
    money("amount", "What the deal is worth; 0 or empty where the source keeps no amount of a lost deal.",
          tracked=True, basis="booked"),
    cut("currency", "Currency of the amount as it was given; the amount itself is converted."),
    number("probability", "Probability of winning, 0 to 1; the stage's where the deal has none.", "share",
           LookUp("stage_id", "stage", "probability"), tracked=True),
    number("stage_win_share", "Share won of all closed deals that passed the stage that the deal is in.", "share",
           LookUp("stage_id", "stage", "win_share")),
    cut("forecast_category", "Forecast category: commit, best, upside, pipeline, omitted or closed.",
        codes=FORECAST_CATEGORY),
    day("expected_close_on", "When the deal is expected to close; of an open deal without it the close date that was "
        "given.", "case when outcome = 'open' then given.closed_on end", plan=True, tracked=True),
    # given.closed_at, here and in outcome: that of the field itself hangs on the outcome, which would be a circle
    moment("closed_at", "When the deal was won or lost; empty while it is open, whatever date was given.",
           settled="case when coalesce(outcome, '') <> 'open' then given.closed_at end",
           open_while="coalesce(outcome, '') = 'open'"),
    day("forecast_on", "When the deal was closed; of an open one, when it is expected to close.",
        "case when outcome = 'open' then expected_close_on else closed_on end", plan=True),
    current(text("outcome", "open, won or lost; what the stage means where the deal does not say.",
                 LookUp("stage_id", "stage", "outcome"), "case when given.closed_at is null then 'open' end",
                 tracked=True, codes=OUTCOME)),
    reference("loss_reason_id", "loss_reason", "Why the deal was lost."),
    cut("type", "Kind of deal: new, renewal, expansion, upsell or cross_sell.", codes=DEAL_TYPE),
    cut("deal_size", "Size class of the deal, as the organisation names it."),
    cut("cycle_length", "Days from first contact to close, in classes.", _CYCLE),
    moment("last_touch_at", "Last activity on the deal; its creation where there is none.",
           RollUp("opportunity_id", latest("activity", "at", when="at", where=DONE)), "created_at"),
    # the percentile of share 1 is the maximum
    _told(integer("furthest_stage_position", "Highest position of a stage that the deal ever reached; empty of one"
                  " without a stage history.", "position",
                  RollUp("opportunity_id", percentile("stage_history", "stage_position", 1.0))), _ORDER),
    number("usual_cycle_days", "Average days from creation to winning: of the product line, else of the rep.", "days",
           LookUp("product_line_id", "product_line", "usual_cycle_days"),
           LookUp("owner_id", "user", "usual_cycle_days")),
    day("customer_lost_on", "When the customer stopped being active for the first time since the deal was closed.",
        FirstSince("customer_id", "customer_spell", "customer_id", "active_to", since="closed_on"), plan=True),
    main_date="closed_on",
    label="name",
    checks=(RowCheck("closed_on < created_on", "closed_before_created"),),
)  # fmt: skip

STAGE_HISTORY = entity(
    "stage_history",
    "One stay of a deal in a stage, as the source recorded it.",
    reference("opportunity_id", "opportunity", "The deal."),
    _told(reference("stage_id", "stage", "The stage.")),
    integer("stage_position", "Position of the stage.", "position", LookUp("stage_id", "stage", "position")),
    _told(moment("entered_at", "When the deal entered the stage.")),
    _told(moment("left_at", "When it left the stage; empty while it is there.")),
    _told(text("exit", "Where it went: to_stage, won or lost.", codes=STAGE_EXIT)),
    key=("opportunity_id", "stage_id", "entered_at"),
    main_date="entered_on",
)


def _of_the_deal(name: str) -> LookUp:
    return LookUp("opportunity_id", "opportunity", name)


STAGE_TASK = entity(
    "stage_task",
    "Something to be done while a deal is in a stage.",
    reference("opportunity_id", "opportunity", "The deal."),
    reference("stage_id", "stage", "The stage."),
    text("task", "What is to be done."),
    day("due_on", "When it is due.", plan=True),
    moment("done_at", "When it was done; empty while it is not."),
    owner("Who is to do it; the owner of the deal where the task names nobody.", _of_the_deal("owner_id")),
    reference("region_id", "region", "Region of the deal.", _of_the_deal("region_id")),
    reference("customer_id", "customer", "Customer of the deal.", _of_the_deal("customer_id")),
    reference("product_line_id", "product_line", "Product line of the deal.", _of_the_deal("product_line_id")),
    key=("opportunity_id", "stage_id", "task"),
    main_date="due_on",
)

OPPORTUNITY_STAGE = entity(
    "opportunity_stage",
    "A stay of a deal in a stage, a stage that it passed without one, or open days of which the stage is not known.",
    reference("opportunity_id", "opportunity", "The deal."),
    text("name", "What people call the deal."),
    presuming(reference("stage_id", "stage", "The stage; empty where it is not known."), _ON_DAY),
    presuming(integer("stage_position", "Position of the stage, 1 for the first.", "position"), _ON_DAY, _ORDER),
    _told(text("kind", "stay; passed (skipped, or no stay on record); won or lost (what the stage means); unknown.",
               codes=STAGE_KIND)),
    _told(integer("visit", "1 for the first time in the stage, also in passing, 2 when the deal came back; empty where"
                  " it is no step of the funnel (lost, unknown).", "visit"), _ORDER),
    flag("way_known", "Whether the stages that the deal came through are known: from a stage history, or as it was"
         " loaded from its beginning on."),
    flag("begins_deal", "Whether it is the deal's first row: every deal has one."),
    _told(moment("entered_at", "When the deal entered the stage; empty where it was there before it was first"
                 " loaded.")),
    _told(moment("left_at", "When it left the stage; empty while it is there.")),
    moment("since_at", "From when the row stands for the deal. The rows of a deal cover its open days, each once."),
    moment("until_at", "To when it stands for the deal; empty while it does."),
    moment("deal_started_at", "When the deal entered its first stage: the date of its cohort."),
    moment("created_at", "When the deal was created."),
    _told(moment("waiting_since_at", "Of an open deal in this stage: its last activity, or its entry where that was"
                 " later.")),
    current(text("outcome", "Outcome of the deal: open, won or lost.", tracked=True, codes=OUTCOME)),
    _told(flag("moved_on", "Whether the deal went from here to a later stage, or was won."), _ORDER),
    _told(flag("lost_here", "Whether the deal was lost in this stage."), _ORDER),
    _told(flag("loses_deal", "Whether the deal was lost in this stay: one row of a deal at most."), _ORDER),
    moment("closed_at", "When the deal was won or lost; empty while it is open."),
    money("amount", "What the deal is worth.", tracked=True),
    cut("currency", "Currency of the amount as it was given; the amount itself is converted."),
    presuming(number("probability", "Probability of winning, 0 to 1: the deal's while it is there, else the stage's.",
                     "share", tracked=True), _ON_DAY),
    number("usual_cycle_days", "Average days from creation to winning of such deals.", "days"),
    moment("last_touch_at", "Last activity on the deal."),
    day("expected_close_on", "When the deal is expected to close.", plan=True, tracked=True),
    reference("owner_id", "user", "Sales rep who works on the deal.", tracked=True),
    reference("team_id", "team", "Team of the deal."),
    reference("region_id", "region", "Region of the deal."),
    reference("customer_id", "customer", "Customer of the deal."),
    reference("product_id", "product", "Product of the deal."),
    reference("product_line_id", "product_line", "Product line of the deal."),
    reference("competitor_id", "competitor", "Competitor of the deal."),
    reference("partner_id", "partner", "Partner of the deal."),
    reference("campaign_id", "campaign", "Campaign of the deal."),
    reference("loss_reason_id", "loss_reason", "Why the deal was lost."),
    cut("channel", "Channel of the deal.", codes=CHANNEL),
    cut("source", "Source of the deal.", codes=SOURCE),
    cut("origin", "Origin of the deal.", codes=ORIGIN),
    cut("segment", "Size of the customer.", codes=SEGMENT),
    cut("industry", "Industry of the customer."),
    cut("business_type", "b2b or b2c.", codes=BUSINESS_TYPE),
    cut("country", "Country of the customer."),
    cut("forecast_category", "Forecast category of the deal.", codes=FORECAST_CATEGORY),
    cut("type", "Kind of deal.", codes=DEAL_TYPE),
    cut("deal_size", "Size class of the deal."),
    key=("opportunity_id", "stage_id", "visit", "since_at"),
    main_date="deal_started_on",
    made=True,
)  # fmt: skip

SELLING: tuple[Entity, ...] = (OPPORTUNITY, STAGE_HISTORY, STAGE_TASK, OPPORTUNITY_STAGE)
