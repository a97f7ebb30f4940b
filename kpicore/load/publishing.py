"""Made tables with the state that tells of them: the end of every load, and all of a remake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import duckdb

from kpicore.lineage import written
from kpicore.load.circles import FieldOf
from kpicore.load.data_time import data_time
from kpicore.load.kept_lineage import keep_lineage
from kpicore.load.make import Made, make_all, prepared
from kpicore.load.overflow import overflowing
from kpicore.load.read_in import misread
from kpicore.load.redefined import log_redefined
from kpicore.periods import local_date
from kpicore.registry import Registry

if TYPE_CHECKING:
    from kpicore.config import Config


@dataclass(frozen=True, slots=True)
class Published:
    """A data version, the entities whose tables were made by other definitions before, and what differs."""

    version: str
    anew: tuple[str, ...] = ()
    why: str = ""

    @property
    def words(self) -> str:
        """What was made anew and why, in one line; "" when nothing was for the sake of definitions."""
        if not self.anew:
            return ""
        return f"made anew: {', '.join(self.anew)}{f' ({self.why})' if self.why else ''}"


def publish(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    registry: Registry,
    time: datetime,
    tell: Callable[[str, float], None],
    everything: bool = False,
    changed_at: datetime | None = None,
) -> Published:
    """Make what has changed, in one transaction, and write down the state.

    The data time is that of all loads, and `time` in UTC where there was none. `changed_at` is since when today's
    definitions hold, else it is the data time. Raises BadDefinition.
    """
    now = data_time(connection, registry.timeless) or time.replace(tzinfo=None)
    time = now.replace(tzinfo=UTC)
    made = _made(connection, config, registry, local_date(time, config.timezone), tell, everything)
    found = connection.execute("SELECT first_load, changes, version FROM book.state").fetchall()
    first, changes, version = found[0] if found else (now, 0, "")
    if not version.endswith(made.content[:12]):
        changes += 1
        version = f"{changes}-{made.content[:12]}"
    connection.execute("DELETE FROM book.state")
    connection.execute("INSERT INTO book.state VALUES (?, ?, ?, ?)", [version, now, first, changes])
    log_redefined(connection, registry, made.redefined, (changed_at or time).replace(tzinfo=None))
    zones = misread(connection, config.timezone)
    keep_lineage(connection, version, written(registry, config, config.calendar()), made.lineage, zones)
    connection.commit()
    return Published(str(version), made.anew, made.why)


def _made(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    registry: Registry,
    today: date,
    tell: Callable[[str, float], None],
    everything: bool,
) -> Made:
    """Make what has changed, in a transaction that is left open, without the fields that come to too large numbers."""
    emptied = frozenset[FieldOf]()
    while True:
        connection.begin()
        try:
            return make_all(connection, config, registry, today, tell, everything, emptied)
        except duckdb.DataError:
            connection.rollback()
            connection.begin()
            making, _ = prepared(connection, config, registry, today, emptied=emptied)
            connection.commit()  # in a transaction the first failure would be the last one
            found = overflowing(making)
            if found is None:
                raise
            making.forget()
            emptied |= {found}
