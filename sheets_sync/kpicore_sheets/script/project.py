"""The files of an Apps Script project, as clasp lays them out or as they are pasted by hand."""

from __future__ import annotations

import json
from importlib.resources import files
from urllib.parse import urlsplit

from kpicore import BadArgument, Cells, Config
from kpicore_sheets.given_texts import quoted
from kpicore_sheets.script.code import code_js

_SCOPES = ("spreadsheets.currentonly", "script.external_request", "script.container.ui")
"""This one spreadsheet; the KPI server; a menu and a pane. Nothing else of the account."""

_WITH_TOKEN = """\
4. *KPI > Token…*, and paste what `kpi token new "Name of the spreadsheet" --expires 90d` shows. Google asks once
   whether the script may see this spreadsheet, ask the server and show a pane."""
_OF_TOKENS = """\
Who may edit the spreadsheet can read the token. It reads KPIs and changes nothing; revoke it with
`kpi token revoke`."""
_WITHOUT_SERVER = """\
4. Write a `[[sheet]]` with `formulas = true` for this spreadsheet into kpi.toml. `kpi sheets sync` then keeps the
   answers to its formulas in the hidden tab `_kpi`, and they show nothing else: after a new formula sync, then
   *KPI > Refresh*."""

_IGNORED = "**/**\n!appsscript.json\n!Code.js\n"


def project_files(config: Config, cells: Cells, server: str) -> dict[str, str]:
    """Return the text of each file by its name; `server` is the address of `kpi serve`, "" for none.

    Raises: KpiError for an address that is none, and for a workspace that cannot be read.
    """
    server = _address(server)
    functions = cells.functions()
    readme = files("kpicore_sheets.script").joinpath("files", "README.md").read_text(encoding="utf-8")
    return {
        "appsscript.json": json.dumps(_manifest(config.timezone, server), indent=2) + "\n",
        "Code.js": code_js(server, functions, cells.calculators()),
        ".claspignore": _IGNORED,
        "README.md": readme.format_map(_steps(server)),
    }


def _steps(server: str) -> dict[str, str]:
    """Return what the steps say of the server, and of where answers are from."""
    if server:
        return {"server": server, "fourth": _WITH_TOKEN, "last": _OF_TOKENS}
    return {"server": "(none)", "fourth": _WITHOUT_SERVER, "last": "For a server, write it anew with --server."}


def _manifest(timezone: str, server: str) -> dict[str, object]:
    manifest: dict[str, object] = {
        "timeZone": timezone,
        "runtimeVersion": "V8",
        "exceptionLogging": "NONE",  # the line of an error is for who looks at the cell
        "dependencies": {},
        "oauthScopes": [f"https://www.googleapis.com/auth/{scope}" for scope in _SCOPES],
    }
    # no other address is asked, whatever the script said
    return manifest | ({"urlFetchWhitelist": [f"{server}/"]} if server else {})


def _address(server: str) -> str:
    """Return an address without a slash at the end. Raises BadArgument: a token goes there, so HTTPS only."""
    if not server:
        return ""
    try:
        parts = urlsplit(server)
        is_sound = parts.scheme == "https" and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        is_sound = False
    if not is_sound or parts.query or parts.fragment or not server.isascii() or set(server) & set("\"'<>;,*\\ "):
        raise BadArgument(
            f"{quoted(server)} is no address for Google to ask.", hint="Write it as https://kpi.example.com"
        )
    return server.rstrip("/")
