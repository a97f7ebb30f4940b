"""Names that several modules of the package share."""

from __future__ import annotations

DEALS, STAGE, HISTORY, STAYS = "opportunity", "stage", "stage_history", "opportunity_stage"
"""Entities about stages."""

STAGE_ORDER = "stages.toml"
"""The file of a workspace with the order of the stages, and the source that it is."""

NO_STAGE_HISTORY, NO_STAGE_ORDER = "no_stage_history", "no_stage_order"
"""Reasons of answers that presume what nobody gave of stages."""

KEPT = "status in ('completed', 'partly_refunded')"
"""An order that is not completed yet, or was taken back, is no purchase."""
