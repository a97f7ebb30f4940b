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
class Listed:
    """A function: its id, which is also its name after the namespace, and what it stands for."""

    id: str
    function: CellFunction
    is_live: bool = False


def listed(functions: Sequence[CellFunction]) -> Iterator[Listed]:
    """Yield the functions, and LIVE, which is KPI that follows the data; a KPI of that name goes before it."""
    named = {function.name.removeprefix(f"{NAMESPACE}_"): function for function in functions}
    ids = {id: each for id, each in named.items() if SHORTEST <= len(id) <= LONGEST}
    for id, each in ids.items():
        yield Listed(id, each)
    if LIVE not in ids and NAMESPACE in ids:
        yield Listed(LIVE, ids[NAMESPACE], is_live=True)


def functions_json(context: PageContext) -> bytes:
    """Return the metadata of all functions."""
    return json.dumps({"functions": [_described(each) for each in listed(context.functions)]}, indent=1).encode()


def _described(each: Listed) -> dict[str, Any]:
    function = each.function
    return {
        "id": each.id,
        "name": each.id,
        "description": _LIVE_HELP if each.is_live else _cut(function.help, _LONGEST),
        "parameters": [_parameter(argument, function) for argument in function.arguments],
        "result": {"type": "any", "dimensionality": "matrix" if function.gives == "table" else "scalar"},
        # The address tells the pane what a cell asked; Excel gives none to functions that stream.
        "options": {"stream": True, "cancelable": True} if each.is_live else {"requiresAddress": True},
    }


def _parameter(argument: CellArgument, function: CellFunction) -> dict[str, Any]:
    takes_range = argument.repeats or function.kind == "calculator" or argument.name == "kpis"
    found: dict[str, Any] = {
        "name": argument.name,
        "description": _cut(argument.help, _LONGEST_OF_PARAMETER),
        "type": "any",
        "dimensionality": "matrix" if takes_range else "scalar",
    }
    if argument.repeats:
        found["repeating"] = True
    if argument.optional:
        found["optional"] = True
    return found


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
