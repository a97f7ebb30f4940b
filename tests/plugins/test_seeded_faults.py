"""Each small broken plugin of the folder is told in the line that it begins with, and hurts nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import pytest

from kpicore.testing import run_kpi
from kpicore_crm.testing import load_tiny_company

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.py"))


@dataclass(frozen=True)
class Seen:
    """What two commands print: `kpi plugins`, as plugins and their lines, and `kpi get won_deals`."""

    plugins: dict[tuple[str, str], dict[str, object]]
    answer: str


def seen(workspace: Path) -> Seen:
    plugins = run_kpi("plugins", "--json", "--workspace", str(workspace))
    answer = run_kpi("get", "won_deals", "-p", "2025", "--workspace", str(workspace))
    assert (plugins.exit_code, answer.exit_code) == (0, 0), (plugins.output, answer.output)
    lines = {(load["name"], load["distribution"]): load for load in json.loads(plugins.stdout)}
    return Seen(lines, answer.stdout)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    return folder


@pytest.fixture(scope="module")
def without(workspace: Path) -> Seen:
    return seen(workspace)


def told(file: Path) -> str:
    """Return the comment that the file begins with, as one line."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return " ".join(each.removeprefix("# ") for each in takewhile(lambda line: line.startswith("# "), lines))


def problems_of(now: Seen, file: Path) -> object:
    return now.plugins[file.stem, f"broken-{file.stem.replace('_', '-')}"]["problems"]


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_broken_plugin_is_told_in_one_line_and_hurts_nothing_else(install_files, workspace, without, file):
    install_files([file])
    now = seen(workspace)
    assert problems_of(now, file) == [told(file)]
    others = {key: line for key, line in now.plugins.items() if key[0] != file.stem}
    assert (others, now.answer) == (without.plugins, without.answer)


def test_all_of_them_together_are_told_each_in_its_line_and_hurt_nothing_else(install_files, workspace, without):
    install_files(BROKEN)
    now = seen(workspace)
    assert {file.stem: problems_of(now, file) for file in BROKEN} == {file.stem: [told(file)] for file in BROKEN}
    assert {key: line for key, line in now.plugins.items() if key in without.plugins} == without.plugins
    assert now.answer == without.answer


def test_each_hook_and_each_record_of_a_plugin_has_a_broken_one():
    kinds = {file.stem.partition("_")[0] for file in BROKEN}
    assert len(BROKEN) >= 30
    assert kinds >= {"metric", "field", "entity", "dimension", "source", "rule", "words", "report", "page"}
    assert kinds >= {"feature", "presumption", "workspace", "question", "note"}
    assert kinds >= {"unit", "standing", "per", "earlier", "target", "section", "listing", "code", "hook", "import"}
