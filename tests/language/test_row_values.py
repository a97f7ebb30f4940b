"""Row expressions on a row worked out by hand, in DuckDB and in Python."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from kpicore import DUCKDB, StandardDialect, Type, parse_row, row_sql
from kpicore.language import row_python

COLUMNS = {
    "amount": Type.MONEY,
    "cost": Type.MONEY,
    "huge": Type.MONEY,
    "probability": Type.NUMBER,
    "visits": Type.INTEGER,
    "outcome": Type.TEXT,
    "empty": Type.TEXT,
    "nothing": Type.MONEY,
    "unknown": Type.BOOLEAN,
    "held": Type.BOOLEAN,
    "on": Type.DATE,
    "closed_on": Type.DATE,
    "created_at": Type.MOMENT,
    "closed_at": Type.MOMENT,
}
ROW: Mapping[str, object] = {
    "amount": Decimal("1000.0000"),
    "cost": Decimal("250.5000"),
    "huge": Decimal("90000000000000.0000"),
    "probability": Decimal("0.250000"),
    "visits": 7,
    "outcome": "won",
    "empty": None,
    "nothing": None,
    "unknown": None,
    "held": True,
    "on": date(2024, 1, 31),
    "closed_on": date(2024, 3, 1),
    "created_at": datetime(2024, 1, 31, 6, 0, 0),
    "closed_at": datetime(2024, 3, 1, 18, 30, 0, 1),
}
GIVEN: Mapping[str, object] = {
    "setting.rate": 0.1,
    "setting.stuck_days": 30,
    "period.start": date(2024, 1, 1),
    "period.end": date(2024, 4, 1),
    "period.as_of": date(2024, 3, 14),
}

WORKED = {
    "amount * probability": Decimal(250),
    "amount - cost * 2": Decimal("499.0"),
    "amount / 3": Decimal("333.333333333"),
    "-amount / 3": Decimal("-333.333333333"),
    "visits / 2": Decimal("3.5"),
    "2 / 3": Decimal("0.666666667"),
    "amount / 0": None,
    "0 / 0": None,
    "amount / (cost - cost)": None,
    "amount / nothing": None,
    "amount * setting.rate": Decimal(100),
    "huge * probability": Decimal("22500000000000"),
    "huge + huge": Decimal("180000000000000"),
    "amount * probability * probability * probability * probability": Decimal("3.90625"),
    "visits * visits - 1": 48,
    "abs(cost - amount)": Decimal("749.5"),
    "coalesce(nothing, cost, amount)": Decimal("250.5"),
    "least(visits, probability, nothing)": Decimal("0.25"),
    "greatest(nothing, nothing)": None,
    "days(on, closed_on)": 30,
    "days(closed_on, on)": -30,
    "closed_on - on": 30,
    "days(on, period.as_of) > setting.stuck_days": True,
    "days(created_at, closed_at)": Decimal("30.520833"),
    "minutes(created_at, closed_at)": Decimal("43950.000000"),
    "minutes(closed_at, created_at)": Decimal("-43950.000000"),
    "outcome = 'won' and held": True,
    "outcome <> 'won' or not held": False,
    "outcome in ('won', 'lost')": True,
    "outcome not in ('open', 'lost')": True,
    "empty in ('won')": None,
    "empty not in ('won')": None,
    "empty = empty": None,
    "empty is null": True,
    "outcome is not null": True,
    "unknown and held": None,
    "unknown and not held": False,
    "unknown or held": True,
    "unknown or not held": None,
    "not unknown": None,
    "nothing between 1 and 2": None,
    "visits between 7 and 8": True,
    "amount between nothing and 2": False,
    "closed_on >= period.start and closed_on < period.end": True,
    "on = date '2024-01-31'": True,
    "case when unknown then 1 when held then 2 else 3 end": 2,
    "case when unknown then 1 end": None,
    "case when held then outcome else empty end": "won",
    "'a' < 'B'": False,
    "'é' > 'z'": True,
    "'' is null": False,
}


@pytest.fixture(scope="module")
def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    columns = ", ".join(f"{DUCKDB.quote(name)} {DUCKDB.type_of(type)}" for name, type in COLUMNS.items())
    connection.execute(f"create table deal ({columns})")
    connection.execute(f"insert into deal values ({', '.join('?' for _ in ROW)})", list(ROW.values()))
    return connection


@pytest.mark.parametrize("given", WORKED)
def test_duckdb_gives_the_value_worked_out_by_hand(given: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    values: list[object] = []

    def bind(value: object) -> str:
        values.append(value)
        return "?"

    node = parse_row(given, COLUMNS, settings={"rate": 0.1, "stuck_days": 30})

    def column(name: str) -> str:
        return bind(GIVEN[name]) if name in GIVEN else DUCKDB.quote(name)

    sql = row_sql(node, column=column, bind=bind, dialect=DUCKDB)
    assert warehouse.execute(f"select {sql} from deal", values).fetchall() == [(WORKED[given],)]


@pytest.mark.parametrize("given", WORKED)
def test_python_gives_the_value_worked_out_by_hand(given: str) -> None:
    node = parse_row(given, COLUMNS, settings={"rate": 0.1, "stuck_days": 30})
    assert row_python(node)({**ROW, **GIVEN}) == WORKED[given]


def test_a_duration_is_rounded_to_millionths_half_away_from_zero() -> None:
    columns = {"a_at": Type.MOMENT, "b_at": Type.MOMENT}
    days = row_python(parse_row("days(a_at, b_at)", columns))
    # 43,200 microseconds are half a millionth of a day.
    assert days({"a_at": datetime(2024, 1, 1), "b_at": datetime(2024, 1, 1, 0, 0, 0, 43_200)}) == Decimal("0.000001")
    assert days({"a_at": datetime(2024, 1, 1), "b_at": datetime(2024, 1, 1, 0, 0, 0, 43_199)}) == 0
    assert days({"b_at": datetime(2024, 1, 1), "a_at": datetime(2024, 1, 1, 0, 0, 0, 43_200)}) == Decimal("-0.000001")


def test_no_text_or_number_of_a_definition_is_printed_into_sql() -> None:
    node = parse_row("outcome = 'x''); drop table deal' or amount > 12345", COLUMNS)
    sql = row_sql(node, column=DUCKDB.quote, bind=lambda value: "?", dialect=DUCKDB)
    assert sql == '(("outcome" = ?) OR ("amount" > CAST(? AS BIGINT)))'


def test_values_are_bound_in_the_order_of_the_text() -> None:
    values: list[object] = []
    node = parse_row("case when amount > 1 then 2 else least(3, 4.5) end = 5", COLUMNS)
    row_sql(node, column=DUCKDB.quote, bind=lambda value: values.append(value) or "?", dialect=DUCKDB)
    assert values == [1, 2, 3, Decimal("4.5"), 5]


def test_another_warehouse_follows_by_its_dialect() -> None:
    class Spark(StandardDialect):
        def days(self, start: str, end: str) -> str:
            return f"datediff({end}, {start})"

    node = parse_row("days(on, closed_on)", COLUMNS)
    assert row_sql(node, column=lambda name: f"`{name}`", bind=str, dialect=Spark()) == "datediff(`closed_on`, `on`)"
