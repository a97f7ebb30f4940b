"""Made tables with the state that tells of them: the end of every load, and all of a remake."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import duckdb

from kpicore.calendar import local_date
from kpicore.errors import BadBuild
from kpicore.ingest.catalog.lineage import keep_lineage
from kpicore.ingest.catalog.redefined import log_redefined
from kpicore.ingest.data_time import data_time
from kpicore.ingest.derive.make import Made, make_all, prepared
from kpicore.ingest.derive.overflow import overflowing
from kpicore.ingest.fields.cycles import FieldOf
from kpicore.ingest.raw.time_zones import read_in_other_zones
from kpicore.lineage import written
from kpicore.registry.registry import Registry

if TYPE_CHECKING:
    from kpicore.config.reader import Config


@dataclass(frozen=True, slots=True)
class Published:
    """A data version, the entities whose tables were made by other definitions before, what differs.

    `failed` tells which derived entities could not be made, `reread` what was read again, or could not be.
    """

    version: str
    anew: tuple[str, ...] = ()
    why: str = ""
    failed: tuple[str, ...] = ()
    reread: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What was made anew and why, and what could not be made, in one line; "" when there is nothing to say."""
        anew = f"made anew: {', '.join(self.anew)}{f' ({self.why})' if self.why else ''}" if self.anew else ""
        return "; ".join(filter(None, (*self.reread, anew, *(f"not made: {problem}" for problem in self.failed))))


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
    made, failed = _make(connection, config, registry, local_date(time, config.timezone), tell, everything)
    states = connection.execute("SELECT first_load, changes, version FROM book.state").fetchall()
    first, changes, version = states[0] if states else (now, 0, "")
    # The same content keeps its version, and with it whatever was kept of answers.
    # "7-3f2a9c0d41be": the number of the change and twelve digits of the content, which alone could come back
    if not version.endswith(made.content[:12]):
        changes += 1
        version = f"{changes}-{made.content[:12]}"
    connection.execute("DELETE FROM book.state")
    connection.execute("INSERT INTO book.state VALUES (?, ?, ?, ?)", [version, now, first, changes])
    log_redefined(connection, registry, made.redefined, (changed_at or time).replace(tzinfo=None))
    zones = read_in_other_zones(connection, config.timezone)
    keep_lineage(connection, version, written(registry, config, config.calendar()), made.lineage, zones)
    connection.commit()
    return Published(str(version), made.anew, made.why, failed)


def _make(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    registry: Registry,
    today: date,
    tell: Callable[[str, float], None],
    everything: bool,
) -> tuple[Made, tuple[str, ...]]:
    """Make what has changed, in a transaction that is left open; tell which derived entities could not be made.

    Fields that come to too large numbers hold nothing.
    """
    emptied, failed = frozenset[FieldOf](), dict[str, str]()
    # Each round does without one more field or derived entity, so there is an end to them.
    while True:
        connection.begin()
        try:
            made = make_all(connection, config, registry, today, tell, everything, emptied, failed)
            return made, tuple(failed.values())
        except (duckdb.DataError, BadBuild) as error:
            connection.rollback()
            too_large = None
            # a plugin's SQL may fail by a field that it reads: then that field is emptied, and the plugin tried again
            if isinstance(error, duckdb.DataError) or isinstance(error.__cause__, duckdb.DataError):
                too_large = _overflowing(connection, config, registry, today, emptied, failed)
            if too_large is not None:
                emptied |= {too_large}
            elif isinstance(error, BadBuild):
                failed[error.entity] = str(error)
            else:
                raise


def _overflowing(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    registry: Registry,
    today: date,
    emptied: Collection[FieldOf],
    failed: Collection[str],
) -> FieldOf | None:
    connection.begin()
    making, _ = prepared(connection, config, registry, today, emptied=emptied, without=failed)
    connection.commit()  # in a transaction the first failure would be the last one
    field = overflowing(making)
    making.forget()
    return field
