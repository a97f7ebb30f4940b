"""The functions of a workspace in JavaScript: what hosts that run scripts have in common, written once.

A host puts its own parts behind it. They need a record `host`, as files/values.js says, and give cells what the server
answers; calculators run in the script, without it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from kpicore.language import JAVASCRIPT_RUNTIME, formula_javascript
from kpicore.model.functions import CALCULATOR, CellCalculator, CellFunction

_PARTS = ("values.js", "results.js", "calculators.js")


def cells_javascript(
    settings: Mapping[str, object], functions: Mapping[str, Mapping[str, object]], calculators: Sequence[CellCalculator]
) -> str:
    """Return SETTINGS, FUNCTIONS and CALCULATORS as constants, and the parts that every host needs.

    `functions` are by the name that the host calls them by, each in the shape of `function_shape`.
    """
    blocks = [
        f"const SETTINGS = {javascript_literal(settings)};",
        f"const FUNCTIONS = {javascript_literal(functions)};",
        JAVASCRIPT_RUNTIME,
        "const CALCULATORS = {\n" + "".join(_calculators(calculators)) + "};",
        *(files("kpicore.spreadsheet").joinpath("files", part).read_text(encoding="utf-8") for part in _PARTS),
    ]
    return "\n".join(blocks)


def function_shape(function: CellFunction) -> dict[str, object]:
    """Return what a script knows of a function: its name for the server, and what it takes.

    >>> function_shape(CellFunction("KPI_LOANS_CALC", "calculator", "Loans of your own numbers.", ()))
    {'name': 'KPI_LOANS_CALC', 'isCalculator': True}
    """
    shape: dict[str, object] = {"name": function.name}
    if function.arguments and function.arguments[-1].repeats:
        shape["takesMore"] = True
    if function.kind == CALCULATOR:
        shape["isCalculator"] = True
    return shape


def javascript_literal(value: object) -> str:
    """Return JSON that stands safely in a script, also inside a page.

    >>> javascript_literal("</script>")
    '"\\\\u003c/script\\\\u003e"'
    """
    printed = json.dumps(value, ensure_ascii=True, allow_nan=False)
    return printed.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _calculators(calculators: Sequence[CellCalculator]) -> Iterator[str]:
    for calculator in calculators:
        parts: dict[str, Any] = {
            "place": calculator.place,
            "arguments": calculator.arguments,
            "sums": sorted(calculator.sums),
        }
        parts |= {"shares": sorted(calculator.shares), "fold": calculator.fold, "share": calculator.share}
        # without the brace at the end: a function follows, which JSON cannot hold
        printed = javascript_literal(parts)[:-1]
        yield f"  {javascript_literal(calculator.name)}: {printed}{_formula(calculator)}}},\n"


def _formula(calculator: CellCalculator) -> str:
    """Return the formula as a function of the list of its inputs."""
    if calculator.formula is None:
        return ""
    settings = calculator.settings or {}

    def value(key: str) -> str:
        if key in calculator.arguments:
            return f"given[{calculator.arguments.index(key)}]"
        return javascript_literal(settings.get(key.removeprefix("setting.")))

    return f', "formula": (given) => {formula_javascript(calculator.formula, value)}'
