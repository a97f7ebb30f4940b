"""What one number means by itself: the band that it falls into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kpicore.model.inputs import Target
from kpicore.model.metrics import Band, Metric
from kpicore.model.notes import TO_DATE
from kpicore.model.questions import Answer
from kpicore.model.rules import FAIR, GOOD, POOR
from kpicore.model.units import HIGHER, LOWER, Unit


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status ("good", "fair", "poor", "" where the band tells none), its meaning, and what to do."""

    status: str
    meaning: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of all numbers of a band, `above` <= value < `below`; and `meanwhile`, as long as their period is
    in progress.
    """

    judgement: Judgement
    meanwhile: Judgement
    above: float | None = None
    below: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a number falls into the band."""
        # from `above` on, up to and not including `below`: bands that touch share no value
        return (self.above is None or value >= self.above) and (self.below is None or value < self.below)


def verdicts(metric: Metric, variant: str, unit: Unit) -> tuple[Verdict, ...]:
    """Return what the bands of a metric say of the numbers of a variant; the first that holds a number counts.

    Bands are in the metric's own unit: a variant in another one has none.
    """
    told = []
    for band in metric.bands if unit == metric.unit else ():
        status = band.status or usual_status(band, metric)
        judgement = meanwhile = Judgement(
            status, band.meaning, band.action or (metric.action if status == POOR else "")
        )
        if status == POOR and _is_attainment(metric, variant):
            meanwhile = Judgement("", "Not reached yet: the period is in progress.", metric.action)
        told.append(Verdict(judgement, meanwhile, band.above, band.below))
    return tuple(told)


def judged(answer: Answer, metric: Metric) -> Judgement | None:
    """Return what the bands of a metric say of an answer; None without a band or without a value.

    A target that is not reached is no verdict while its period is in progress.
    """
    if answer.value is None:
        return None
    of_metric = verdicts(metric, answer.question.variant, answer.unit)
    return verdict_on(answer.value, of_metric, in_progress=in_progress(answer))


def verdict_on(value: float, verdicts: Iterable[Verdict], *, in_progress: bool) -> Judgement | None:
    """Return what the first verdict says that holds a number; None where none does."""
    verdict = next((verdict for verdict in verdicts if verdict.holds(value)), None)
    if verdict is None:
        return None
    return verdict.meanwhile if in_progress else verdict.judgement


def meant(value: float, unit: Unit, metric: Metric) -> Judgement | None:
    """Return what the bands of a metric say of a plain number in a unit; None without a band."""
    return verdict_on(value, verdicts(metric, metric.default, unit), in_progress=False)


def in_progress(answer: Answer) -> bool:
    """Whether the answer is to date, its period not over."""
    return any(note.kind == TO_DATE for note in answer.notes)


def usual_status(band: Band, metric: Metric) -> str:
    """Return the status of a band that gives none: best and worst by the metric's direction, "" without one."""
    if metric.better not in (HIGHER, LOWER) or len(metric.bands) < 2:
        return ""
    if band.above is not None and band.below is not None:
        return FAIR
    # the band that is open at the top is the good one where higher is better, and the bad one where lower is
    return GOOD if (band.below is None) == (metric.better is HIGHER) else POOR


def _is_attainment(metric: Metric, variant: str) -> bool:
    return any(isinstance(input_, Target) for input_ in metric.variant(variant).inputs.values())
