"""The stages that each deal passed, laid out so that its open days stand in exactly one row each.

A row is a stay of the deal in a stage, a stage that it passed without a stay on record, or a stretch
of open days of which the stage is not known. Where it entered and left is as the source told it;
`since_at` and `until_at` are cut to the open days of the deal and to the next stay.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kpicore.load.columns import SQL_TYPES, local_day, quoted, stored_fields
from kpicore.load.stage_notes import note_stages
from kpicore.load.stays import DEAL, HISTORY, LADDER, lay_out_stays
from kpicore.registry import Registry

if TYPE_CHECKING:
    from kpicore.load.making import Making

STAGE = "opportunity_stage"

_OF_THE_ROW = (
    *("opportunity_id", "stage_id", "stage_position", "kind", "visit", "begins_deal", "probability"),
    *("entered_at", "left_at", "since_at", "until_at", "deal_started_at", "waiting_since_at"),
    *("moved_on", "lost_here", "loses_deal", "way_known"),
)


def stage_needs(registry: Registry) -> Callable[[str], tuple[tuple[str, str], ...]]:
    """Return what any column of the stages is made from, as pairs of entity and field."""
    read = (
        *(("opportunity", each) for each in (*DEAL, *copied_fields(registry))),
        *(("stage_history", each) for each in HISTORY),
        *(("stage", each) for each in LADDER),
    )
    return lambda column: read


def copied_fields(registry: Registry) -> tuple[str, ...]:
    """Return the fields that a row has from its deal."""
    if STAGE not in registry.entities:
        return ()
    of_deal = {each.name for each in stored_fields(registry.entities["opportunity"])}
    return tuple(
        each.name
        for each in stored_fields(registry.entities[STAGE])
        if each.name in of_deal and each.name not in _OF_THE_ROW
    )


def make_stages(making: Making) -> str:
    """Return a SELECT of the rows with all fields but the days."""
    if STAGE not in making.laid_out:
        _lay_out(making)
        making.laid_out.add(STAGE)
    copied = copied_fields(making.registry)
    deal = making.values("opportunity", frozenset({"id", *copied}))
    known = {*_OF_THE_ROW, *copied}
    columns = ", ".join(
        quoted(each.name) if each.name in known else f"CAST(NULL AS {SQL_TYPES[each.type]}) AS {quoted(each.name)}"
        for each in stored_fields(making.registry.entities[STAGE])
    )
    told = "".join(f", deal.{quoted(each)}" for each in copied)
    return f"""
        SELECT {columns} FROM (
            SELECT made.*, {_WAY_KNOWN} AS way_known{told} FROM ({_ROWS} UNION ALL {_passed(making)}
                UNION ALL {_begun(making)} UNION ALL {_UNKNOWN_ROWS}) AS made
            JOIN {deal} AS deal ON deal.id = made.opportunity_id
            JOIN dealt AS known ON known.id = made.opportunity_id
            LEFT JOIN reached AS came ON came.id = made.opportunity_id
        )"""


_WAY_KNOWN = "(known.whole AND (came.id IS NOT NULL OR known.outcome IS DISTINCT FROM 'lost'))"
"""Of a deal that was lost already when its first stage was told, it is not known how far it came."""


def _lay_out(making: Making) -> None:
    lay_out_stays(making)
    connection = making.connection
    connection.execute(f"CREATE OR REPLACE TEMP TABLE reached AS {_REACHED}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE stood AS {_STOOD}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE unknown AS {_unknown(making.config.timezone)}")
    note_stages(making)


_REACHED = """
    SELECT stays.id, any_value(dealt.whole) AS whole,
        CASE WHEN any_value(dealt.whole) THEN coalesce(min(stays.entered_at), any_value(dealt.created_at))
            ELSE coalesce(any_value(dealt.created_at), min(stays.entered_at)) END AS deal_started_at,
        max(position) AS furthest, max(number) AS last_stay, arg_max(pipeline, position) AS pipeline,
        arg_max(stays.stage_id, number) AS last_stage,
        arg_max(next_at IS NULL AND (left_at IS NULL OR backward), number) AS is_there,
        arg_max_null(entered_at, number) AS last_entry
    FROM stays JOIN dealt USING (id) WHERE meaning IS DISTINCT FROM 'lost' GROUP BY stays.id"""
"""How far each deal came, whatever losing it is called."""

_STOOD = """
    WITH cut AS (
        SELECT stays.*, dealt.starts_at, dealt.ends_at,
            CASE WHEN starts_at IS NOT NULL THEN least(greatest(came_at, starts_at), ends_at) END AS since_at,
            least(coalesce(CASE WHEN NOT backward THEN left_at END, next_at, ends_at), next_at) AS gone_at
        FROM stays JOIN dealt USING (id)
    )
    SELECT *, CASE WHEN since_at IS NOT NULL AND least(gone_at, ends_at) IS NOT NULL
        THEN greatest(least(gone_at, ends_at), since_at) END AS until_at
    FROM cut"""
"""The stays, each with the stretch of the deal's open days that it covers."""

_KIND = """CASE WHEN meaning IN ('won', 'lost') THEN meaning WHEN backward THEN 'passed' ELSE 'stay' END"""

_HERE = "stood.stage_id = reached.last_stage"
_LOST_HERE = f"coalesce(dealt.outcome = 'lost' AND {_HERE}, FALSE)"
_GOES_ON = "coalesce(stood.position < reached.furthest, stood.stage_id <> reached.last_stage)"

_LEFT = """CASE WHEN stood.came_at <= dealt.ends_at THEN least(stood.gone_at, dealt.ends_at)
            ELSE stood.gone_at END"""

_STOOD_OPEN = """(stood.since_at IS DISTINCT FROM stood.until_at
            AND (stood.next_at IS NULL OR coalesce(stood.meaning, 'open') NOT IN ('won', 'lost')))"""
"""A deal that was won or lost and is open again was not open in between; whether it is today says its outcome."""

_ROWS = f"""
    SELECT stood.id AS opportunity_id, stood.stage_id, stood.position AS stage_position, {_KIND} AS kind,
        CASE WHEN {_KIND} <> 'lost' THEN stood.visit END AS visit, stood.number = 1 AS begins_deal,
        CASE WHEN dealt.is_open AND stood.until_at IS NULL THEN dealt.probability
            ELSE stood.probability END AS probability,
        stood.entered_at,
        {_LEFT} AS left_at,
        CASE WHEN {_STOOD_OPEN} THEN stood.since_at END AS since_at,
        CASE WHEN {_STOOD_OPEN} THEN stood.until_at END AS until_at,
        coalesce(reached.deal_started_at, dealt.created_at) AS deal_started_at,
        CASE WHEN {_HERE} AND reached.is_there AND dealt.is_open
            THEN greatest(dealt.last_touch_at, reached.last_entry) END AS waiting_since_at,
        {_KIND} <> 'lost' AND (dealt.outcome = 'won' OR ({_GOES_ON} AND NOT {_LOST_HERE})) AS moved_on,
        {_KIND} <> 'lost' AND {_LOST_HERE} AS lost_here,
        coalesce({_LOST_HERE} AND stood.number = reached.last_stay, FALSE) AS loses_deal
    FROM stood JOIN dealt USING (id) LEFT JOIN reached USING (id)"""

_UNKNOWN_ROWS = """
    SELECT unknown.id, NULL, NULL, 'unknown', NULL, unknown.is_all, CASE WHEN dealt.is_open
        THEN dealt.probability END, NULL, NULL, unknown.since_at, unknown.until_at,
        coalesce(reached.deal_started_at, dealt.created_at), NULL, FALSE, FALSE, FALSE
    FROM unknown JOIN dealt USING (id) LEFT JOIN reached USING (id)"""


def _unknown(zone: str) -> str:
    """The open days of each deal that no stay covers; a gap within one day is none. `is_all` when it has no stays."""
    since, until = local_day("since_at", zone), local_day("until_at", zone)
    return f"""
        SELECT * FROM (
            SELECT id, until_at AS since_at, coalesce(lead(since_at) OVER later, ends_at) AS until_at, FALSE AS is_all
            FROM stood WHERE since_at IS NOT NULL WINDOW later AS (PARTITION BY id ORDER BY number)
            UNION ALL
            SELECT id, starts_at, since_at, FALSE FROM stood WHERE number = 1
        ) WHERE since_at IS NOT NULL AND (until_at IS NULL OR {since} < {until})
        UNION ALL
        SELECT id, starts_at, ends_at, TRUE FROM dealt ANTI JOIN stood ON stood.id = dealt.id"""


def _passed(making: Making) -> str:
    """The stages that a deal came past without a stay on record: entered and left when the next one was entered.

    Of a deal that is not known from its beginning it is not known when, nor whether it skipped them.
    """
    return f"""
        SELECT jumped.id, jumped.stage_id, jumped.position, 'passed', 1, FALSE, NULL, jumped.came_at, jumped.came_at,
            NULL, NULL, jumped.deal_started_at, NULL, TRUE, FALSE, FALSE
        FROM (
            SELECT reached.id, step.id AS stage_id, step.position, any_value(deal_started_at) AS deal_started_at,
                CASE WHEN any_value(reached.whole) AND NOT bool_or(later.entered_at IS NULL)
                    THEN min(later.entered_at) END AS came_at
            FROM reached JOIN {making.values("stage", frozenset(LADDER))} AS step
            ON step.position < reached.furthest AND step.outcome IS DISTINCT FROM 'lost'
            AND step.pipeline IS NOT DISTINCT FROM reached.pipeline
            ANTI JOIN stays AS own ON own.id = reached.id AND own.position = step.position
            JOIN stays AS later ON later.id = reached.id AND later.position > step.position
                AND later.meaning IS DISTINCT FROM 'lost'
            GROUP BY reached.id, step.id, step.position
        ) AS jumped"""


def _begun(making: Making) -> str:
    """The first stage of each deal of which no stage is known: it came at least there, whenever that was."""
    step = making.values("stage", frozenset(LADDER))
    return f"""
        SELECT dealt.id, began.id, began.position, 'passed', 1, FALSE, NULL, NULL, NULL,
            NULL, NULL, dealt.created_at, NULL, FALSE, FALSE, FALSE
        FROM dealt ANTI JOIN reached ON reached.id = dealt.id LEFT JOIN {step} AS own ON own.id = dealt.stage_id
        JOIN (
            SELECT pipeline, arg_min(id, position) AS id, min(position) AS position FROM {step}
            WHERE outcome IS DISTINCT FROM 'lost' AND position IS NOT NULL GROUP BY pipeline
        ) AS began ON began.pipeline IS NOT DISTINCT FROM own.pipeline"""
