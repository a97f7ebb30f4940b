# kpi_pages: page '/v1/{cells': its path is names of letters, digits, dots, hyphens and underscores, apart by
# slashes. (page_path.py, line 9)

from kpicore import Page, hookimpl


@hookimpl
def kpi_pages():
    yield Page("/v1/{cells", "text/plain", bytes)
