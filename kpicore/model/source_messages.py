"""What a source can say of the rows of its streams: that they are so, that they have gone, that these are all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore.errors import BadDefinition
from kpicore.model.checked import check_fields, place
from kpicore.model.field_kinds import Label
from kpicore.text.plain_text import value_shown

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one entity of a stream, which is one list of rows of a source. Columns are as those of a `Batch`.

    A field that the stream gave earlier and these rows do not have is emptied in them; a `Batch` leaves it as it is.
    Three columns of `rows` may be named that are no fields. `raw` holds each row as it was read, a JSON text: rows
    without a key of their own are told apart by it, and by their place among equal ones. `row` holds its number in its
    file. `unread` holds lists of the fields that the row has and that could not be read: these keep their old value.
    `reading` is a text that changes when they are read otherwise, by another mapping say, and `identity` one that
    changes when they are told apart otherwise: by another id, as those of another entity or source. Then what the
    stream gave before goes. No two streams with an identity have the same name, whatever their source.
    """

    stream: Label
    entity: str
    rows: pa.Table | pa.RecordBatchReader
    local: bool = False
    raw: str = ""
    row: str = ""
    unread: str = ""
    reading: str = ""
    identity: str = ""

    def __post_init__(self) -> None:
        where = place("rows", self.stream)
        for name in ("stream", "entity", "raw", "row", "unread", "reading", "identity"):
            if type(getattr(self, name)) is not str:
                raise BadDefinition(where, f"its {name} is a text, not {value_shown(getattr(self, name))}")
        if not hasattr(self.rows, "schema"):  # Arrow is imported by who has some
            raise BadDefinition(where, f"its rows are an Arrow table, not {value_shown(self.rows)}")
        for name in filter(None, (self.raw, self.row, self.unread)):
            if name not in self.rows.schema.names:
                raise BadDefinition(where, f"its rows have no column '{name}'")

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that are fields of the entity."""
        beside = {self.raw, self.row, self.unread}
        return tuple(name for name in self.rows.schema.names if name not in beside)


@dataclass(frozen=True, slots=True)
class DayRange:
    """The days of a date or moment `field` from `first` to `last`, both included; rows without one are in it."""

    field: Label
    first: date
    last: date

    def __post_init__(self) -> None:
        check_fields(self, "span", "field")


@dataclass(frozen=True, slots=True)
class Gone:
    """Rows that a source has no more, by their ids: deleted, archived, or merged.

    Where they were merged `into` holds the id of the row that stays, for each of them: what refers to the old id refers
    to that one, and the old id still finds it. Rows without a key are told by what they were read as, `raw`. With `own`
    only rows that this very stream gave last have gone.
    """

    stream: Label
    entity: str
    ids: Sequence[str]
    into: Sequence[str] = ()
    raw: Sequence[str] = ()
    own: bool = False

    def __post_init__(self) -> None:
        where = place("gone", self.stream)
        if not all(type(id) is str and id for ids in (self.ids, self.into) for id in ids):
            raise BadDefinition(where, "its ids are texts that are not empty")
        if self.into and len(self.into) != len(self.ids):
            raise BadDefinition(where, f"it has {len(self.ids)} ids and {len(self.into)} rows that they went into")


@dataclass(frozen=True, slots=True)
class Children:
    """In this run the stream gives all rows whose field `parent` is one of `ids`: others of these parents go."""

    stream: Label
    entity: str
    parent: Label
    ids: Sequence[str]

    def __post_init__(self) -> None:
        if not all(type(id) is str and id for id in self.ids):
            raise BadDefinition(place("children", self.stream), "its ids are texts that are not empty")


@dataclass(frozen=True, slots=True)
class Whole:
    """In this run the stream gives all rows that it has, or those `within` some days: others of it go.

    Unless they are to be removed, they are only told. A run that gives no row at all removes none: it is refused.
    """

    stream: Label
    entity: str
    within: DayRange | None = None
    remove: bool = True

    def __post_init__(self) -> None:
        check_fields(self, "whole", "stream")


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be lost in this run: it is refused if more than this share of the stream's rows would go or be emptied.

    So many `rows` may be lost in any case. Unless it may `replace`, it is refused, too, if most rows whose ids are
    known would become others, and unless it may `repeat`, if another stream has given most rows of a new one already.
    It is said before anything else of the stream.
    """

    stream: Label
    share: float
    rows: int = 0
    replace: bool = False
    repeat: bool = False

    def __post_init__(self) -> None:
        check_fields(self, "limit", "stream")


@dataclass(frozen=True, slots=True)
class Original:
    """The file that what follows is read from, kept as it is; `name` is what people know it by."""

    file: Path
    name: str

    def __post_init__(self) -> None:
        if not isinstance(self.file, Path):
            raise BadDefinition("original", f"its file is a path, not {value_shown(self.file)}")
        if type(self.name) is not str or not self.name:
            raise BadDefinition("original", f"its name is a text, not {value_shown(self.name)}")


@dataclass(frozen=True, slots=True)
class Reached:
    """A checkpoint: what the source has said so far stays, whatever becomes of the rest.

    The next run of the stream begins at its cursor.
    """

    stream: Label
    cursor: str

    def __post_init__(self) -> None:
        check_fields(self, "checkpoint", "stream")


Message = Rows | Gone | Children | Whole | Limit | Original | Reached
