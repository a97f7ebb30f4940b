"""The derived entities of sales as records. What builds their tables is imported when a load does."""

from __future__ import annotations

from collections.abc import Mapping

from kpicore import BuildContext, DerivedEntity, Type

_DEAL, _HISTORY, _STAGE = "opportunity", "stage_history", "stage"
# the customer, the day, and what tells whether the row counts: unpacked by place in `active_periods`, as _TERMS are
_PURCHASES = {"order": ("customer_id", "ordered_on", "status"), _DEAL: ("customer_id", "closed_on", "outcome")}
_TERMS = {
    "subscription": ("customer_id", "started_on", "ended_on"),
    "contract": ("customer_id", "starts_on", "ends_on"),
}


def _signs_of_activity(settings: Mapping[str, object]) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """Return what shows who is active: under inactivity the orders, or the won deals where no orders are loaded."""
    if settings["active_rule"] == "inactivity":
        return tuple({entity: fields} for entity, fields in _PURCHASES.items())
    return tuple({entity: fields} for entity, fields in _TERMS.items() if entity == settings["active_rule"])


def _close_ahead(context: BuildContext) -> tuple[object, ...]:
    """Return the day of the data where any deal is closed after it: it is over by then, and ends on that day."""
    if not context.can_hold(_DEAL, "closed_at"):
        return ()
    ahead = context.is_ahead("closed_at", Type.MOMENT)
    # part of the fingerprint: where a deal ends on the day of the data, the stays are made anew every day
    return (context.today,) if context.rows(f"SELECT 1 FROM {context.given(_DEAL)} WHERE {ahead} LIMIT 1") else ()


def _stage_visits(context: BuildContext) -> str:
    from kpicore_crm.derived.stage_visits import stage_visits

    return stage_visits(context)


def _unstaged(context: BuildContext) -> Mapping[str, str] | None:
    from kpicore_crm.derived.unstaged import unstaged_columns

    return unstaged_columns(context)


def _active_periods(context: BuildContext) -> str:
    from kpicore_crm.derived.active_periods import active_periods

    return active_periods(context)


DERIVED = (
    DerivedEntity(
        "opportunity_stage",
        origin=_DEAL,
        through="opportunity_id",
        columns=(
            *("opportunity_id", "stage_id", "stage_position", "kind", "visit", "begins_deal", "probability"),
            *("entered_at", "left_at", "since_at", "until_at", "deal_started_at", "waiting_since_at"),
            *("moved_on", "lost_here", "loses_deal", "way_known"),
        ),
        reads={
            _DEAL: (
                *("id", "created_at", "closed_at", "stage_id"),
                *("outcome", "outcome_given", "probability", "last_touch_at"),
            ),
            _HISTORY: ("opportunity_id", "stage_id", "entered_at", "left_at"),
            _STAGE: ("id", "position", "pipeline", "outcome", "probability"),
        },
        history={_DEAL: ("stage_id",)},
        build=_stage_visits,
        facts=_close_ahead,
        view=_unstaged,
    ),
    DerivedEntity(
        "customer_spell",
        origin="customer",
        through="customer_id",
        columns=("customer_id", "active_from", "active_to"),
        reads=_signs_of_activity,
        settings=("active_rule", "inactivity_days"),
        build=_active_periods,
    ),
)
