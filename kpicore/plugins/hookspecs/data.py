"""Where data comes from and where it stands: sources, files, what an import asks, warehouses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpicore.plugins.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from kpicore.model.import_questions import ImportQuestion
    from kpicore.model.sources import SourceKind
    from kpicore.model.workspace_files import WorkspaceFile
    from kpicore.warehouse.kinds import WarehouseKind


@hookspec
def kpi_sources() -> Iterable[SourceKind]:
    """Give kinds of source that `[[source]] kind = "…"` in kpi.toml can name. A plugin that is complete::

    from datetime import date

    import pyarrow as pa
    from kpicore import Batch, SourceKind, hookimpl

    class Rates:
        def __init__(self, settings):
            self.name, self.rates = settings["name"], settings["rates"]

        def batches(self, cursor):
            days = [date(2000, 1, 1)] * len(self.rates)
            yield Batch("fx_rate", pa.table({
                "currency": list(self.rates), "rate_on": days, "rate": list(self.rates.values())}))

        def unreadable(self):
            return ()

        def cursor(self):
            return None

    @hookimpl
    def kpi_sources():
        yield SourceKind("rates", "Exchange rates listed in kpi.toml.", Rates)
    """
    return ()


@hookspec
def kpi_workspace_files() -> Iterable[WorkspaceFile]:
    """Give files beside kpi.toml that are sources: a question takes over what is changed. A plugin that is complete::

    import pyarrow as pa
    from kpicore import Batch, Entity, Field, Type, WorkspaceFile, hookimpl

    @hookimpl
    def kpi_entities():
        fields = (Field("shelf", "id", Type.TEXT, "Its mark."), Field("shelf", "place", Type.INTEGER, "Its place."))
        yield Entity("shelf", "Where books stand.", fields)

    class Shelves:
        name = "shelves.txt"

        def __init__(self, folder):
            file = folder / self.name
            self.marks = file.read_text("utf-8").split() if file.exists() else []

        def batches(self, cursor):
            gone = [each for each in (cursor or "").split() if each not in self.marks]
            places = [*range(1, len(self.marks) + 1), *[None] * len(gone)]
            yield Batch("shelf", pa.table({"id": [*self.marks, *gone], "place": pa.array(places, pa.int64())}))

        def unreadable(self):
            return ()

        def cursor(self):
            return " ".join(self.marks) or None

    @hookimpl
    def kpi_workspace_files():
        yield WorkspaceFile("shelves.txt", "order of the shelves", Shelves, ("shelf",))
    """
    return ()


@hookspec
def kpi_import_questions() -> Iterable[ImportQuestion]:
    """Give what an importer asks people once files have been loaded, as only they know it. A plugin that is complete::

    from kpicore import Entity, Field, ImportQuestion, OrderedChoice, Type, hookimpl

    @hookimpl
    def kpi_entities():
        yield Entity("shelf", "Where books stand.", (Field("shelf", "id", Type.TEXT, "Its mark."),))

    def shelves(workspace):
        file, tables = workspace.config.folder / "shelves.txt", workspace.tables()
        if file.exists() or not tables.state("shelf").rows:
            return None
        bind = tables.binding()
        marks = [mark for (mark,) in tables.query(f"SELECT id FROM {bind.table('shelf')} ORDER BY 1", bind)]

        def keep(places):
            file.write_text(" ".join(marks[each] for each in places), "utf-8")

        text, hint = "In which order do the shelves stand?", "Their numbers, such as 2 1; nothing where nobody knows."
        return OrderedChoice(text, tuple(marks), hint, "A shelf has one place.", keep)

    @hookimpl
    def kpi_import_questions():
        yield ImportQuestion("shelves", "In which order the shelves stand.", shelves)
    """
    return ()


@hookspec
def kpi_warehouses() -> Iterable[WarehouseKind]:
    """Give kinds of warehouse that `[warehouse] kind = "…"` in kpi.toml can name: tables that are made elsewhere.

    `kpicore.testing.warehouse` holds the tests that one passes. A plugin that is complete::

    from pathlib import Path

    from kpicore import DUCKDB, Setting, State, Type, WarehouseKind, hookimpl

    class Tables:
        dialect = DUCKDB

        def __init__(self, config):
            import duckdb

            (table,) = config.tables("warehouse")
            self._connection = duckdb.connect(table["file"], read_only=True)
            ((self.version, time),) = self.query("SELECT version, time FROM marts.loaded")
            self.state = State(self.version, time, time, {})

        def relation(self, entity):
            return f"marts.fct_{entity}"

        def query(self, sql, values=()):
            return self._connection.cursor().execute(sql, list(values)).fetchall()

        def members(self, dimension):
            return ()

        def close(self):
            self._connection.close()

    def stamp(config):
        (table,) = config.tables("warehouse")
        return str(Path(table["file"]).stat().st_mtime_ns)

    @hookimpl
    def kpi_warehouses():
        file = Setting("file", Type.TEXT, "the file with the tables", required=True)
        yield WarehouseKind("marts", "Tables that dbt makes.", Tables, stamp, (file,))
    """
    return ()
