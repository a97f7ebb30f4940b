"""Presumptions: where nobody knows what a field presumes there is a reason, and never a number."""

from __future__ import annotations

import pytest

from tests.plugins.reading_room import LIBRARY, opened
from tests.said import note_texts, note_words, why_none

COUNTED = """
from datetime import date
from kpicore import Evidence, Note, Presumption

def look(tables):
    first = date(2025, 2, 1)
    before = Note.of("text", text="nobody counted reminders before February")
    return Evidence(first, before, Note.of("text", text="reminders are counted from February on"))

def remedies(tables):
    yield Note.of("text", text="Ask the desk for its list.")

@hookimpl
def kpi_presumptions():
    yield Presumption("reminders", "How often readers were reminded.", "no_reminders", LOOK, dated_in=DATED,
                      remedies=remedies)
"""


@pytest.fixture
def library(install, tmp_path):
    """Give `library(look, dated_in)`: a workspace in which that tells whether reminders are known."""
    install("library", LIBRARY)

    def of(look="look", dated_in="'loan'"):
        source = COUNTED.replace("LOOK", look).replace("DATED", dated_in)
        return opened(tmp_path / "library", install("desk", source))

    return of


def asked(workspace, kpi, period):
    return workspace.get(kpi, period).answers[0]


def test_of_days_before_it_is_known_there_is_its_reason_in_words_and_since_then_a_number(library):
    with library() as found:
        before = asked(found, "reminders", "2025-01")
        assert (before.value, before.reason) == (None, "no_reminders")
        assert why_none(before) == "no reminders: nobody counted reminders before February"
        since = asked(found, "reminders", "2025-02")
        assert (since.value, since.reason) == (1, None)  # 0 and 1
        assert asked(found, "loans", "2025-01").value == 1


def test_a_period_that_begins_before_says_since_when_it_is_known(library):
    with library() as found:
        whole = asked(found, "reminders", "2025-Q1")
        assert whole.value == 3
        assert "reminders are counted from February on" in note_texts(whole.notes)


def test_a_field_that_is_made_of_it_presumes_it_too(library):
    with library() as found:
        assert asked(found, "reminded", "2025-01").reason == "no_reminders"
        assert asked(found, "reminded", "2025-02").value == 1


def test_rows_that_stand_for_no_day_are_as_they_are_on_the_day_of_the_data(library):
    with library(dated_in="''") as found:
        assert asked(found, "reminders", "2025-01").value == 2


def test_a_table_by_a_dimension_says_the_reason_and_not_that_there_are_no_rows(library):
    with library("lambda tables: Evidence(None, Note.of('text', text='never counted'))") as found:
        (answer,) = found.get("reminders", "2025", by="branch").answers
        assert (dict(answer.question.cuts), answer.reason) == ({"branch": ("(none)",)}, "no_reminders")
        assert {each.metric: each.lacks for each in found.coverage()}["reminders"] == ("never counted",)


def test_the_tables_tell_whether_it_is_known_and_what_people_can_do(library):
    with library() as found:
        known = [
            found.tables().unknown(("reminders",), found.period(day).start) for day in ("2025-01-31", "2025-02-01")
        ]
        assert [note_words(each) for each in known] == ["nobody counted reminders before February", ""]
        assert found.remedies({"no_reminders", "not_loaded"}) == ("Ask the desk for its list.",)
        assert found.remedies({"not_loaded"}) == ()


@pytest.mark.parametrize(
    ("look", "told"),
    [
        ("lambda tables: 1 / 0", "not known: reminders (ZeroDivisionError: division by zero"),
        ("lambda tables: True", "not known: reminders (its look gives True)"),
        ("exit", "not known: reminders (it calls sys.exit()"),
        ("lambda tables: Evidence(None)", "not known: How often readers were reminded."),
        ("lambda tables: Evidence('never')", "its since is a day"),
    ],
)
def test_one_that_fails_to_look_is_a_reason_too_and_hurts_no_other_kpi(library, look, told):
    with library(look) as found:
        answer = asked(found, "reminders", "2025-02")
        assert (answer.value, answer.reason) == (None, "no_reminders")
        assert told in note_words(answer.detail)
        assert asked(found, "loans", "2025").value == 4


def test_what_nobody_can_tell_is_never_known(install, tmp_path):
    with opened(tmp_path / "library", install("library", LIBRARY)) as found:
        answer = asked(found, "reminders", "2025-02")
        assert (answer.value, answer.reason) == (None, "not_loaded")
        assert note_words(answer.detail) == "not known: reminders"
        assert asked(found, "loans", "2025").value == 4
