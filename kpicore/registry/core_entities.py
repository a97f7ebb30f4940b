"""The core's own vocabulary: what it reads itself, whatever the workspace is about.

All else comes from plugins. One that gives any of these, as it is, among its own says where it stands in lists.
"""

from __future__ import annotations

from functools import partial

from kpicore.model.schema import Dimension, Entity, Field, Type

_rate, _target = partial(Field, "fx_rate"), partial(Field, "target")

FX_RATE = Entity(
    "fx_rate",
    "What one unit of a currency is worth in the organisation's currency, from a day on.",
    (
        _rate("currency", Type.TEXT, "Currency code: EUR, HUF."),
        _rate("rate_on", Type.DATE, "First day of the rate."),
        _rate("rate", Type.NUMBER, "Worth of one unit in the organisation's currency.", unit="ratio"),
    ),
    key=("currency", "rate_on"),
    main_date="rate_on",
)

TARGET = Entity(
    "target",
    "What is to be reached in a period. It holds for exactly the cuts that are filled in.",
    (
        _target("id", Type.TEXT, "Id of the target."),
        _target("kpi_id", Type.TEXT, "The KPI, or a variant of it: loans, loans.opened."),
        _target(
            "period",
            Type.TEXT,
            "Key of the period: 2026-Q3, 2026-09, FY2026-Q1; else period_grain and period_start tell.",
        ),
        _target(
            "period_grain",
            Type.TEXT,
            "day, week, month, quarter, half, year, fiscal_quarter, fiscal_half or fiscal_year.",
        ),
        _target("period_start", Type.DATE, "First day of the period.", plan=True),
        _target("value", Type.NUMBER, "What is to be reached, in the unit of the KPI.", unit="as the KPI"),
        _target("unit", Type.TEXT, "What is counted: money, volume, new_accounts, boolean or tasks."),
        _target("parent_target_id", Type.TEXT, "Target that this one is a part of."),
        _target("goal", Type.TEXT, "Goal that it is a part of.", how=("parent_target_id",), dimension=True),
        _target(
            "progress",
            Type.NUMBER,
            "How far it is reached, 0 to 1: of a KPI by its answer, of a goal by its parts;"
            " to be given for what no KPI measures (yes or no, tasks).",
            unit="share",
        ),
        _target(
            "reached",
            Type.NUMBER,
            "What is reached of the value, in its unit; to be given for what no KPI measures.",
            unit="as the KPI",
        ),
        _target("weight", Type.NUMBER, "Weight of this part in its parent; 1 where none is given.", unit="ratio"),
    ),
    main_date="period_start",
)
"""Plugins add the fields that say whom or what a target is set for."""

GOAL = Dimension("goal", "Goal that a target is a part of.")

ENTITIES, DIMENSIONS = (FX_RATE, TARGET), (GOAL,)
