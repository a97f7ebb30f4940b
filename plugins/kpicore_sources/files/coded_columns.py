"""The words that stand in columns of codes: which code each is, and which are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kpicore import Codes, Field, Registry
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.convert import conversion
from kpicore_sources.files.plan import Plan

_MOST = 1000
ASKED_ONCE = {("cost", "category"): "retention"}
"""Open fields whose unknown words count all alike but for those of one code: it is asked once which these are."""


@dataclass(frozen=True, slots=True)
class CodedColumn:
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
    def exception(self) -> str:
        """The code of the words that do not count like all others, where there is one."""
        return ASKED_ONCE.get((self.entity, self.field.name), "")

    @property
    def unknown(self) -> Mapping[str, int]:
        """The words that are no code and of which nobody has said what they are."""
        codes = self.codes
        return {
            word: rows
            for word, rows in self.words.items()
            if codes.code_of(word) is None and not codes.is_answered(word)
        }

    def of(self, registry: Registry) -> CodedColumn:
        """Return the same with the codes that a registry has for the field."""
        return replace(self, field=registry.entity(self.entity).field(self.field.name) or self.field)


def coded_columns(reader: ColumnReader, plan: Plan) -> tuple[CodedColumn, ...]:
    """Return the words of each column whose words matter, of the rows that are loaded."""
    columns = []
    for name, input_ in plan.direct.items():
        codes = input_.field.codes
        if codes is None or not (codes.closed or (plan.entity.name, name) in ASKED_ONCE):
            continue
        # Of this field alone, so that no other column is read for it.
        # ends={}: those of other fields, which are no longer mapped here
        converted = conversion(
            replace(plan, mapping=replace(plan.mapping, fields={name: input_.column}, ends={})), reader
        )
        rows = reader.staging.query(
            f"SELECT {converted.fields[name]} AS word, count(*) FROM {plan.sheet.table}"
            f" WHERE NOT ({converted.left_out}) GROUP BY word ORDER BY 2 DESC, 1 LIMIT {_MOST}",
            converted.values,
        )
        words = {str(word): int(count) for word, count in rows if word is not None}
        columns.append(CodedColumn(plan.sheet.place, plan.entity.name, input_.field, input_.column, words))
    return tuple(columns)


def together(columns: Iterable[CodedColumn]) -> list[CodedColumn]:
    """Return one for each field, with the words of all its columns, so that each is asked about once."""
    by_field: dict[tuple[str, str], CodedColumn] = {}
    for coded in columns:
        before = by_field.setdefault((coded.entity, coded.field.name), replace(coded, words={}))
        words = {word: before.words.get(word, 0) + rows for word, rows in coded.words.items()}
        by_field[coded.entity, coded.field.name] = replace(before, words={**before.words, **words})
    return list(by_field.values())
