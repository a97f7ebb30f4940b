"""What numbers are about and what they mean: KPIs, entities and their fields, rules, words, settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpicore.plugins.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from kpicore.model.derived_entities import DerivedEntity
    from kpicore.model.metrics import Metric
    from kpicore.model.presumptions import Presumption
    from kpicore.model.rules import Rule, Words
    from kpicore.model.schema import Dimension, Entity, Field
    from kpicore.model.settings import Setting, SettingTable


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
