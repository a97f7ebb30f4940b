"""Inputs and definitions in words: what `kpi show`, `kpi explain` and the documentation print."""

from __future__ import annotations

from kpicore.model.inputs import Aggregate, At, Earlier, Input, MetricValue, Per, Standing, Target, aggregate_name

_AT = {At.START: "at the start", At.END: "at the end", At.MEAN: "on average", At.DURING: "at any time"}
_STEP = {"previous": "in the period before", "year": "a year earlier"}


def input_words(given: Input) -> str:
    """Return what an input is, in words: `count of loan by lent_on where state = 'out'`."""
    match given:
        case MetricValue(ref):
            return f"KPI {ref}"
        case Earlier(ref, step):
            return f"KPI {ref} {_STEP.get(step, step + ' earlier')}"
        case Target(ref):
            return f"target of {ref}"
        case Standing():
            return _standing(given)
        case Aggregate():
            return _aggregate(given)


def _aggregate(given: Aggregate) -> str:
    what = f"{_word(given)} of {given.value}" if given.value else _word(given)
    if isinstance(given.entity, Per):
        rows = f"{given.entity.key} of ({input_words(given.entity.input)})"
    else:
        rows = given.entity
    joint = f"{what} over" if given.value else f"{what} of"
    parts = [joint, rows, f"by {given.when}" if given.when else "", *_ends(given.where, given.regardless_of)]
    return " ".join(part for part in parts if part)


def _word(given: Aggregate) -> str:
    if given.word == "distinct":
        return "distinct values"
    name = aggregate_name(given.word, given.share)
    return f"{given.share * 100:g}th percentile" if name == "percentile" else name


def _standing(given: Standing) -> str:
    what = f"total of {given.value} over" if given.value else "count of"
    alive = f"from {given.since} to {given.until}, {_AT[given.at]}"
    return " ".join([what, given.entity, alive, *_ends(given.where, given.regardless_of)])


def _ends(where: str, regardless_of: tuple[str, ...]) -> list[str]:
    found = [f"where {where}"] if where else []
    return [*found, f"(regardless of {', '.join(regardless_of)})"] if regardless_of else found


def function_name(metric_id: str) -> str:
    """Return the spreadsheet function of a metric: `KPI_LOANS`."""
    return f"KPI_{metric_id.upper()}"
