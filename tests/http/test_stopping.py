"""How the server ends: SIGTERM is a way to end well, whatever it does just then."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kpicore_crm.testing import load_tiny_company
from tests.excel.officejs.excel import KPI, Server
from tests.http.conftest import request
from tests.patience import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")

Occupy = Callable[[Server, str], socket.socket]


def connect(server: Server, *sent: bytes) -> socket.socket:
    found = socket.create_connection(("localhost", server.port), timeout=PATIENCE_SECONDS)
    for each in sent:
        found.sendall(each)
    return found


def nothing(server: Server, token: str) -> socket.socket:
    return socket.socket()


def idle(server: Server, token: str) -> socket.socket:
    return connect(server)


def kept_alive(server: Server, token: str) -> socket.socket:
    found = connect(server, request())
    assert found.recv(9) == b"HTTP/1.1 "
    return found


def half_a_head(server: Server, token: str) -> socket.socket:
    return connect(server, request()[:-2])


def half_a_body(server: Server, token: str) -> socket.socket:
    bearer = f"authorization: Bearer {token}"
    found = connect(server, request("/v1/cells", "POST", "content-length: 100", "expect: 100-continue", bearer))
    assert found.recv(12) == b"HTTP/1.1 100"  # it is being read
    return found


def waits_for_data(server: Server, token: str) -> socket.socket:
    bearer = f"authorization: Bearer {token}"
    status, _, content = server.ask("/v1/stamp", authorization=f"Bearer {token}")
    assert status == 200
    return connect(server, request(f"/v1/stamp?after={json.loads(content)['stamp']}&wait=50", "GET", bearer))


def is_computed(server: Server, token: str) -> socket.socket:
    calls = [["KPI_WIN_RATE", [f"{2000 + each // 12}-{each % 12 + 1:02}"]] for each in range(2_000)]
    body = json.dumps({"calls": calls}).encode()
    head = ("content-type: application/json", f"content-length: {len(body)}", f"authorization: Bearer {token}")
    return connect(server, request("/v1/cells", "POST", *head), body)


@pytest.mark.parametrize("occupied", [nothing, idle, kept_alive, half_a_head, half_a_body, waits_for_data, is_computed])
def test_sigterm_ends_it_with_0_whatever_it_does(stopped: Server, occupied: Occupy):
    server = stopped.start()
    with occupied(server, server.token(occupied.__name__)):
        assert server.end_by(signal.SIGTERM) == 0
    log = server.log.read_text()
    assert "Traceback" not in log and "rror" not in log
    server.start()  # the port is free at once
    assert server.ask("/healthz")[0] == 200
    assert server.end_by(signal.SIGTERM) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="which signals a process takes is read from /proc")
def test_sigterm_ends_it_with_0_before_it_listens(tmp_path: Path):
    load_tiny_company(tmp_path)
    log = tmp_path / "log"
    with log.open("w") as stderr:
        process = subprocess.Popen([str(KPI), "serve", "-w", str(tmp_path), "--port", "1"], stderr=stderr)
    status = Path(f"/proc/{process.pid}/status")

    def takes_it() -> bool:
        taken = int(status.read_text().partition("SigCgt:")[2].split()[0], 16)
        return bool(taken >> (signal.SIGTERM - 1) & 1)

    wait_until(takes_it)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_SECONDS) == 0
    assert log.read_text() == ""


def test_ctrl_c_ends_it_as_it_ends_every_command(stopped: Server):
    server = stopped.start()
    assert server.end_by(signal.SIGINT) == 130
    assert "Traceback" not in server.log.read_text()


def test_what_waits_for_data_is_answered_when_it_is_stopped(stopped: Server):
    server = stopped.start()
    with waits_for_data(server, server.token("waits")) as connection:
        wait_until(lambda: "GET /v1/stamp 200" in server.log.read_text())
        assert server.end_by(signal.SIGTERM) == 0
        assert connection.recv(15) == b"HTTP/1.1 200 OK"


@pytest.fixture
def stopped(tmp_path: Path) -> Server:
    """Give a server of the tiny company that does not run."""
    load_tiny_company(tmp_path / "tiny")
    return Server(tmp_path / "tiny")


TERMINATED = """
import os, signal
from kpicore import hookimpl

os.kill(os.getpid(), signal.SIGTERM)
for _ in range(1_000):
    pass

@hookimpl
def kpi_metrics():
    return ()
"""


def test_sigterm_while_a_plugin_is_loaded_ends_the_server_and_is_not_the_plugins_error(tmp_path: Path):
    load_tiny_company(tmp_path / "tiny")
    info = tmp_path / "site" / "ending-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ending\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[kpicore]\nending = ending\n")
    (tmp_path / "site" / "ending.py").write_text(TERMINATED)
    ended = subprocess.run(
        [KPI, "serve", "--port", "8990", "--workspace", str(tmp_path / "tiny")],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
