"""A secret that stands where a path or a name is wanted is in nothing that is written: often the key is pasted."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from kpicore.testing import run_kpi
from kpicore.testing.sheets import Rig
from kpicore_sheets.given_texts import email_told, path_told, quoted
from kpicore_sheets.google import retrying
from kpicore_sheets.google.retrying import Patience
from tests.sheets.canned import CANARY

ID = "1SecretfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG"
PEM = f"-----BEGIN PRIVATE KEY-----\nMIIEvQ{CANARY}\n-----END PRIVATE KEY-----\n"
KEY = json.dumps({"type": "service_account", "private_key": PEM, "client_email": "a@b.example"})
PROXY = f"http://ann:{CANARY}@127.0.0.1:9"
SECRETS = {
    "JSON": KEY,
    "JSON in lines": json.dumps(json.loads(KEY), indent=2),
    "PEM": PEM,
    "PEM in a line": PEM.replace("\n", "\\n"),
    "an access token": f"ya29.{CANARY}",
    "a refresh token": f"1//0{CANARY}{CANARY}",
    "a client's secret": f"GOCSPX-{CANARY}",
    "a proxy": PROXY,
    "a line of base64": "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDZODl3J+jxk" + CANARY,
}
TABLE = f"""
[[sheet]]
name = "deals"
spreadsheet = "{ID}"
tab = "KPIs"
kpis = ["won_deals"]
period = "2025"
refresh = "data"
"""


@pytest.fixture
def kpi(tmp_path, served: Rig, monkeypatch, caplog) -> Callable[..., Result]:
    """Give `kpi(*words, written=…)`, which runs a command and fails where the secret is in any byte that it leaves."""
    caplog.set_level(logging.DEBUG)
    served.emulator.spreadsheets.pop(ID, None)
    served.emulator.add(ID, {"KPIs": (20, 8)})
    folder = tmp_path / "acme"
    folder.mkdir()
    settings = '[workspace]\nname = "Acme"\n'
    monkeypatch.setattr(retrying, "Patience", lambda total: Patience(first=0.01, total=0.01))

    def run(*words: str, written: str = "") -> Result:
        (folder / "kpi.toml").write_text(f"{settings}\n{written}\n{TABLE}", encoding="utf-8")
        result = run_kpi("sheets", *words, "--workspace", str(folder))
        (folder / "kpi.toml").write_text(settings, encoding="utf-8")
        check_bytes(result, caplog.text, folder, repr(served.emulator.spreadsheets[ID].tabs))
        return result

    return run


def check_bytes(result: Result, logged: str, folder: Path, there: str) -> None:
    """Fail where the secret is in what was printed, logged, kept or sent."""
    files = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    for place, text in {"printed": result.output, "logged": logged, "kept": str(files), "sent": there}.items():
        assert CANARY not in text, place
    assert "Traceback" not in result.output and max(map(len, result.output.splitlines()), default=0) < 700


@pytest.mark.parametrize("command", ["sync", "doctor"])
@pytest.mark.parametrize("secret", SECRETS)
def test_a_key_that_stands_where_its_path_is_wanted_is_not_told(kpi, monkeypatch, secret, command):
    result = kpi(command, written=f"[sheets]\ncredentials = {json.dumps(SECRETS[secret])}")
    # an address with a password is refused by the core, before anybody asks for a path
    told = (
        "must not stand in this file" if secret == "a proxy" else "[sheets] credentials: what stands there is no path"
    )
    assert result.exit_code == 1 and told in result.output
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", SECRETS[secret])
    result = kpi(command)
    assert result.exit_code == 1 and "name that file" in result.output
    assert "GOOGLE_APPLICATION_CREDENTIALS: what stands there is no path" in result.output


@pytest.mark.parametrize(
    "key", ["client_email", "project_id", "private_key_id", "token_uri", "type", "universe_domain"]
)
def test_a_key_in_another_field_of_its_file_is_not_told(kpi, served, tmp_path, key):
    content = json.loads(served.service_account_file.read_text(encoding="utf-8"))
    (tmp_path / "odd.json").write_text(json.dumps(content | {key: PEM}), encoding="utf-8")
    kpi("doctor", written='[sheets]\ncredentials = "../odd.json"')
    kpi("sync", written='[sheets]\ncredentials = "../odd.json"')


@pytest.mark.parametrize("key", ["type", "client_id", "client_secret", "quota_project_id", "universe_domain", "expiry"])
def test_a_key_in_another_field_of_a_persons_login_is_not_told(kpi, served, tmp_path, key):
    content = json.loads(served.authorized_user_file.read_text(encoding="utf-8"))
    (tmp_path / "odd.json").write_text(json.dumps(content | {key: f"{PEM}"}), encoding="utf-8")
    kpi("doctor", written='[sheets]\ncredentials = "../odd.json"')


def test_a_field_of_a_login_that_no_request_can_carry_is_told_at_once(kpi, served, tmp_path):
    content = json.loads(served.authorized_user_file.read_text(encoding="utf-8"))
    (tmp_path / "odd.json").write_text(json.dumps(content | {"quota_project_id": PEM}), encoding="utf-8")
    told = kpi("doctor", written='[sheets]\ncredentials = "../odd.json"').output
    assert "cannot be read (a field of the login has signs that no request can carry)" in told


@pytest.mark.parametrize("variable", ["https_proxy", "REQUESTS_CA_BUNDLE", "GOOGLE_CLOUD_PROJECT"])
@pytest.mark.parametrize("secret", ["JSON", "PEM", "a proxy"])
def test_a_key_in_another_variable_is_not_told(kpi, monkeypatch, variable, secret):
    monkeypatch.setenv(variable, SECRETS[secret])
    kpi("doctor")


@pytest.mark.parametrize("key", ["credentials", "private_key", "token", "client_secret", "oauth"])
@pytest.mark.parametrize("value", ["{0}", "[{0}]", "{{ key = {0} }}"], ids=["text", "list", "table"])
def test_a_key_below_sheets_in_kpi_toml_is_not_told(kpi, key, value):
    written = f"[sheets]\n{key} = {value.format(json.dumps(KEY))}"
    assert kpi("sync", written=written).exit_code == 1
    assert kpi("status", written=written).exit_code in (0, 1)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("key", ["spreadsheet", "name", "tab", "cell"])
def test_a_key_in_a_table_of_kpi_toml_is_not_told(kpi, key, secret):
    given = {"name": "two", "spreadsheet": ID, "tab": "KPIs", "cell": "B9", "kpis": ["won_deals"], "period": "2025"}
    lines = [f"{name} = {json.dumps(value)}" for name, value in (given | {key: SECRETS[secret]}).items()]
    assert kpi("doctor", written="\n".join(["[[sheet]]", *lines])).exit_code == 1


@pytest.mark.parametrize("secret", SECRETS)
def test_a_key_in_the_options_of_a_login_and_a_script_is_not_told(tmp_path, monkeypatch, secret):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "kpi.toml").write_text('[workspace]\nname = "Acme"\n', encoding="utf-8")
    text = SECRETS[secret]
    for words in (["login", "--client", text, "--out", "o"], ["script", "--workspace", "acme", "--server", text]):
        result = run_kpi("sheets", *words)
        assert result.exit_code == 1 and CANARY not in result.output


def test_paths_names_and_addresses_are_told_as_they_are(tmp_path):
    assert path_told("../keys/Söhne & Co/google (1).json") == "../keys/Söhne & Co/google (1).json"
    assert path_told("C:\\Users\\ann\\google.json") == "C:\\Users\\ann\\google.json"
    odd = tmp_path / "{odd}.json"
    assert path_told(odd) is None
    odd.touch()
    assert path_told(odd) == str(odd)
    assert len(quoted("word " * 5_000)) == 102
    assert email_told("kpi@acme.iam.gserviceaccount.com") == "kpi@acme.iam.gserviceaccount.com"
    assert [email_told(text) for text in ("default", 5, None, f"{PEM}@x.example")] == [""] * 4
