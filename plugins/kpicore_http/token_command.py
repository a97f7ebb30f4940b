"""`kpi token`: which workbooks may ask `kpi serve` for numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore import workspace_option

if TYPE_CHECKING:
    from datetime import datetime

    from kpicore_http.tokens import Token


@click.group()
def token() -> None:
    """Make, list and revoke the tokens with which workbooks ask `kpi serve`.

    \b
    kpi token new "Forecast 2026" --expires 90d
    kpi token revoke "Forecast 2026"
    """


@token.command()
@click.argument("name")
@click.option("--expires", metavar="DAY", help="Its last day, 2027-03-31, or after how many days: 90d. Default: none.")
@workspace_option
def new(name: str, expires: str | None, workspace: Path) -> None:
    """Make a token for the workbook NAME and print it. It is shown only now: the workspace keeps a hash."""
    from datetime import UTC, datetime

    from kpicore import read_config
    from kpicore_http.tokens import expiry, new_token

    zone = read_config(workspace).timezone  # a folder that is no workspace is refused
    now = datetime.now(UTC)
    text = new_token(workspace, name, now, expiry(expires, zone, now) if expires is not None else None)
    click.echo(text)
    click.echo("Enter it in the KPI pane of the workbook. It is not shown again.", err=True)


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@workspace_option
def list_tokens(workspace: Path, as_json: bool) -> None:
    """List the tokens: when each was made, until which day it is good, and when it was last used."""
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
    """Return when a token was made, ends and was last used, in words."""
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from kpicore import time_words

    parts = [f"made {time_words(token.made, zone)}"]
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
