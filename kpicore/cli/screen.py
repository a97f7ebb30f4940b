"""What the commands share: the option that names the workspace, tables for people, JSON for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from kpicore.cli.whole_table import WholeTable

Command = Callable[..., Any]
Tell = Callable[[str, float], None]


def workspace_option(command: Command) -> Command:
    """Add `--workspace DIR`, given to the command as `workspace`."""
    option = click.option(
        "-w",
        "--workspace",
        default=".",
        metavar="DIR",
        show_default="here",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder of the workspace.",
    )
    return option(command)


def json_option(command: Command) -> Command:
    """Add `--json`, given to the command as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def print_json(value: object) -> None:
    """Print lists and mappings of plain values as JSON; dates as ISO text. Raises ValueError for NaN."""
    import json

    click.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False, default=str))


def console() -> Console:
    """Return the terminal; plain text, 120 columns wide, where the output is a file or a pipe."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 120, highlight=False)


def fits(part: RenderableType, screen: Console) -> bool:
    """Return whether a table is no wider than the terminal, with all its columns as wide as they want to be."""
    # measured as if there were room, else rich would shrink the columns to fit
    return screen.measure(part, options=screen.options.update(width=10_000)).maximum <= screen.width


def terminal_table(*columns: str, names: int = 0, **options: Any) -> WholeTable:
    """Return an empty table in the house's look, which cuts no number.

    The first `names` columns hold names, which are shortened where room is lacking; in the others texts wrap.
    `add_numbers` and `add_names` add more. Text from definitions and data goes in as rich Text: a plain cell would
    read "[red]" as markup.
    """
    from rich.box import SIMPLE_HEAD

    from kpicore.cli.whole_table import WholeTable

    table = WholeTable(**{"box": SIMPLE_HEAD, "header_style": "bold", "pad_edge": False, **options})
    table.add_names(*columns[:names])
    for column in columns[names:]:
        table.add_column(column)
    return table


@contextmanager
def progress() -> Iterator[Tell]:
    """Give what shows a step and its fraction (0 to 1): a bar on the terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda step, fraction: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(step: str, fraction: float) -> None:
            # without a total the bar moves to and fro
            bar.update(task, description=step, total=1.0 if fraction else None, completed=fraction)

        yield tell


def tell_outdated(folder: Path) -> None:
    """Say on stderr when the tables of a workspace are not as today's definitions make them; nothing is written."""
    from kpicore.config.reader import FILE
    from kpicore.errors import KpiError
    from kpicore.ingest.file_sources import changed_files
    from kpicore.text.plain_text import harmless
    from kpicore.warehouse import FILE as WAREHOUSE
    from kpicore.workspace import open_workspace

    # nothing was loaded yet, so nothing is outdated
    if not (folder / FILE).exists() or not (folder / WAREHOUSE).exists():
        return
    try:
        with open_workspace(folder, may_remake=False) as opened:
            outdated, files = opened.outdated, opened.registry.workspace_files.values()
            changed = [file for file, _ in changed_files(files, folder, opened.warehouse)]
    except KpiError:  # the command that asks for numbers tells it
        return
    if outdated is not None and outdated.words:
        who = "run" if outdated.turns else "the next question makes them anew, or"
        click.echo(harmless(f"{outdated.words}; {who}: kpi remake"), err=True)
    for file in changed:
        click.echo(harmless(f"{file.name} has changed: the next question takes its {file.holds} over"), err=True)
    if outdated is not None and outdated.misread_words:
        click.echo(harmless(outdated.misread_words), err=True)
