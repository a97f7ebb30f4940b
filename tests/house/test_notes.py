"""No module decides by what a note, a name or a message says in words: kinds, facts and classes are there for that."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import shipped
from tests.said import WORDING
from tests.shipped import PACKAGES, ROOT

ROOM = PACKAGES["kpicore"] / "wording"
FILES = [file for file in shipped.FILES if ROOM not in file.parents]

WORDS = {"note", "notes", "why_none", "sentence", "spelt", "attained"}
"""Methods of a wording that give what a note or a reason says."""

READING = {"startswith", "endswith", "find", "index", "partition", "rpartition", "split", "count"}
PROSE = {"formula", "detail", "message", "problem", "reason_words"}

EXCEPT = {
    "kpicore/warehouse/duckdb/problems.py": "no class of DuckDB's errors tells it; each text is pinned by a test",
    "kpicore/definitions/files.py": "the TOML parser tells the line in words only",
    "kpicore/utils/toml_files.py": "the TOML parser tells a key that is given twice in words only",
    "kpicore/review/findings.py": "a printed line names what it is about once",
}


def called(node: ast.AST) -> str:
    """Return the name of the function that a call calls, "" for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def said(tree: ast.AST) -> set[str]:
    """Return the variables that hold what notes say."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension):
            target, value = node.target, node.iter
        elif isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
        else:
            continue
        if any(called(each) in WORDS for each in ast.walk(value)):
            found |= {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
    return found


def is_prose(node: ast.AST, variables: set[str]) -> bool:
    """Whether an expression is what a note, a formula or an error says."""
    if isinstance(node, ast.Name):
        return node.id in variables
    if isinstance(node, ast.Attribute):
        is_unit = node.attr == "name" and (getattr(node.value, "attr", "") or getattr(node.value, "id", "")) == "unit"
        return node.attr in PROSE or is_unit
    is_error = called(node) == "str" and any(getattr(arg, "id", "") == "error" for arg in node.args)  # type: ignore[attr-defined]
    return is_error or called(node) in WORDS


def decisions(code: str) -> Iterator[int]:
    """Yield the lines that read prose: a search in it, or a comparison with a text."""
    tree = ast.parse(code)
    for scope in [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]:
        variables = said(scope)
        for node in ast.walk(scope):
            read: list[ast.AST] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in READING:
                    read = [node.func.value]
                elif getattr(node.func.value, "id", "") == "re":
                    read = [*node.args[1:]]
            elif isinstance(node, ast.Compare):
                texts = [each for each in (node.left, *node.comparators) if isinstance(each, ast.Constant)]
                told = [text for text in texts if isinstance(text.value, str) and text.value]
                searched = isinstance(node.ops[0], ast.In | ast.NotIn | ast.Eq | ast.NotEq)
                read = [node.left, *node.comparators] if told and searched else []
            if any(is_prose(each, variables) for each in read):
                yield node.lineno  # type: ignore[attr-defined]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_no_module_but_the_wording_one_reads_what_a_note_says(file: Path) -> None:
    if file.relative_to(ROOT).as_posix() not in EXCEPT:
        assert list(decisions(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "return any(text.startswith('to date') for text in wording.notes(answer.notes))",
        "return 'left out' in wording.note(note)",
        "words = wording.note(note)\n    return re.search('until', words)",
        "return 'working_days' in spec.formula",
        "return 0 if unit.name.startswith('money') else 2",
        "return re.search('input', str(error))",
        "return 'damaged' in error.message",
    ],
)
def test_a_decision_by_words_is_found(line: str) -> None:
    assert list(decisions(f"def f():\n    {line}")) != []


def test_words_come_from_one_wording() -> None:
    """Whoever makes a note gives it no words: every kind that the core and its plugins make has some."""
    from kpicore import MATURING, TO_DATE, UNCOVERED

    made = {
        node.args[0].value
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if called(node) == "of" and isinstance(node, ast.Call) and getattr(node.func, "value", None) is not None
        and getattr(node.func.value, "id", "") == "Note"  # type: ignore[attr-defined]
        and node.args and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip
    assert made
    assert {each for each in made if each not in WORDING.kinds} == set()
    assert {MATURING, "text", TO_DATE, UNCOVERED} <= set(WORDING.kinds)
