"""Real files, read without a question. The numbers were computed from the files in SQL by hand."""

from __future__ import annotations

import pytest

from kpicore import open_workspace


def test_online_retail_counts_invoices_and_leaves_cancelled_ones_out(desk, shared_data):
    """240,007 lines: 10,522 invoices of 4,700,382.111, and 1,946 cancelled ones (C…) of -425,238.18."""
    told = desk.take(shared_data / "online_retail" / "online_retail_part_invoices.parquet")
    assert told["rows"][0]["loaded"] == 240_007
    assert told["files"][0]["columns"]["InvoiceDate"] == "date month-day-year"
    assert desk.ask('SELECT status, count(*) FROM kpi."order" GROUP BY ALL ORDER BY ALL') == [
        ("cancelled", 1946), ("completed", 10522),
    ]  # fmt: skip
    with open_workspace(desk.workspace) as opened:
        revenue, aov = opened.get(["revenue", "aov"], "2010-12-01..2011-06-30").answers
    assert revenue.value == pytest.approx(4_700_382.111, abs=1e-6)
    assert aov.value == pytest.approx(446.7194555, abs=1e-6)
    assert aov.n == 10_522


def test_cdnow_gives_the_lifetime_value_of_its_customers(desk, shared_data):
    told = desk.take(shared_data / "cdnow" / "CDNOW_master.txt")
    assert told["rows"][0]["loaded"] == 69_659 and told["quarantine"] == []
    again = desk.take(shared_data / "cdnow" / "CDNOW_master.txt")
    assert (again["entities"][0]["new"], again["entities"][0]["unchanged"]) == (0, 69_659)
    with open_workspace(desk.workspace) as opened:
        (ltv,) = opened.get("ltv", "1997").answers
    assert ltv.value == pytest.approx(106.080426, abs=5e-7)
    assert ltv.inputs["customers"] == 23_570
