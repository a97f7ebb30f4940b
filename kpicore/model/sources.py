"""The protocol between a source and the load. A source yields rows; it never sees a metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from kpicore.errors import BadDefinition
from kpicore.model.checked import place
from kpicore.text.plain_text import value_shown

if TYPE_CHECKING:
    import pyarrow as pa

    from kpicore.model.source_messages import Message


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one entity. Columns are named as the entity's fields and may be fewer.

    Values have the Arrow type of their field (text, int64, decimal, bool, date32, timestamp): a
    MOMENT without a zone is read as local time of the organisation, one with a zone as an instant. A date
    that ends something (`Field.ends`) is the first day after it: add one to what holds the last day.
    `local` tells that the source itself used the organisation's time zone to make days or instants.
    """

    entity: str
    rows: pa.Table | pa.RecordBatchReader
    local: bool = False

    def __post_init__(self) -> None:
        if type(self.entity) is not str:
            raise BadDefinition("batch", f"its entity is a text, not {value_shown(self.entity)}")
        if not hasattr(self.rows, "schema"):  # Arrow is imported by who has some
            raise BadDefinition(
                place("batch", self.entity), f"its rows are an Arrow table, not {value_shown(self.rows)}"
            )
        if type(self.local) is not bool:
            raise BadDefinition(
                place("batch", self.entity), f"its local is True or False, not {value_shown(self.local)}"
            )


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One value or row that could not be read: where it stands, its raw text, and why.

    `column` is empty where the whole row could not be read; then the row was left out. Otherwise
    the row was loaded with that field empty. `record` is the id of the row, where it is known, and `field` the field
    that the column fills; with them the entry goes as soon as the record is read well.
    """

    place: str
    line: int
    column: str
    raw: str
    reason: str
    record: str = ""
    field: str = ""
    stream: str = ""


class Source(Protocol):
    """Where rows come from. `name` is the same at every run: the load keeps its cursor by it."""

    @property
    def name(self) -> str:
        """The name of the source, unique in its workspace."""
        ...

    def batches(self, cursor: str | None) -> Iterable[Batch]:
        """Yield what is new since `cursor` (None: everything)."""
        ...

    def unreadable(self) -> Iterable[Unreadable]:
        """Give what could not be read, once the batches have been taken."""
        ...

    def cursor(self) -> str | None:
        """Return the cursor of the next run, once the batches have been taken."""
        ...


@runtime_checkable
class StreamSource(Protocol):
    """Where the rows of several streams come from: it says what is so, what has gone, and how far it is."""

    @property
    def name(self) -> str:
        """The name of the source, at every run the same: ids and references are its own, whatever others call so."""
        ...

    def messages(self, cursors: Mapping[str, str]) -> Iterable[Message]:
        """Yield what is new since the cursors, which are those of each stream's last checkpoint; none: everything."""
        ...

    def unreadable(self) -> Iterable[Unreadable]:
        """Give what could not be read, once all messages have been taken."""
        ...
