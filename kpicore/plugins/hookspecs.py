"""The hooks of a plugin. Each gives frozen records; none takes an argument it does not need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from kpicore.model.derived_entities import DerivedEntity
    from kpicore.model.features import Feature
    from kpicore.model.import_questions import ImportQuestion
    from kpicore.model.metrics import Metric
    from kpicore.model.pages import Page
    from kpicore.model.presumptions import Presumption
    from kpicore.model.reports import Report
    from kpicore.model.rules import Rule, Words
    from kpicore.model.schema import Dimension, Entity, Field
    from kpicore.model.settings import Setting, SettingTable
    from kpicore.model.sources import SourceKind
    from kpicore.model.workspace_files import WorkspaceFile
    from kpicore.warehouse.kinds import WarehouseKind

hookspec = pluggy.HookspecMarker("kpicore")
hookimpl = pluggy.HookimplMarker("kpicore")


@hookspec
def kpi_metrics() -> Iterable[Metric]:
    """Give metrics. A plugin that is complete::

    from kpicore import COUNT, HIGHER, Entity, Field, Metric, Type, count, hookimpl

    @hookimpl
    def kpi_entities():
        fields = (
            Field("loan", "id", Type.TEXT, "Number of the loan."),
            Field("loan", "lent_on", Type.DATE, "Day on which it began."),
        )
        yield Entity("loan", "A book that somebody took home.", fields, main_date="lent_on")

    @hookimpl
    def kpi_metrics():
        loans = count("loan", when="lent_on")
        yield Metric("loans", name="Loans", unit=COUNT, better=HIGHER, inputs={"loans": loans})
    """
    return ()


@hookspec
def kpi_entities() -> Iterable[Entity]:
    """Give entities of your own: tables that sources may fill. A plugin that is complete::

    from kpicore import Entity, Field, Type, hookimpl

    @hookimpl
    def kpi_entities():
        readers = (
            Field("reader", "id", Type.TEXT, "Number of the reader."),
            Field("reader", "name", Type.TEXT, "Name of the reader."),
        )
        loans = (
            Field("loan", "id", Type.TEXT, "Number of the loan."),
            Field("loan", "reader_id", Type.TEXT, "Who took it home.", refers_to="reader"),
            Field("loan", "lent_at", Type.MOMENT, "When it began."),
        )
        yield Entity("reader", "Somebody who may borrow.", readers, label="name")
        yield Entity("loan", "A book that somebody took home.", loans, main_date="lent_on")
    """
    return ()


@hookspec
def kpi_derived_entities() -> Iterable[DerivedEntity]:
    """Give entities whose rows are made at load from those of others, in DuckDB's SQL. A plugin that is complete::

    from kpicore import DerivedEntity, Entity, Field, Type, hookimpl

    @hookimpl
    def kpi_entities():
        loan = (
            Field("loan", "id", Type.TEXT, "Number of the loan."),
            Field("loan", "lent_on", Type.DATE, "First day."),
            Field("loan", "renewals", Type.INTEGER, "How often it was renewed."),
            Field("loan", "branch", Type.TEXT, "Branch that lent it."),
        )
        renewal = (
            Field("renewal", "loan_id", Type.TEXT, "The loan.", refers_to="loan"),
            Field("renewal", "number", Type.INTEGER, "1 for the first one."),
            Field("renewal", "lent_on", Type.DATE, "First day of the loan."),
            Field("renewal", "branch", Type.TEXT, "Branch that lent it."),
        )
        yield Entity("loan", "A book that is lent.", loan, main_date="lent_on")
        yield Entity("renewal", "One renewal of a loan.", renewal, ("loan_id", "number"), "lent_on", made=True)

    def renewals(context):
        loans = context.table("loan", "id", "renewals")
        return f"SELECT id AS loan_id, unnest(range(1, renewals + 1)) AS number FROM {loans}"

    @hookimpl
    def kpi_derived_entities():
        yield DerivedEntity("renewal", origin="loan", through="loan_id", columns=("loan_id", "number"),
                            reads={"loan": ("id", "renewals")}, build=renewals, facts=lambda context: ())
    """
    return ()


@hookspec
def kpi_fields() -> Iterable[Field]:
    """Give fields to add to entities that exist; `how` fills them at load. A plugin that is complete::

    from kpicore import Field, Type, hookimpl

    @hookimpl
    def kpi_fields():
        large = "case when value >= 10000 then 'large' else 'small' end"
        yield Field("target", "size", Type.TEXT, "large or small.", how=(large,), dimension=True)
    """
    return ()


@hookspec
def kpi_dimensions() -> Iterable[Dimension]:
    """Give dimensions to cut by. A plugin that is complete::

    from kpicore import Dimension, Field, Type, hookimpl

    @hookimpl
    def kpi_fields():
        yield Field("target", "branch", Type.TEXT, "Branch that the target is set for.", dimension=True)

    @hookimpl
    def kpi_dimensions():
        yield Dimension("branch", "Branch of the library.")
    """
    return ()


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
def kpi_rules() -> Iterable[Rule]:
    """Give joint rules: what several KPIs mean together, for `kpi advise`. A plugin that is complete, beside the KPIs
    that it speaks of::

    from kpicore import Rule, earlier, hookimpl, metric

    @hookimpl
    def kpi_rules():
        yield Rule(
            "shelves_run_empty", "More loans, fewer returns", about="loans",
            when="loans > loans_before and returns < returns_before",
            inputs={
                "loans": metric("loans"), "loans_before": earlier("loans", "previous"),
                "returns": metric("returns"), "returns_before": earlier("returns", "previous"),
            },
            meaning="More is lent and less comes back.", action="Remind those who are late.")
    """
    return ()


@hookspec
def kpi_words() -> Iterable[Words]:
    """Give what a language calls the KPIs, so that people find them by it. A plugin that is complete, beside the KPI
    that it describes::

    from kpicore import Words, hookimpl

    @hookimpl
    def kpi_words():
        yield Words("loans", "de", "Wie oft etwas ausgeliehen wurde.", ("Ausleihen", "Entleihungen"))
    """
    return ()


@hookspec
def kpi_reports() -> Iterable[Report]:
    """Give reports for `kpi report`, on screen, as HTML and XLSX. A plugin that is complete, beside what it shows::

    from kpicore import Breakdown, Figures, Listing, Report, hookimpl, standing

    @hookimpl
    def kpi_reports():
        oldest = Listing(
            "oldest_loans", "Oldest loans", rows=standing("loan", since="lent_on", until="returned_on"),
            columns={"Book": "title", "Since": "lent_on"}, order="lent_on", ascending=True)
        yield Report("monday", "Monday meeting", (
            Figures("Last week", ("loans", "loans_late")), Breakdown("By branch", ("loans",), by=("branch",)), oldest))
    """
    return ()


@hookspec
def kpi_pages() -> Iterable[Page]:
    """Give pages that `kpi serve` shows beside its API.

    A browser lets a page load and run nothing. What one needs beyond that it says, directive by directive:
    `Page(…, needs=(("script-src", "'self'"), ("style-src", "'self'")))`. A plugin that is complete::

    from kpicore import Page, hookimpl

    def names(context):
        return " ".join(each.name for each in context.functions).encode()

    @hookimpl
    def kpi_pages():
        yield Page("functions.txt", "text/plain; charset=utf-8", names)
    """
    return ()


@hookspec
def kpi_settings() -> Iterable[Setting | SettingTable]:
    """Give what kpi.toml may say of the plugin: keys of `[settings]`, and tables. A plugin that is complete::

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
        return [(each["address"], config.secret("token", each)) for each in config.tables("notice")]
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
