"""`kpi excel office`: the add-in's files in a folder, for IT that serves them itself."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore import workspace_option


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", default="https://localhost:8765", show_default=True, help="Where the files will be served.")
@click.option("--server", default="", metavar="URL", help="Where kpi serve answers, if elsewhere.")
@workspace_option
def office(folder: Path, url: str, server: str, workspace: Path) -> None:
    """Write the files of the Office.js add-in for Excel on Windows, Mac and the web.

    \b
    kpi excel office addin --url https://files.example.com --server https://kpi.example.com

    `kpi serve` shows the same files itself: this is for those who serve or check them another way.
    """
    from dataclasses import replace

    from kpicore import Cells, PageContext, read_config, written_whole
    from kpicore_excel.office.pages import FOLDER, MANIFEST, kpi_pages

    url, server = _address(url), _address(server or url)
    cells = Cells(workspace)
    try:
        context = PageContext(read_config(workspace).name, server, cells.functions(), cells.calculators())
    finally:
        cells.close()
    for page in kpi_pages():
        file = folder / page.path
        file.parent.mkdir(parents=True, exist_ok=True)
        body = page.body(replace(context, base_url=url) if page.path == MANIFEST else context)
        with written_whole(file) as draft:
            draft.write_bytes(body)
    click.echo(
        f"Wrote {folder / FOLDER}: serve it as {url}/{FOLDER}/, and give {folder / MANIFEST} to Excel.", err=True
    )
    if server != url:
        click.echo(f"Start the server with: kpi serve --url {server} --allow-origin {url}", err=True)


def _address(given: str) -> str:
    """Return an address without a slash at the end. Raises BadArgument: Office loads add-ins by HTTPS only."""
    from urllib.parse import urlsplit

    from kpicore import BadArgument

    parts = urlsplit(given)
    if parts.scheme != "https" or not parts.netloc or parts.query or parts.fragment or set(given) & set("\"'<>;, "):
        raise BadArgument(f"'{given}' is no address for an add-in.", hint="Write it as https://kpi.example.com")
    return given.rstrip("/")
