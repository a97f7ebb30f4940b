"""Columns that prove nothing themselves, but stand beside one that is written the same way and does."""

from __future__ import annotations

import re
from dataclasses import replace

from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.plan import ColumnInput, Plan
from kpicore_sources.files.reading import Decision
from kpicore_sources.files.typed_values import ColumnReading


def as_siblings(plan: Plan, reader: ColumnReader) -> Plan:
    """Return the plan with ambiguous readings taken from a column of the same file that is written alike."""
    every = {**plan.direct, **plan.inputs}
    proven = [input_ for input_ in every.values() if proves(input_.reading.decision)]
    if not proven:
        return plan
    direct = {name: _settled(plan, input_, proven, reader) for name, input_ in plan.direct.items()}
    inputs = {name: _settled(plan, input_, proven, reader) for name, input_ in plan.inputs.items()}
    return replace(plan, direct=direct, inputs=inputs)


def proves(decision: Decision) -> bool:
    """Return whether values of the column itself prove how it is written."""
    return bool(decision.reading) and decision.proven and decision.row is not None


def _settled(plan: Plan, input_: ColumnInput, proven: list[ColumnInput], reader: ColumnReader) -> ColumnInput:
    decision = input_.reading.decision
    if not decision.ambiguous or decision.conflict:
        return input_
    codes = [choice.reading for choice in decision.choices]
    alike = {
        sibling.reading.code: sibling
        for sibling in proven
        if sibling.reading.code in codes and marks(plan, sibling.column) & marks(plan, input_.column)
    }
    # Two that are written in different ways prove nothing for a third.
    if len(alike) != 1:
        return input_
    (code, model), *_ = alike.items()
    profile = plan.profiles[input_.column]
    # read again as if a mapping said so: the formats follow from the reading
    reading = reader.read(plan.sheet, input_.column, input_.field, profile, code)
    settled = replace(decision, reading=code, choices=(), evidence=f"written as {model.column} is, which proves it")
    return replace(input_, reading=ColumnReading(settled, reading.formats, reading.months, reading.plain))


def marks(plan: Plan, column: str) -> set[str]:
    """Return how values of a column look, digits left out: '//' or '--' for dates."""
    return {re.sub(r"[\d\s]", "", text)[:2] for text in plan.profiles[column].sample}
