"""Inputs and definitions in words: what `kpi show`, `kpi explain` and the documentation print."""

from __future__ import annotations

import re

from kpicore.model.inputs import Aggregate, At, Earlier, Input, MetricValue, Per, Standing, Target

_AT = {At.START: "at the start", At.END: "at the end", At.MEAN: "on average", At.DURING: "at any time"}
_STEP = {"previous": "in the period before", "year": "a year earlier"}


_MANY = re.compile(r"(\w+)s (have|were|are|end|of)\b")
_ONE = {"have": "has", "were": "was", "are": "is", "end": "ends", "of": "of"}


def counted(number: int, many: str, one: str = "") -> str:
    """Return a number with what is told of so many rows; `one` is what is told of a single one.

    Without `one` the noun and the verb that `many` begins with are put into the singular.

    >>> counted(2, "rows have no id"), counted(1, "rows have no id")
    ('2 rows have no id', '1 row has no id')
    """
    if number == 1:
        many = one or _MANY.sub(lambda found: f"{found[1]} {_ONE[found[2]]}", many, count=1)
    return f"{number:,} {many}"


def input_words(given: Input) -> str:
    """Return what an input is, in words: `count of loan by lent_on where state = 'kept'`."""
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
    return " ".join(each for each in parts if each)


def _word(given: Aggregate) -> str:
    if given.word == "distinct":
        return "distinct values"
    if given.word != "percentile":
        return given.word
    return "median" if given.share == 0.5 else f"{given.share * 100:g}th percentile"


def _standing(given: Standing) -> str:
    what = f"total of {given.value} over" if given.value else "count of"
    alive = f"from {given.since} to {given.until}, {_AT[given.at]}"
    return " ".join([what, given.entity, alive, *_ends(given.where, given.regardless_of)])


def _ends(where: str, regardless_of: tuple[str, ...]) -> list[str]:
    found = [f"where {where}"] if where else []
    return [*found, f"(regardless of {', '.join(regardless_of)})"] if regardless_of else found


def function_name(metric_id: str) -> str:
    """Return the spreadsheet function of a metric: `KPI_LATE_SHARE`."""
    return f"KPI_{metric_id.upper()}"
