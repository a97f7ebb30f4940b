"""The fields of a row whose cells could not be read are known by row, so that a load leaves what it knew of them."""

from __future__ import annotations

from pathlib import Path

from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.doctor import Doctor
from kpicore_sources.files.kept_mappings import kept_mappings
from kpicore_sources.files.known_words import read_words
from kpicore_sources.files.source import TypedTable
from kpicore_sources.files.staging import Staging
from tests.crm import crm_registry

GOOD = "".join(f"G{n},Won,{n}.50,2025-01-{n:02},2\n" for n in range(10, 20))
HEAD = "Deal ID,Stage,Amount,Created,Qty\n"


def unread(tmp_path: Path, text: str, amount: str = "Amount") -> dict[str, list[str] | None]:
    """Return the unread fields of each deal of a file, {} where there is no such column."""
    file, mapping = tmp_path / "deals.csv", tmp_path / "deals.toml"
    file.write_text(text, encoding="utf-8")
    mapping.write_text(
        '[[table]]\nentity = "opportunity"\nheader = ["Deal ID", "Stage", "Amount", "Created", "Qty"]\n[table.fields]\n'
        f'id = "Deal ID"\nstage_id = "Stage"\ncreated_at = "Created"\namount = "{amount}"\n'
    )
    with Staging() as staging:
        reader = ColumnReader(staging, read_words(), "UTC")
        (case,) = Doctor(crm_registry(), reader, kept_mappings(tmp_path, mapping), "EUR").examine([file])
        assert case.plan is not None and not case.questions, case.questions
        table = TypedTable(staging, reader, case.plan)
        table.make()
        column = table.mark_unread()
        return dict(staging.query(f"SELECT id, {column} FROM {table.name} ORDER BY id")) if column else {}


def test_a_file_of_which_all_can_be_read_has_no_such_column(tmp_path):
    assert unread(tmp_path, HEAD + GOOD + "D1,Won,,N/A,1\n") == {}


def test_each_field_that_could_not_be_read_is_named(tmp_path):
    rows = unread(tmp_path, HEAD + GOOD + "D1,Won,much,2025-02-31,1\nD2,Won,5.50,soon,1\nD3,Won,,2025-01-05,1\n")
    assert (rows["D1"], rows["D2"], rows["D3"]) == (["amount", "created_at"], ["created_at"], None)
    assert rows["G10"] is None


def test_an_expression_over_a_cell_that_could_not_be_read_is_unread_though_it_has_a_value(tmp_path):
    rows = unread(tmp_path, HEAD + GOOD + "D1,Won,7.50,2025-01-05,many\n", "Amount * coalesce(Qty, 1)")
    assert rows["D1"] == ["amount"]


def test_a_line_that_ends_early_says_nothing_of_the_fields_behind_its_end(tmp_path):
    assert unread(tmp_path, HEAD + "D1,Won\n" + GOOD)["D1"] == ["amount", "created_at"]


def test_a_row_that_is_not_loaded_is_not_marked(tmp_path):
    rows = unread(tmp_path, HEAD + GOOD + ",Won,much,2025-01-05,1\nD2,Won,much,2025-01-05,1\n")
    assert set(rows) == {*(f"G{n}" for n in range(10, 20)), "D2"}
