"""The words that stand in columns of codes: which code each is, and which are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kpicore import Codes, Field
from kpicore_sources.files.columns import Reader
from kpicore_sources.files.convert import conversion
from kpicore_sources.files.plan import Plan
from kpicore_sources.files.staging import Staging


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of a column with codes, as they reach the load, with their rows; the most frequent first."""

    place: str
    entity: str
    field: Field
    column: str
    words: Mapping[str, int]

    @property
    def codes(self) -> Codes:
        """The codes of the field."""
        assert self.field.codes is not None
        return self.field.codes

    @property
    def unknown(self) -> Mapping[str, int]:
        """The words that are no code and of which nobody has said what they are."""
        return {
            word: rows
            for word, rows in self.words.items()
            if self.codes.code_of(word) is None and not self.codes.is_answered(word)
        }


def spoken_words(reader: Reader, plan: Plan) -> tuple[Spoken, ...]:
    """Return the words of each column that is a field with codes, of the rows that are loaded."""
    coded = [each for each in plan.direct.values() if each.field.codes is not None]
    found = []
    for each in coded:
        name = each.field.name
        mapping = replace(plan.mapping, fields={name: each.column}, ends={})
        converted = conversion(replace(plan, mapping=mapping), reader)
        rows = reader.staging.query(
            f"SELECT {converted.fields[name]} AS word, count(*) FROM {plan.sheet.table}"
            f" WHERE NOT ({converted.left_out}) GROUP BY word ORDER BY 2 DESC, 1",
            converted.values,
        )
        words = {str(word): int(count) for word, count in rows if word is not None}
        found.append(Spoken(plan.sheet.place, plan.entity.name, each.field, each.column, words))
    return tuple(found)


def together(spoken: Iterable[Spoken]) -> list[Spoken]:
    """Return one for each field: the words of all its columns, so that each is asked about once."""
    found: dict[tuple[str, str], Spoken] = {}
    for each in spoken:
        key = (each.entity, each.field.name)
        before = found.get(key)
        if before is None:
            found[key] = each
            continue
        words = dict(before.words)
        for word, rows in each.words.items():
            words[word] = words.get(word, 0) + rows
        found[key] = replace(before, words=words)
    return list(found.values())
