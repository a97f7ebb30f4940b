"""What an import asks, as records: they stand in JSON and TOML, and take only what is an answer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import (
    BadArgument,
    BadDefinition,
    Choice,
    LoadQuestion,
    answer_to,
    id_of,
    question_from_json,
    question_to_json,
    toml,
    toml_document,
    yes_or_no,
)
from tests.loops import loop

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
CHOICES = st.lists(st.builds(Choice, ANY, ANY, ANY), min_size=1, max_size=4, unique_by=lambda choice: choice.value)
WAY = LoadQuestion("way", "a.csv", "Which way?", (Choice("l", "Left"), Choice("r", "Right"), Choice("", "none")))
ORDER = LoadQuestion("order", "", "Which order?", (Choice("1", "One"), Choice("2", "Two")), many=True, ordered=True)
FREE = LoadQuestion("name", "", "Which name?", free=True)


@st.composite
def questions(draw: st.DrawFn) -> LoadQuestion:
    choices, many = tuple(draw(CHOICES)), draw(st.booleans())
    proposed = "" if many else draw(st.sampled_from(["", *(choice.value for choice in choices)]))
    ordered, free = many and draw(st.booleans()), not many and draw(st.booleans())
    texts = [draw(ANY) for _ in range(4)]
    return LoadQuestion(
        draw(NAMES), *texts[:2], choices, proposed, many=many, ordered=ordered, free=free, hint=texts[2], label=texts[3]
    )


@loop("questions written as JSON and TOML and read again", ci=200, soak=10_000)
@given(questions())
def test_a_question_is_the_same_once_it_went_through_json_or_toml(question: LoadQuestion) -> None:
    assert question_from_json(json.loads(json.dumps(question_to_json(question)))) == question
    written = f"question = {toml(question_to_json(question))}"
    assert question_from_json(toml_document(written, "a page")["question"]) == question


@loop("answers given to questions", ci=200, soak=10_000)
@given(questions(), st.data())
def test_each_value_is_an_answer_and_stays_what_it_is(question: LoadQuestion, data: st.DataObject) -> None:
    values = [choice.value for choice in question.choices]
    chosen = data.draw(st.lists(st.sampled_from(values), unique=True, min_size=1))
    said = answer_to(question, chosen if question.many else chosen[0])
    assert said == (tuple(chosen) if question.many else chosen[0])
    assert answer_to(question, list(said) if question.many else said) == said


def test_a_choice_is_meant_by_its_value_or_by_what_is_shown_whatever_the_case():
    assert [answer_to(WAY, text) for text in ("l", "L", "left", " RIGHT ", "", "None")] == ["l", "l", "l", "r", "", ""]
    assert answer_to(ORDER, ["two", "1"]) == ("2", "1")
    assert answer_to(ORDER, []) == ()
    assert answer_to(FREE, "Any text") == "Any text"


@pytest.mark.parametrize(
    ("question", "given", "told"),
    [
        (WAY, "lft", "'lft' is none of its choices. Did you mean 'Left'?"),
        (WAY, "x", "'x' is none of its choices. There are 'Left', 'Right', 'none'."),
        (WAY, ["l"], "it takes one answer, and no list."),
        (WAY, 1, "an answer is a text or a list of texts, not 1."),
        (WAY, True, "an answer is a text or a list of texts, not True."),
        (ORDER, ["1", "one"], "'One' has one place in the order, not two."),
        (ORDER, [["1"]], "an answer is a text or a list of texts, not ['1']."),
        (FREE, " ", "' ' is none of its choices."),
    ],
)
def test_what_is_no_answer_is_refused_in_one_line(question, given, told):
    with pytest.raises(BadArgument) as refused:
        answer_to(question, given)
    assert str(refused.value) == told


def test_what_is_agreed_to_may_be_said_as_true_and_false():
    question = yes_or_no("gone.17", "Remove the 17 rows that are gone?", assumed="no")
    assert [answer_to(question, given) for given in (True, False, "Yes", "no")] == ["yes", "no", "yes", "no"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"id": " "}, "question ' ': its id is a text in one line that people can read"),
        ({"id": "a\nb"}, "its id is a text in one line"),
        ({"choices": (Choice("a"), Choice("a"))}, "two of its choices have the same value"),
        ({"choices": ()}, "it has no choices, and takes no other text"),
        ({"choices": ("a",)}, "its choices cannot be ('a',)"),
        ({"ordered": True}, "it is ordered only where it takes many"),
        ({"many": True, "free": True}, "takes many only of its choices"),
        ({"default": "b"}, "'b' is proposed and is none of its choices"),
        ({"hint": None}, "its hint cannot be None"),
    ],
)
def test_a_question_that_cannot_be_is_refused(fields, told):
    with pytest.raises(BadDefinition) as refused:
        LoadQuestion(**{"id": "a", "about": "", "text": "Which?", "choices": (Choice("a"),), **fields})
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "record", [[], {}, {"id": "a", "about": "", "text": "", "kind": ""}, {**question_to_json(WAY), "choices": "l"}]
)
def test_a_record_that_is_no_question_is_refused(record):
    with pytest.raises(BadArgument):
        question_from_json(record)


@loop("ids made of any texts of files", ci=200, soak=10_000)
@given(st.text(max_size=300))
def test_an_id_can_be_made_of_any_text_and_is_a_line_of_few_characters(text: str) -> None:
    made = id_of("words", "loan", "state", text)
    assert made.isprintable() or any(sign in made for sign in "\u200c\u200d")
    assert len(made) < 1200
    assert LoadQuestion(made, "", "", free=True).id == made


def test_long_texts_with_the_same_ends_have_ids_of_their_own():
    assert id_of("a" * 300 + "b" + "a" * 300) != id_of("a" * 300 + "c" + "a" * 300)
