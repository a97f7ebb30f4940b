"""`kpi cells` as a child process: questions go to it as lines of JSON, and answers come back. No server, no port."""

from __future__ import annotations

import json
import os
import queue
import subprocess
from threading import Thread
from typing import Any

LONGEST_SECONDS = 30.0
"""How long one request may take; a cell that waits longer has frozen the sheet."""

_FOREIGN = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__")
"""What LibreOffice sets for its own Python, which is not the child's."""


class Unanswered(Exception):
    """There is no answer; the text says why, and what to do."""


class Child:
    """The process: started when it is first asked, and again when it is gone."""

    def __init__(self, command: list[str], longest_seconds: float = LONGEST_SECONDS) -> None:
        self._command = command
        self._longest_seconds = longest_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[bytes] = queue.Queue()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the response. One that ran before and is gone is started anew. Raises Unanswered."""
        ran_before = self._process is not None
        line = self._answer(request)
        if not line and ran_before:
            line = self._answer(request)
        if not line:
            raise Unanswered(f"the engine ended without an answer. To see why, run: {' '.join(self._command)}")
        try:
            response = json.loads(line)
        except ValueError:
            self.close()
            raise Unanswered(f"{self._command[0]} is no kpi of this version. Build the extension again.") from None
        if "refused" in response:
            raise Unanswered(str(response["refused"]))
        return dict(response)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        try:
            assert process.stdin is not None
            process.stdin.close()
        except OSError:
            pass  # what was not written is for nobody

    def _answer(self, request: dict[str, Any]) -> bytes:
        """Return the line that answers, or nothing when the process ended."""
        process = self._process or self._started()
        sent = json.dumps(request).encode() + b"\n"
        # A process that hangs does not read: writing may wait for ever, so not here.
        Thread(target=_write, args=(process, sent), daemon=True).start()
        try:
            line = self._lines.get(timeout=self._longest_seconds)
        except queue.Empty:
            self.close()
            raise Unanswered(f"no answer within {self._longest_seconds:g} seconds.") from None
        if not line:
            self.close()
        return line

    def _started(self) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            problem = f"{self._command[0]} cannot be started ({error.strerror}). Build the extension again."
            raise Unanswered(problem) from None
        # a queue of its own: what the process before still says is read into the old one
        self._process, self._lines = process, queue.Queue()
        Thread(target=_read, args=(process, self._lines), daemon=True).start()
        return process


def _write(process: subprocess.Popen[bytes], line: bytes) -> None:
    try:
        assert process.stdin is not None
        process.stdin.write(line)
        process.stdin.flush()
    except (OSError, ValueError):
        pass  # it is gone: the reading end tells


def _read(process: subprocess.Popen[bytes], lines: queue.Queue[bytes]) -> None:
    """Put each line that comes; an empty one at the end."""
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            lines.put(line)
    lines.put(b"")
