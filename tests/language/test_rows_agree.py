"""Random typed row expressions over random rows: DuckDB and Python give equal values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from kpicore import DUCKDB, Node, Type, parse_row, row_sql
from kpicore.language import row_python, text, typing
from kpicore.model.expressions import IsNull, Literal, Name

COLUMNS = {
    "amount": Type.MONEY,
    "cost of goods": Type.MONEY,
    "probability": Type.NUMBER,
    "weight": Type.NUMBER,
    "score": Type.INTEGER,
    "case": Type.INTEGER,
    "outcome": Type.TEXT,
    'the "real" régió': Type.TEXT,
    "held": Type.BOOLEAN,
    "moved_on": Type.BOOLEAN,
    "on": Type.DATE,
    "closed_on": Type.DATE,
    "created_at": Type.MOMENT,
    "closed_at": Type.MOMENT,
}
SETTINGS = {"rate": 0.25, "stuck_days": 30, "stage": "it's"}
PERIOD = {"start": Type.DATE, "end": Type.DATE, "as_of": Type.DATE}
SETTING_TYPES = {"rate": Type.NUMBER, "stuck_days": Type.INTEGER, "stage": Type.TEXT}
GIVEN = {f"setting.{name}": value for name, value in SETTINGS.items()} | {
    "period.start": date(2024, 1, 1),
    "period.end": date(2024, 4, 1),
    "period.as_of": date(2024, 3, 14),
}
NUMBERS = (Type.INTEGER, Type.NUMBER, Type.MONEY)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4) | st.sampled_from(
    ["won", "it's", "İstanbul ß", "100%", 'a "b"', "\\"]
)
dates = st.dates(date(1990, 1, 1), date(2100, 12, 31)) | st.dates(date(2024, 1, 1), date(2024, 4, 2))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31))


def decimals(places: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(-most * 10**places, most * 10**places).map(lambda whole: Decimal(whole).scaleb(-places))


VALUES: Mapping[Type, st.SearchStrategy[object]] = {
    Type.TEXT: texts,
    Type.INTEGER: st.integers(-100, 100),
    Type.NUMBER: decimals(6, 1000) | decimals(1, 5),
    Type.MONEY: decimals(4, 100_000) | decimals(0, 10),
    Type.BOOLEAN: st.booleans(),
    Type.DATE: dates,
    Type.MOMENT: moments,
}
LITERALS: Mapping[Type, st.SearchStrategy[Literal]] = {
    Type.TEXT: texts.map(lambda value: Literal(value, Type.TEXT)),
    Type.INTEGER: st.integers(-100, 100).map(lambda value: Literal(value, Type.INTEGER)),
    Type.NUMBER: st.integers(-99, 99).map(lambda whole: Literal(Decimal(10 * whole + 5).scaleb(-1), Type.NUMBER)),
    Type.BOOLEAN: st.booleans().map(lambda value: Literal(value, Type.BOOLEAN)),
    Type.DATE: dates.map(lambda value: Literal(value, Type.DATE)),
}
rows = st.fixed_dictionaries({name: st.none() | VALUES[type] for name, type in COLUMNS.items()})


def named(type: Type) -> st.SearchStrategy[Node]:
    found = [Name("", name, each) for name, each in COLUMNS.items() if each is type]
    found += [Name("period", name, each) for name, each in PERIOD.items() if each is type]
    found += [Name("setting", name, each) for name, each in SETTING_TYPES.items() if each is type]
    return st.sampled_from(found)


def leaves(type: Type) -> st.SearchStrategy[Node]:
    return named(type) | LITERALS[type] if type in LITERALS else named(type)


@st.composite
def conditions(draw: st.DrawFn, depth: int) -> Node:
    if depth == 0:
        return draw(leaves(Type.BOOLEAN))
    kind = draw(st.sampled_from(["comparison", "between", "in", "null", "logic", "not", "case"]))
    type = draw(st.sampled_from([each for each in Type if each is not Type.BOOLEAN]))
    if kind == "comparison":
        operator = draw(st.sampled_from(["=", "<>", "<", "<=", ">", ">="]))
        return typing.comparison(operator, draw(expressions(type, depth - 1)), draw(expressions(type, depth - 1)))
    if kind == "in":
        literal = draw(st.sampled_from([each for each in LITERALS if each is not Type.BOOLEAN]))
        return typing.within(draw(expressions(literal, depth - 1)), tuple(draw(some(LITERALS[literal], 1))))
    if kind == "null":
        return IsNull(draw(expressions(type, depth - 1)))
    if kind == "not":
        return typing.negation(draw(conditions(depth - 1)))
    if kind == "logic":
        return typing.logic(draw(st.sampled_from(["and", "or"])), tuple(draw(some(conditions(depth - 1), 2))))
    return draw(cases(Type.BOOLEAN, depth))


def some(values: st.SearchStrategy, least: int) -> st.SearchStrategy[list]:
    return st.lists(values, min_size=least, max_size=3)


@st.composite
def cases(draw: st.DrawFn, type: Type, depth: int) -> Node:
    branch = st.tuples(conditions(depth - 1), expressions(type, depth - 1))
    return typing.case(tuple(draw(some(branch, 1))), draw(st.none() | expressions(type, depth - 1)))


@st.composite
def numbers(draw: st.DrawFn, depth: int) -> Node:
    one = st.sampled_from(NUMBERS).flatmap(lambda type: expressions(type, depth - 1))
    kind = draw(st.sampled_from(["arithmetic", "arithmetic", "sign", "abs", "days", "span", "minutes"]))
    if kind == "sign":
        return typing.negative(draw(one))
    if kind == "abs":
        return typing.call("abs", (draw(one),))
    if kind == "days":
        pair = draw(expressions(Type.DATE, depth - 1)), draw(expressions(Type.DATE, depth - 1))
        return typing.arithmetic("-", *pair)
    if kind in ("span", "minutes"):
        pair = draw(expressions(Type.MOMENT, depth - 1)), draw(expressions(Type.MOMENT, depth - 1))
        return typing.call("days" if kind == "span" else "minutes", pair)
    return typing.arithmetic(draw(st.sampled_from("+-*/")), draw(one), draw(one))


@st.composite
def expressions(draw: st.DrawFn, type: Type, depth: int) -> Node:
    if depth == 0 or draw(st.booleans()):
        return draw(leaves(type))
    if type is Type.BOOLEAN:
        return draw(conditions(depth))
    kinds = ["case", "coalesce", "least", "greatest"] + ["number"] * 5 * (type in NUMBERS)
    kind = draw(st.sampled_from(kinds))
    if kind == "number":
        return draw(numbers(depth))
    if kind == "case":
        return draw(cases(type, depth))
    return typing.call(kind, tuple(draw(some(expressions(type, depth - 1), 2))))


anything = st.sampled_from(list(Type)).flatmap(lambda type: expressions(type, 3)) | conditions(3)


@pytest.fixture(scope="module")
def table() -> Callable[[list[dict]], duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    columns = ", ".join(f"{DUCKDB.quote(name)} {DUCKDB.type_of(type)}" for name, type in COLUMNS.items())
    connection.execute(f"create table t ({columns})")
    holes = ", ".join("?" for _ in COLUMNS)

    def filled(rows: list[dict]) -> duckdb.DuckDBPyConnection:
        connection.execute("delete from t")
        for row in rows:
            connection.execute(f"insert into t values ({holes})", [row[name] for name in COLUMNS])
        return connection

    return filled


def in_duckdb(node: Node, connection: duckdb.DuckDBPyConnection) -> list[object]:
    values: list[object] = []

    def bind(value: object) -> str:
        values.append(value)
        return "?"

    def column(name: str) -> str:
        return bind(GIVEN[name]) if name in GIVEN else DUCKDB.quote(name)

    statement = f"select {row_sql(node, column=column, bind=bind, dialect=DUCKDB)} from t"
    try:
        return [value for (value,) in connection.execute(statement, values).fetchall()]
    except (duckdb.OutOfRangeException, duckdb.ConversionException):
        # More than 38 digits: a warehouse fails loudly, Python goes on.
        reject()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(node=anything, given_rows=st.lists(rows, min_size=1, max_size=4))
def test_duckdb_and_python_agree(node: Node, given_rows: list[dict], table: Callable) -> None:
    in_python = row_python(node)
    expected = [in_python({**row, **GIVEN}) for row in given_rows]
    assert in_duckdb(node, table(given_rows)) == expected, text(node)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(node=anything)
def test_the_canonical_text_reads_back_as_the_same_tree(node: Node) -> None:
    assert parse_row(text(node), COLUMNS, settings=SETTINGS) == node
