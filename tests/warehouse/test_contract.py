"""The contract of warehouses: DuckDB reached in other spellings keeps it, and a wrong dialect does not."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from kpicore import Config, Member, StandardDialect, Workspace, open_workspace, read_config
from kpicore.testing import WAREHOUSE_FILE, load_tables, open_warehouse
from kpicore.testing.warehouse import differences
from kpicore_crm.testing import load_tiny_company
from tests.crm import PLUGINS
from tests.warehouse.other import OtherDialect, OtherWarehouse


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    with open_workspace(folder) as opened:
        yield opened


@pytest.fixture
def file(tiny: Workspace) -> Path:
    _ = tiny.engine  # its tables are those of today's definitions
    return tiny.config.folder / WAREHOUSE_FILE


def test_duckdb_keeps_it(tiny: Workspace, file: Path) -> None:
    with closing(open_warehouse(file.parent)) as warehouse:
        assert list(differences(warehouse, tiny)) == []


def test_a_warehouse_of_other_spellings_keeps_it_by_statements_in_the_grammar_of_postgresql(
    tiny: Workspace, file: Path
) -> None:
    with closing(OtherWarehouse(file)) as warehouse:
        assert list(differences(warehouse, tiny)) == []
    shapes = {re.sub(r"`[^`]*`|:p\d+", "x", each): each for each in warehouse.sent}
    assert len(shapes) > 100
    for sql in shapes.values():
        tree = sqlglot.parse_one(sql.replace("`", '"').replace(":p", "$"), read="postgres")
        tables = [each for each in tree.find_all(exp.Subquery) if isinstance(each.parent, exp.From | exp.Join)]
        assert [table.sql() for table in tables if not table.alias] == []
        assert [*tree.find_all(exp.Anonymous)] == [], sql


class WrongPercentile(OtherDialect):
    def percentile(self, value: str, share: str, keep: str = "") -> str:
        return super().percentile(value, share, keep).replace("percentile_cont", "percentile_disc")


class DaysCountBothEnds(OtherDialect):
    def days(self, start: str, end: str) -> str:
        return f"({end} - {start} + 1)"


class SpansCountBothEnds(OtherDialect):
    def span(self, start: str, end: str) -> str:
        return f"({end} - {start} + 1)"


class WholeMoments(OtherDialect):
    def moments(self, start: str, end: str, seconds: int) -> str:
        return f"floor({super().moments(start, end, seconds)} / 1000)"


class WholeQuotients(OtherDialect):
    def quotient(self, dividend: str, divisor: str) -> str:
        return f"floor({super().quotient(dividend, divisor)})"


class FirstIsAny(OtherDialect):
    def first_by(self, value: str, order: Sequence[str], keep: str = "") -> str:
        return super().last_by(value, order, keep)


class LastIsAny(OtherDialect):
    def last_by(self, value: str, order: Sequence[str], keep: str = "") -> str:
        return super().first_by(value, order, keep)


class ConditionsPassedOver(OtherDialect):
    def percentile(self, value: str, share: str, keep: str = "") -> str:
        return super().percentile(value, share)


class NoDecimals(OtherDialect):
    def whole(self, total: str, scale: int) -> str:
        return f"CAST(round({total}) * {10**scale} AS DECIMAL(38, 0))"


class NearFuture(OtherDialect):
    def far_future(self) -> str:
        return "DATE '2025-01-01'"


class NoDayLater(OtherDialect):
    def plus_days(self, day: str, days: int) -> str:
        return day


class OtherBits(OtherDialect):
    def has_bit(self, number: str, bit: int) -> str:
        return f"{number} >= {bit}"


class OneRow(OtherDialect):
    def rows(self, rows: Sequence[Sequence[str]], alias: str, names: Sequence[str]) -> str:
        return super().rows(rows[:1], alias, names)


class OneValue(OtherDialect):
    def table(self, columns: Mapping[str, tuple[str, Sequence[object]]], bind: Callable[[object], str]) -> str:
        return super().table({name: (type_, values[:1]) for name, (type_, values) in columns.items()}, bind)


WRONG = (
    *(WrongPercentile, DaysCountBothEnds, SpansCountBothEnds, WholeMoments, WholeQuotients, FirstIsAny, LastIsAny),
    *(ConditionsPassedOver, NoDecimals, NearFuture, NoDayLater, OtherBits, OneRow, OneValue),
)


@pytest.mark.parametrize("dialect", WRONG)
def test_a_wrong_dialect_does_not_keep_it(tiny: Workspace, file: Path, dialect: type[OtherDialect]) -> None:
    with closing(OtherWarehouse(file, dialect())) as warehouse:
        assert next(differences(warehouse, tiny), "")


def test_every_word_of_the_dialect_has_a_wrong_one_here() -> None:
    words = {name for each in WRONG for name in vars(each) if not name.startswith("_")}
    spelled = {name for name in vars(StandardDialect) if not name.startswith("_")}
    assert spelled - words == {"can_mask_months", "placeholder", "quote", "type_of", "double"}


class UnsortedMembers(OtherWarehouse):
    def members(self, dimension: str) -> tuple[Member, ...]:
        return super().members(dimension)[::-1]


class LostRow(OtherWarehouse):
    def relation(self, entity: str) -> str:
        return f"(SELECT * FROM marts.`fct {entity}` OFFSET 1)" if entity == "opportunity" else super().relation(entity)


class ForOneThread(OtherWarehouse):
    """A warehouse that is right in the thread that opened it alone."""

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        rows = super().query(sql, values)
        return rows if threading.current_thread() is threading.main_thread() else [(0,)]


class OtherVersion(OtherWarehouse):
    version = ""  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (UnsortedMembers, "are not sorted"),
        (LostRow, "to DuckDB"),
        (ForOneThread, "to DuckDB"),
        (OtherVersion, "version"),
    ],
)
def test_a_wrong_warehouse_does_not_keep_it(
    tiny: Workspace, file: Path, wrong: type[OtherWarehouse], told: str
) -> None:
    with closing(wrong(file)) as warehouse:
        assert told in next(differences(warehouse, tiny), "")


class DoubledAmounts(OtherWarehouse):
    def relation(self, entity: str) -> str:
        rows = super().relation(entity)
        return f"(SELECT * REPLACE (amount * 2 AS amount) FROM {rows} AS e)" if entity == "order" else rows


class Emptied(OtherWarehouse):
    def relation(self, entity: str) -> str:
        return f"(SELECT * FROM {super().relation(entity)} AS e WHERE FALSE)"


def of_orders(folder: Path, rows: str) -> Workspace:
    """Return a workspace of orders alone, of customers `a` and `b`."""
    customers = "id name country\na Ann HU\nb Bob AT"
    orders = f"id customer_id ordered_at amount currency\n{rows}"
    tables = {"customer": customers, "order": orders}
    load_tables(Config(folder, "Shop", "EUR"), PLUGINS, tables, data_time=datetime(2031, 7, 1, 12, tzinfo=UTC))
    return Workspace(read_config(folder), PLUGINS)


@pytest.mark.parametrize("days", [["1998-11-30"], ["2024-01-05", "2024-02-29"], ["1970-01-01", "2030-05-06"]])
def test_rows_of_whatever_years_are_compared(tmp_path: Path, days: list[str]) -> None:
    rows = "\n".join(f"o{at} {'ab'[at % 2]} {day} 100 EUR" for at, day in enumerate(days))
    with of_orders(tmp_path, rows) as workspace:
        _ = workspace.engine
        for wrong in (DoubledAmounts, Emptied):
            with closing(wrong(tmp_path / WAREHOUSE_FILE)) as warehouse:
                assert "to DuckDB" in next(differences(warehouse, workspace), "")
        with closing(OtherWarehouse(tmp_path / WAREHOUSE_FILE)) as warehouse:
            assert list(differences(warehouse, workspace)) == []


@pytest.mark.parametrize("rows", ["", "o1 a - 100 EUR"])
def test_a_contract_that_compares_no_answer_says_so(tmp_path: Path, rows: str) -> None:
    with of_orders(tmp_path, rows) as workspace, closing(open_warehouse(tmp_path)) as warehouse:
        _ = workspace.engine
        assert list(differences(warehouse, workspace)) == [
            "answers: none was compared, as no KPI counts any row of the workspace"
        ]
