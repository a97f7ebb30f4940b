"""Columns that prove nothing themselves, but stand beside one that is written the same way and does."""

from __future__ import annotations

import re
from dataclasses import replace

from kpicore_sources.files.columns import Reader
from kpicore_sources.files.plan import Input, Plan
from kpicore_sources.files.reading import Decision
from kpicore_sources.files.values import Reading


def as_siblings(plan: Plan, reader: Reader) -> Plan:
    """Return the plan with ambiguous readings taken from a column of the same file that is written alike."""
    every = {**plan.direct, **plan.inputs}
    proven = [each for each in every.values() if _proves(each.reading.decision)]
    if not proven:
        return plan
    direct = {name: _settled(plan, each, proven, reader) for name, each in plan.direct.items()}
    inputs = {name: _settled(plan, each, proven, reader) for name, each in plan.inputs.items()}
    return replace(plan, direct=direct, inputs=inputs)


def _proves(decision: Decision) -> bool:
    """Return whether values of the column itself prove how it is written."""
    return bool(decision.reading) and decision.proven and decision.row is not None


def _settled(plan: Plan, given: Input, proven: list[Input], reader: Reader) -> Input:
    decision = given.reading.decision
    if not decision.ambiguous or decision.conflict:
        return given
    codes = [choice.reading for choice in decision.choices]
    alike = {
        each.reading.code: each
        for each in proven
        if each.reading.code in codes and _marks(plan, each.column) & _marks(plan, given.column)
    }
    if len(alike) != 1:
        return given
    (code, model), *_ = alike.items()
    profile = plan.profiles[given.column]
    reading = reader.read(plan.sheet, given.column, given.field, profile, code)
    told = replace(decision, reading=code, choices=(), evidence=f"written as {model.column} is, which proves it")
    return replace(given, reading=Reading(told, reading.formats, reading.months, reading.plain))


def _marks(plan: Plan, column: str) -> set[str]:
    """Return how values of a column look, digits left out: '//' or '--' for dates."""
    return {re.sub(r"[\d\s]", "", each)[:2] for each in plan.profiles[column].sample}
