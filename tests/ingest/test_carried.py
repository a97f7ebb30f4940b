"""A warehouse of the layout before this one: what its log of changed fields knew of the past is not lost."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import duckdb
import pytest

from kpicore import COUNT, Config, Input, KpiError, Metric, Workspace, count, standing
from kpicore.testing import WAREHOUSE_FILE
from tests.crm import crm_plugins
from tests.engine.worlds import at, config_of, load_tables
from tests.said import note_texts

FEBRUARY, MARCH, APRIL = date(2025, 2, 10), date(2025, 3, 20), date(2025, 4, 20)

# As it was loaded on March 1, April 5 and May 10, and stands since: d1 moved from u1 in s1 to u2 in s2 on April 5
# and was won in s3 on May 10, worth 100, 150 and 150; d2 came on April 5.
TODAY = """
    id owner_id stage_id created_at closed_at  outcome amount
    d1 u2       s3       2025-01-10 2025-05-09 won     150
    d2 u1       s1       2025-04-01 -          open    70
"""
STAGES = "id name position\n s1 Talk 1\n s2 Offer 2\n s3 Won 3"
OLD_BOOK = """
    DROP SCHEMA past CASCADE;
    DROP TABLE book.raw_version; DROP TABLE book.raw_column; DROP TABLE book.told_before; DROP TABLE book.redefined;
    DROP TABLE book.source; DROP TABLE book.stream; DROP TABLE book.given; DROP TABLE book.merged;
    DROP TABLE book.undone; DROP TABLE book.load_rows;
    ALTER TABLE book.quarantine DROP COLUMN stream; ALTER TABLE book.quarantine DROP COLUMN record;
    ALTER TABLE book.quarantine DROP COLUMN field; ALTER TABLE book.read_in DROP COLUMN stream;
    DROP TABLE book.kpi; DROP TABLE book.carried; DROP TABLE book.currency; DROP TABLE book.load;
    CREATE TABLE book.raw (entity VARCHAR, version BIGINT);
    CREATE TABLE book.change (entity VARCHAR, id VARCHAR, field VARCHAR, old VARCHAR, new VARCHAR, time TIMESTAMP);
    CREATE TABLE book.seen (entity VARCHAR, id VARCHAR, time TIMESTAMP);
    CREATE TABLE book.currency (code VARCHAR, before VARCHAR, time TIMESTAMP);
    CREATE TABLE book.load (number BIGINT, source VARCHAR, time TIMESTAMP, cursor VARCHAR);
    INSERT INTO book.load VALUES (1, 'tables', '2025-03-01 12:00', NULL), (2, 'tables', '2025-04-05 12:00', NULL),
        (3, 'tables', '2025-05-10 12:00', NULL);
    INSERT INTO book.raw VALUES ('opportunity', 3), ('stage', 1);
    INSERT INTO book.seen VALUES ('opportunity', '', '2025-03-01 12:00');
    INSERT INTO book.currency VALUES ('USD', NULL, '2025-03-01 12:00');
    INSERT INTO book.change VALUES
        ('opportunity', 'd1', 'owner_id', 'u1', 'u2', '2025-04-05 12:00'),
        ('opportunity', 'd1', 'stage_id', 's1', 's2', '2025-04-05 12:00'),
        ('opportunity', 'd1', 'amount', '100.0000', '150.0000', '2025-04-05 12:00'),
        ('opportunity', 'd1', 'stage_id', 's2', 's3', '2025-05-10 12:00'),
        ('opportunity', 'd1', 'outcome', 'open', 'won', '2025-05-10 12:00'),
        ('opportunity', 'd2', 'amount', '35.0000', '140.0000', '2025-05-10 12:00');
    UPDATE book.state SET first_load = '2025-03-01 12:00';
    UPDATE book.format SET number = 1;
"""


def kpi(id: str, given: Input) -> tuple[str, Metric]:
    return "test", Metric(id, name=id, unit=COUNT, inputs={"n": given})


METRICS = (
    kpi("pipeline", standing("opportunity", "amount", since="created_on", until="closed_on")),
    kpi("deals", count("opportunity", when="created_on")),
    kpi("staged", standing("opportunity_stage", since="since_on", until="until_on")),
    kpi("orders", count("order", when="ordered_on")),
)
PLUGINS = crm_plugins(metrics=METRICS)


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Give a workspace as the layout before this one left it."""
    config = config_of(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("kpicore.lineage.as_written.RULES_NUMBER", 1)
        load_tables(config, {"opportunity": TODAY, "stage": STAGES}, at=at("2025-05-10"))
    with duckdb.connect(str(tmp_path / WAREHOUSE_FILE)) as book:
        book.execute(OLD_BOOK)
        for table, column in itertools.product(("opportunity", "stage"), ("_source", "_stream", "_load", "_row")):
            book.execute(f"ALTER TABLE raw.{table} DROP COLUMN {column}")
    return config


def value(opened: Workspace, id: str, period: str, as_of: date | None = None, **cuts: str) -> float | None:
    [answer] = opened.get(id, period, where=cuts, as_of=as_of).answers
    return answer.value


def test_fields_that_were_logged_as_given_are_those_of_the_day(old: Config) -> None:
    with Workspace(old, PLUGINS) as opened:
        assert value(opened, "deals", "2025-01") == 1
        for day, rep, other in ((MARCH, "u1", "u2"), (APRIL, "u2", "u1")):
            assert value(opened, "deals", "2025-01", day, rep=rep) == 1
            assert value(opened, "deals", "2025-01", day, rep=other) == 0
        for day, stage in ((MARCH, "Talk"), (APRIL, "Offer")):
            assert value(opened, "deals", "2025-01", day, stage=stage) == 1
        assert value(opened, "pipeline", "2025-03", MARCH) == 100
        assert value(opened, "pipeline", "2025-05") == 70


def test_a_value_that_is_not_what_was_given_is_dropped_and_the_answer_says_that_a_part_is_known(old: Config) -> None:
    # of d2 the log has amounts in another currency: 140 is not the 70 that was given
    with Workspace(old, PLUGINS) as opened:
        [answer] = opened.get("pipeline", "2025-04", as_of=APRIL).answers
        assert answer.value == 150 + 70
        told = "of days before 2025-05-10 an earlier version kept a part of opportunity only"
        assert [text for text in note_texts(answer.notes) if text.startswith(told)]
        [now] = opened.get("pipeline", "2025-04").answers
        assert not [text for text in note_texts(now.notes) if text.startswith(told)]


def test_a_row_is_there_from_the_first_load_since_it_was_created(old: Config) -> None:
    with Workspace(old, PLUGINS) as opened:
        assert value(opened, "deals", "2025", MARCH) == 1
        assert value(opened, "deals", "2025", APRIL) == 2


def test_the_stages_of_deals_stay_those_of_the_log(old: Config) -> None:
    with Workspace(old, PLUGINS) as opened:
        assert value(opened, "staged", "2025-03-20", stage="Talk") == 1
        assert value(opened, "staged", "2025-05-01", stage="Offer") == 1
        assert value(opened, "staged", "2025-05-01", stage="Talk") == 1  # d2


def test_it_is_carried_over_once_and_loads_go_on_from_there(old: Config) -> None:
    load_tables(old, {"opportunity": "id owner_id\nd1 u3", "order": "id ordered_at\n1 2025-05-01"}, at=at("2025-06-10"))
    load_tables(old, {"opportunity": "id owner_id\nd1 u4"}, at=at("2025-07-10"))
    with Workspace(old, PLUGINS) as opened:
        for day, rep in ((MARCH, "u1"), (APRIL, "u2"), (date(2025, 6, 1), "u2"), (date(2025, 6, 20), "u3")):
            assert value(opened, "deals", "2025-01", day, rep=rep) == 1
        assert value(opened, "deals", "2025-01", rep="u4") == 1
        [answer] = opened.get("deals", "2025-01", as_of=date(2025, 6, 20)).answers
        assert not [text for text in note_texts(answer.notes) if "earlier version" in text]
        assert opened.warehouse.query("SELECT number FROM book.format") == [(3,)]
        tables = "SELECT table_name FROM duckdb_tables() WHERE table_name IN ('change', 'seen', 'raw')"
        assert opened.warehouse.query(tables) == []


def test_before_it_is_carried_over_it_answers_no_earlier_day(old: Config) -> None:
    with Workspace(old, PLUGINS, may_remake=False) as opened, pytest.raises(KpiError, match="kpi remake"):
        opened.get("orders", "2025-01", as_of=MARCH)
