"""The server's own pages in the application: the root page, the API page, its schema and the icon."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kpicore_http.answering import AnswerService, Watch, as_json
from kpicore_http.api_page import api_page
from kpicore_http.kept import kept
from kpicore_http.root_page import read_overview, root_page
from kpicore_http.site import page_policy

HTML = "text/html; charset=utf-8"
_ICON = "office/icon-32.png"


def add_site(app: FastAPI, answering: AnswerService, watch: Watch) -> None:
    """Add the pages, none of which needs a token."""
    cells, url = answering.cells, answering.base_url
    headers = {"cache-control": "no-cache", "content-security-policy": page_policy()}

    def root_bytes() -> bytes:
        return root_page(read_overview(cells.folder, answering.name, cells.words), url, answering.pages).encode()

    @app.get("/", include_in_schema=False)
    async def root(request: Request) -> Response:
        return kept(request, await answering.made("/", await watch.current(), root_bytes), HTML, headers)

    @app.get("/api", include_in_schema=False)
    async def api(request: Request) -> Response:
        body = await answering.made("/api", "", lambda: api_page(app.openapi(), url).encode())
        return kept(request, body, HTML, headers)

    @app.get("/v1/openapi.json", include_in_schema=False)
    async def schema(request: Request) -> Response:
        body = await answering.made("openapi", "", lambda: as_json(app.openapi()))
        return kept(request, body, "application/json", {"cache-control": "no-cache"})

    @app.get("/favicon.ico", include_in_schema=False)
    async def icon(request: Request) -> Response:
        for page in answering.pages:
            if page.path == _ICON:
                return kept(request, await answering.page(page, await watch.current()), page.media_type, headers)
        return Response(status_code=204)
