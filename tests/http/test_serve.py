"""`kpi serve` as people run it: a process, with HTTPS, many clients, and mistakes in its options."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from kpicore import BadArgument
from kpicore.testing import run_kpi
from kpicore_crm.testing import load_tiny_company
from kpicore_http.certificate import how_to_trust, localhost_certificate
from kpicore_http.running import address, checked_origins
from tests.excel.officejs.excel import KPI, Server
from tests.patience import PATIENCE_SECONDS

NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found: Path = tmp_path_factory.mktemp("serve") / "tiny"
    load_tiny_company(found)
    return found


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    found = Server(folder).start()
    yield found
    found.stop()


def test_200_recalculations_at_once_are_all_answered(server):
    token = server.token("Book1")
    calls = [["KPI_WON_DEALS", [2025]], ["KPI_WIN_RATE", ["2025-Q1", "rep", "Bob Ray"]], ["KPI_CAC_CALC", [10_000, 20]]]
    body = json.dumps({"calls": calls}).encode()

    def ask(_: int) -> tuple[int, object]:
        status, _, content = server.ask(
            "/v1/cells", body, authorization=f"Bearer {token}", content_type="application/json"
        )
        return status, json.loads(content)["results"]

    with ThreadPoolExecutor(200) as clients:
        found = list(clients.map(ask, range(200)))
    first = found[0]
    assert first[0] == 200 and first[1][0] == 7 and first[1][2] == 500
    assert all(each == first for each in found)


def test_a_million_cells_are_refused_with_a_message_that_the_sender_can_read(server):
    body = json.dumps({"calls": [["KPI_WIN_RATE", ["2026-Q3"]]] * 1_000_000}).encode()
    token = server.token("Book2")
    status, _, content = server.ask("/v1/cells", body, authorization=f"Bearer {token}", content_type="application/json")
    assert status == 413
    assert json.loads(content)["refused"].startswith("The request has more than 8,000,000 bytes.")


def test_it_writes_no_token_and_no_traceback_to_its_log(server):
    token = server.token("Book3")
    server.ask(f"/v1/stamp?token={token}", authorization=f"Bearer {token}")
    log = server.wait_for_log("GET /v1/stamp 200")
    assert token not in log and token[4:] not in log and "Traceback" not in log


def test_a_port_that_is_taken_is_told_in_one_line(server):
    command = [str(KPI), "serve", "-w", str(server.folder), "--port", str(server.port)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"kpi: port {server.port} of localhost cannot be opened:")
    assert ran.stderr.count("\n") == 1


def test_https_for_localhost_with_a_certificate_made_when_there_is_none(tmp_path):
    load_tiny_company(tmp_path / "tiny")
    configuration = tmp_path / "configuration"
    server = Server(tmp_path / "tiny", "--https", XDG_CONFIG_HOME=str(configuration), HOME=str(tmp_path)).start()
    try:
        certificate = next(tmp_path.rglob("localhost.crt"))
        trust = ssl.create_default_context(cafile=certificate)
        with urllib.request.urlopen(f"https://localhost:{server.port}/healthz", context=trust) as answer:
            assert json.load(answer) == {"status": "ok"}
        with pytest.raises(urllib.error.URLError, match="certificate verify failed"):
            urllib.request.urlopen(f"https://localhost:{server.port}/healthz", context=ssl.create_default_context())
        server.wait_for_log(f"Made {certificate}, for localhost only. Let this machine trust it, once:")
    finally:
        server.stop()


def test_the_certificate_is_for_localhost_only_and_signs_nothing(tmp_path):
    certificate, key, is_new = localhost_certificate(tmp_path / "kpicore", NOW)
    assert is_new
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    assert not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not found.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    assert found.not_valid_after_utc == NOW + timedelta(days=825)
    if os.name == "posix":
        assert key.stat().st_mode & 0o777 == 0o600


def test_the_certificate_is_kept_until_a_month_before_it_ends(tmp_path):
    first = localhost_certificate(tmp_path, NOW)[0].read_bytes()
    assert localhost_certificate(tmp_path, NOW + timedelta(days=700))[2] is False
    assert localhost_certificate(tmp_path, NOW + timedelta(days=800))[2] is True
    assert (tmp_path / "localhost.crt").read_bytes() != first


def test_a_certificate_that_is_none_is_made_anew(tmp_path):
    localhost_certificate(tmp_path, NOW)
    (tmp_path / "localhost.crt").write_text("torn")
    assert localhost_certificate(tmp_path, NOW)[2] is True


@pytest.mark.parametrize(
    ("system", "begins"),
    [("win32", "certutil -user -addstore Root "), ("darwin", "security add-trusted-cert "), ("linux", "certutil -d ")],
)
def test_each_system_is_told_how_to_trust_it(system, begins):
    assert how_to_trust(Path("a b.crt"), system).startswith(begins)
    assert '"a b.crt"' in how_to_trust(Path("a b.crt"), system)


@pytest.mark.parametrize(
    ("host", "url", "https", "known", "names"),
    [
        ("localhost", "", False, "http://localhost:8765", {"localhost", "127.0.0.1", "::1"}),
        ("localhost", "", True, "https://localhost:8765", {"localhost", "127.0.0.1", "::1"}),
        (
            *("localhost", "https://kpi.example.com/", False, "https://kpi.example.com"),
            {"localhost", "127.0.0.1", "::1", "kpi.example.com"},
        ),
        ("10.0.0.5", "", True, "https://10.0.0.5:8765", {"10.0.0.5"}),
        ("0.0.0.0", "https://kpi.example.com", True, "https://kpi.example.com", {"0.0.0.0", "kpi.example.com"}),
    ],
)
def test_where_it_listens_and_which_names_it_answers_for(host, url, https, known, names):
    found = address(host, 8765, url, https)
    assert (found.url, found.names) == (known, names)


@pytest.mark.parametrize(
    ("host", "url", "https", "told"),
    [
        ("0.0.0.0", "", False, "other machines are answered by HTTPS only"),
        ("10.0.0.5", "http://kpi.example.com", False, "other machines are answered by HTTPS only"),
        ("0.0.0.0", "", True, "0.0.0.0 is no address that others can call"),
        ("localhost", "kpi.example.com", False, "is no address"),
        ("localhost", "ftp://x", False, "is no address"),
    ],
)
def test_what_would_send_tokens_in_the_clear_is_refused(host, url, https, told):
    with pytest.raises(BadArgument, match=told):
        address(host, 8765, url, https)


@pytest.mark.parametrize("origin", ["*", "kpi.example.com", "https://kpi.example.com/", "null", "file://"])
def test_an_origin_is_scheme_host_and_port(origin):
    with pytest.raises(BadArgument, match="is no origin"):
        checked_origins([origin])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--cert", "a.pem"), "--cert and --key go together"),
        (("--cert", "a.pem", "--key", "b.pem"), "there is no file a.pem"),
        (("--https", "--cert", "a.pem", "--key", "b.pem"), "Leave --https out"),
        (("--port", "0"), "--port"),
    ],
)
def test_options_that_do_not_fit_are_told_in_one_line(options, told, tmp_path):
    ran = run_kpi("serve", "-w", str(tmp_path), *options)
    assert ran.exit_code == 1
    assert told in ran.stderr and ran.stderr.count("\n") == 1


def test_a_folder_that_is_no_workspace_is_told_at_once(tmp_path):
    ran = run_kpi("serve", "-w", str(tmp_path))
    assert ran.exit_code == 1 and "Make a workspace: kpi init" in ran.stderr


def test_without_the_extra_the_command_says_how_to_install_it(tmp_path):
    code = "import sys; sys.modules['uvicorn'] = None; from kpicore.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, "serve", "-w", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert ran.returncode == 1
    assert ran.stderr == "kpi: 'uvicorn' is not installed. Run: pip install 'kpicore[http]'\n"
