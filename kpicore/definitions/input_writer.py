"""Inputs as tables of a definitions file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore.definitions.inputs import WORDS
from kpicore.model.inputs import Aggregate, Earlier, Input, MetricValue, Per, Standing, Target, aggregate_name


def input_table(given: Input) -> dict[str, Any]:
    """Return an input as the table that says it."""
    match given:
        case MetricValue(ref):
            return {"metric": ref}
        case Earlier(ref, step):
            return {"earlier": ref, "step": step}
        case Target(ref):
            return {"target": ref}
        case Standing():
            found = {"standing": given.entity, "value": given.value, "since": given.since, "until": given.until}
            return filled({**found, "at": given.at.value, "where": given.where, "regardless_of": given.regardless_of})
        case Aggregate():
            return aggregate_table(given)


def aggregate_table(given: Aggregate) -> dict[str, Any]:
    """Return an aggregate as the table that says it."""
    rows = given.entity
    of = {"per": rows.key, "of": input_table(rows.input)} if isinstance(rows, Per) else rows
    word = aggregate_name(given.word, given.share)
    found = filled(
        {
            "value": given.value,
            "share": given.share if "share" in WORDS[word] else "",
            "when": given.when,
            "where": given.where,
            "regardless_of": given.regardless_of,
            "expects": dict(given.expects),
        }
    )
    return {word: of, **found}


def filled(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words that say something; an absent key reads as nothing, but 0 is a number."""
    return {key: each for key, each in words.items() if each or (each == 0 and each is not False)}
