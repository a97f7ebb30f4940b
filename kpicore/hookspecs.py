"""The hooks of a plugin. Each gives frozen records; none takes an argument it does not need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from kpicore.derived import DerivedEntity
    from kpicore.entities import Dimension, Entity, Field
    from kpicore.metrics import Metric
    from kpicore.pages import Page
    from kpicore.reports import Report
    from kpicore.rules import Rule, Words
    from kpicore.settings import Setting, SettingTable
    from kpicore.sources import SourceKind

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
