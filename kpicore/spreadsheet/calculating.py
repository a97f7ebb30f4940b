"""Calculators in cells: numbers and ranges in, one number out, no data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum

from kpicore.calendar.arguments import text_given
from kpicore.engine.answer.calculators import calculated, calculator
from kpicore.engine.compile.definitions import Definition, Definitions
from kpicore.errors import BadArgument
from kpicore.language import parse_formula
from kpicore.model.functions import CALCULATOR, CellCalculator, CellFunction
from kpicore.model.inputs import Aggregate, Standing
from kpicore.spreadsheet.arguments import is_empty
from kpicore.spreadsheet.values import CellScalar, CellValue, scalars
from kpicore.text.plain_text import said
from kpicore.turns import parts


def cell_calculators(definitions: Definitions, functions: Iterable[CellFunction]) -> tuple[CellCalculator, ...]:
    """Return how each calculator among the functions is computed."""
    return tuple(_described(definitions, function) for function in functions if function.kind == CALCULATOR)


def _described(definitions: Definitions, function: CellFunction) -> CellCalculator:
    definition = definitions.get(function.metric, function.variant)
    calculation = calculator(definition)
    assert calculation is not None  # else there would be no such function
    if calculation.fold:
        return CellCalculator(function.name, definition.place, fold=calculation.fold, share=calculation.percentile)
    return CellCalculator(
        function.name,
        definition.place,
        calculation.arguments,
        parse_formula(
            calculation.formula, calculation.arguments, settings=definitions.settings, where=definition.place
        ),
        {name: value for name, value in definitions.settings.items() if isinstance(value, int | float)},
        _sums(definition),
        frozenset(input_.name for input_ in definition.inputs if input_.is_share),
    )


def calculated_cell(definitions: Definitions, function: CellFunction, arguments: Sequence[CellValue]) -> float:
    """Return what a calculator gives; a range is summed where the input is a sum. Raises BadArgument."""
    definition = definitions.get(function.metric, function.variant)
    calculation = calculator(definition)
    ref = f"{function.metric}.{function.variant}"
    if calculation is None or calculation.fold:
        return calculated(
            definitions, ref, [number for argument in arguments for number in _numbers(argument, "a value")], {}
        )
    if len(arguments) != len(calculation.arguments):
        names = ", ".join(calculation.arguments)
        raise BadArgument(
            f"{function.name} takes {len(calculation.arguments)} numbers: {names}.", hint="Fill each of them."
        )
    sums = _sums(definition)
    numbers = [
        _argument(value, name, name in sums) for name, value in zip(calculation.arguments, arguments, strict=True)
    ]
    return calculated(definitions, ref, numbers, {})


def _sums(definition: Definition) -> frozenset[str]:
    """Return the inputs whose parts may be added: counts, totals, and what stands."""
    return frozenset(
        input_.name
        for input_ in definition.inputs
        if isinstance(input_.given, Standing)
        or (isinstance(input_.given, Aggregate) and input_.given.word in ("count", "total"))
    )


def _argument(value: CellValue, name: str, is_sum: bool) -> float:
    if not isinstance(value, tuple):
        return _number(value, name)
    numbers = _numbers(value, name)
    # the sum of a range is right for what adds up; rates and averages in it would be added to nonsense
    if len(numbers) > 1 and not is_sum:
        raise BadArgument(f"'{name}' is no sum and cannot be {len(numbers)} numbers.", hint="Name one cell.")
    if not numbers:
        raise BadArgument(f"'{name}' is empty.", hint="Fill the cell.")
    return _total(numbers)


def _total(numbers: Sequence[float]) -> float:
    """Return a sum to the last digit, as the calculators of the hosts add; infinite where it is too large."""
    try:
        return fsum(numbers)
    except (OverflowError, ValueError):  # ValueError for infinities of both signs
        return float(sum(numbers))


def _numbers(value: CellValue, name: str) -> list[float]:
    """Return the numbers of a value; the empty cells of a range are none."""
    if not isinstance(value, tuple):
        return [_number(value, name)]
    return [_number(cell, name) for batch in parts(scalars(value)) for cell in batch if not is_empty(cell)]


def _number(cell: CellScalar, name: str) -> float:
    if is_empty(cell):
        raise BadArgument(f"'{name}' is empty.", hint="Fill the cell.")
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        shown = str(cell).upper() if isinstance(cell, bool) else said(cell)
        text_given(shown, f"'{name}'")
        raise BadArgument(f"'{name}' is no number: '{shown}'.", hint="A number written as text is text.")
    return cell
