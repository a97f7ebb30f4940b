"""functions.js: what runs in Excel, put together from what every host has and the files beside this one."""

from __future__ import annotations

from importlib.resources import files

from kpicore import PageContext, cells_javascript, function_shape
from kpicore_excel.office.metadata import add_in_functions

PARTS = ("excel_values.js", "keeping.js", "asking.js", "live.js", "functions.js")


def own_file(name: str) -> str:
    """Return a file of the add-in as it was written."""
    return files("kpicore_excel.office").joinpath("files", name).read_text(encoding="utf-8")


def functions_js(context: PageContext) -> bytes:
    """Return the script: settings, functions and calculators of the workspace, then the add-in's own parts."""
    shapes = {
        entry.id: function_shape(entry.function) | ({"isLive": True} if entry.is_live else {})
        for entry in add_in_functions(context.functions)
    }
    settings = {"server": context.base_url, "name": context.name}
    shared = cells_javascript(settings, shapes, context.calculators)
    body = "\n".join([shared, *map(own_file, PARTS)])
    return f'(function () {{\n"use strict";\n{body}}})();\n'.encode()
