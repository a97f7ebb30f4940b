"""Made tables by today's definitions, from the rows that are there: no source is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kpicore.ingest.publish import Published, publish
from kpicore.ingest.raw.carried_over import carry_over
from kpicore.ingest.raw.carried_sources import carry_sources
from kpicore.ingest.rereading import read_again
from kpicore.registry.registry import Registry
from kpicore.warehouse import FILE
from kpicore.warehouse.duckdb.problems import missing
from kpicore.warehouse.duckdb.writer import writing
from kpicore.warehouse.kinds import check_loads_here

if TYPE_CHECKING:
    from kpicore.config.reader import Config


def remake(
    config: Config,
    registry: Registry,
    *,
    everything: bool = False,
    progress: Callable[[str, float], None] | None = None,
) -> Published:
    """Make anew what today's definitions make otherwise; with `everything` all tables. The data time stays.

    What was delivered, and is read otherwise today, is read again.

    Raises WarehouseError when there is none or it cannot be written, and BadDefinition; then it is as it was.
    """
    check_loads_here(config)
    path = config.folder / FILE
    if not path.exists():
        raise missing(path)
    with writing(path) as connection:
        times = connection.execute("SELECT time FROM book.state").fetchall()
        if not times:
            raise missing(path)
        carry_over(connection)
        carry_sources(connection, registry)
        time = times[0][0].replace(tzinfo=UTC)
        tell = progress or (lambda step, done: None)
        reread = read_again(connection, config, registry)
        published = publish(connection, config, registry, time, tell, everything, changed_at=datetime.now(UTC))
        return replace(published, reread=reread)
