# kpi_pages: page 'page_media_type.txt': its media_type is one such as 'text/html' or 'text/plain; charset=utf-8', not
# 'text'. (page_media_type.py, line 9)

from kpicore import Page, hookimpl


@hookimpl
def kpi_pages():
    yield Page("page_media_type.txt", "text", lambda context: b"")
