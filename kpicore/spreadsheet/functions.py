"""The functions that every spreadsheet has: one for each KPI and each calculator, and a few for all."""

from __future__ import annotations

from collections.abc import Iterator

from kpicore.engine.answer.calculators import calculator
from kpicore.engine.compile.definitions import Definitions
from kpicore.errors import KpiError
from kpicore.model.functions import CALCULATOR, GENERAL, KPI, CellArgument, CellFunction
from kpicore.model.metrics import Calculator, Metric
from kpicore.model.narrowing import WHOLE, Narrowing
from kpicore.wording.inputs import function_name

PAIR_KEYS = ("variant", "grain", "as_of", "compare")
"""What a pair may name besides a dimension."""

_PERIOD = CellArgument(
    "period", 'Text such as "2026-Q3", "2026-03", "last month" or "ytd"; a year such as 2026; or a cell with a date.'
)
_PAIRS = CellArgument(
    "pairs",
    'Pairs of a dimension and its value: "rep", $A2. A range of values means any of them. '
    'Also "variant", "grain", "as_of" and "compare".',
    optional=True,
    repeats=True,
)
_ID = CellArgument("kpi", 'Id of a KPI: "loans", or with a variant "loans.renewed".')
_ASKED = (_ID, _PERIOD, _PAIRS)
_GENERAL = (
    CellFunction("KPI", GENERAL, "Value of a KPI for a period, given its id as text.", _ASKED),
    CellFunction("KPI_TARGET", GENERAL, "Target set for exactly this KPI, period and cut.", _ASKED),
    CellFunction("KPI_ATTAINMENT", GENERAL, "How much of the target is reached, as a fraction.", _ASKED),
    CellFunction(
        "KPI_EXPLAIN",
        GENERAL,
        "What stands behind a value: definition, inputs, notes, freshness.",
        _ASKED,
        gives="table",
    ),
    CellFunction(
        "KPI_TABLE",
        GENERAL,
        "Table of KPIs with a header: one row a period and member.",
        (
            CellArgument("kpis", 'Ids of KPIs, "loans, loans_late", or a range of them.'),
            _PERIOD,
            CellArgument(
                "grain", 'Splits the period: "month", "quarter", … Empty: one row for all of it.', optional=True
            ),
            CellArgument(
                "dimensions", 'Dimensions to have a row for each member of: "rep".', optional=True, repeats=True
            ),
        ),
        gives="table",
    ),
    CellFunction(
        "KPI_PERIOD",
        GENERAL,
        "Key of the period that holds a date: 2026-03 for the month of any day in March.",
        (
            CellArgument("date", "A cell with a date."),
            CellArgument("grain", '"day", "week", "month", "quarter", "half", "year", "fiscal_quarter", …'),
        ),
        gives="text",
    ),
    CellFunction(
        "KPI_LIST",
        GENERAL,
        "The KPIs, all or those found by a word in any of six languages.",
        (CellArgument("search", "What to look for.", optional=True),),
        gives="table",
    ),
    CellFunction("KPI_ASOF", GENERAL, "When the data is from.", (), gives="date"),
)


def cell_functions(definitions: Definitions, narrowing: Narrowing = WHOLE) -> tuple[CellFunction, ...]:
    """Return every function, sorted by name; the same in every host. Those of KPIs outside of the narrowing are not
    there.

    A KPI `loans` has KPI_LOANS; where a calculator makes sense KPI_LOANS_CALC, for other variants
    KPI_LOANS_RENEWED_CALC; and its aliases have the same under their names.
    """
    functions = {function.name: function for function in _GENERAL}
    metrics = definitions.registry.metrics.values()
    for metric in metrics:
        functions.setdefault(function_name(metric.id), _kpi(metric, function_name(metric.id)))
    # in this order, with `setdefault`: a KPI's own name goes before calculators, and both before any alias
    for metric in metrics:
        for function in _calculators(metric, definitions):
            functions.setdefault(function.name, function)
    for metric in metrics:
        for other in metric.other_ids:
            if definitions.registry.refused.get(other) == other:
                continue  # a KPI of this id is refused: its function is none of another one
            for function in [
                function for function in functions.values() if function.metric == metric.id and not function.alias_of
            ]:
                name = function_name(other) + function.name.removeprefix(function_name(metric.id))
                functions.setdefault(name, _renamed(function, name))
    # at the end: a name means the same KPI, whether or not others may be asked
    within = (functions[name] for name in sorted(functions))
    return tuple(function for function in within if function.kind == GENERAL or narrowing.takes(function.metric))


def _kpi(metric: Metric, name: str) -> CellFunction:
    return CellFunction(name, KPI, _about(metric), (_PERIOD, _PAIRS), metric.id)


def _renamed(function: CellFunction, name: str) -> CellFunction:
    return CellFunction(
        name,
        function.kind,
        function.help,
        function.arguments,
        function.metric,
        function.variant,
        function.gives,
        function.name,
    )


def _about(metric: Metric) -> str:
    return f"{metric.name}. {metric.meaning}".rstrip() if metric.meaning else f"{metric.name}."


def _calculators(metric: Metric, definitions: Definitions) -> Iterator[CellFunction]:
    default = definitions.default_of(metric)
    for variant in (default, *(name for name in metric.variant_names if name != default)):
        try:
            calculation = calculator(definitions.get(metric.id, variant))
        except KpiError:
            continue  # `kpi plugins` tells of a definition that is broken
        if calculation is not None:
            part = "" if variant == default else f"_{variant.upper()}"
            yield CellFunction(
                f"{function_name(metric.id)}{part}_CALC",
                CALCULATOR,
                f"{metric.name} of your own numbers: {calculation.formula or calculation.fold}.",
                _numbers(calculation),
                metric.id,
                variant,
            )


def _numbers(calculation: Calculator) -> tuple[CellArgument, ...]:
    if calculation.fold:
        return (CellArgument("values", "Any number of values or ranges.", repeats=True),)
    return tuple(CellArgument(argument, f"{argument.replace('_', ' ')}.") for argument in calculation.arguments)
