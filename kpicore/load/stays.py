"""Where each deal was when: its history, else what earlier loads gave, else the stage of today since the first load.

Laid out as temporary tables:

dealt   one row a deal: from when to when it stood, and since when its stages are known
stays   one row a stay in a stage, the winning of a deal included; `came_at` puts them in order, `entered_at`
        is empty where a deal was already in the stage when it was first seen
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kpicore.entities import Type
from kpicore.load.columns import literal
from kpicore.load.dated import Until
from kpicore.load.merge import raw_columns
from kpicore.load.versions import BROUGHT, UNTIL, past_columns

if TYPE_CHECKING:
    from kpicore.load.making import Making

DEAL = ("id", "created_at", "closed_at", "stage_id", "outcome", "outcome_given", "probability", "last_touch_at")
HISTORY = ("opportunity_id", "stage_id", "entered_at", "left_at")
LADDER = ("id", "position", "pipeline", "outcome", "probability")

IS_OPEN = "(deal.closed_at IS NULL AND deal.outcome IS NOT DISTINCT FROM 'open')"
"""SQL for a deal being open, which its outcome tells: one that is over may lack its date."""


def closes_ahead(making: Making, closed_at: str) -> str:
    """Return SQL for a close after the day of the data: that of a deal which is over already, as its outcome tells.

    Only of deals that are over a close is made. Many sources leave the day there that was planned.
    """
    return f"({day_of_data(making).is_ahead(closed_at, Type.MOMENT)})"


def day_of_data(making: Making) -> Until:
    """Return the day of the data of the load, also where the tables are made as of an earlier day."""
    return Until(making.today, making.config.timezone)


def ended(making: Making, closed: str, day_of_data: str) -> str:
    """Return SQL for when a deal was over: at its close, or by the day of the data where that is yet to come."""
    return f"CASE WHEN {closes_ahead(making, 'deal.closed_at')} THEN {day_of_data} ELSE {closed} END"


def moment_of_data(making: Making) -> str:
    """Return SQL for the noon of the day of the data, in UTC."""
    noon = datetime.combine(making.today, time(12), ZoneInfo(making.config.timezone)).astimezone(UTC)
    return f"TIMESTAMP {literal(noon.replace(tzinfo=None).isoformat())}"


_OF_DEALS = "SELECT min(load) FROM book.raw_version WHERE entity = 'opportunity'"

FIRST = f"(SELECT min(time) FROM book.load WHERE number = ({_OF_DEALS}))"
"""SQL for the instant of the first load of deals, in UTC."""


def lay_out_stays(making: Making) -> None:
    """Make the tables `dealt` and `stays`."""
    history = making.values("stage_history", frozenset(HISTORY))
    making.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE told AS SELECT {', '.join(HISTORY)} FROM {history}"
        " WHERE opportunity_id IS NOT NULL AND stage_id IS NOT NULL AND entered_at IS NOT NULL"
    )
    making.connection.execute(f"CREATE OR REPLACE TEMP TABLE seen AS {_SEEN if _knows_loads(making) else _NOBODY}")
    making.connection.execute(f"CREATE OR REPLACE TEMP TABLE change AS {_changes(making)}")
    making.connection.execute(f"CREATE OR REPLACE TEMP TABLE dealt AS {_dealt(making)}")
    making.connection.execute(f"CREATE OR REPLACE TEMP TABLE stays AS {_stays(making)}")


_SEEN = f"""
    SELECT id, time FROM raw.opportunity
    JOIN (SELECT number, min(time) AS time FROM book.load GROUP BY number) AS load ON load.number = {BROUGHT}"""
"""Since when deals are known that came after the first load."""

_NOBODY = "SELECT CAST(NULL AS VARCHAR) AS id, CAST(NULL AS TIMESTAMP) AS time WHERE FALSE"


def has_late_deals(making: Making) -> bool:
    """Return whether deals without a creation date have come after the first load."""
    if not _knows_loads(making):
        return False
    made = making.values("opportunity", frozenset({"id", "created_at"}))
    sql = f"SELECT 1 FROM {made} AS deal JOIN ({_SEEN}) AS seen USING (id) WHERE deal.created_at IS NULL LIMIT 1"
    return bool(making.connection.execute(sql).fetchall())


def _knows_loads(making: Making) -> bool:
    return BROUGHT in raw_columns(making.connection).get("opportunity", ())


def _changes(making: Making) -> str:
    """The stages that deals had before a load gave another one, of deals without a history."""
    if "stage_id" not in past_columns(making.connection, "opportunity"):
        return f"{_CHANGED_NOTHING} WHERE FALSE"
    return f"""
        WITH version AS (
            SELECT id, stage_id, {UNTIL} AS until FROM past.opportunity
            UNION ALL SELECT id, stage_id, NULL FROM raw.opportunity SEMI JOIN past.opportunity USING (id)
        ), step AS (
            SELECT id, stage_id AS old, lead(stage_id) OVER later AS new, until FROM version
            WINDOW later AS (PARTITION BY id ORDER BY until NULLS LAST)
        )
        SELECT id, old, new, time, lag(time) OVER logged AS before, lead(time) OVER logged AS after
        FROM step JOIN (SELECT number, min(time) AS time FROM book.load GROUP BY number) AS load
        ON load.number = step.until
        WHERE old IS DISTINCT FROM new AND NOT EXISTS (SELECT 1 FROM told WHERE told.opportunity_id = step.id)
        WINDOW logged AS (PARTITION BY id ORDER BY until)"""


_CHANGED_NOTHING = (
    "SELECT CAST(NULL AS VARCHAR) AS id, CAST(NULL AS VARCHAR) AS old, CAST(NULL AS VARCHAR) AS new,"
    " CAST(NULL AS TIMESTAMP) AS time, CAST(NULL AS TIMESTAMP) AS before, CAST(NULL AS TIMESTAMP) AS after"
)


def _dealt(making: Making) -> str:
    """A deal without a creation date stands since it was first seen, if it is open.

    One that ends before it was created never stands, nor one that ended on a day that is not known. One that is
    over, with a close that is yet to come, ends on the day of the data.
    """
    deal = making.values("opportunity", frozenset(DEAL))
    return f"""
        SELECT deal.id, deal.created_at, deal.stage_id, deal.outcome, deal.outcome_given,
            deal.probability, deal.last_touch_at,
            CASE WHEN deal.closed_at < deal.created_at OR (deal.closed_at IS NULL AND NOT {IS_OPEN}) THEN NULL
                WHEN deal.created_at IS NOT NULL THEN deal.created_at
                WHEN {IS_OPEN} THEN coalesce(seen.time, {FIRST}) END AS starts_at,
            {ended(making, "deal.closed_at", moment_of_data(making))} AS ends_at, {IS_OPEN} AS is_open,
            greatest(coalesce(deal.created_at, seen.time), {FIRST}) AS known_from,
            told.id IS NOT NULL AS has_history,
            told.id IS NOT NULL OR coalesce(deal.created_at >= {FIRST}, FALSE) AS whole
        FROM {deal} AS deal
        LEFT JOIN seen ON seen.id = deal.id
        LEFT JOIN (SELECT DISTINCT opportunity_id AS id FROM told) AS told ON told.id = deal.id"""


def _stays(making: Making) -> str:
    """Of stays that begin at one instant the one that ends first comes first, then the one with the lower stage."""
    return f"""
        WITH step AS (SELECT {", ".join(LADDER)} FROM {making.values("stage", frozenset(LADDER))}),
        stay AS (
            SELECT opportunity_id AS id, stage_id, entered_at AS came_at, entered_at, left_at FROM told
            UNION ALL
            SELECT id, old, least(dealt.known_from, time, ends_at),
                CASE WHEN whole AND created_at <= time THEN created_at END, time
            FROM change JOIN dealt USING (id) WHERE before IS NULL
            UNION ALL
            SELECT id, new, least(time, ends_at), least(time, ends_at), after FROM change JOIN dealt USING (id)
            UNION ALL
            SELECT dealt.id, stage_id, least(known_from, ends_at), CASE WHEN whole THEN created_at END, NULL
            FROM dealt JOIN step ON step.id = stage_id ANTI JOIN change ON change.id = dealt.id
            WHERE NOT has_history AND (is_open OR coalesce(step.outcome, 'open') = 'open')
        ), won AS (
            SELECT dealt.id, stage_id, ends_at AS came_at, ends_at AS entered_at, ends_at AS left_at
            FROM dealt JOIN step ON step.id = stage_id AND step.outcome = 'won'
            ANTI JOIN stay ON stay.id = dealt.id AND stay.stage_id = dealt.stage_id
            WHERE dealt.outcome = 'won'
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
