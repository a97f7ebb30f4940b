"""Loops of two sizes: few rounds and fixed seeds in CI, in `make soak` as many as are promised and a new seed.

    @loop("single bits flipped in the kept cubes", ci=200, soak=5_000)
    def test_a_flipped_bit_is_a_miss(rounds: int, chance: Random) -> None: ...

    @loop("periods of any text", ci=100, soak=5_000)  # the examples of a hypothesis test; no @settings beside it
    @given(st.text())
    def test_no_text_makes_the_calendar_stumble(text: str) -> None: ...

    @loop("questions in any order", ci=20, soak=1_000)  # those of a state machine; its `settings` may set the steps
    class TestAnswers(Asking.TestCase): ...

`make soak` runs all of these and writes what was tried into docs/reliability.md. A test that tries another number
of things than its rounds tells it: `record_property("tried", 16_365)`. In CI a loop takes seconds: choose `ci` for it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import is_hypothesis_test, settings

SOAK = os.environ.get("KPICORE_SOAK") == "1"
SEED = int(os.environ.get("KPICORE_SEED") or 1)
ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- loops -->\n", "<!-- end -->"


def loop(what: str, *, ci: int, soak: int) -> Callable[[Any], Any]:
    """Return the decorator of a test that tries `what` so many times, in CI and in `make soak`."""
    number = soak if SOAK else ci

    def made(test: Any) -> Any:
        if isinstance(test, type):
            test.settings = settings(test.settings, max_examples=number)  # type: ignore[attr-defined]
        elif is_hypothesis_test(test):
            test = settings(max_examples=number)(test)
        return pytest.mark.soak(what=what, rounds=number)(test)

    return made


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """Give how many rounds the loop of the test has."""
    number: int = request.node.get_closest_marker("soak").kwargs["rounds"]
    return number


@pytest.fixture
def chance() -> Random:
    """Give the dice of a loop: the same in every run of CI, others in each `make soak`."""
    return Random(SEED)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--loops", metavar="PAGE", help="write what the loops tried into this page")


@pytest.hookimpl(tryfirst=True)  # before hypothesis reads its seed
def pytest_configure(config: pytest.Config) -> None:
    if SOAK:
        config.option.hypothesis_seed = str(SEED)
    if config.getoption("--loops") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tried(Path(config.getoption("--loops"))))


def pytest_runtest_setup(item: pytest.Item) -> None:
    marker = item.get_closest_marker("soak")
    if marker is not None:
        item.user_properties += [("loop", marker.kwargs["what"]), ("tried", marker.kwargs["rounds"])]


class Tried:
    """Collects what the loops tried, of all processes, and writes those of which all passed into a page.

    Rows of loops that were not tried stay as they were: after a mend those that failed are tried alone.
    """

    def __init__(self, page: Path) -> None:
        self._page = page
        self._tried: dict[str, tuple[str, int]] = {}
        self._failed = set[str]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told, test = dict(report.user_properties), report.nodeid.split("[")[0]
        if report.failed:
            self._failed.add(test)
        elif report.when == "call" and report.passed and "loop" in told:
            before = self._tried.get(test, ("", 0))[1]  # a parametrized test is one row
            self._tried[test] = str(told["loop"]), before + int(str(told["tried"]))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        before, _, rest = self._page.read_text(encoding="utf-8").partition(BEGIN)
        kept, _, after = rest.partition(END)
        tried = {test: row for test, row in self._tried.items() if test not in self._failed}
        self._page.write_text(f"{before}{BEGIN}{_table(kept, tried)}{END}{after}", encoding="utf-8", newline="\n")


def _table(kept: str, tried: Mapping[str, tuple[str, int]]) -> str:
    rows = {row.rsplit(" | ", 1)[1]: row for row in kept.splitlines() if row.endswith("` |")}
    for test, (what, number) in tried.items():
        rows[f"`{test}` |"] = f"| {what} | {number:,} | {_commit()} | {SEED} | `{test}` |"
    heading = ("| tried | times | commit | seed | by |", "|---|--:|---|--:|---|")
    return "\n".join((*heading, *sorted(rows.values()), ""))


def _commit() -> str:
    """Return the commit that was tried; with a + when files differ from it."""
    command = ["git", "describe", "--always", "--exclude=*", "--dirty=+"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
