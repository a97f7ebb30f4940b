"""What commands that only look at definitions say of tables that other ones have made."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore.errors import KpiError


def tell_outdated(folder: Path) -> None:
    """Say on stderr when the tables of a workspace are not as today's definitions make them; nothing is written."""
    from kpicore.config.reader import FILE
    from kpicore.ingest.file_sources import changed_files
    from kpicore.text.plain_text import harmless
    from kpicore.warehouse import FILE as WAREHOUSE
    from kpicore.workspace import open_workspace

    if not (folder / FILE).exists() or not (folder / WAREHOUSE).exists():
        return
    try:
        with open_workspace(folder, may_remake=False) as opened:
            found, files = opened.outdated, opened.registry.workspace_files.values()
            changed = [file for file, _ in changed_files(files, folder, opened.warehouse)]
    except KpiError:  # the command that asks for numbers tells it
        return
    if found is not None and found.words:
        who = "run" if found.turns else "the next question makes them anew, or"
        click.echo(harmless(f"{found.words}; {who}: kpi remake"), err=True)
    for each in changed:
        click.echo(harmless(f"{each.name} has changed: the next question takes its {each.holds} over"), err=True)
    if found is not None and found.misread_words:
        click.echo(harmless(found.misread_words), err=True)
