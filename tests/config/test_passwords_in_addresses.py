"""An address with a password in it is refused wherever it stands in kpi.toml, and nothing else is taken for one."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kpicore import BadConfig, BadDefinition, Setting, Type, read_config, toml
from kpicore.testing import run_kpi

WITH = (
    *("postgresql://me:hunter2@db/crm", "postgresql://me:1234@db/crm", "postgresql://:hunter2@db", "//me:hunter2@db/x"),
    *("mysql+pymysql://me:p%40ss@db:3306/x", "HTTPS://user:hunter2@host", "redis://me:hunter2@[::1]:6379"),
    *("postgresql://me:p/w#?d@db/crm", "postgresql://me:p@ss@db/crm", "postgresql://me:my pass@db/crm"),
    *("postgresql://me%3Ahunter2@db/crm", "https://a.test/?next=https%3A%2F%2Fme%3Ahunter2%40db"),
    *("see https://me:hunter2@db for it", "host=db user=me password=hunter2", "host = db password = 'hunt er2'"),
    *("Server=db;Uid=me;Pwd=hunter2;", "Driver={x};Server=a;PWD={a;b}", "password=hunter2"),
    *("jdbc:sqlserver://db:1433;user=me;password=x", "jdbc:postgresql://db/crm?user=me&password=x"),
    *("jdbc:oracle:thin:scott/tiger@db:1521:x", "scott/tiger@db.acme.test:1521/orcl", "scott/tiger@//db/orcl"),
    *("https://a.test/?sig=abc%2F", "https://a.test/?x=1&access_token=abc", "https://a.test/#access_token=abc"),
    *("https://a.test/?api_key=abc", "https://a.test/?apikey=abc", "/deals?token=abc", "https://a.test/?hapikey=abc"),
    *("https://a.test/x?X-Amz-Signature=ab12", "AccountName=x;AccountKey=abc"),
)
WITHOUT = (
    *("mailto:ann@acme.test", "ann@acme.test; bob@acme.test", "sip:bob@host:5060", "C:\\exports\\ann@acme"),
    *("12:30:45", "12:30@office", "exports/deals@2025/x.csv", "=SUM(A1:B2)", "a//b:c d@e", "", "@", "//", "=", "%"),
    *("postgresql://me@db/crm", "postgresql://me:@db/crm", "https://@host", "https://host:8080/path/@user"),
    *("https://example.com: write to ann@acme.test", "see http://x.com: write to ann@acme.test"),
    *("file:///C:/Users/ann@acme/x", "file://C:/Users/ann@acme/x", "ssh://git@host:22/x", "git@github.com:org/repo"),
    *("[^@]+@[^@]+", "https?://[^:]+:[^@]+@", "//(\\w+):(\\w+)@(.*)", "password=\\S+", "[?&]token=([^&]+)"),
    *("https://docs.google.com/spreadsheets/d/ID/edit?usp=sharing#gid=0", "docker://reg:5000/img@sha256:abc"),
    *("https://a.test/?password=", "https://a.test/?has_password=true", "host=db password=", "host=db password=''"),
    *("Trusted_Connection=yes;Server=x", "token = word", "the password = what opens it", "token == 'x' and a == 1"),
)


TOLD = "an address with a password or token in it must not stand in this file."


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Give a folder for one kpi.toml after the other."""
    return tmp_path_factory.mktemp("workspace")


def refusal(folder: Path, text: str) -> str:
    """Return why kpi.toml is refused that has this text, "" where it is not."""
    (folder / "kpi.toml").write_bytes(text.encode())
    try:
        read_config(folder)
    except BadConfig as error:
        return str(error).replace(str(folder / "kpi.toml"), "kpi.toml")
    return ""


def holds_password(folder: Path, text: str) -> bool:
    """Return whether the text is refused as an address with a password; it stands in a table of a plugin."""
    told = refusal(folder, f"[other]\nkey = {toml(text)}\n")
    assert told == "" or told.startswith(f"kpi.toml other.key: {TOLD}"), told
    return told != ""


@pytest.mark.parametrize("text", WITH)
def test_a_password_in_an_address_is_seen(folder, text):
    assert holds_password(folder, text)


@pytest.mark.parametrize("text", WITHOUT)
def test_what_holds_none_is_not_taken_for_one(folder, text):
    assert not holds_password(folder, text)


NAMES = st.text(st.sampled_from("abcxyz019_-.~"), min_size=1, max_size=12)
SCHEMES = st.sampled_from(["postgresql", "mysql+pymysql", "https", "HTTP", "mongodb+srv", "jdbc:postgresql", "amqp"])
SECRETS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30)
HOSTS = st.builds("{}.test{}{}".format, NAMES, st.sampled_from(["", ":5432"]), st.sampled_from(["", "/crm", "/?x=1"]))


@given(SCHEMES, NAMES, SECRETS, HOSTS)
@example("postgresql", "me", "1234", "db.test:5432/crm")
@example("https", "me", "8080/", "a.test")
def test_every_encoded_password_is_seen_and_a_user_alone_is_none(folder, scheme, user, secret, host):
    assert holds_password(folder, f"{scheme}://{user}:{quote(secret, safe='')}@{host}")
    assert not holds_password(folder, f"{scheme}://{user}@{host}")
    assert not holds_password(folder, f"{scheme}://{user}:@{host}")
    assert not holds_password(folder, f"{scheme}://{host}")


@given(SCHEMES, NAMES, SECRETS, HOSTS)
def test_every_raw_password_is_seen_that_is_no_port(folder, scheme, user, secret, host):
    assume("@" not in secret and not secret[0].isspace() and not re.match(r"\d{1,5}[/?#\s]", secret))
    assert holds_password(folder, f"{scheme}://me{user}:{secret}@{host}")


@given(SCHEMES, NAMES, HOSTS, st.sampled_from(["password", "PWD", "access_token", "api-key", "clientSecret", "sig"]))
def test_every_named_secret_in_an_address_is_seen(folder, scheme, value, host, name):
    address = f"{scheme}://{host}"
    joint = "&" if "?" in host else "?"
    assert holds_password(folder, f"{address}{joint}{name}={value}.")  # with the dot it is no "yes"
    assert not holds_password(folder, f"{address}{joint}{name}=")
    assert not holds_password(folder, f"{address}{joint}{name}_of=a")


@given(st.text(max_size=60), st.integers(1, 3))
def test_any_text_is_looked_at(folder, text, times):
    assert holds_password(folder, text * times) in (True, False)
    assert holds_password(folder, f"postgresql://me:hunter2@db/{quote(text, errors='replace')}")


@pytest.mark.parametrize(
    "text", ["//a:" * 100_000, "//" * 200_000 + "@", "a= " * 100_000, "%2525" * 50_000, "a" * 10**6]
)
def test_a_text_of_megabytes_takes_no_time(folder, text):
    assert not holds_password(folder, text)


HOLDERS = (
    *("[workspace]\nname = {}", "[calendar]\nfiscal_months = {}", "[settings]\nlabel = {}", "[other]\nurl = {}"),
    *("[[other]]\nurl = {}", "[other]\na.b.c = [1, [{}]]", "[other]\na = [{{ b = {{ c = {} }} }}]", "x = {}"),
    *("[[source]]\nname = 'a'\nkind = 'b'\nurl = {}", "[[target]]\nkpi = {}", "[default_variants]\nwin_rate = {}"),
    *("[words.loan.state]\nx = {}", "[words.loan.state]\n{} = 'x'", "[other]\n{} = 1", "[{}]\na = 1"),
)


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("address", ["postgresql://me:hunter-2@db/crm", "host=db password=hunter-2"])
def test_it_is_refused_wherever_it_stands_in_one_line_that_does_not_show_it(folder, holder, address):
    told = refusal(folder, holder.format(toml(address)))
    assert told.startswith("kpi.toml") and "hunter" not in told and "\n" not in told
    assert TOLD in told
    assert "_env = " in told and told.endswith('write password_env = "ITS_NAME".')


def test_the_line_names_the_key_and_what_to_write(folder):
    text = "[[source]]\nname = 'a'\nkind = 'b'\n[[source]]\nname = 'crm'\nkind = 'b'\ndsn = 'postgresql://me:x@db'"
    told = refusal(folder, text)
    assert told.startswith(f"kpi.toml source 2 dsn: {TOLD}") and 'write dsn_env = "ITS_NAME", or leave' in told


def test_a_file_of_targets_is_looked_at_too(tmp_path):
    (tmp_path / "targets.toml").write_text("[[target]]\nnote = 'https://me:hunter2@db'\n", encoding="utf-8")
    (tmp_path / "kpi.toml").write_text("[workspace]\n", encoding="utf-8")
    checked = run_kpi("check", "--workspace", str(tmp_path)).stdout
    assert f"targets.toml target 1 note: {TOLD}" in checked and "hunter" not in checked


def test_addresses_without_a_password_stay_as_they_are(tmp_path):
    lines = "\n".join(f"a{at} = {toml(text)}" for at, text in enumerate(WITHOUT))
    (tmp_path / "kpi.toml").write_text(f"[other]\n{lines}\n", encoding="utf-8")
    assert tuple(read_config(tmp_path).further["other"].values()) == WITHOUT


SECRET_KEYS = (
    *("password", "db_password", "passwd", "pwd", "db_pwd", "passphrase", "passcode", "secret", "client_secret"),
    *("token", "apiToken", "API-KEY", "apikey", "api_keys2", "private_key", "access_key", "aws-access-key"),
    *("secretKey", "Authorization"),
)


@pytest.mark.parametrize("key", SECRET_KEYS)
def test_a_key_that_says_it_is_a_secret_is_refused_and_declared_as_one(folder, key):
    assert "a secret must not stand in this file" in refusal(folder, f"[other]\n{toml(key)} = 'x'\n")
    if key.islower() and "-" not in key:
        with pytest.raises(BadDefinition, match="write secret=True"):
            Setting(key, Type.TEXT, "")


@pytest.mark.parametrize("key", ["access_key_id", "token_url", "max_tokens", "secretary", "key", "cwd"])
def test_a_key_that_only_looks_like_one_is_none(folder, key):
    assert refusal(folder, f"[other]\n{key} = 'x'\n") == ""
    assert Setting(key, Type.TEXT, "").key == key


def test_credentials_may_be_the_path_of_a_file_where_a_plugin_says_so():
    assert Setting("google_credentials", Type.TEXT, "the path of the key file").key == "google_credentials"
