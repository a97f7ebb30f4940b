"""The tiny company in the real LibreOffice: with an own KPI, one of somebody's plugin, and an ear on what is asked."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kpicore import open_workspace
from kpicore_crm.testing import load_tiny_company
from kpicore_excel.libreoffice import write_extension
from tests.excel.calc import PYTHON_UNO, Calc

OWN = """
[metric.our_won]
name = "Our won deals"
unit = "count"
formula = "won * 10"
inputs.won = { count = "opportunity", when = "closed_on", where = "outcome = 'won'" }
"""
PLUGIN = """
from kpicore import MONEY, Metric, hookimpl, total

@hookimpl
def kpi_metrics():
    yield Metric("acme_lost", name="Lost amount", unit=MONEY, formula="lost / 2", inputs={
        "lost": total("opportunity", "amount", when="closed_on", where="outcome = 'lost'")})
"""
HEARD = """
import os, sys
sys.path.insert(0, {site!r})
with open({pids!r} if "cells" in sys.argv else os.devnull, "a") as pids:
    pids.write(f"{{os.getpid()}}\\n")

class Heard:
    def __init__(self, lines):
        self.buffer = self.heard(lines)

    def heard(self, lines):
        with open({requests!r}, "ab", buffering=0) as requests:
            for line in lines:
                requests.write(line)
                yield line

sys.stdin = Heard(sys.stdin.buffer)
from kpicore.cli import main
main()
"""


@dataclass(frozen=True, slots=True)
class Company:
    """The workspace, the kpi that LibreOffice starts, and what is heard of it."""

    folder: Path
    kpi: Path
    requests: Path
    pids: Path

    def asked(self) -> list[list[Any]]:
        """Return the calls of each request since this was asked last."""
        lines = self.requests.read_text().splitlines()
        os.truncate(self.requests, 0)
        return [json.loads(line)["calls"] for line in lines]

    def kill(self) -> None:
        """End the engine that LibreOffice started last, as a crash would."""
        os.kill(int(self.pids.read_text().split()[-1]), signal.SIGKILL)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    base = tmp_path_factory.mktemp("libreoffice")
    folder, site = base / "tiny company", base / "site"
    load_tiny_company(folder)
    (folder / "metrics").mkdir()
    (folder / "metrics" / "own.toml").write_text(OWN)
    info = site / "acme-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "acme_kpis.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[kpicore]\nacme = acme_kpis\n")
    found = Company(folder, base / "kpi", base / "requests", base / "pids")
    script = base / "heard.py"
    script.write_text(HEARD.format(site=str(site), pids=str(found.pids), requests=str(found.requests)))
    found.kpi.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{script}' \"$@\"\n")
    found.kpi.chmod(0o755)
    return found


@pytest.fixture(scope="session")
def extension(company: Company) -> Path:
    """Give the extension of the company, as `kpi excel libreoffice` writes it where the plugin is installed."""
    file = company.folder.parent / "kpi.oxt"
    site = str(company.folder.parent / "site")
    sys.path.insert(0, site)
    try:
        with open_workspace(company.folder) as workspace:
            write_extension(workspace, file, company.kpi)
    finally:
        sys.path.remove(site)
    return file


class Started:
    """LibreOffice, started when a test first needs it."""

    def __init__(self, extension: Path) -> None:
        self._extension, self.calc = extension, None

    def with_program(self, soffice: str) -> Calc:
        if self.calc is None:
            self.calc = Calc(soffice, self._extension.parent / "office", self._extension)
        return self.calc


@pytest.fixture(scope="session")
def started(extension: Path) -> Iterator[Started]:
    found = Started(extension)
    yield found
    if found.calc is not None:
        found.calc.stop()


@pytest.fixture
def calc(started: Started, program: Callable[[str], str]) -> Calc:
    """Give LibreOffice with a new document, as a person comes to it: after a pause."""
    program(PYTHON_UNO)
    found = started.with_program(program("soffice"))
    found.do("new")
    pause()
    return found


def pause() -> None:
    """Wait until what follows is another recalculation."""
    time.sleep(0.3)
