"""Excel's side of the add-in for tests: its own runtime under node, and `kpi serve` as a process."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from tests.patience import PATIENCE_SECONDS, wait_until

FOLDER = Path(__file__).parent
KPI = Path(sys.executable).with_name("kpi")
PORTS = range(20_000, 30_000)
"""Where servers of tests listen: the system gives none of these to a connection that some program opens."""


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
        self.port = 0
        self.log = log or folder / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://localhost:{self.port}"

    def start(self) -> Server:
        """Start it and wait until it answers; the first time on a free port, later on the same one."""
        if self.port:
            assert self._has_started(), self.log.read_text()
            return self
        while not self._has_started():  # another program was quicker to take the port
            assert f"port {self.port} of localhost cannot be opened" in self.log.read_text(), self.log.read_text()
            self.port = 0
        return self

    def _has_started(self) -> bool:
        """Start the process; return whether it answers, not whether it ended."""
        self.port = self.port or _free_port()
        command = [str(KPI), "serve", "-w", str(self.folder), "--port", str(self.port), *self._options]
        with self.log.open("ab") as log:
            before = log.tell()
            process = subprocess.Popen(
                command, stdout=log, stderr=log, env={**os.environ, **self._environment}, preexec_fn=_heed_ctrl_c
            )

        def listens() -> bool:
            return b"stop with Ctrl-C" in self.log.read_bytes()[before:]

        wait_until(lambda: process.poll() is not None or listens(), self.log.read_text)
        self._process = process
        return process.poll() is None

    def wait_for_log(self, line: str) -> str:
        """Return its log once it holds `line`: a server writes it after it has answered."""
        wait_until(lambda: line in self.log.read_text(), self.log.read_text)
        return self.log.read_text()

    def stop(self) -> int:
        """Stop it, and return its exit code."""
        return self.end_by(signal.SIGTERM)

    def end_by(self, number: signal.Signals) -> int:
        """Send it a signal, and return its exit code."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(PATIENCE_SECONDS)

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
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
                return response.status, dict(response.headers), response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()


def _heed_ctrl_c() -> None:
    """Let a process heed Ctrl-C, also where the tests run in the background of a shell, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _free_port() -> int:
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError(f"no port of {PORTS} is free")
