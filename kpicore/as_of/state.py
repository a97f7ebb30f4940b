"""What stood on an earlier day: which load was the last one, and what has been redefined since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kpicore.calendar import local_date
from kpicore.ingest.catalog.redefined import Redefined
from kpicore.ingest.data_time import LOADS, data_times
from kpicore.lineage.lineage import name_of, setting
from kpicore.model.workspace_files import Timeless

Query = Callable[[str], list[tuple[Any, ...]]]

CURRENCY = name_of(setting("currency"))


@dataclass(frozen=True, slots=True)
class Stood:
    """What had been loaded at the close of a day. `load` is the last load, None before the first one.

    `loads` tells for each entity the last load that counts: before the first load it is the entity's own first one,
    as nothing is known of rows before. `time` is the instant that the data showed, `made_at` that of the load which
    would have made the tables: the same but before the first load. `redefined` is since.
    """

    load: int | None
    loads: Mapping[str, int]
    time: datetime
    made_at: datetime
    redefined: tuple[Redefined, ...]

    @property
    def key(self) -> tuple[object, ...]:
        """What two days have in common that have the same answers."""
        return self.load, self.time, self.redefined


def stood(day: date, timezone: str, query: Query, unseen: Iterable[Redefined], timeless: Timeless) -> Stood:
    """Return what stood at the close of a day; `unseen` was redefined after the last load."""
    # the first instant of the next day there, in UTC and without a zone, as the book has its times
    close = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone)).astimezone(UTC).replace(tzinfo=None)
    loads = data_times(query(LOADS), timeless).items()
    firsts: dict[str, int] = dict(query("SELECT entity, min(load) FROM book.raw_version GROUP BY entity"))
    known = [(number, at) for number, at in loads if at < close]
    since = (*_redefined(close, timezone, query), *unseen)
    # before the first load: its rows as they came, and what had happened by the close of the day
    if not known:
        made_at = max((_aware(at) for number, at in loads if number in firsts.values()), default=_aware(close))
        return Stood(None, firsts, _aware(close - timedelta(microseconds=1)), made_at, since)
    number, at = known[-1]
    # what was loaded for the first time later was not there
    there = {entity: number for entity, first in firsts.items() if first <= number}
    return Stood(number, there, _aware(at), _aware(at), since)


def _redefined(close: datetime, timezone: str, query: Query) -> Sequence[Redefined]:
    """Return what was redefined after an instant, the last time that it was."""
    rows = query('SELECT "column", words, time FROM book.redefined ORDER BY time')
    latest = {name: Redefined(name, words, local_date(_aware(at), timezone)) for name, words, at in rows if at >= close}
    return tuple(latest.values())


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)
