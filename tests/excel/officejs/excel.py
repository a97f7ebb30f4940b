"""Excel's side of the add-in for tests: its own runtime under node, and `kpi serve` as a process."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

FOLDER = Path(__file__).parent
KPI = Path(sys.executable).with_name("kpi")
START_SECONDS = 30


class Script:
    """A script under node that takes orders, one a line, and answers each."""

    def __init__(self, node: str, name: str) -> None:
        command = [node, str(FOLDER / name)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def do(self, order: str, **given: Any) -> Any:
        """Give an order and return its answer."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": order, **given}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "done" in answer, answer
        return answer["done"]

    def close(self) -> None:
        """End it."""
        self._process.communicate()


class Excel(Script):
    """A workbook with the add-in, whose cells are calculated by Excel's runtime for custom functions."""

    def __init__(self, node: str) -> None:
        super().__init__(node, "run.js")

    def cell(self, id: str, *args: Any) -> Any:
        """Return what one cell shows: a value, rows, or {"error": …, "message": …}."""
        return self.cells([[id, list(args)]])["results"][0]

    def cells(self, calls: Sequence[Sequence[Any]]) -> Any:
        """Return {"results": …, "requests": …, "seconds": …} of one recalculation."""
        return self.do("calls", calls=calls)


class Server:
    """`kpi serve` on a port of its own, that can be stopped and started again."""

    def __init__(self, folder: Path, *options: str, log: Path | None = None, **environment: str) -> None:
        self.folder, self._options, self._environment = folder, options, environment
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.log = log or folder / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://localhost:{self.port}"

    def start(self) -> Server:
        """Start it and wait until it answers."""
        command = [str(KPI), "serve", "-w", str(self.folder), "--port", str(self.port), *self._options]
        with self.log.open("ab") as log:
            environment = {**os.environ, **self._environment}
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                assert self._process.poll() is None, self.log.read_text()
                time.sleep(0.05)
        raise AssertionError(f"it does not start: {self.log.read_text()}")

    def stop(self) -> int:
        """Stop it as Ctrl-C does, and return its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(30)

    def freeze(self) -> None:
        """Let it hang: connections are taken and nothing is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def token(self, name: str) -> str:
        """Make a token and return it."""
        made = subprocess.run(
            [str(KPI), "token", "new", name, "-w", str(self.folder)], capture_output=True, text=True, check=True
        )
        return made.stdout.strip()

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of a response."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, data=body, headers=named)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, dict(response.headers), response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()
