"""Groups of commands below `kpi`: `kpi excel …`, `kpi sheets …`."""

from __future__ import annotations

import click

from kpicore.errors import UnknownName


class CommandGroup(click.Group):
    """A group that proposes a command for a name that it does not know, and shows its help where none is given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; without any the help is shown, and that is all."""
        if not args:  # as `kpi` alone does: to click it is an error, which would be told in one endless line
            click.echo(ctx.get_help())
            ctx.exit()
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name. Raises UnknownName with a proposal."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            raise UnknownName("command", args[0], sorted(self.commands), where=ctx.command_path)
        return super().resolve_command(ctx, args)
