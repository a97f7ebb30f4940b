"""The line above a table: of when its data is, when it was written, and whether that went well."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_DATA_OF, _NO_DATA, _FAILED = "Data of ", "No data yet", "Not refreshed: "
_BEGINNINGS = (_DATA_OF, _NO_DATA, _FAILED)
_LONGEST_REASON = 300
_PATH = re.compile(r"(?<![\w:/\\])(?:[A-Za-z]:)?[/\\](?:[^\s/\\:]+[/\\])+")
"""The folders of a file: who reads the spreadsheet need not know them."""


def stamp_text(data_time: datetime | None, now: datetime) -> str:
    """Return the stamp of a table that is written now.

    >>> stamp_text(datetime(2026, 3, 1, 8, tzinfo=UTC), datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
    'Data of 2026-03-01 08:00, written 2026-03-01 09:30'
    """
    data = _NO_DATA if data_time is None else f"{_DATA_OF}{data_time:%Y-%m-%d %H:%M}"
    return f"{data}, written {_local(now, data_time)}"


def is_stamp(text: str) -> bool:
    """Return whether a text is the stamp of a table, whenever that was written.

    >>> is_stamp("Data of 2026-03-01 08:00, written 2026-03-01 09:30"), is_stamp("Data of"), is_stamp("=A1")
    (True, False, False)
    """
    return text.startswith(_BEGINNINGS)


def failed_stamp(stamp: str, reason: str) -> str:
    """Return the stamp of a table that could not be refreshed: what it was, and why.

    >>> failed_stamp("Data of 2026-03-01 08:00, written 2026-03-01 09:30", "no KPI named 'x'.")
    "Not refreshed: no KPI named 'x'. (Data of 2026-03-01 08:00, written 2026-03-01 09:30)"
    """
    reason = _PATH.sub("", reason)
    before = stamp.rpartition(" (")[2].rstrip(")") if stamp.startswith(_FAILED) else stamp
    reason = reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"
    return f"{_FAILED}{reason} ({before})"


def _local(now: datetime, data_time: datetime | None) -> str:
    zone = UTC if data_time is None else data_time.tzinfo
    return f"{now.astimezone(zone):%Y-%m-%d %H:%M}"
