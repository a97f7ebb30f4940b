"""The layout of a warehouse file: five schemas and the tables of the book.

raw     rows as sources gave them, typed, merged by source and key
past    raw rows as they were before a load changed them or took them out
made    made tables, without the columns that are empty in every row
kpi     the same with all columns, which questions read, and the calendar
book    what was loaded when, from where, what changed and what could not be read
"""

from __future__ import annotations

import os

FORMAT = 3
"""The number of this layout. A file with a higher one is refused."""

TABLES = (
    "CREATE SCHEMA IF NOT EXISTS raw",
    "CREATE SCHEMA IF NOT EXISTS past",
    "CREATE SCHEMA IF NOT EXISTS made",
    "CREATE SCHEMA IF NOT EXISTS kpi",
    "CREATE SCHEMA IF NOT EXISTS book",
    "CREATE TABLE IF NOT EXISTS book.format (number INTEGER)",
    "CREATE TABLE IF NOT EXISTS book.state (version VARCHAR, time TIMESTAMP, first_load TIMESTAMP, changes BIGINT)",
    "CREATE TABLE IF NOT EXISTS book.entity"
    ' (entity VARCHAR, "rows" BIGINT, filled VARCHAR, "first" DATE, "last" DATE, notes VARCHAR,'
    " earliest DATE, latest DATE, made VARCHAR)",
    "CREATE TABLE IF NOT EXISTS book.member (dimension VARCHAR, value VARCHAR, id VARCHAR, label VARCHAR)",
    # a line a run, source and stream: `time` is of when the data is, `loaded_at` when it was loaded
    "CREATE TABLE IF NOT EXISTS book.load (number BIGINT, source VARCHAR, time TIMESTAMP, cursor VARCHAR,"
    " stream VARCHAR, place VARCHAR, loaded_at TIMESTAMP)",
    "CREATE TABLE IF NOT EXISTS book.undone (number BIGINT, source VARCHAR, time TIMESTAMP, cursor VARCHAR,"
    " stream VARCHAR, place VARCHAR, loaded_at TIMESTAMP, undone_at TIMESTAMP)",
    "CREATE TABLE IF NOT EXISTS book.load_rows (number BIGINT, source VARCHAR, stream VARCHAR, entity VARCHAR,"
    " new BIGINT, changed BIGINT, unchanged BIGINT, gone BIGINT, emptied BIGINT, whole BOOLEAN)",
    # what `_source` and `_stream` of raw rows stand for; sources of one number share their ids
    "CREATE TABLE IF NOT EXISTS book.source (number USMALLINT, name VARCHAR)",
    "CREATE TABLE IF NOT EXISTS book.stream (number USMALLINT, source USMALLINT, name VARCHAR, entity VARCHAR,"
    " reading VARCHAR)",
    "ALTER TABLE book.stream ADD COLUMN IF NOT EXISTS identity VARCHAR",
    'CREATE TABLE IF NOT EXISTS book.given (stream USMALLINT, "column" VARCHAR)',
    "CREATE TABLE IF NOT EXISTS book.landed (load BIGINT, source VARCHAR, file VARCHAR, name VARCHAR, streams VARCHAR,"
    " bytes BIGINT, digest VARCHAR)",
    "CREATE TABLE IF NOT EXISTS book.merged (source USMALLINT, entity VARCHAR, old VARCHAR, new VARCHAR, load BIGINT)",
    "CREATE TABLE IF NOT EXISTS book.lineage"
    " (version VARCHAR, written VARCHAR, lineage VARCHAR, installed VARCHAR, misread VARCHAR)",
    "CREATE TABLE IF NOT EXISTS book.read_in (entity VARCHAR, source VARCHAR, zone VARCHAR, stream VARCHAR)",
    "CREATE TABLE IF NOT EXISTS book.currency (code VARCHAR)",
    'CREATE TABLE IF NOT EXISTS book.redefined ("column" VARCHAR, words VARCHAR, time TIMESTAMP)',
    "CREATE TABLE IF NOT EXISTS book.kpi (name VARCHAR, digest VARCHAR)",
    "CREATE TABLE IF NOT EXISTS book.quarantine"
    ' (load BIGINT, source VARCHAR, file VARCHAR, line BIGINT, "column" VARCHAR, raw VARCHAR, reason VARCHAR,'
    " stream VARCHAR, record VARCHAR, field VARCHAR)",
    'CREATE TABLE IF NOT EXISTS book.told (load BIGINT, source VARCHAR, entity VARCHAR, "rows" BIGINT, told VARCHAR,'
    " stream VARCHAR)",
    'CREATE TABLE IF NOT EXISTS book.told_before (load BIGINT, source VARCHAR, entity VARCHAR, "rows" BIGINT,'
    " told VARCHAR, until BIGINT, stream VARCHAR)",
    "CREATE TABLE IF NOT EXISTS book.raw_version (entity VARCHAR, version BIGINT, load BIGINT)",
    'CREATE TABLE IF NOT EXISTS book.raw_column (entity VARCHAR, "column" VARCHAR, load BIGINT)',
    "CREATE TABLE IF NOT EXISTS book.carried (load BIGINT)",
)


def spill_folder() -> str:
    """Return the system's folder for temporary files, where DuckDB puts what does not fit into memory."""
    named = os.environ.get("TMPDIR", "/tmp")
    if os.path.isdir(named) and os.access(named, os.W_OK):
        return named
    import tempfile  # it knows every system, and takes 4 ms to be imported and to try folders out

    return tempfile.gettempdir()
