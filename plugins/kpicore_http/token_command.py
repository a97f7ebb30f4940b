"""`kpi token`: which workbooks may ask `kpi serve` for numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore import CommandGroup, where_option, workspace_option

if TYPE_CHECKING:
    from datetime import datetime

    from kpicore import Narrowing
    from kpicore_http.tokens import Token

_ENTER_IT = "Enter it in the KPI pane of the workbook, in Google Sheets in the menu KPI > Token… It is not shown again."


@click.group(cls=CommandGroup)
def token() -> None:
    """Make, list and revoke the tokens with which workbooks ask `kpi serve`.

    \b
    kpi token new "Forecast 2026" --expires 90d
    kpi token new "Funnel in Sheets" --kpi win_rate --kpi total_sales --where region=EMEA
    kpi token revoke "Forecast 2026"
    """


@token.command()
@click.argument("name")
@click.option("--expires", metavar="DAY", help="Its last day, 2027-03-31, or after how many days: 90d. Default: none.")
@click.option("--kpi", "kpis", multiple=True, metavar="KPI", help="It may ask this KPI. Repeat it. Default: all.")
@where_option
@workspace_option
def new(name: str, expires: str | None, kpis: tuple[str, ...], where: tuple[str, ...], workspace: Path) -> None:
    """Make a token for the workbook or spreadsheet NAME and print it. It is shown only now: the workspace keeps a hash.

    With --kpi it may ask these KPIs only, with --where of these rows only: what goes beyond is an error in the cell.
    """
    from datetime import UTC, datetime

    from kpicore import read_config
    from kpicore_http.tokens import expiry, new_token

    zone = read_config(workspace).timezone  # a folder that is no workspace is refused
    now = datetime.now(UTC)
    ends = expiry(expires, zone, now) if expires is not None else None
    narrowing = _narrowing(workspace, kpis, where)
    click.echo(new_token(workspace, name, now, ends, narrowing))
    click.echo(f"{_may_ask(narrowing)}{_ENTER_IT}", err=True)


def _narrowing(workspace: Path, kpis: tuple[str, ...], where: tuple[str, ...]) -> Narrowing:
    """Return what a token is narrowed to. Raises KpiError for names that there are not, and what cannot be narrowed."""
    from kpicore import WHOLE, cuts_given, narrowing_given, open_workspace

    if not kpis and not where:
        return WHOLE  # needs no data
    with open_workspace(workspace, may_remake=False) as opened:
        return narrowing_given(opened, kpis, cuts_given(where))


def _may_ask(narrowing: Narrowing) -> str:
    from kpicore import harmless

    return f"It may ask {harmless(narrowing.words)}. " if narrowing.words else ""


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@workspace_option
def list_tokens(workspace: Path, as_json: bool) -> None:
    """List the tokens: what each may ask, when it was made, until which day it is good, and when it was last used."""
    from datetime import UTC, datetime

    from kpicore import read_config
    from kpicore_http.last_use import read_uses
    from kpicore_http.tokens import read_tokens

    zone = read_config(workspace).timezone  # a folder that is no workspace is refused
    tokens, uses = read_tokens(workspace), read_uses(workspace)
    if as_json:
        import json

        shown = [
            {
                "name": token.name,
                "made": token.made.isoformat(),
                "expires": token.expires.isoformat() if token.expires else None,
                "last_used": uses[token.sha256].isoformat() if token.sha256 in uses else None,
                "kpis": list(token.narrowing.kpis) if token.narrowing.kpis is not None else None,
                "where": {dimension: list(values) for dimension, values in token.narrowing.where},
            }
            for token in tokens
        ]
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    now = datetime.now(UTC)
    for token in tokens:
        click.echo(f"{token.name}  {_dates(token, uses.get(token.sha256), zone, now)}")
    if not tokens:
        click.echo('No workbook has a token. Make one: kpi token new "Forecast 2026"', err=True)


def _dates(token: Token, used: datetime | None, zone: str, now: datetime) -> str:
    """Return what a token may ask, where that is not everything, and when it was made, ends and was last used."""
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from kpicore import harmless, time_words

    parts = [f"made {time_words(token.made, zone)}"]
    if token.narrowing.words:
        parts.insert(0, harmless(token.narrowing.words))
    if token.expires is not None:
        # it ends as the next day begins
        last = (token.expires - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
        parts.append(f"expired after {last}" if token.expires <= now else f"good until {last}")
    parts.append(f"last used {time_words(used, zone)}" if used else "never used")
    return ", ".join(parts)


@token.command()
@click.argument("name")
@workspace_option
def revoke(name: str, workspace: Path) -> None:
    """Revoke the token NAME: a server that runs refuses it from now on."""
    from kpicore_http.tokens import revoke_token

    click.echo(f"Revoked {revoke_token(workspace, name)}.", err=True)
