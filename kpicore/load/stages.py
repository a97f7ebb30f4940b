"""The stages that each deal passed: from its history, else from the change log, else where it is now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kpicore.load.columns import SQL_TYPES, given_fields, quoted
from kpicore.registry import Registry

if TYPE_CHECKING:
    from kpicore.load.making import Making

STAGE = "opportunity_stage"

_OF_THE_STAY = ("opportunity_id", "stage_id", "stage_position", "entered_at", "left_at", "deal_started_at")
_JUDGED = ("moved_on", "lost_here")
_DEAL = ("id", "created_at", "closed_at", "stage_id", "outcome")
_HISTORY = ("opportunity_id", "stage_id", "entered_at", "left_at")
_LADDER = ("id", "position", "pipeline", "outcome")


def stage_needs(registry: Registry) -> Callable[[str], tuple[tuple[str, str], ...]]:
    """Return what any column of the stages is made from, as pairs of entity and field."""
    read = (
        *(("opportunity", each) for each in (*_DEAL, *copied_fields(registry))),
        *(("stage_history", each) for each in _HISTORY),
        *(("stage", each) for each in _LADDER),
    )
    return lambda column: read


def make_stages(making: Making) -> str:
    """Return a SELECT of one row per deal and stage passed, with all fields but the days."""
    making.connection.execute(f"CREATE OR REPLACE TEMP TABLE stays AS {_stays(making)}")
    _note(making)
    making.connection.execute(f"CREATE OR REPLACE TEMP TABLE passed AS {_passed(making)}")
    copied = copied_fields(making.registry)
    deal = making.values("opportunity", frozenset({*_DEAL, *copied}))
    entity = making.registry.entities[STAGE]
    known = {*_OF_THE_STAY, *_JUDGED, *copied}
    columns = ", ".join(
        quoted(each.name) if each.name in known else f"CAST(NULL AS {SQL_TYPES[each.type]}) AS {quoted(each.name)}"
        for each in given_fields(entity)
    )
    told = ", ".join(f"deal.{quoted(each)}" for each in copied)
    return f"""
        SELECT {columns} FROM (
            SELECT passed.opportunity_id, passed.stage_id, passed.stage_position, passed.entered_at, passed.left_at,
                passed.deal_started_at,
                deal.outcome = 'lost' AND passed.is_last AS lost_here,
                deal.outcome = 'won' OR (passed.goes_on AND NOT lost_here) AS moved_on,
                {told}
            FROM passed JOIN {deal} AS deal ON deal.id = passed.opportunity_id
        )"""


def copied_fields(registry: Registry) -> tuple[str, ...]:
    """Return the fields that a row has from its deal."""
    if STAGE not in registry.entities:
        return ()
    of_deal = {each.name for each in given_fields(registry.entities["opportunity"])}
    own = {*_OF_THE_STAY, *_JUDGED}
    return tuple(
        each.name for each in given_fields(registry.entities[STAGE]) if each.name in of_deal and each.name not in own
    )


def _stays(making: Making) -> str:
    """One row per stay of a deal in a stage. A stage that means lost is no step, so it is no stay."""
    deal = making.values("opportunity", frozenset(_DEAL))
    history = (
        f"SELECT {', '.join(_HISTORY)} FROM {making.values('stage_history', frozenset(_HISTORY))}"
        if "stage_history" in making.rows
        else "SELECT '' AS opportunity_id, '' AS stage_id, TIMESTAMP 'epoch' AS entered_at,"
        " TIMESTAMP 'epoch' AS left_at WHERE FALSE"
    )
    return f"""
        WITH deal AS (SELECT {", ".join(_DEAL)} FROM {deal}),
        history AS ({history}),
        change AS (
            SELECT id, old, new, time, lag(time) OVER told AS before, lead(time) OVER told AS after
            FROM book.change WHERE entity = 'opportunity' AND field = 'stage_id'
            AND NOT EXISTS (SELECT 1 FROM history WHERE history.opportunity_id = change.id)
            WINDOW told AS (PARTITION BY id ORDER BY time)
        ), stay AS (
            SELECT opportunity_id, stage_id, entered_at, left_at, TRUE AS known FROM history
            UNION ALL
            SELECT change.id, change.old, coalesce(change.before, deal.created_at), change.time, TRUE
            FROM change JOIN deal ON deal.id = change.id
            UNION ALL
            SELECT change.id, change.new, change.time, NULL, TRUE FROM change WHERE change.after IS NULL
            UNION ALL
            SELECT id, stage_id, created_at, closed_at, FALSE FROM deal
            WHERE NOT EXISTS (SELECT 1 FROM history WHERE history.opportunity_id = deal.id)
            AND NOT EXISTS (SELECT 1 FROM change WHERE change.id = deal.id)
        )
        SELECT stay.opportunity_id, stay.stage_id, step.position, step.pipeline,
            min(stay.entered_at) AS entered_at,
            CASE WHEN bool_or(coalesce(stay.left_at, deal.closed_at) IS NULL) THEN NULL
                ELSE max(coalesce(stay.left_at, deal.closed_at)) END AS left_at,
            max(stay.entered_at) AS last_entered_at, bool_and(stay.known) AS known
        FROM stay JOIN deal ON deal.id = stay.opportunity_id
        LEFT JOIN {making.values("stage", frozenset(_LADDER))} AS step ON step.id = stay.stage_id
        WHERE stay.stage_id IS NOT NULL AND step.outcome IS DISTINCT FROM 'lost'
        GROUP BY stay.opportunity_id, stay.stage_id, step.position, step.pipeline"""


def _passed(making: Making) -> str:
    """The stays and the steps that a deal jumped over, each entered and left when the next one was entered."""
    return f"""
        WITH reached AS (
            SELECT opportunity_id, min(entered_at) AS deal_started_at, max(position) AS furthest,
                max(last_entered_at) AS last_entered_at,
                arg_max(stage_id, row(last_entered_at, coalesce(position, 0), stage_id)) AS last_stage,
                arg_max(pipeline, position) AS pipeline, bool_and(known) AS known
            FROM stays GROUP BY opportunity_id
        ), jumped AS (
            SELECT reached.opportunity_id, step.id AS stage_id, step.position
            FROM reached JOIN {making.values("stage", frozenset(_LADDER))} AS step
            ON reached.known AND step.position < reached.furthest AND step.outcome IS DISTINCT FROM 'lost'
            AND step.pipeline IS NOT DISTINCT FROM reached.pipeline
            ANTI JOIN stays ON stays.opportunity_id = reached.opportunity_id AND stays.position = step.position
        ), dated AS (
            SELECT jumped.opportunity_id, jumped.stage_id, jumped.position, min(stays.entered_at) AS entered_at
            FROM jumped JOIN stays
            ON stays.opportunity_id = jumped.opportunity_id AND stays.position > jumped.position
            GROUP BY ALL
        )
        SELECT stays.opportunity_id, stays.stage_id, stays.position AS stage_position, stays.entered_at, stays.left_at,
            reached.deal_started_at, stays.stage_id = reached.last_stage AS is_last,
            coalesce(stays.position < reached.furthest, stays.last_entered_at < reached.last_entered_at) AS goes_on
        FROM stays JOIN reached USING (opportunity_id)
        UNION ALL
        SELECT dated.opportunity_id, dated.stage_id, dated.position, dated.entered_at, dated.entered_at,
            reached.deal_started_at, FALSE, TRUE
        FROM dated JOIN reached USING (opportunity_id)"""


def _note(making: Making) -> None:
    if "stage_history" not in making.rows:
        making.note(STAGE, "stages before the first load are unknown: no stage history was given")
    deal = making.values("opportunity", frozenset(_DEAL))
    history = making.values("stage_history", frozenset({"opportunity_id"}))
    ((without, lost),) = making.connection.execute(
        f"""SELECT
            count(*) FILTER (WHERE id NOT IN (SELECT opportunity_id FROM {history} WHERE opportunity_id IS NOT NULL)),
            count(*) FILTER (WHERE outcome = 'lost' AND id NOT IN (SELECT opportunity_id FROM stays))
        FROM {deal} WHERE stage_id IS NOT NULL"""
    ).fetchall()
    if without and "stage_history" in making.rows:
        making.note(STAGE, f"{without} deals have no stage history: of them only the stage of today is known")
    if lost:
        making.note(STAGE, f"{lost} lost deals are left out: in which stage they were lost is not known")
