"""When a request is tried again, and when it is not."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import Stop
from kpicore.testing import MadeUpClock
from kpicore_sheets.google.outcomes import GoogleAnswer, Lost, seconds_to_wait
from kpicore_sheets.google.retrying import USUAL, Patience, is_transient, outcome_of
from kpicore_sheets.port import Busy
from tests.sheets.canned import error, info

DONE = GoogleAnswer.of(200, b"{}")
FULL = GoogleAnswer.of(
    429, error(429, "RESOURCE_EXHAUSTED", **info("RATE_LIMIT_EXCEEDED", quota_unit="1/min/{project}"))[2]
)


def tried(outcomes, clock, *, repeatable=True, patience=USUAL, chance=1.0):
    """Return what comes in the end; each try takes the next outcome."""
    left = iter(outcomes)
    return outcome_of(lambda: next(left), repeatable=repeatable, clock=clock, chance=lambda: chance, patience=patience)


def test_waits_double_up_to_the_longest():
    clock = MadeUpClock()
    assert tried([FULL] * 8 + [DONE], clock, patience=Patience(total=1000)) == DONE
    assert clock.waits == [1, 2, 4, 8, 16, 32, 32, 32]


def test_chance_takes_up_to_half_of_a_wait():
    clock = MadeUpClock()
    tried([FULL, FULL, DONE], clock, chance=0.0)
    assert clock.waits == [0.5, 1.0]


def test_nobody_waits_beyond_the_end_of_patience():
    clock = MadeUpClock()
    with pytest.raises(Busy, match="did not answer within 20 seconds: HTTP 429, RESOURCE_EXHAUSTED"):
        tried([FULL] * 99, clock, patience=Patience(total=20))
    assert clock.waits == [1, 2, 4, 8]  # and 16 more would be 31


def test_retry_after_is_obeyed():
    clock = MadeUpClock()
    tried([GoogleAnswer.of(503, b"", "20"), DONE], clock)
    assert clock.waits == [21]


def test_who_is_told_to_wait_for_too_long_does_not_wait_at_all():
    clock = MadeUpClock()
    with pytest.raises(Busy):
        tried([GoogleAnswer.of(429, b"", "3600"), DONE], clock)
    assert clock.waits == []


def test_who_is_to_stop_stops_waiting():
    stop = Stop()
    clock = MadeUpClock(is_stopped=stop.is_set)
    clock.at(2, stop.set)  # in the middle of the second wait
    with pytest.raises(Busy, match="stopped while Google Sheets was waited for"):
        tried([FULL] * 9, clock)
    assert len(clock.waits) == 2


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), (" 120 ", 120), ("Mon, 02 Mar 2026 08:00:30 GMT", 30), ("Mon, 02 Mar 2026 07:00:00 GMT", 0)]
    + [(text, 0) for text in ("", "soon", "-5", "1e9", "²", "Mon, 02 Mar 2026 08:00:30", "9" * 99 + "x")],
)
def test_retry_after_is_seconds_or_a_moment_and_nothing_else(header, seconds):
    assert seconds_to_wait(header, MadeUpClock().now()) == seconds


@pytest.mark.parametrize("http", [408, 409, 425, 500, 502, 503, 504, 520])
def test_only_what_may_be_repeated_is_tried_again_after_a_failure_of_google(http):
    assert is_transient(GoogleAnswer.of(http, b"<html>"), repeatable=True)
    assert not is_transient(GoogleAnswer.of(http, b"<html>"), repeatable=False)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a"', b"[]", b'"ok"', b"\xff", b'{"error": {}}'])
def test_an_answer_that_is_none_is_asked_for_again_but_a_change_is_not(body):
    assert is_transient(GoogleAnswer.of(200, body), repeatable=True)
    assert not is_transient(GoogleAnswer.of(200, body), repeatable=False)


@pytest.mark.parametrize("http", [301, 400, 401, 403, 404, 413, 501, 505, 511])
def test_a_refusal_is_final_at_once(http):
    assert not is_transient(GoogleAnswer.of(http, error(http, "SOME")[2]), repeatable=True)


def test_a_full_quota_of_a_minute_passes_for_changes_too():
    assert is_transient(FULL, repeatable=False)
    old = GoogleAnswer.of(403, error(403, "PERMISSION_DENIED", errors=[{"reason": "userRateLimitExceeded"}])[2])
    assert is_transient(old, repeatable=False)


@pytest.mark.parametrize(
    "more",
    [
        info("RATE_LIMIT_EXCEEDED", quota_unit="1/d/{project}"),
        info("RATE_LIMIT_EXCEEDED", quota_limit="ReadRequestsPerDay"),
        {"errors": [{"reason": "dailyLimitExceeded"}]},
    ],
)
def test_a_quota_of_a_day_is_never_waited_for(more):
    assert not is_transient(GoogleAnswer.of(429, error(429, "RESOURCE_EXHAUSTED", **more)[2]), repeatable=True)


def test_what_was_never_sent_is_tried_again_and_what_was_lost_only_where_it_may_be_repeated():
    assert is_transient(Lost("no connection", sent=False), repeatable=False)
    assert is_transient(Lost("no answer in time"), repeatable=True)
    assert not is_transient(Lost("no answer in time"), repeatable=False)
    assert not is_transient(Lost("not trusted", sent=False, reason="certificate"), repeatable=True)


@given(st.lists(st.sampled_from([429, 500, 503]), max_size=40), st.floats(0, 1), st.floats(1, 500))
def test_the_time_waited_is_never_more_than_patience(https, chance, total):
    clock = MadeUpClock()
    with suppress(Busy):
        tried([GoogleAnswer.of(http) for http in https] + [DONE], clock, patience=Patience(total=total), chance=chance)
    assert clock.elapsed() <= total and all(wait <= 32 for wait in clock.waits)
