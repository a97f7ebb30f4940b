"""A loop that waits and does what is due: one thing at a time, no threads, the time as a clock gives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import random

from kpicore.errors import Defect, KpiError
from kpicore.scheduling.jobs import Job, JobChanges, JobTimes, Pauses
from kpicore.scheduling.schedules import Schedule
from kpicore.scheduling.stopping import Stop
from kpicore.utils.clock import Clock
from kpicore.utils.isolation import contained, tell_traceback

LOOK_SECONDS = 2.0
TellFailure = Callable[[Job, KpiError, float], None]
"""Hears which job failed, why, and after how many seconds it is tried again."""

_SLACK = timedelta(seconds=1)
"""A clock that goes back by less was set right by the system, as it does now and then."""


def run_jobs(
    jobs: Sequence[Job],
    clock: Clock,
    *,
    stop: Stop,
    tell: TellFailure,
    jitter_seconds: float = 0.0,
    look_seconds: float = LOOK_SECONDS,
    chance: Callable[[], float] = random,
) -> None:
    """Do jobs when they are due, until it is to stop; a job that is being done ends first.

    However many times a job missed, while another one or the machine slept, it is done once. When somebody sets the
    clock back, no time comes twice. A job that raises is told, tried again after pauses that grow, and holds up nobody.
    Jobs of a schedule come late by up to `jitter_seconds`, as `chance` (0 to 1) says; texts are looked at every
    `look_seconds`. `jobs` is read again after each act, which may change the list. A job that has the name and the
    schedule of one before goes on as that one.
    """
    loop = _Loop(clock, tell, lambda: jitter_seconds * chance(), look_seconds)
    while not stop.is_set():
        loop.hear_of_clock()
        loop.forget_all_but(jobs)
        planned = tuple(jobs)
        for job in planned:
            if stop.is_set():
                return
            loop.see_to(job)
            if tuple(jobs) != planned:  # what it was to do next may be none any more
                break
        else:
            clock.wait(loop.seconds_left())


class _Loop:
    def __init__(self, clock: Clock, tell: TellFailure, lateness: Callable[[], float], look_seconds: float) -> None:
        self._clock, self._tell, self._lateness, self._look_seconds = clock, tell, lateness, look_seconds
        self._courses: dict[object, JobTimes | JobChanges] = {}
        self._seen = clock.now(), clock.elapsed()

    def hear_of_clock(self) -> None:
        """Tell all when the clock shows less than it did, and than the time that passed since."""
        before, elapsed_before = self._seen
        now, elapsed = self._seen = self._clock.now(), self._clock.elapsed()
        if now < before + timedelta(seconds=elapsed - elapsed_before) - _SLACK:
            for course in self._courses.values():
                course.went_back(now)

    def forget_all_but(self, jobs: Sequence[Job]) -> None:
        """Forget how jobs do that there are no more."""
        keys = {_key(job) for job in jobs}
        self._courses = {key: course for key, course in self._courses.items() if key in keys}

    def see_to(self, job: Job) -> None:
        """Do a job if it is due."""
        course = self._courses.get(_key(job)) or self._courses.setdefault(_key(job), self._course(job))
        try:
            with contained():
                if not course.is_due(self._clock):
                    return
                job.act()
        except Exception as error:  # foreign code: whatever it is, the others go on
            tell_traceback()
            course.acted(False)
            course.pauses.fail(self._clock.elapsed())
            self._tell(job, error if isinstance(error, KpiError) else Defect(error), course.pauses.seconds)
        else:
            course.acted(True)
            course.pauses.end()

    def seconds_left(self) -> float:
        """Return how long to wait: until the next job is due or a text is looked at, whichever comes first."""
        left = min((course.seconds_left(self._clock) for course in self._courses.values()), default=self._look_seconds)
        return max(min(left, self._look_seconds), 0.0)

    def _course(self, job: Job) -> JobTimes | JobChanges:
        pauses = Pauses(self._look_seconds)
        if not isinstance(job.when, Schedule):
            return JobChanges(job.when, pauses)
        now = self._clock.now()
        # a moment to come is none at which it was done: the clock was wrong then, or is now
        return JobTimes(job.when, min(job.since or now, now), self._lateness, pauses)


def _key(job: Job) -> tuple[str, Schedule | None]:
    return job.name, job.when if isinstance(job.when, Schedule) else None
