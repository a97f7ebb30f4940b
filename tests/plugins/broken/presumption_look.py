# kpi_presumptions: presumption 'staff': its look is a function, not None. (presumption_look.py, line 8)

from kpicore import Presumption, hookimpl


@hookimpl
def kpi_presumptions():
    yield Presumption("staff", "Who works.", "no_staff", None)
