"""A person at the terminal, a file of answers, a program: whoever answers, the same mapping and the same rows."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from kpicore import Config, toml, write_config
from tests.sources.question_kinds import AGREED, KINDS, AskedKind

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def arguments(desk, kind: AskedKind) -> tuple[Any, ...]:
    return (desk.put(kind.file, kind.text), *(("--entity", kind.entity) if kind.entity else ()))


def answers(desk, given: dict[str, Any], suffix: str = "toml") -> Path:
    text = json.dumps({"answers": given}) if suffix == "json" else f"answers = {toml(given)}\n"
    return desk.put(f"answers.{suffix}", text)


def kept(desk) -> dict[str, str]:
    """Return all that a workspace keeps for people to read."""
    files = (*desk.workspace.glob("*.toml"), *desk.workspace.glob("mappings/*.toml"))
    return {file.relative_to(desk.workspace).as_posix(): file.read_text("utf-8") for file in files}


def loaded(desk, kind: AskedKind) -> list[tuple[Any, ...]]:
    return desk.ask(f"{kind.query} ORDER BY ALL")


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal that a test can type into is a Unix thing")
@each_kind
def test_a_file_says_what_a_person_would(desk, kind):
    given = arguments(desk, kind)
    desk.typed(kind.keys, *given)
    assert loaded(desk, kind) == kind.rows
    by_a_person = kept(desk)
    for suffix in ("toml", "json"):
        write_config(Config(folder=desk.workspace.parent / suffix, name="Test", timezone="Europe/Berlin"))
        other = type(desk)(desk.workspace.parent / suffix, desk.files)
        result = other.run(*given, "--answers", answers(desk, {**kind.answers, **AGREED}, suffix))
        assert (result.exit_code, result.exception) == (0, None), result.output
        assert loaded(other, kind) == kind.rows
        assert kept(other) == by_a_person


@each_kind
def test_what_is_answered_is_never_asked_again_and_may_be_said_again(desk, kind):
    given, file = arguments(desk, kind), answers(desk, {**kind.answers, **AGREED})
    assert desk.run(*given, "--answers", file).exit_code == 0
    before = kept(desk)
    assert json.loads(desk.run(given[0], "--questions").stdout)["questions"] == []
    assert desk.run(given[0], "--answers", file).exit_code == 0
    assert (kept(desk), loaded(desk, kind)) == (before, kind.rows)


@each_kind
def test_where_nobody_is_asked_only_what_is_proposed_is_taken(desk, kind):
    result = desk.run(*arguments(desk, kind), "--yes")
    if kind.alone is None:
        assert "nothing was loaded" in str(result.exception).casefold()
    else:
        assert (result.exit_code, loaded(desk, kind)) == (0, kind.alone)


@each_kind
def test_a_program_asks_for_what_is_open_answers_it_and_nothing_is_written_before(desk, kind):
    given, said, before = arguments(desk, kind), dict[str, Any](), kept(desk)
    wanted = flat({**kind.answers, **AGREED})
    while questions := json.loads(desk.run(*given, "--questions", "--answers", answers(desk, said)).stdout)[
        "questions"
    ]:
        said |= {question["id"]: wanted[question["id"]] for question in questions}
        assert (kept(desk), (desk.workspace / "warehouse.duckdb").exists()) == (before, False)
    late = {id: answer for id, answer in wanted.items() if id == "stage_order"}
    assert said == {id: answer for id, answer in wanted.items() if id not in late}
    assert desk.run(*given, "--answers", answers(desk, {**said, **late})).exit_code == 0
    assert loaded(desk, kind) == kind.rows


def flat(given: dict[str, Any], above: str = "") -> dict[str, Any]:
    pairs = dict[str, Any]()
    for name, value in given.items():
        pairs |= flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return pairs
