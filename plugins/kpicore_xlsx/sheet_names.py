"""Names of sheets that every spreadsheet program takes."""

from __future__ import annotations


def sheet_name(text: str, taken: set[str]) -> str:
    """Return a name that spreadsheets allow and that is not taken yet, ignoring case.

    >>> sheet_name("leads/sales", set())
    'Leads sales'
    >>> sheet_name("pipeline", {"pipeline"})
    'Pipeline 2'
    """
    allowed = "".join(" " if sign in "[]:*?/\\'" else sign for sign in text).strip() or "Other"
    name = allowed[0].upper() + allowed[1:31]
    number = 2
    while name.casefold() in taken:
        name = f"{allowed[0].upper()}{allowed[1:27]} {number}"
        number += 1
    return name
