"""Answers of surveys: which kind a survey is, by its question, and what to ask where nothing of it is known."""

from __future__ import annotations

from collections.abc import Mapping

from kpicore_sources.files.words import plain

_KINDS = (
    (
        "nps",
        ("nps", "recommend", "empfehlen", "recommander", "recomend", "consigli", "ajanlan", "recomanda", "порекоменд"),
    ),
    ("csat", ("csat", "satisf", "zufrieden", "soddisf", "elegedett", "удовлетвор")),
)
"""The survey types with words of which their question, or their file's name, has one."""


def with_survey_type(stem: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of answers with the type of the survey, where no column tells it and the question does."""
    if "score" not in fields or "type" in fields:
        return dict(fields)
    for text in (plain(fields["score"]), plain(stem)):
        kinds = [kind for kind, words in _KINDS if any(word in text for word in words)]
        if len(kinds) == 1:
            return {**fields, "type": f"'{kinds[0]}'"}
    return dict(fields)
