"""What one number means by itself: the band that it falls into."""

from __future__ import annotations

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


def judged(answer: Answer, metric: Metric) -> Judgement | None:
    """Return what the bands of a metric say of an answer; None without a band or without a value.

    Bands are in the metric's own unit: a variant in another one has none. A target that is not
    reached is no verdict while its period is in progress.
    """
    judgement = None if answer.value is None else meant(answer.value, answer.unit, metric)
    missed = judgement is not None and judgement.status == POOR
    if missed and in_progress(answer) and _is_attainment(metric, answer.question.variant):
        return Judgement("", "Not reached yet: the period is in progress.", metric.action)
    return judgement


def meant(value: float, unit: Unit, metric: Metric) -> Judgement | None:
    """Return what the bands of a metric say of a plain number in a unit; None without a band."""
    band = _band_of(value, metric) if unit == metric.unit else None
    if band is None:
        return None
    status = band.status or usual_status(band, metric)
    return Judgement(status, band.meaning, band.action or (metric.action if status == POOR else ""))


def in_progress(answer: Answer) -> bool:
    """Whether the answer is to date, its period not over."""
    return any(note.kind == TO_DATE for note in answer.notes)


def _band_of(value: float, metric: Metric) -> Band | None:
    for band in metric.bands:
        # from `above` on, up to and not including `below`: bands that touch share no value
        if (band.above is None or value >= band.above) and (band.below is None or value < band.below):
            return band
    return None


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
