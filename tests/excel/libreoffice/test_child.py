"""The engine as a child process: one that answers, hangs, babbles, ends, or is not there."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator

import pytest

from kpicore_excel.libreoffice.inside.child import Child, Unanswered

Make = Callable[..., Child]


@pytest.fixture
def child() -> Iterator[Make]:
    """Give `child(program)`: what talks to a Python program."""
    made = []

    def one(program: str, seconds: float = 30) -> Child:
        made.append(Child([sys.executable, "-c", textwrap.dedent(program)], seconds))
        return made[-1]

    yield one
    for each in made:
        each.close()


ANSWERS = """
import json, os, sys
for line in sys.stdin:
    print(json.dumps({"results": [os.getpid()], "stamp": "a", **json.loads(line)}), flush=True)
"""


def test_one_process_answers_all_requests_however_long(child):
    engine = child(ANSWERS)
    first = engine.ask({"calls": []})["results"]
    long = engine.ask({"calls": ["x" * 1_000_000]})
    assert long["results"] == first and len(long["calls"][0]) == 1_000_000


def test_a_process_that_ended_after_an_answer_is_started_again(child):
    engine = child(ANSWERS + "    break\n")
    first = engine.ask({})["results"]
    assert engine.ask({})["results"] != first


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("import sys; sys.exit(1)", "ended without an answer. To see why, run: "),
        ("print('Usage: kpi', flush=True); input(); input()", "is no kpi of this version. Build the extension again."),
        ('input(); print(\'{"refused": "too many"}\', flush=True); input()', "too many"),
    ],
)
def test_what_does_not_answer_is_told_in_one_line(child, program, told):
    with pytest.raises(Unanswered, match=told) as error:
        child(program).ask({"calls": []})
    assert "\n" not in str(error.value)


def test_a_process_that_hangs_is_ended_even_while_it_reads_nothing(child):
    engine = child("import time; time.sleep(600)", seconds=0.5)
    with pytest.raises(Unanswered, match=r"no answer within 0\.5 seconds"):
        engine.ask({"calls": ["x" * 1_000_000]})


def test_a_program_that_is_not_there_is_told_with_what_to_do():
    with pytest.raises(Unanswered, match=r"/no/kpi cannot be started \(No such file or directory\)\. Build the ext"):
        Child(["/no/kpi", "cells"]).ask({"calls": []})
