"""What goes wrong on the way to Google and there, each by a short name that a test asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kpicore.testing.sheets.refusals import GoogleRefusal, error_body

HttpAnswer = tuple[int, dict[str, str], bytes]

_PROJECT = "123456789012"
_JSON = {"Content-Type": "application/json; charset=UTF-8"}
_ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_SHEETS = "sheets.googleapis.com"
_OVERVIEW = f"https://console.developers.google.com/apis/api/{_SHEETS}/overview?project={_PROJECT}"


class ConnectionDropped(ConnectionResetError):
    """The connection ended before an answer came."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong: `applied` tells whether the request was done all the same."""

    applied: bool
    spoiled: Callable[[HttpAnswer], HttpAnswer]
    """Return what arrives in place of the answer."""


def _info(reason: str, **metadata: str) -> list[object]:
    return [{"@type": _ERROR_INFO, "reason": reason, "domain": "googleapis.com", "metadata": metadata}]


def _says(code: int, status: str, message: str, details: list[object] | None = None, wait: str = "") -> Fault:
    body = error_body(code, status, message, details)
    headers = {**_JSON, "Retry-After": wait} if wait else dict(_JSON)
    return Fault(False, lambda answer: (code, headers, body))


def _dropped(answer: HttpAnswer) -> HttpAnswer:
    raise ConnectionDropped("the connection was dropped")


def _cut(answer: HttpAnswer) -> HttpAnswer:
    status, headers, body = answer
    return status, {**headers, "Content-Length": str(len(body))}, body[: len(body) // 2]


def _html(answer: HttpAnswer) -> HttpAnswer:
    page = (
        b"<!DOCTYPE html><html lang=en><title>Error 502 (Server Error)!!1</title><p><b>502.</b> That's an error.</html>"
    )
    return 502, {"Content-Type": "text/html; charset=UTF-8"}, page


_UNAVAILABLE = error_body(503, "UNAVAILABLE", "The service is currently unavailable.")
_QUOTA = (
    "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of service "
    f"'{_SHEETS}' for consumer 'project_number:{_PROJECT}'."
)
_DISABLED = (
    f"Google Sheets API has not been used in project {_PROJECT} before or it is disabled. Enable it by visiting "
    f"{_OVERVIEW} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our "
    "systems and retry."
)
_EXPIRED = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
_FOR_SHEETS = {"service": _SHEETS, "consumer": f"projects/{_PROJECT}"}

FAULTS: dict[str, Fault] = {
    "400_office_file": _says(400, "FAILED_PRECONDITION", "This operation is not supported for this document"),
    "401_expired": _says(401, "UNAUTHENTICATED", _EXPIRED, _info("ACCESS_TOKEN_EXPIRED", service=_SHEETS)),
    "403_not_shared": _says(403, "PERMISSION_DENIED", "The caller does not have permission"),
    "403_api_disabled": _says(
        403,
        "PERMISSION_DENIED",
        _DISABLED,
        [
            {
                "@type": "type.googleapis.com/google.rpc.Help",
                "links": [{"description": "Google developers console API activation", "url": _OVERVIEW}],
            },
            *_info("SERVICE_DISABLED", **_FOR_SHEETS),
        ],
    ),
    "403_scope": _says(
        403,
        "PERMISSION_DENIED",
        "Request had insufficient authentication scopes.",
        _info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", service=_SHEETS),
    ),
    "404": _says(404, "NOT_FOUND", "Requested entity was not found."),
    "429": _says(
        429,
        "RESOURCE_EXHAUSTED",
        _QUOTA,
        _info("RATE_LIMIT_EXCEEDED", quota_limit="WriteRequestsPerMinutePerUser", **_FOR_SHEETS),
    ),
    "429_retry_after": _says(429, "RESOURCE_EXHAUSTED", _QUOTA, wait="30"),
    "500": _says(500, "INTERNAL", "Internal error encountered."),
    "503_before": Fault(False, lambda answer: (503, dict(_JSON), _UNAVAILABLE)),
    "503_after": Fault(True, lambda answer: (503, dict(_JSON), _UNAVAILABLE)),
    "504_after": Fault(
        True, lambda answer: (504, dict(_JSON), error_body(504, "DEADLINE_EXCEEDED", "Deadline exceeded."))
    ),
    "html_502": Fault(False, _html),
    "html_502_after": Fault(True, _html),
    "cut_body": Fault(True, _cut),
    "drop": Fault(False, _dropped),
    "drop_after": Fault(True, _dropped),
}
"""By name; those that end in `_after`, and a cut body, come after the request was applied."""


def expired_token() -> GoogleRefusal:
    """Return the refusal of a token that is not, or no longer, known."""
    return GoogleRefusal(_EXPIRED, 401, details=_info("ACCESS_TOKEN_EXPIRED", service=_SHEETS))


def fault_named(name: str) -> Fault | None:
    """Return the fault of a name, None for "" (all goes well). Raises ValueError for a name that is none."""
    if not name:
        return None
    if name not in FAULTS:
        raise ValueError(f"no fault {name!r}: there are {', '.join(sorted(FAULTS))}")
    return FAULTS[name]
