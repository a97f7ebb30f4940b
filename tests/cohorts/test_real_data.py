"""Cohorts of real customers, imported by the real file source, against SQL over the files themselves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kpicore import Workspace, open_workspace
from tests.said import note_texts

CDNOW = """
    SELECT parts[1] AS customer, CAST(strptime(parts[2], '%Y%m%d') AS DATE) AS day,
        CAST(parts[4] AS DECIMAL(18, 2)) AS amount, row_number() OVER () AS bill
    FROM (SELECT regexp_split_to_array(trim(line), ' +') AS parts
          FROM read_csv('{folder}/cdnow/CDNOW_master.txt', columns={{'line': 'VARCHAR'}}, delim='|', header=true))
"""
# An invoice is one order; those whose number begins with C are cancelled. Rows without a customer are in no cohort.
RETAIL = """
    SELECT CAST(any_value(CustomerID) AS VARCHAR) AS customer, InvoiceNo AS bill,
        CAST(min(strptime(InvoiceDate, '%m/%d/%y %H:%M')) AS DATE) AS day,
        sum(CAST(Quantity AS DECIMAL(18, 6)) * CAST(UnitPrice AS DECIMAL(18, 6))) AS amount
    FROM '{folder}/online_retail/online_retail_part_invoices.parquet'
    WHERE InvoiceNo NOT LIKE 'C%' GROUP BY InvoiceNo HAVING any_value(CustomerID) IS NOT NULL
"""


def kpi(*words: object) -> None:
    command = [sys.executable, "-c", "from kpicore.cli import main; main()", *map(str, words)]
    subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)


def imported(folder: Path, file: Path, *options: str) -> Workspace:
    kpi("init", folder)
    kpi("import", "-w", folder, "--yes", *options, file)
    return open_workspace(folder)


@pytest.fixture(scope="module")
def cdnow(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    file = shared_data / "cdnow" / "CDNOW_master.txt"
    with imported(tmp_path_factory.mktemp("cdnow"), file, "--entity", "order") as opened:
        yield opened


@pytest.fixture(scope="module")
def retail(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    file = shared_data / "online_retail" / "online_retail_part_invoices.parquet"
    with imported(tmp_path_factory.mktemp("retail"), file) as opened:
        yield opened


def by_sql(bills: str, folder: Path, unit: str, first: str, last: str) -> dict[tuple[Any, int], tuple[Any, ...]]:
    """Return customers, orders and amount by cohort and age, and those who bought again by then, in plain SQL."""
    sql = f"""
        WITH bills AS ({bills.format(folder=folder)}),
        firsts AS (SELECT customer, min(day) AS since FROM bills GROUP BY customer),
        lived AS (
            SELECT customer, date_trunc('{unit}', since) AS cohort, amount, bill,
                date_diff('{unit}', date_trunc('{unit}', since), date_trunc('{unit}', day)) AS age,
                row_number() OVER (PARTITION BY customer ORDER BY day) AS nth
            FROM bills JOIN firsts USING (customer) WHERE since BETWEEN DATE '{first}' AND DATE '{last}'
        )
        SELECT CAST(cohort AS DATE), age, count(DISTINCT customer), count(*), sum(amount), count(*) FILTER (nth = 2)
        FROM lived GROUP BY 1, 2 ORDER BY 1, 2
    """
    return {(cohort, age): tuple(rest) for cohort, age, *rest in duckdb.sql(sql).fetchall()}


def lived(opened: Workspace, period: str, by: str) -> dict[tuple[Any, int], tuple[Any, ...]]:
    """Return the same from the triangle: every age in which anybody bought."""
    found: dict[tuple[Any, int], tuple[Any, ...]] = {}
    for cohort in opened.cohorts("customers", period, by=by).cohorts:
        before = 0
        for age in cohort.ages:
            if age.customers and cohort.period:
                new = (age.again or 0) - before
                found[cohort.period.start, age.age] = (age.customers, age.orders, age.revenue, new)
                before = age.again or 0
    return found


def test_the_january_1997_cohort_of_cdnow(cdnow: Workspace) -> None:
    (january,) = cdnow.cohorts("customers", "1997-01").cohorts
    assert january.size == 7846
    assert [age.customers for age in january.ages[:3]] == [7846, 1157, 964]


def test_the_whole_triangle_of_cdnow_equals_sql(cdnow: Workspace, shared_data: Path) -> None:
    assert lived(cdnow, "1997-Q1", "month") == by_sql(CDNOW, shared_data, "month", "1997-01-01", "1997-03-31")
    # from Wednesday 1 January on: ISO weeks begin on Monday 30 December 1996
    weeks = by_sql(CDNOW, shared_data, "week", "1996-12-30", "1997-03-30")
    assert lived(cdnow, "1997-W01..1997-W13", "week") == weeks


def test_what_all_customers_of_cdnow_brought_is_all_there_is(cdnow: Workspace) -> None:
    found = cdnow.cohorts("revenue", "1997-Q1")
    assert sum(float(age.revenue or 0) for cohort in found.cohorts for age in cohort.ages) == pytest.approx(
        2_500_315.63
    )
    (whole,) = cdnow.cohorts("ltv", "1997-Q1", by="quarter", age="quarter").cohorts
    assert float(whole.ages[-1].so_far or 0) / 23570 == pytest.approx(106.080426, abs=5e-7)
    assert cdnow.get("ltv", "1997-Q1").answers[0].value == pytest.approx(106.080426, abs=5e-7)


def test_the_triangle_of_online_retail_equals_sql(retail: Workspace, shared_data: Path) -> None:
    expected = by_sql(RETAIL, shared_data, "month", "2010-12-01", "2011-06-30")
    found = lived(retail, "2010-12..2011-06", "month")
    assert found.keys() == expected.keys()
    for key, (customers, orders, revenue, again) in found.items():
        assert (customers, orders, again) == (expected[key][0], expected[key][1], expected[key][3]), key
        assert float(revenue) == pytest.approx(float(expected[key][2]), rel=1e-9), key
    december = retail.cohorts("customers", "2010-12").cohorts[0]
    assert [age.customers for age in december.ages] == [885, 324, 286, 340, 321, 352, 284]


def test_who_bought_without_a_name_is_told(retail: Workspace) -> None:
    assert note_texts(retail.cohorts("customers", "2010-12").notes) == (
        "2,032 of 12,468 orders have no customer and are in no cohort",
    )
