"""`kpi remake`: the tables by today's definitions, from the rows that were loaded."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore.cli.screen import json_option, print_json, progress, workspace_option


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also the tables whose definitions have not changed.")
@workspace_option
@json_option
def remake(everything: bool, workspace: Path, as_json: bool) -> None:
    """Make anew what has changed: tables whose fields, dimensions, settings or calendar are defined otherwise now.

    No file is needed, and the data stays of the day that it is of. Commands that answer do it by themselves
    where they may write; this one also where two installations take turns at one workspace.
    """
    from kpicore.text.plain_text import harmless
    from kpicore.workspace import open_workspace

    with open_workspace(workspace, may_remake=False) as opened:
        with progress() as tell:
            published = opened.remake(everything=everything, progress=tell)
        left = opened.outdated
        notes = [left.misread_words] if left else []
    if as_json:
        record = {
            "made_anew": list(published.anew),
            "why": published.why,
            "data_version": published.version,
            "notes": notes,
        }
        print_json(record)
        return
    click.echo(harmless(published.words) or "Nothing to make anew: all tables are as today's definitions make them.")
    for note in notes:
        click.echo(harmless(note))
