"""Who logs in at Google, and what is told where nobody can."""

from __future__ import annotations

import json
import sys

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from kpicore import open_workspace
from kpicore_sheets.google.credentials import SCOPES, login
from kpicore_sheets.port import Denied
from tests.sheets.canned import CANARY

ADDRESS = "kpi@acme.iam.gserviceaccount.com"
PERSON = {"type": "authorized_user"} | {
    key: f"{key}-{CANARY}" for key in ("refresh_token", "client_id", "client_secret")
}


@pytest.fixture(scope="module")
def key() -> dict[str, str]:
    """Give the key file of a service account."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    formats = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return {
        "type": "service_account",
        "project_id": "acme",
        "private_key_id": "1",
        "private_key": made.private_bytes(*formats).decode(),
        "client_email": ADDRESS,
        "token_uri": "https://oauth2.googleapis.com/token",
    }


def config_in(folder, written='[sheets]\ncredentials = "google.json"\n'):
    (folder / "kpi.toml").write_text(f'[workspace]\nname = "Acme"\n{written}')
    with open_workspace(folder) as workspace:
        return workspace.config


def refused(folder, content, environment=None):
    """Return what is told of a file of credentials."""
    if content is not None:
        (folder / "google.json").write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(Denied) as error:
        login(config_in(folder), environment or {})
    assert CANARY not in f"{error.value} {error.value!r} {vars(error.value.__context__ or error.value)}"
    assert error.value.reason == "bad_credentials"
    return str(error.value)


def test_a_service_account_is_known_by_its_address(tmp_path, key):
    (tmp_path / "google.json").write_text(json.dumps(key))
    who = login(config_in(tmp_path), {})
    assert who.account == ADDRESS and list(who.credentials.scopes) == list(SCOPES)
    assert who.words == f"service account {ADDRESS} ({tmp_path / 'google.json'}, named by [sheets] credentials)"
    assert "PRIVATE" not in repr(who)


def test_a_person_is_one_who_has_logged_in(tmp_path):
    (tmp_path / "google.json").write_text(json.dumps(PERSON))
    who = login(config_in(tmp_path), {})
    assert who.account == "" and who.words.startswith("a person") and CANARY not in repr(who)


def test_the_file_that_gspread_writes_names_no_type(tmp_path):
    written = {key: value for key, value in PERSON.items() if key != "type"} | {
        "token": "t",
        "expiry": "2026-01-01T00:00:00Z",
    }
    (tmp_path / "google.json").write_text(json.dumps(written))
    assert login(config_in(tmp_path), {}).words.startswith("a person")


def test_kpi_toml_comes_before_the_environment(tmp_path, key):
    (tmp_path / "google.json").write_text(json.dumps(PERSON))
    (tmp_path / "other.json").write_text(json.dumps(key))
    environment = {"GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "other.json")}
    assert login(config_in(tmp_path), environment).account == ""
    assert login(config_in(tmp_path, ""), environment).account == ADDRESS


def test_without_any_google_auth_looks_for_one(tmp_path, monkeypatch):
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "APPDATA", "GOOGLE_CLOUD_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    with pytest.raises(Denied) as error:
        login(config_in(tmp_path, ""), {})
    assert error.value.reason == "no_credentials"
    (tmp_path / "application_default_credentials.json").write_text(json.dumps(PERSON | {"quota_project_id": "acme"}))
    who = login(config_in(tmp_path, ""), {})
    assert who.account == "" and who.credentials.quota_project_id == "acme"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "there is no such file"),
        ("", "it is not JSON"),
        ("{", "it is not JSON"),
        ("[" * 50_000, "it is not JSON"),
        ('["a"]', "it is not JSON"),
        ("{" + " " * 100_000 + "}", "it is not JSON, or too large"),
        ({}, "it is neither the key of a service account nor a person's login"),
        ({"type": "alien"}, "it is neither the key of a service account nor a person's login"),
        ({"type": "external_account"}, "Set GOOGLE_APPLICATION_CREDENTIALS to its path instead."),
        ({"installed": {"client_secret": CANARY}}, "it says which program asks, and not who"),
        ({"web": {"client_secret": CANARY}}, "Run: kpi sheets login --client"),
        ({"type": "service_account"}, "its token_uri is no address"),
        ({"type": "service_account", "token_uri": "http://oauth2.googleapis.com/token"}, "its token_uri is no address"),
        ({"type": "service_account", "token_uri": "https://a", "private_key": CANARY}, "lacks a field"),
        ({"type": "authorized_user", "client_id": CANARY}, "a person's login lacks a field"),
        (PERSON | {"refresh_token": None}, "a person's login lacks a field"),
        (PERSON | {"expiry": CANARY}, "a person's login lacks a field"),
        (PERSON | {"expiry": 7}, "a person's login lacks a field"),
    ],
)
def test_a_file_that_is_none_is_told_in_one_line(tmp_path, content, told):
    assert told in refused(tmp_path, content)


def test_a_private_key_that_is_none_is_not_told(tmp_path, key):
    assert "its private key is none" in refused(tmp_path, key | {"private_key": f"-----BEGIN PRIVATE KEY-----{CANARY}"})
    assert "lacks a field" in refused(tmp_path, key | {"client_email": 5} | {"private_key": 7})


@pytest.mark.parametrize("made", [ec.generate_private_key(ec.SECP256R1()), dsa.generate_private_key(1024)])
def test_a_private_key_that_signs_nothing_at_google_is_told_before_google_is_asked(tmp_path, key, made):
    formats = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    text = made.private_bytes(*formats).decode()
    assert "its private key is none" in refused(tmp_path, key | {"private_key": text})


def test_what_google_auth_cannot_read_either_is_told_with_its_place(tmp_path):
    file = tmp_path / "workload.json"
    file.write_text('{"type": "external_account"}')
    with pytest.raises(Denied, match=r"workload\.json, named by GOOGLE_APPLICATION_CREDENTIALS: google-auth cannot"):
        login(config_in(tmp_path, ""), {"GOOGLE_APPLICATION_CREDENTIALS": str(file)})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize(("mode", "told"), [(0o600, ""), (0o640, "chmod 600"), (0o604, "chmod 600")])
def test_a_file_that_others_can_read_is_told(tmp_path, mode, told):
    (tmp_path / "google.json").write_text(json.dumps(PERSON))
    (tmp_path / "google.json").chmod(mode)
    warning = login(config_in(tmp_path), {}).warning
    assert told in warning and bool(told) is bool(warning)


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "google.json").mkdir()
    assert "it cannot be opened" in refused(tmp_path, None)


def test_a_path_that_no_system_takes_is_told(tmp_path):
    with pytest.raises(Denied, match="it cannot be opened: no path"):
        login(config_in(tmp_path, '[sheets]\ncredentials = "a\\u0000b"\n'), {})


def test_the_home_of_a_user_whom_nobody_knows_is_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Denied, match="there is no such file"):
        login(config_in(tmp_path, '[sheets]\ncredentials = "~nobody-knows/google.json"\n'), {})
