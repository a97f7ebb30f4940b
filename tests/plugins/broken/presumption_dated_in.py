# presumption visits: its dated_in: no entity named 'oder'. Did you mean 'order'?

from kpicore import Evidence, Presumption, hookimpl


@hookimpl
def kpi_presumptions():
    yield Presumption("visits", "Visits of readers.", "no_visits", lambda tables: Evidence(), dated_in="oder")
