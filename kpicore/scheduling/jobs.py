"""Jobs and when they are due: at times, or when a text differs from the one that they acted on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kpicore.scheduling.schedules import Schedule
from kpicore.utils.clock import Clock

LONGEST_PAUSE_SECONDS = 900.0
"""What fails again and again is tried so seldom."""

_REMEMBERED = 1_000
_LARGEST_PART = 10
"""A job comes late by a tenth of the time until its next one at most."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is done again and again: `act`, at the times of a schedule or when the text differs that a function gives.

    `act` says by raising that it failed. `since` is when a job of a schedule was done last, before this process began.
    """

    name: str
    when: Schedule | Callable[[], str]
    act: Callable[[], None]
    since: datetime | None = None


class Pauses:
    """How long to wait after one failure and the next: twice as long each time."""

    def __init__(self, first_seconds: float) -> None:
        self._first, self._failures, self._since = first_seconds, 0, 0.0

    @property
    def seconds(self) -> float:
        """How long the pause is; 0 while all goes well."""
        # beyond 2 ** 30 it is the longest in any case, and no float would hold it for ever
        return min(self._first * 2 ** min(self._failures - 1, 30), LONGEST_PAUSE_SECONDS) if self._failures else 0.0

    def left(self, elapsed: float) -> float:
        """Return how much of the pause is left."""
        return max(self._since + self.seconds - elapsed, 0.0) if self._failures else 0.0

    def left_of_first(self, elapsed: float) -> float:
        """Return how much would be left of it after a first failure."""
        return max(self._since + self._first - elapsed, 0.0) if self._failures else 0.0

    def fail(self, elapsed: float) -> None:
        """Begin the next pause."""
        self._failures, self._since = self._failures + 1, elapsed

    def end(self) -> None:
        """Forget the failures."""
        self._failures = 0


class JobTimes:
    """When a job of a schedule is due; what failed is so again after a pause."""

    def __init__(self, schedule: Schedule, since: datetime, lateness: Callable[[], float], pauses: Pauses) -> None:
        self._schedule, self._lateness, self.pauses = schedule, lateness, pauses
        self._done = deque[datetime](maxlen=_REMEMBERED)
        self._has_failed = False
        self._plan(schedule.next_after(since))

    def is_due(self, clock: Clock) -> bool:
        """Return whether to act now; if so, the time counts as done, and all that were missed before with it."""
        now = clock.now()
        if now < self._begins:
            return self._has_failed and not self.pauses.left(clock.elapsed())
        self._done.append(self._last_until(now))
        self._plan(self._first_left(self._done[-1]))
        return True

    def acted(self, well: bool) -> None:
        """Hear how it went."""
        self._has_failed = not well

    def seconds_left(self, clock: Clock) -> float:
        """Return how long it is until it is due."""
        seconds = (self._begins - clock.now()).total_seconds()
        return min(seconds, self.pauses.left(clock.elapsed())) if self._has_failed else seconds

    def went_back(self, now: datetime) -> None:
        """Hear that somebody set the clock back: the next time is the first one from there that was not done yet."""
        time = self._first_left(now)
        if time < self._time:
            self._plan(time)

    def _first_left(self, moment: datetime) -> datetime:
        """Return the first time after a moment that was not done: the clock may have been set back before it."""
        time = self._schedule.next_after(moment)
        while time in self._done:
            time = self._schedule.next_after(time)
        return time

    def _last_until(self, now: datetime) -> datetime:
        """Return the last of the times that have come by now and were not done; those before it are done with it."""
        last = time = self._time
        # after a leap of years through thousands of times nobody cares for the last one
        for _ in range(_REMEMBERED):
            time = self._schedule.next_after(time)
            if time > now:
                return last
            if time not in self._done:
                last = time
        return now

    def _plan(self, time: datetime) -> None:
        gap = self._schedule.next_after(time) - time
        late = timedelta(seconds=self._lateness())
        self._time, self._begins = time, time + min(late, gap / _LARGEST_PART)


class JobChanges:
    """Whether a text differs from the one that was acted on; what failed is tried again after a pause."""

    def __init__(self, look: Callable[[], str], pauses: Pauses) -> None:
        self._look, self.pauses = look, pauses
        self._done: str | None = None
        self._tried: str | None = None
        self._is_seen = True

    def is_due(self, clock: Clock) -> bool:
        """Return whether to act now. Raises what the look raises."""
        elapsed = clock.elapsed()
        # another text may be what mends it: that is tried soon, though not at each look
        if self.pauses.left_of_first(elapsed) if self._is_seen else self.pauses.left(elapsed):
            return False
        self._is_seen = False
        text = self._look()
        self._is_seen = True
        if text == self._done or (text == self._tried and self.pauses.left(elapsed)):
            return False
        self._tried = text
        return True

    def acted(self, well: bool) -> None:
        """Hear how it went."""
        # not the text of now: what changed meanwhile is seen at the next look
        if well:
            self._done = self._tried
        elif self._is_seen:
            self._done = None  # half of it may be done

    def seconds_left(self, clock: Clock) -> float:
        """Return how long it is until the next look: as long as the loop waits between looks."""
        return float("inf")

    def went_back(self, now: datetime) -> None:
        """Hear that somebody set the clock back, which means nothing here."""
