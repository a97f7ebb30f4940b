"""A person's login: the browser asks, and the file that comes of it is the person's own.

Nobody's login stands in a file that we write, with this one exception: a person cannot get it otherwise without gcloud
or a program of their own. They name the file themselves, it lies outside of every workspace (those are committed and
copied), only they may read it, and it is never written over.

https://developers.google.com/identity/protocols/oauth2/native-app
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kpicore import BadArgument, KpiError, MissingDependency, harmless
from kpicore_sheets.given_texts import path_told
from kpicore_sheets.google.credentials import SCOPES
from kpicore_sheets.google.json_objects import read_json_object

_MOST_SECONDS = 600
"""To read what the browser asks, and to answer."""
_ADDRESSES = ("auth_uri", "token_uri")
_KEPT = ("client_id", "client_secret", "refresh_token")
_ANOTHER = "Google Cloud Console > APIs & Services > Credentials > Create credentials > OAuth client ID > Desktop app."


def check_place(out: Path) -> None:
    """Refuse a file that is there already, or that lies in a workspace. Raises BadArgument."""
    _check_path(out, "--out")
    whole = out.expanduser().resolve()
    if whole.exists():
        raise BadArgument(f"'{harmless(out)}' is there already.", hint="Name another file, or delete that one.")
    for folder in whole.parents:
        if (folder / "kpi.toml").exists():
            raise BadArgument(
                f"'{harmless(out)}' lies in the workspace '{harmless(folder)}', which may be committed or copied.",
                hint="Name a file outside of it: it holds a secret of yours.",
            )


def _check_path(path: Path, option: str) -> None:
    """Refuse what can be no path, and do not tell it: it may be what should stand in the file."""
    if path_told(path) is None:
        hint = "Write what is to stand in a file into one, and name that."
        raise BadArgument(f"what {option} names is no path.", hint=hint)


def read_client(file: Path) -> Mapping[str, Any]:
    """Return what Google wrote of an OAuth client into a file. Raises BadArgument where it is none."""
    _check_path(file, "--client")
    place = f"'{harmless(file)}'"
    try:
        content = read_json_object(file) or {}
    except (OSError, ValueError):
        raise BadArgument(f"{place} cannot be opened.", hint="Name the file of an OAuth client.") from None
    client = content.get("installed")
    if not isinstance(client, dict):
        kind = "is that of a web application" if "web" in content else "is none"
        raise BadArgument(
            f"{place} {kind}, not the file of an OAuth client for a desktop.", hint=f"Make one: {_ANOTHER}"
        )
    texts = [client.get(key) for key in ("client_id", "client_secret", *_ADDRESSES)]
    if not all(isinstance(text, str) and text for text in texts):
        raise BadArgument(f"{place} lacks a field of an OAuth client.", hint=f"Download it again: {_ANOTHER}")
    if not all(client[key].startswith("https://") for key in _ADDRESSES):
        raise BadArgument(
            f"{place} names an address that does not begin with https://.", hint=f"Make another: {_ANOTHER}"
        )
    return client


def log_in(client: Mapping[str, Any], *, browser: str | None = None) -> Mapping[str, str]:
    """Return a person's login as its file holds it, once they said yes in their browser. Raises KpiError."""
    try:
        from google_auth_oauthlib.flow import InstalledAppFlow
    except ModuleNotFoundError:
        raise MissingDependency("google-auth-oauthlib", "sheets") from None
    flow = InstalledAppFlow.from_client_config({"installed": dict(client)}, SCOPES)
    problem = ""
    try:
        flow.run_local_server(
            port=0,
            browser=browser,
            timeout_seconds=_MOST_SECONDS,
            authorization_prompt_message="Open this page in your browser, if it did not open by itself:\n{url}\n",
            success_message="kpicore is logged in. You may close this page.",
            prompt="consent",  # else a login for the second time has nothing that lasts
        )
    except Exception as error:  # of five libraries; a right that was not given comes as a warning
        problem = _in_words(error)
    if problem:
        raise KpiError(f"the login failed: {problem}.", hint="Try again: kpi sheets login")
    credentials = flow.credentials
    login = {key: getattr(credentials, key) for key in _KEPT}
    if not all(isinstance(value, str) and value for value in login.values()):
        raise KpiError("the login failed: Google gave nothing that lasts.", hint="Try again: kpi sheets login")
    return {"type": "authorized_user", **login}


def _in_words(error: BaseException) -> str:
    """Return a failure in our words: those of the libraries may hold the code that the login is got with."""
    kind = type(error).__name__
    words = {
        "AccessDeniedError": "access was not given",
        "Warning": "the right to see and edit spreadsheets was not given: check its box",
        "WSGITimeoutError": f"nobody answered within {_MOST_SECONDS // 60} minutes",
        "MismatchingStateError": "the answer belongs to another login",
        "InvalidClientError": "Google does not know the OAuth client: download its file again",
        "Error": "there is no browser on this machine: log in on another one, and copy the file",
    }
    return words.get(kind, "what came back is no login")


def write_login(login: Mapping[str, str], out: Path) -> None:
    """Write a login into a new file that only its owner may read. Raises BadArgument where there is one."""
    path = out.expanduser()
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadArgument(
            f"'{harmless(out)}' is there already.", hint="Name another file, or delete that one."
        ) from None
    with open(number, "w", encoding="utf-8") as file:
        json.dump(login, file, indent=2)
        file.write("\n")
