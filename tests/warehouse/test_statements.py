"""What reading sends to DuckDB stays as it was recorded, to the byte."""

from __future__ import annotations

from pathlib import Path

from kpicore import open_workspace
from kpicore.testing import load_tiny_company
from tests.warehouse.recorded import FILE, line, statements


def test_the_whole_catalogue_is_read_by_the_statements_that_were_recorded(tmp_path: Path) -> None:
    load_tiny_company(tmp_path)
    recorded = {each.split(" ", 1)[0]: each for each in FILE.read_text(encoding="utf-8").splitlines()}
    with open_workspace(tmp_path) as workspace:
        now = dict(statements(workspace))
    others = {name: sent for name, sent in now.items() if line(name, sent) != recorded.get(name)}
    assert others == {}  # beside what is sent now, statements.txt of the commit before tells which way to ask differs
    assert {*now} == {*recorded}
