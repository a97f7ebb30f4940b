"""The reasons of answers without a value, in a few words, and as the beginning of a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kpicore.model import questions

REASONS: Mapping[str, str] = MappingProxyType(
    {
        questions.ZERO_DENOMINATOR: "no value",
        questions.NO_ROWS: "no value",
        questions.UNDEFINED: "no value",
        questions.NO_DATA: "no data",
        questions.NOT_LOADED: "not loaded",
        questions.NOT_STARTED: "not started",
        questions.NO_TARGET: "no target",
        questions.AMBIGUOUS_TARGET: "no value",
    }
)

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        questions.ZERO_DENOMINATOR: "Nothing to divide by",
        questions.NO_ROWS: "No rows in this period",
        questions.NO_DATA: "Outside the loaded dates",
        questions.NOT_LOADED: "Not loaded",
        questions.NOT_STARTED: "Has not started",
        questions.NO_TARGET: "No target is set",
        questions.UNDEFINED: "Has no value",
    }
)
