# kpi_dimensions: dimension 'None': its name is a text of lower-case letters, digits and underscores, not None.
# (dimension_name.py, line 9)

from kpicore import Dimension, hookimpl


@hookimpl
def kpi_dimensions():
    yield Dimension(None, "Shop.")
