"""Rows for tests, written as texts, and a workspace of them that a few plugins fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore.config.reader import FILE as CONFIG_FILE
from kpicore.config.reader import Config
from kpicore.config.template import toml
from kpicore.model.schema import Type
from kpicore.model.sources import Batch, Unreadable
from kpicore.plugins.manager import Plugins
from kpicore.plugins.settled import settled
from kpicore.registry.registry import Registry
from kpicore.testing.plugins import registry_of
from kpicore.warehouse import FILE, Warehouse, open_duckdb

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class TinySource:
    """A source that gives rows that are there already; for tests of whatever takes a source."""

    name: str
    rows: tuple[Batch, ...]
    unread: tuple[Unreadable, ...] = ()
    next_cursor: str | None = None

    def batches(self, cursor: str | None) -> Iterable[Batch]:
        """Give all rows, whatever the cursor."""
        return self.rows

    def unreadable(self) -> Iterable[Unreadable]:
        """Give what was said to be unreadable."""
        return self.unread

    def cursor(self) -> str | None:
        """Give the cursor that was set."""
        return self.next_cursor


def load_tables(config: Config, plugins: Plugins, tables: Mapping[str, str], *, data_time: datetime) -> Path:
    """Make a workspace with rows by entity, as `batch` reads them, in the folder of `config`; return its warehouse.

    The folder is made when missing. Of the settings its kpi.toml holds name, currency and time zone.
    """
    from kpicore.ingest import load

    config.folder.mkdir(parents=True, exist_ok=True)
    facts = {"name": config.name, "currency": config.currency, "timezone": config.timezone}
    lines = ["[workspace]", *(f"{key} = {toml(value)}" for key, value in facts.items()), ""]
    (config.folder / CONFIG_FILE).write_text("\n".join(lines), encoding="utf-8")
    registry = registry_of(plugins)
    source = TinySource(config.name, tuple(batch(registry, name, text) for name, text in tables.items()))
    load(settled(config, plugins), registry, [source], data_time=data_time)
    return config.folder / FILE


def open_warehouse(folder: Path) -> Warehouse:
    """Return the data of the workspace in a folder, opened for reading. Raises WarehouseError without any."""
    return open_duckdb(folder / FILE)


def batch(registry: Registry, entity: str, text: str) -> Batch:
    """Return the rows that a text table gives: columns apart by spaces, `-` for no value, `~` for a space.

    A day in a MOMENT column is its noon in UTC.
    """
    import pyarrow as pa

    header, *lines = [line.split() for line in text.replace("\\\n", " ").strip().splitlines()]
    types = registry.columns(entity)
    columns = zip(*lines, strict=True) if lines else [()] * len(header)
    arrays = {
        name: pa.array(list(_values(types[name], column)), _arrow_type(types[name]))
        for name, column in zip(header, columns, strict=True)
    }
    return Batch(entity, pa.table(arrays))


def _values(type_: Type, texts: Iterable[str]) -> Iterator[object]:
    for text in texts:
        yield None if text == "-" else _value(type_, text.replace("~", " ") if type_ is Type.TEXT else text)


def _value(type_: Type, text: str) -> object:
    if type_ is Type.MOMENT:
        given = datetime.fromisoformat(text)
        return (given if "T" in text else datetime.combine(given.date(), time(12))).replace(tzinfo=UTC)
    if type_ is Type.DATE:
        return date.fromisoformat(text)
    if type_ in (Type.MONEY, Type.NUMBER):
        return Decimal(text)
    if type_ is Type.BOOLEAN:
        return text == "true"
    return int(text) if type_ is Type.INTEGER else text


def _arrow_type(type_: Type) -> pa.DataType:
    import pyarrow as pa

    return {
        Type.TEXT: pa.string(),
        Type.INTEGER: pa.int64(),
        Type.NUMBER: pa.decimal128(18, 6),
        Type.MONEY: pa.decimal128(18, 4),
        Type.BOOLEAN: pa.bool_(),
        Type.DATE: pa.date32(),
        Type.MOMENT: pa.timestamp("us", tz="UTC"),
    }[type_]
