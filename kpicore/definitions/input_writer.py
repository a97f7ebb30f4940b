"""Inputs as tables of a definitions file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore.definitions.inputs import WORDS
from kpicore.model.inputs import Aggregate, Earlier, Input, MetricValue, Per, Standing, Target


def input_table(input_: Input) -> dict[str, Any]:
    """Return an input as the table that says it."""
    match input_:
        case MetricValue(ref):
            return {"metric": ref}
        case Earlier(ref, step):
            return {"earlier": ref, "step": step}
        case Target(ref):
            return {"target": ref}
        case Standing():
            words = {"standing": input_.entity, "value": input_.value, "since": input_.since, "until": input_.until}
            return filled(
                {**words, "at": input_.at.value, "where": input_.where, "regardless_of": input_.regardless_of}
            )
        case Aggregate():
            return aggregate_table(input_)


def aggregate_table(aggregate: Aggregate) -> dict[str, Any]:
    """Return an aggregate as the table that says it."""
    rows = aggregate.entity
    of = {"per": rows.key, "of": input_table(rows.input)} if isinstance(rows, Per) else rows
    word = "median" if aggregate.word == "percentile" and aggregate.share == 0.5 else aggregate.word
    words = filled(
        {
            "value": aggregate.value,
            "share": aggregate.share if "share" in WORDS[word] else "",
            "when": aggregate.when,
            "where": aggregate.where,
            "regardless_of": aggregate.regardless_of,
            "expects": dict(aggregate.expects),
        }
    )
    return {word: of, **words}


def filled(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words that say something; an absent key reads as nothing, but 0 is a number."""
    return {key: value for key, value in words.items() if value or (value == 0 and value is not False)}
