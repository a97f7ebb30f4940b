"""Hooks for numbers and what they are made of: KPIs, tables and their fields, sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpicore.plugins.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from kpicore.model.derived_entities import DerivedEntity
    from kpicore.model.metrics import Metric
    from kpicore.model.schema import Dimension, Entity, Field
    from kpicore.model.source_kinds import SourceKind


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
    """Give dimensions to split and filter by. A plugin that is complete::

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
    """Give kinds of source that `[[source]] kind = "…"` in kpi.toml can name.

    A kind declares its settings and secrets, by which kpi.toml is checked, and its streams: what they give, and how
    they learn of what was deleted. A plugin that is complete::

    from datetime import date

    import pyarrow as pa
    from kpicore import Batch, Setting, SourceKind, Stream, Type, hookimpl

    class Rate:
        def __init__(self, settings):
            self.name, self.settings = settings["name"], settings

        def batches(self, cursor):
            currency, rate = self.settings["currency"], self.settings["rate"]
            yield Batch("fx_rate", pa.table({
                "currency": [currency], "rate_on": [date(2000, 1, 1)], "rate": [rate]}))

        def unreadable(self):
            return ()

        def cursor(self):
            return None

    @hookimpl
    def kpi_sources():
        settings = (
            Setting("currency", Type.TEXT, "whose rate it is", required=True),
            Setting("rate", Type.NUMBER, "what one of it is worth", required=True),
        )
        rates = Stream("rates", "fx_rate", deletes="full-diff")
        yield SourceKind("bank", "A rate that stands in kpi.toml.", Rate, settings, streams=(rates,))
    """
    return ()
