"""`kpi token`: which workbooks may ask `kpi serve` for numbers."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore import workspace_option


@click.group()
def token() -> None:
    """Make, list and revoke the tokens with which workbooks ask `kpi serve`.

    \b
    kpi token new "Forecast 2026"
    kpi token revoke "Forecast 2026"
    """


@token.command()
@click.argument("name")
@workspace_option
def new(name: str, workspace: Path) -> None:
    """Make a token for the workbook NAME and print it. It is shown only now: the workspace keeps a hash."""
    from datetime import UTC, datetime

    from kpicore import read_config
    from kpicore_http.tokens import new_token

    read_config(workspace)  # a folder that is no workspace is refused
    text = new_token(workspace, name, datetime.now(UTC))
    click.echo(text)
    click.echo("Enter it in the KPI pane of the workbook. It is not shown again.", err=True)


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@workspace_option
def list_tokens(workspace: Path, as_json: bool) -> None:
    """List the names of the tokens, and when each was made."""
    from kpicore import read_config, time_words
    from kpicore_http.tokens import read_tokens

    found = read_tokens(workspace)
    if as_json:
        import json

        shown = [{"name": each.name, "made": each.made.isoformat()} for each in found]
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    zone = read_config(workspace).timezone
    for each in found:
        click.echo(f"{time_words(each.made, zone)}  {each.name}")
    if not found:
        click.echo('No workbook has a token. Make one: kpi token new "Forecast 2026"', err=True)


@token.command()
@click.argument("name")
@workspace_option
def revoke(name: str, workspace: Path) -> None:
    """Revoke the token NAME: a server that runs refuses it from now on."""
    from kpicore_http.tokens import revoke_token

    click.echo(f"Revoked {revoke_token(workspace, name)}.", err=True)
