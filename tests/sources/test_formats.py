"""Every format a file may come in, read to the same three deals."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from kpicore_sources.files import encoding
from kpicore_sources.files.text_layout import layout_of

ROWS = [
    ("D1", "Ann Lee", "Won", datetime(2026, 1, 13, 9, 30), 1234.5),
    ("D2", "Zoë Müller", "Lost", datetime(2026, 2, 3), 0.0),
    ("D3", "Bob, Jr", "Proposal", datetime(2026, 3, 4), 99.25),
]
HEADER = ("deal_id", "owner", "stage", "created", "amount")
READ = [
    ("D1", "Ann Lee", "Won", datetime(2026, 1, 13, 8, 30), Decimal("1234.5")),
    ("D2", "Zoë Müller", "Lost", datetime(2026, 2, 2, 23), Decimal(0)),
    ("D3", "Bob, Jr", "Proposal", datetime(2026, 3, 3, 23), Decimal("99.25")),
]


def deals(desk):
    return desk.rows("opportunity", "id", "owner_id", "outcome", "created_at", "amount")


def delimited(delimiter: str, newline: str = "\n") -> str:
    lines = [delimiter.join(HEADER)]
    for id, owner, stage, created, amount in ROWS:
        lines.append(delimiter.join([id, f'"{owner}"', stage, created.isoformat(sep=" "), str(amount)]))
    return newline.join(lines) + newline


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x1f"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_any_delimiter(desk, delimiter, newline):
    desk.take(desk.put("deals.csv", delimited(delimiter, newline)))
    assert deals(desk) == READ


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_any_encoding_that_can_be_told(desk, encoding):
    desk.take(desk.put("deals.txt", delimited(","), encoding))
    assert deals(desk) == READ


@pytest.mark.parametrize(
    ("encoding", "owner"),
    [
        ("cp1250", "Győző Szűcs"),
        ("cp1250", "Paweł Świątek"),
        ("cp1251", "Пётр Иванов из Москвы"),
        ("gb18030", "北京科技有限公司"),
        ("shift_jis", "株式会社トヨタ"),
    ],
)
def test_legacy_encodings_are_told_by_the_letters(desk, encoding, owner):
    desk.take(desk.put("deals.csv", f"deal_id,owner,stage\nD1,{owner},Won\n", encoding))
    assert desk.rows("opportunity", "owner_id") == [(owner,)]


def test_an_encoding_that_is_not_certain_is_asked_about(desk):
    file = desk.put("deals.csv", "deal_id,owner,stage\nD1,Peña é ö,Won\n", "cp1252")
    line = desk.refusal(file, "--yes")
    assert "Peña" in line and "Peńa" in line and 'encoding = "cp1252"' in line
    mapping = desk.put(
        "m.toml",
        '[[table]]\nentity = "opportunity"\nencoding = "cp1252"\nheader = ["deal_id", "owner", "stage"]\n'
        '[table.fields]\nid = "deal_id"\nowner_id = "owner"\n',
    )
    desk.take(file, "--mapping", mapping)
    assert desk.rows("opportunity", "owner_id") == [("Peña é ö",)]


def test_a_few_bytes_of_another_encoding_are_told_not_guessed(desk):
    good = "".join(f"D{n},Zoë,Won\n" for n in range(200))
    text = b"deal_id,owner,stage\n" + good.encode() + b"X1,M\xfcller,Won\n"
    told = desk.take(desk.put("deals.csv", text))
    assert [(each["line"], each["column"], each["reason"]) for each in told["quarantine"]] == [
        (202, "owner", "holds bytes that are none of the file's encoding")
    ]
    assert ("X1", None) in desk.rows("opportunity", "id", "owner_id")


def test_a_title_above_the_header_and_blank_lines_are_passed_over(desk):
    text = "Deals of Acme Ltd\nas of 2026-06-01\n\n" + delimited(",").replace("\nD2", "\n\nD2")
    told = desk.take(desk.put("deals.csv", text))
    assert deals(desk) == READ
    assert "header in line 4" in told["files"][0]["read_as"]


def test_lines_that_end_in_different_ways_as_in_files_put_together(desk):
    lines = delimited(",").splitlines()
    desk.take(desk.put("deals.csv", "\r\n".join(lines[:3]) + "\n" + "\n".join(lines[3:]) + "\n"))
    assert deals(desk) == READ


def test_repeated_and_empty_names_of_columns_are_made_unique(desk):
    told = desk.take(desk.put("deals.csv", "deal_id,owner,,owner,stage\nD1,Ann,x,Bob,Won\nD2,Cy,y,Bob,Lost\n"))
    assert desk.rows("opportunity", "id", "owner_id") == [("D1", "Ann"), ("D2", "Cy")]
    kept = desk.mapping("deals").read_text(encoding="utf-8")
    assert 'header = ["deal_id", "owner", "column 3", "owner (2)", "stage"]' in kept
    assert told["files"][0]["fields"]["owner_id"] == "owner"


def test_cells_that_span_lines(desk):
    desk.take(desk.put("deals.csv", 'deal_id,deal name,stage\nD1,"a ""big""\r\none",Won\nD2,"b,c",Lost\n'))
    assert desk.rows("opportunity", "id", "name") == [("D1", 'a "big"\r\none'), ("D2", "b,c")]


def test_cells_set_apart_by_spaces(desk):
    header = " customer_id  date  amount\r\n"
    text = f"{header} 00001 19970101   11.77\r\n 00002 19970112 1112.00\r\n 00002 19970112    7.00\r\n"
    desk.take(desk.put("orders.txt", text))
    assert desk.rows("order", "customer_id", "ordered_at", "amount") == [
        ("00001", datetime(1996, 12, 31, 23), Decimal("11.77")),
        ("00002", datetime(1997, 1, 11, 23), Decimal(7)),
        ("00002", datetime(1997, 1, 11, 23), Decimal(1112)),
    ]


def sheet(book, name, rows):
    page = book.add_worksheet(name)
    day = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                page.write_datetime(number, column, cell, day)
            else:
                page.write(number, column, cell)


def workbook(*sheets) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet(book, name, rows)
    return out.getvalue()


def test_a_workbook_with_a_title_and_several_sheets(desk):
    pages = [
        ("Read me", [["These are our deals"]]),
        ("Deals", [["Deals of 2026"], [], HEADER, *ROWS]),
        ("Products", [["product", "series", "price"], ["GTX Pro", "GTX", 4821]]),
    ]
    told = desk.take(desk.put("export.xlsx", workbook(*pages)))
    assert deals(desk) == READ
    assert desk.rows("product", "id", "list_price") == [("GTX Pro", Decimal(4821))]
    assert [each["file"] for each in told["files"]] == ["export.xlsx[Deals]", "export.xlsx[Products]"]


def test_serials_of_a_sheet_are_dates(desk):
    rows = [["deal_id", "stage", "created"], ["D1", "Won", 46035], ["D2", "Lost", 46036.5]]
    told = desk.take(desk.put("deals.xlsx", workbook(("Deals", rows))))
    assert told["files"][0]["columns"]["created"] == "date serial"
    assert desk.rows("opportunity", "created_at") == [(datetime(2026, 1, 12, 23),), (datetime(2026, 1, 14, 11),)]


def test_ids_and_lines_of_a_sheet(desk):
    rows = [["order id", "date", "amount"], [1001, datetime(2026, 1, 5), 10.5], [], [1002, "soon", 5]]
    desk.take(desk.put("orders.xlsx", workbook(("Orders", rows))))
    assert desk.rows("order", "id", "amount") == [("1001", Decimal("10.5")), ("1002", Decimal(5))]


def ods(rows) -> bytes:
    """Return the least that is an OpenDocument sheet."""

    def cell(value) -> str:
        if isinstance(value, datetime):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    names = "urn:oasis:names:tc:opendocument:xmlns"
    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0"'
        f' xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Deals">'
        f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"/>')
        book.writestr("content.xml", content)
    return out.getvalue()


def test_an_ods_sheet(desk):
    desk.take(desk.put("deals.ods", ods([HEADER, *ROWS])))
    assert deals(desk) == READ


def test_parquet(desk):
    columns = list(zip(*ROWS, strict=True))
    table = pa.table({name: list(values) for name, values in zip(HEADER, columns, strict=True)})
    out = io.BytesIO()
    pq.write_table(table, out)
    desk.take(desk.put("deals.parquet", out.getvalue()))
    assert deals(desk) == READ


def test_parquet_ids_with_gaps_keep_no_decimals(desk):
    table = pa.table({"order id": ["O1", "O2"], "customer id": [17850.0, None], "date": [date(2026, 1, 5)] * 2})
    out = io.BytesIO()
    pq.write_table(table, out)
    desk.take(desk.put("orders.parquet", out.getvalue()))
    assert desk.rows("order", "id", "customer_id") == [("O1", "17850"), ("O2", None)]


def test_json_lines(desk):
    lines = [json.dumps({**dict(zip(HEADER, row, strict=True)), "created": row[3].isoformat()}) for row in ROWS]
    desk.take(desk.put("deals.jsonl", "\n".join(lines) + "\n"))
    assert deals(desk) == READ


def test_a_title_that_a_spreadsheet_padded_with_delimiters_is_passed_over(desk):
    told = desk.take(desk.put("deals.csv", "Export of deals;;\n;;\ndeal id;stage;amount\nD1;Won;5\n"))
    assert told["files"][0]["read_as"] == "utf-8, delimiter ;, header in line 3"
    assert desk.rows("opportunity", "id", "amount") == [("D1", Decimal(5))]


def test_a_row_like_a_title_is_kept_where_no_header_follows(tmp_path):
    file = tmp_path / "stuff.csv"
    file.write_text("7;;\n8;2.5;3\n9;3.5;4\n", encoding="utf-8")
    assert (layout_of(file).header, layout_of(file).skip) == (0, 0)


def test_a_unit_in_brackets_is_no_part_of_a_columns_name(desk):
    told = desk.take(desk.put("deals.csv", "Deal ID,Stage,Amount (EUR)\nD1,Won,5\n"))
    assert told["files"][0]["fields"]["amount"] == "Amount (EUR)"


def test_a_currency_behind_a_number_is_not_told_as_rounding(desk):
    told = desk.take(desk.put("deals.csv", 'Deal ID,Stage,Amount\nD1,Won,"6 589 000,50 Ft"\nD2,Won,"7,25 Ft"\n'))
    assert [each for each in told["rows"][0]["changes"] if "rounded" in each] == []


def test_a_mapping_whose_entity_is_open_stops_every_import_and_gives_way_to_entity(desk):
    file = desk.put("stuff.csv", "deal id,foo\nx,y\nz,w\n")
    desk.mapping("stuff").parent.mkdir()
    desk.mapping("stuff").write_text('[[table]]\nentity = "?"\nheader = ["deal id", "foo"]\n', encoding="utf-8")
    desk.run(file, "--yes", "--entity", "opportunity")
    assert desk.rows("opportunity", "id") == [("x",), ("z",)]


def test_what_is_kept_of_a_file_in_another_encoding_does_not_grow_with_it(desk, monkeypatch):
    monkeypatch.setattr(encoding, "_CHUNK", 1 << 12)
    peaks = []
    for lines in (20_000, 100_000):
        file = desk.put("deals.csv", "deal_id,owner\n" + "D1,Jörg Müller\n" * lines, "cp1252")
        tracemalloc.start()
        assert encoding.encoding_of(file).name in ("cp1250", "cp1252")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2
