"""What was kept is read again by today's mapping: with the rows that it gives today, or in one line why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal as D
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from kpicore import BadConfig, BadFile, KeptOriginal
from kpicore_sources.files.again import read_again, reading_of
from tests.ingest.landed import LANDED, keep_original, original_of
from tests.sources.given import rows_given, tables_given

DEALS = """[[table]]
entity = "opportunity"
header = ["ID", "Betrag", "Angelegt"]
[table.columns]
Betrag = "number 1.234,56"
Angelegt = "date day-month-year"
[table.fields]
id = "ID"
amount = "Betrag"
created_at = "Angelegt"
"""
FIRST = "ID;Betrag;Angelegt\nD1;1.000;03.02.2025\nD2;2,50;04.02.2025\n"
SECOND = "ID;Betrag;Angelegt\nD2;3,50;04.02.2025\nD3;1.000;05.02.2025\n"


@pytest.fixture
def kept(desk) -> Callable[..., list[KeptOriginal]]:
    """Give what keeps contents as deliveries of the loads 1, 2, …; the mapping of deals is there."""
    put(desk, DEALS)

    def keep(*contents: str | bytes, name: str = "deals.csv") -> list[KeptOriginal]:
        files = [desk.put(f"{number}-{name}", content) for number, content in enumerate(contents, 1)]
        originals = [
            original_of(desk.workspace, keep_original(desk.workspace, number, "files", ("deals",), file, name))
            for number, file in enumerate(files, 1)
        ]
        for file in files:
            file.unlink()  # no file is needed
        return originals

    return keep


def put(desk, mapping: str, stem: str = "deals") -> None:
    """Write a mapping by hand."""
    desk.mapping(stem).parent.mkdir(exist_ok=True)
    desk.mapping(stem).write_text(mapping, encoding="utf-8")


def rows(desk, originals: list[KeptOriginal], *columns: str, stream: str = "deals") -> list[tuple[Any, ...]]:
    """Return the columns of the rows that the deliveries give, in their order."""
    given: list[tuple[Any, ...]] = []
    for entity, table in tables_given(read_again(desk.workspace, stream, originals)):
        assert entity == "opportunity"
        given += [tuple(row[name] for name in columns) for row in table]
    return given


def refusal(desk, originals: list[KeptOriginal], stream: str = "deals") -> str:
    """Return the one line by which reading again is refused."""
    with pytest.raises((BadConfig, BadFile)) as refused:
        rows(desk, originals, stream=stream)
    line = str(refused.value)
    assert "\n" not in line
    assert "original." not in line  # what people know is the name that the file had
    return line


def test_a_mapping_that_is_changed_is_applied_without_the_file(desk, kept):
    originals = kept(FIRST)
    assert rows(desk, originals, "id", "amount") == [("D1", D(1000)), ("D2", D("2.5"))]
    put(desk, DEALS.replace('amount = "Betrag"', 'amount = "Betrag * 2"'))
    assert rows(desk, originals, "id", "amount") == [("D1", D(2000)), ("D2", D(5))]
    put(desk, DEALS.replace("header", 'leave_out = ["Betrag = 1000"]\nheader'))
    assert rows(desk, originals, "id") == [("D2",)]


def test_deliveries_are_read_in_the_order_in_which_they_came_so_that_later_ones_win(desk, kept):
    given = rows(desk, kept(FIRST, SECOND), "id", "amount")
    assert given == [("D1", D(1000)), ("D2", D("2.5")), ("D2", D("3.5")), ("D3", D(1000))]


def test_the_zone_of_today_is_used(desk, kept):
    put(desk, DEALS.replace('"date day-month-year"', '"date year-month-day"'))
    originals = kept("ID;Betrag;Angelegt\nD1;1.000,5;2025-02-03T23:30:00Z\nD2;1.000,5;2025-02-03T12:00:00\n")

    def moments() -> list[datetime]:
        return [row[0].replace(tzinfo=None) for row in rows(desk, originals, "created_at")]

    assert moments() == [datetime(2025, 2, 3, 23, 30), datetime(2025, 2, 3, 11)]
    before = reading_of(desk.workspace, "deals")
    config = desk.workspace / "kpi.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("Europe/Berlin", "America/New_York"), encoding="utf-8")
    assert moments() == [datetime(2025, 2, 3, 23, 30), datetime(2025, 2, 3, 17)]
    assert reading_of(desk.workspace, "deals") != before


def test_the_digest_of_today_changes_with_the_mapping_and_not_with_its_comments(desk, kept):
    before = reading_of(desk.workspace, "deals")
    put(desk, f"# ours\n{DEALS}")
    assert reading_of(desk.workspace, "deals") == before
    put(desk, DEALS.replace('amount = "Betrag"', 'amount = "Betrag * 2"'))
    assert reading_of(desk.workspace, "deals") != before
    desk.mapping("deals").unlink()
    with pytest.raises(BadConfig, match=r"deals\.toml: there is no such file"):
        reading_of(desk.workspace, "deals")


def test_what_cannot_be_read_is_told_with_the_name_and_the_line_of_the_original(desk, kept):
    originals = kept(FIRST.replace("2,50", "much"))
    put(desk, DEALS.replace('"number 1.234,56"', '"number 1.234,56, else unread"'))
    source = read_again(desk.workspace, "deals", originals)
    assert len(rows_given(source)) == 2
    (cell,) = source.unreadable()
    assert (cell.place, cell.line, cell.column, cell.raw) == ("deals.csv", 3, "Betrag", "much")


def book_of(sheets: dict[str, list[list[object]]]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        for name, lines in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    return file.getvalue()


def test_each_sheet_of_a_workbook_is_a_stream_of_its_own(desk, kept):
    table = '[[table]]\nentity = "opportunity"\nsheet = "{}"\nheader = ["ID", "{}"]\nfields = {{ id = "ID" }}\n'
    put(desk, table.format("Q1", "Sum") + table.format("Q2", "Sum") + table.format("Old", "Amount"))
    book = book_of({name: [["ID", "Sum"], [f"{name}-1", 5], [f"{name}-2", 7]] for name in ("Q1", "Q2")})
    originals = kept(book, name="book.xlsx")
    assert rows(desk, originals, "id", stream="deals[Q1]") == [("Q1-1",), ("Q1-2",)]
    assert rows(desk, originals, "id", stream="deals[Q2]") == [("Q2-1",), ("Q2-2",)]
    assert refusal(desk, originals, "deals[Old]").startswith(str(desk.mapping("deals")))


def parquet() -> bytes:
    file = BytesIO()
    pq.write_table(pa.table({"ID": ["D1", "D2"], "Betrag": [1.5, 2.0], "Angelegt": [date(2025, 2, 3)] * 2}), file)
    return file.getvalue()


KINDS = {
    "deals.csv": b"ID;Betrag;Angelegt\nD1;1,5;23.02.2025\nD2;2,0;23.02.2025\n",
    "deals.json": b'[{"ID": "D1", "Betrag": 1.5, "Angelegt": "2025-02-03"},'
    b' {"ID": "D2", "Betrag": 2.0, "Angelegt": "2025-02-03"}]',
    "deals.parquet": parquet(),
    "deals.xlsx": book_of({"Any": [["ID", "Betrag", "Angelegt"], ["D1", 1.5, "2025-02-03"], ["D2", 2, "2025-02-03"]]}),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_file_is_read_again(desk, kept, name):
    put(desk, DEALS.replace('Betrag = "number 1.234,56"\nAngelegt = "date day-month-year"\n', ""))
    assert rows(desk, kept(KINDS[name], name=name), "id", "amount") == [("D1", D("1.5")), ("D2", D(2))]


def test_the_encoding_of_a_mapping_is_that_of_its_namesakes_as_it_is_at_an_import(desk, kept):
    put(desk, DEALS.replace("header", 'encoding = "cp1252"\nheader'))
    text = FIRST.replace("D1", "Dü")
    assert rows(desk, kept(text.encode("cp1252")), "id")[0] == ("Dü",)
    assert rows(desk, kept(text, name="deals-2.csv"), "id")[0] == ("Dü",)


def test_a_mapping_elsewhere_is_found_by_the_name_of_its_stream(desk, kept):
    originals = kept(FIRST)
    desk.mapping("deals").rename(desk.workspace / "agreed.toml")
    assert rows(desk, originals, "id", stream="./agreed") == [("D1",), ("D2",)]


def test_a_mapping_that_uses_what_is_there_reads_a_delivery_of_other_columns(desk, kept):
    more = "Neu;ID;Angelegt;Betrag\nx;D1;03.02.2025;1,50\ny;D2;04.02.2025;2,50\n"
    assert rows(desk, kept(more), "id", "amount") == [("D1", D("1.5")), ("D2", D("2.5"))]


def test_a_mapping_that_is_gone_or_does_not_fit_is_one_line(desk, kept):
    originals = kept(FIRST)
    put(desk, DEALS.replace("Betrag", "Summe"))
    assert refusal(desk, originals) == (
        f"{desk.mapping('deals')}: load 1 of 'deals' (deals.csv) cannot be read again: it has no column 'Summe'."
        " Put that right, or import the file again; until then its rows stay as they are."
    )
    for wrong, said in (
        (DEALS.replace('amount = "Betrag"', 'amonut = "Betrag"'), "no field named 'amonut'"),
        (DEALS.replace('amount = "Betrag"', 'amount = "Betrag +"'), "cannot read 'Betrag +'"),
        (DEALS.replace('"opportunity"', '"?"'), "does not say what one row is"),
        (DEALS.replace('"number 1.234,56"', '"number 1,234.56"'), "the mapping says 'number 1,234.56'"),
    ):
        put(desk, wrong)
        assert said in refusal(desk, originals)
    desk.mapping("deals").unlink()
    assert "deals.toml: there is no such file" in refusal(desk, originals)


def test_a_delivery_that_is_gone_is_told_by_who_keeps_it(desk, kept):
    originals = kept(FIRST)
    for file in (desk.workspace / LANDED).iterdir():
        file.unlink()
    assert refusal(desk, originals).startswith(
        "landed/000001-1.zst: load 1 of 'deals' (deals.csv) cannot be read again"
    )


def test_rows_without_a_key_are_read_one_delivery_at_a_time(desk, kept):
    fields = '[table.fields]\nbooked_on = "Angelegt"\n'
    put(desk, DEALS.partition("[table.fields]")[0].replace("opportunity", "cost") + f'{fields}amount = "Betrag"\n')
    first, second = kept(FIRST, SECOND)
    assert [row["amount"] for row in rows_given(read_again(desk.workspace, "deals", [first]))] == [D(1000), D("2.5")]
    assert "its rows have no key, and are read one delivery at a time" in refusal(desk, [first, second])


def test_nothing_is_unpacked_before_its_rows_are_asked_for_and_all_of_it_is_gone_then(desk):
    put(desk, DEALS)
    opened, closed = [], []

    @contextmanager
    def unpacked(number: int, content: str) -> Iterator[Path]:
        opened.append(number)
        yield desk.put(f"{number}.csv", content)
        closed.append(number)

    originals = [
        KeptOriginal("deals.csv", number, lambda number=number: unpacked(number, FIRST))  # type: ignore[misc]
        for number in (1, 2)
    ]
    tables = tables_given(read_again(desk.workspace, "deals", originals))
    assert opened == []
    next(tables)
    assert (opened, closed) == ([1], [])
    assert len(list(tables)) == 1
    assert (opened, closed) == ([1, 2], [1, 2])


@pytest.mark.parametrize("name", ["../../x.csv", "a'b\nc.csv", "Ümsätze.csv", "x" * 300 + ".csv", ".csv", "[*].csv"])
def test_whatever_the_file_was_called_it_is_read(desk, kept, name):
    put(desk, DEALS)
    file = desk.put("given.csv", FIRST)
    original = original_of(desk.workspace, keep_original(desk.workspace, 1, "files", ("deals",), file, name))
    assert rows(desk, [original], "id") == [("D1",), ("D2",)]
