"""`kpi sheets`: what kpicore does for Google Sheets, one command each."""

from __future__ import annotations

import click

from kpicore import CommandGroup


@click.group(cls=CommandGroup)
def sheets() -> None:
    """KPIs in Google Sheets: tables that refresh themselves, and formulas."""
