"""What an outcome means for who asked: the content of an answer, or one of the port's errors with what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kpicore_sheets.google.outcomes import COLLISIONS, NEVER_BETTER, GoogleAnswer, GoogleError, Lost, Outcome
from kpicore_sheets.google.retrying import what_came
from kpicore_sheets.limits import MOST_CELLS
from kpicore_sheets.port import BatchRefused, Busy, Denied, Unsure

_GCLOUD = "764086051850"
"""The number of gcloud's own project: who logs in with gcloud uses its quota until another project is named."""
_PROJECT = re.compile(r"projects/([a-z0-9][a-z0-9:.-]{0,80})")
_NEW_KEY = (
    "In Google Cloud Console > IAM & Admin > Service Accounts press {whom}: enable it where it is disabled, else "
    "Keys > Add key."
)
_NEW_LOGIN = "Log in again: kpi sheets login, or gcloud auth application-default login where that made the login."
_CONSOLE = "https://console.cloud.google.com/apis/library/sheets.googleapis.com"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a problem is told of: the spreadsheet that was asked for, by whom, and whether it was to be changed.

    `account` is the address of a service account, "" of a person. What is `repeatable` may be applied twice.
    """

    spreadsheet: str = ""
    account: str = ""
    writes: bool = False
    repeatable: bool = True


PROBLEMS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no_credentials": (
            "no credentials for Google",
            'Write credentials = "~/keys/google.json" below [sheets] in kpi.toml, the path of the key file, or set '
            "GOOGLE_APPLICATION_CREDENTIALS to it.",
        ),
        "bad_credentials": ("the credentials for Google cannot be read", "Download the key file again."),
        "token": ("Google does not accept the login", "{renewal}"),
        "clock": (
            "the clock of this machine is wrong, so Google refuses the login",
            "Let the system set its time by itself.",
        ),
        "scope": (
            "the login may not be used for spreadsheets",
            "Log in again with the scope https://www.googleapis.com/auth/spreadsheets (kpi sheets login does).",
        ),
        "api_off": ("the Google Sheets API is switched off in the project", "Press Enable at {console}"),
        "quota_project": (
            "the login names no project of yours whose quota is used",
            "Run: gcloud auth application-default set-quota-project YOUR-PROJECT",
        ),
        "policy": ("a rule of your Google organisation forbids it", "Ask its administrator."),
        "wrong_id": (
            "there is no spreadsheet '{spreadsheet}'",
            "Copy the address of the spreadsheet from the browser into kpi.toml.",
        ),
        "not_shared": (
            "spreadsheet '{spreadsheet}' is not shared with this login",
            "Press Share in the spreadsheet and add {whom} as Editor.",
        ),
        "no_edit": (
            "spreadsheet '{spreadsheet}' may be read but not changed by this login",
            "Press Share in the spreadsheet and make {whom} an Editor.",
        ),
        "office_file": (
            "'{spreadsheet}' is an Excel file in Google Drive, no Google spreadsheet",
            "Press File > Save as Google Sheets, and write the address of that one into kpi.toml.",
        ),
        "quota_of_a_day": (
            "the quota of the project for today is used up",
            "Wait until tomorrow, or raise it at IAM & Admin > Quotas in Google Cloud Console.",
        ),
        "drive_full": ("the Google Drive of the owner is full", "Make room there, or buy more."),
        "certificate": (
            "the certificate of who answers for Google is not trusted",
            "Where a proxy ends TLS, set REQUESTS_CA_BUNDLE to the file of its certificate authority.",
        ),
        "proxy": ("the proxy does not let the request through", "Check HTTPS_PROXY, with name and password if needed."),
        "not_google": (
            "somebody else answers for Google",
            "Is there a proxy, a firewall or a login page of the network in between?",
        ),
        "too_large": ("the answer of Google is too large", "Make the tables smaller, or more of them."),
        "no_tab": ("'{spreadsheet}' has no tab {tab}", "{tabs}"),
        "no_grid": ("tab {tab} of '{spreadsheet}' has no cells", "Name another tab in kpi.toml, not a chart's."),
        "protected": (
            "cells where '{table}' goes are protected from this login",
            "In Data > Protect sheets and ranges open the protection of {place}, and let {whom} edit it.",
        ),
        "cell_limit": (
            f"with '{{table}}' the spreadsheet '{{spreadsheet}}' would have {{cells}} cells, and no more than "
            f"{MOST_CELLS:,} can be",
            "Delete tabs, rows or columns that are empty, or write a cell further up or left into kpi.toml.",
        ),
        "refused": ("Google refuses the request", "Run kpi sheets doctor; is there a newer version of kpicore?"),
    }
)
"""What is wrong and what to do, by doctor's reason."""

_BY_REASON: Mapping[str, str] = MappingProxyType(
    {
        "SERVICE_DISABLED": "api_off",
        "accessNotConfigured": "api_off",
        "CONSUMER_INVALID": "api_off",
        "CONSUMER_SUSPENDED": "policy",
        "USER_PROJECT_DENIED": "quota_project",
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT": "scope",
        "insufficientPermissions": "scope",
        "ACCESS_TOKEN_EXPIRED": "token",
        "ACCESS_TOKEN_TYPE_UNSUPPORTED": "token",
        "ACCOUNT_STATE_INVALID": "token",
        "CREDENTIALS_MISSING": "token",
        "authError": "token",
        "storageQuotaExceeded": "drive_full",
        "teamDriveFileLimitExceeded": "drive_full",
        "SECURITY_POLICY_VIOLATED": "policy",
        "ORG_RESTRICTION_VIOLATION": "policy",
        "ORG_RESTRICTION_HEADER_INVALID": "policy",
        "LOCATION_TAX_POLICY_VIOLATED": "policy",
        "domainPolicy": "policy",
    }
)


def content_of(outcome: Outcome, asked: Asked) -> dict[str, Any]:
    """Return what Google answered. Raises Denied, BatchRefused, Busy and Unsure for all else."""
    if isinstance(outcome, Lost):
        raise _lost(outcome, asked)
    content = outcome.content
    if content is not None:
        return content
    says_no = 400 <= outcome.http < 500
    if not asked.repeatable and (not says_no or outcome.http in COLLISIONS):
        raise _unsure(outcome)
    if says_no or outcome.http in NEVER_BETTER or 300 <= outcome.http < 400:
        raise _refused(outcome, asked)
    raise Busy(f"Google Sheets does not answer: {what_came(outcome)}.")  # which is tried again before


def _lost(lost: Lost, asked: Asked) -> Denied | Busy | Unsure:
    if lost.sent and not asked.repeatable:
        return _unsure(lost)
    return (
        denied(lost.reason, asked, line=lost.why) if lost.reason else Busy(f"no answer of Google Sheets: {lost.why}.")
    )


def _unsure(outcome: Outcome) -> Unsure:
    return Unsure(
        f"nobody can tell whether Google applied the change: {what_came(outcome)}.", hint="Read what is there now."
    )


def _refused(answer: GoogleAnswer, asked: Asked) -> Denied | BatchRefused:
    error = answer.error
    if error is None and answer.http not in (400, 413, 414, 422):
        return denied("not_google", asked, line=what_came(answer))
    error = error or GoogleError()
    reason = reason_of(answer.http, error, writes=asked.writes)
    if reason:
        return denied(reason, asked, line=error.line, project=_project(error))
    return BatchRefused(f"Google refuses: {error.line or what_came(answer)}")


def reason_of(http: int, error: GoogleError, *, writes: bool = False) -> str:
    """Return doctor's reason for an error for good, "" where a request is not valid for the spreadsheet as it is.

    What stands in the fields of the error comes first, its status over HTTP after that; its words are not read.
    """
    if error.is_of_a_day:
        return "quota_of_a_day"
    if _project(error) == _GCLOUD:
        return "quota_project"
    named = [_BY_REASON[reason] for reason in error.reasons if reason in _BY_REASON]
    if named:
        return named[0]
    if http == 400 and error.status == "FAILED_PRECONDITION" and not writes:
        return "office_file"
    if http in (400, 413, 414, 422):
        return ""
    by_http = {401: "token", 403: "no_edit" if writes else "not_shared", 404: "wrong_id", 407: "proxy"}
    return by_http.get(http, "refused")


def _project(error: GoogleError) -> str:
    """Return the project that an error names as the one that asks, "" for none: it is put into an address."""
    named = _PROJECT.fullmatch(error.metadata.get("consumer", ""))
    return named[1] if named else ""


def denied(reason: str, asked: Asked | None = None, *, line: str = "", project: str = "", **further: str) -> Denied:
    """Return the error for a reason: what is wrong, what Google says of it, and what to do."""
    asked = asked or Asked()
    what, to_do = PROBLEMS[reason]
    facts = further | {
        "spreadsheet": asked.spreadsheet,
        "whom": asked.account or "the account that logs in",
        "renewal": _NEW_KEY.format(whom=asked.account) if asked.account else _NEW_LOGIN,
        "console": f"{_CONSOLE}?project={project}" if project else _CONSOLE,
    }
    said = f" ({line.rstrip('.')})" if line else ""
    return Denied(f"{what.format_map(facts)}{said}.", hint=to_do.format_map(facts), reason=reason)
