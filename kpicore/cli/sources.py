"""`kpi sources`: of when the data of each source is, and how far it is behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.screen import console, json_option, print_json, terminal_table, workspace_option

if TYPE_CHECKING:
    from rich.table import Table

    from kpicore.engine.notes.freshness import Freshness
    from kpicore.warehouse import SourceState


@click.command()
@workspace_option
@json_option
def sources(workspace: Path, as_json: bool) -> None:
    """Tell of when the data of each source is, and which are behind."""
    from rich.text import Text

    from kpicore.wording.phrases import time_words
    from kpicore.workspace import open_workspace

    with open_workspace(workspace) as opened:
        states, freshness = opened.warehouse.state.sources, opened.engine.freshness
        time, zone = opened.data_time, opened.config.timezone
    if as_json:
        print_json([{**source_record(state), **_lag_record(state, freshness)} for state in states])
        return
    screen = console()
    if states:
        screen.print(_table(states, freshness, zone))
    screen.print(Text(f"Data of {time_words(time, zone)}", style="dim"))


def _table(states: Sequence[SourceState], freshness: Freshness, zone: str) -> Table:
    from rich.text import Text

    from kpicore.text.plain_text import harmless
    from kpicore.wording.phrases import time_words

    tried, failed = any(state.tried for state in states), any(state.error for state in states)
    shown = terminal_table("source", "stream", names=2)
    shown.add_column("data of", no_wrap=True)
    shown.add_numbers("rows", "lag")
    for name in (*(["last try"] if tried else []), *(["error"] if failed else [])):
        shown.add_column(name)
    for state in states:
        behind = freshness.is_behind(state)
        shown.add_row(
            Text(harmless(state.source), style="bold"),
            Text(harmless(state.stream)),
            Text(time_words(state.time, zone)),
            Text(f"{state.rows:,}"),
            Text(_lag_words(freshness.days_behind(state), behind), style="yellow" if behind else ""),
            *([Text(time_words(state.tried, zone) if state.tried else "")] if tried else []),
            *([Text(harmless(state.error), style="red")] if failed else []),
        )
    return shown


def _lag_words(days: int, behind: bool) -> str:
    if not days:
        return ""
    return f"{days} day{'s' if days != 1 else ''}{' behind' if behind else ''}"


def source_words(state: SourceState, zone: str) -> str:
    """Return a source in a few words: "web order, 6 rows of 2025-06-28 12:00 UTC"."""
    from kpicore.text.plain_text import harmless
    from kpicore.wording.note_words import counted
    from kpicore.wording.phrases import time_words

    return (
        f"{harmless(f'{state.source} {state.stream}')}, {counted(state.rows, 'rows of')} {time_words(state.time, zone)}"
    )


def source_record(state: SourceState) -> dict[str, Any]:
    """Return a source as a dict that JSON can hold."""
    return {
        "source": state.source,
        "stream": state.stream,
        "entity": state.entity,
        "data_time": state.time.isoformat(),
        "tried": state.tried.isoformat() if state.tried else None,
        "error": state.error or None,
        "rows": state.rows,
    }


def _lag_record(state: SourceState, freshness: Freshness) -> dict[str, Any]:
    allowed = state.allowed_lag
    return {
        "days_behind": freshness.days_behind(state),
        "allowed_lag_days": allowed.days if allowed is not None else None,
        "behind": freshness.is_behind(state),
    }
