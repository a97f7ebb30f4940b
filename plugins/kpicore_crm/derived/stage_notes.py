"""What is to be told of the stages of deals: what is not known, and what was put right."""

from __future__ import annotations

from datetime import date

from kpicore import BuildContext, Note
from kpicore_crm.derived.stays import Stays, all_read, closes_ahead


def note_stages(context: BuildContext, laid: Stays, stood: str, unknown: str) -> None:
    """Tell what the tables of deals and their stays, `stood` and `unknown` lack, counted."""
    day = _first_day(context)
    has_history = context.is_loaded("stage_history")
    if not has_history:
        context.note(_not_given(day))
    _tell(context, _checks(context, laid, stood, unknown, has_history), day)


def note_unstaged(context: BuildContext, deals: str) -> None:
    """Tell what is not known where no stage was ever told, of deals with `since_at` and `until_at`."""
    day = _first_day(context)
    context.note(_not_given(day))
    _tell(context, [*_undated(deals, "since_at", "until_at"), _ahead(context, deals)], day)


def _first_day(context: BuildContext) -> date:
    ((first,),) = context.rows(f"SELECT {context.local_day(context.first_load('opportunity'))}")
    assert isinstance(first, date)
    return first


def _not_given(day: date) -> Note:
    return Note.of("no_stage_history", day=day)


def _tell(context: BuildContext, checks: list[tuple[str, str]], day: date) -> None:
    for sql, kind in checks:
        ((rows,),) = context.rows(sql)
        if rows:
            context.note(Note.of(kind, rows=int(rows), day=day))


def _undated(table: str, starts_at: str, ends_at: str) -> list[tuple[str, str]]:
    # a deal of which the outcome is an unknown word is told as that alone, and not for the dates that it lacks
    rows, unexplained = f"SELECT count(*) FROM {table} WHERE", "(outcome IS NULL AND outcome_given IS NOT NULL)"
    nowhere = f"{starts_at} IS NULL AND {ends_at} IS NULL"
    return [
        (f"{rows} created_at IS NULL AND {starts_at} IS NOT NULL", "open_without_creation"),
        (f"{rows} created_at IS NULL AND {starts_at} IS NULL AND NOT {unexplained}", "closed_without_creation"),
        (f"{rows} created_at IS NOT NULL AND {nowhere} AND NOT {unexplained}", "over_without_close"),
        (f"{rows} {nowhere} AND {unexplained}", "open_or_over"),
    ]


def _ahead(context: BuildContext, deals: str) -> tuple[str, str]:
    return f"SELECT count(*) FROM {deals} WHERE {closes_ahead(context, 'closed_at')}", "over_before_close"


def _checks(context: BuildContext, laid: Stays, stood: str, unknown: str, has_history: bool) -> list[tuple[str, str]]:
    # Days are compared, not instants: a stay may begin some hours before its deal was typed in.
    at, starts = context.local_day("came_at"), context.local_day("starts_at")
    deals, stays = f"{laid.deals} AS deal", f"{laid.stays} AS stays"
    # ANTI JOIN: of a lost deal whose only stage is that of lost deals nobody knows where it was lost
    checks = [
        (
            f"SELECT count(*) FROM {deals} ANTI JOIN {stays} ON stays.id = deal.id AND stays.meaning IS DISTINCT FROM"
            " 'lost' WHERE deal.outcome = 'lost' AND stage_id IS NOT NULL",
            "lost_in_unknown_stage",
        ),
        *_undated(laid.deals, "starts_at", "ends_at"),
        _ahead(context, context.table("opportunity", "closed_at")),
    ]
    if not has_history:
        return checks
    return [
        (
            f"SELECT count(*) FROM {deals} WHERE NOT has_history AND stage_id IS NOT NULL",
            "deals_without_history",
        ),
        *checks,
        (
            f"SELECT count(*) FROM {all_read(context, 'stage_history')} WHERE entered_at IS NULL OR stage_id IS NULL",
            "stays_unplaced",
        ),
        (
            f"SELECT count(*) FROM {laid.recorded} AS told ANTI JOIN {deals} ON deal.id = told.opportunity_id",
            "stays_of_no_deal",
        ),
        (
            f"SELECT count(*) FROM {stays} WHERE backward",
            "stays_backward",
        ),
        (
            f"SELECT count(*) FROM {stays} WHERE NOT backward AND left_at > next_at",
            "stays_overlap",
        ),
        (
            f"SELECT count(*) FROM {stood} AS stood WHERE {at} < {starts}",
            "stays_before_creation",
        ),
        (
            f"SELECT count(DISTINCT id) FROM {unknown} AS unknown JOIN {deals} USING (id) WHERE has_history",
            "days_without_stage",
        ),
    ]
