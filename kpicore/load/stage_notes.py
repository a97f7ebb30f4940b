"""What is to be told of the stages of deals: what is not known, and what was put right."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kpicore.load.columns import local_day
from kpicore.load.stays import FIRST, HISTORY, closes_ahead
from kpicore.notes import Note

if TYPE_CHECKING:
    from kpicore.load.making import Making

_ENTITY = "opportunity_stage"


def note_stages(making: Making) -> None:
    """Tell what the tables `dealt`, `stays`, `stood` and `unknown` lack, counted."""
    day = _first_day(making)
    given = "stage_history" in making.rows
    if not given:
        making.note(_ENTITY, _not_given(day))
    _tell(making, _checks(making, given), day)


def note_unstaged(making: Making) -> None:
    """Tell what the rows of deals lack where no stage was ever told; they are there already."""
    day = _first_day(making)
    making.note(_ENTITY, _not_given(day))
    _tell(making, [*_undated("kpi.opportunity_stage", "since_at", "until_at"), _ahead(making, "kpi.opportunity")], day)


def _first_day(making: Making) -> date:
    ((first,),) = making.connection.execute(f"SELECT {local_day(FIRST, making.config.timezone)}").fetchall()
    assert isinstance(first, date)
    return first


def _not_given(day: date) -> Note:
    return Note.of("no_stage_history", day=day)


def _tell(making: Making, checks: list[tuple[str, str]], day: date) -> None:
    for sql, kind in checks:
        if count := _count(making, sql):
            making.note(_ENTITY, Note.of(kind, rows=count, day=day))


def _undated(table: str, starts_at: str, ends_at: str) -> list[tuple[str, str]]:
    rows, unexplained = f"SELECT count(*) FROM {table} WHERE", "(outcome IS NULL AND outcome_given IS NOT NULL)"
    nowhere = f"{starts_at} IS NULL AND {ends_at} IS NULL"
    return [
        (f"{rows} created_at IS NULL AND {starts_at} IS NOT NULL", "open_without_creation"),
        (f"{rows} created_at IS NULL AND {starts_at} IS NULL AND NOT {unexplained}", "closed_without_creation"),
        (f"{rows} created_at IS NOT NULL AND {nowhere} AND NOT {unexplained}", "over_without_close"),
        (f"{rows} {nowhere} AND {unexplained}", "open_or_over"),
    ]


def _ahead(making: Making, deals: str) -> tuple[str, str]:
    return f"SELECT count(*) FROM {deals} WHERE {closes_ahead(making, 'closed_at')}", "over_before_close"


def _count(making: Making, sql: str) -> int:
    ((found,),) = making.connection.execute(sql).fetchall()
    return int(found)


def _checks(making: Making, given: bool) -> list[tuple[str, str]]:
    zone = making.config.timezone
    at, starts = local_day("came_at", zone), local_day("starts_at", zone)
    checks = [
        (
            "SELECT count(*) FROM dealt ANTI JOIN stays ON stays.id = dealt.id AND stays.meaning IS DISTINCT FROM"
            " 'lost' WHERE dealt.outcome = 'lost' AND stage_id IS NOT NULL",
            "lost_in_unknown_stage",
        ),
        *_undated("dealt", "starts_at", "ends_at"),
        _ahead(making, making.values("opportunity", frozenset({"closed_at"}))),
    ]
    if not given:
        return checks
    history = making.values("stage_history", frozenset(HISTORY))
    return [
        (
            "SELECT count(*) FROM dealt WHERE NOT has_history AND stage_id IS NOT NULL",
            "deals_without_history",
        ),
        *checks,
        (
            f"SELECT count(*) FROM {history} WHERE entered_at IS NULL OR stage_id IS NULL",
            "stays_unplaced",
        ),
        (
            "SELECT count(*) FROM told ANTI JOIN dealt ON dealt.id = told.opportunity_id",
            "stays_of_no_deal",
        ),
        (
            "SELECT count(*) FROM stays WHERE backward",
            "stays_backward",
        ),
        (
            "SELECT count(*) FROM stays WHERE NOT backward AND left_at > next_at",
            "stays_overlap",
        ),
        (
            f"SELECT count(*) FROM stood WHERE {at} < {starts}",
            "stays_before_creation",
        ),
        (
            "SELECT count(DISTINCT id) FROM unknown JOIN dealt USING (id) WHERE has_history",
            "days_without_stage",
        ),
    ]
