"""Each table of each mapping is a stream of its own name, and its mapping is known by that name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import BadConfig
from kpicore_sources.files.mapping import TableMapping
from kpicore_sources.files.streams import mapping_of, stream_names

WS = Path("ws")


def named(file: str, *sheets: str) -> tuple[str, ...]:
    """Return the streams of a mapping with a table for each of the sheets."""
    return stream_names(WS, Path(file), [TableMapping("order", (), sheet=sheet) for sheet in sheets])


def test_a_mapping_names_its_streams_by_its_stem_the_sheet_and_a_number():
    assert named("ws/mappings/deals.toml", "") == ("deals",)
    assert named("ws/mappings/deals.toml", "", "", "Q1", "Q2", "Q1") == (
        *("deals", "deals#2"),
        *("deals[Q1]", "deals[Q2]", "deals[Q1]#2"),
    )


def test_a_mapping_elsewhere_is_named_by_its_path_from_the_workspace():
    assert named("ws/deals.toml", "") == ("./deals",)
    assert named("ws/exports/deals.toml", "") == ("exports/deals",)
    assert named("deals.toml", "") == ("../deals",)
    assert named("ws/mappings/old/deals.toml", "") == ("mappings/old/deals",)
    assert named("ws/exports/deals.map", "") == ("exports/deals.map",)


def test_signs_that_part_a_name_are_written_otherwise_within_it():
    assert named("ws/mappings/export [1] #2 50%.toml", "50% [a]#2") == ("export %5B1%5D %232 50%25[50%25 %5Ba%5D#2]",)


PARTS = st.text(st.sampled_from("ab[]#%2 5B."), min_size=1, max_size=6).filter(lambda text: text.strip(". "))


@given(st.sets(st.tuples(PARTS, PARTS | st.just("")), min_size=2, max_size=6))
def test_no_two_tables_share_a_name(tables):
    names = [name for stem, sheet in tables for name in named(f"ws/mappings/{stem}.toml", sheet, sheet)]
    assert len({*names}) == len(names)


TABLE = '[[table]]\nentity = "opportunity"\nsheet = "{}"\nheader = ["ID"]\nfields = {{ id = "ID" }}\n'


@pytest.mark.parametrize(
    "file", ["mappings/a [1]#%.toml", "mappings/b.toml", "c.toml", "x/d.toml", "x/d.map", "../e.toml"]
)
def test_a_stream_leads_to_its_mapping(tmp_path, file):
    workspace = tmp_path / "ws"
    (workspace / "mappings").mkdir(parents=True)
    (workspace / "x").mkdir()
    path = workspace / file
    path.write_text("".join(TABLE.format(sheet) for sheet in ("", "Q#1 [a]", "", "Q#1 [a]")), encoding="utf-8")
    names = stream_names(workspace, path, [TableMapping("", (), sheet=sheet) for sheet in ("", "Q#1 [a]") * 2])
    for number, name in enumerate(names):
        file_of, tables, place = mapping_of(workspace, name)
        assert file_of.resolve() == path.resolve()
        assert (place, tables[place].sheet) == (number, ("", "Q#1 [a]")[number % 2])


def test_a_mapping_that_is_gone_or_has_lost_the_table_is_told(tmp_path):
    (tmp_path / "mappings").mkdir()
    with pytest.raises(BadConfig, match=r"mappings/deals\.toml: there is no such file"):
        mapping_of(tmp_path, "deals[Q1]#2")
    (tmp_path / "mappings" / "deals.toml").write_text(TABLE.format(""), encoding="utf-8")
    with pytest.raises(BadConfig, match=r"mappings/deals\.toml: has no table 'deals\[Q1\]' any more"):
        mapping_of(tmp_path, "deals[Q1]")


@pytest.mark.parametrize("stream", ["", "#2", "[x]", "..", ".", "/", "../", "\x00", "a" * 3000, "%00"])
def test_a_name_that_is_no_stream_is_refused_in_one_line(tmp_path, stream):
    with pytest.raises(BadConfig) as refused:
        mapping_of(tmp_path, stream)
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(sys.platform == "win32", reason="links take rights on Windows")
def test_a_workspace_behind_a_link_has_the_same_streams(tmp_path):
    (tmp_path / "real" / "mappings").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    tables = [TableMapping("order", ())]
    assert stream_names(tmp_path / "link", tmp_path / "real" / "mappings" / "deals.toml", tables) == ("deals",)
    (tmp_path / "real" / "mappings" / "sales.toml").symlink_to(tmp_path / "elsewhere.toml")
    assert stream_names(tmp_path / "real", tmp_path / "link" / "mappings" / "sales.toml", tables) == ("sales",)
