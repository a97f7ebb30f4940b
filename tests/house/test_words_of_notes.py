"""What notes and reasons say stands in one room: a surface that wrote the same again would miss its next change."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore import Wording
from tests.shipped import BUILT_IN, FILES, PACKAGES, ROOT

NO_SURFACES = {"kpicore_crm", "kpicore_metrics", "kpicore_sources"}
"""Packages that define and load: they show nothing, but for the commands of sales."""
FOLDERS = [PACKAGES["kpicore"] / "cli", PACKAGES["kpicore"] / "spreadsheet", PACKAGES["kpicore_crm"] / "commands"]
FOLDERS += [folder for name, folder in BUILT_IN.items() if name not in NO_SURFACES]
SURFACES = [file for file in FILES if any(folder in file.parents for folder in FOLDERS)]
FEWEST_WORDS = 3
"""What is shorter than so many words may be said by chance."""


def phrases() -> Iterator[str]:
    """Yield what the core's notes and reasons say between their values."""
    wording = Wording()
    texts = [text for words in wording.kinds.values() for text in (words.text, words.one) if isinstance(text, str)]
    for text in (*texts, *wording.sentences.values()):
        for part in re.split(r"{[^}]*}", text):
            phrase = part.strip(" .,:;").casefold()
            if len(phrase.split()) >= FEWEST_WORDS:
                yield phrase


def said_by(file: Path) -> str:
    """Return all texts of a module that are no docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings)
    return "\n".join(str(node.value) for node in texts).casefold()


def test_there_are_phrases_to_look_for():
    assert {"nothing to divide by", "no earlier number", "has not started", "the weeks cover"} <= set(phrases())


@pytest.mark.parametrize("file", SURFACES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_surface_says_again_what_the_wording_says(file):
    text = said_by(file)
    assert [phrase for phrase in phrases() if phrase in text] == []
