"""A workspace to import into."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from kpicore import Config, KpiError, write_config
from kpicore_sources.command import import_command
from tests.patience import PATIENCE_SECONDS


@dataclass(frozen=True)
class Desk:
    """A workspace, and a folder beside it to put files into."""

    workspace: Path
    files: Path

    def put(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        """Write a file; lines end as they are given."""
        path = self.files / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def run(self, *arguments: object, input: str | None = None) -> Result:
        """Run `kpi import` with the arguments."""
        words = ["-w", str(self.workspace), *map(str, arguments)]
        return CliRunner().invoke(import_command, words, input=input)

    def take(self, *arguments: object) -> dict[str, Any]:
        """Run `kpi import --yes --json`; it must go well. Return what it told."""
        result = self.run(*arguments, "--yes", "--json")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        told: dict[str, Any] = json.loads(result.stdout)
        return told

    def typed(self, keys: str, *arguments: object) -> str:
        """Run `kpi import` at a terminal where somebody types the keys; return all that stands there then."""
        import pty

        ours, theirs = pty.openpty()
        code = "from kpicore.cli import main; main()"
        words = [sys.executable, "-c", code, "import", "-w", str(self.workspace), *map(str, arguments)]
        process = subprocess.Popen(words, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, text=True)
        os.close(theirs)
        os.write(ours, f"{keys}\x04".encode())  # the end of input: who is asked more than expected hangs up
        shown = bytearray()
        reader = Thread(target=_read_all, args=(ours, shown))
        reader.start()  # a terminal that nobody reads is full at some point, and the program waits
        out, _ = process.communicate(timeout=PATIENCE_SECONDS)
        reader.join(PATIENCE_SECONDS)
        os.close(ours)
        assert process.returncode == 0, shown.decode() + out
        return shown.decode() + out

    def refusal(self, *arguments: object) -> str:
        """Run `kpi import`; it must be refused in one line, which is returned."""
        result = self.run(*arguments)
        assert isinstance(result.exception, KpiError), result.output
        line = str(result.exception)
        assert "\n" not in line
        return line

    def rows(self, entity: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return the columns of an entity's rows as they were loaded, in the order of the columns."""
        return self.ask(f'SELECT {", ".join(columns)} FROM raw."{entity}" ORDER BY ALL')

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query of the warehouse."""
        with duckdb.connect(str(self.workspace / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def mapping(self, stem: str) -> Path:
        """Return the kept mapping's file."""
        return self.workspace / "mappings" / f"{stem}.toml"


def _read_all(terminal: int, shown: bytearray) -> None:
    with suppress(OSError):  # the other side is closed
        while part := os.read(terminal, 4096):
            shown += part


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give an empty workspace in the time zone of Berlin."""
    write_config(Config(folder=tmp_path / "ws", name="Test", timezone="Europe/Berlin"))
    (tmp_path / "files").mkdir()
    return Desk(tmp_path / "ws", tmp_path / "files")
