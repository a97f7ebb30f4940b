"""The kinds of warehouse that kpi.toml can name: DuckDB, which loads make here, and those that plugins give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kpicore.errors import WarehouseError
from kpicore.model.checked import check_fields
from kpicore.model.field_kinds import Label
from kpicore.model.settings import Setting
from kpicore.text.plain_text import value_shown
from kpicore.utils.isolation import contained
from kpicore.warehouse import FILE, open_duckdb
from kpicore.warehouse.port import Warehouse

Config = Any  # kpicore.Config, which stands above the kinds that it names


@dataclass(frozen=True, slots=True)
class WarehouseKind:
    """A kind of warehouse that `[warehouse] kind = "…"` in kpi.toml can name. Its tables are made elsewhere.

    `open` and `stamp` take the Config of the workspace, of which `tables("warehouse")` holds the table with what is
    written for `settings`. `stamp` returns a text that changes when the data does, "" while there is none; it is asked
    before each batch of cells, so it must be quick.
    """

    kind: Label
    meaning: str
    open: Callable[..., Warehouse]
    stamp: Callable[..., str]
    settings: tuple[Setting, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self, "warehouse kind", "kind")

    def opened(self, config: Config) -> Warehouse:
        """Return the warehouse; whatever its driver raises, then or later, is a WarehouseError."""
        # our own reader tells its errors itself (`clear_errors`)
        if self is DUCKDB_KIND:
            return self.open(config)
        from kpicore.warehouse.guarded import Guarded

        return Guarded(self.kind, lambda: self.open(config))

    def stamped(self, config: Config) -> str:
        """Return the stamp of the data, of a warehouse that cannot be asked what it says of that."""
        try:
            with contained():
                stamp = self.stamp(config)
        except Exception as error:  # foreign code: who opens the warehouse is told
            return repr(error)
        return stamp if isinstance(stamp, str) else value_shown(stamp)


def _file_stamp(config: Config) -> str:
    try:
        stat = (config.folder / FILE).stat()
    except OSError:
        return ""
    # The file's number too: a load puts a new file into its place, maybe of the same size within one tick of the clock.
    return f"{FILE} {stat.st_mtime_ns} {stat.st_size} {stat.st_ino}\n"


DUCKDB_KIND = WarehouseKind(
    "duckdb",
    "Tables that `kpi import` makes, in a file of the workspace.",
    lambda config: open_duckdb(config.folder / FILE, config.lags, config.timeless),
    _file_stamp,
)


def check_loads_here(config: Config) -> None:
    """Refuse to load into a warehouse of which the tables are made elsewhere. Raises WarehouseError."""
    if config.warehouse_kind is not DUCKDB_KIND:
        raise WarehouseError(
            f"nothing can be loaded: kpi.toml names a warehouse of kind '{config.warehouse_kind.kind}', and its tables"
            " are made elsewhere.",
            hint="Make them there, by dbt say, or leave [warehouse] out to load into DuckDB.",
        )
