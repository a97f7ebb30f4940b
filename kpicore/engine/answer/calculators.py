"""Calculators: the pure form of a KPI, numbers in, number out, no data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
        return Calculator(tuple(each.name for each in definition.inputs), definition.spec.formula)
    given = definition.inputs[0].given
    if isinstance(given, Aggregate) and given.word in ("average", "percentile"):
        return Calculator(fold=given.word, share=given.share)
    return None


def calculated(definitions: Definitions, ref: str, numbers: Sequence[float], named: Mapping[str, float]) -> float:
    """Return the calculator's value. Raises BadArgument naming what is wrong."""
    definition = definitions.get(*definitions.named(ref))
    found = calculator(definition)
    if found is None:
        raise BadArgument(f"'{definition.place}' is a plain count or total and has no calculator.")
    for each in (*numbers, *named.values()):
        if isinstance(each, bool) or not isinstance(each, int | float):
            raise BadArgument(f"'{each}' is not a number.")
        if not abs(each) <= float_info.max:  # a whole number may be larger than any other
            shown = f"'{each}'" if isinstance(each, float) else "so large a whole number"
            raise BadArgument(f"{shown} is not a number that can be calculated with.")
    if found.fold:
        return _folded(found, definition, [*numbers, *named.values()])
    given = _arguments(found, definition, numbers, named)
    _refuse_wild_shares(definition, given)
    settings: dict[str, float | None] = {
        f"setting.{name}": value for name, value in definitions.settings.items() if isinstance(value, int | float)
    }
    formula = parse_formula(found.formula, found.arguments, settings=definitions.settings, where=definition.place)
    try:
        return float(formula_python(formula)({**settings, **given}))
    except ZeroDivisionError:
        below = {name: given[name] for name in given if name in denominators(formula)}
        why = definitions.registry.wording.note(zero_note(below))
        raise NoValue(f"'{definition.place}' has no value: {why}.", ZERO_DENOMINATOR) from None
    except MissingInput as absent:
        raise BadArgument(f"'{definition.place}' needs '{absent.name}', which a calculator does not have.") from None
    except ValueError:
        raise NoValue(f"'{definition.place}' has no finite value for these numbers.", UNDEFINED) from None


def _arguments(
    found: Calculator, definition: Definition, numbers: Sequence[float], named: Mapping[str, float]
) -> dict[str, float]:
    names = ", ".join(found.arguments)
    hint = f"It takes {names}."
    for each in named:
        if each not in found.arguments:
            raise UnknownName("argument", each, found.arguments, where=f"the calculator of '{definition.place}'")
    given = dict(zip(found.arguments, numbers, strict=False))
    twice = [each for each in named if each in given]
    if twice:
        raise BadArgument(f"'{twice[0]}' is given twice to '{definition.place}'.", hint=hint)
    given |= named
    if len(numbers) > len(found.arguments) or len(given) < len(found.arguments):
        count = len(numbers) + len(named)
        raise BadArgument(f"'{definition.place}' takes {len(found.arguments)} numbers, not {count}.", hint=hint)
    return given


def _refuse_wild_shares(definition: Definition, given: Mapping[str, float]) -> None:
    for each in definition.inputs:
        if each.is_share and each.name in given and not -1 <= given[each.name] <= 1:
            value = given[each.name]
            raise BadArgument(
                f"'{each.name}' of '{definition.place}' is a share and cannot be {value:g}.",
                hint=f"Write {value / 100:g} for {value:g} %.",
            )


_FOLDS: Mapping[str, Callable[[Sequence[float]], float]] = {"total": sum, "average": fmean}


def _folded(found: Calculator, definition: Definition, numbers: Sequence[float]) -> float:
    if not numbers:
        raise BadArgument(f"'{definition.place}' needs at least one number.")
    if found.fold in _FOLDS:
        return float(_FOLDS[found.fold](numbers))
    share = 0.5 if found.fold == "median" else found.share
    ordered = sorted(numbers)
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (at - low))
