"""What is to be told of the stages of deals: what is not known, and what was put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore.load.columns import local_day
from kpicore.load.stays import FIRST, HISTORY
from kpicore.wording import counted

if TYPE_CHECKING:
    from kpicore.load.making import Making

_ENTITY = "opportunity_stage"


def note_stages(making: Making) -> None:
    """Tell what the tables `dealt`, `stays`, `stood` and `unknown` lack, counted."""
    day = _first_day(making)
    given = "stage_history" in making.rows
    if not given:
        making.note(_ENTITY, _not_given(day))
    _tell(making, _checks(making, given, day))


def note_unstaged(making: Making) -> None:
    """Tell what the rows of deals lack where no stage was ever told; they are there already."""
    day = _first_day(making)
    making.note(_ENTITY, _not_given(day))
    _tell(making, _undated("kpi.opportunity_stage", "since_at", "until_at", day))


def _first_day(making: Making) -> str:
    ((first,),) = making.connection.execute(f"SELECT {local_day(FIRST, making.config.timezone)}").fetchall()
    return str(first)


def _not_given(day: str) -> str:
    return f"stages before {day}, the first load, are not known: no stage history was given"


def _tell(making: Making, checks: list[tuple[str, str]]) -> None:
    for sql, told in checks:
        if count := _count(making, sql):
            making.note(_ENTITY, counted(count, told))


def _undated(table: str, starts_at: str, ends_at: str, day: str) -> list[tuple[str, str]]:
    return [
        (
            f"SELECT count(*) FROM {table} WHERE created_at IS NULL AND {starts_at} IS NOT NULL",
            f"open deals have no created_at: standing since the first load, {day} or later",
        ),
        (
            f"SELECT count(*) FROM {table} WHERE created_at IS NULL AND {starts_at} IS NULL",
            "closed deals have no created_at: on which days they were open is not known",
        ),
        (
            f"SELECT count(*) FROM {table} WHERE created_at IS NOT NULL AND {starts_at} IS NULL AND {ends_at} IS NULL",
            "deals are over without a closed_at: on which days they were open is not known",
        ),
    ]


def _count(making: Making, sql: str) -> int:
    ((found,),) = making.connection.execute(sql).fetchall()
    return int(found)


def _checks(making: Making, given: bool, day: str) -> list[tuple[str, str]]:
    zone = making.config.timezone
    at, starts = local_day("came_at", zone), local_day("starts_at", zone)
    checks = [
        (
            "SELECT count(*) FROM dealt ANTI JOIN stays ON stays.id = dealt.id AND stays.meaning IS DISTINCT FROM"
            " 'lost' WHERE dealt.outcome = 'lost' AND stage_id IS NOT NULL",
            "deals were lost in a stage that is not known: the first one counts as reached",
        ),
        *_undated("dealt", "starts_at", "ends_at", day),
    ]
    if not given:
        return checks
    history = making.values("stage_history", frozenset(HISTORY))
    return [
        (
            "SELECT count(*) FROM dealt WHERE NOT has_history AND stage_id IS NOT NULL",
            f"deals have no stage history: the stages before {day} are not known",
        ),
        *checks,
        (
            f"SELECT count(*) FROM {history} WHERE entered_at IS NULL OR stage_id IS NULL",
            "stays have no stage or no entry date and are left out",
        ),
        (
            "SELECT count(*) FROM told ANTI JOIN dealt ON dealt.id = told.opportunity_id",
            "stays are of deals that are not loaded and are left out",
        ),
        (
            "SELECT count(*) FROM stays WHERE backward",
            "stays are of negative length: left out of dwell times, standing until the next stay",
        ),
        (
            "SELECT count(*) FROM stays WHERE NOT backward AND left_at > next_at",
            "stays are cut off where the next one begins: the two overlap",
        ),
        (
            f"SELECT count(*) FROM stood WHERE {at} < {starts}",
            "stays are from before the deal was created: standing from its creation on",
        ),
        (
            "SELECT count(DISTINCT id) FROM unknown JOIN dealt USING (id) WHERE has_history",
            "deals have open days between or around the stays: on those without a stage",
        ),
    ]
