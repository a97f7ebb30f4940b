"""Who answers what an import asks: the file first, then a person, and where nobody is there what is proposed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import LOADED, AnswersFile, BadConfig, Choice, Interview, LoadAnswer, LoadQuestion

CHOICES = (Choice("a"), Choice("b"))


def question(id: str = "way", choices: tuple[Choice, ...] = CHOICES, **fields: str) -> LoadQuestion:
    return LoadQuestion(id, "", "Which?", choices, **fields)


def person(*said: LoadAnswer):
    """Return somebody who gives these answers one after the other, and no more."""
    answers = iter(said)
    return lambda question: next(answers)


def file(**given: object) -> AnswersFile:
    return AnswersFile(Path("answers.toml"), given)


@pytest.mark.parametrize(
    ("fields", "alone", "with_yes"),
    [({}, None, None), ({"default": "b"}, "b", "b"), ({"assumed": "b"}, None, "b"), ({"likely": "b"}, None, None)],
)
def test_nobody_takes_what_is_proposed_as_far_as_it_may_be(fields, alone, with_yes):
    asked = question(**fields)
    assert Interview()(asked) == alone
    assert Interview(yes=True)(asked) == with_yes


def test_the_file_goes_before_the_person_and_the_person_before_what_is_proposed():
    ask = Interview(file(one="a"), person("b"), yes=True)
    assert [ask(question("one", default="b")), ask(question("two", default="a"))] == ["a", "b"]
    assert ask.open == []


def test_what_is_taken_for_granted_is_open_still_and_what_nobody_knows_unanswered():
    ask = Interview(yes=True)
    one, two, three = question("one", default="a"), question("two", assumed="a"), question("three")
    for asked in (one, two, three):
        ask(asked)
    assert (ask.open, ask.unanswered) == ([one, two, three], [three])
    assert not any(map(ask.was_given, (one, two, three)))


def test_nobody_is_asked_the_same_twice_unless_there_are_other_choices():
    ask = Interview(person=person("b", "c"))
    other = question(choices=(Choice("a"), Choice("c")))
    assert [ask(question()), ask(question()), ask(other), ask(other)] == ["b", "b", "c", "c"]


def test_a_person_whose_answer_cannot_be_is_asked_again_and_a_file_is_refused():
    ask = Interview(person=person("a", "b"))
    ask(question())
    ask.refused(question(), BadConfig("a mapping", "it has no column 'a'"))
    assert ask.open == [question()]
    assert ask(question()) == "b"
    ask = Interview(file(way="a"))
    ask(question())
    with pytest.raises(BadConfig, match=r"answers\.toml 'way': a mapping: it has no column 'a'\. Nothing was loaded\."):
        ask.refused(question(), BadConfig("a mapping", "it has no column 'a'"))


def test_what_is_told_of_a_wrong_answer_says_what_has_become_of_the_rows():
    ask = Interview(file(way="x"))
    ask.outcome = LOADED
    with pytest.raises(BadConfig, match=r"There are 'a', 'b'\. The rows are loaded; this answer is not kept\."):
        ask(question())


def test_answers_must_be_asked_for_or_kept_or_belong_to_what_is_asked_of_the_rows():
    ask = Interview(file(one="a", two="B", three=["y", "x"], later="z"))
    ask(question("one"))
    ask.refuse_unknown({"two": "b", "three": ("x", "y")}, ["later"])
    assert ask.never_asked(["later"]) == ["later"]
    with pytest.raises(BadConfig, match=r"no question of this import is 'later'\. Known: 'one', 'two', 'three'"):
        ask.refuse_unknown({"two": "b", "three": ("x", "y")})
    with pytest.raises(BadConfig, match="'three': is not asked: it is none already"):
        ask.refuse_unknown({"two": "b", "three": ()}, ["later"])
