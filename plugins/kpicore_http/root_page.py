"""The root page: what this server is, and where to go from here. It needs no token, so it holds no numbers."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from kpicore import Page, Report, __version__
from kpicore_http.overview import Overview
from kpicore_http.site import page, shown_list

MANIFEST = "office/manifest.xml"
_NO_HTTPS = (
    "<p>Excel takes add-ins from an https address only, and this is none. Who runs the server starts it again, then "
    "the steps stand here. For this machine alone: <code>kpi serve --https</code>. For others: with "
    "<code>--cert</code>, <code>--key</code> and <code>--host</code>, or behind a proxy with <code>--url</code>.</p>"
)
_TOKEN = (
    "Get a token for your workbook. Who runs this server makes it, in the folder of the workspace: "
    '<code>kpi token new "Forecast 2026"</code>. It is shown once.'
)


def root_page(overview: Overview, url: str, pages: Iterable[Page]) -> str:
    """Return the page as HTML; `url` is the address under which others know the server."""
    given = tuple(pages)
    parts = [
        "<p>This server answers spreadsheets and programs with key figures: one definition, the same number "
        "everywhere. Who asks for numbers sends a token; this page holds none.</p>",
        _excel(url) if any(each.path == MANIFEST for each in given) else "",
        "<h2>Programs</h2>\n"
        '<p><a href="/api">The API</a>, and the same <a href="/v1/openapi.json">for machines</a>. '
        "<code>POST /v1/cells</code> answers what a cell would show.</p>",
        _reports(overview.reports),
        _pages(given),
        f'<p class="muted">kpicore {escape(__version__)}</p>',
    ]
    return page(overview.name, "\n".join(part for part in parts if part), _data(overview))


def _data(overview: Overview) -> str:
    if overview.data:
        return f"Key figures. Data of {escape(overview.data)}."
    return f"Key figures. No data just now: {escape(overview.problem)}"


def _excel(url: str) -> str:
    steps = shown_list(_steps(url), "ol") if url.startswith("https://") else _NO_HTTPS
    return f"<h2>Excel on Windows, Mac and the web</h2>\n{steps}"


def _steps(url: str) -> list[str]:
    manifest = f'<a href="/{MANIFEST}">{escape(url)}/{MANIFEST}</a>'
    return [
        _TOKEN,
        f"Save the add-in's manifest: {manifest}",
        "<strong>Windows:</strong> put it into a shared folder, name that folder under File → Options → Trust Center → "
        "Trusted Add-in Catalogs, start Excel again, then Home → Add-ins → Shared folder.<br>"
        "<strong>Mac:</strong> put it into <code>~/Library/Containers/com.microsoft.Excel/Data/Documents/wef</code>, "
        "start Excel again, then Home → Add-ins.<br>"
        "<strong>Web:</strong> Home → Add-ins → More add-ins → My add-ins → Upload my add-in.",
        "Open <strong>KPI pane</strong> on the tab Home and enter the token. "
        'Then in a cell: <code>=KPI.WIN_RATE("last month")</code>',
    ]


def _reports(reports: Iterable[Report]) -> str:
    rows = [
        f"<dt>{escape(report.name)}</dt>\n"
        f"<dd>{escape(report.meaning)}<br><code>kpi report {escape(report.id)}</code></dd>"
        for report in reports
    ]
    told = "<p>They hold numbers, so who may open the workspace makes them, on its machine.</p>"
    return f"<h2>Reports</h2>\n{told}\n<dl>\n" + "\n".join(rows) + "\n</dl>" if rows else ""


def _pages(pages: Iterable[Page]) -> str:
    """Return the pages that plugins give to be read here, not inside another program."""
    shown = [
        f'<a href="/{escape(each.path)}">/{escape(each.path)}</a>'
        for each in pages
        if each.media_type.startswith("text/html") and "frame-ancestors" not in dict(each.needs)
    ]
    return f"<h2>Pages of plugins</h2>\n{shown_list(shown)}" if shown else ""
