"""The API: cells in batches, the functions there are, when data changed; and the pages that plugins give."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from kpicore import MOST_CALLS, WHOLE, Page, __version__, harmless
from kpicore_http import schema
from kpicore_http.admission import Admission, utc_now
from kpicore_http.answering import LONGEST_SECONDS, MOST_BYTES, AnswerService, Watch, as_json
from kpicore_http.connections import MOST_CONNECTIONS
from kpicore_http.gate import Left
from kpicore_http.guard import BODY_SECONDS, Log, RequestGuard
from kpicore_http.headers import API_HEADERS, Headers
from kpicore_http.health import OK
from kpicore_http.kept import kept
from kpicore_http.refusals import BROKEN, RequestRefused, not_that_way, not_there, refusal
from kpicore_http.site_routes import add_site
from kpicore_http.tokens import Token

_GONE = 499
_MOST_DRAINED = 256_000_000
_TOO_LARGE = f"The request has more than {MOST_BYTES:,} bytes. Send at most {MOST_CALLS:,} calls at a time."
_LIST = {"cache-control": "no-cache", "vary": "authorization"}
_API = {name.decode(): value.decode() for name, value in API_HEADERS}
_PAGE = {"cache-control": "no-cache", "cross-origin-resource-policy": "cross-origin"}
"""Pages hold no numbers, and Excel on the web shows an add-in's pictures in pages of its own."""

_BEARER = HTTPBearer(auto_error=False, description="The token of a workbook: kpi token new")


def build_app(
    answering: AnswerService,
    watch: Watch,
    hosts: Collection[str],
    origins: Collection[str],
    log: Log,
    tells_requests: bool = True,
    now: Callable[[], datetime] = utc_now,
    body_seconds: float = BODY_SECONDS,
    connections: int = MOST_CONNECTIONS,
) -> RequestGuard:
    """Return the application. `hosts` are the names it answers for, `origins` what other pages may call it; a body is
    whole within `body_seconds`, there may be so many `connections`, and `now` is the clock.
    """
    admission = Admission(answering.cells.folder, answering.cells.words, now)

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(admission.close)

    app = FastAPI(
        title="kpicore",
        version=__version__,
        description="KPIs for spreadsheets: one definition, the same number everywhere.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=running,
    )
    _add_refusals(app)
    _add_api(app, answering, watch, admission)
    add_site(app, answering, watch)
    for page in answering.pages:
        show = _shown(answering, watch, page)
        app.add_api_route(f"/{page.path}", show, methods=["GET", "HEAD"], include_in_schema=False)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(origins),
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type"],
            max_age=600,
        )
    headers = Headers(answering.base_url, answering.pages)
    return RequestGuard(app, hosts, headers, log, admission.name_at_once, connections, tells_requests, body_seconds)


def _add_api(app: FastAPI, answering: AnswerService, watch: Watch, admission: Admission) -> None:
    def holder(request: Request) -> None:
        _admit(request, admission.admitted(request.headers.get("authorization")))

    async def holder_if_any(request: Request) -> None:
        if "authorization" in request.headers:
            await run_in_threadpool(holder, request)  # for nobody else, who would wait for a thread

    admitted = [Depends(_BEARER), Depends(holder)]

    @app.post(
        "/v1/cells",
        dependencies=admitted,
        responses=schema.responses(schema.ANSWERS, 400, 401, 408, 413, 415, 503),
        openapi_extra=schema.body(schema.CALLS),
    )
    async def cells(request: Request) -> Response:
        """Answer calls of spreadsheet functions, at most 2,000 a request, all of one version of the data.

        A call that asks for more than the token may is an error, and the others are answered.
        """
        token: Token = request.state.admitted
        with answering.room(token.name) as hold:
            body = await _body(request, hold)
            await run_in_threadpool(holder, request)  # it may have been revoked or narrowed while the body came
            content = await answering.answer(body, request.state.admitted, partial(_gone, request))
        return Response(content, media_type="application/json", headers=_API)

    listed = schema.responses(schema.FUNCTIONS, 401, 503)

    @app.get("/v1/functions", dependencies=[Depends(holder_if_any)], responses=listed)
    async def functions(request: Request) -> Response:
        """List the functions with their help. They hold no numbers, so they need no token; with one they are those
        that it may ask."""
        token: Token | None = getattr(request.state, "admitted", None)
        body = await answering.functions(await watch.current(), token.narrowing if token is not None else WHOLE)
        return kept(request, body, "application/json", _LIST)

    @app.get("/v1/stamp", dependencies=admitted, responses=schema.responses(schema.STAMP, 401, 422, 503))
    async def stamp(
        request: Request,
        after: Annotated[str, Query(max_length=64, description="The stamp that is known.")] = "",
        wait: Annotated[float, Query(ge=0, le=LONGEST_SECONDS, description="Seconds to wait for another one.")] = 0,
    ) -> JSONResponse:
        """Tell the stamp of the data, as soon as it is another than `after`. It changes when an answer could."""
        seen = await watch.changed(after, wait)
        if wait:
            await run_in_threadpool(holder, request)  # the token may have been revoked meanwhile, or expired
        return _json({"stamp": seen})

    not_ok: schema.Responses = {503: schema.response(schema.HEALTH, "They are not answered.")}

    @app.get("/healthz", responses=schema.responses(schema.HEALTH) | not_ok)
    async def healthz() -> JSONResponse:
        """Tell whether questions are answered: ok; busy when they have to wait; unreadable when the data is."""
        status = await answering.health.status()
        return _json({"status": status}, 200 if status == OK else 503)


def _admit(request: Request, token: Token) -> None:
    """Keep with a request whose it is; the log reads the name."""
    request.state.admitted, request.state.token = token, token.name


async def _gone(request: Request) -> None:
    """Return when the client has left; its request has been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _body(request: Request, hold: Callable[[int], None]) -> bytes:
    """Return the body; `hold` is told of its bytes. Raises RequestRefused: too large, or no JSON by its own account."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    declared = request.headers.get("content-length", "0")
    refused = None
    if declared.isdecimal() and int(declared) > MOST_BYTES:
        refused = RequestRefused(413, _TOO_LARGE)
    elif kind != "application/json":
        refused = RequestRefused(415, "The request is JSON: Content-Type is application/json.")
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if refused is None and size > MOST_BYTES:
            refused = RequestRefused(413, _TOO_LARGE)
            parts.clear()
        if refused is None:
            hold(len(part))
            parts.append(part)
        elif size > _MOST_DRAINED:
            break
        # What is refused is still taken from the line, and forgotten: who sends it could not read the answer else.
    if refused is not None:
        raise refused
    return b"".join(parts)


def _shown(answering: AnswerService, watch: Watch, page: Page) -> Callable[[Request], Any]:
    async def show(request: Request) -> Response:
        return kept(request, await answering.page(page, await watch.current()), page.media_type, _PAGE)

    return show


class _Json(JSONResponse):
    def render(self, content: Any) -> bytes:
        return as_json(content)


def _json(content: Any, status: int = 200) -> JSONResponse:
    return _Json(content, status, headers=_API)


def _add_refusals(app: FastAPI) -> None:
    """Answer every error in one form: one line, in JSON or for a browser as a page."""

    def line_response(request: Request, status: int, line: str, headers: Mapping[str, str] | None = None) -> Response:
        body, own = refusal(request.headers.get("accept", ""), status, harmless(line))
        return Response(body, status, {name.decode(): value.decode() for name, value in own} | dict(headers or {}))

    @app.exception_handler(RequestRefused)
    async def refused(request: Request, error: RequestRefused) -> Response:
        headers = {"www-authenticate": "Bearer"} if error.status == 401 else {}
        if error.retry_seconds:
            headers["retry-after"] = str(error.retry_seconds)
        return line_response(request, error.status, error.message, headers)

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        return line_response(request, 500, BROKEN)  # the guard tells the log

    @app.exception_handler(Left)
    @app.exception_handler(ClientDisconnect)
    async def gone(_: Request, error: Exception) -> Response:
        return Response(status_code=_GONE)  # for the log: nobody reads it

    @app.exception_handler(RequestValidationError)
    async def not_valid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return line_response(request, 422, f"{first['loc'][-1]}: {first['msg']}.")

    @app.exception_handler(HTTPException)
    async def not_so(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405:
            allowed = _methods((error.headers or {}).get("Allow", ""))
            line = not_that_way(request.scope["path"], request.method, allowed)
            return line_response(request, 405, line, {"allow": allowed})
        line = not_there(request.scope["path"]) if error.status_code == 404 else f"{error.detail}."
        return line_response(request, error.status_code, line, error.headers)


def _methods(allowed: str) -> str:
    """Return the methods of a path with HEAD, which is there wherever GET is: "GET, HEAD"."""
    methods = {method.strip() for method in allowed.split(",") if method.strip()}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
