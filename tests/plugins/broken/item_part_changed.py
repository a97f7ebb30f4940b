# kpi_entities: gave a Entity that is none: BadDefinition: field 'ticket.id': its type is Type.TEXT, Type.INTEGER,
# Type.NUMBER, Type.MONEY, Type.BOOLEAN, Type.DATE or Type.MOMENT, not 'text'.

from kpicore import Entity, Field, Type, hookimpl


@hookimpl
def kpi_entities():
    changed = Field("ticket", "id", Type.TEXT, "Number of the ticket.")
    yield Entity("ticket", "A request for support.", (changed,))
    object.__setattr__(changed, "type", "text")
