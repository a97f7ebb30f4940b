"""Who logs in at Google: a service account, a person, or what google-auth finds on the machine.

What a file of credentials is: https://google.aip.dev/auth/4110. Only paths are named, in kpi.toml and the environment:
what stands in the files is neither copied nor told. One scope is asked for, spreadsheets; Google Drive is never.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kpicore import Config, MissingDependency, harmless
from kpicore_sheets.given_texts import email_told, path_told
from kpicore_sheets.google.json_objects import read_json_object
from kpicore_sheets.google.problems import denied
from kpicore_sheets.port import Denied
from kpicore_sheets.settings import credentials_file

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS"
_SERVICE_ACCOUNT, _PERSON = "service_account", "authorized_user"
_OF_GOOGLE_AUTH = ("external_account", "external_account_authorized_user", "impersonated_service_account")
"""Kinds that google-auth reads by itself: a workload's identity, who acts as a service account."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who logs in. `account` is the address to share with, "" for a person; `words` tell people who it is.

    `warning` says what to do where others can read its file, "" where they cannot.
    """

    credentials: Any = field(repr=False)
    account: str
    words: str
    warning: str = ""


def login(config: Config, environment: Mapping[str, str] = os.environ) -> Login:
    """Return who logs in for a workspace: `[sheets] credentials`, else the environment's, else google-auth's default.

    Raises: Denied where there is nobody or a file is none, MissingDependency.
    """
    if named := credentials_file(config):
        return _of_file(named, "[sheets] credentials", config.folder)
    if path := environment.get(VARIABLE):
        return _of_file(path, VARIABLE)
    return _default()


def _of_file(named: str, named_by: str, folder: Path | None = None) -> Login:
    """Return who logs in by a file; in `folder` where its path is relative to one."""
    path = _path(named, named_by)
    if folder is not None:
        path = folder / os.path.expanduser(path)  # Path's own raises for a user whom nobody knows
    place = f"{harmless(path)}, named by {named_by}"
    content = _content(path, place)
    kind = content.get("type")
    warning = _readable_by_others(path)
    if kind == _SERVICE_ACCOUNT:
        return replace(_service_account(content, place), warning=warning)
    if kind == _PERSON or (kind is None and "refresh_token" in content):  # gspread writes it without a type
        return replace(_person(content, place), warning=warning)
    if "installed" in content or "web" in content:
        raise _bad(
            place,
            "it is the file of an OAuth client: it says which program asks, and not who",
            "Run: kpi sheets login --client THIS-FILE --out YOUR-LOGIN.json",
        )
    if named_by == VARIABLE and isinstance(kind, str):
        return _default(place)
    if kind in _OF_GOOGLE_AUTH:
        raise _bad(
            place, f"a login of kind {kind} is read by google-auth alone", f"Set {VARIABLE} to its path instead."
        )
    raise _bad(place, "it is neither the key of a service account nor a person's login")


def _readable_by_others(path: Path) -> str:
    """Return that others of this machine can read a file, and what to do, "" where they cannot; Windows has no such."""
    if os.name != "posix" or not path.stat().st_mode & 0o077:
        return ""
    return f"others on this machine can read {harmless(path)}: chmod 600 {harmless(shlex.quote(str(path)))}"


def _path(named: str, named_by: str) -> Path:
    """Return a path. Raises Denied for what can be none, and does not tell what it is: often the key itself."""
    if path_told(named) is None:
        raise _bad(
            named_by,
            "what stands there is no path",
            "Is it the key itself? Write it into a file that only you can read, and name that file.",
        )
    return Path(named)


def _content(path: Path, place: str) -> dict[str, Any]:
    try:
        content = read_json_object(path)
    except FileNotFoundError:
        raise _bad(place, "there is no such file", "Write the path of the key file that Google gave you.") from None
    except (OSError, ValueError) as error:  # a path may hold what no file system takes
        why = getattr(error, "strerror", None) or "no path"
        raise _bad(place, f"it cannot be opened: {why}", "Check who may read it.") from None
    if content is None:  # outside of the handler: what it holds is not kept in the error
        raise _bad(place, "it is not JSON, or too large for credentials")
    return content


def _bad(place: str, problem: str, to_do: str = "") -> Denied:
    error = denied("bad_credentials", line=f"{place}: {problem}")
    return Denied(error.message, hint=to_do or error.hint, reason=error.reason)


def _service_account(content: dict[str, Any], place: str) -> Login:
    try:
        from google.oauth2.service_account import Credentials
    except ModuleNotFoundError:
        raise MissingDependency("google-auth", "sheets") from None
    _check_token_address(content, place)
    credentials = _made(lambda: Credentials.from_service_account_info(content, scopes=SCOPES))
    # a key of another kind is read, and signs nothing
    if credentials is None or _made(lambda: credentials.sign_bytes(b"")) is None:
        raise _bad(place, "a service account's key lacks a field, or its private key is none")
    account = email_told(credentials.service_account_email)
    if not account:
        raise _bad(place, "its client_email is no address")
    return Login(credentials, account, f"service account {account} ({place})")


def _person(content: dict[str, Any], place: str) -> Login:
    try:
        from google.oauth2.credentials import Credentials
    except ModuleNotFoundError:
        raise MissingDependency("google-auth", "sheets") from None
    credentials = _made(lambda: Credentials.from_authorized_user_info(content, scopes=SCOPES))
    if credentials is None or not all(
        isinstance(content.get(key), str) and content[key] for key in ("refresh_token", "client_id", "client_secret")
    ):
        raise _bad(place, "a person's login lacks a field", "Log in again: kpi sheets login")
    return Login(credentials, "", f"a person ({place})")


def _check_token_address(content: Mapping[str, Any], place: str) -> None:
    address = content.get("token_uri")
    if not isinstance(address, str) or not address.startswith("https://"):
        raise _bad(place, "its token_uri is no address that begins with https://")


def _made(make: Callable[[], Any]) -> Any:
    """Return the credentials, None where google-auth or cryptography refuse what they are given."""
    try:
        return make()
    except Exception:  # foreign code over a foreign file: a wrong type in any field raises as it happens
        return None


def _default(place: str = "") -> Login:
    """Return who logs in by what google-auth finds, at a `place` where a variable names one."""
    try:
        from google.auth import default
    except ModuleNotFoundError:
        raise MissingDependency("google-auth", "sheets") from None
    made = _made(lambda: default(scopes=SCOPES))
    if made is None:
        raise _bad(place, "google-auth cannot read it") if place else denied("no_credentials")
    credentials, _ = made
    # a machine of Google's says "default" until it was asked
    account = email_told(getattr(credentials, "service_account_email", ""))
    return Login(credentials, account, "what google-auth finds on this machine")
