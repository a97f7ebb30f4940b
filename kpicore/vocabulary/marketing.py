"""Leads, and what is sent and said to win them."""

from __future__ import annotations

from kpicore.entities import Entity, LookUp, RollUp
from kpicore.inputs import earliest
from kpicore.vocabulary.words import (
    DONE,
    customer_traits,
    cut,
    entity,
    flag,
    identity,
    integer,
    moment,
    number,
    owner,
    product,
    reference,
    region,
    text,
)

_WON = "outcome = 'won'"

LEAD = entity(
    "lead",
    "Someone who may become a customer.",
    identity("Id of the lead."),
    text("name", "Name of the lead."),
    moment("created_at", "When the lead came in."),
    cut("source", "Where it came from: website, social media, e-mail.", LookUp("campaign_id", "campaign", "source")),
    cut("channel", "Channel of the contact: phone, Instagram, WhatsApp.", LookUp("campaign_id", "campaign", "channel")),
    cut("origin", "How it began: inbound, prospecting or nurturing.", LookUp("campaign_id", "campaign", "origin")),
    reference("campaign_id", "campaign", "Campaign that brought the lead."),
    reference("partner_id", "partner", "Partner who brought the lead."),
    owner("Sales rep who works on the lead."),
    region("converted_customer_id", "owner_id"),
    product("Product that the lead asked for."),
    customer_traits("converted_customer_id"),
    cut("lifecycle", "raw, mql, sql, opportunity, customer or disqualified."),
    moment("mql_at", "When marketing qualified the lead; empty until then."),
    moment("sql_at", "When sales qualified the lead; empty until then."),
    moment("converted_at", "When the lead became a paying customer; its first won deal where the source does not say.",
           RollUp("lead_id", earliest("opportunity", "closed_at", when="closed_at", where=_WON))),
    reference("converted_opportunity_id", "opportunity", "First deal of the lead.",
              RollUp("lead_id", earliest("opportunity", "id", when="created_at"))),
    reference("converted_customer_id", "customer", "Customer that the lead became; the buyer of its first won deal.",
              RollUp("lead_id", earliest("opportunity", "customer_id", when="closed_at", where=_WON))),
    moment("first_response_at", "When the lead was first answered; its first activity where the source does not say.",
           RollUp("lead_id", earliest("activity", "at", when="at", where=DONE))),
    number("first_response_business_minutes", "Working minutes until the first answer.", "minutes"),
    number("score", "How promising the lead is, as the source scores it.", "score"),
    main_date="created_on",
    label="name",
)  # fmt: skip

CAMPAIGN = entity(
    "campaign",
    "A marketing campaign.",
    identity("Id of the campaign."),
    text("name", "Name of the campaign."),
    cut("channel", "Channel of the campaign."),
    cut("source", "Lead source of the campaign."),
    cut("origin", "inbound, prospecting or nurturing."),
    label="name",
)

EMAIL_SEND = entity(
    "email_send",
    "One e-mail of a campaign to one person.",
    identity("Id of the message."),
    reference("campaign_id", "campaign", "The campaign."),
    reference("customer_id", "customer", "Who it was sent to, where a customer."),
    owner("Sales rep in whose name it was sent."),
    region("customer_id", "owner_id"),
    moment("sent_at", "When it was sent."),
    flag("delivered", "Whether it arrived."),
    moment("opened_at", "When it was first opened; empty if it was not."),
    main_date="sent_on",
)

SOCIAL_EVENT = entity(
    "social_event",
    "Reactions on a social network, counted.",
    identity("Id of the row."),
    owner("Sales rep whose post it was."),
    region("owner_id"),
    cut("platform", "Social network: linkedin, instagram, facebook."),
    cut("kind", "like, comment, share or dm."),
    moment("at", "When it happened."),
    integer("count", "How many.", "events"),
    main_date="on",
)

MARKETING: tuple[Entity, ...] = (LEAD, CAMPAIGN, EMAIL_SEND, SOCIAL_EVENT)
