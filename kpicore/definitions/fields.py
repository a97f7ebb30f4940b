"""A field as a table of a definitions file: what fills it, in the order in which it is tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kpicore.definitions.inputs import WORDS, aggregate_of
from kpicore.definitions.toml_tables import TomlTable
from kpicore.model.schema import Field, FirstSince, How, LookUp, RollUp, Type

FIELD_WORDS = ("type", "meaning", "unit", "how", "refers_to", "dimension", "plan", "tracked")
FIELD_KEYS = (*FIELD_WORDS, "replaces")
_TYPES = {type_.value: type_ for type_ in Type}
LOOK_UP, FIRST_SINCE, KEY = "look_up", "first_since", "key"
_ROLL_UPS = ("count", "total", "distinct", "average", "median", "percentile", "latest", "earliest")
_EXAMPLE = """how = "case when amount >= 300 then 'big' else 'small' end\""""


def field_of(entity: str, name: str, table: TomlTable) -> Field:
    """Return the field that a table says. Raises DefinitionRefused."""
    table.only(FIELD_KEYS, "a field")
    type_ = table.choice("type", _TYPES)
    if type_ is None:
        table.refuse("type", "it needs a 'type'", f"The types: {', '.join(_TYPES)}.")
    if "how" not in table.values:
        table.refuse("how", "it needs a 'how'", f"Write {_EXAMPLE}; [] for one that only a source fills.")
    is_dimension = table.flag("dimension")
    if is_dimension and type_ is not Type.TEXT:
        table.refuse("dimension", f"answers are cut by texts, and this is a {type_.value}")
    table.flag("replaces")  # for those who join the files; here it must only be sound
    return Field(
        entity,
        name,
        type_,
        table.needed("meaning", '"Whether the loan is late."'),
        unit=table.text("unit"),
        refers_to=table.text("refers_to"),
        how=tuple(_ways(table)),
        dimension=is_dimension,
        plan=table.flag("plan"),
        tracked=table.flag("tracked"),
    )


def standing_in(field: Field, there: Field, said: Iterable[str]) -> Field:
    """Return the field that is there with what a file `said` in its place; all else it keeps."""
    return replace(there, **{word: getattr(field, word) for word in FIELD_WORDS if word in said})


def _ways(table: TomlTable) -> Iterator[How]:
    for part in table.parts("how"):
        if isinstance(part, str):
            yield part
        elif LOOK_UP in part.values:
            part.only((LOOK_UP, "through"), "a look-up")
            entity, field = _field_of_an_entity(part, LOOK_UP, "reader.town")
            yield LookUp(part.needed("through", '"reader_id"'), entity, field)
        elif FIRST_SINCE in part.values:
            part.only((FIRST_SINCE, "through", KEY, "since"), "the first since")
            entity, field = _field_of_an_entity(part, FIRST_SINCE, "loan.returned_on")
            through, key = (part.needed(name, '"reader_id"') for name in ("through", KEY))
            yield FirstSince(through, entity, key, field, part.needed("since", '"closed_on"'))
        else:
            yield _roll_up(part)


def _field_of_an_entity(table: TomlTable, key: str, example: str) -> tuple[str, str]:
    entity, dot, field = table.needed(key, f'"{example}"').partition(".")
    if not dot:
        table.refuse(key, "it looks up a field of an entity", f'Write {key} = "{example}".')
    return entity, field


def _roll_up(table: TomlTable) -> RollUp:
    # exactly one word tells the roll-up; without any the table says nothing, with two nobody knows which
    ways = [way for way in _ROLL_UPS if way in table.values]
    if len(ways) != 1:
        hint = f'Write {{ {LOOK_UP} = "reader.town", through = "reader_id" }}, or one of {", ".join(_ROLL_UPS)}.'
        table.refuse(ways[1] if ways else "", "a way to fill a field is a text, a look-up or a roll-up", hint)
    table.only((KEY, ways[0], *(word for word in WORDS[ways[0]] if word != "expects")), "a roll-up")
    return RollUp(table.needed(KEY, '"reader_id"'), aggregate_of(ways[0], table))
