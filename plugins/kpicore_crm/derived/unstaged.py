"""Deals of which no stage was ever told: each has one row, which is the deal itself without a stage.

To write these rows costs as much as to write the deals, so they are a view of the made deals.
"""

from __future__ import annotations

from collections.abc import Mapping

from kpicore import BuildContext, literal
from kpicore_crm.derived.stage_notes import note_unstaged
from kpicore_crm.derived.stays import ended, has_late_deals, is_open, moment_of_data

_DEAL = "opportunity"
_IS_OPEN = is_open("origin")


def unstaged_columns(context: BuildContext) -> Mapping[str, str] | None:
    """Return SQL of the columns over the made deals, None where they have stages or came after the first load."""
    if not _are_unstaged(context):
        return None
    ((first,),) = context.rows(f"SELECT {context.first_load(_DEAL)}")
    moment, day = f"TIMESTAMP {literal(str(first))}", f"DATE {literal(context.today.isoformat())}"
    columns = {
        "opportunity_id": "origin.id",
        "kind": "'unknown'",
        "begins_deal": "TRUE",
        "probability": f"CASE WHEN {_IS_OPEN} THEN origin.probability END",
        "deal_started_at": "origin.created_at",
        "deal_started_on": "origin.created_on",
        "moved_on": "FALSE",
        "lost_here": "FALSE",
        "loses_deal": "FALSE",
        "way_known": "FALSE",
        "until_at": ended(context, "origin", "origin.closed_at", moment_of_data(context)),
        "until_on": ended(context, "origin", "origin.closed_on", day),
        "since_at": _since("created_at", moment),
        "since_on": _since("created_on", context.local_day(moment)),
    }
    read = ("created_at", "closed_at", "outcome", "outcome_given")
    stood = (
        f"SELECT {', '.join(read)}, {columns['since_at']} AS since_at, {columns['until_at']} AS until_at"
        f" FROM {context.table(_DEAL, *read)} AS origin"
    )
    note_unstaged(context, f"({stood})")
    return columns


def _are_unstaged(context: BuildContext) -> bool:
    # in this case alone the rows that `stage_visits` would write are the deals themselves
    if context.is_loaded("stage") or context.is_loaded("stage_history") or context.can_hold(_DEAL, "stage_id"):
        return False
    return not has_late_deals(context)


def _since(created: str, first: str) -> str:
    """An open deal without a creation date stands since it was first seen.

    One that ends too early never stands, nor one that ended on a day that is not known.
    """
    return (
        f"CASE WHEN origin.closed_at < origin.created_at OR (origin.closed_at IS NULL AND NOT {_IS_OPEN}) THEN NULL"
        f" WHEN origin.created_at IS NOT NULL THEN origin.{created} WHEN {_IS_OPEN} THEN {first} END"
    )
