"""The stages that each deal passed, laid out so that its open days stand in exactly one row each.

A row is a stay of the deal in a stage, a stage that it passed without a stay on record, or a stretch
of open days of which the stage is not known. Where it entered and left is as the source told it;
`since_at` and `until_at` are cut to the open days of the deal and to the next stay.
"""

from __future__ import annotations

from kpicore import BuildContext
from kpicore_crm.derived.stage_notes import note_stages
from kpicore_crm.derived.stays import Stays, all_read, lay_out_stays


def stage_visits(context: BuildContext) -> str:
    """Return a SELECT of the rows with what is not the deal's own."""
    laid = lay_out_stays(context)
    reached = context.temporary("reached", _reached(laid))
    stood = context.temporary("stood", _stood(laid))
    unknown = context.temporary("unknown", _unknown(context, laid, stood))
    note_stages(context, laid, stood, unknown)
    return f"""
        SELECT made.*, {_WAY_KNOWN} AS way_known
        FROM ({_rows(laid, reached, stood)} UNION ALL {_passed(context, laid, reached)}
            UNION ALL {_begun(context, laid, reached)} UNION ALL {_unknown_rows(laid, reached, unknown)}) AS made
        JOIN {laid.deals} AS known ON known.id = made.opportunity_id
        LEFT JOIN {reached} AS came ON came.id = made.opportunity_id"""


_WAY_KNOWN = "(known.whole AND (came.id IS NOT NULL OR known.outcome IS DISTINCT FROM 'lost'))"
"""Of a deal that was lost already when its first stage was told, it is not known how far it came."""


def _reached(laid: Stays) -> str:
    """How far each deal came, whatever losing it is called."""
    # An entry that nobody saw can be the last one too: arg_max would pass its null over, and give the one before.
    return f"""
        SELECT stays.id, any_value(deal.whole) AS whole,
            CASE WHEN any_value(deal.whole) THEN coalesce(min(stays.entered_at), any_value(deal.created_at))
                ELSE coalesce(any_value(deal.created_at), min(stays.entered_at)) END AS deal_started_at,
            max(position) AS furthest, max(number) AS last_stay, arg_max(pipeline, position) AS pipeline,
            arg_max(stays.stage_id, number) AS last_stage,
            arg_max(next_at IS NULL AND (left_at IS NULL OR backward), number) AS is_there,
            arg_max_null(entered_at, number) AS last_entry
        FROM {laid.stays} AS stays JOIN {laid.deals} AS deal USING (id)
        WHERE meaning IS DISTINCT FROM 'lost' GROUP BY stays.id"""


def _stood(laid: Stays) -> str:
    """The stays, each with the stretch of the deal's open days that it covers."""
    # since_at, until_at: a stay cut to the open days of its deal, first at the start, then at the end. gone_at: when it
    # was left, but for one of negative length when the next began, and never after that
    return f"""
        WITH cut AS (
            SELECT stays.*, deal.starts_at, deal.ends_at,
                CASE WHEN starts_at IS NOT NULL THEN least(greatest(came_at, starts_at), ends_at) END AS since_at,
                least(coalesce(CASE WHEN NOT backward THEN left_at END, next_at, ends_at), next_at) AS gone_at
            FROM {laid.stays} AS stays JOIN {laid.deals} AS deal USING (id)
        )
        SELECT *, CASE WHEN since_at IS NOT NULL AND least(gone_at, ends_at) IS NOT NULL
            THEN greatest(least(gone_at, ends_at), since_at) END AS until_at
        FROM cut"""


# a stay of negative length has no dwell time to show: it counts as passed, and stands until the next one
_KIND = """CASE WHEN meaning IN ('won', 'lost') THEN meaning WHEN backward THEN 'passed' ELSE 'stay' END"""

# A stay is "here" in the last stage that its deal came to, losing left aside: there the deal is, or was lost. From a
# stage below the furthest one it went on. Stages without positions are not below each other: then any but the last.
_HERE = "stood.stage_id = reached.last_stage"
_LOST_HERE = f"coalesce(deal.outcome = 'lost' AND {_HERE}, FALSE)"
_GOES_ON = "coalesce(stood.position < reached.furthest, stood.stage_id <> reached.last_stage)"

# A stay is over with its deal at the latest; one that began after the deal was over is left as the source told it.
_LEFT = """CASE WHEN stood.came_at <= deal.ends_at THEN least(stood.gone_at, deal.ends_at)
            ELSE stood.gone_at END"""

_STOOD_OPEN = """(stood.since_at IS DISTINCT FROM stood.until_at
            AND (stood.next_at IS NULL OR coalesce(stood.meaning, 'open') NOT IN ('won', 'lost')))"""
"""A deal that was won or lost and is open again was not open in between; whether it is today says its outcome."""


# the columns of all four parts of the union stand in this order, matched by place and not by name
def _rows(laid: Stays, reached: str, stood: str) -> str:
    return f"""
        SELECT stood.id AS opportunity_id, stood.stage_id, stood.position AS stage_position, {_KIND} AS kind,
            CASE WHEN {_KIND} <> 'lost' THEN stood.visit END AS visit, stood.number = 1 AS begins_deal,
            CASE WHEN deal.is_open AND stood.until_at IS NULL THEN deal.probability
                ELSE stood.probability END AS probability,
            stood.entered_at,
            {_LEFT} AS left_at,
            CASE WHEN {_STOOD_OPEN} THEN stood.since_at END AS since_at,
            CASE WHEN {_STOOD_OPEN} THEN stood.until_at END AS until_at,
            coalesce(reached.deal_started_at, deal.created_at) AS deal_started_at,
            CASE WHEN {_HERE} AND reached.is_there AND deal.is_open
                THEN greatest(deal.last_touch_at, reached.last_entry) END AS waiting_since_at,
            {_KIND} <> 'lost' AND (deal.outcome = 'won' OR ({_GOES_ON} AND NOT {_LOST_HERE})) AS moved_on,
            {_KIND} <> 'lost' AND {_LOST_HERE} AS lost_here,
            coalesce({_LOST_HERE} AND stood.number = reached.last_stay, FALSE) AS loses_deal
        FROM {stood} AS stood JOIN {laid.deals} AS deal USING (id) LEFT JOIN {reached} AS reached USING (id)"""


def _unknown_rows(laid: Stays, reached: str, unknown: str) -> str:
    return f"""
        SELECT unknown.id, NULL, NULL, 'unknown', NULL, unknown.is_all, CASE WHEN deal.is_open
            THEN deal.probability END, NULL, NULL, unknown.since_at, unknown.until_at,
            coalesce(reached.deal_started_at, deal.created_at), NULL, FALSE, FALSE, FALSE
        FROM {unknown} AS unknown JOIN {laid.deals} AS deal USING (id) LEFT JOIN {reached} AS reached USING (id)"""


def _unknown(context: BuildContext, laid: Stays, stood: str) -> str:
    """The open days of each deal that no stay covers; a gap within one day is none. `is_all` when it has no stays."""
    # three kinds of gap: behind a stay up to the next or the end, before the first one, and all of a deal without stays
    since, until = context.local_day("since_at"), context.local_day("until_at")
    return f"""
        SELECT * FROM (
            SELECT id, until_at AS since_at, coalesce(lead(since_at) OVER later, ends_at) AS until_at, FALSE AS is_all
            FROM {stood} WHERE since_at IS NOT NULL WINDOW later AS (PARTITION BY id ORDER BY number)
            UNION ALL
            SELECT id, starts_at, since_at, FALSE FROM {stood} WHERE number = 1
        ) WHERE since_at IS NOT NULL AND (until_at IS NULL OR {since} < {until})
        UNION ALL
        SELECT id, starts_at, ends_at, TRUE
        FROM {laid.deals} AS deal ANTI JOIN {stood} AS stood ON stood.id = deal.id"""


def _passed(context: BuildContext, laid: Stays, reached: str) -> str:
    """The stages that a deal came past without a stay on record: entered and left when the next one was entered.

    Of a deal that is not known from its beginning it is not known when, nor whether it skipped them.
    """
    return f"""
        SELECT jumped.id, jumped.stage_id, jumped.position, 'passed', 1, FALSE, NULL, jumped.came_at, jumped.came_at,
            NULL, NULL, jumped.deal_started_at, NULL, TRUE, FALSE, FALSE
        FROM (
            SELECT reached.id, step.id AS stage_id, step.position,
                any_value(reached.deal_started_at) AS deal_started_at,
                CASE WHEN any_value(reached.whole) AND NOT bool_or(later.entered_at IS NULL)
                    THEN min(later.entered_at) END AS came_at
            FROM {reached} AS reached JOIN {all_read(context, "stage")} AS step
            ON step.position < reached.furthest AND step.outcome IS DISTINCT FROM 'lost'
            AND step.pipeline IS NOT DISTINCT FROM reached.pipeline
            ANTI JOIN {laid.stays} AS own ON own.id = reached.id AND own.position = step.position
            JOIN {laid.stays} AS later ON later.id = reached.id AND later.position > step.position
                AND later.meaning IS DISTINCT FROM 'lost'
            GROUP BY reached.id, step.id, step.position
        ) AS jumped"""


def _begun(context: BuildContext, laid: Stays, reached: str) -> str:
    """The first stage of each deal of which no stage is known: it came at least there, whenever that was."""
    step = all_read(context, "stage")
    return f"""
        SELECT deal.id, began.id, began.position, 'passed', 1, FALSE, NULL, NULL, NULL,
            NULL, NULL, deal.created_at, NULL, FALSE, FALSE, FALSE
        FROM {laid.deals} AS deal ANTI JOIN {reached} AS reached ON reached.id = deal.id
        LEFT JOIN {step} AS own ON own.id = deal.stage_id
        JOIN (
            SELECT pipeline, arg_min(id, position) AS id, min(position) AS position FROM {step}
            WHERE outcome IS DISTINCT FROM 'lost' AND position IS NOT NULL GROUP BY pipeline
        ) AS began ON began.pipeline IS NOT DISTINCT FROM own.pipeline"""
