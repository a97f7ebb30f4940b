"""Hooks for what a workspace can do, must know, and holds beside the data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpicore.plugins.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from kpicore.model.features import Feature
    from kpicore.model.import_questions import ImportQuestion
    from kpicore.model.presumptions import Presumption
    from kpicore.model.settings import Setting, SettingTable
    from kpicore.model.workspace_files import WorkspaceFile
    from kpicore.warehouse.kinds import WarehouseKind


@hookspec
def kpi_settings() -> Iterable[Setting | SettingTable]:
    """Give what kpi.toml may say of the plugin: keys of `[settings]`, and tables.

    `check` of a table refuses what its keys alone cannot tell, such as two of one name. A plugin that is complete::

    from kpicore import Field, Setting, SettingTable, Type, hookimpl

    @hookimpl
    def kpi_settings():
        yield Setting("large_value", Type.NUMBER, "value from which on a target is large", 10_000, least=0)
        yield SettingTable("notice", "Who is told of large targets.", (
            Setting("address", Type.TEXT, "where the message is sent", required=True),
            Setting("token", Type.TEXT, "what opens it; [[notice]] names its variable by token_env", secret=True),
        ), many=True)

    @hookimpl
    def kpi_fields():
        large = "case when value >= setting.large_value then 'large' else 'small' end"
        yield Field("target", "size", Type.TEXT, "large or small.", how=(large,), dimension=True)

    def notices(workspace):
        config = workspace.config
        return [(table["address"], config.secret("token", table)) for table in config.tables("notice")]
    """
    return ()


@hookspec
def kpi_features() -> Iterable[Feature]:
    """Give what `workspace.<name>` is, mostly a function of the workspace. A plugin that is complete::

    from kpicore import Entity, Feature, Field, Type, hookimpl

    @hookimpl
    def kpi_entities():
        fields = (
            Field("loan", "id", Type.TEXT, "Number of the loan."),
            Field("loan", "lent_on", Type.DATE, "When the book was lent."),
            Field("loan", "state", Type.TEXT, "out or back."),
        )
        yield Entity("loan", "A book that was lent.", fields, main_date="lent_on")

    def books_out(workspace):
        def count(period):
            tables, days = workspace.tables(), workspace.period(period)
            bind = tables.binding()
            out = bind.condition("e", "loan", "state = 'out'")
            lent = f"e.lent_on >= {bind.day(days.start)} AND e.lent_on < {bind.day(days.end)}"
            sql = f"SELECT count(*) FROM {bind.table('loan')} AS e WHERE {out} AND {lent}"
            return tables.query(sql, bind)[0][0]
        return count

    @hookimpl
    def kpi_features():
        yield Feature("books_out", "How many books were lent in a period and are not back.", books_out)
    """
    return ()


@hookspec
def kpi_presumptions() -> Iterable[Presumption]:
    """Give what fields presume, facts beside their rows, and what the data knows of them. A plugin that is complete::

    from kpicore import Entity, Evidence, Field, Note, Presumption, Type, hookimpl

    @hookimpl
    def kpi_entities():
        fields = (
            Field("loan", "id", Type.TEXT, "Number of the loan."),
            Field("loan", "lent_on", Type.DATE, "When the book was lent."),
            Field("loan", "reminders", Type.INTEGER, "Letters to the reader.", presumes=("reminders",)),
        )
        yield Entity("loan", "A book that was lent.", fields, main_date="lent_on")

    def reminders(tables):
        first = tables.first_load
        return Evidence(first, Note.of("text", text=f"nobody counted reminders before {first}"))

    @hookimpl
    def kpi_presumptions():
        yield Presumption("reminders", "How often readers were reminded.", "no_reminders", reminders, dated_in="loan")
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
            gone = [mark for mark in (cursor or "").split() if mark not in self.marks]
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

    from kpicore import Choice, Entity, Field, ImportQuestion, LoadQuestion, Type, hookimpl

    @hookimpl
    def kpi_entities():
        yield Entity("shelf", "Where books stand.", (Field("shelf", "id", Type.TEXT, "Its mark."),))

    def shelves(workspace):
        file, tables = workspace.config.folder / "shelves.txt", workspace.tables()
        if file.exists() or not tables.state("shelf").rows:
            return
        bind = tables.binding()
        marks = [Choice(mark) for (mark,) in tables.query(f"SELECT id FROM {bind.table('shelf')} ORDER BY 1", bind)]
        yield LoadQuestion(
            "shelves",
            about="",
            text="In which order do the shelves stand?",
            choices=tuple(marks),
            many=True,
            ordered=True,
            hint="Their numbers, such as 2 1; nothing where nobody knows.",
        )

    def keep(workspace, question, answer):
        (workspace.config.folder / "shelves.txt").write_text(" ".join(answer), "utf-8")

    @hookimpl
    def kpi_import_questions():
        yield ImportQuestion("shelves", "In which order the shelves stand.", shelves, keep)
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
