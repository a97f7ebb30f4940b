"""What a table remembers in its spreadsheet, as metadata: what was written last, by which batch."""

from __future__ import annotations

import json
from dataclasses import dataclass

WRITTEN, RESERVED, FITTED = "written", "reserved", "fitted"


@dataclass(frozen=True, slots=True)
class TableState:
    """What was written last. `content` stands for all that is shown but the time of writing.

    `batch` tells apart who wrote; `last` what the last batch did: the values were written, room was reserved for more,
    or the area fitted to fewer. `spare` and `spare_columns` count the rows and columns at the end that are reserved
    and hold nothing yet. `corner` is the text of the first cell, `cell` the place that kpi.toml gave, `looks` stands
    for the styles of the rows, `tints` for the bands, `header` for the names of the columns, `charts` for the
    charts that were made, so that one that people delete stays deleted. `failed` is said of a stamp that tells why.
    `runs` are those that added the last blocks of a history: one whose answer was lost finds itself among them, even if
    another one has written since.
    """

    content: str = ""
    batch: str = ""
    last: str = WRITTEN
    version: str = ""
    spare: int = 0
    spare_columns: int = 0
    corner: str = ""
    cell: str = ""
    looks: str = ""
    tints: str = ""
    header: str = ""
    charts: str = ""
    failed: bool = False
    runs: str = ""

    def with_run(self, run: str) -> str:
        """Return the runs that have added a block to a history, this one included; of many the last ones."""
        return " ".join([*self.runs.split(), run][-_MOST_RUNS:])


_MOST_RUNS = 8
_KEYS = {
    **{"content": "c", "batch": "b", "last": "l", "version": "v", "spare": "s", "corner": "t", "cell": "a"},
    **{"spare_columns": "w", "looks": "k", "tints": "i", "header": "h", "charts": "g", "failed": "f", "runs": "r"},
}
"""Short, as a spreadsheet has room for 30,000 characters of metadata in all."""
_LONGEST = 400


def state_text(state: TableState) -> str:
    """Return a state as the value of metadata: what is usual is left out."""
    usual = TableState()
    items = {key: getattr(state, name) for name, key in _KEYS.items() if getattr(state, name) != getattr(usual, name)}
    return json.dumps(items, ensure_ascii=False, separators=(",", ":"))


def read_state(text: str) -> TableState | None:
    """Return the state that metadata holds, None where it is none that can be read."""
    try:
        items = json.loads(text)
        values = {name: items[key] for name, key in _KEYS.items() if key in items}
    except (ValueError, TypeError):
        return None
    usual = TableState()
    if any(type(value) is not type(getattr(usual, name)) for name, value in values.items()):
        return None
    return TableState(**values)


def shortened_corner(text: str) -> str:
    """Return as much of the first cell's text as a state keeps."""
    return text[:_LONGEST]
