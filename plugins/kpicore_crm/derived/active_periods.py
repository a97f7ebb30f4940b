"""When customers were active, by the workspace's active rule: one row per stretch of time."""

from __future__ import annotations

from kpicore import DUCKDB, BuildContext, Note, Type, literal, parse_row, quoted, row_sql
from kpicore_crm.entities.drafts import KEPT

_COUNTS = {"order": KEPT, "opportunity": "outcome = 'won'"}
"""The condition of rows by which customers are active from their day on, by entity; those of others are terms."""

# typed, as a null alone would give the table columns without a type
_NOBODY = (
    "SELECT CAST(NULL AS VARCHAR) AS customer_id, CAST(NULL AS DATE) AS active_from, CAST(NULL AS DATE) AS active_to"
    " WHERE FALSE"
)


def active_periods(context: BuildContext) -> str:
    """Return a SELECT of the stretches; without rows when nothing shows who is active."""
    # one entity alone: each alternative of `_signs_of_activity` has one
    ((source, fields),) = context.reads.items()
    if not context.is_loaded(source):
        return _NOBODY
    return _by_purchases(context, source, *fields) if source in _COUNTS else _by_terms(context, source, *fields)


def _by_purchases(context: BuildContext, source: str, customer: str, day: str, state: str) -> str:
    table = context.table(source, customer, day, state)
    condition = parse_row(_COUNTS[source], {state: Type.TEXT})
    counts = row_sql(condition, column=quoted, bind=lambda text: literal(str(text)), dialect=DUCKDB)
    # IS NOT FALSE: a row that would not count anyway is not told of; one without a status might have counted
    _tell(context, source, f"{table} WHERE {counts} IS NOT FALSE", customer, day, counts)
    if source == "opportunity":
        context.note(Note.of("deals_are_purchases"))
    # A day starts a stretch where the day before it is too far off; counting the starts numbers the stretches.
    gap = int(str(context.settings["inactivity_days"]))
    today = f"DATE {literal(context.today.isoformat())}"
    # with gap 10 purchases on the days 1, 8 and 30 are two stretches, which end on 18 and on 40; an end to come is none
    return f"""
        WITH bought AS (
            SELECT DISTINCT {customer} AS customer_id, {day} AS day FROM {table}
            WHERE {customer} IS NOT NULL AND {day} IS NOT NULL AND {counts}
        ), apart AS (
            SELECT customer_id, day,
                coalesce(day - lag(day) OVER (PARTITION BY customer_id ORDER BY day) > {gap}, TRUE) AS starts
            FROM bought
        ), numbered AS (
            SELECT customer_id, day,
                count(*) FILTER (WHERE starts) OVER (PARTITION BY customer_id ORDER BY day) AS stretch
            FROM apart
        )
        SELECT customer_id, min(day) AS active_from,
            CASE WHEN max(day) + {gap} <= {today} THEN CAST(max(day) + {gap} AS DATE) END AS active_to
        FROM numbered GROUP BY customer_id, stretch"""


def _by_terms(context: BuildContext, source: str, customer: str, since: str, until: str) -> str:
    table = context.table(source, customer, since, until)
    _tell(context, source, table, customer, since)
    return terms_merged(table, customer, since, until)


def _tell(context: BuildContext, source: str, rows: str, customer: str, day: str, *conditions: str) -> None:
    """Tell of the rows that would make somebody active if more were known of them."""
    # Each row is counted once: at the first thing that it lacks.
    lacks = [f"{customer} IS NULL", f"{day} IS NULL", *(f"{condition} IS NULL" for condition in conditions)]
    counts = ", ".join(
        f"count(*) FILTER (WHERE {' AND '.join([lack, *(f'NOT ({other})' for other in lacks[:at])])})"
        for at, lack in enumerate(lacks)
    )
    (lacking,) = context.rows(f"SELECT {counts} FROM {rows}")
    for rows_lacking, what in zip(lacking, ("customer", "date", "known status"), strict=False):
        if rows_lacking:
            context.note(Note.of("nobody_active", rows=rows_lacking, entity=source, lacking=what))


def terms_merged(table: str, customer: str, since: str, until: str) -> str:
    """Return a SELECT of stretches: terms that overlap or touch are one, an open end makes it open."""
    # the latest end so far, not that of the term before: a long term may span several that begin and end in it
    return f"""
        WITH terms AS (
            SELECT {customer} AS customer_id, {since} AS since, coalesce({until}, DATE 'infinity') AS until
            FROM {table} WHERE {customer} IS NOT NULL AND {since} IS NOT NULL AND ({until} IS NULL OR {until} > {since})
        ), apart AS (
            SELECT customer_id, since, until, coalesce(since > max(until) OVER (
                PARTITION BY customer_id ORDER BY since, until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), TRUE
            ) AS starts FROM terms
        ), numbered AS (
            SELECT customer_id, since, until, count(*) FILTER (WHERE starts) OVER (
                PARTITION BY customer_id ORDER BY since, until ROWS UNBOUNDED PRECEDING
            ) AS stretch FROM apart
        )
        SELECT customer_id, min(since) AS active_from, nullif(max(until), DATE 'infinity') AS active_to
        FROM numbered GROUP BY customer_id, stretch"""
