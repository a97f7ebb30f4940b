"""The little of Google Drive that clients of spreadsheets use: files that are made, found, shared and deleted."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator, Mapping

from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.defaults import spreadsheet_properties
from kpicore.testing.sheets.refusals import GoogleRefusal, unknown
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet
from kpicore.testing.sheets.tab import EmulatedTab

_TYPE = "application/vnd.google-apps.spreadsheet"
_SIGNS = string.ascii_letters + string.digits + "-_"
_QUERY = re.compile(rf"""mimeType=["']{re.escape(_TYPE)}["'](?: and name = (["'])(.*)\1)?""")


def file_ids() -> Iterator[str]:
    """Yield ids of files that look as Google's do, the same in each run."""
    source = random.Random(20260726)
    while True:
        yield "1" + "".join(source.choice(_SIGNS) for _ in range(43))


def created(title: str, id: str, now: str, account: str) -> EmulatedSpreadsheet:
    """Return a new spreadsheet with one tab."""
    owner = {"kind": "drive#permission", "id": "owner", "type": "user", "role": "owner", "emailAddress": account}
    return EmulatedSpreadsheet(
        id, spreadsheet_properties(title), [EmulatedTab(0, "Sheet1")], created=now, modified=now, permissions=[owner]
    )


def known(spreadsheets: Mapping[str, EmulatedSpreadsheet], id: str) -> EmulatedSpreadsheet:
    """Return a file that the account sees. Raises GoogleRefusal."""
    spreadsheet = spreadsheets.get(id)
    if spreadsheet is None or not spreadsheet.shared:
        raise GoogleRefusal(f"File not found: {id}.", 404)
    return spreadsheet


def file_json(spreadsheet: EmulatedSpreadsheet, *, short: bool) -> Json:
    """Return a file as Drive tells it: `short` is what it tells when no fields were asked for."""
    result = {
        "kind": "drive#file",
        "id": spreadsheet.id,
        "name": spreadsheet.properties["title"],
        "mimeType": _TYPE,
    }
    if short:
        return result
    return result | {"createdTime": spreadsheet.created, "modifiedTime": spreadsheet.modified}


def listed(spreadsheets: Mapping[str, EmulatedSpreadsheet], query: str, mask: str) -> Json:
    """Return the spreadsheets that a query names, all or those of a title."""
    match = _QUERY.fullmatch(query)
    if not match:
        raise unknown(f"a search for files by {query!r}")
    files = [
        file_json(spreadsheet, short=not mask)
        for spreadsheet in spreadsheets.values()
        if spreadsheet.shared and match[2] in (None, spreadsheet.properties["title"])
    ]
    return {"kind": "drive#fileList", "files": files}


def permissions(spreadsheet: EmulatedSpreadsheet, method: str, body: Json, ids: Iterator[int]) -> Json:
    """Return who may do what, or share a file with somebody."""
    if method == "GET":
        return {"kind": "drive#permissionList", "permissions": spreadsheet.permissions}
    if method != "POST":
        raise unknown(f"{method} of permissions")
    permission = {"kind": "drive#permission", "id": str(next(ids)), **body}
    spreadsheet.permissions.append(permission)
    return {name: permission[name] for name in ("kind", "id", "type", "role") if name in permission}
