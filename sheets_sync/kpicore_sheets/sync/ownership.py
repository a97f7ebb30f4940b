"""Whose table it is that stands in a spreadsheet: two workspaces may each have a `[[sheet]]` of one name.

A workspace has no lasting identity: a scheduler clones it anew for each run. So a table remembers what stands for the
`[[sheet]]` that it was written for, and `sheets-status.json` that of the last write from here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from kpicore_sheets.sync.placing import PlacedTable
from kpicore_sheets.sync.state import short_digest
from kpicore_sheets.table import SheetTable

_WHEN = ("refresh", "every", "cron")
"""What tells when a table is written and not what it shows: each machine may have its own."""
_MOST_BEGUN = 8
"""Of writes whose outcome nobody knows."""


def settings_digest(table: SheetTable) -> str:
    """Return six characters that stand for what a `[[sheet]]` shows, and where."""
    shown = {key: value for key, value in _given(table).items() if key not in _WHEN and key != "content"}
    content = {type(table.content).__name__: _given(table.content)}
    return short_digest(json.dumps([shown, content], sort_keys=True, default=_plain))[:6]


def _given(record: Any) -> dict[str, Any]:
    """Return what a record says beyond the usual: what later versions can say besides changes nothing."""
    values = {field.name: (getattr(record, field.name), field) for field in fields(record)}
    return {
        name: value
        for name, (value, field) in values.items()
        if value != (field.default_factory() if field.default_factory is not MISSING else field.default)
    }


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)


def is_anothers(table: PlacedTable, settings: str, last: str, generation: int) -> bool:
    """Return whether a table was written by somebody with other settings since it was written from here.

    `last` are the settings of that last write, "" where there is none known: a new machine goes on, and so does one
    whose kpi.toml says something else than then. Those of writes that were begun since follow, with blanks between:
    of one that was killed nobody knows whether it wrote. `generation` is the one that the last write made: a table with
    an earlier one was written before, and people have brought an older version of the spreadsheet back.
    """
    written, (wrote, *begun) = table.state.settings, last.split() or ("",)
    is_strange = bool(written) and written not in (settings, *begun)
    return is_strange and wrote == settings and table.generation > generation


def with_begun(last: str, settings: str) -> str:
    """Return the settings of the last write and of those begun since, this one included.

    >>> with_begun("a1", "b2"), with_begun("a1 b2", "a1"), with_begun("", "b2")
    ('a1 b2', 'a1 b2', '')
    """
    wrote, *begun = last.split() or ("",)
    if not wrote or settings in (wrote, *begun):
        return last
    return " ".join([wrote, *[*begun, settings][-_MOST_BEGUN:]])
