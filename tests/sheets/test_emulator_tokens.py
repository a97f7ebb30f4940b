"""The token endpoint: only the right key or refresh token gives access, and only for an hour."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from google.auth import crypt, jwt

from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import TOKEN_REFUSALS, Emulator, Rig, serving

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
ACCOUNT = "somebody@project.iam.gserviceaccount.com"
TOKEN_URI = "https://oauth2.googleapis.com/token"


CLOCK = MadeUpClock(NOW)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Iterator[Rig]:
    """Give a rig whose clock stands."""
    emulator = Emulator(account=ACCOUNT, clock=CLOCK)
    with serving(emulator, tmp_path_factory.mktemp("google")) as rig:
        yield rig


def assertion(file: Path, **claims: object) -> bytes:
    signer = crypt.RSASigner.from_service_account_info(json.loads(file.read_text()))
    now = int(NOW.timestamp())
    payload = {"iss": ACCOUNT, "aud": TOKEN_URI, "iat": now, "exp": now + 3600, "scope": "sheets", **claims}
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    return urlencode({"grant_type": grant, "assertion": jwt.encode(signer, payload).decode()}).encode()


def test_a_signed_assertion_gives_a_token_for_an_hour(made):
    endpoint, service = made.tokens, made.service_account_file
    status, _, body = endpoint.answer(assertion(service))
    token = f"Bearer {json.loads(body)['access_token']}"
    assert (status, endpoint.is_good(token), endpoint.is_good("Bearer other")) == (200, True, False)
    CLOCK.wait(3601)
    assert not endpoint.is_good(token)
    CLOCK.set_by(-3601)


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"iss": "other@project.iam.gserviceaccount.com"}, "no_account"),
        ({"aud": "https://example.com/token"}, "no_account"),
        ({"iat": 0, "exp": 3600}, "wrong_time"),
        ({"exp": int(NOW.timestamp()) + 7200}, "wrong_time"),
    ],
    ids=str,
)
def test_an_assertion_that_says_something_else_gives_none(made, claims, error):
    endpoint, service = made.tokens, made.service_account_file
    status, _, body = endpoint.answer(assertion(service, **claims))
    assert (status, json.loads(body)["error_description"]) == (400, TOKEN_REFUSALS[error][2])


def test_an_assertion_that_somebody_else_signed_gives_none(made, tmp_path):
    with serving(Emulator(account=ACCOUNT), tmp_path) as other:
        signed = assertion(other.service_account_file)
    status, _, body = made.tokens.answer(signed)
    assert (status, json.loads(body)["error"]) == (400, "invalid_grant")


def test_a_refresh_token_gives_a_token_until_it_is_revoked(made):
    endpoint, person = made.tokens, made.authorized_user_file
    content = json.loads(person.read_text())
    form = {name: content[name] for name in ("client_id", "client_secret", "refresh_token")}
    asked = urlencode({"grant_type": "refresh_token", **form}).encode()
    endpoint.refusals.extend(["", "revoked"])
    statuses = [endpoint.answer(asked)[0] for _ in range(3)]
    assert statuses == [200, 400, 200]
    assert endpoint.answer(urlencode({"grant_type": "refresh_token", **form, "client_secret": "x"}).encode())[0] == 401
