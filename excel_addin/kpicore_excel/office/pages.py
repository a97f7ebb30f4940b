"""The add-in's files, as `kpi serve` shows them under /office/."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from kpicore import Page, PageContext, hookimpl
from kpicore_excel.office import SIZES

FOLDER = "office"
MANIFEST = f"{FOLDER}/manifest.xml"
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "xml": "application/xml",
    "png": "image/png",
}
_OFFICE = "https://appsforoffice.microsoft.com"
_PANE = (
    ("script-src", f"'self' {_OFFICE} https://ajax.aspnetcdn.com"),
    ("style-src", "'self'"),
    ("img-src", "'self'"),
    ("connect-src", f"'self' {_OFFICE}"),
    (
        "frame-ancestors",
        "'self' https://*.officeapps.live.com https://*.cloud.microsoft https://*.office.com https://*.office365.com "
        "https://*.microsoft365.com https://*.sharepoint.com https://onedrive.live.com https://teams.microsoft.com",
    ),
)
"""What Excel on the web frames the pane in, and the pane loads. Desktop Excel shows it in a window of its own."""


@hookimpl
def kpi_pages() -> Iterable[Page]:
    """Give the files of the Office.js add-in."""
    bodies: dict[str, Callable[[PageContext], bytes]] = {
        "manifest.xml": _manifest,
        "functions.json": _metadata,
        "functions.js": _script,
        **{f"icon-{size}.png": partial(_icon, size) for size in SIZES},
        "taskpane.html": _pane,
        **{name: partial(_written, name) for name in ("taskpane.css", "taskpane.js")},
    }
    for name, body in bodies.items():
        kind = name.rpartition(".")[2]
        yield Page(f"{FOLDER}/{name}", _TYPES[kind], body, needs=_PANE if kind == "html" else ())


def _manifest(context: PageContext) -> bytes:
    from kpicore_excel.office.manifest import manifest_xml

    return manifest_xml(context)


def _metadata(context: PageContext) -> bytes:
    from kpicore_excel.office.metadata import functions_json

    return functions_json(context)


def _script(context: PageContext) -> bytes:
    from kpicore_excel.office.script import functions_js

    return functions_js(context)


def _pane(context: PageContext) -> bytes:
    from html import escape

    from kpicore_excel.office.script import own_file

    return own_file("taskpane.html").replace("{server}", escape(context.base_url)).encode()


def _icon(size: int, _: PageContext) -> bytes:
    from kpicore_excel.office.manifest import icon

    return icon(size)


def _written(name: str, _: PageContext) -> bytes:
    from kpicore_excel.office.script import own_file

    return own_file(name).encode()
