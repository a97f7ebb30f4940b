"""`kpi excel`: what kpicore does for Excel and LibreOffice. Each command is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

from kpicore import UnknownName

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "libreoffice": "kpicore_excel.libreoffice.command:libreoffice",
        "udf": "kpicore_excel.udf.command:udf",
        "workbook": "kpicore_excel.live.command:workbook",
    }
)
"""The commands by name, each with its module and its name there."""


class ExcelGroup(click.Group):
    """A group that imports its commands when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name. Raises UnknownName with a proposal."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise UnknownName("command", args[0], sorted(COMMANDS), where="kpi excel")
        return super().resolve_command(ctx, args)


@click.group(cls=ExcelGroup)
def excel() -> None:
    """KPIs in Excel and LibreOffice."""
