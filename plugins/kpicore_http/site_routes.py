"""The server's own pages in the application: the root page, the API page and the icon."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from kpicore import PageContext
from kpicore_http.answering import Answering
from kpicore_http.api_page import api_page
from kpicore_http.overview import Kept, read_overview
from kpicore_http.root_page import root_page
from kpicore_http.site import page_policy

_ICON = "office/icon-32.png"


def add_site(app: FastAPI, answering: Answering) -> None:
    """Add the pages, none of which needs a token."""
    cells, url = answering.cells, answering.base_url
    overview = Kept(partial(read_overview, cells.folder, answering.name), cells.stamp)
    headers = {"cache-control": "no-cache", "content-security-policy": page_policy()}

    @app.get("/", include_in_schema=False)
    async def root() -> HTMLResponse:
        return HTMLResponse(root_page(await overview.now(), url, answering.pages), headers=headers)

    @app.get("/api", include_in_schema=False)
    async def api() -> HTMLResponse:
        return HTMLResponse(api_page(app.openapi(), url), headers=headers)

    @app.get("/favicon.ico", include_in_schema=False)
    async def icon() -> Response:
        for each in answering.pages:
            if each.path == _ICON:
                content = each.body(PageContext(answering.name, url, ()))
                return Response(content, media_type=each.media_type, headers={"cache-control": "max-age=86400"})
        return Response(status_code=204)
