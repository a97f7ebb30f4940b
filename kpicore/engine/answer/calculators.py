"""Calculators: the pure form of a KPI, numbers in, number out, no data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import fsum, inf, isfinite
from statistics import fmean
from sys import float_info

from kpicore.engine.compile.definitions import Definition, Definitions, denominators
from kpicore.engine.compile.formula_value import zero_note
from kpicore.errors import BadArgument, NoValue, UnknownName
from kpicore.language import MissingInput, formula_python, parse_formula
from kpicore.model.inputs import Aggregate
from kpicore.model.metrics import Calculator
from kpicore.model.questions import UNDEFINED, ZERO_DENOMINATOR


def calculator(definition: Definition) -> Calculator | None:
    """Return the calculator of a variant, or None for a plain count or total.

    It is the formula over the inputs in order; a variant with one input folds any number of values
    with its own aggregate.
    """
    if definition.spec.calculator is not None:
        return definition.spec.calculator
    if len(definition.inputs) > 1:
        return Calculator(tuple(compiled.name for compiled in definition.inputs), definition.spec.formula)
    input_ = definition.inputs[0].given
    if isinstance(input_, Aggregate) and input_.word in ("average", "percentile"):
        return Calculator(fold=input_.word, share=input_.share)
    return None


def calculated(definitions: Definitions, ref: str, numbers: Sequence[float], named: Mapping[str, float]) -> float:
    """Return the calculator's value. Raises BadArgument naming what is wrong."""
    definition = definitions.get(*definitions.named(ref))
    form = calculator(definition)
    if form is None:
        raise BadArgument(f"'{definition.place}' is a plain count or total and has no calculator.")
    for number in (*numbers, *named.values()):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise BadArgument(f"'{number}' is not a number.")
        # not "abs(number) > …", which nan would pass
        if not abs(number) <= float_info.max:  # a whole number may be larger than any other
            shown = f"'{number}'" if isinstance(number, float) else "so large a whole number"
            raise BadArgument(f"{shown} is not a number that can be calculated with.")
    if form.fold:
        return _folded(form, definition, [*numbers, *named.values()])
    arguments = _arguments(form, definition, numbers, named)
    _refuse_wild_shares(definition, arguments)
    settings: dict[str, float | None] = {
        f"setting.{name}": value for name, value in definitions.settings.items() if isinstance(value, int | float)
    }
    formula = parse_formula(form.formula, form.arguments, settings=definitions.settings, where=definition.place)
    try:
        return float(formula_python(formula)({**settings, **arguments}))
    except ZeroDivisionError:
        below = {name: arguments[name] for name in arguments if name in denominators(formula)}
        why = definitions.registry.wording.note(zero_note(below))
        raise NoValue(f"'{definition.place}' has no value: {why}.", ZERO_DENOMINATOR) from None
    except MissingInput as absent:
        raise BadArgument(f"'{definition.place}' needs '{absent.name}', which a calculator does not have.") from None
    except ValueError:
        raise _no_finite_value(definition) from None


def _arguments(
    form: Calculator, definition: Definition, numbers: Sequence[float], named: Mapping[str, float]
) -> dict[str, float]:
    names = ", ".join(form.arguments)
    hint = f"It takes {names}."
    for name in named:
        if name not in form.arguments:
            raise UnknownName("argument", name, form.arguments, where=f"the calculator of '{definition.place}'")
    arguments = dict(zip(form.arguments, numbers, strict=False))
    twice = [name for name in named if name in arguments]
    if twice:
        raise BadArgument(f"'{twice[0]}' is given twice to '{definition.place}'.", hint=hint)
    arguments |= named
    if len(numbers) > len(form.arguments) or len(arguments) < len(form.arguments):
        count = len(numbers) + len(named)
        raise BadArgument(f"'{definition.place}' takes {len(form.arguments)} numbers, not {count}.", hint=hint)
    return arguments


def _refuse_wild_shares(definition: Definition, arguments: Mapping[str, float]) -> None:
    for compiled in definition.inputs:
        if compiled.is_share and compiled.name in arguments and not -1 <= arguments[compiled.name] <= 1:
            value = arguments[compiled.name]
            raise BadArgument(
                f"'{compiled.name}' of '{definition.place}' is a share and cannot be {value:.15g}.",
                hint=f"Write {value / 100:.15g} for {value:.15g} %.",
            )


_FOLDS: Mapping[str, Callable[[Sequence[float]], float]] = {"total": fsum, "average": fmean}


def _folded(form: Calculator, definition: Definition, numbers: Sequence[float]) -> float:
    if not numbers:
        raise BadArgument(f"'{definition.place}' needs at least one number.")
    try:
        value = _FOLDS[form.fold](numbers) if form.fold in _FOLDS else _percentile(form.percentile, numbers)
    except OverflowError:
        value = inf
    if not isfinite(value):
        raise _no_finite_value(definition)
    return float(value)


def _percentile(share: float, numbers: Sequence[float]) -> float:
    ordered = sorted(numbers)
    # between the two nearest values, as the warehouse does it and PERCENTILE.INC of spreadsheets
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def _no_finite_value(definition: Definition) -> NoValue:
    return NoValue(f"'{definition.place}' has no finite value for these numbers.", UNDEFINED)
