# kpi_pages: page 'mine.txt': its body is a function, not b'mine'. (page_body.py, line 8)

from kpicore import Page, hookimpl


@hookimpl
def kpi_pages():
    yield Page("mine.txt", "text/plain", b"mine")
