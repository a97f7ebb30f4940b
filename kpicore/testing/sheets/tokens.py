"""Google's token endpoint: who signed with the right key, or has a token to refresh, is given access for an hour."""

from __future__ import annotations

import base64
import json
import secrets
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from kpicore.errors import MissingDependency
from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.faults import HttpAnswer
from kpicore.utils.clock import Clock

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

TOKEN_URI = "https://oauth2.googleapis.com/token"
_LIFE_SECONDS = 3600
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_CLIENT = "123456789012-kpi.apps.googleusercontent.com"

TOKEN_REFUSALS = {
    "revoked": (400, "invalid_grant", "Token has been expired or revoked."),
    "no_account": (400, "invalid_grant", "Invalid grant: account not found"),
    "bad_signature": (400, "invalid_grant", "Invalid JWT Signature."),
    "wrong_time": (
        400,
        "invalid_grant",
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and "
        "exp values in the JWT claim.",
    ),
    "bad_client": (401, "invalid_client", "The OAuth client was not found."),
    "busy": (503, "backend_error", "The service is currently unavailable."),
}
"""What the endpoint says when it gives no token, by the name that a test asks for in `refusals`."""


class TokenEndpoint:
    """Gives tokens to one service account and to one person, and knows which are still good."""

    def __init__(self, account: str, clock: Clock) -> None:
        self.account = account
        self.refusals: deque[str] = deque()
        """What is answered to the next requests for a token, by the names in TOKEN_REFUSALS; "" gives one."""
        self.requests = 0
        self._clock = clock
        self._key = _new_key()
        self._refresh = secrets.token_urlsafe(24)
        self._secret = secrets.token_urlsafe(24)
        self._good: dict[str, float] = {}

    def write_files(self, folder: Path) -> tuple[Path, Path]:
        """Write credentials into a folder as people download them: of the service account, and of the person."""
        service, person = folder / "service-account.json", folder / "authorized-user.json"
        service.write_text(json.dumps(self._service_account(), indent=2), encoding="utf-8")
        content = {"client_id": _CLIENT, "client_secret": self._secret, "refresh_token": self._refresh}
        person.write_text(json.dumps({"type": "authorized_user", **content}, indent=2), encoding="utf-8")
        for file in (service, person):
            file.chmod(0o600)
        return service, person

    def _service_account(self) -> Json:
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        private = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return {
            "type": "service_account",
            "project_id": "kpi-emulator",
            "private_key_id": "throw-away",
            "private_key": private.decode(),
            "client_email": self.account,
            "client_id": "123456789012345678901",
            "token_uri": TOKEN_URI,
        }

    def is_good(self, authorization: str) -> bool:
        """Tell whether an Authorization header has a token that was given here and still holds."""
        until = self._good.get(authorization.removeprefix("Bearer "))
        return until is not None and self._clock.now().timestamp() < until

    def expire(self) -> None:
        """End all tokens that were given so far; new ones are given."""
        self._good.clear()

    def answer(self, body: bytes) -> HttpAnswer:
        """Return the answer to a request for a token."""
        self.requests += 1
        refusal = self.refusals.popleft() if self.refusals else ""
        form = {name: values[-1] for name, values in parse_qs(body.decode()).items()}
        if not refusal:
            refusal = self._wrong(form)
        if refusal:
            code, error, text = TOKEN_REFUSALS[refusal]
            return code, _JSON, json.dumps({"error": error, "error_description": text}).encode()
        token = "ya29." + secrets.token_urlsafe(32)
        self._good[token] = self._clock.now().timestamp() + _LIFE_SECONDS
        given = {"access_token": token, "expires_in": _LIFE_SECONDS - 1, "token_type": "Bearer"}
        return 200, _JSON, json.dumps(given).encode()

    def _wrong(self, form: dict[str, str]) -> str:
        """Return the name of what is wrong with a request, "" for nothing."""
        grant = form.get("grant_type")
        if grant == _JWT_GRANT:
            return self._wrong_assertion(form.get("assertion", ""))
        if grant != "refresh_token" or form.get("client_id") != _CLIENT or form.get("client_secret") != self._secret:
            return "bad_client"
        return "" if form.get("refresh_token") == self._refresh else "revoked"

    def _wrong_assertion(self, assertion: str) -> str:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        signed, _, signature = assertion.rpartition(".")
        try:
            self._key.public_key().verify(_decoded(signature), signed.encode(), PKCS1v15(), SHA256())
            claims = json.loads(_decoded(signed.partition(".")[2]))
        except (InvalidSignature, ValueError):
            return "bad_signature"
        if claims.get("iss") != self.account or claims.get("aud") != TOKEN_URI:
            return "no_account"
        start, end, now = claims.get("iat", 0), claims.get("exp", 0), self._clock.now().timestamp()
        return "" if start - 300 <= now < end <= start + _LIFE_SECONDS else "wrong_time"


_JSON = {"Content-Type": "application/json; charset=utf-8"}


def _new_key() -> RSAPrivateKey:
    try:
        from cryptography.hazmat.primitives.asymmetric import rsa
    except ImportError:
        raise MissingDependency("cryptography") from None
    return rsa.generate_private_key(65537, 2048)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
