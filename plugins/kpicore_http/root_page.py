"""The root page: what this server is, and where to go from here. It needs no token, so it holds no numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from kpicore import KpiError, Page, Report, __version__, open_workspace, time_words
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


@dataclass(frozen=True, slots=True)
class Overview:
    """A workspace as its root page shows it. `data` says of when the data is, in the organisation's zone, or `problem`
    why there is none.
    """

    name: str
    reports: tuple[Report, ...] = ()
    data: str = ""
    problem: str = ""


def read_overview(folder: Path, name: str, words: Callable[[KpiError], str]) -> Overview:
    """Return what a workspace holds; `name` is what it was called when it could be read, `words` tells what a caller
    may read of an error.
    """
    reports: tuple[Report, ...] = ()
    try:
        with open_workspace(folder, may_remake=False) as workspace:
            name = workspace.config.name
            reports = tuple(workspace.registry.reports.values())
            return Overview(name, reports, data=time_words(workspace.data_time, workspace.config.timezone))
    except KpiError as error:
        return Overview(name, reports, problem=words(error))


def root_page(overview: Overview, url: str, pages: Iterable[Page]) -> str:
    """Return the page as HTML; `url` is the address under which others know the server."""
    shown = tuple(pages)
    parts = [
        "<p>This server answers spreadsheets and programs with key figures: one definition, the same number "
        "everywhere. Who asks for numbers sends a token; this page holds none.</p>",
        _excel(url) if any(page_.path == MANIFEST for page_ in shown) else "",
        "<h2>Programs</h2>\n"
        '<p><a href="/api">The API</a>, and the same <a href="/v1/openapi.json">for machines</a>. '
        "<code>POST /v1/cells</code> answers what a cell would show.</p>",
        _reports(overview.reports),
        _pages(shown),
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
    note = "<p>They hold numbers, so who may open the workspace makes them, on its machine.</p>"
    return f"<h2>Reports</h2>\n{note}\n<dl>\n" + "\n".join(rows) + "\n</dl>" if rows else ""


def _pages(pages: Iterable[Page]) -> str:
    """Return the pages that plugins give to be read here, not inside another program."""
    shown = [
        f'<a href="/{escape(page_.path)}">/{escape(page_.path)}</a>'
        for page_ in pages
        if page_.media_type.startswith("text/html") and "frame-ancestors" not in dict(page_.needs)
    ]
    return f"<h2>Pages of plugins</h2>\n{shown_list(shown)}" if shown else ""
