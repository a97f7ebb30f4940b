"""Groups of commands below `kpi`: `kpi excel …`, `kpi sheets …`."""

from __future__ import annotations

import click

from kpicore.errors import UnknownName


class CommandGroup(click.Group):
    """A group that proposes a command for a name that it does not know."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name. Raises UnknownName with a proposal."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            raise UnknownName("command", args[0], sorted(self.commands), where=ctx.command_path)
        return super().resolve_command(ctx, args)
