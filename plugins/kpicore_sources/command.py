"""`kpi import`: files into the warehouse, after the doctor has looked at them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore import workspace_option

if TYPE_CHECKING:
    from kpicore import Interview


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--entity", default="", help="What one row is: opportunity, order, customer, …")
@click.option("--mapping", type=click.Path(path_type=Path), help="A mapping to use; else those kept in mappings/.")
@click.option("--as-of", metavar="DATE", help="The day that the data shows, such as 2026-09-18; else today.")
@click.option("--yes", is_flag=True, help="Accept what is proposed where nothing is ambiguous.")
@click.option(
    "--answers", metavar="FILE", type=click.Path(path_type=Path), help="Answers to what is asked, TOML or JSON."
)
@click.option("--questions", is_flag=True, help="Print what is open as JSON, and load nothing.")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_command(
    files: tuple[Path, ...],
    entity: str,
    mapping: Path | None,
    as_of: str | None,
    yes: bool,
    answers: Path | None,
    questions: bool,
    workspace: Path,
    as_json: bool,
) -> None:
    """Read files into the workspace: CSV, XLSX, ODS, Parquet, JSON lines.

    Says what it understood and why, asks what only you can tell, and keeps the answers in
    mappings/. What could not be read goes to quarantine, and the rest is loaded.

    \b
    kpi import deals.csv accounts.csv
    kpi import export.xlsx --entity opportunity --yes
    kpi import deals.csv --answers answers.toml
    """
    from kpicore_sources.importing import ImportRequest, import_files

    # stderr too: questions are written there, so that stdout holds the report alone
    interactive = not (yes or as_json or questions) and sys.stdin.isatty() and sys.stderr.isatty()
    ask = _interview(answers, interactive=interactive, yes=yes or questions)
    given = files, entity, mapping, as_of, answers, questions, workspace, as_json, interactive
    request: ImportRequest | None = ImportRequest(*given)
    while request is not None:  # what is answered once the rows are there may mean to read the files again
        request = import_files(request, ask)


def _interview(answers: Path | None, *, interactive: bool, yes: bool) -> Interview:
    """Return who answers: the file, then a person where there is one."""
    from kpicore import AnswersFile, Interview, read_answers, terminal_asker

    given = read_answers(answers) if answers else AnswersFile()
    return Interview(given, terminal_asker() if interactive else None, yes)
