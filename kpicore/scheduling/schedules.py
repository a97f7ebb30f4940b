"""`every = "15 min"` and `cron = "0 8 * * mon"`: the times of what is done again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kpicore.errors import BadArgument, MissingDependency
from kpicore.text.plain_text import shortened

LEAST = timedelta(seconds=10)
MOST = timedelta(days=366)

_EVERY = re.compile(r"([0-9]{1,8}) ?([a-z]+)")
_SECONDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3_600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("week", "weeks"), 604_800),
}
_WRITE_EVERY = 'Write a number and s, min, h, day or week, from 10 s to 52 weeks: "15 min"'
_WRITE_CRON = 'Write five fields, minute, hour, day, month and weekday: "0 8 * * mon", "*/15 7-19 * * mon-fri"'
_LONGEST = 500
"""Characters of a text that may be a schedule: all numbers of all five fields have fewer."""
_ANY_DAY = datetime(2024, 1, 1, tzinfo=UTC)
"""Some moment after which a schedule has a time, if it has one at all."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Times without end: so long after each other, or those of a `cron` in a time zone, which `every` then leaves 0."""

    every: timedelta
    cron: str = ""
    zone: str = "UTC"

    def next_after(self, moment: datetime) -> datetime:
        """Return the first time after a moment, in UTC.

        In the night when clocks go back, a job at 02:30 has one time; when they go forward, it has the first minute
        that there is. With a `*` minute or hour it goes on in both nights as time does.
        """
        if self.every:
            return moment.astimezone(UTC) + self.every
        return next(time for time in _cron_times(self.cron, self.zone, moment) if time > moment)


def schedule_given(every: str = "", cron: str = "", zone: str = "UTC") -> Schedule:
    """Return the schedule that somebody wrote, as one of both texts.

    >>> mondays = schedule_given(cron="0 8 * * mon", zone="Europe/Berlin")
    >>> mondays.next_after(datetime(2026, 7, 1, tzinfo=UTC)).isoformat()
    '2026-07-06T06:00:00+00:00'

    Raises: BadArgument for what is none. MissingDependency where cronsim is not installed.
    """
    if bool(every) == bool(cron):
        raise BadArgument("a schedule is either every or cron.", hint=f"{_WRITE_EVERY}, or leave it out.")
    return Schedule(timedelta(), _cron_given(cron, zone), zone) if cron else Schedule(_every_given(every))


def _every_given(text: str) -> timedelta:
    match = _EVERY.fullmatch(text.strip().casefold())
    if match is None or match[2] not in _SECONDS:
        raise BadArgument(f"every '{shortened(text, 80)}' cannot be read.", hint=_WRITE_EVERY)
    length = timedelta(seconds=min(int(match[1]) * _SECONDS[match[2]], 10**9))
    if not LEAST <= length <= MOST:
        raise BadArgument(f"every '{text}' is too {'short' if length < LEAST else 'long'}.", hint=_WRITE_EVERY)
    return length


def _cron_given(text: str, zone: str) -> str:
    fields = " ".join(text.split())
    # a sixth field would be seconds: too often for what asks a service
    if len(fields) > _LONGEST or fields.count(" ") != 4:
        raise BadArgument(f"cron '{shortened(text, 80)}' does not have five fields.", hint=_WRITE_CRON)
    if next(_cron_times(fields, zone, _ANY_DAY), None) is None:
        raise BadArgument(f"cron '{text}' names a day that never comes.", hint=_WRITE_CRON)
    return fields


def _cron_times(cron: str, zone: str, moment: datetime) -> Iterator[datetime]:
    """Yield the times of a cron about since a moment. Those of the hour that comes twice may lie before it."""
    try:
        from cronsim import CronSim, CronSimError
    except ImportError:
        raise MissingDependency("cronsim", "sheets") from None
    try:
        times = CronSim(cron, moment.astimezone(ZoneInfo(zone)))
    # thousands of digits are no number to Python
    except (CronSimError, ValueError) as error:
        raise BadArgument(f"cron '{cron}' cannot be read ({error}).", hint=_WRITE_CRON) from None
    return (time.astimezone(UTC) for time in times)
