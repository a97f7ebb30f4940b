"""What a table remembers in its spreadsheet, as metadata: what was written last, by which batch."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

WRITTEN, RESERVED, FITTED, MOVED = "w", "r", "f", "m"


@dataclass(frozen=True, slots=True)
class TableState:
    """What was written last. `content` stands for all that is shown but the time of writing.

    `batch` tells apart who wrote; `last` what the last batch did: the values were written, room was reserved for more,
    the area fitted to fewer, or the values were written elsewhere, and the guard follows. `spare` and
    `spare_columns` count the rows and columns at the end that are reserved and hold nothing yet. `corner` stands for
    the text of the first cell, `cell` for the place that kpi.toml gave, `looks` for the styles of the rows, `tints` for
    the bands, `header` for the names of the columns, `charts` for the charts that were made, so that one that people
    delete stays deleted, `failed` for the failure that the stamp tells of, `settings` for the [[sheet]] that it was
    written for.
    `rest` tells how many of the notes and looks are there, and the first row that they are of, where they were too many
    for one batch. `shape` is how many rows and columns were written: people may insert and delete some of them.
    `runs` are those that added the last blocks of a history: one whose answer was lost finds itself among them, even if
    another one has written since. `block` is how many rows at the end of a history its last batch wrote; beside them
    and the line above the history it left all alone.
    """

    content: str = ""
    batch: str = ""
    last: str = WRITTEN
    spare: int = 0
    spare_columns: int = 0
    corner: str = ""
    cell: str = ""
    looks: str = ""
    tints: str = ""
    header: str = ""
    charts: str = ""
    failed: str = ""
    settings: str = ""
    rest: str = ""
    shape: str = ""
    runs: str = ""
    block: int = 0

    def is_first_cell(self, text: str) -> bool:
        """Return whether the first cell of the table was given this text."""
        return bool(self.corner) and short_digest(text) == self.corner

    def with_run(self, run: str) -> str:
        """Return the runs that have added a block to a history, this one included; of many the last ones."""
        return " ".join([*self.runs.split(), run][-_MOST_RUNS:])


def last_without_values(state: TableState) -> str:
    """Return what the last batch of a table did after one that writes no values: of it nothing is out of place."""
    return FITTED if state.last == WRITTEN else state.last


_MOST_RUNS = 8
_KEYS = {
    **{"content": "c", "batch": "b", "last": "l", "spare": "s", "spare_columns": "w", "corner": "t", "cell": "a"},
    **{
        "looks": "k",
        "tints": "i",
        "header": "h",
        "charts": "g",
        "failed": "f",
        "settings": "d",
        "rest": "o",
        "shape": "n",
        "runs": "r",
        "block": "m",
    },
}
_USUAL = TableState()


def state_text(state: TableState) -> str:
    """Return a state as the value of metadata, without what is usual: a spreadsheet has room for 30,000 characters.

    >>> state_text(TableState(content="5f2a", batch="run1.0", spare=3))
    'c5f2a;brun1.0;s3'
    """
    kept = ((key, getattr(state, name)) for name, key in _KEYS.items() if getattr(state, name) != getattr(_USUAL, name))
    return ";".join(f"{key}{int(value) if isinstance(value, bool) else value}" for key, value in kept)


def read_state(text: str) -> TableState | None:
    """Return the state that metadata holds, None where it is none that can be read."""
    names = {key: name for name, key in _KEYS.items()}
    try:
        values = {names[part[:1]]: part[1:] for part in text.split(";")}
        return TableState(**{name: _read(value, getattr(_USUAL, name)) for name, value in values.items()})
    except (KeyError, ValueError):
        return None


def _read(text: str, usual: object) -> Any:
    """Return a value of the type that is usual there. Raises ValueError."""
    return text if isinstance(usual, str) else bool(int(text)) if isinstance(usual, bool) else int(text)


def short_digest(text: str) -> str:
    """Return eight characters that stand for a text."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
