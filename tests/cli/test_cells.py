"""`kpi cells`: requests and responses over pipes."""

from __future__ import annotations

import json

from kpicore.testing import run_kpi
from kpicore_crm.testing import load_tiny_company


def test_each_line_is_answered_and_a_bad_one_is_refused(tmp_path):
    load_tiny_company(tmp_path)
    lines = ['{"calls": [["KPI_WON_DEALS", ["2025-Q1"]]]}', "", "no json", "[" * 100_000, '{"calls": 5}']
    result = run_kpi("cells", "-w", str(tmp_path), input="\n".join(lines) + "\n")
    first, *refused = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert first["results"] == [4.0]
    assert ["refused" in each for each in refused] == [True, True, True]
