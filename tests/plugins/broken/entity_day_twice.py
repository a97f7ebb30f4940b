# ticket: entity 'ticket': two of its fields give the column 'opened_on'.

from kpicore import Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity(
        "ticket",
        "Asked.",
        (
            Field("ticket", "id", Type.TEXT, "N."),
            Field("ticket", "opened_at", Type.MOMENT, "N."),
            Field("ticket", "opened_on", Type.DATE, "N."),
        ),
    )
