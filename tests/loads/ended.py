"""Loads in processes of their own that end before they are done: `python -m tests.loads.ended FOLDER`.

It reads a line for each: the number of the load, whose workspace is the folder of that name, and the step at which its
process ends, by turns of its own and by the system. It prints how each ended. `… FOLDER full` loads a snapshot where
no file may grow any more, and prints what is said.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

from kpicore import WarehouseError
from kpicore.testing import WAREHOUSE_FILE
from tests.loads.killed import Death, dying, load_number


def exit_code(folder: Path, number: int, step: int, *, by_itself: bool) -> int:
    """Return how the process of a load ended."""
    process = os.fork()  # which has what was imported, and no thread yet
    if not process:
        ends = (lambda: os._exit(9)) if by_itself else (lambda: os.kill(os.getpid(), signal.SIGKILL))
        with dying(Death(step, ends=ends)):
            load_number(folder, number)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def load_without_room(folder: Path) -> str:
    """Return what is said of a load that finds no room."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = (folder / WAREHOUSE_FILE).stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        load_number(folder, 2)
    except WarehouseError as error:
        return str(error)
    return "it went well"


if __name__ == "__main__":
    of = Path(sys.argv[1])
    if sys.argv[2:] == ["full"]:
        print(load_without_room(of / "2"))
    else:
        for at, line in enumerate(sys.stdin):
            number, step = map(int, line.split())
            print(exit_code(of / str(number), number, step, by_itself=at % 2 == 0), flush=True)
