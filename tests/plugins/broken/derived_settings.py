# settings_call: no setting named 'inactive_days' in derived entity 'settings_call'. Did you mean 'inactivity_days'?

from kpicore import DerivedEntity, Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    yield Entity(
        "settings_ticket",
        "Asked.",
        (Field("settings_ticket", "id", Type.TEXT, "N."), Field("settings_ticket", "state", Type.TEXT, "S.")),
    )
    of_ticket = Field("settings_call", "ticket_id", Type.TEXT, "N.", refers_to="settings_ticket")
    yield Entity(
        "settings_call", "Asked again.", (of_ticket, Field("settings_call", "day", Type.DATE, "When.")), (), made=True
    )


def calls(context):
    return "SELECT 'a' AS ticket_id, DATE '2025-01-01' AS day"


@hookimpl
def kpi_derived_entities():
    reads = {"settings_ticket": ("id",)}
    columns = ("ticket_id", "day")
    yield DerivedEntity(
        "settings_call", "settings_ticket", "ticket_id", columns, reads, calls, settings=("inactive_days",)
    )
