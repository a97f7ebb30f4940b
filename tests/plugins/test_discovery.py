"""Entry points are found as importlib.metadata finds them, only faster."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from kpicore.testing import EntryPoint, entry_points


def dist_info(folder: Path, name: str, text: str) -> str:
    (folder / name).mkdir(parents=True)
    (folder / name / "entry_points.txt").write_text(text, encoding="utf-8")
    (folder / name / "METADATA").write_text("Metadata-Version: 2.1\nName: x\nVersion: 1\n")
    return str(folder)


@pytest.mark.parametrize("group", ["kpicore", "kpicore.commands", "console_scripts", "pytest11", "no.such.group"])
def test_the_same_points_are_found_as_by_the_standard_library(group):
    ours = {(point.name, point.value, point.distribution.casefold(), point.version) for point in entry_points(group)}
    theirs = metadata.entry_points(group=group)
    normal = [(their.name, their.value.partition("[")[0].strip(), their.dist) for their in theirs]
    assert ours == {
        (name, value, dist.name.casefold().replace("_", "-").replace(".", "-"), dist.version)
        for name, value, dist in normal
        if dist
    }


def test_sections_comments_extras_and_spaces_are_read(tmp_path):
    text = (
        "[other]\na = x\n\n[mine]\n# b = no\n; c = no\n d=pack.mod : thing \ne = pack [extra]\nnothing\n[last]\nf = x\n"
    )
    path = dist_info(tmp_path, "some_thing-2.0.dist-info", text)
    assert entry_points("mine", [path]) == [
        EntryPoint("d", "pack.mod : thing", "some-thing", "2.0"),
        EntryPoint("e", "pack", "some-thing", "2.0"),
    ]


def test_of_a_distribution_that_is_there_twice_the_first_counts(tmp_path):
    first = dist_info(tmp_path / "a", "Acme-1.0.dist-info", "[g]\nx = one\n")
    second = dist_info(tmp_path / "b", "acme-2.0.dist-info", "[g]\nx = two\n")
    assert [point.value for point in entry_points("g", [first, second])] == ["one"]


def test_folders_that_are_not_there_and_files_that_are_no_text_do_no_harm(tmp_path):
    path = dist_info(tmp_path, "bad-1.dist-info", "")
    (tmp_path / "bad-1.dist-info" / "entry_points.txt").write_bytes(b"[g]\nx = \xff\n")
    assert entry_points("g", [str(tmp_path / "nowhere"), path]) == []


def test_what_is_named_is_loaded():
    assert EntryPoint("p", "os.path:join.__name__").load() == "join"
