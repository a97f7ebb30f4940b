"""What one load of a source is to all that takes its rows: its number, its time, and the errors that end it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

ENDS_LOAD = (
    *(duckdb.IOException, duckdb.OutOfMemoryException, duckdb.TransactionException),
    *(duckdb.FatalException, duckdb.InternalException),
)
"""Errors of the warehouse file and not of a source or plugin: they end the load, and the data stays as it was."""


@dataclass(frozen=True, slots=True)
class Run:
    """What all merges of one source's run share. `zone` is the organisation's, `time` the load's in UTC.

    `owner` is the number of the source. `whole` tells that the source gives everything, and not only what is new;
    `partial` that its rows may lack fields that they have, as those of a `Batch`. `label` is what people are shown.
    `turn` tells the runs of one load apart. A run `again` reads what was delivered before.
    """

    connection: duckdb.DuckDBPyConnection
    source: str
    number: int
    zone: str
    time: datetime
    owner: int
    whole: bool = True
    partial: bool = True
    label: str = ""
    turn: int = 0
    again: bool = False
