"""Each time that a file breaks, the operator is told once: also when it breaks as it did before."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.http.conftest import Served, served

BREAKS = {
    "tokens.toml": "[[token]]\nname = 1\n",
    "kpi.toml": "[workspace\n",
    "metrics/own.toml": "[metric.x\n",
    "targets.toml": "[[target\n",
}
CALL = {"calls": [["KPI_TARGET", ["won_deals", "2025-Q1"]]]}


@pytest.fixture
def own(tiny_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """Give a served tiny company that the test may change."""
    shutil.copytree(tiny_folder, tmp_path / "own")
    yield from served(tmp_path / "own")


def told(of: Served, name: str) -> int:
    """Return how many lines about a file the operator reads while several callers ask."""
    of.lines.clear()
    for _ in range(3):
        of.client.post("/v1/cells", json=CALL, headers=of.headers)
        of.client.get("/v1/functions")
    return sum(name in line for line in of.lines if not line.startswith(("GET", "POST")))


@pytest.mark.parametrize("is_put_back", [False, True], ids=["written again", "put back as it was"])
@pytest.mark.parametrize("name", BREAKS)
def test_a_second_break_is_told_as_the_first_was(own, name, is_put_back):
    file, broken = own.folder / name, own.folder / "broken"
    file.parent.mkdir(exist_ok=True)
    sound = file.read_text() if file.exists() else ""
    broken.write_text(BREAKS[name])
    for _ in range(3):
        if is_put_back:  # the very same file, with its time
            os.replace(broken, file)
        else:
            file.write_text(BREAKS[name])
        assert told(own, name) == 1
        if is_put_back:
            os.replace(file, broken)
        file.write_text(sound)
        assert told(own, name) == 0


def test_other_faults_of_the_tokens_are_told_as_they_come(own):
    file = own.folder / "tokens.toml"
    for times in range(3):
        file.write_text("[[token]]\n" * (times + 1))
        assert told(own, "tokens.toml") == 1


def test_a_token_that_is_made_is_no_news_for_cells(own):
    before = own.answering.cells.stamp()
    (own.folder / "tokens.toml").write_text("")
    assert own.answering.cells.stamp() == before
