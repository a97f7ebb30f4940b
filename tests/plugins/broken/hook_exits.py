# kpi_metrics: it calls sys.exit() (hook_exits.py, line 10)

import sys

from kpicore import hookimpl


@hookimpl
def kpi_metrics():
    sys.exit()
