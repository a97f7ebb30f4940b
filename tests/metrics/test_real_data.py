"""The KPIs on real data that others have counted: CDNOW's purchases and a CRM's pipeline.

The rows are laid out here by DuckDB's own readers, so that the numbers prove the KPIs and the load
and not the file source, which has tests of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from kpicore import Batch, Workspace, open_workspace
from kpicore.testing import TinySource
from tests.metrics.asking import answer, value
from tests.said import note_texts

CDNOW = """
    SELECT CAST(row_number() OVER () AS VARCHAR) AS id, parts[1] AS customer_id,
        strptime(parts[2], '%Y%m%d') AS ordered_at, CAST(parts[4] AS DECIMAL(18, 4)) AS amount
    FROM (SELECT regexp_split_to_array(trim(line), ' +') AS parts
          FROM read_csv('{folder}/cdnow/CDNOW_master.txt', columns={{'line': 'VARCHAR'}}, delim='|', header=true))
"""

MAVEN = {
    "stage": """
        SELECT * FROM (VALUES ('Prospecting', 1, 'open'), ('Engaging', 2, 'open'), ('Won', 3, 'won'),
            ('Lost', NULL, 'lost')) AS stage(id, position, outcome)
    """,
    "user": """
        SELECT sales_agent AS id, manager AS team_id, regional_office AS region_id
        FROM read_csv('{folder}/maven_crm/sales_teams.csv')
    """,
    "customer": """
        SELECT account AS id, sector AS industry, office_location AS country
        FROM read_csv('{folder}/maven_crm/accounts.csv')
    """,
    "opportunity": """
        SELECT opportunity_id AS id, sales_agent AS owner_id, replace(product, 'GTXPro', 'GTX Pro') AS product_id,
            account AS customer_id, deal_stage AS stage_id, strptime(engage_date, '%d-%m-%y') AS first_contact_at,
            strptime(close_date, '%d-%m-%y') AS closed_at, CAST(close_value AS DECIMAL(18, 4)) AS amount
        FROM read_csv('{folder}/maven_crm/sales_pipeline.csv', all_varchar=true)
    """,
}


def workspace(folder: Path, tables: dict[str, str], shared_data: Path) -> Workspace:
    given = []
    with duckdb.connect() as connection:
        for entity, sql in tables.items():
            given.append(Batch(entity, connection.sql(sql.format(folder=shared_data)).to_arrow_table()))
    (folder / "kpi.toml").write_text('[workspace]\nname = "Real"\n', encoding="utf-8")
    opened = open_workspace(folder)
    opened.load([TinySource("real", tuple(given))])
    return opened


@pytest.fixture(scope="module")
def cdnow(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Workspace]:
    with workspace(tmp_path_factory.mktemp("cdnow"), {"order": CDNOW}, shared_data) as found:
        yield found


@pytest.fixture(scope="module")
def maven(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Workspace]:
    with workspace(tmp_path_factory.mktemp("maven"), MAVEN, shared_data) as found:
        yield found


def test_lifetime_value_of_cdnow_is_all_purchases_over_all_customers(cdnow: Workspace) -> None:
    # 2,500,315.63 by 23,570 customers, all of whom first bought in 1997-Q1.
    assert value(cdnow, "ltv", "1997") == pytest.approx(106.080426, abs=5e-7)
    assert value(cdnow, "ltv", "1997-Q1") == value(cdnow, "ltv", "1997")
    assert value(cdnow, "new_customers", "1997") == 23570


def test_retention_and_churn_of_cdnow_are_1_together(cdnow: Workspace) -> None:
    for period in ("1998-Q1", "1998-Q2", "1998-03"):
        both = value(cdnow, "retention_rate", period) + value(cdnow, "churn_rate", period)
        assert both == pytest.approx(1, abs=1e-12)


def test_the_crm_gives_the_numbers_that_others_counted(maven: Workspace) -> None:
    assert value(maven, "win_rate", "2017") == pytest.approx(4238 / 6711, rel=1e-12)
    assert value(maven, "total_sales", "2017") == 10_005_534
    assert value(maven, "avg_deal_size", "2017") == pytest.approx(2360.9094, abs=5e-5)
    assert value(maven, "win_rate", "2017", rep="Darcel Schlecht") == pytest.approx(349 / 553, rel=1e-12)


def test_the_sales_cycle_of_the_crm_is_from_engaging_to_winning(maven: Workspace) -> None:
    assert value(maven, "sales_cycle", "2017") == pytest.approx(51.781973, abs=5e-7)
    assert value(maven, "sales_cycle.opportunity_created_mean", "2017") == value(maven, "sales_cycle", "2017")


def test_deals_without_an_engage_date_are_told(maven: Workspace) -> None:
    [found] = maven.get("opportunities_created", "2017").answers
    assert any("500 rows of opportunity have no created_on" in text for text in note_texts(found.notes))


def test_the_regions_and_products_of_the_crm_add_up(maven: Workspace) -> None:
    for dimension in ("region", "team", "product", "rep", "industry"):
        parts = maven.get("total_sales", "2017", by=dimension).answers
        assert sum(part.value or 0 for part in parts) == 10_005_534, dimension


def test_the_open_deals_of_the_crm_are_all_there_today_and_those_of_the_day_in_the_past(
    maven: Workspace, shared_data: Path
) -> None:
    # 1,589 deals are engaging; 500 more, still prospecting, have no date: they are open since they were loaded.
    today = maven.warehouse.state.time.date().isoformat()
    assert value(maven, "pipeline_count", today) == 2089
    assert value(maven, "pipeline_count", today, stage="Engaging") == 1589
    assert value(maven, "pipeline_count", today, stage="Prospecting") == 500
    # counted in the file: engaged by June 30, 2017 and closed later or not at all
    assert value(maven, "pipeline_count", "2017-06-30") == 1686
    assert answer(maven, "pipeline_count", "2017-06-30", stage="Engaging").reason == "no_stage_history"
