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
_ANOTHER = "Google Cloud Console > APIs & Services > OAuth consent screen > Clients > Create client > Desktop app."

_AGAIN = "Try again: kpi sheets login"


def check_place(out: Path) -> None:
    """Refuse a file that is there already, that lies in a workspace or cannot be written. Raises BadArgument.

    All of it before anybody logs in: a login that nobody can keep is one more at Google.
    """
    _check_path(out, "--out")
    whole = _at_home(out).resolve()
    if os.path.lexists(whole):
        raise BadArgument(f"'{harmless(out)}' is there already.", hint="Name another file, or delete that one.")
    if not whole.parent.is_dir():
        raise BadArgument(f"'{harmless(out)}': there is no such folder.", hint="Make it first, or name another file.")
    if not os.access(whole.parent, os.W_OK | os.X_OK):
        raise BadArgument(f"'{harmless(out)}': nothing can be written there.", hint="Name another file.")
    for folder in whole.parents:
        if os.path.exists(folder / "kpi.toml"):
            raise BadArgument(
                f"'{harmless(out)}' lies in the workspace '{harmless(folder)}', which may be committed or copied.",
                hint="Name a file outside of it: it holds a secret of yours.",
            )


def _at_home(path: Path) -> Path:
    """Return a path with ~ as the home of who runs this; a shell leaves it alone in `--out=~/login.json`."""
    return Path(os.path.expanduser(path))  # Path's own raises for a user whom nobody knows


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
        content = read_json_object(_at_home(file)) or {}
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no path"
        raise BadArgument(f"{place} cannot be opened: {why}.", hint="Name the file of an OAuth client.") from None
    client = content.get("installed")
    if not isinstance(client, dict):
        raise _no_client(place, content)
    texts = [client.get(key) for key in ("client_id", "client_secret", *_ADDRESSES)]
    if not all(isinstance(text, str) and text for text in texts):
        raise BadArgument(f"{place} lacks a field of an OAuth client.", hint=f"Download it again: {_ANOTHER}")
    if not all(client[key].startswith("https://") for key in _ADDRESSES):
        raise BadArgument(
            f"{place} names an address that does not begin with https://.", hint=f"Make another: {_ANOTHER}"
        )
    return client


def _no_client(place: str, content: Mapping[str, Any]) -> BadArgument:
    """Return the error for a file of something else: what people take for a client, by what it holds."""
    if content.get("type") in ("service_account", "authorized_user"):
        hint = "Name it in kpi.toml below [sheets] as credentials: nobody has to log in."
        return BadArgument(f"{place} is a login already, not the file of an OAuth client.", hint=hint)
    kind = "the file of a web application, not" if "web" in content else "not the file"
    return BadArgument(f"{place} is {kind} of an OAuth client for a desktop app.", hint=f"Make one: {_ANOTHER}")


def log_in(client: Mapping[str, Any], *, browser: str | None = None) -> Mapping[str, str]:
    """Return a person's login as its file holds it, once they said yes in their browser. Raises KpiError."""
    try:
        from google_auth_oauthlib.flow import InstalledAppFlow
    except ModuleNotFoundError:
        raise MissingDependency("google-auth-oauthlib", "sheets") from None
    flow = InstalledAppFlow.from_client_config({"installed": dict(client)}, SCOPES)
    failed: KpiError | None = None
    try:
        flow.run_local_server(
            port=0,
            browser=browser,
            timeout_seconds=_MOST_SECONDS,
            authorization_prompt_message="Open this page in your browser, if it did not open by itself:\n{url}\n",
            # the page is shown whatever the answer is, a refusal too
            success_message="kpicore has the answer: what came of it stands in the terminal. You may close this page.",
            prompt="consent",  # else a login for the second time has nothing that lasts
        )
    except Exception as error:  # of five libraries; a right that was not given comes as a warning
        failed = _failed(error)
    if failed:  # outside of the handler: what the error holds is not kept
        raise failed
    credentials = flow.credentials
    login = {key: getattr(credentials, key) for key in _KEPT}
    if not all(isinstance(value, str) and value for value in login.values()):
        raise KpiError("the login failed: Google gave nothing that lasts.", hint=_AGAIN)
    return {"type": "authorized_user", **login}


def _failed(error: BaseException) -> KpiError:
    """Return a failure in our words: those of the libraries may hold the code that the login is got with."""
    problem, to_do = {
        "AccessDeniedError": ("access was not given", _AGAIN),
        "Warning": ("the right to see and edit spreadsheets was not given", f"{_AGAIN}, and check its box."),
        "WSGITimeoutError": (f"nobody answered within {_MOST_SECONDS // 60} minutes", _AGAIN),
        "MismatchingStateError": ("the answer belongs to another login", _AGAIN),
        "InvalidClientError": ("Google does not know the OAuth client", f"Download its file again: {_ANOTHER}"),
        "Error": ("there is no browser on this machine", "Log in on another one, and copy the file."),
    }.get(type(error).__name__, ("what came back is no login", _AGAIN))
    return KpiError(f"the login failed: {problem}.", hint=to_do)


def write_login(login: Mapping[str, str], out: Path) -> None:
    """Write a login into a new file that only its owner may read.

    Raises: BadArgument where there is one, KpiError where it cannot be written; then nothing of it is left.
    """
    path = _at_home(out)
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadArgument(
            f"'{harmless(out)}' is there already.", hint="Name another file, or delete that one."
        ) from None
    except OSError as error:
        raise _unwritten(out, error) from None
    try:
        with open(number, "w", encoding="utf-8") as file:
            file.write(f"{json.dumps(login, indent=2)}\n")
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritten(out, error) from None


def _unwritten(out: Path, error: OSError) -> KpiError:
    why = error.strerror or type(error).__name__
    return KpiError(f"'{harmless(out)}' cannot be written: {why}.", hint="Log in again, with another file as --out.")
