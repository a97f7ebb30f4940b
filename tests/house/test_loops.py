"""Loops have two sizes and one place that says which: tests/loops.py."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOOPS = """
from hypothesis import given, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from tests.loops import loop

@loop("throws of dice", ci=3, soak=40)
def test_dice(rounds, chance):
    print("dice", rounds, chance.random())

@loop("texts", ci=4, soak=50)
@given(st.integers())
def test_texts(number):
    print("example")

class Machine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        print("machine")

    @rule()
    def nothing(self):
        pass

@loop("orders", ci=2, soak=6)
class TestOrders(Machine.TestCase):
    pass

@loop("all of them", ci=1, soak=1)
def test_all(record_property):
    record_property("tried", 16_365)
"""

OTHER = "| other things | 7 | abc | 1 | `test_other.py::test_other` |"
"""A row of a loop that is not tried."""
OLD = "| old words | 1 | abc | 1 | `test_some.py::test_dice` |"


def run(folder: Path, **environment: str) -> tuple[str, str]:
    """Run the loops above; return what they printed and the page."""
    (folder / "test_some.py").write_text(LOOPS)
    page = folder / "page.md"
    page.write_text(f"before\n<!-- loops -->\n| tried | times | by |\n{OTHER}\n{OLD}\n<!-- end -->\nafter\n")
    command = [sys.executable, "-m", "pytest", "-sq", "-p", "tests.loops", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command += ["-c", os.devnull, f"--rootdir={folder}", "--loops", str(page), str(folder / "test_some.py")]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KPICORE_", "PYTEST_"))}
    done = subprocess.run(command, env={**kept, **environment}, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout
    return done.stdout, page.read_text()


def test_a_loop_is_small_with_a_fixed_seed(tmp_path: Path) -> None:
    shown, page = run(tmp_path)
    assert "dice 3 0.13436424411240122" in shown  # what Python's dice give first after seed 1
    assert (shown.count("example"), shown.count("machine")) == (4, 2)
    assert re.search(r"\| throws of dice \| 3 \| [0-9a-f]{7,}\+? \| 1 \| `test_some.py::test_dice` \|\n", page)


def test_a_soak_is_large_with_the_seed_that_it_tells(tmp_path: Path) -> None:
    shown, page = run(tmp_path, KPICORE_SOAK="1", KPICORE_SEED="2")
    assert "dice 40 0.9560342718892494" in shown
    assert (shown.count("example"), shown.count("machine")) == (50, 6)
    assert page.startswith("before\n<!-- loops -->\n| tried ") and page.endswith("\n<!-- end -->\nafter\n")
    rows = [re.sub(r"[0-9a-f]{7,}\+?", "COMMIT", line) for line in page.splitlines() if line.endswith("` |")]
    assert rows == [
        "| all of them | 16,365 | COMMIT | 2 | `test_some.py::test_all` |",
        "| orders | 6 | COMMIT | 2 | `test_some.py::TestOrders::runTest` |",
        OTHER,
        "| texts | 50 | COMMIT | 2 | `test_some.py::test_texts` |",
        "| throws of dice | 40 | COMMIT | 2 | `test_some.py::test_dice` |",
    ]
