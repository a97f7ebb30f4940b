"""When a request is tried again, and for how long. Nothing here waits or rolls dice by itself: both are given.

What Google advises: https://developers.google.com/workspace/sheets/api/limits#exponential
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kpicore import Clock
from kpicore_sheets.google.outcomes import COLLISIONS, NEVER_BETTER, GoogleAnswer, Lost, Outcome, seconds_to_wait
from kpicore_sheets.port import Busy

_RATE_LIMITS = {"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded"}
_FULL = (
    "The quota of requests is used up for this minute: try again in a minute, write less often, or raise it at "
    "IAM & Admin > Quotas in Google Cloud Console."
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited: `first` seconds, twice as long each time up to `longest`, and `all` of it in `total`."""

    first: float = 1.0
    longest: float = 32.0
    total: float = 150.0
    """Longer than a minute, after which a quota of Google's is full again."""

    def waits(self, chance: Callable[[], float]) -> Iterator[float]:
        """Yield the seconds before each further try, without end: from half of it to all, as chance has it."""
        wait = self.first
        while True:
            yield min(wait, self.longest) * (0.5 + 0.5 * chance())
            wait = min(wait * 2, self.longest)


USUAL = Patience()


def is_transient(outcome: Outcome, *, repeatable: bool) -> bool:
    """Whether another try may end better, and can do no harm.

    What is `repeatable` may be applied twice. Of all else only what was not applied for certain is tried again: a
    quota that is full for a minute, and what was never sent.
    """
    if isinstance(outcome, Lost):
        return not outcome.reason and (repeatable or not outcome.sent)
    return _is_rate_limit(outcome) or (repeatable and _is_disturbed(outcome))


def _is_rate_limit(answer: GoogleAnswer) -> bool:
    error = answer.error
    if answer.http not in (403, 429) or (error and error.is_of_a_day):
        return False
    return answer.http == 429 or bool(error and _RATE_LIMITS.intersection(error.reasons))


def _is_disturbed(answer: GoogleAnswer) -> bool:
    """Whether an answer is one that Google, or somebody in between, gives while something is wrong there."""
    if 200 <= answer.http < 300:
        return answer.content is None
    return answer.http in COLLISIONS or (answer.http >= 500 and answer.http not in NEVER_BETTER)


def outcome_of(
    attempt: Callable[[], Outcome], *, repeatable: bool, clock: Clock, chance: Callable[[], float], patience: Patience
) -> Outcome:
    """Return the first outcome that another try would not better. Raises Busy when patience is at its end."""
    started = clock.elapsed()
    for wait in patience.waits(chance):
        outcome = attempt()
        if not is_transient(outcome, repeatable=repeatable):
            return outcome
        asked = seconds_to_wait(outcome.retry_after, clock.now()) if isinstance(outcome, GoogleAnswer) else 0.0
        _wait(asked + min(wait, patience.first) if asked else wait, outcome, started, clock, patience)
    raise AssertionError("waits have no end")


def _wait(seconds: float, outcome: Outcome, started: float, clock: Clock, patience: Patience) -> None:
    before = clock.elapsed()
    if before - started + seconds > patience.total:
        raise Busy(
            f"Google Sheets did not answer within {patience.total:g} seconds: {what_came(outcome)}.",
            hint=_FULL if isinstance(outcome, GoogleAnswer) and _is_rate_limit(outcome) else "Try again later.",
        )
    clock.wait(seconds)
    # a clock lets less time pass where who waits is to stop; a hair of it may be lost in rounding
    if clock.elapsed() - before < seconds * 0.9:
        raise Busy(f"stopped while Google Sheets was waited for: {what_came(outcome)}.")


def what_came(outcome: Outcome) -> str:
    """Return an outcome in a few words: "HTTP 503, The service is currently unavailable." """
    if isinstance(outcome, Lost):
        return outcome.why
    error = outcome.error
    if error:
        return f"HTTP {outcome.http}, {error.line or error.status}".rstrip(".")
    return f"HTTP {outcome.http}, and the answer is none of Google's"
