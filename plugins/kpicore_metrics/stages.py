"""How deals move from stage to stage, where they stay, and where they leak.

Source: articles S1 and S4 (see `parts`); each formula names its own as `source`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    DAYS,
    HIGHER,
    LOWER,
    SHARE,
    Metric,
    Variant,
    average,
    count,
    hookimpl,
)
from kpicore_metrics.parts import DUE

# A deal that came back to a stage has entered it once; from the last stage none can go on.
_STEP = "kind in ('stay', 'passed') and visit = 1"

_REACHED = "kind in ('stay', 'passed', 'won') and visit = 1"


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    yield Metric(
        "stage_conversion",
        name="Stage-to-stage conversion",
        unit=SHARE,
        better=HIGHER,
        family="pipeline",
        meaning="Share of the deals that entered a stage in the period and went on from it.",
        formula="passed / entered",
        needs_cut=("stage",),
        variants={
            "next": Variant(
                {
                    "passed": count("opportunity_stage", when="entered_on", where=f"{_STEP} and moved_on"),
                    "entered": count("opportunity_stage", when="entered_on", where=_STEP),
                },
                cohort=True,
            ),
            "cumulative": Variant(
                {
                    "passed": count("opportunity_stage", when="deal_started_on", where=f"{_REACHED} and way_known"),
                    "entered": count(
                        "opportunity_stage",
                        when="deal_started_on",
                        where="begins_deal and way_known",
                        regardless_of="stage",
                    ),
                },
                meaning="Share of the deals started in the period that reached the stage, of those whose way is known.",
                cohort=True,
            ),
        },
        synonyms={"zh": ("阶段转化率",)},
        source="S1",
    )
    # what does not wait there is not stuck
    leaked = "(lost_here or days(coalesce(waiting_since_on, period.as_of), period.as_of) > setting.stuck_days)"
    yield Metric(
        "funnel_leakage",
        name="Funnel leakage",
        unit=SHARE,
        better=LOWER,
        family="pipeline",
        meaning="Share of the deals that entered a stage in the period and were lost in it, or are stuck there.",
        formula="leaked / entered",
        inputs={
            "leaked": count("opportunity_stage", when="entered_on", where=f"{_STEP} and {leaked}"),
            "entered": count("opportunity_stage", when="entered_on", where=_STEP, regardless_of="loss_reason"),
        },
        action="Find the stages where prospects drop out.",
        synonyms={"ro": ("scurgeri din pâlnia de vânzări",), "en": ("pipeline leakage",)},
        source="S4",
    )
    yield Metric(
        "stage_dwell_time",
        name="Stage dwell time",
        unit=DAYS,
        better=LOWER,
        family="pipeline",
        meaning="Average days of the stays in a stage that ended in the period; a deal that came back stayed twice.",
        variants={
            "left": {
                "days": average(
                    "opportunity_stage",
                    "days(entered_at, left_at)",
                    when="left_on",
                    where="kind = 'stay' and left_on is not null",
                )
            },
            "with_open": Variant(
                {
                    "days": average(
                        "opportunity_stage",
                        "days(entered_on, least(coalesce(left_on, period.as_of), period.as_of))",
                        when="entered_on",
                        where="kind = 'stay'",
                    )
                },
                meaning="The same over stays that began in the period, those that last with their days so far.",
            ),
        },
        aliases=("KPI_STAGE_DWELL",),
        synonyms={"zh": ("阶段停留时间",)},
        source="S1",
    )
    yield Metric(
        "stage_task_completion",
        name="Stage task completion",
        unit=SHARE,
        better=HIGHER,
        family="pipeline",
        meaning="Share of the tasks that fell due in the period so far that are done.",
        formula="done / due",
        inputs={
            "done": count("stage_task", when="due_on", where=f"{DUE} and done_on is not null"),
            "due": count("stage_task", when="due_on", where=DUE),
        },
        synonyms={"zh": ("阶段任务完成率", "阶段任务完成情况")},
        source="S1",
    )
