"""`kpi sheets`: what kpicore does for Google Sheets, one command each."""

from __future__ import annotations

import click

from kpicore import CommandGroup
from kpicore_sheets.commands.doctor import doctor
from kpicore_sheets.commands.login import login
from kpicore_sheets.commands.schedule import schedule
from kpicore_sheets.commands.script import script
from kpicore_sheets.commands.status import status
from kpicore_sheets.commands.sync import sync
from kpicore_sheets.commands.watch import watch


@click.group(cls=CommandGroup)
def sheets() -> None:
    """KPIs in Google Sheets: tables that refresh themselves, and formulas."""


sheets.add_command(doctor)
sheets.add_command(login)
sheets.add_command(schedule)
sheets.add_command(status)
sheets.add_command(watch)
sheets.add_command(script)
sheets.add_command(sync)
