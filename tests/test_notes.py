"""Notes are records: kept as they were, worded in one place, harmless where nobody knows their kind."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import Note, open_workspace
from kpicore.insight.result import record
from kpicore.model.notes import kept, read
from kpicore.text.plain_text import shortened
from kpicore_crm.testing import load_tiny_company
from tests.said import WORDING, note_texts, note_words

_PLAIN = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.text(), st.dates(), st.floats()),
    *(st.datetimes(), st.datetimes(timezones=st.just(UTC)), st.decimals(allow_nan=False)),
    *(st.integers(-(2**63), 2**63 - 1).map(np.int64), st.floats().map(np.float64), st.complex_numbers(), st.binary()),
    *(
        st.timedeltas(),
        st.sets(st.integers(), max_size=1),
        st.just(pd.NaT),
        st.integers(5000, 5009).map(lambda digits: 10**digits),
        st.booleans().map(np.bool_),
    ),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=6,
)
"""Whatever a plugin may put into a note."""

NOTES = st.builds(Note, st.text(), st.dictionaries(st.text(), VALUES, max_size=4).map(lambda d: tuple(d.items())))


@given(NOTES)
@settings(derandomize=True)
def test_a_note_comes_back_from_the_book_as_it_was(note: Note) -> None:
    assert read(json.loads(json.dumps(kept(note), allow_nan=False))) == note


@given(NOTES)
@settings(derandomize=True)
def test_any_note_can_be_said_hashed_and_written_as_json(note: Note) -> None:
    assert isinstance(note_words(note), str)
    json.dumps(note.record(), allow_nan=False)
    assert {note, note} == {note}


@given(st.sampled_from(sorted(WORDING.kinds)), st.dictionaries(st.sampled_from(["rows", "entity", "fields"]), VALUES))
@settings(derandomize=True)
def test_a_known_kind_with_other_values_is_said_and_never_a_traceback(kind: str, values: dict[str, Any]) -> None:
    assert isinstance(note_words(Note.of(kind, **values)), str)


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (datetime(2026, 1, 1, 5), datetime(2026, 1, 1, 5)),
        (datetime(2026, 1, 1, 5, tzinfo=UTC), datetime(2026, 1, 1, 5, tzinfo=UTC)),
        (np.int64(3), 3),
        (np.float64(0.5), 0.5),
        (Decimal("1.25"), 1.25),
        (Fraction(1, 4), 0.25),
        ([1, [Decimal(2)]], (1, (2.0,))),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (Decimal("NaN"), "NaN"),
        (pd.NaT, "NaT"),
        ({"a": 1}, "{'a': 1}"),
        (timedelta(days=1), "1 day, 0:00:00"),
    ],
)
def test_a_value_of_another_kind_is_made_plain_when_the_note_is_made(value: object, held: object) -> None:
    note = Note.of("lagging", value=value)  # type: ignore[arg-type]
    assert (type(note.value("value")), note.value("value")) == (type(held), held)
    assert read(json.loads(json.dumps(kept(note)))) == note


def test_a_note_has_no_words_of_its_own() -> None:
    note = Note.of("undated", rows=2, entity="order", field="ordered_on")
    assert "no ordered_on" not in str(note)
    assert note_words(note) == "2 rows of order have no ordered_on and are in no period"


def test_a_kind_that_nobody_knows_says_its_name_and_values() -> None:
    note = Note.of("lagging_source", source="crm", since=date(2025, 3, 1), tables=("deal", "lead"))
    assert note_words(note) == "lagging source: source crm, since 2025-03-01, tables deal, lead"
    assert note_words(Note("quiet")) == "quiet"
    assert note_words(None) == ""


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (Note.of("zero", rows=1, of=1, entity="order", fields=("amount",)), "1 of 1 row of order has amount 0"),
        (Note.of("zero", rows=2, of=1200, entity="order", fields=("a", "b")), "2 of 1,200 rows of order have a or b 0"),
        (
            Note.of("empty", rows=1, of=2, entity="deal", fields=("a",), where=("a > 0", "b = 1")),
            "1 of 2 rows of deal left out: no a with a > 0 or b = 1",
        ),
        (Note.of("to_date", elapsed=11, days=30), "to date, 11 of 30 days"),
        (Note.of("zeros", inputs=("a", "b"), made_of=()), "a and b is 0"),
        (Note.of("zeros", inputs=(), made_of=(("before", -5.0),)), "a denominator is 0 (with before -5)"),
        (Note.of("zeros", inputs=(), made_of=()), "a denominator is 0"),
        (
            Note.of("no_target", kpi="total_sales", period="2025", list="rep"),
            "no target for total_sales in 2025 with these cuts; targets are not added up over a list of reps",
        ),
        (
            Note.of("doubled", rows=5, names=("Acme", "Beta", "Core")),
            "5 are there twice, by id and by name: Acme, Beta, Core and 2 more; import the files that name them again",
        ),
        (
            Note.of("converted", currencies=("GBP", "USD"), field=""),
            "GBP, USD converted to 4 decimals at the rate of the data day",
        ),
    ],
)
def test_words_are_singular_and_plural(note: Note, words: str) -> None:
    assert note_words(note) == words


def test_what_two_notes_are_about_is_the_same_whatever_the_counts_days_and_the_period() -> None:
    one = Note.of("maturing", period="2025-01", until=date(2025, 3, 2))
    assert one.subject == Note.of("maturing", period="2025-02", until=date(2025, 4, 1)).subject
    assert one.subject != Note.of("to_date", period="2025-01", until=date(2025, 3, 2)).subject
    ours = Note.of("zero", rows=1, of=2, entity="order", fields=("amount",))
    assert ours.subject != Note.of("zero", rows=1, of=2, entity="lead", fields=("amount",)).subject


def test_the_json_of_an_answer_has_its_notes_as_texts_and_as_records(tmp_path: Path) -> None:
    load_tiny_company(tmp_path)
    with open_workspace(tmp_path) as opened:
        [answer] = opened.get("win_rate.created", "2025-06").answers
        [empty] = opened.get("win_rate", "2024").answers
    found = json.loads(json.dumps(record(answer, WORDING)))
    assert found["notes"] == list(note_texts(answer.notes))
    assert {"kind": "maturing", "values": {"period": "2025-06", "until": "2025-07-30"}} in found["note_records"]
    assert found["detail_record"] is None
    assert record(empty, WORDING)["reason"] == "no_data"
    assert record(empty, WORDING)["detail_record"] == {
        "kind": "outside",
        "values": {"entity": "opportunity", "first": "2025-01-01", "last": "2025-06-30"},
    }


def test_a_book_that_holds_notes_as_texts_answers_with_the_same_texts(tmp_path: Path) -> None:
    file = load_tiny_company(tmp_path)
    told = ["1 deal was closed before it was created", "3 rows have no rate for GBP: their amounts are left empty"]
    with duckdb.connect(str(file)) as book:
        book.execute("UPDATE book.entity SET notes = ? WHERE entity = 'opportunity'", [json.dumps(told)])
    with open_workspace(tmp_path) as opened:
        [answer] = opened.get("won_deals", "2025-Q1").answers
        assert set(told) <= set(note_texts(answer.notes))


@given(st.text(), st.integers(3, 40))
@settings(derandomize=True)
def test_a_shortened_text_is_never_longer_than_it_may_be(text: str, most: int) -> None:
    short = shortened(text, most)
    assert len(short) == min(len(text), most)
    assert short == text or " … " in short


def test_a_text_of_very_few_characters_keeps_its_beginning() -> None:
    assert [shortened("abcdefgh", most) for most in (3, 6, 7)] == [" … ", "abc … ", "abc … h"]
