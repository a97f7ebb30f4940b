"""Killed at any step of a load, a workspace is as it was before it or as it is after it, and the next load goes on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from kpicore import WarehouseError
from kpicore.testing import TinySource, batch, load
from tests.loads.killed import LOADS, Death, digest, dying, everything, load_number
from tests.loads.shop import REGISTRY, crm, opened, rows, shop
from tests.loops import loop

NAMES = ("first load", "correction", "snapshot with deletions", "merge")


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give the workspace before each load, and after the last one."""
    folders = [tmp_path_factory.mktemp("stages") / str(number) for number in range(len(LOADS) + 1)]
    folders[0].mkdir()
    for number, folder in enumerate(folders[:-1]):
        shutil.copytree(folder, folders[number + 1])
        assert not load_number(folders[number + 1], number).errors
    return folders


def killed(folder: Path, number: int, death: Death) -> None:
    with dying(death):
        load_number(folder, number)


@pytest.fixture(scope="module")
def steps(stages: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """Give how many steps each load takes."""
    counted = []
    for number in range(len(LOADS)):
        folder = tmp_path_factory.mktemp("counted") / "it"
        shutil.copytree(stages[number], folder)
        death = Death()
        killed(folder, number, death)
        counted.append(death.steps)
    return counted


@loop("steps at which a first load, a correction, a snapshot with deletions and a merge were killed", ci=16, soak=800)
def test_a_load_killed_at_any_step_is_not_there_or_whole_and_the_next_one_goes_on(
    rounds: int, chance: Random, tmp_path: Path, stages: list[Path], steps: list[int]
) -> None:
    for number in range(len(LOADS)):
        folder = tmp_path / str(number)
        shutil.copytree(stages[number], folder)
        before = digest(folder)
        # the last step puts the new file in place
        for at in chance.choices(range(1, steps[number]), k=rounds // len(LOADS) - 1):
            killed(folder, number, Death(at, after=chance.random() < 0.5))
            assert digest(folder) == before
        killed(folder, number, Death(steps[number], after=False))
        assert digest(folder) == before
        assert not load_number(folder, number).errors
        assert everything(folder) == everything(stages[number + 1])


def test_a_load_killed_as_soon_as_the_new_file_is_in_place_is_there(tmp_path, stages, steps):
    folder = tmp_path / "it"
    shutil.copytree(stages[2], folder)
    killed(folder, 2, Death(steps[2], after=True))
    assert everything(folder) == everything(stages[3])


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not forked on Windows")
def test_ten_processes_that_end_at_once_leave_each_the_workspace_whole(tmp_path, stages, steps):
    for number in range(len(LOADS)):
        shutil.copytree(stages[number], tmp_path / str(number))
    # the first and last steps, and some between; the last of each is that which puts the file in place
    at = [(number, step) for number in range(len(LOADS)) for step in (steps[number] // 2, steps[number])]
    asked = [f"{number} {step}" for number, step in [*at, (0, 1), (2, steps[2] - 1)]]
    command = [sys.executable, "-m", "tests.loads.ended", str(tmp_path)]
    ran = subprocess.run(command, input="\n".join(asked), capture_output=True, text=True)
    assert ran.stdout.split() == ["9", "-9"] * 5, ran.stderr
    for number in range(len(LOADS)):
        assert digest(tmp_path / str(number)) == digest(stages[number])
        load_number(tmp_path / str(number), number)
        assert everything(tmp_path / str(number)) == everything(stages[number + 1])


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit of file size on Windows")
def test_a_load_for_which_the_disk_is_too_small_is_told_and_leaves_all_as_it_was(tmp_path, stages):
    shutil.copytree(stages[2], tmp_path / "2")
    command = [sys.executable, "-m", "tests.loads.ended", str(tmp_path), "full"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "the disk is full. Free some space and try again; the data is as it was." in ran.stdout
    assert digest(tmp_path / "2") == digest(stages[2])
    load_number(tmp_path / "2", 2)
    assert everything(tmp_path / "2") == everything(stages[3])


def test_a_second_load_meanwhile_is_refused_in_one_line_and_the_first_goes_on(tmp_path):
    refused = []

    class Meddling(TinySource):
        def batches(self, cursor):
            with pytest.raises(WarehouseError, match=r"another load is running\. Wait until it is done") as told:
                load(shop(tmp_path), REGISTRY, [crm(rows("order", "id amount\n 2 5"))])
            refused.append(str(told.value))
            return self.rows

    report = load(shop(tmp_path), REGISTRY, [Meddling("old", (batch(REGISTRY, "order", "id amount\n 1 5"),))])
    assert report.entity("order").total == 1
    assert len(refused) == 1 and "\n" not in refused[0]


def test_who_has_the_old_version_open_goes_on_with_it(tmp_path, stages):
    folder = tmp_path / "it"
    shutil.copytree(stages[2], folder)
    with opened(folder) as old:
        assert old.get("sales", "2025").values() == [5 + 70 + 9 + 1]
        load_number(folder, 2)
        load_number(folder, 3)
        assert old.get("sales", "2025", where={"customer": "Ann"}).values() == [5 + 1]
        assert old.get("spent", "2025").values() == [60 + 60 + 9 + 8]
    with opened(folder) as new:
        assert new.get("sales", "2025").values() == [5 + 1]
        assert new.get("sales", "2025", where={"customer": "Bob"}).values() == [5]
        assert new.get("spent", "2025").values() == [8]
