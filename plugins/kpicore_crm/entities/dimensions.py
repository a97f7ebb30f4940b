"""What answers can be split and filtered by, and what targets are set for."""

from __future__ import annotations

from kpicore import GOAL, TARGET, Dimension, Field
from kpicore_crm.entities.drafts import cut, reference
from kpicore_crm.spellings import CHANNEL, SEGMENT, SOURCE

DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("rep", "Sales rep who owns the row.", entity="user", key="owner_id"),
    Dimension("team", "Team of the rep.", entity="team", key="team_id"),
    Dimension("region", "Sales region.", entity="region", key="region_id"),
    Dimension("product", "Product sold.", entity="product", key="product_id"),
    Dimension("product_line", "Group of products.", entity="product_line", key="product_line_id"),
    Dimension("customer", "Who buys.", entity="customer", key="customer_id"),
    Dimension("campaign", "Marketing campaign.", entity="campaign", key="campaign_id"),
    Dimension("partner", "Partner who brought the business.", entity="partner", key="partner_id"),
    Dimension("competitor", "Competitor that the deal is fought against.", entity="competitor", key="competitor_id"),
    Dimension("stage", "Step of the sales process.", entity="stage", key="stage_id"),
    Dimension("loss_reason", "Why the deal was lost.", entity="loss_reason", key="loss_reason_id"),
    Dimension("channel", "Channel: phone, Instagram, WhatsApp; of an inquiry phone, email, live_chat."),
    Dimension("acquired_channel", "Channel that won the customer."),
    Dimension("source", "Lead source: website, social media, e-mail."),
    Dimension("origin", "How it began: inbound, prospecting or nurturing."),
    Dimension("segment", "Size of the customer: small, medium or large."),
    Dimension("industry", "Industry of the customer."),
    Dimension("business_type", "b2b or b2c."),
    Dimension("country", "Country of the customer."),
    Dimension("currency", "Currency of the amount as it was given."),
    Dimension("forecast_category", "commit, best, upside, pipeline, omitted or closed."),
    Dimension("deal_size", "Size class of the deal."),
    Dimension("cycle_length", "Days from first contact to close, in classes."),
    Dimension("line_type", "new, renewal, upsell or cross_sell."),
    Dimension("category", "Category of the cost."),
    Dimension("type", "Type of activity, survey or deal."),
    Dimension("status", "Status of an order or an activity."),
    Dimension("time_category", "prospecting, customer_meeting, admin or other."),
    Dimension("platform", "Social network."),
    Dimension("kind", "Kind of social event: like, comment, share or dm."),
    Dimension("lifecycle", "How far the lead is: raw to customer, or disqualified."),
    GOAL,  # the core's own stands here
    Dimension("device", "Device of the visitor."),
)

TARGET_FIELDS: tuple[Field, ...] = tuple(
    draft(TARGET.name)
    for draft in (
        reference("owner_id", "user", "Sales rep that the target is set for."),
        reference("team_id", "team", "Team that the target is set for."),
        reference("region_id", "region", "Region that the target is set for."),
        reference("product_id", "product", "Product that the target is set for."),
        reference("product_line_id", "product_line", "Product line that the target is set for."),
        cut("channel", "Channel that the target is set for.", codes=CHANNEL),
        cut("source", "Lead source that the target is set for.", codes=SOURCE),
        cut("segment", "Customer size that the target is set for.", codes=SEGMENT),
    )
)
