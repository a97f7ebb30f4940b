"""Killed at any step of keeping a delivery, the folder has it whole or not at all, and the next writer clears up."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.landed import LANDED, Kept, drop_orphans, kept_file, lying, read_back

CONTENT = b"D1;Won;1000\nD2;Lost;0\n"
STEPS = ("mkdir", "chmod", "open", "fsync", "replace", "unlink")


class Killed(BaseException):
    """What ends the process."""


@dataclass
class Death:
    """Ends the process before or after its step number `at`; a dead process takes no further step."""

    at: int
    after: bool
    steps: int = 0
    dead: bool = False

    def around(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*given: Any, **named: Any) -> Any:
            if self.dead:
                raise Killed
            self.steps += 1
            self.dead = self.steps == self.at
            if self.dead and not self.after:
                raise Killed
            result = step(*given, **named)
            if self.dead:
                raise Killed
            return result

        return taken


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a workspace with one delivery."""
    (tmp_path / "ws").mkdir()
    (tmp_path / "ws" / "warehouse.duckdb").touch()
    return tmp_path / "ws"


def killed(folder: Path, death: Death) -> None:
    """Keep a delivery until the process dies."""
    with pytest.MonkeyPatch.context() as patch:
        for step in STEPS:
            patch.setattr(os, step, death.around(getattr(os, step)))
        with suppress(Killed):
            kept_file(folder, CONTENT, load=2)


def whole(folder: Path, file: str) -> bool:
    """Return whether a file of the folder holds the delivery."""
    digest = hashlib.sha256(CONTENT).hexdigest()
    return read_back(folder, Kept(2, "files", file, "deals.csv", ("deals",), len(CONTENT), digest)) == CONTENT


def last_step(folder: Path) -> int:
    death = Death(0, after=False)
    killed(folder, death)
    return death.steps


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("first", [False, True], ids=["later", "first"])
def test_a_kill_at_any_step_leaves_a_delivery_whole_or_not_at_all(tmp_path, folder, first, after):
    (tmp_path / "counted").mkdir()
    most = last_step(tmp_path / "counted")
    known = set() if first else {kept_file(folder, b"an earlier one", load=1).file}
    kept_at = []
    for at in range(1, most + 3):
        killed(folder, Death(at, after))
        named = [name for name in lying(folder) if name[0] != "." and name not in known]
        assert all(whole(folder, name) for name in named)
        kept_at += [at] if named else []
        assert drop_orphans(folder, known) == ()
        assert {*lying(folder)} == known
    assert most >= 6
    # from some step on it is there, and before it is not
    assert kept_at == list(range(kept_at[0], most + 3))
    assert read_back(folder, kept_file(folder, CONTENT, load=2)) == CONTENT


KILLED = """
import os, sys
from pathlib import Path
from kpicore.ingest.originals import keep_original

step = getattr(os, sys.argv[3])
setattr(os, sys.argv[3], lambda *given, **named: (step(*given, **named), os._exit(9)))
keep_original(Path(sys.argv[1]), 2, "files", ("deals",), Path(sys.argv[2]), "deals.csv")
"""


@pytest.mark.parametrize(("step", "files"), [("fdopen", 1), ("fsync", 1), ("replace", 1)])
def test_a_process_that_ends_at_once_leaves_at_worst_an_orphan(tmp_path, folder, step, files):
    earlier = kept_file(folder, b"an earlier one", load=1)
    original = tmp_path / "delivered"
    original.write_bytes(CONTENT)
    ran = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(original), step], capture_output=True)
    assert (ran.returncode, len(lying(folder))) == (9, 1 + files)
    assert drop_orphans(folder, {earlier.file}) == ()
    assert lying(folder) == [earlier.file]
    assert read_back(folder, earlier) == b"an earlier one"


def test_an_error_leaves_nothing_behind_by_itself(folder):
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(os, "fsync", Death(1, after=False).around(os.fsync))
        kept_file(folder, CONTENT)
    assert [*(folder / LANDED).iterdir()] == []
