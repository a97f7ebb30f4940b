"""Answers are put into a mapping that people have edited, however they have spelled it."""

from __future__ import annotations

import tomllib

import pytest

from kpicore_sources.files.kept_mappings import amended_text

HEAD = '[[table]]\nentity = "order" # ours\nheader = ["No"]\n'
SPELLINGS = [
    HEAD + '[table.fields]\nid = "No"\n',
    HEAD + '[table.fields]\nid = "No"\n[table.values.channel]\nx = "web"\n[[table]]\nentity = "user"\n',
    HEAD + 'fields = {id = "No"}\nvalues = {}\n',
    HEAD + 'fields.id = "No"\nvalues.channel.x = "web"\n[[table]]\nentity = "user"\n',
    HEAD + "values = {status = {a = 'b'}}\n[table.fields]\nid = \"No\"\n",
    'table = [{entity = "order", fields = {id = "No"}}, {entity = "user"}] # ours\n',
]


@pytest.mark.parametrize("text", SPELLINGS)
@pytest.mark.parametrize(
    "answer", [("fields", "amount", 'a "b"'), ("values.status", "No", "open"), ("columns", "No", "text")]
)
def test_an_answer_is_added_to_any_spelling(text: str, answer: tuple[str, str, str]) -> None:
    amended = amended_text(text, 0, [answer])
    assert amended is not None and "# ours" in amended
    before, after = tomllib.loads(text)["table"], tomllib.loads(amended)["table"]
    section, key, value = answer
    outer, _, inner = section.partition(".")
    table = after[0][outer][inner] if inner else after[0][outer]
    assert table.pop(key) == value
    if inner and not table:
        del after[0][outer][inner]
    # what is left is what was there, but for a section that was not
    assert {**before[0], outer: before[0].get(outer, {})} == after[0]
    assert after[1:] == before[1:]
