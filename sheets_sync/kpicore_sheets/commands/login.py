"""`kpi sheets login`: a person logs in, and gets a file of their own."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--client", required=True, metavar="FILE", type=_FILE, help="The file of an OAuth client for a desktop.")
@click.option("--out", required=True, metavar="FILE", type=_FILE, help="The new file, outside of any workspace.")
def login(client: Path, out: Path) -> None:
    """Log in as a person, in the browser.

    \b
    kpi sheets login --client client.json --out ~/kpi-google.json

    The login is written into a file of yours. Name it in kpi.toml below [sheets]: credentials = "~/kpi-google.json".
    Only you may read it: it is as good as your password for Google Sheets. You take it back at
    myaccount.google.com/permissions.
    """
    from kpicore_sheets.google.person import check_place, log_in, read_client, write_login

    read = read_client(client)
    check_place(out)
    write_login(log_in(read), out)
    click.echo(f"Wrote {out}", err=True)
