"""Spreadsheets and cells as people write them: an address pasted from the browser, an id, `B3`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from kpicore import BadArgument
from kpicore_sheets.given_texts import quoted
from kpicore_sheets.limits import MOST_COLUMNS, MOST_ROWS
from kpicore_xlsx.addresses import column_number

_HOSTS = ("docs.google.com", "drive.google.com", "spreadsheets.google.com")
_ID = re.compile(r"[A-Za-z0-9_-]+")
_SHORTEST_ID = 20
"""Characters of an id. Google's have 44; a name of a spreadsheet is mostly shorter, or has blanks."""
_IN_PATH = re.compile(r"/d/([^/]+)")
_PUBLISHED = re.compile(r"/d/e/")
_KINDS = {
    "document": "a document of Google Docs",
    "presentation": "a presentation of Google Slides",
    "forms": "a form of Google Forms",
    "drawings": "a drawing of Google Drawings",
    "folders": "a folder of Google Drive",
}
_OTHER_KIND = re.compile(rf"/({'|'.join(_KINDS)})/")
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
"""Signs without a width that come along where people copy: marks of the byte order, joiners, marks of direction."""
_MARKDOWN = re.compile(r"\]\(\s*<?(\S+?)>?\s*\)")
_COPY = "Open it in the browser and copy: https://docs.google.com/spreadsheets/d/…/edit"
_GID = re.compile(r"\bgid=(\d{1,10})\b")
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,7})")


@dataclass(frozen=True, slots=True)
class SpreadsheetAddress:
    """The id of a spreadsheet, and of the tab that its address shows, None where it names none."""

    spreadsheet: str
    gid: int | None = None


def spreadsheet_address(text: str) -> SpreadsheetAddress:
    """Return what an address, as browsers show it, or an id means. Raises BadArgument.

    >>> spreadsheet_address("https://docs.google.com/spreadsheets/u/0/d/1AbC_d-E2345678901234/edit?gid=7#gid=7")
    SpreadsheetAddress(spreadsheet='1AbC_d-E2345678901234', gid=7)
    """
    written = _written(text)
    if "/" not in written:
        return SpreadsheetAddress(_lone_id(text, written))
    try:
        parts = urlsplit(written if "://" in written else f"https://{written}")
    except ValueError:  # a host with brackets
        raise _refused(text) from None
    if (parts.hostname or "").casefold() not in _HOSTS:
        raise _refused(text)
    if _PUBLISHED.search(parts.path):
        raise BadArgument(
            f"{quoted(text)} is the published copy of a spreadsheet, which nobody can write.",
            hint="Open the spreadsheet itself and copy its address.",
        )
    if other := _OTHER_KIND.search(parts.path):
        raise BadArgument(f"{quoted(text)} is {_KINDS[other[1]]}, no Google spreadsheet.", hint=_COPY)
    named = _IN_PATH.search(parts.path)
    id = named[1] if named else (parse_qs(parts.query).get("id") or parse_qs(parts.query).get("key") or [""])[0]
    if not _ID.fullmatch(id) or len(id) < _SHORTEST_ID:
        raise _refused(text)
    gid = _GID.search(parts.fragment) or _GID.search(parts.query)
    return SpreadsheetAddress(id, int(gid[1]) if gid else None)


def _written(text: str) -> str:
    """Return what of a pasted text is the address: without the words around it, and without signs that nobody sees."""
    seen = _UNSEEN.sub("", text)
    if link := _MARKDOWN.search(seen):
        return link[1]
    # people paste an address with the words that stood around it: `https://… (our KPIs)`
    return next((word for word in seen.split() if "/" in word), seen.strip()).strip("<>\"'(),;")


def _lone_id(text: str, written: str) -> str:
    if not _ID.fullmatch(written) or len(written) < _SHORTEST_ID:
        raise _refused(text)
    return written


def _refused(text: str) -> BadArgument:
    return BadArgument(f"{quoted(text)} is no address of a Google spreadsheet.", hint=_COPY)


def spreadsheet_link(spreadsheet: str) -> str:
    """Return the address at which people open the spreadsheet with an id."""
    return f"https://docs.google.com/spreadsheets/d/{spreadsheet}/edit"


def cell_place(text: str) -> tuple[int, int]:
    """Return row and column of a cell, from 0. Raises BadArgument.

    >>> cell_place("B3"), cell_place("$aa$10")
    ((2, 1), (9, 26))
    """
    parts = _CELL.fullmatch(text.strip())
    if parts is None:
        hint = "Write the tab as tab, and the cell alone: B3." if "!" in text else "Write column and row: B3."
        raise BadArgument(f"{quoted(text)} is no cell.", hint=hint)
    row, column = int(parts[2]) - 1, column_number(parts[1])
    if row >= MOST_ROWS or column >= MOST_COLUMNS:
        raise BadArgument(f"no tab has a cell '{text}'.", hint=f"The last ones are ZZZ1 and A{MOST_ROWS}.")
    return row, column


def tab_name(tab: str) -> str:
    """Return a tab as it stands before the sign of exclamation.

    >>> tab_name("KPIs"), tab_name("Ann's KPIs")
    ("'KPIs'", "'Ann''s KPIs'")
    """
    return "'" + tab.replace("'", "''") + "'"
