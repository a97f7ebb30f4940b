"""Python and SQL: what the other hosts are compared with, and the formula as a BI view has it."""

from __future__ import annotations

import duckdb

from kpicore import (
    Answer,
    CellFailure,
    KpiError,
    Node,
    NoValue,
    Workspace,
    calculator,
    code_of,
    formula_sql,
    parse_formula,
)
from kpicore.cli.formula import setting_values
from kpicore.engine.compile.formula_value import fixed_inputs
from kpicore.spreadsheet.values import answered, failed
from tests.conformance.asked import Case
from tests.conformance.told import NotPossible, Told


def python(workspace: Workspace, case: Case) -> Told:
    """Return what the Python API gives."""
    if not case.calculates:
        return answered(_answer(workspace, case), workspace.wording)
    try:
        return workspace.calc(case.ref, *case.numbers)
    except NoValue as error:
        return CellFailure(code_of(error.reason), str(error))
    except KpiError as error:
        return failed(error)


def sql(workspace: Workspace, case: Case) -> Told:
    """Return what DuckDB makes of the formula, printed as SQL for a BI view, over the values of the inputs."""
    definition = workspace.definitions.get(*workspace.definitions.named(case.ref))
    known = setting_values(workspace.config.settings)
    if case.calculates:
        found = calculator(definition)
        assert found is not None
        if found.fold:
            return NotPossible(
                "SQL engines name the aggregate of a list in their own ways: the formula is what a view has."
            )
        formula = parse_formula(found.formula, found.arguments, settings=workspace.config.settings, where=case.ref)
        return _selected(formula, {**known, **dict(zip(found.arguments, case.numbers, strict=True))})
    answer = _answer(workspace, case)
    period = answer.question.period
    every, elapsed = (
        workspace.engine.working.of(period),
        workspace.engine.working.elapsed(period, workspace.engine.today),
    )
    known |= {"period.working_days": float(every), "period.working_days_elapsed": float(elapsed)}
    known |= fixed_inputs(period.days, workspace.calendar.years(period, period.days), {})
    return _selected(definition.formula, {**known, **answer.inputs})


def _answer(workspace: Workspace, case: Case) -> Answer:
    [found] = workspace.get(case.ref, case.period, where=dict(case.cuts)).answers
    return found


def _selected(formula: Node, given: dict[str, float | None]) -> Told:
    columns = ", ".join(f'CAST(? AS DOUBLE) AS "{name}"' for name in given)
    printed = formula_sql(formula, lambda key: f'"{key}"')
    [[value]] = duckdb.execute(f"SELECT {printed} FROM (SELECT {columns})", list(given.values())).fetchall()
    return CellFailure("") if value is None else float(value)
