"""What a workbook shows, gathered from a workspace: plain records, no spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from kpicore import (
    TO_DATE,
    Answer,
    Grain,
    Judgement,
    KpiError,
    LoadedWarehouse,
    Metric,
    Note,
    Period,
    Question,
    Result,
    Wording,
    attainment,
    judged,
)

if TYPE_CHECKING:
    from kpicore import Unreadable, Workspace

MONTHS = 12
_MOST_UNREADABLE = 5000
HEADLINES = (
    *("revenue", "total_sales", "sales_growth", "aov", "avg_deal_size", "mrr", "collected_amount"),
    *("opportunities_created", "win_rate", "lost_deals", "pipeline_value", "weighted_pipeline", "sales_cycle"),
    *("new_leads", "mql_to_sql_rate", "lead_conversion", "lead_response_time"),
    *("cpl", "cac", "ltv", "ltv_cac", "roi"),
    *("new_customers", "active_customers", "churn_rate", "retention_rate", "upsell_cross_sell", "referrals"),
    *("nps", "csat", "cart_abandonment"),
    *("calls", "meetings", "demos", "proposals"),
    "sales_forecast",
)
"""The KPIs that people look at first, by family, in the order of a sales meeting: the overview shows these."""
CARDS = ("revenue", "total_sales", "win_rate", "new_customers", "pipeline_value", "nps")
_PLACES = {id: place for place, id in enumerate(HEADLINES)}


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One KPI in its default variant: now, before, its target, by month and by rep.

    `now` is None for a KPI that is asked by month only. `change` is a fraction, of a share in points.
    `by_rep` is empty where the KPI cannot be cut by rep. `months` stand in the order of the report's.
    """

    metric: Metric
    now: Answer | None = None
    before: Answer | None = None
    change: float | None = None
    target: float | None = None
    months: tuple[Answer, ...] = ()
    month_targets: tuple[float | None, ...] = ()
    by_rep: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def attainment(self) -> float | None:
        """How much of the target is reached; where lower is better, target / actual."""
        return attainment(self.now.value, self.target, self.now.better) if self.now else None

    @property
    def judgement(self) -> Judgement | None:
        """What the KPI's bands say of the number now: status, meaning, action; None where there is no band."""
        return judged(self.now, self.metric) if self.now else None


@dataclass(frozen=True, slots=True)
class SummaryBreakdown:
    """A KPI that has a meaning only by some dimension: its answers by member."""

    metric: Metric
    dimension: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything on the sheets. Lines stand family by family, headlines first."""

    name: str
    currency: str
    timezone: str
    today: date
    data_time: datetime
    data_version: str
    period: Period
    progress: str
    before: Period | None
    months: tuple[Period, ...]
    lines: tuple[SummaryLine, ...]
    breakdowns: tuple[SummaryBreakdown, ...]
    catalogue: tuple[Metric, ...]
    entities: tuple[tuple[str, int, date | None, date | None, str], ...]
    unreadable: tuple[Unreadable, ...]
    wording: Wording = field(default_factory=Wording)

    @property
    def families(self) -> tuple[str, ...]:
        """The families of the lines and breakdowns, each once."""
        metrics = (*(line.metric for line in self.lines), *(breakdown.metric for breakdown in self.breakdowns))
        return tuple(dict.fromkeys(family_of(metric) for metric in metrics))

    def line(self, id: str) -> SummaryLine | None:
        """Return the line of a KPI, or None where the workspace has none."""
        return next((line for line in self.lines if line.metric.id == id), None)


def place_of(id: str) -> int:
    """Return where a KPI stands among the headlines; behind all of them when it is none."""
    return _PLACES.get(id, len(HEADLINES))


def family_of(metric: Metric) -> str:
    """Return the family that a metric is shown under."""
    return metric.family or "Other"


def in_order(lines: Sequence[SummaryLine]) -> tuple[SummaryLine, ...]:
    """Return the lines by family, the family with the first headline first, and headlines first within each."""
    first: dict[str, int] = {}
    for line in lines:
        family = family_of(line.metric)
        first[family] = min(place_of(line.metric.id), first.get(family, place_of(line.metric.id)))

    def turn(line: SummaryLine) -> tuple[int, str, int]:
        family = family_of(line.metric)
        # by name where several families have no headline
        return first[family], family, place_of(line.metric.id)

    return tuple(sorted(lines, key=turn))


def collect(workspace: Workspace, period: str = "this quarter") -> Summary:
    """Return the report of a workspace for a period, beside the earlier one like with like, and twelve months.

    Raises: BadPeriod when the period cannot be read, WarehouseError when nothing was loaded.
    """
    whole = workspace.period(period)
    months = _months(workspace, min(workspace.engine.today, whole.last))
    lines = in_order(_lines(workspace, whole, months))
    earlier = Counter(line.before.question.period for line in lines if line.before)
    return replace(
        data_summary(workspace, whole, tuple(workspace.registry.metrics)),
        before=earlier.most_common(1)[0][0] if earlier else None,
        months=months,
        lines=lines,
        breakdowns=tuple(_breakdowns(workspace, whole)),
    )


def data_summary(workspace: Workspace, whole: Period, kpis: Iterable[str]) -> Summary:
    """Return a report on the data and the definitions of some KPIs, without any number of theirs."""
    today, state = workspace.engine.today, workspace.warehouse.state
    return Summary(
        name=workspace.config.name,
        currency=workspace.config.currency,
        timezone=workspace.config.timezone,
        today=today,
        data_time=state.time,
        data_version=state.version,
        period=whole,
        progress=_progress(workspace.wording, whole, today),
        before=None,
        months=(),
        lines=(),
        breakdowns=(),
        catalogue=tuple(workspace.registry.metrics[id] for id in kpis),
        entities=tuple(
            (name, entity.rows, entity.first, entity.last, "; ".join(workspace.wording.notes(entity.notes)))
            for name, entity in state.entities.items()
        ),
        unreadable=_unreadable(workspace),
        wording=workspace.wording,
    )


def _unreadable(workspace: Workspace) -> tuple[Unreadable, ...]:
    """Return what could not be read; nothing of a warehouse whose tables are made elsewhere."""
    warehouse = workspace.warehouse
    return warehouse.unreadable(_MOST_UNREADABLE) if isinstance(warehouse, LoadedWarehouse) else ()


def _months(workspace: Workspace, last: date) -> tuple[Period, ...]:
    calendar = workspace.calendar
    # Ids of months follow each other without a gap.
    end = calendar.containing(Grain.MONTH, last)
    assert end.id is not None
    return tuple(calendar.by_id(Grain.MONTH, end.id - back) for back in range(MONTHS - 1, -1, -1))


def _lines(workspace: Workspace, period: Period, months: tuple[Period, ...]) -> tuple[SummaryLine, ...]:
    """Return a line for each KPI that can be asked for the period or by month; each kind is one batch."""
    now = _askable(workspace, period)
    answers = {answer.question.metric: answer for answer in workspace.get(now, period).answers}
    comparable = [id for id in now if workspace.comparable(answers[id].question, "previous")]
    result = workspace.get(comparable, period, compare="previous") if comparable else Result(())
    before = {answer.question.metric: answer for answer in result.compared}
    changes = {record["kpi"]: record["change"] for record in result.records()}
    by_month = _by_month(workspace, months)
    by_rep = _by(workspace, _askable(workspace, period, "rep"), period, "rep")
    metrics = (
        metric for metric in workspace.registry.metrics.values() if metric.id in answers or metric.id in by_month
    )
    return tuple(
        SummaryLine(
            metric,
            answers.get(metric.id),
            before.get(metric.id),
            changes.get(metric.id),
            workspace.engine.target(answers[metric.id].question) if metric.id in answers else None,
            by_month.get(metric.id, ()),
            tuple(workspace.engine.target(answer.question) for answer in by_month.get(metric.id, ())),
            by_rep.get(metric.id, {}),
        )
        for metric in metrics
    )


def _by_month(workspace: Workspace, months: tuple[Period, ...]) -> dict[str, tuple[Answer, ...]]:
    span = workspace.calendar.between(months[0].start, months[-1].last)
    answers: dict[str, tuple[Answer, ...]] = {}
    for answer in workspace.get(_askable(workspace, months[0]), span, grain=Grain.MONTH).answers:
        answers[answer.question.metric] = (*answers.get(answer.question.metric, ()), answer)
    return answers


def _by(workspace: Workspace, ids: Sequence[str], period: Period, dimension: str) -> dict[str, dict[str, Answer]]:
    """Return the answers by KPI and member of the dimension."""
    answers: dict[str, dict[str, Answer]] = {}
    for answer in workspace.get(ids, period, by=dimension).answers:
        answers.setdefault(answer.question.metric, {})[dict(answer.question.cuts)[dimension][0]] = answer
    return answers


def _breakdowns(workspace: Workspace, period: Period) -> Iterable[SummaryBreakdown]:
    """Give the KPIs that cannot be asked without a cut, by the dimension they need."""
    for metric in workspace.registry.metrics.values():
        needed = metric.variant(workspace.definitions.named(metric.id)[1]).needs_cut
        if len(needed) == 1 and metric.id in _askable(workspace, period, *needed):
            answers = _by(workspace, [metric.id], period, needed[0])
            if answers:
                yield SummaryBreakdown(metric, needed[0], answers[metric.id])


def _progress(wording: Wording, period: Period, today: date) -> str:
    """Return how much of a period has passed, "" for all of it."""
    if today < period.start:
        return wording.note(Note.of("not_begun"))
    to_date = Note.of(TO_DATE, elapsed=(today - period.start).days + 1, days=period.days)
    return wording.note(to_date) if today < period.last else ""


def _askable(workspace: Workspace, period: Period, *by: str) -> list[str]:
    """Return the KPIs whose default variant can be asked for the period with these cuts."""
    return [id for id in workspace.registry.metrics if _can_be_asked(workspace, id, period, by)]


def _can_be_asked(workspace: Workspace, id: str, period: Period, by: tuple[str, ...]) -> bool:
    try:
        workspace.engine.check(Question(*workspace.definitions.named(id), period), by)
    except KpiError:
        return False
    return True
