"""`kpi init`: a new workspace."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore.config.known_names import MONTHS, WEEKDAYS


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", help="Name of the organisation; the folder's name if not given.")
@click.option("--currency", default="USD", show_default=True, help="Code of the currency, as in ISO 4217.")
@click.option("--timezone", default="UTC", show_default=True, help="Time zone in which days begin and end.")
@click.option("--week-starts", type=click.Choice(WEEKDAYS), default="monday", show_default=True)
@click.option("--fiscal-starts", type=click.Choice(MONTHS), default="january", show_default=True)
def init(folder: Path, name: str | None, currency: str, timezone: str, week_starts: str, fiscal_starts: str) -> None:
    """Make a new workspace: a folder with kpi.toml."""
    from kpicore import Config, write_config

    config = Config(
        folder=folder,
        name=name or folder.resolve().name or "kpi",
        currency=currency.upper(),
        timezone=timezone,
        week_starts=WEEKDAYS.index(week_starts),
        fiscal_starts=MONTHS.index(fiscal_starts) + 1,
    )
    file = write_config(config)
    inside = "" if folder == Path(".") else f"cd {folder}, then "
    click.echo(f"Made {file}. Next: {inside}kpi import FILE…")
