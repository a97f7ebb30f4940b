"""A file of answers to what an import asks: TOML or JSON, the id of each question with its answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpicore.errors import BadConfig
from kpicore.text.plain_text import harmless
from kpicore.utils.toml_files import given_twice, toml_document, toml_text

_TABLE = "answers"


@dataclass(frozen=True, slots=True)
class AnswersFile:
    """What a file answers, by the id of the question, as it stands there; without a file nothing."""

    file: Path | None = None
    given: Mapping[str, object] = field(default_factory=dict)


def read_answers(file: Path) -> AnswersFile:
    """Return the answers of a file. Ids may be written as one name in quotes, or part by part as tables.

    Raises: BadConfig for a file that is not there, is broken, holds anything else, or answers twice.
    """
    try:
        text = toml_text(file)
    except FileNotFoundError:
        raise BadConfig(file, "there is no such file") from None
    document = _json(file, text) if file.suffix.casefold() == ".json" else _toml(file, text)
    answers = document.get(_TABLE) if isinstance(document, dict) else None
    if not isinstance(answers, dict) or len(document) > 1:
        example = '{"answers": {"ID": "ANSWER"}}' if file.suffix.casefold() == ".json" else '[answers] "ID" = "ANSWER"'
        raise BadConfig(file, "expected a table of answers and nothing beside it", hint=f"Write {example}.")
    given: dict[str, object] = {}
    for id, answer in _flat(answers):
        if id in given:
            raise _twice(file, id)
        given[id] = answer
    return AnswersFile(file, given)


def _flat(answers: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, object]]:
    """Yield each id with its answer. TOML makes tables of names that are not in quotes: their parts belong together."""
    for name, answer in answers.items():
        id = f"{above}.{name}" if above else name
        if isinstance(answer, dict):
            yield from _flat(answer, id)
        else:
            yield id, answer


def _toml(file: Path, text: str) -> dict[str, Any]:
    try:
        return toml_document(text, file)
    except BadConfig as error:
        twice = given_twice(error, text)
        if twice is None:
            raise
        line, key = twice
        raise _twice(file, key, f"line {line} ") from None


def _json(file: Path, text: str) -> Any:
    def read(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        document: dict[str, Any] = {}
        for name, value in pairs:
            if name in document:
                raise _twice(file, name)
            document[name] = value
        return document

    try:
        return json.loads(text, object_pairs_hook=read)
    except json.JSONDecodeError as error:
        raise BadConfig(f"{file} line {error.lineno}", f"it is no JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise BadConfig(file, "it is no JSON that can be read") from None


def _twice(file: Path, id: str, where: str = "") -> BadConfig:
    return BadConfig(file, f"{where}answers {harmless(id, 200)} a second time", hint="Keep one of the answers.")
