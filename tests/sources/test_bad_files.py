"""Bad input: one clear line, and the data stays as it was."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

GOOD = "deal_id,stage,amount\nD1,Won,1.50\n"


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Deals").write_row(0, 0, ["deal_id", "stage"])
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"deal_id": [f"D{n}" for n in range(1000)]}), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("deals.csv", b"", "is empty"),
        ("deals.csv", b"\n\n  \n", "is empty"),
        ("deals.csv", b"deal_id,stage\n", "holds no rows below its header"),
        ("deals.csv", bytes(range(256)) * 40, "is binary, not text"),
        ("deals.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "is a picture"),
        ("deals.csv", b"%PDF-1.7 and so on", "is a PDF"),
        ("deals.xlsx", workbook()[:-200], "is cut short"),
        ("deals.xlsx", b"deal_id,stage\nD1,Won\n", "is no workbook that can be read"),
        ("deals.xlsx", workbook(), "holds no table"),
        ("deals.parquet", parquet()[:-100], "is no Parquet file that can be read, or is cut short"),
        ("deals.jsonl", b'{"deal_id": "D1"}\n{"deal_id": "D2', "is cut short: line 2, its last, is not whole"),
    ],
)
def test_a_file_that_is_none_gets_one_line_and_the_data_stays(desk, name, content, told):
    desk.take(desk.put("good.csv", GOOD))
    bad = desk.put(name, content)
    line = desk.refusal(desk.put("good.csv", GOOD.replace("1.50", "9.50")), bad, "--yes")
    assert line.startswith(f"{bad}: ") and told in line
    assert desk.ask("SELECT amount FROM raw.opportunity")[0][0] == 1.5


WHOLE = "deal_id,stage,amount,owner\nD1,Won,1.50,Ann\nD2,Lost,2.50,Bob\n"


def test_a_text_file_that_breaks_off_in_its_last_line_is_refused_and_blanks_nothing_out(desk):
    desk.take(desk.put("deals.csv", WHOLE))
    line = desk.refusal(desk.put("deals.csv", WHOLE[: WHOLE.index(".50,Bob")]), "--yes")
    assert "is cut short: line 3, its last, ends before 'owner'" in line
    assert desk.rows("opportunity", "id", "amount") == [("D1", 1.5), ("D2", 2.5)]


@pytest.mark.parametrize("text", [WHOLE.rstrip("\n"), WHOLE.replace(",Bob", ""), f"{WHOLE}Total,,4.00"])
def test_a_short_line_that_ends_a_whole_last_line_or_a_line_of_totals_is_no_broken_file(desk, text):
    assert desk.take(desk.put("deals.csv", text))["entities"][0]["total"] == 2


def test_an_entity_that_a_kept_mapping_is_not_for_is_refused(desk):
    file = desk.put("deals.csv", WHOLE)
    desk.take(file)
    assert "its rows are 'opportunity', not 'customer'" in desk.refusal(file, "--entity", "customer", "--yes")
    assert desk.take(file, "--entity", "opportunity")["entities"][0]["unchanged"] == 2


def test_a_stage_can_mean_nothing_but_won_lost_or_open(desk):
    file = desk.put("deals.csv", WHOLE)
    desk.take(file)
    mapping = desk.mapping("deals")
    mapping.write_text(f'{mapping.read_text()}\n[table.values.outcome]\nWon = "wun"\n')
    assert "'Won' cannot mean 'wun'. Write won, lost or open." in desk.refusal(file, "--yes")


def test_a_mapping_that_cannot_be_written_leaves_nothing_in_the_way(desk, monkeypatch):
    file = desk.put("deals.csv", WHOLE)
    really_write = Path.write_text

    def full(path: Path, *given: str, **named: str) -> int:
        really_write(path, "", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        assert "cannot be written (No space left on device)" in desk.refusal(file, "--yes")
    assert list(desk.mapping("deals").parent.iterdir()) == []
    assert desk.take(file)["entities"][0]["new"] == 2


def test_a_missing_file_and_a_folder_are_told(desk):
    assert "there is no such file" in desk.refusal(desk.files / "none.csv", "--yes")
    assert "is a folder" in desk.refusal(desk.files, "--yes")


def test_a_file_that_may_not_be_read_is_told(desk, monkeypatch):
    file = desk.put("deals.csv", GOOD)
    really_open = Path.open

    def refused(self, *arguments, **options):
        # Permissions bind everybody but root, who runs tests on many machines.
        if self == file:
            raise PermissionError(13, "Permission denied")
        return really_open(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", refused)
    assert "may not be read" in desk.refusal(file, "--yes")


def test_a_name_with_signs_of_a_pattern_is_one_file(desk):
    desk.put("deals-b.csv", GOOD.replace("D1", "D2"))
    desk.take(desk.put("deals-[ab].csv", GOOD))
    assert desk.rows("opportunity", "id") == [("D1",)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names of files that are no text")
def test_a_name_that_is_no_text_is_refused(desk):
    file = desk.put("deals-\udcff.csv", GOOD)
    assert "has a name that is no text. Give it another name." in desk.refusal(file, "--yes")


def test_two_columns_for_one_field_are_refused(desk):
    file = desk.put("deals.csv", "deal_id,stage,a,b\nD1,Won,1,2\n")
    mapping = desk.put(
        "m.toml",
        '[[table]]\nentity = "opportunity"\nheader = ["deal_id", "stage", "a", "b"]\n'
        '[table.fields]\nid = "deal_id"\namount = "a"\namount = "b"\n',
    )
    line = desk.refusal(file, "--mapping", mapping, "--yes")
    assert f"{mapping}: line 7 gives amount a second time. Keep one of them" in line


def test_a_broken_mapping_is_not_in_the_way_of_one_that_is_named(desk):
    file = desk.put("deals.csv", WHOLE)
    desk.take(file)
    good = desk.mapping("deals").rename(desk.files / "good.toml")
    desk.put("../ws/mappings/deals.toml", "[[table]")
    assert "deals.toml" in desk.refusal(file, "--yes")
    assert desk.take(file, "--mapping", good)["entities"][0]["unchanged"] == 2


def test_a_quote_that_nothing_closes_is_refused_as_it_hides_all_lines_below(desk):
    text = 'deal_id,stage,owner\nD1,Won,Ann\nD2,Won,"Bob\nD3,Lost,Cem\nD4,Lost,Dan\n'
    line = desk.refusal(desk.put("deals.csv", text), "--yes")
    assert "line 3 opens a quote that nothing closes: it takes in the 2 lines below" in line


def test_a_quote_that_ends_in_a_later_line_is_told_with_the_lines_that_it_hides(desk):
    text = 'deal_id,stage,owner\nD1,Won,Ann\nD2,Won,"Bob\nD3,Lost,Cem\nD4,Lost,"Dan"\nD5,Lost,Eve\nD6,Won,Ann\n'
    told = desk.take(desk.put("deals.csv", text))
    assert (told["rows"][0]["loaded"], told["rows"][0]["quarantined"]) == (3, 1)
    (refused,) = told["quarantine"]
    assert refused["line"] == 3 and refused["reason"].endswith("it takes in the lines up to 5")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('entity = "opportunty"', "Did you mean 'opportunity'?"),
        ('entity = "opportunity"\n[table.fields]\namonut = "a"', "Did you mean 'amount'?"),
        ('entity = "opportunity"\n[table.fields]\nid = "deal_id"\namount = "a; drop table x"', "cannot read"),
        ('entity = "opportunity"\n[table.fields]\nid = "deal_id"\namount = "nothing"', "nothing"),
        (
            'entity = "opportunity"\n[table.fields]\nid = "deal_id"\namount = "a"\n[table.columns]\na = "number 1"',
            "Known:",
        ),
        ('entity = "opportunity_stage"', "is made at load"),
        ('entity = "opportunity"\nfeilds = {}', "no key is named 'feilds'"),
        ('entity = "opportunity"\n[table.values.stage_id]\nA = "B"', "no column is mapped to 'stage_id'"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_what_to_do(desk, lines, told):
    file = desk.put("deals.csv", "deal_id,a\nD1,1\n")
    mapping = desk.put("m.toml", f'[[table]]\nheader = ["deal_id", "a"]\n{lines}\n')
    assert told in desk.refusal(file, "--mapping", mapping, "--yes")


def test_a_mapping_for_another_file_is_refused(desk):
    mapping = desk.put("m.toml", '[[table]]\nentity = "order"\nheader = ["x", "y"]\n[table.fields]\nid = "x"\n')
    line = desk.refusal(desk.put("deals.csv", GOOD), "--mapping", mapping, "--yes")
    assert "deals.csv lacks the column 'x'" in line


def test_a_table_nobody_knows_is_asked_about(desk):
    line = desk.refusal(desk.put("stuff.csv", "foo,bar\nx,y\nz,w\n"), "--yes")
    assert "what is one row" in line and str(desk.mapping("stuff")) in line
    assert 'entity = "?"' in desk.mapping("stuff").read_text(encoding="utf-8")
