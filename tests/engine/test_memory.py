"""What is kept between questions stays within its room, however many different ones are asked."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from types import BuiltinFunctionType, FunctionType, ModuleType, SimpleNamespace

import pytest

from kpicore import CellCall, Listing, Question, Workspace, count
from kpicore.engine import engine as engine_module
from kpicore.engine.explain.explain import explained
from kpicore.engine.notes import undated
from kpicore.engine.plan import cube_store, requests
from kpicore.engine.plan.cube_store import FILE
from kpicore.engine.plan.cubes import Cube, CubeKey
from kpicore.engine.plan.memory import CubeMemory, Recent
from kpicore.engine.prepare import shapes
from kpicore.spreadsheet import arguments
from kpicore.spreadsheet.answering import Answering
from kpicore_crm.testing import load_tiny_company
from tests.engine.shapes import CHANNELS, METRICS, NAMES, REPS
from tests.engine.worlds import config_of, workspace
from tests.loops import loop


def test_what_was_asked_lately_is_found_and_the_rest_is_forgotten() -> None:
    recent: Recent[int, str] = Recent(30)
    for number in range(1_000):
        recent.update({number: str(number)})
        assert recent.get(500) == ("500" if number >= 500 else None)  # asked for again and again, so it stays
        assert len(recent) <= 30
    assert recent.all([999, 990, 1, 500]) == ["999", "990", None, "500"]
    assert [each for each in range(990, 1_000) if recent.get(each) is None] == []


def test_of_more_than_there_is_room_for_the_last_is_kept() -> None:
    recent: Recent[int, int] = Recent(9)
    recent.update({number: number for number in range(100)})
    assert [number for number in range(100) if recent.get(number) is not None] == [97, 98, 99]
    recent.clear()
    assert len(recent) == 0


def key(name: str) -> CubeKey:
    return CubeKey(SimpleNamespace(key=name), (), (), "month", None)  # type: ignore[arg-type]


def cube(cells: int) -> Cube:
    found = Cube()
    found.add((), ((number, (1, 1, 0, 0)) for number in range(cells)))
    return found


def test_cubes_used_longest_ago_go_first() -> None:
    memory = CubeMemory(1_000)
    for name in ("a", "b", "c"):
        memory.keep({key(name): cube(300)})
    a = memory.get(key("a"))
    assert a is not None
    assert memory.keep({key("a"): a}) == []
    memory.keep({key("d"): cube(300)})
    assert [name for name in "abcd" if memory.get(key(name)) is not None] == ["a", "c", "d"]


def test_a_cube_that_is_larger_than_all_room_stays_while_it_is_used_and_begins_anew_when_it_grows() -> None:
    memory, large = CubeMemory(1_000), cube(5_000)
    for _ in range(2):
        assert memory.keep({key("large"): large}) == []
        assert memory.get(key("large")) is large
    large.add((), [(-1, (1, 1, 0, 0))])
    assert memory.keep({key("large"): large}) == [key("large")]
    assert memory.get(key("large")) is None
    assert len(memory) == 0
    memory.keep({key("large"): cube(5_000)})
    memory.keep({key("small"): cube(1)})
    assert memory.get(key("large")) is None


def test_a_cube_gains_cells_and_changes_none() -> None:
    found = cube(3)
    assert (found.count, found.size) == (3, 23)
    found.add((), [(2, (7, 7, 0, 0)), (3, (5, 5, 0, 0))])
    assert (found.cells[()], found.count) == ({**dict.fromkeys(range(3), (1, 1, 0, 0)), 3: (5, 5, 0, 0)}, 4)


def test_a_cube_knows_for_whom_it_holds_what() -> None:
    ann, bob, found = frozenset({("Ann",)}), frozenset({("Bob",)}), Cube()
    found.cover([1, 2], ann)
    found.cover([2], bob)
    held = [(times, who) for times in ((1,), (2,), (1, 2), (3,)) for who in (ann, ann | bob, None)]
    assert [each for each in held if found.holds(*each)] == [
        ((1,), ann),
        ((2,), ann),
        ((2,), ann | bob),
        ((1, 2), ann),
    ]
    found.cover([2, 3], None)
    assert found.holds([2, 3], None) and found.holds([1, 2, 3], ann) and not found.holds([1, 2], bob)
    assert found.size == 20 + 1  # of times that are held for all, nothing more needs to be known


# --- a long life ----------------------------------------------------------------------------------

_NOT_DATA = (type, ModuleType, FunctionType, BuiltinFunctionType)


def reachable(root: object) -> tuple[int, int]:
    """Return how many objects hang on a thing, and their bytes."""
    seen, waiting, size = {id(root)}, [root], 0
    while waiting:
        each = waiting.pop()
        size += sys.getsizeof(each)
        for other in gc.get_referents(each):
            if id(other) not in seen and not isinstance(other, _NOT_DATA):
                seen.add(id(other))
                waiting.append(other)
    return len(seen), size


@pytest.fixture
def narrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Give the tiny company with little room, on disk as well."""
    for module, name, most in (
        (engine_module, "MOST_ANSWERS", 200),
        (engine_module, "MOST_CELLS", 3_000),
        (engine_module, "MANY_MEMBERS", 10),
        (engine_module, "MOST_SHAPES", 60),
        (shapes, "MOST_SHAPES", 60),
        (shapes, "MOST_MEASURES", 60),
        (undated, "MOST_MEASURES", 60),
        (requests, "MOST_PERIODS", 60),
        (arguments, "MOST_READ", 180),
        (arguments, "MOST_RANGES", 60),
        (cube_store, "MOST_BYTES", 60_000),
        (engine_module, "WORTH_KEEPING", 0),
    ):
        monkeypatch.setattr(module, name, most)
    load_tiny_company(tmp_path)
    with workspace(config_of(tmp_path), METRICS) as opened:
        yield opened


def days(chance: Random) -> str:
    first = date(2024, 6, 1) + timedelta(days=chance.randrange(500))
    return f"{first}..{first + timedelta(days=chance.randrange(300))}"


def asked_at_random(opened: Workspace, chance: Random) -> list[Question]:
    """Return questions of one batch; hardly one of them was asked before."""
    rep, channels = chance.choice(REPS), tuple(chance.sample(CHANNELS, 2))
    cuts = chance.choice([(), (("rep", (rep,)),), (("channel", channels),), (("channel", channels), ("rep", (rep,)))])
    periods = [opened.period(days(chance)) for _ in range(5)]
    every = [Question(*name, period, cuts) for name in NAMES for period in periods]
    return chance.sample([each for each in every if not opened.engine.refusal(each)], 50)


def tried(opened: Workspace, cells: Answering, chance: Random) -> int:
    """Ask one batch each way; return of how many questions."""
    questions = asked_at_random(opened, chance)
    opened.engine.answer(questions)
    explained(opened.engine, questions[0])
    opened.get("single.total", days(chance), by=["rep", "channel", "segment"])
    late = count("opportunity", when="closed_on", where=f"days(created_on, closed_on) > {chance.randrange(100_000)}")
    opened.listed(Listing("late", "Late", columns={"Deal": "id"}, rows=late), "2025")
    for member in (f"no {chance.random()}", (("Bob Ray",), ("Ann Lee [u1]",), (f"{chance.random()}",))):
        calls = [("total_sales", days(chance), "rep", member), ("total_sales", days(chance), "rep", "Bob Ray")]
        cells.answer([CellCall("KPI", call) for call in calls])
    return len(questions) + 7


@loop("different questions to one process, whose memory stays flat", ci=5_000, soak=50_000)
def test_different_questions_keep_memory_flat(narrow: Workspace, rounds: int, chance: Random) -> None:
    cells, sizes, done = Answering(narrow), [], 0
    file = narrow.config.folder / FILE
    for part in range(1, 5):
        while done < rounds * part / 4:
            done += tried(narrow, cells, chance)
        sizes.append((*reachable(cells), file.stat().st_size))
    # once the room is taken nothing grows any more; without it each of these would be four times as much at the end
    for first, *later in zip(*sizes, strict=True):
        assert max(later) < 1.5 * first, sizes
