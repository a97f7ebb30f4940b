"""The file that `kpi excel libreoffice` writes."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from kpicore import KpiError, open_workspace
from kpicore_excel.libreoffice import write_extension
from kpicore_excel.libreoffice.inside.opened import known_names

NAMES = {"KPI": "KPI", "KPI_WIN_RATE": "WIN_RATE"}


@pytest.fixture(scope="module")
def parts(extension: Path) -> dict[str, str]:
    """Give the texts in the extension by their names."""
    with ZipFile(extension) as zipped:
        return {name: zipped.read(name).decode() for name in zipped.namelist()}


@pytest.fixture(scope="module")
def functions(parts):
    return {each["name"]: each for each in json.loads(parts["kpi.json"])["functions"]}


def test_every_function_of_every_host_is_there_also_of_a_plugin_and_of_the_workspace(functions, parts):
    assert {"KPI", "KPI_WIN_RATE", "KPI_MQL", "KPI_CAC_CALC", "KPI_TABLE", "KPI_OUR_WON", "KPI_ACME_LOST"} <= set(
        functions
    )
    methods = [line.split("(")[0].split()[-1] for line in parts["kpi.idl"].splitlines() if "document" in line]
    assert methods == [function["method"] for function in functions.values()]
    assert functions["KPI_WIN_RATE"]["method"] == "WIN_RATE" and functions["KPI"]["method"] == "KPI"


def test_a_table_is_a_sequence_of_rows_and_a_repeated_argument_the_last_sequence(parts):
    document = "[in] com::sun::star::beans::XPropertySet document"
    assert f"  any WIN_RATE({document}, [in] any a1, [in] sequence<any> a2);\n" in parts["kpi.idl"]
    assert f"  sequence<sequence<any> > LIST({document}, [in] any a1);\n" in parts["kpi.idl"]
    assert f"  any ASOF({document});\n" in parts["kpi.idl"]


def test_it_names_the_engine_and_the_workspace_and_holds_no_secret(parts, company):
    listed = json.loads(parts["kpi.json"])
    assert listed["command"] == [str(company.kpi), "cells"]
    assert listed["workspace"] == str(company.folder)
    assert set(listed) == {"command", "workspace", "interface", "functions"}


def test_what_runs_inside_libreoffice_is_python_3_8_and_needs_nothing_of_ours(parts):
    for name, text in parts.items():
        if not name.endswith(".py"):
            continue
        tree = ast.parse(text, feature_version=(3, 8))
        imported = {
            (each.module if isinstance(each, ast.ImportFrom) and not each.level else alias.name).partition(".")[0]
            for each in ast.walk(tree)
            if isinstance(each, ast.Import | ast.ImportFrom) and not getattr(each, "level", 0)
            for alias in each.names
        }
        assert imported <= {*sys.stdlib_module_names, "uno", "unohelper", "com", "kpicore_libreoffice"}, name


def test_the_same_workspace_gives_the_same_file(company, tmp_path):
    with open_workspace(company.folder) as workspace:
        for name in ("a.oxt", "b.oxt"):
            write_extension(workspace, tmp_path / name)
    assert (tmp_path / "a.oxt").read_bytes() == (tmp_path / "b.oxt").read_bytes()


def test_the_command_says_what_it_wrote_and_how_to_install_it(company, tmp_path):
    command = [company.kpi, "excel", "libreoffice", "-w", company.folder, "--out", tmp_path / "kpi.oxt"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first.startswith(f"Wrote {tmp_path / 'kpi.oxt'} with ") and first.endswith(f" functions on {company.folder}")
    assert "unopkg add --force" in second


def test_a_file_that_cannot_be_written_is_told_in_one_line(company, tmp_path):
    (tmp_path / "kpi.oxt").mkdir()
    with open_workspace(company.folder) as workspace, pytest.raises(KpiError, match=r"cannot be written .* --out"):
        write_extension(workspace, tmp_path / "kpi.oxt")


@pytest.mark.parametrize(
    ("formula", "known"),
    [
        ("=kpi_win_rate(2026)", "=KPI.WIN_RATE(2026)"),
        ('=SUM(_xldudf_KPI_WIN_RATE(A1);kpi("x";1))', '=SUM(KPI.WIN_RATE(A1);KPI.KPI("x";1))'),
        ("{=kpi_win_rate(2026)}", "{=KPI.WIN_RATE(2026)}"),
        ("=KPI.WIN_RATE(2026)", "=KPI.WIN_RATE(2026)"),
        ("=kpi_none(1)+my_kpi(1)+x.kpi(1)", "=kpi_none(1)+my_kpi(1)+x.kpi(1)"),
        ('="kpi(1) "" kpi(2)"&\'kpi(3)\'.A1', '="kpi(1) "" kpi(2)"&\'kpi(3)\'.A1'),
    ],
)
def test_names_that_excel_writes_become_those_that_libreoffice_knows(formula, known):
    assert known_names(formula, NAMES) == known
