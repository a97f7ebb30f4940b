"""Words of notes: what plugins say of their own kinds, and of the reasons that they bring."""

from __future__ import annotations

import re

import pytest

from kpicore import BadDefinition, Note, NoteWords, Wording, load_plugins
from kpicore.testing import plugins_with, registry_of
from tests.plugins.reading_room import LIBRARY, opened
from tests.plugins.test_hooks import example
from tests.said import WORDING

TOO_OFTEN = """
from kpicore import NoteWords

@hookimpl
def kpi_note_words():
    yield NoteWords("too_often", SAID)
"""
NOTE = Note.of("too_often", rows=3, entity="loan")
BY_NAME = "too often: rows 3, entity loan"


def test_the_words_of_the_hooks_own_example_are_said_one_and_many(install):
    plugins = load_plugins(found=install("example", example("kpi_note_words")))
    wording = registry_of(plugins).wording
    told = [wording.note(Note.of("often_renewed", rows=rows)) for rows in (1, 2, 1200)]
    assert told == [
        "1 loan was renewed too often",
        "2 loans were renewed too often",
        "1,200 loans were renewed too often",
    ]


def test_a_workspace_says_the_notes_of_its_plugins_and_without_them_their_names_and_values(install, tmp_path):
    install("often", TOO_OFTEN.replace("SAID", '"{rows:,} of {entity} come too often"'))
    with opened(tmp_path / "library", install("library", LIBRARY)) as found:
        assert found.wording.note(NOTE) == "3 of loan come too often"
        assert found.get("loans", "2025").wording is found.wording is found.registry.wording
    assert Wording().note(NOTE) == BY_NAME


@pytest.mark.parametrize(
    "said",
    ["'{branch}'", "'{rows.real.nothing}'", "lambda values: 1 / 0", "lambda values: 7", "lambda: ''", "exit"],
)
def test_words_that_cannot_be_said_are_the_name_and_the_values_of_the_note(install, said):
    plugins = load_plugins(found=install("often", TOO_OFTEN.replace("SAID", said)))
    assert registry_of(plugins).wording.note(NOTE) == BY_NAME


def test_kinds_that_two_plugins_give_are_refused_of_both_and_the_core_keeps_its_own(install):
    install("one", TOO_OFTEN.replace("SAID", "'one'") + '    yield NoteWords("undated", "ours")\n')
    registry = registry_of(load_plugins(found=install("two", TOO_OFTEN.replace("SAID", "'two'"))))
    assert [(problem.giver, problem.item, problem.problem) for problem in registry.problems] == [
        ("one", "undated", "kind of notes 'undated' is built in by 'kpicore'; choose another name."),
        ("one", "too_often", "kind of notes 'too_often' is given by 'one' and 'two': neither is used"),
        ("two", "too_often", "kind of notes 'too_often' is given by 'one' and 'two': neither is used"),
    ]
    assert registry.wording.note(NOTE) == BY_NAME
    assert dict(registry.wording.kinds) == dict(registry_of(plugins_with()).wording.kinds)


@pytest.mark.parametrize("text", ["{rows", "rows}", "{rows!}", "{"])
def test_a_text_that_is_no_format_is_refused_when_it_is_given(text):
    with pytest.raises(BadDefinition, match="note words 'late': its text is no format"):
        NoteWords("late", text)
    with pytest.raises(BadDefinition, match="note words 'late': its one is no format"):
        NoteWords("late", "{rows} are late", text)


def test_a_presumption_says_its_reason_in_its_own_words(install):
    own = example("kpi_presumptions").replace('dated_in="loan"', 'dated_in="loan", words="letters are not known"')
    registry = registry_of(load_plugins(found=install("library", own)))
    assert registry.wording.spelt("no_reminders") == "letters are not known"
    assert WORDING.spelt("no_reminders") == "no reminders"


def test_a_member_without_a_value_says_so_in_the_words_of_the_presumption(install):
    own = example("kpi_presumptions").replace('dated_in="loan"', 'dated_in="loan", words="letters are not known"')
    wording = registry_of(load_plugins(found=install("library", own))).wording
    assert wording.note(Note.of("without_value", reason="no_reminders")) == "letters are not known"
    assert Wording().note(Note.of("without_value", reason="no_reminders")) == "no reminders"


def test_whatever_the_reason_a_member_without_a_value_says_it_as_answers_spell_it():
    wording = WORDING.joined((), {"no_reminders": "letters are not known"})
    for reason in (*wording.reasons, *wording.presumed, "no_value", "no_open_stages"):
        assert wording.note(Note.of("without_value", reason=reason)) == wording.spelt(reason)


def test_the_core_has_no_words_of_sales():
    theirs = set(WORDING.kinds) - set(Wording().kinds)
    assert {"stages_since", "nobody_active", "nps_scale", "forecast_undated", "weeks_of"} <= theirs
    texts = [f"{each.kind} {each.text} {each.one}".replace("_", " ") for each in Wording().kinds.values()]
    assert {"opportunity", "customer", "deal", "stage"} & {word for text in texts for word in text.split()} == set()


OF_ROWS = {kind: words.one for kind, words in WORDING.kinds.items() if str(words.text).startswith("{rows")}


@pytest.mark.parametrize("kind", OF_ROWS)
def test_a_note_of_one_row_speaks_of_one(kind):
    """What stands behind a colon may be of something else: "the stages before that day are not known"."""
    told, _, more = OF_ROWS[kind].partition(":")
    assert told.startswith("1 ")
    assert not re.search(r"\b(are|have|were|count|they|their|them)\b", told) and not re.search(
        r"\b(they|their)\b", more
    )
