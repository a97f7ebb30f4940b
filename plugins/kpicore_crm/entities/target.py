"""Whom and what targets are set for."""

from __future__ import annotations

from kpicore import TARGET, Field
from kpicore_crm.entities.words import cut, reference
from kpicore_crm.spellings import CHANNEL, SEGMENT, SOURCE

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
