"""Code.js: the functions as Google Sheets shows them, and all that they need, in one file that can be pasted.

https://developers.google.com/apps-script/guides/sheets/functions
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files

from kpicore import CellArgument, CellCalculator, CellFunction, cells_javascript, function_shape, javascript_literal

PARTS = ("sheet_values.js", "known.js", "asking.js", "formulas.js", "functions.js", "menu.js")
"""The host's own parts, behind those that every host has."""

_NAME = re.compile(r"[A-Z][A-Z0-9_]*[A-Z0-9]", re.ASCII)  # with an underscore at its end it would be private
_RESERVED = frozenset(
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends "
    "false finally for function if implements import in instanceof interface let new null package private protected "
    "public return static super switch this throw true try typeof var void while with yield".split()
)
_GIVES = {"number": "number", "text": "string", "date": "Date", "table": "Array"}
_SPREADING = ("period", "date")
"""What may be a range of which each cell is asked for; another range means any of its values."""

_HEAD = """\
// The KPI functions of this workspace for Google Sheets, written by `kpi sheets script`. To change it, write it anew.

"""
_MENU = """\
function onOpen() {
  kpicore_.addMenu();
}

function kpiRefresh() {
  kpicore_.refresh();
}

function kpiExplain() {
  kpicore_.explain();
}

function kpiInsert() {
  kpicore_.insert();
}

function kpiToken() {
  kpicore_.enterToken();
}
"""
_BEGIN = """\
const kpicore_ = (function () {
"use strict";
"""
"""All the rest stands within a function, for every global one can be called from a cell."""
_END = """\
return {
  called, addMenu, refresh: does(refresh), explain: does(explain), insert: does(insert), enterToken: does(enterToken),
};
})();
"""


def code_js(server: str, functions: Sequence[CellFunction], calculators: Sequence[CellCalculator]) -> str:
    """Return the script; `server` is the address of `kpi serve`, "" for none."""
    callable_functions = [function for function in functions if _NAME.fullmatch(function.name)]
    shapes = {function.name: _shape(function) for function in callable_functions}
    own = (files("kpicore_sheets.script").joinpath("files", part).read_text(encoding="utf-8") for part in PARTS)
    shared = cells_javascript({"server": server}, shapes, calculators)
    body = "\n".join([shared, *own])
    return "\n".join([_HEAD + "\n".join(map(_declared, callable_functions)), _MENU, _BEGIN + body + _END])


def _shape(function: CellFunction) -> dict[str, object]:
    shape = function_shape(function)
    if function.kind == "general":
        shape["isGeneral"] = True
    if function.gives == "table":
        shape["isTable"] = True
    place = spreading_place(function)
    return shape if place is None else {**shape, "spreads": place}


def spreading_place(function: CellFunction) -> int | None:
    """Return the place of the argument whose range means a result for each of its cells; None where there is none."""
    places = [place for place, argument in enumerate(function.arguments) if argument.name in _SPREADING]
    return places[0] if places and function.gives != "table" and function.kind != "calculator" else None


def _declared(function: CellFunction) -> str:
    """Return the function as a cell calls it, with the help that Sheets shows while people type."""
    names = list(_identifiers(function.arguments))
    lines = [_comment(function.help), ""]
    lines += [
        f"@param {{*}} {name} {_help(argument)}" for name, argument in zip(names, function.arguments, strict=True)
    ]
    lines += [f"@return {{{_GIVES[function.gives]}}}", "@customfunction"]
    comment = "\n".join(f" * {line}".rstrip() for line in lines)
    call = f"kpicore_.called({javascript_literal(function.name)}, [...arguments])"
    return f"/**\n{comment}\n */\nfunction {function.name}({', '.join(names)}) {{\n  return {call};\n}}\n"


def _identifiers(arguments: Iterable[CellArgument]) -> Iterable[str]:
    for place, argument in enumerate(arguments, 1):
        name = argument.name
        yield name if name.isascii() and name.isidentifier() and name not in _RESERVED else f"value{place}"


def _help(argument: CellArgument) -> str:
    many = "Any number of: " if argument.repeats else ""
    return _comment(f"{'Optional. ' if argument.optional else ''}{many}{argument.help}")


def _comment(text: str) -> str:
    """Return a text that stands in one line of a comment and cannot end it."""
    return " ".join(text.replace("*/", "* /").replace("@", "(at)").split())
