"""The hooks of a plugin. Each gives frozen records; none takes an argument it does not need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from kpicore.entities import Dimension, Entity, Field
    from kpicore.features import Feature
    from kpicore.import_questions import ImportQuestion
    from kpicore.metrics import Metric
    from kpicore.pages import Page
    from kpicore.presumptions import Presumption
    from kpicore.reports import Report
    from kpicore.rules import Rule, Words
    from kpicore.settings import Setting, SettingTable
    from kpicore.sources import SourceKind
    from kpicore.workspace_files import WorkspaceFile

hookspec = pluggy.HookspecMarker("kpicore")
hookimpl = pluggy.HookimplMarker("kpicore")


@hookspec
def kpi_metrics() -> Iterable[Metric]:
    """Give metrics. A plugin that is complete::

    from kpicore import COUNT, HIGHER, Metric, count, hookimpl

    @hookimpl
    def kpi_metrics():
        yield Metric(
            "demos_held", name="Demos held", unit=COUNT, better=HIGHER,
            inputs={"demos": count("activity", when="on", where="type = 'demo' and status = 'held'")})
    """
    return ()


@hookspec
def kpi_entities() -> Iterable[Entity]:
    """Give entities of your own: tables that sources may fill. A plugin that is complete::

    from kpicore import Entity, Field, Type, hookimpl

    @hookimpl
    def kpi_entities():
        fields = (
            Field("ticket", "id", Type.TEXT, "Number of the ticket."),
            Field("ticket", "customer_id", Type.TEXT, "Who asked.", refers_to="customer"),
            Field("ticket", "opened_at", Type.MOMENT, "When it came in."),
        )
        yield Entity("ticket", "A request for support.", fields, main_date="opened_on")
    """
    return ()


@hookspec
def kpi_fields() -> Iterable[Field]:
    """Give fields to add to entities that exist; `how` fills them at load. A plugin that is complete::

    from kpicore import Field, Type, hookimpl

    @hookimpl
    def kpi_fields():
        large = "case when amount >= 10000 then 'large' else 'small' end"
        yield Field("opportunity", "size", Type.TEXT, "large or small.", how=(large,), dimension=True)
    """
    return ()


@hookspec
def kpi_dimensions() -> Iterable[Dimension]:
    """Give dimensions to cut by. A plugin that is complete::

    from kpicore import Dimension, Field, Type, hookimpl

    @hookimpl
    def kpi_fields():
        yield Field("order", "shop", Type.TEXT, "Shop where it was sold.", dimension=True)

    @hookimpl
    def kpi_dimensions():
        yield Dimension("shop", "Shop where an order was sold.")
    """
    return ()


@hookspec
def kpi_sources() -> Iterable[SourceKind]:
    """Give kinds of source that `[[source]] kind = "…"` in kpi.toml can name. A plugin that is complete::

    import pyarrow as pa
    from kpicore import Batch, SourceKind, hookimpl

    class Regions:
        def __init__(self, settings):
            self.name, self.regions = settings["name"], settings["regions"]

        def batches(self, cursor):
            yield Batch("region", pa.table({"id": self.regions, "name": self.regions}))

        def unreadable(self):
            return ()

        def cursor(self):
            return None

    @hookimpl
    def kpi_sources():
        yield SourceKind("regions", "Regions listed in kpi.toml.", Regions)
    """
    return ()


@hookspec
def kpi_rules() -> Iterable[Rule]:
    """Give joint rules: what several KPIs mean together, for `kpi advise`. A plugin that is complete::

    from kpicore import Rule, earlier, hookimpl, metric

    @hookimpl
    def kpi_rules():
        yield Rule(
            "busy_for_nothing", "More calls, fewer deals", about="calls",
            when="calls > calls_before and deals < deals_before",
            inputs={
                "calls": metric("calls"), "calls_before": earlier("calls", "previous"),
                "deals": metric("won_deals"), "deals_before": earlier("won_deals", "previous"),
            },
            meaning="More calls were made and fewer deals won.", action="Look at who is called.")
    """
    return ()


@hookspec
def kpi_words() -> Iterable[Words]:
    """Give what a language calls the KPIs, so that people find them by it. A plugin that is complete::

    from kpicore import Words, hookimpl

    @hookimpl
    def kpi_words():
        yield Words("win_rate", "de", "Anteil der gewonnenen Abschlüsse.", ("Abschlussquote", "Gewinnquote"))
    """
    return ()


@hookspec
def kpi_reports() -> Iterable[Report]:
    """Give reports for `kpi report`, on screen, as HTML and XLSX. A plugin that is complete::

    from kpicore import Breakdown, Figures, Listing, Report, hookimpl, standing

    @hookimpl
    def kpi_reports():
        oldest = Listing(
            "oldest_deals", "Oldest open deals", rows=standing("opportunity", since="created_on", until="closed_on"),
            columns={"Deal": "name", "Since": "created_on", "Amount": "amount"}, order="created_on", ascending=True)
        yield Report("monday", "Monday meeting", (
            Figures("Last week", ("won_deals", "lost_deals")), Breakdown("By rep", ("won_deals",)), oldest))
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
        yield Setting("large_amount", Type.NUMBER, "amount from which on a deal is large", 10_000, least=0)
        yield SettingTable("notice", "Who is told of large deals.", (
            Setting("address", Type.TEXT, "where the message is sent", required=True),
            Setting("token", Type.TEXT, "what opens it; [[notice]] names its variable by token_env", secret=True),
        ), many=True)

    @hookimpl
    def kpi_fields():
        large = "case when amount >= setting.large_amount then 'large' else 'small' end"
        yield Field("opportunity", "size", Type.TEXT, "large or small.", how=(large,), dimension=True)

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
    """Give files beside kpi.toml that are sources of their own: the next question takes over what is changed in one.

    A plugin that is complete::

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
