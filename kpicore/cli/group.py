"""The group of commands, and the one place where errors become a line on stderr and an exit code."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from kpicore import __version__
from kpicore.cli.commands import GROUP, Offer, offers, shown_command
from kpicore.errors import KpiError, UnknownName
from kpicore.text.plain_text import one_line
from kpicore.utils.isolation import disabled_names, in_words, tell_traceback

USER_ERROR, STOPPED = 1, 130


class KpiGroup(click.Group):
    """A group that loads its commands when asked for, and turns every error into one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, of built-ins and plugins alike."""
        return sorted({*super().list_commands(ctx), *(name for name, offer in _offers(ctx).items() if offer.points)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, a stand-in for a broken one, or None."""
        offer = _offers(ctx).get(cmd_name)
        if offer is None or not offer.points:
            return super().get_command(ctx, cmd_name)
        return shown_command(cmd_name, offer)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name. Raises UnknownName with a proposal."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            raise UnknownName("command", args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and exit with 0, 1 for a user's error or a defect, or 130 when stopped."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        try:
            with _threads_in_one_line():
                code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
            sys.stdout.flush()
        except BrokenPipeError:
            _forget_output()
            sys.exit(USER_ERROR)
        except (KeyboardInterrupt, click.Abort):
            _leave("stopped", STOPPED)
        except (KpiError, click.ClickException) as error:
            tell_traceback()
            _leave(_line_of(error), USER_ERROR)
        except OSError as error:  # a disk that is full, a file that may not be read
            tell_traceback()
            place = f"{error.filename}: " if error.filename else ""
            _leave(f"{place}{error.strerror or error}.", USER_ERROR)
        except SystemExit:  # a command may end by itself
            raise
        except BaseException as error:  # a defect, ours or a plugin's: the user gets a line, not a traceback
            tell_traceback()
            _leave(f"internal error, {in_words(error)}. Run with KPI_DEBUG=1 for the traceback.", USER_ERROR)
        sys.exit(code if isinstance(code, int) else 0)


def _offers(ctx: click.Context) -> Mapping[str, Offer]:
    """Return who gives each command; looked for once in a run, it takes some 10 ms."""
    if GROUP not in ctx.meta:
        ctx.meta[GROUP] = offers(disabled_names())
    commands: Mapping[str, Offer] = ctx.meta[GROUP]
    return commands


def _line_of(error: KpiError | click.ClickException) -> str:
    if isinstance(error, KpiError):
        return str(error)
    if isinstance(error, click.MissingParameter) and error.param is not None and error.param.name == "period":
        return "of which period? Add --period 2026-Q3, or 2026, 2026-03, 'last month', 'this quarter', …"
    if isinstance(error, click.UsageError) and error.ctx is not None:
        message = error.format_message()
        stop = "" if message.endswith((".", "?")) else "."
        return f"{message}{stop} See: {error.ctx.command_path} --help"
    return error.format_message()


def _leave(message: str, code: int) -> NoReturn:
    click.echo(f"kpi: {one_line(message)}", err=True)
    sys.exit(code)


@contextmanager
def _threads_in_one_line() -> Iterator[None]:
    """Tell in one line what a thread ended with, one of a plugin's, say; Python prints a traceback."""

    def tell(ended: threading.ExceptHookArgs) -> None:
        if ended.exc_value is not None:
            click.echo(f"kpi: a thread ended: {one_line(in_words(ended.exc_value))}", err=True)

    before = threading.excepthook
    if not os.environ.get("KPI_DEBUG"):
        threading.excepthook = tell
    try:
        yield
    finally:
        threading.excepthook = before


def _forget_output() -> None:
    """Point stdout nowhere: the reader is gone, and Python would complain while flushing at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=KpiGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="kpi")
@click.pass_context
def kpi(ctx: click.Context) -> None:
    """KPIs with one definition, and the same number everywhere.

    Begin with `kpi demo`, or with `kpi init` and `kpi import FILE`.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _open_standard_streams() -> None:
    """Point streams that the shell has closed (`>&-`) nowhere: a file of ours that took their place would be hurt."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, closefd=False))  # noqa: SIM115  it is open as long as we are


def main() -> None:
    """Run the `kpi` command."""
    # imports make objects by the ten thousand that all stay: to look for circles among them each time takes 15 ms
    gc.set_threshold(50_000, *gc.get_threshold()[1:])
    _open_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that cannot show "→" shows "?" instead of failing
            stream.reconfigure(errors="replace")
    kpi(prog_name="kpi")
