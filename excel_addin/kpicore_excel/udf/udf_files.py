"""The files of a workbook: the workbook, its Python module, and its VBA for those who import by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kpicore import BadArgument, Workspace, cell_functions, write_whole
from kpicore_excel.udf.macro_workbook import vba_project, write_macro_workbook
from kpicore_excel.udf.vba import vba_module

_MODULE = '''\
"""KPI functions of {workbook}, for xlwings. Written by `kpi excel udf`.

It holds no definitions: a new KPI needs Import Functions once more, a changed one nothing.
"""

from kpicore_excel.udf import serve

WORKSPACE = {folder!r}

serve(WORKSPACE, globals())
'''


@dataclass(frozen=True, slots=True)
class UdfFiles:
    """What was written; `kept` tells that the workbook was there and stays as it was."""

    workbook: Path
    module: Path
    vba: Path
    functions: int
    kept: bool


def write_udf_files(workspace: Workspace, workbook: Path) -> UdfFiles:
    """Write the files for a workspace; a workbook that is there is somebody's work and stays.

    Raises: BadArgument for a name Excel takes no macros from, KpiError for files that cannot be written,
        MissingDependency without xlwings.
    """
    if workbook.suffix.lower() != ".xlsm":
        raise BadArgument(f"{workbook}: Excel keeps macros in .xlsm only.", hint="Name a file such as kpi.xlsm.")
    if ";" in str(workbook.resolve()):
        raise BadArgument(f"{workbook}: xlwings takes a ';' in a path as its end.", hint="Choose another folder.")
    vba_project()
    name = module_name(workbook)
    module, vba = workbook.with_name(f"{name}.py"), workbook.with_name(f"{name}.bas")
    functions = cell_functions(workspace.definitions)
    kept = workbook.exists()
    if not kept:
        write_macro_workbook(workspace, workbook, name)
    write_whole(module, module_text(workspace.config.folder.resolve(), workbook))
    write_whole(vba, vba_module(functions, name), newline="\r\n")
    return UdfFiles(workbook, module, vba, len(functions), kept)


def module_name(workbook: Path) -> str:
    """Return the name of the module of a workbook: `kpi_functions` for kpi.xlsm."""
    stem = re.sub(r"\W+", "_", workbook.stem.lower(), flags=re.ASCII).strip("_") or "kpi"
    return f"{stem if stem[0].isalpha() else f'kpi_{stem}'}_functions"


def module_text(folder: Path, workbook: Path) -> str:
    """Return the text of the module for the workspace in a folder."""
    shown = re.sub(r'[\\"]', "_", workbook.name)
    return _MODULE.format(workbook=shown, folder=str(folder))
