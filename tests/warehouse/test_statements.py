"""What reading sends to DuckDB stays as it was recorded, to the byte."""

from __future__ import annotations

import re
from pathlib import Path

import kpicore
from kpicore import open_workspace
from kpicore_crm.testing import load_tiny_company
from tests.warehouse.recorded import FILE, line, statements

CORE = Path(kpicore.__file__).parent


def test_the_whole_catalogue_is_read_by_the_statements_that_were_recorded(tmp_path: Path) -> None:
    load_tiny_company(tmp_path)
    recorded = {line.split(" ", 1)[0]: line for line in FILE.read_text(encoding="utf-8").splitlines()}
    with open_workspace(tmp_path) as workspace:
        now = dict(statements(workspace))
    others = {name: sent for name, sent in now.items() if line(name, sent) != recorded.get(name)}
    assert others == {}  # beside what is sent now, statements.txt of the commit before tells which way to ask differs
    assert {*now} == {*recorded}


def test_what_reads_names_no_table_and_no_word_of_duckdb_itself() -> None:
    own = re.compile(r"(FROM|JOIN) (kpi|book|raw)\.|kpi\.\{|HUGEINT|quantile_cont|arg_m(ax|in)|struct_pack|'infinity'")
    builders = ("ingest", "as_of", "warehouse")
    found = [
        f"{file.relative_to(CORE)}: {line.strip()}"
        for file in sorted(CORE.rglob("*.py"))
        if file.relative_to(CORE).parts[0] not in builders
        for line in file.read_text(encoding="utf-8").splitlines()
        if own.search(line) and not line.lstrip().startswith("#")
    ]
    assert found == []
