"""Where each deal was when: its history, else what earlier loads gave, else the stage of today since the first load.

Laid out as temporary tables:

deals   one row a deal: from when to when it stood, and since when its stages are known
stays   one row a stay in a stage, the winning of a deal included; `came_at` puts them in order, `entered_at`
        is empty where a deal was already in the stage when it was first seen
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from kpicore import BuildContext, Type, literal


@dataclass(frozen=True, slots=True)
class Stays:
    """The tables that are laid out, by name; `recorded` are the stays that the source told."""

    recorded: str
    deals: str
    stays: str


def all_read(context: BuildContext, entity: str) -> str:
    """Return the table with all that is read of an entity."""
    return context.table(entity, *context.reads[entity])


def is_open(deal: str) -> str:
    """Return SQL for a deal being open, which its outcome tells: one that is over may lack its date."""
    return f"({deal}.closed_at IS NULL AND {deal}.outcome IS NOT DISTINCT FROM 'open')"


def closes_ahead(context: BuildContext, closed_at: str) -> str:
    """Return SQL for a close after the day of the data: that of a deal which is over already, as its outcome tells.

    Only of deals that are over a close is made. Many sources leave the day there that was planned.
    """
    return f"({context.is_ahead(closed_at, Type.MOMENT)})"


def ended(context: BuildContext, deal: str, closed: str, day_of_data: str) -> str:
    """Return SQL for when a deal was over: at its close, or by the day of the data where that is yet to come."""
    return f"CASE WHEN {closes_ahead(context, f'{deal}.closed_at')} THEN {day_of_data} ELSE {closed} END"


def moment_of_data(context: BuildContext) -> str:
    """Return SQL for the noon of the day of the data, in UTC."""
    noon = datetime.combine(context.today, time(12), ZoneInfo(context.timezone)).astimezone(UTC)
    return f"TIMESTAMP {literal(noon.replace(tzinfo=None).isoformat())}"


def lay_out_stays(context: BuildContext) -> Stays:
    """Make the tables of deals and their stays."""
    # each is read several times below: as a subquery it would be worked out as often
    recorded = context.temporary(
        "told",
        f"SELECT {', '.join(context.reads['stage_history'])} FROM {all_read(context, 'stage_history')}"
        " WHERE opportunity_id IS NOT NULL AND stage_id IS NOT NULL AND entered_at IS NOT NULL",
    )
    seen = context.temporary("seen", context.arrivals("opportunity"))
    change = context.temporary("change", _changes(context, recorded))
    deals = context.temporary("deals", _deals(context, recorded, seen))
    return Stays(recorded, deals, context.temporary("stays", _stays(context, recorded, change, deals)))


def has_late_deals(context: BuildContext) -> bool:
    """Return whether deals without a creation date have come after the first load."""
    deals = context.table("opportunity", "id", "created_at")
    return bool(
        context.rows(
            f"SELECT 1 FROM {deals} AS deal JOIN ({context.arrivals('opportunity')}) AS seen USING (id)"
            " WHERE deal.created_at IS NULL LIMIT 1"
        )
    )


def _changes(context: BuildContext, recorded: str) -> str:
    """The stages that deals had before a load gave another one, of deals without a history."""
    # step: a version and the one after it are one change, from `old` to `new` at the load that ended the version; the
    # last one has no end and changes nothing. before, after: when the same deal changed before it and after it
    return f"""
        WITH version AS ({context.versions("opportunity", "stage_id")}),
        step AS (
            SELECT id, stage_id AS old, lead(stage_id) OVER later AS new, until, until_at AS time FROM version
            WINDOW later AS (PARTITION BY id ORDER BY until NULLS LAST)
        )
        SELECT id, old, new, time, lag(time) OVER logged AS before, lead(time) OVER logged AS after
        FROM step
        WHERE time IS NOT NULL AND old IS DISTINCT FROM new
            AND NOT EXISTS (SELECT 1 FROM {recorded} AS told WHERE told.opportunity_id = step.id)
        WINDOW logged AS (PARTITION BY id ORDER BY until)"""


def _deals(context: BuildContext, recorded: str, seen: str) -> str:
    """A deal without a creation date stands since it was first seen, if it is open.

    One that ends before it was created never stands, nor one that ended on a day that is not known. One that is
    over, with a close that is yet to come, ends on the day of the data.
    """
    # What came before the first load is not known: changes are logged from then on.
    # greatest() and least() pass nulls over in DuckDB: greatest(null, first) is first, least(came, null) is came
    first, open_ = context.first_load("opportunity"), is_open("deal")
    # a deal with a history is known whole; another one only if it was created after deals were first loaded, as all its
    # stages have passed before our eyes then
    return f"""
        SELECT deal.id, deal.created_at, deal.stage_id, deal.outcome, deal.outcome_given,
            deal.probability, deal.last_touch_at,
            CASE WHEN deal.closed_at < deal.created_at OR (deal.closed_at IS NULL AND NOT {open_}) THEN NULL
                WHEN deal.created_at IS NOT NULL THEN deal.created_at
                WHEN {open_} THEN coalesce(seen.time, {first}) END AS starts_at,
            {ended(context, "deal", "deal.closed_at", moment_of_data(context))} AS ends_at, {open_} AS is_open,
            greatest(coalesce(deal.created_at, seen.time), {first}) AS known_from,
            told.id IS NOT NULL AS has_history,
            told.id IS NOT NULL OR coalesce(deal.created_at >= {first}, FALSE) AS whole
        FROM {all_read(context, "opportunity")} AS deal
        LEFT JOIN {seen} AS seen ON seen.id = deal.id
        LEFT JOIN (SELECT DISTINCT opportunity_id AS id FROM {recorded}) AS told ON told.id = deal.id"""


def _stays(context: BuildContext, recorded: str, change: str, deals: str) -> str:
    """Of stays that begin at one instant the one that ends first comes first, then the one with the lower stage."""
    # stay, in the order of its parts: what the source told; where a deal was before its first change; where each change
    # took it; where a deal is that never changed. A deal with a history has no changes, so no stay comes twice.
    # won: the last step of a won deal that none of these tells, at the instant it was won; it lasts no time
    return f"""
        WITH step AS (SELECT {", ".join(context.reads["stage"])} FROM {all_read(context, "stage")}),
        stay AS (
            SELECT opportunity_id AS id, stage_id, entered_at AS came_at, entered_at, left_at FROM {recorded}
            UNION ALL
            SELECT id, old, least(deal.known_from, time, ends_at),
                CASE WHEN whole AND created_at <= time THEN created_at END, time
            FROM {change} AS change JOIN {deals} AS deal USING (id) WHERE before IS NULL
            UNION ALL
            SELECT id, new, least(time, ends_at), least(time, ends_at), after
            FROM {change} AS change JOIN {deals} AS deal USING (id)
            UNION ALL
            SELECT deal.id, stage_id, least(known_from, ends_at), CASE WHEN whole THEN created_at END, NULL
            FROM {deals} AS deal JOIN step ON step.id = stage_id ANTI JOIN {change} AS change ON change.id = deal.id
            WHERE NOT has_history AND (is_open OR coalesce(step.outcome, 'open') = 'open')
        ), won AS (
            SELECT deal.id, stage_id, ends_at AS came_at, ends_at AS entered_at, ends_at AS left_at
            FROM {deals} AS deal JOIN step ON step.id = stage_id AND step.outcome = 'won'
            ANTI JOIN stay ON stay.id = deal.id AND stay.stage_id = deal.stage_id
            WHERE deal.outcome = 'won'
        )
        SELECT stay.id, stay.stage_id, step.position, step.pipeline, step.outcome AS meaning, step.probability,
            stay.came_at, stay.entered_at, stay.left_at, coalesce(stay.left_at < stay.came_at, FALSE) AS backward,
            lead(stay.came_at) OVER later AS next_at, row_number() OVER later AS number,
            row_number() OVER (PARTITION BY stay.id, stay.stage_id ORDER BY stay.came_at, stay.left_at) AS visit
        FROM (SELECT * FROM stay UNION ALL SELECT * FROM won) AS stay
        LEFT JOIN step ON step.id = stay.stage_id
        WHERE stay.stage_id IS NOT NULL
        WINDOW later AS (PARTITION BY stay.id ORDER BY stay.came_at NULLS LAST,
            coalesce(stay.left_at, TIMESTAMP 'infinity'), step.position, stay.stage_id)"""
