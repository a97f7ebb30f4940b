"""Words of a kept column of codes that are none of them any more: its old meaning is not stretched over them."""

from __future__ import annotations

from collections.abc import Iterable

from kpicore import BadConfig, counted, shortened
from kpicore_sources.files.by_name import Earlier
from kpicore_sources.files.coded_columns import CodedColumn
from kpicore_sources.files.doctor import TableCase

_SHARE = 1 / 3
_SHOWN = 3


def refuse_strange_words(cases: Iterable[TableCase], earlier: Earlier) -> None:
    """Refuse a kept mapping where more than a third of a closed column are words that are no code and are new.

    A new word among known ones is told by the load and left out where it matters; here the column holds something else.

    Raises: BadConfig naming file, column, words, and what to write.
    """
    for case in cases:
        for coded in case.coded_columns if case.kept else ():
            strange = _strange(coded, earlier)
            if strange:
                words = list(strange.items())[:_SHOWN]
                shown = ", ".join(f"'{shortened(word, 40)}' ({counted(rows, 'rows', 'row')})" for word, rows in words)
                section = f"[words.{coded.entity}.{coded.field.name}]"
                problem = f"{coded.place}, column {coded.column}: its words are no {coded.field.name} that is known"
                hint = f'Write what they are, or "" for none, under {section} in kpi.toml. Nothing was loaded.'
                raise BadConfig(case.file, f"{problem}, as those loaded before were: {shown}", hint=hint)


def _strange(coded: CodedColumn, earlier: Earlier) -> dict[str, int]:
    """Return the words of a closed column that are new and no code, {} where they are few or it always had such."""
    unknown, rows = coded.unknown, sum(coded.words.values())
    if not coded.codes.closed or sum(unknown.values()) <= _SHARE * rows:
        return {}
    before = [word for _, word in earlier(coded.entity, coded.field.name) if word]
    strange = {word: number for word, number in unknown.items() if word not in {*before}}
    known = sum(coded.codes.code_of(word) is not None for word in before)
    if sum(strange.values()) <= _SHARE * rows or 2 * known <= len(before):
        return {}
    return strange
