"""The formula of a calculator, evaluated where people look: SQL, a spreadsheet, JavaScript."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kpicore import (
    JAVASCRIPT_RUNTIME,
    Definitions,
    Node,
    calculator,
    formula_excel,
    formula_javascript,
    formula_python,
    formula_sql,
    parse_formula,
)
from tests.language.spreadsheet import calculated
from tests.patience import PATIENCE_SECONDS

ZERO = "zero_denominator"


@dataclass(frozen=True, slots=True)
class Call:
    """A formula with the numbers of its arguments, in order."""

    ref: str
    formula: Node
    given: tuple[tuple[str, float], ...]


def called(definitions: Definitions, ref: str, numbers: Sequence[float]) -> Call | None:
    """Return the call of a calculator; None for one that no formula says (a median, a percentile)."""
    found = calculator(definitions.get(*definitions.named(ref)))
    if found is None or found.fold not in ("", "total", "average"):
        return None
    arguments = found.arguments or tuple(f"number_{place}" for place in range(1, len(numbers) + 1))
    text = found.formula or f"({' + '.join(arguments)}) / {1 if found.fold == 'total' else len(numbers)}"
    formula = parse_formula(text, arguments, settings=definitions.settings, where=ref)
    return Call(ref, formula, tuple(zip(arguments, numbers, strict=True)))


def in_python(calls: Sequence[Call]) -> list[float | str]:
    """Return the values, or ZERO."""
    return [_tried(call) for call in calls]


def _tried(call: Call) -> float | str:
    try:
        return formula_python(call.formula)(dict(call.given))
    except ZeroDivisionError:
        return ZERO


def in_sql(calls: Sequence[Call]) -> list[float | str]:
    """Return the values that DuckDB gives; NULL is ZERO, for every argument has a value."""
    import duckdb

    found: list[float | str] = []
    for call in calls:
        columns = ", ".join(f'CAST(? AS DOUBLE) AS "{name}"' for name, _ in call.given)
        printed = formula_sql(call.formula, lambda key: f'"{key}"')
        sql = f"SELECT {printed} FROM (SELECT {columns})"
        [[value]] = duckdb.execute(sql, [number for _, number in call.given]).fetchall()
        found.append(ZERO if value is None else float(value))
    return found


def in_a_spreadsheet(calls: Sequence[Call], path: Path, soffice: str) -> list[float | str]:
    """Return the values that LibreOffice gives."""
    rows = []
    for row, each in enumerate(calls, start=1):
        cells = {name: f"{chr(ord('A') + place)}{row}" for place, (name, _) in enumerate(each.given)}
        rows.append(([number for _, number in each.given], formula_excel(each.formula, cells.__getitem__)))
    return calculated(path, rows, soffice, ZERO)


def in_javascript(calls: Sequence[Call], path: Path, node: str) -> list[float | str]:
    """Return the values that node gives."""
    lines = [JAVASCRIPT_RUNTIME, "const found = [];", "let given;", "function ask(of) {"]
    lines += ["  try { found.push(of()); } catch (failure) { found.push(failure.reason || String(failure)); }", "}"]
    for call in calls:
        lines.append(f"given = {json.dumps(dict(call.given))};")
        lines.append(f"ask(() => {formula_javascript(call.formula, lambda key: f'given[{json.dumps(key)}]')});")
    path.write_text("\n".join([*lines, "console.log(JSON.stringify(found));"]), encoding="utf-8")
    ran = subprocess.run([node, str(path)], capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS)
    found: list[float | str] = json.loads(ran.stdout)
    return found
