"""What an operator gives to `kpi serve`: addresses, origins, hosts, certificates, seconds; a wrong one is one line."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpicore import BadArgument
from kpicore.testing import run_kpi
from kpicore_crm.testing import load_tiny_company
from kpicore_http.certificate import localhost_certificate
from kpicore_http.headers import LOCAL
from kpicore_http.pairs import check_pair
from kpicore_http.running import address, checked_origins
from kpicore_http.urls import host_named, url_of
from tests.http.conftest import NOW

ODD = ["https://[::1", "https://u:p@x.example/", "https://exa mple.com", "https://x/<b>", "https://x:99999999",
       "https://x:0", "https://", "https:///x", "https://x:", "https://x?y", "https://x#y", "https://[::g]", "https://a..b",
       "https://-a", "https://1.2.3", "https://0", "https://0x7f", "https://x/..", "https://x/a//b", "https://x\n",
       "https://é.example", "https://\N{KELVIN SIGN}.example", "https://x\\y", "https://[1.2.3.4]",
       "https://[fe80::1%eth0]", "https://\u2100.com", "https://ex\tample.com", "https://x/%00",
       "javascript:alert(1)", "https:x", "//x"]  # fmt: skip
PARTS = st.sampled_from(
    ["http", "https", "://", ":", "/", "//", "@", "?", "#", "[", "]", "::1", "localhost", "kpi.example.com", "é", " ",
     "\n", "%00", "<b>", "u:p", "443", "99999", "..", ".", "-", "_", "0", "\x1b", '"', "ſ"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PARTS, max_size=12).map("".join))


@pytest.mark.parametrize("url", ODD)
def test_an_odd_address_is_refused_as_address_and_as_origin(url):
    for refused in (lambda: address("localhost", 8765, url, False), lambda: checked_origins([url])):
        with pytest.raises(BadArgument) as error:
            refused()
        assert "\n" not in str(error.value) and "u:p" not in str(error.value)


@given(TEXTS, st.booleans())
@example("https://KPI.example.com:443/a/", True)
def test_an_address_has_clean_parts_or_is_refused(url, has_https):
    try:
        found = address("localhost", 8765, url, has_https)
    except BadArgument:
        return
    parts = urlsplit(found.url)
    assert re.fullmatch(r"[A-Za-z0-9:/._~\[\]-]+", found.url) and not found.url.endswith("/")
    assert parts.scheme in ("http", "https") and parts.username is None and parts.password is None
    assert parts.hostname == url_of(found.url).host and (parts.port or 1) in range(1, 65_536)
    assert found.names == {*LOCAL, parts.hostname}
    assert address("localhost", 8765, found.url, has_https).url == found.url


@given(TEXTS)
def test_an_origin_is_as_a_browser_writes_it_or_refused(text):
    try:
        [found] = checked_origins([text])
    except BadArgument:
        return
    parts = urlsplit(found)
    assert found == f"{parts.scheme}://{parts.netloc}" == found.lower()
    assert checked_origins([found]) == (found,)


@given(TEXTS)
def test_a_host_to_listen_on_is_a_name_or_an_address_or_refused(text):
    try:
        found = address(text, 8765, "", True)
    except BadArgument:
        return
    assert urlsplit(found.url).port == 8765 and found.host == host_named(text)
    assert urlsplit(found.url).hostname in found.names


@pytest.mark.parametrize(
    ("given", "origin"),
    [("https://KPI.Example.com:443", "https://kpi.example.com"), ("http://x:8080", "http://x:8080"),
     ("https://[::0:1]", "https://[::1]"), ("http://10.0.0.5:80", "http://10.0.0.5")],
)  # fmt: skip
def test_an_origin_is_compared_as_browsers_write_it(given, origin):
    assert checked_origins([given]) == (origin,)


def test_an_address_of_six_has_brackets_and_a_name_without():
    found = address("fe80::1", 8765, "", True)
    assert (found.url, found.names) == ("https://[fe80::1]:8765", {"fe80::1"})


@pytest.mark.parametrize("host", ["", "0", "a b", "1.2.3", "[::1]", "fe80::1%eth0", "x\x00", "::", "0::0", "0.0.0.0"])
def test_a_host_that_is_none_or_all_of_them_is_refused_without_an_address(host):
    with pytest.raises(BadArgument, match=r"is neither a name nor an address|is no address that others can call"):
        address(host, 8765, "", True)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found: Path = tmp_path_factory.mktemp("addresses") / "tiny"
    load_tiny_company(found)
    return found


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return localhost_certificate(tmp_path / "made", NOW)[:2]


def refused(workspace: Path, *options: str) -> str:
    """Return the one line with which `kpi serve` ends."""
    ran = run_kpi("serve", "-w", str(workspace), *options)
    assert ran.exit_code == 1 and ran.stderr.count("\n") == 1 and ran.stderr.startswith("kpi: "), ran.stderr
    assert "Error:" not in ran.stderr and "_ssl" not in ran.stderr
    return ran.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--url", "https://[::1"), "'https://[::1' is no address. Write it as https://kpi.example.com"),
        (("--url", "https://u:secret@x"), "an address with a user or password is none."),
        (("--allow-origin", "https://[::1"), "'https://[::1' is no origin."),
        (("--allow-origin", "https://u:secret@x"), "what has a user or password is no origin."),
        (("--seconds", "nan"), "'nan' is not a number."),
        (("--seconds", "inf"), "inf is not in the range 1<=x<=86400."),
        (("--seconds", "0.5"), "0.5 is not in the range"),
    ],
)
def test_a_wrong_option_is_told_in_one_line(workspace, options, told):
    line = refused(workspace, *options)
    assert told in line and "secret" not in line


def test_a_host_that_this_machine_has_not_is_told_as_that(workspace, pair):
    files = ("--cert", str(pair[0]), "--key", str(pair[1]))
    for host in ("nosuchhost.invalid", "192.0.2.1"):
        assert refused(workspace, "--host", host, *files) == (
            f"kpi: this machine has no address '{host}'. Take one of its own.\n"
        )


def test_each_file_that_is_no_certificate_or_key_is_named(workspace, pair, tmp_path):
    certificate, key = pair
    other = localhost_certificate(tmp_path / "other", NOW)[1]
    tokens, folder = tmp_path / "tok", tmp_path / "folder"
    tokens.write_text("kpi_secret")
    folder.mkdir()
    torn, torn_key, locked = (tmp_path / name for name in ("torn.crt", "torn.key", "locked.key"))
    torn.write_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
    torn_key.write_text("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n")
    locked.write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n")
    wrong = {
        (tokens, tokens): f"{tokens} holds no certificate.",
        (key, key): f"{key} holds no certificate.",
        (certificate, certificate): f"{certificate} holds no private key.",
        (certificate, tokens): f"{tokens} holds no private key.",
        (torn, key): f"the certificate in {torn} cannot be read.",
        (certificate, torn_key): f"the key in {torn_key} cannot be read.",
        (certificate, locked): f"the key in {locked} asks for a password.",
        (certificate, other): f"the key in {other} does not belong to the certificate in {certificate}.",
        (tmp_path / "gone", key): f"there is no file {tmp_path / 'gone'}.",
    }
    for (one, two), told in wrong.items():
        assert told in refused(workspace, "--cert", str(one), "--key", str(two))
    with pytest.raises(BadArgument, match="cannot be read"):
        check_pair(folder, key)
    check_pair(certificate, key)
