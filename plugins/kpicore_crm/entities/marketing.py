"""Leads, and what is sent and said to win them."""

from __future__ import annotations

from kpicore import Entity, LookUp, RollUp, count, earliest
from kpicore_crm.entities.drafts import (
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
from kpicore_crm.spellings import CHANNEL, CONVERSION, LIFECYCLE, ORIGIN, OUTCOME, PLATFORM, SOCIAL_KIND, SOURCE

_WON = "outcome = 'won'"

# A deal decides: one that was won, else the one that the lead became. Without a deal a customer does, and
# what being converted means to the source; who was never converted has become nobody. What is dated after the day of
# the data has not happened yet.
_BECAME = (
    "case when won_deals > 0 then true"
    " when converted_on > period.as_of then false"
    " when opportunity_outcome = 'won' and (opportunity_closed_on is null or opportunity_closed_on <= period.as_of)"
    " then true"
    " when opportunity_outcome in ('open', 'lost', 'won')"
    " and (given.converted_opportunity_id is not null or given.converted_customer_id is null) then false"
    " when converted_customer_id is null and converted_at is null and given.converted_opportunity_id is null then false"
    " when conversion = 'customer' then true"
    " when coalesce(conversion, 'unknown') = 'unknown' and converted_customer_id is not null then true"
    " when conversion in ('account', 'contact') and won_deals = 0 then false end"
)
# without any of these a lead says nothing of becoming a customer: the field stays empty for all
_CONVERSION = ("converted_at", "converted_opportunity_id", "converted_customer_id")

LEAD = entity(
    "lead",
    "Someone who may become a customer.",
    identity("Id of the lead."),
    text("name", "Name of the lead."),
    moment("created_at", "When the lead came in."),
    cut("source", "Where it came from: website, social media, e-mail.", LookUp("campaign_id", "campaign", "source"),
        codes=SOURCE),
    cut("channel", "Channel of the contact: phone, Instagram, WhatsApp.", LookUp("campaign_id", "campaign", "channel"),
        codes=CHANNEL),
    cut("origin", "How it began: inbound, prospecting or nurturing.", LookUp("campaign_id", "campaign", "origin"),
        codes=ORIGIN),
    reference("campaign_id", "campaign", "Campaign that brought the lead."),
    reference("partner_id", "partner", "Partner who brought the lead."),
    owner("Sales rep who works on the lead."),
    region("converted_customer_id", "owner_id"),
    product("Product that the lead asked for."),
    customer_traits("converted_customer_id"),
    cut("lifecycle", "raw, mql, sql, opportunity, customer or disqualified.", codes=LIFECYCLE),
    moment("mql_at", "When marketing qualified the lead; empty until then."),
    moment("sql_at", "When sales qualified the lead; empty until then."),
    moment("converted_at", "When the lead was converted; its first won deal where the source does not say.",
           RollUp("lead_id", earliest("opportunity", "closed_at", when="closed_at", where=_WON))),
    reference("converted_opportunity_id", "opportunity", "First deal of the lead.",
              RollUp("lead_id", earliest("opportunity", "id", when="created_at"))),
    reference("converted_customer_id", "customer", "Customer that the lead became; the buyer of its first won deal.",
              RollUp("lead_id", earliest("opportunity", "customer_id", when="closed_at", where=_WON))),
    text("conversion", "What being converted means to the source: a customer (who pays), an account, a contact or a"
         " deal; unknown where nobody said.", codes=CONVERSION),
    integer("won_deals", "Won deals that came of the lead.", "deals",
            RollUp("lead_id", count("opportunity", where=_WON))),
    text("opportunity_outcome", "Outcome of the deal that the lead became.",
         LookUp("converted_opportunity_id", "opportunity", "outcome"), codes=OUTCOME),
    moment("opportunity_closed_at", "When the deal that the lead became was won or lost.",
           LookUp("converted_opportunity_id", "opportunity", "closed_at")),
    flag("became_customer", "Whether the lead became a paying customer: its deals decide, else what being converted"
         " means to the source; empty where that is not known.", _BECAME, needs_one_of=_CONVERSION),
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
    cut("channel", "Channel of the campaign.", codes=CHANNEL),
    cut("source", "Lead source of the campaign.", codes=SOURCE),
    cut("origin", "inbound, prospecting or nurturing.", codes=ORIGIN),
    label="name",
    words=True,
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
    cut("platform", "Social network: linkedin, instagram, facebook.", codes=PLATFORM),
    cut("kind", "like, comment, share or dm.", codes=SOCIAL_KIND),
    moment("at", "When it happened."),
    integer("count", "How many.", "events"),
    main_date="on",
)

MARKETING: tuple[Entity, ...] = (LEAD, CAMPAIGN, EMAIL_SEND, SOCIAL_EVENT)
