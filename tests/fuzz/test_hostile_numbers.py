"""Numbers of any size in columns of every kind: each becomes a value or none, and the load is whole."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import Field, Type, toml
from kpicore_sources.files import dates, numbers
from kpicore_sources.files.known_words import read_words
from kpicore_sources.files.reading import Decision
from kpicore_sources.files.typed_values import NUMBERS, PERCENT, ColumnReading, Values
from tests.loops import loop
from tests.sources.conftest import Desk, desk

__all__ = ["desk"]

VALUES = Values(read_words(), "Europe/Berlin")
EXTREMES = (
    "99999999999999", "-99999999999999", "9" * 19, "9" * 28, "9" * 39, "9" * 400, "1e400", "-1e308", "1e15", "nan",
    "-inf", "9223372036854775808", "253402300800", "0x10", "1_000", "999999999999999999%", "2958466", "20251301",
    "1.0000000000000002e28", "-9.99999999999999999999e22", "1.0000000000000002e14",
)  # fmt: skip
NUMBER = st.one_of(
    st.integers().map(str),
    st.integers(-(10**40), 10**40).map(str),
    st.floats().map(repr),
    st.decimals().map(str),
    st.sampled_from(EXTREMES),
)
WRITTEN = st.builds(
    "".join, st.tuples(st.sampled_from(["", "-", "(", "€ ", "+"]), NUMBER, st.sampled_from(["", "%", ")", " €"]))
)


def _readings() -> Iterator[tuple[Type, ColumnReading]]:
    for type_ in NUMBERS:
        for code in (*numbers.READINGS, *(PERCENT + reading.removeprefix("number ") for reading in numbers.READINGS)):
            yield type_, ColumnReading(Decision(code), plain=False)
            yield type_, ColumnReading(Decision(code), plain=True)
        yield type_, ColumnReading(Decision(numbers.LABELLED))
    for type_ in (Type.DATE, Type.MOMENT):
        for code in (*dates.READINGS, dates.YEAR_FIRST):
            yield type_, ColumnReading(Decision(code), tuple(filter(None, [dates.format_of("20250131", code)])))


EVERY = ", ".join(
    f"CAST({VALUES.value('v', Field('order', 'n', type_, ''), reading, clean)} AS VARCHAR)"
    for type_, reading in _readings()
    for clean in (False, True)
)


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@loop("numbers of any size in columns of every kind and reading", ci=5, soak=500)
@given(st.lists(WRITTEN, min_size=20, max_size=100))
def test_any_number_is_a_value_or_none_in_a_column_of_every_kind(
    database: duckdb.DuckDBPyConnection, texts: list[str]
) -> None:
    rows = database.execute(f"SELECT {EVERY} FROM (SELECT unnest(?) AS v)", [[*EXTREMES, *texts]]).fetchall()
    assert len(rows) == len(EXTREMES) + len(texts)


KEPT = {
    "opportunity": {
        "created_at": dates.SERIAL, "closed_at": dates.UNIX, "amount": numbers.POINT, "probability": "percent 1,234.56",
    },
    "order_line": {"ordered_at": dates.UNIX_MS, "quantity": numbers.POINT},
    "stage": {"position": numbers.POINT, "probability": numbers.POINT},
    "activity": {"duration_min": numbers.COMMA, "at": dates.COMPACT},
    "survey_response": {"score": numbers.LABELLED, "answered_at": dates.SERIAL},
    "fx_rate": {"rate": numbers.POINT, "rate_on": dates.SERIAL},
}  # fmt: skip
"""How the columns of a file were read once; each is called as its field."""


@pytest.mark.parametrize("entity", KEPT)
def test_a_load_of_extremes_in_columns_of_every_kind_adds_up(desk: Desk, entity: str) -> None:
    key = "currency" if entity == "fx_rate" else "id"
    header = (key, *KEPT[entity])
    mapping = ["[[table]]", f'entity = "{entity}"', f"header = {toml(header)}", "[table.columns]"]
    mapping += [f'{name} = "{reading}, else unread"' for name, reading in KEPT[entity].items()]
    mapping += ["[table.fields]", *(f'{name} = "{name}"' for name in header)]
    desk.mapping(entity).parent.mkdir()
    desk.mapping(entity).write_text("\n".join(mapping), encoding="utf-8")
    rows = [f"{number};{';'.join([extreme] * len(KEPT[entity]))}" for number, extreme in enumerate(EXTREMES)]
    (table,) = desk.take(desk.put(f"{entity}.csv", "\n".join([";".join(header), *rows, ""])))["rows"]
    assert table["read"] == len(EXTREMES) == table["loaded"] + table["quarantined"]


@pytest.mark.parametrize("hours", ["", ".5"])
def test_one_number_beyond_all_days_in_a_column_of_serials_is_one_cell(desk: Desk, hours: str) -> None:
    sound = "deal_id,created\n" + "".join(f"D{number},{45300 + number}{hours}\n" for number in range(9))
    desk.take(desk.put("deals.csv", sound))
    (table,) = desk.take(desk.put("deals.csv", f"{sound}D9,99999999999999\n"))["rows"]
    assert (table["loaded"], table["values"]) == (10, 1)
    assert desk.rows("opportunity", "created_at IS NULL", "id")[-1] == (True, "D9")
