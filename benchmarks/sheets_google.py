"""Google Sheets in a process of its own, so that what is measured is ours: `python -m benchmarks.sheets_google TABS`.

Its first line is the environment in which a program takes it for Google. Each line that it gets asks for what it was
asked since then; it ends with its input.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

SPREADSHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG"


@dataclass(frozen=True, slots=True)
class ServedGoogle:
    """The emulator of Google Sheets behind TLS, with one spreadsheet."""

    orders: IO[str]
    answers: IO[str]

    def bodies(self) -> list[bytes]:
        """Return the bodies of the requests since the last time, those for tokens left out; b"" for one that reads."""
        self.orders.write("\n")
        self.orders.flush()
        return [Path(name).read_bytes() for name in json.loads(self.answers.readline())]


@contextmanager
def google(tabs: Mapping[str, tuple[int, int]]) -> Iterator[ServedGoogle]:
    """Yield a spreadsheet with tabs of so many rows and columns; this process takes it for Google's meanwhile."""
    command = [sys.executable, "-m", "benchmarks.sheets_google", json.dumps(tabs)]
    before = dict(os.environ)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        os.environ.update(json.loads(process.stdout.readline()))
        try:
            yield ServedGoogle(process.stdin, process.stdout)
        finally:
            os.environ.clear()
            os.environ.update(before)
            process.stdin.close()


def main() -> None:
    """Serve the spreadsheet until the input ends."""
    from kpicore.testing.sheets import Emulator, serving

    tabs: dict[str, Any] = json.loads(sys.argv[1])
    # what is asked is checked in the tests: here that would only take time
    emulator = Emulator(check=False)
    emulator.add(SPREADSHEET, {name: (rows, columns) for name, (rows, columns) in tabs.items()})
    with tempfile.TemporaryDirectory() as temporary, serving(emulator, Path(temporary)) as rig:
        print(json.dumps(rig.environment), flush=True)
        count = 0
        for _ in sys.stdin:
            files = list[str]()
            for request in emulator.log:
                count += 1
                file = Path(temporary, f"body{count}")
                file.write_bytes(request.body)
                files.append(str(file))
            emulator.log.clear()
            print(json.dumps(files), flush=True)


if __name__ == "__main__":
    main()
