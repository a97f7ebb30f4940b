"""Columns that were empty when their mapping was made: nobody decided about them, so they are looked at once filled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kpicore_sources.files.mapping import TableMapping
from kpicore_sources.files.profile import EMPTY, Profile

Answer = tuple[str, str, str]


def filled_since(kept: TableMapping, proposed: TableMapping, profiles: Mapping[str, Profile]) -> dict[str, str]:
    """Return the fields that a proposal fills from columns that were empty, without those that the kept mapping has."""
    filled = {each for each in kept.empty if each in profiles and profiles[each].kind != EMPTY}
    used = {*kept.fields.values()}
    computed = " ".join(used - {*kept.header})
    return {
        field: column
        for field, column in proposed.fields.items()
        if column in filled - used and column not in computed and field not in kept.fields
    }


def told_of(fields: Mapping[str, str], file: Path) -> tuple[str, ...]:
    """Return what to tell of each field that is read now."""
    return tuple(
        f"{column} was empty when {file} was made: it is read as {field} from now on"
        for field, column in fields.items()
    )


def with_answers(answers: tuple[Answer, ...], section: str, more: Mapping[str, str]) -> tuple[Answer, ...]:
    """Return the answers with more of a section, each key once."""
    known = {(where, key) for where, key, _ in answers}
    return (*answers, *((section, key, value) for key, value in more.items() if (section, key) not in known))
