"""Canonical tables and their fields: the words that sources fill and metrics use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from kpicore.errors import BadDefinition
from kpicore.model.checked import check_fields
from kpicore.model.codes import Codes
from kpicore.model.field_kinds import Id, Label
from kpicore.model.inputs import Aggregate


class Type(Enum):
    """The type of a field. MONEY and NUMBER are exact decimals; MOMENT is an instant in UTC."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class LookUp:
    """The value of `field` on the row of `entity` whose id stands in this row's `through`."""

    through: str
    entity: str
    field: str

    def __post_init__(self) -> None:
        check_fields(self, "look-up")


@dataclass(frozen=True, slots=True)
class RollUp:
    """An aggregate over the rows of another entity whose `key` is this row's id.

    It takes no row that is dated after the day of the data: by the aggregate's `when`, else by the main date of the
    entity, unless that is a plan.
    """

    key: str
    aggregate: Aggregate

    def __post_init__(self) -> None:
        check_fields(self, "roll-up")
        if not isinstance(self.aggregate.entity, str):
            raise BadDefinition("roll-up", "it is over rows of an entity, not of per(…)")


@dataclass(frozen=True, slots=True)
class FirstSince:
    """The earliest date or moment `field` that is not before this row's `since`.

    It is looked for on the rows of `entity` whose `key` stands in this row's `through`: a reader's
    first reminder since the loan. A look-up of what happened last would miss one that was made good later.
    """

    through: str
    entity: str
    key: str
    field: str
    since: str

    def __post_init__(self) -> None:
        check_fields(self, "first since")


How = str | LookUp | RollUp | FirstSince
"""How a field is made at load: a row expression over its entity, a look-up, a roll-up, or the first of many since."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of an entity.

    A MOMENT field `x_at` brings the DATE field `x_on`, its day in the organisation's time zone.
    `refers_to` names the entity whose id the field holds.
    `how`, tried in order, fills what the source left empty. In it `given.x` is the field `x` of the row as
    sources gave it, and `period.as_of` the day of the data.
    `settled` is a row expression that the field is in the end, whatever was given: by `given.x` it sees that.
    `needs_one_of` are fields of which at least one must be loaded for the field to be made at all.
    `open_while` is, of a date that ends something, the condition of rows that have not ended where it is
    empty: others have, on a day that is not known, and count as standing on none.
    `plan` marks a date that lies in the future by nature (expected close).
    `tracked` fields change while a row lives, as ends and closed codes do: as of a day before the first load, answers
    say that they are not known.
    `codes` are the words that definitions compare the field with, and their spellings in files. Such a field `x`
    brings the field `x_given`, the word as the source gave it: `words_of` names the `x` on that one.
    `presumes` names presumptions, what must be known beside the rows: where nobody gave it, what reads the field has
    no value. A field made of such fields alone presumes what they do.
    `basis` tells on which basis an amount measures, such as "booked": amounts of different ones are not compared.
    `current` tells that it holds today's state, so that it says nothing of the rows that stand on another day.
    `ends` names, on a date that ends a stretch of time, the date that begins it. Such an end is half-open:
    the first day on which the stretch is over. What holds the last day is turned into it at load.
    """

    entity: Label
    name: Id
    type: Type
    meaning: str
    unit: str = ""
    refers_to: str = ""
    how: tuple[How, ...] = ()
    dimension: bool = False
    plan: bool = False
    tracked: bool = False
    ends: str = ""
    settled: str = ""
    open_while: str = ""
    needs_one_of: tuple[str, ...] = ()
    codes: Codes | None = None
    words_of: str = ""
    presumes: tuple[Id, ...] = ()
    current: bool = False
    basis: str = ""

    def __post_init__(self) -> None:
        check_fields(self, "field", "entity", "name")
        # a column of that name hides the numbers of rows, by which a load changes them
        if self.name == "rowid":
            raise BadDefinition(f"field '{self.entity}.rowid'", "its name is one of DuckDB's own", hint="Rename it.")


@dataclass(frozen=True, slots=True)
class Dimension:
    """What answers can be split and filtered by.

    A dimension with an `entity` is named by that entity's rows and stands on another entity as its
    id field `key` (borrower: reader by `reader_id`); one without is the plain text field of the same name.
    At load each entity that has the key gets a text column with the dimension's name.
    """

    name: Id
    meaning: str
    entity: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        check_fields(self, "dimension", "name")


@dataclass(frozen=True, slots=True)
class RowCheck:
    """The condition of rows that cannot be, as a row expression, and the kind of the note that tells how many are so.

    They are loaded as they are given: they count in the wrong place or nowhere.
    """

    wrong: str
    note: Id

    def __post_init__(self) -> None:
        check_fields(self, "check")


@dataclass(frozen=True, slots=True)
class Entity:
    """A canonical table.

    `main_date` is the date most questions use: rows are sorted by it, "loaded dates" are told by it.
    `label` is the field that names a row to a person, on entities that name a dimension.
    `made` entities come from a `DerivedEntity` at load, never from a source.
    `checks` tell rows that cannot be. The ids of `words` are words of the organisation, as regions and stages are: one
    that two sources mention is the same, unless a source has a row of its own for it.
    """

    name: Id
    meaning: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ("id",)
    main_date: str = ""
    label: str = ""
    made: bool = False
    checks: tuple[RowCheck, ...] = ()
    words: bool = False

    def __post_init__(self) -> None:
        check_fields(self, "entity", "name")

    def field(self, name: str) -> Field | None:
        """Return the field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)


def day_name(moment: str) -> str:
    """Return the name of the DATE field that a MOMENT field brings: `created_at` gives `created_on`."""
    if moment == "at":
        return "on"
    return moment.removesuffix("_at") + "_on"


def columns_of(field: Field) -> tuple[str, ...]:
    """Return the names of the columns that a field is and brings."""
    if field.type is Type.MOMENT:
        return field.name, day_name(field.name)
    return (field.name,) if field.codes is None else (field.name, given_name(field.name))


def with_days(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return the fields, each MOMENT field followed by the DATE field that it brings."""
    columns: list[Field] = []
    for field in fields:
        columns.append(field)
        if field.type is Type.MOMENT:
            meaning = f"Day of {field.name} in the organisation's time zone."
            name = day_name(field.name)
            columns.append(
                Field(
                    *(field.entity, name, Type.DATE, meaning),
                    plan=field.plan,
                    open_while=field.open_while,
                    presumes=field.presumes,
                    current=field.current,
                )
            )
    return tuple(columns)


def given_name(coded: str) -> str:
    """Return the name of the field with the words as given that a field with codes brings: `status_given`."""
    return f"{coded}_given"


def with_words(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return the fields, each one with codes followed by the field with the words as they were given."""
    columns: list[Field] = []
    for field in fields:
        columns.append(field)
        if field.codes is not None:
            meaning = f"The {field.name.replace('_', ' ')} in the words of the source."
            columns.append(
                Field(
                    *(field.entity, given_name(field.name), Type.TEXT, meaning),
                    dimension=field.dimension,
                    tracked=field.tracked,
                    words_of=field.name,
                    presumes=field.presumes,
                    current=field.current,
                )
            )
    return tuple(columns)
