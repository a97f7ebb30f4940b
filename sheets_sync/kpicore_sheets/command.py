"""`kpi sheets`: what kpicore does for Google Sheets, one command each."""

from __future__ import annotations

import click

from kpicore import CommandGroup
from kpicore_sheets.commands.script import script


@click.group(cls=CommandGroup)
def sheets() -> None:
    """KPIs in Google Sheets: tables that refresh themselves, and formulas."""


sheets.add_command(script)
