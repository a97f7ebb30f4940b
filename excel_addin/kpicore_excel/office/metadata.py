"""The functions as the add-in names them, `=KPI.WIN_RATE(…)`; and functions.json: what Excel knows before any runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kpicore import CellArgument, CellFunction, PageContext

NAMESPACE = "KPI"
LIVE = "LIVE"
SHORTEST, LONGEST = 3, 64
"""How long Excel lets the name of a function be; a KPI beyond that is asked by its id, `=KPI.KPI("nn", …)`."""
_LONGEST, _LONGEST_OF_PARAMETER = 1024, 512
_LIVE_HELP = "Value of a KPI, filled anew by itself when the data changes. Arguments as those of KPI.KPI."


@dataclass(frozen=True, slots=True)
class AddInFunction:
    """A function of the add-in: its id, which is also its name after the namespace, and what it stands for."""

    id: str
    function: CellFunction
    is_live: bool = False


def add_in_functions(functions: Sequence[CellFunction]) -> Iterator[AddInFunction]:
    """Yield the functions, and LIVE, which is KPI that follows the data; a KPI of that name goes before it."""
    by_id = {function.name.removeprefix(f"{NAMESPACE}_"): function for function in functions}
    ids = {id: function for id, function in by_id.items() if SHORTEST <= len(id) <= LONGEST}
    for id, function in ids.items():
        yield AddInFunction(id, function)
    if LIVE not in ids and NAMESPACE in ids:
        yield AddInFunction(LIVE, ids[NAMESPACE], is_live=True)


def functions_json(context: PageContext) -> bytes:
    """Return the metadata of all functions."""
    described = [_described(entry) for entry in add_in_functions(context.functions)]
    return json.dumps({"functions": described}, indent=1).encode()


def _described(entry: AddInFunction) -> dict[str, Any]:
    function = entry.function
    return {
        "id": entry.id,
        "name": entry.id,
        "description": _LIVE_HELP if entry.is_live else _cut(function.help, _LONGEST),
        "parameters": [_parameter(argument, function) for argument in function.arguments],
        "result": {"type": "any", "dimensionality": "matrix" if function.gives == "table" else "scalar"},
        # The address tells the pane what a cell asked; Excel gives none to functions that stream.
        "options": {"stream": True, "cancelable": True} if entry.is_live else {"requiresAddress": True},
    }


def _parameter(argument: CellArgument, function: CellFunction) -> dict[str, Any]:
    takes_range = argument.repeats or function.kind == "calculator" or argument.name == "kpis"
    parameter: dict[str, Any] = {
        "name": argument.name,
        "description": _cut(argument.help, _LONGEST_OF_PARAMETER),
        "type": "any",
        "dimensionality": "matrix" if takes_range else "scalar",
    }
    if argument.repeats:
        parameter["repeating"] = True
    if argument.optional:
        parameter["optional"] = True
    return parameter


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
