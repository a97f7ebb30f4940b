"""The digest of a reading changes when the mapping means something else, and with nothing that only looks different."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import Field, Type
from kpicore_sources.files.known_words import read_words
from kpicore_sources.files.mapping import TableMapping, mapping_text, read_mapping
from kpicore_sources.files.reading_digest import reading_digest
from tests.crm import crm_registry

WORDS = read_words()
DEAL = crm_registry().entity("opportunity")
HEADER = ("ID", "Betrag", "Angelegt", "Kunde", "Status", "Notiz", "Rest")
TABLE = TableMapping(
    "opportunity",
    HEADER,
    sheet="Q1",
    encoding="cp1252",
    readings={"Betrag": "number 1.234,56", "Angelegt": "date day-month-year"},
    fields={"id": "ID", "amount": "Betrag", "created_at": "Angelegt", "account_id": "Kunde", "stage": "Status"},
    values={"stage": {"Gew.": "won", "?": "?"}, "account_id": {"Acme ": "a1"}},
    by={"account_id": "name"},
    ends={"close_date": "last day"},
    leave_out=("Status = 'Test'", "Betrag = 0"),
)


def digest(table: TableMapping = TABLE, zone: str = "UTC", words: Any = WORDS, entity: Any = DEAL) -> str:
    return reading_digest(table, entity, zone, words)


def changed(table: TableMapping, section: str, key: str, value: str) -> TableMapping:
    """Return the table with one more entry, or another value of one, in a section."""
    return replace(table, **{section: {**getattr(table, section), key: value}})


MEANT: Mapping[str, Callable[[TableMapping], TableMapping]] = {
    "entity": lambda table: replace(table, entity="order"),
    "sheet": lambda table: replace(table, sheet="Q2"),
    "encoding": lambda table: replace(table, encoding="utf-8"),
    "a reading": lambda table: changed(table, "readings", "Betrag", "number 1,234.56"),
    "a reading more": lambda table: changed(table, "readings", "Status", "yes/no"),
    "another column": lambda table: changed(table, "fields", "amount", "Notiz"),
    "a field more": lambda table: changed(table, "fields", "name", "Notiz"),
    "an expression": lambda table: changed(table, "fields", "amount", "Betrag * 1.19"),
    "a column that is none any more": lambda table: replace(table, header=HEADER[1:]),
    "what a text means": lambda table: changed(table, "values", "stage", {"Gew.": "lost"}),  # type: ignore[arg-type]
    "by": lambda table: replace(table, by={}),
    "ends": lambda table: changed(table, "ends", "close_date", "day after"),
    "a row more is left out": lambda table: replace(table, leave_out=(*table.leave_out, "Betrag = 1")),
    "rows are left out by another column": lambda table: replace(table, leave_out=("Notiz = 'Test'", "Betrag = 0")),
}


@pytest.mark.parametrize("change", MEANT)
def test_what_means_something_else_changes_the_digest(change):
    assert digest(MEANT[change](TABLE)) != digest()


def test_all_that_can_change_gives_digests_of_its_own():
    digests = [digest(), digest(zone="Europe/Berlin"), *(digest(change(TABLE)) for change in MEANT.values())]
    assert len({*digests}) == len(MEANT) + 2


SAID: Mapping[str, Callable[[TableMapping], TableMapping]] = {
    "notes": lambda table: replace(table, notes={"entity": "a note"}, untold={"Notiz": "text"}, unused=("Notiz",)),
    "order of columns": lambda table: replace(table, header=table.header[::-1]),
    "a column more": lambda table: replace(table, header=(*table.header, "Neu")),
    "an empty column": lambda table: replace(table, empty=("Notiz",)),
    "how a column is written that nothing reads": lambda table: changed(table, "readings", "Rest", "text"),
    "an answer that is open": lambda table: changed(table, "readings", "Kunde", "?"),
    "a text that is open": lambda table: replace(table, values={**table.values, "name": {"x": "?"}}),
    "order of conditions": lambda table: replace(table, leave_out=table.leave_out[::-1]),
    "a condition twice": lambda table: replace(table, leave_out=(*table.leave_out, " Betrag = 0")),
    "order of fields": lambda table: replace(table, fields=dict(reversed(table.fields.items()))),
    "order of values": lambda table: replace(table, values=dict(reversed(table.values.items()))),
}


@given(st.lists(st.sampled_from([*SAID]), max_size=8), st.none() | st.sampled_from([*MEANT]))
def test_only_what_is_meant_changes_the_digest_however_else_it_is_written(said, meant):
    table = MEANT[meant](TABLE) if meant else TABLE
    written = table
    for change in said:
        written = SAID[change](written)
    assert digest(written) == digest(table)
    assert (digest(written) == digest()) is (meant is None)


def test_comments_and_layout_of_the_file_say_nothing(tmp_path: Path):
    file = tmp_path / "deals.toml"
    file.write_text(mapping_text("deals.csv", [TABLE]), encoding="utf-8")
    written = digest(read_mapping(file)[0])
    lines = [
        f"  {line}  # as agreed" if " = " in line and "#" not in line else line
        for line in file.read_text().splitlines()
    ]
    file.write_text("# ours\n\n" + "\n\n".join(lines), encoding="utf-8")
    assert digest(read_mapping(file)[0]) == written == digest()


def test_words_count_where_they_are_used():
    assert digest(words=replace(WORDS, empty=(*WORDS.empty, "keine angabe"))) != digest()
    assert digest(words=replace(WORDS, total=(*WORDS.total, "endsumme"))) != digest()
    assert digest(words=replace(WORDS, empty=[*reversed(WORDS.empty)])) == digest()
    assert digest(words=replace(WORDS, files={}, fields={}, common={})) == digest()
    plain = replace(TABLE, leave_out=())
    more = replace(WORDS, yes=(*WORDS.yes, "klar"))
    assert digest(plain, words=more) == digest(plain)
    # a column of two such words is none of numbers within an expression
    assert digest(words=more) != digest()


def test_the_type_of_a_field_counts_where_it_is_filled():
    def deal(name: str, type_: Type) -> Any:
        return replace(DEAL, fields=(*DEAL.fields, Field("opportunity", name, type_, "Ours.")))

    table = changed(TABLE, "fields", "plan", "Notiz")
    assert digest(table, entity=deal("plan", Type.TEXT)) != digest(table, entity=deal("plan", Type.BOOLEAN))
    assert digest(entity=deal("plan", Type.TEXT)) == digest()


def test_it_is_short_and_the_same_at_every_run():
    assert digest() == digest()
    assert len(digest()) == 16
