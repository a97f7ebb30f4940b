"""The stamp changes with everything outside the warehouse that answers depend on."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kpicore import Cells, load_plugins
from kpicore.spreadsheet.stamps import Stamps, given_by

FILES = ("kpi.toml", "fiscal.csv", "targets.toml", "metrics/own.toml", "warehouse.duckdb")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "metrics").mkdir()
    for each in FILES:
        (tmp_path / each).write_text("", encoding="utf-8")
    (tmp_path / "kpi.toml").write_text('[calendar]\nfiscal_months = "fiscal.csv"\n', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("file", FILES)
def test_it_changes_with_each_file_that_answers_depend_on(folder: Path, file: str) -> None:
    stamps = Stamps(folder, "")
    before = stamps.now()
    assert stamps.now() == before
    with (folder / file).open("a", encoding="utf-8") as out:
        out.write("# more\n")
    assert stamps.now() != before
    after = stamps.now()
    (folder / file).unlink()
    assert stamps.now() not in (before, after)


def test_it_changes_when_kpi_toml_names_another_file(folder: Path) -> None:
    stamps = Stamps(folder, "")
    (folder / "other.csv").write_text("x", encoding="utf-8")
    (folder / "kpi.toml").write_text('[calendar]\nfiscal_months = "other.csv"\n', encoding="utf-8")
    before = stamps.now()
    (folder / "other.csv").write_text("xy", encoding="utf-8")
    assert stamps.now() != before
    (folder / "kpi.toml").write_text("[calendar\n", encoding="utf-8")
    assert stamps.now() not in ("", before)


def test_a_file_that_nobody_names_changes_nothing(folder: Path) -> None:
    stamps = Stamps(folder, "")
    before = stamps.now()
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    assert stamps.now() == before


def test_it_changes_when_plugins_give_other_definitions(folder: Path) -> None:
    plugins = load_plugins()
    given = plugins.contributions
    (giver, metric), *others = given.metrics
    changed = replace(metric, meaning="Another one.")
    updated = replace(plugins, contributions=replace(given, metrics=((giver, changed), *others)))
    assert given_by(updated) != given_by(plugins)
    assert Stamps(folder, given_by(updated)).now() != Stamps(folder, given_by(plugins)).now()
    assert Cells(folder).stamp() == Stamps(folder, given_by(plugins)).now()


def test_it_is_the_same_in_every_process(folder: Path) -> None:
    told = "import sys; from kpicore import Cells; print(Cells(sys.argv[1]).stamp())"
    other = subprocess.run([sys.executable, "-c", told, folder], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == Cells(folder).stamp()
