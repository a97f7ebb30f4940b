"""Calculators in cells: numbers and ranges in, one number out, no data."""

from __future__ import annotations

from collections.abc import Sequence

from kpicore.cells.arguments import is_empty
from kpicore.cells.functions import CellFunction
from kpicore.cells.values import CellScalar, CellValue, scalars
from kpicore.engine.calculators import calculated, calculator
from kpicore.engine.definitions import Definition, Definitions
from kpicore.errors import BadArgument
from kpicore.inputs import Aggregate, Standing


def calculated_cell(definitions: Definitions, function: CellFunction, arguments: Sequence[CellValue]) -> float:
    """Return what a calculator gives; a range is summed where the input is a sum. Raises BadArgument."""
    definition = definitions.get(function.metric, function.variant)
    found = calculator(definition)
    ref = f"{function.metric}.{function.variant}"
    if found is None or found.fold:
        return calculated(definitions, ref, [each for one in arguments for each in _numbers(one, "a value")], {})
    if len(arguments) != len(found.arguments):
        names = ", ".join(found.arguments)
        raise BadArgument(f"{function.name} takes {len(found.arguments)} numbers: {names}.", hint="Fill each of them.")
    sums = _sums(definition)
    given = [_one(value, name, name in sums) for name, value in zip(found.arguments, arguments, strict=True)]
    return calculated(definitions, ref, given, {})


def _sums(definition: Definition) -> frozenset[str]:
    """Return the inputs whose parts may be added: counts, totals, and what stands."""
    return frozenset(
        each.name
        for each in definition.inputs
        if isinstance(each.given, Standing)
        or (isinstance(each.given, Aggregate) and each.given.word in ("count", "total"))
    )


def _one(value: CellValue, name: str, is_sum: bool) -> float:
    if not isinstance(value, tuple):
        return _number(value, name)
    numbers = _numbers(value, name)
    if len(numbers) > 1 and not is_sum:
        raise BadArgument(f"'{name}' is no sum and cannot be {len(numbers)} numbers.", hint="Name one cell.")
    if not numbers:
        raise BadArgument(f"'{name}' is empty.", hint="Fill the cell.")
    return float(sum(numbers))


def _numbers(value: CellValue, name: str) -> list[float]:
    """Return the numbers of a value; the empty cells of a range are none."""
    if not isinstance(value, tuple):
        return [_number(value, name)]
    return [_number(each, name) for each in scalars(value) if not is_empty(each)]


def _number(cell: CellScalar, name: str) -> float:
    if is_empty(cell):
        raise BadArgument(f"'{name}' is empty.", hint="Fill the cell.")
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise BadArgument(f"'{name}' is no number: '{cell}'.", hint="A number written as text is text.")
    return cell
