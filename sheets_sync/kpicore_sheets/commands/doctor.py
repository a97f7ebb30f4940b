"""`kpi sheets doctor`: what is wrong between this machine and a spreadsheet, and the one thing to do."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore import workspace_option


@click.command()
@click.argument("name", metavar="[NAME]", default="")
@workspace_option
def doctor(name: str, workspace: Path) -> None:
    """Find out why a spreadsheet cannot be written, and what to do.

    \b
    kpi sheets doctor
    kpi sheets doctor funnel

    It tries in order: the login, the Google Sheets API, the spreadsheet, the right to edit it, the tab, protected
    ranges and room for more cells. Nothing is written.
    """
    from kpicore_sheets.commands.waiting import ToldClock
    from kpicore_sheets.doctor import examined
    from kpicore_sheets.google.client import GoogleSheets
    from kpicore_sheets.google.credentials import login
    from kpicore_sheets.google.retrying import Patience
    from kpicore_sheets.settings import chosen_tables, settings_of

    config = settings_of(workspace)
    tables = chosen_tables(config, [name] if name else ())
    who = login(config)
    click.echo(f"ok  login: {who.words}")
    if who.warning:
        click.echo(f"!!  {who.warning}")
    google = GoogleSheets(who, ToldClock(lambda line: click.echo(line, err=True)), patience=Patience(total=20))
    for line in examined(tables, who.account, google):
        click.echo(f"ok  {line}")
