"""Inputs and definitions in words, as they are written: what `kpi show` and the documentation print.

`kpi explain` says inputs as they are compiled, in `engine.explain`.
"""

from __future__ import annotations

from kpicore.model.inputs import Aggregate, At, Earlier, Input, MetricValue, Per, Standing, Target, aggregate_name

_AT = {At.START: "at the start", At.END: "at the end", At.MEAN: "on average", At.DURING: "at any time"}
_STEP = {"previous": "in the period before", "year": "a year earlier"}


def input_words(input_: Input) -> str:
    """Return what an input is, in words: `count of loan by lent_on where state = 'out'`."""
    match input_:
        case MetricValue(ref):
            return f"KPI {ref}"
        case Earlier(ref, step):
            return f"KPI {ref} {_STEP.get(step, step + ' earlier')}"
        case Target(ref):
            return f"target of {ref}"
        case Standing():
            return _standing(input_)
        case Aggregate():
            return _aggregate(input_)


def _aggregate(aggregate: Aggregate) -> str:
    what = f"{_word(aggregate)} of {aggregate.value}" if aggregate.value else _word(aggregate)
    if isinstance(aggregate.entity, Per):
        rows = f"{aggregate.entity.key} of ({input_words(aggregate.entity.input)})"
    else:
        rows = aggregate.entity
    joint = f"{what} over" if aggregate.value else f"{what} of"
    parts = [
        joint,
        rows,
        f"by {aggregate.when}" if aggregate.when else "",
        *_ends(aggregate.where, aggregate.regardless_of),
    ]
    return " ".join(part for part in parts if part)


def _word(aggregate: Aggregate) -> str:
    if aggregate.word == "distinct":
        return "distinct values"
    name = aggregate_name(aggregate.word, aggregate.share)
    return f"{aggregate.share * 100:g}th percentile" if name == "percentile" else name


def _standing(stock: Standing) -> str:
    what = f"total of {stock.value} over" if stock.value else "count of"
    alive = f"from {stock.since} to {stock.until}, {_AT[stock.at]}"
    return " ".join([what, stock.entity, alive, *_ends(stock.where, stock.regardless_of)])


def _ends(where: str, regardless_of: tuple[str, ...]) -> list[str]:
    phrases = [f"where {where}"] if where else []
    return [*phrases, f"(regardless of {', '.join(regardless_of)})"] if regardless_of else phrases


def function_name(metric_id: str) -> str:
    """Return the spreadsheet function of a metric: `KPI_LOANS`."""
    return f"KPI_{metric_id.upper()}"
