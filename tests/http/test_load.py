"""`kpi serve` under load: many recalculations at once, again and again."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path

import pytest

from kpicore import Cells
from kpicore_crm.testing import load_tiny_company
from tests.excel.officejs.excel import Server
from tests.loops import loop

ROUNDS = 10
_FIRST = date(2024, 1, 1)


def recalculation(number: int, cells: int, functions: list[str]) -> bytes:
    """Return the request of a recalculation whose cells all differ, also from those of other recalculations."""
    calls = []
    for place, function in enumerate(islice(cycle(functions), cells)):
        start = _FIRST + timedelta(days=(place + 7 * number) % 500)
        end = start + timedelta(days=1 + (3 * place + number) % 190)
        calls.append([function, [f"{start}..{end}"]])
    return json.dumps({"calls": calls}).encode()


def resident_bytes(server: Server) -> int:
    """Return how much memory the server's process holds."""
    told = Path(f"/proc/{server.pid}/status").read_text()
    return 1024 * int(told.partition("VmRSS:")[2].split()[0])


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of another process is read from /proc")
@loop(
    "recalculations of distinct cells sent to `kpi serve`, a tenth of them at once: no error, memory flat",
    ci=60,
    soak=2_000,
)
def test_recalculations_at_once_are_answered_alike_in_every_round_and_memory_stays_flat(rounds, tmp_path):
    at_once, cells = rounds // ROUNDS, 2_000 if rounds >= 2_000 else 100
    load_tiny_company(tmp_path)
    functions = [
        function.name for function in Cells(tmp_path).functions() if function.kind == "kpi" and not function.alias_of
    ]
    server = Server(tmp_path, "--quiet").start()
    token = server.token("Load")

    def ask(number: int) -> str:
        status, _, content = server.ask(
            "/v1/cells",
            recalculation(number, cells, functions),
            authorization=f"Bearer {token}",
            content_type="application/json",
        )
        assert status == 200, content[:500]
        results = json.loads(content)["results"]
        assert len(results) == cells
        return sha256(json.dumps(results).encode()).hexdigest()

    held, answers = [], list[list[str]]()
    with ThreadPoolExecutor(at_once) as clients:
        for _ in range(ROUNDS):
            answers.append(list(clients.map(ask, range(at_once))))
            held.append(resident_bytes(server))
    assert server.stop() == 0
    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0])) == at_once
    assert max(held[3:]) < 1.15 * max(held[:3]), [f"{each / 2**20:.0f} MiB" for each in held]
