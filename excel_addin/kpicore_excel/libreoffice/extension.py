"""The extension for LibreOffice: a zip of what its package manager wants, our functions and the add-in's modules."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from kpicore import CellFunction, Workspace, cell_functions, written_whole

IDENTIFIER = "org.kpicore.libreoffice"
_MODULES = ("calc_cache", "calc_values", "child", "document", "opened", "__init__")
_METHOD = re.compile(r"[A-Z][A-Z0-9_]*")  # what UNO takes for a name; other KPIs are asked by their id
_EPOCH = (1980, 1, 1, 0, 0, 0)  # not the time of writing: the same workspace gives the same bytes

_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
  <manifest:file-entry manifest:full-path="kpi.idl" manifest:media-type="{types}"/>
  <manifest:file-entry manifest:full-path="kpi_functions.py" manifest:media-type="{component}"/>
  <manifest:file-entry manifest:full-path="jobs.xcu" manifest:media-type="{settings}"/>
</manifest:manifest>
"""
_TYPES = "application/vnd.sun.star.uno-typelibrary;type=RDB"
_COMPONENT = "application/vnd.sun.star.uno-component;type=Python"
_SETTINGS = "application/vnd.sun.star.configuration-data"
_JOBS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
    oor:package="org.openoffice.Office" oor:name="Jobs">
  <node oor:name="Jobs">
    <node oor:name="{job}" oor:op="replace">
      <prop oor:name="Service"><value>{job}</value></prop>
    </node>
  </node>
  <node oor:name="Events">
    <node oor:name="OnLoadFinished" oor:op="fuse">
      <node oor:name="JobList"><node oor:name="{job}" oor:op="replace"/></node>
    </node>
  </node>
</oor:component-data>
"""
_DESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006" xmlns:l="http://libreoffice.org/extensions/description/2011">
  <identifier value="{identifier}"/>
  <version value="{version}"/>
  <display-name><name lang="en">KPI functions of {workspace}</name></display-name>
  <publisher><name lang="en">kpicore</name></publisher>
  <dependencies><l:LibreOffice-minimal-version value="7.0" l:name="LibreOffice 7.0"/></dependencies>
</description>
"""


def write_extension(workspace: Workspace, file: Path, kpi: Path | None = None) -> int:
    """Write the extension (.oxt) for a workspace; return how many functions it has.

    LibreOffice will start `kpi`, by default the command beside this Python.
    Raises: BadFile when the file cannot be written.
    """
    functions = [
        function for function in cell_functions(workspace.definitions) if _METHOD.fullmatch(method_of(function))
    ]
    command = kpi or Path(sys.executable).with_name("kpi.exe" if sys.platform == "win32" else "kpi")
    with (
        written_whole(file, hint="Choose another place: --out") as draft,
        ZipFile(draft, "w", ZIP_DEFLATED) as zipped,
    ):
        for name, text in _parts(functions, workspace.config.folder.resolve(), command):
            zipped.writestr(ZipInfo(name, _EPOCH), text, ZIP_DEFLATED)
    return len(functions)


def method_of(function: CellFunction) -> str:
    """Return the name after `KPI.`: WIN_RATE for KPI_WIN_RATE, and KPI for KPI itself."""
    return function.name.removeprefix("KPI_")


def interface_text(functions: Sequence[CellFunction], name: str) -> str:
    """Return the interface in UNO's language: a method for each function, the first argument is the document."""
    lines = [f"module org {{ module kpicore {{ module libreoffice {{ interface {name} {{"]
    for function in functions:
        gives = "sequence<sequence<any> >" if function.gives == "table" else "any"
        kinds = ["sequence<any>" if argument.repeats else "any" for argument in function.arguments]
        parameters = "".join(f", [in] {kind} a{number}" for number, kind in enumerate(kinds, 1))
        lines.append(f"  {gives} {method_of(function)}([in] com::sun::star::beans::XPropertySet document{parameters});")
    return "\n".join([*lines, "}; }; }; };", ""])


def _parts(functions: Sequence[CellFunction], folder: Path, kpi: Path) -> Iterator[tuple[str, str]]:
    from kpicore import __version__

    yield "META-INF/manifest.xml", _MANIFEST.format(types=_TYPES, component=_COMPONENT, settings=_SETTINGS)
    yield (
        "description.xml",
        _DESCRIPTION.format(identifier=IDENTIFIER, version=__version__, workspace=escape(folder.name)),
    )
    yield "jobs.xcu", _JOBS.format(job=f"{IDENTIFIER}.Opened")
    yield "kpi.idl", interface_text(functions, "XFunctions")
    yield "kpi.json", json.dumps(_add_in_settings(functions, folder, kpi), indent=1)
    inside = resources.files("kpicore_excel") / "libreoffice" / "inside"
    yield "kpi_functions.py", (inside / "component.py").read_text(encoding="utf-8")
    for name in _MODULES:
        yield f"pythonpath/kpicore_libreoffice/{name}.py", (inside / f"{name}.py").read_text(encoding="utf-8")
    prefetch = resources.files("kpicore") / "spreadsheet" / "prefetch.py"
    yield "pythonpath/kpicore_libreoffice/prefetch.py", prefetch.read_text(encoding="utf-8")


def _add_in_settings(functions: Sequence[CellFunction], folder: Path, kpi: Path) -> dict[str, object]:
    """Return what the add-in reads at its start: the engine's command, the workspace and the functions."""
    return {
        "command": [str(kpi), "cells"],
        "workspace": str(folder),
        "interface": f"{IDENTIFIER}.XFunctions",
        "functions": [
            {
                "name": function.name,
                "method": method_of(function),
                "help": function.help,
                "arguments": [(argument.name, argument.help) for argument in function.arguments],
                "repeats": bool(function.arguments) and function.arguments[-1].repeats,
                "is_table": function.gives == "table",
                "may_hold_dates": function.kind != "calculator",
            }
            for function in functions
        ],
    }
