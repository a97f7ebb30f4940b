"""functions.js: what runs in Excel, put together from the files beside this one and what the workspace defines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from kpicore import JAVASCRIPT_RUNTIME, CellCalculator, PageContext, formula_javascript
from kpicore_excel.office.metadata import add_in_functions

PARTS = ("values.js", "keeping.js", "asking.js", "live.js", "calculators.js", "functions.js")


def own_file(name: str) -> str:
    """Return a file of the add-in as it was written."""
    return files("kpicore_excel.office").joinpath("files", name).read_text(encoding="utf-8")


def functions_js(context: PageContext) -> bytes:
    """Return the script: settings, functions and calculators of the workspace, then the add-in's own parts."""
    blocks = [
        f"const SETTINGS = {_literal({'server': context.base_url, 'name': context.name})};",
        f"const FUNCTIONS = {_literal(_functions(context))};",
        JAVASCRIPT_RUNTIME,
        "const CALCULATORS = {\n" + "".join(_calculators(context)) + "};",
        *(own_file(part) for part in PARTS),
    ]
    body = "\n".join(blocks)
    return f'(function () {{\n"use strict";\n{body}}})();\n'.encode()


def _functions(context: PageContext) -> dict[str, Any]:
    shapes: dict[str, Any] = {}
    for entry in add_in_functions(context.functions):
        shape: dict[str, Any] = {"name": entry.function.name}
        if entry.function.arguments and entry.function.arguments[-1].repeats:
            shape["takesMore"] = True
        if entry.function.kind == "calculator":
            shape["isCalculator"] = True
        if entry.is_live:
            shape["isLive"] = True
        shapes[entry.id] = shape
    return shapes


def _calculators(context: PageContext) -> Iterator[str]:
    for calculator in context.calculators:
        parts: dict[str, Any] = {
            "place": calculator.place,
            "arguments": calculator.arguments,
            "sums": sorted(calculator.sums),
        }
        parts |= {"shares": sorted(calculator.shares), "fold": calculator.fold, "share": calculator.share}
        # without the brace at the end: a function follows, which JSON cannot hold
        printed = _literal(parts)[:-1]
        yield f"  {_literal(calculator.name)}: {printed}{_formula(calculator)}}},\n"


def _formula(calculator: CellCalculator) -> str:
    """Return the formula as a function of the list of its inputs."""
    if calculator.formula is None:
        return ""
    settings = calculator.settings or {}

    def value(key: str) -> str:
        if key in calculator.arguments:
            return f"given[{calculator.arguments.index(key)}]"
        return _literal(settings.get(key.removeprefix("setting.")))

    return f', "formula": (given) => {formula_javascript(calculator.formula, value)}'


def _literal(value: object) -> str:
    """Return JSON that stands safely in a script, also inside a page."""
    printed = json.dumps(value, ensure_ascii=True, allow_nan=False)
    return printed.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
