"""Small files that unpack to very much: one clear line at once, whatever sizes they claim. Large ones are read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from kpicore_sources.files import parquet_files, workbooks

CSV = b"deal_id,stage,amount\nD1,Won,1.50\n"


def parquet(**columns: pa.Array) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="zstd")
    return out.getvalue()


def repeated(value: str | bytes, rows: int) -> pa.Array:
    """Return rows of one value that is kept once."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([value]))


def nested(value: str, rows: int) -> dict[str, pa.Array]:
    text = repeated(value, rows)
    return {
        "list": pa.ListArray.from_arrays(pa.array(range(rows + 1), pa.int32()), text),
        "struct": pa.StructArray.from_arrays([text], ["a"]),
        "map": pa.MapArray.from_arrays(pa.array(range(rows + 1), pa.int32()), pa.array(["k"] * rows), text),
    }


@pytest.mark.parametrize("kind", ["text", "bytes", "list", "struct", "map"])
def test_a_parquet_file_whose_dictionary_unpacks_to_gigabytes_is_refused(desk, kind):
    value, rows = "x" * 1_000_000, 6_000
    columns = {"text": repeated(value, rows), "bytes": repeated(value.encode(), rows), **nested(value, rows)}
    ids = pa.array([f"D{n}" for n in range(rows)])
    file = desk.put("deals.parquet", parquet(deal_id=ids, note=columns[kind]))
    assert file.stat().st_size < 100_000
    line = desk.refusal(file, "--yes")
    assert "deals.parquet: unpacks to 5.6 GB, more than is read of so small a file. Leave out the columns" in line


def test_a_parquet_file_of_very_many_equal_rows_is_refused(desk):
    out = io.BytesIO()
    table = pa.table({"deal_id": repeated("D1", 10_000_000)})
    with pq.ParquetWriter(out, table.schema, compression="zstd") as writer:
        for _ in range(30):
            writer.write_table(table)
    assert "unpacks to 5.0 GB" in desk.refusal(desk.put("deals.parquet", out.getvalue()), "--yes")


def test_a_file_below_the_bound_is_read_and_the_bound_grows_with_the_file(desk, monkeypatch):
    ids, stages = pa.array([f"D{n}" for n in range(1_000)]), pa.array(["Won"] * 1_000)
    file = desk.put("deals.parquet", parquet(deal_id=ids, stage=stages, **nested("x", 1_000)))
    monkeypatch.setattr(parquet_files, "MOST_BYTES", 1_000)
    assert desk.take(file)["rows"][0]["loaded"] == 1_000
    monkeypatch.setattr(parquet_files, "MOST_TIMES", 1)
    assert "unpacks to 0.0 GB" in desk.refusal(file, "--yes")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (gzip.compress(CSV), "compressed by gzip"),
        (bz2.compress(CSV), "compressed by bzip2"),
        (lzma.compress(CSV), "compressed by xz"),
        (pa.Codec("zstd").compress(CSV, asbytes=True), "compressed by zstd"),
        (b"PK\x05\x06" + bytes(18), "an empty ZIP archive"),
    ],
    ids=["gzip", "bzip2", "xz", "zstd", "zip"],
)
@pytest.mark.parametrize("name", ["deals.csv", "deals.csv.gz", "deals.csv.zst", "deals.jsonl"])
def test_a_packed_file_is_not_unpacked_whatever_its_name(desk, content, kind, name):
    line = desk.refusal(desk.put(name, content), "--yes")
    assert line.endswith(f"{name}: is {kind}. Unpack it, and import what is in it.")


def test_a_text_whose_name_says_that_it_is_packed_is_read(desk):
    assert desk.take(desk.put("deals.csv.gz", CSV))["rows"][0]["loaded"] == 1


def archive(**entries: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out


def test_an_archive_that_is_no_workbook_is_told_as_what_it_is(desk):
    line = desk.refusal(desk.put("deals.zip", archive(**{"deals.csv": CSV}).getvalue()), "--yes")
    assert "is a ZIP archive, no workbook. Unpack it" in line


def lying_workbook(spaces: int) -> bytes:
    """Return a workbook whose sheet unpacks to `spaces` more than its directory claims."""
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        made.add_worksheet("Deals").write_column(0, 0, ["deal_id", "D1"])
    with zipfile.ZipFile(book) as given:
        entries = {name: given.read(name) for name in given.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    entries[sheet] = entries[sheet].replace(b"<sheetData>", b"<sheetData>" + b" " * spaces)
    out = archive(**entries)
    with zipfile.ZipFile(out, "a") as packed:
        packed.getinfo(sheet).file_size = 10
        packed.writestr("more.txt", b"")  # so that the directory is written again
    return out.getvalue()


def test_a_workbook_is_measured_where_it_claims_to_be_small(desk, monkeypatch):
    file = desk.put("deals.xlsx", lying_workbook(40 * 2**20))
    monkeypatch.setattr(workbooks, "MOST_BYTES", 16 * 2**20)
    assert "deals.xlsx: unpacks to more than 0.0 GB; 0 GB are the most" in desk.refusal(file, "--yes")
