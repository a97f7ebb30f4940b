"""Ids in one file that have no row in the file they refer to, but a twin there: GTXPro and GTX Pro."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kpicore_sources.files.known_words import plain
from kpicore_sources.files.plan import Plan
from kpicore_sources.files.staging import Staging
from kpicore_sources.files.typed_values import trimmed_sql

_MOST = 5000
"""Among more ids none is looked for by likeness: every id would be compared with every strange one."""
_MOST_PAIRS = 1_000_000
"""So many are compared, for three seconds: those of the strange ones that come most often."""
_ALIKE = 0.85


@dataclass(frozen=True, slots=True)
class Twin:
    """`given` stands in `field` in `count` rows and is not among the ids of `other`; `likely` is.

    `sure` twins have the same letters and digits, and differ only in case, spaces and signs.
    """

    field: str
    given: str
    likely: str
    count: int
    other: str
    sure: bool


def twins(staging: Staging, plan: Plan, others: Sequence[Plan]) -> list[Twin]:
    """Return the twins of the ids that a table refers to, among the tables of the same import."""
    likely_twins: list[Twin] = []
    for name, input_ in plan.direct.items():
        known = next(
            (other for other in others if other.entity.name == input_.field.refers_to and "id" in other.direct), None
        )
        if known is None or known is plan or name in plan.mapping.by:
            continue
        ids = set(_values(staging, known, "id"))
        mapped = plan.mapping.values.get(name, {})
        strange = {
            value: count
            for value, count in _values(staging, plan, name).items()
            if value not in ids and value not in mapped
        }
        likely_twins += _twins(name, strange.items(), ids, known.sheet.place)
    return likely_twins


def _twins(field: str, strange: Iterable[tuple[str, int]], ids: set[str], other: str) -> list[Twin]:
    by_letters: dict[str, list[str]] = {}
    for key in ids:
        by_letters.setdefault(_letters(key), []).append(key)
    likely_twins = []
    pairs = 0
    for value, count in strange:
        same = by_letters.get(_letters(value), [])
        if len(same) == 1:
            likely_twins.append(Twin(field, value, same[0], count, other, True))
        elif not same and len(ids) <= _MOST and not value.isdecimal():
            pairs += len(ids)
            if pairs > _MOST_PAIRS:
                continue
            # two: where a second one is as near, nobody knows which is meant
            likely = get_close_matches(value, ids, n=2, cutoff=_ALIKE)
            if len(likely) == 1 and not _numbers_differ(value, likely[0]):
                likely_twins.append(Twin(field, value, likely[0], count, other, False))
    return likely_twins


def _letters(text: str) -> str:
    return plain(text).replace(" ", "")


def _numbers_differ(text: str, other: str) -> bool:
    """Return whether digits differ: MG 500 and MG 600 are no twins."""
    return [sign for sign in text if sign.isdigit()] != [sign for sign in other if sign.isdigit()]


def _values(staging: Staging, plan: Plan, field: str) -> dict[str, int]:
    cell = plan.sheet.cell(plan.direct[field].column)
    rows = staging.query(
        f"SELECT {trimmed_sql('v')} AS text, sum(n) FROM"
        f" (SELECT {cell} AS v, count(*) AS n FROM {plan.sheet.table} WHERE {cell} <> '' GROUP BY {cell})"
        f" GROUP BY text ORDER BY 2 DESC LIMIT {_MOST * 20}"
    )
    return {str(value): int(count) for value, count in rows}
