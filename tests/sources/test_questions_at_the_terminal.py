"""How a question looks to a person: choices by number, in line, within 80 columns, and asked again until it is one."""

from __future__ import annotations

import sys

import click
import pytest
from click.testing import CliRunner

from kpicore import Choice, LoadQuestion, terminal_asker, yes_or_no

at_a_terminal = pytest.mark.skipif(
    sys.platform == "win32", reason="a terminal that a test can type into is a Unix thing"
)
READ = LoadQuestion(
    "mappings/a.toml#columns.Day",
    "a.csv, column Day",
    "how is it read?",
    (Choice("day first", note="03/04 is in April"), Choice("month", note="03/04 is in March")),
)


def asked(keys: str, *questions: LoadQuestion) -> tuple[list[object], str]:
    """Ask, answer, and return the answers with all that was shown."""
    with CliRunner().isolation(input=keys) as streams:
        ask = terminal_asker()
        answers = [ask(question) for question in questions]
        return answers, streams[1].getvalue().decode()


def test_choices_stand_in_line_with_what_they_would_mean():
    assert asked("2\n", READ) == (
        ["month"],
        "a.csv, column Day: how is it read?\n  1  day first  03/04 is in April\n  2  month      03/04 is in March\n"
        "Number: 2\n",
    )


def test_what_is_no_choice_is_told_and_asked_again():
    answers, shown = asked("3\nmonth\n\n1\n", READ)
    assert answers == ["day first"]
    assert "'3' is no number from 1 to 2." in shown
    assert "'month' is no number from 1 to 2." in shown


def test_what_is_proposed_is_taken_by_enter():
    likely = LoadQuestion("a", "", "Which?", READ.choices, likely="month")
    answers, shown = asked("\n", likely)
    assert answers == ["month"]
    assert "Number [2]:" in shown


def test_of_several_things_below_one_text_the_choices_are_shown_once():
    words = [LoadQuestion(f"words.{word}", "a.csv", "Which?", READ.choices, label=f"'{word}'") for word in "xy"]
    answers, shown = asked("1\n2\n", *words)
    assert answers == ["day first", "month"]
    assert shown.count("a.csv: Which?") == 1
    assert shown.endswith("'x': 1\n'y': 2\n")


def test_another_text_is_taken_only_where_it_may_be_one():
    free = LoadQuestion("a", "", "Which column?", (Choice("Day"),), free=True, hint="Or another column.")
    assert asked("Other\n", free)[0] == ["Other"]
    answers, shown = asked("7\n1\n", free)
    assert answers == ["Day"]
    assert "'7' is no number from 1 to 1." in shown
    assert "Or another column.\nNumber" in shown
    assert asked("EUR\n", LoadQuestion("a", "", "Which?", free=True))[0] == ["EUR"]


@pytest.mark.parametrize(
    ("keys", "answer", "told"),
    [
        ("\n", (), ""),
        ("2, 1\n", ("month", "day first"), ""),
        ("1 1\n1\n", ("day first",), "'day first' has one place in the order, not two."),
        ("1-2\n1\n", ("day first",), "'1-2' is no number from 1 to 2."),
        ("99999999999999999999\n\n", (), "is no number from 1 to 2."),
        ("²\n\n", (), "'²' is no number from 1 to 2."),
    ],
)
def test_several_are_numbers_behind_each_other(keys, answer, told):
    order = LoadQuestion("order", "", "Which order?", READ.choices, many=True, ordered=True)
    answers, shown = asked(keys, order)
    assert answers == [answer]
    assert told in shown


def test_what_is_agreed_to_or_not_is_asked_in_one_line():
    gone = yes_or_no("gone.loans", "Remove the 17 rows that are gone?", about="loans.csv", assumed="no")
    assert asked("\n", gone) == (["no"], "loans.csv: Remove the 17 rows that are gone? [y/N]: \n")
    assert asked("y\n", gone)[0] == ["yes"]
    assert asked("perhaps\ny\n", yes_or_no("a", "Both?"))[1].startswith("Both? [y/n]: perhaps\nError: invalid input\n")


def test_signs_of_a_file_that_steer_a_terminal_are_shown():
    odd = LoadQuestion("a", "\x1b[2J", "Which\n?", (Choice("\x1b[1m", note="\x07"),), label="\x1b]0;")
    answers, shown = asked("1\n", odd)
    assert answers == ["\x1b[1m"]
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_who_hangs_up_is_not_asked_on():
    with pytest.raises(click.Abort):
        asked("", READ)


@at_a_terminal
def test_no_line_of_a_question_is_wider_than_the_terminal(desk):
    name = "A stage with a long name that says quite exactly what is done in it and by whom"
    text = f"deal_id,stage,created\nD1,Won,2026-01-05\nD2,{name},2026-01-06\n"
    shown = desk.typed("2\ny\n1 2\n", desk.put("deals.csv", text))
    start = shown.index("In which order")
    lines = shown[start : shown.index("Numbers", start)].replace("\r", "").splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[:2] == [
        "In which order do deals pass these stages? Without it no share that goes on from",
        "a stage can be told.",
    ]
    assert lines[2].startswith("  1  A stage with a long name")
    assert lines[3].startswith("     ")
