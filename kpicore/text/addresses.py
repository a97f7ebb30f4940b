"""Passwords and tokens inside of addresses and connection texts, which are then secrets as a whole.

What URLs are: https://www.rfc-editor.org/rfc/rfc3986. Connection texts of drivers:
https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING and
https://learn.microsoft.com/en-us/sql/connect/ado-net/connection-string-syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORDS = (
    *("password", "passwords", "passwd", "passphrase", "passcode", "pwd", "secret", "secrets", "token"),
    *("apikey", "apikeys", "privatekey", "accesskey", "accesskeys", "secretkey", "authorization"),
)
_MAY_BE_FILES = ("credential", "credentials")
_IN_ADDRESSES = (*_WORDS, "sig", "signature", "accountkey", "sharedkey")
"""What the names of secrets end with, in small letters alone: of keys of kpi.toml, of those that may be the path of a
file of secrets instead, and of what stands in addresses."""

_LONGEST = 500
"""Characters of a password that is looked for: a text of megabytes takes no longer than its length."""
_ROUNDS = 3
"""So many times an address may be inside of another one, per cent-encoded each time."""

# Patterns as texts: to compile them takes 3 ms, which few files of settings need.
# Behind the `//`. A raw password may have signs that belong encoded; signs of patterns are in no user's name.
_PASSWORD = r"[^/:@?#\s\[\]()*|^\\]*:([^@]+)@"
_PORT_OR_DRIVE = r"[^:]*:\d{1,5}[/?#\s]|[A-Za-z]:[/\\]"
_SCHEME = r"\s*[A-Za-z][A-Za-z0-9+.-]{0,50}:"
_PAIR = r"(?:^|(?<=[\s;,?&#{(]))([\w.-]{1,100})\s*=(?!=)\s*[\"']?([^\s;&,}\"']+)"
_ORACLE = r"[\w$#]{1,128}/[^\s@]+@(//\S+|[\w.-]+:\d{2,5}/\w\S*)"
_ORACLE_JDBC = r"jdbc:oracle:\w{1,20}:[^\s/@:]{1,128}/[^\s@]+@"
_YES_OR_NO = ("true", "false", "yes", "no")


def is_secret_name(name: str) -> bool:
    """Return whether what is called so is a secret.

    >>> is_secret_name("db_password"), is_secret_name("accessKey2"), is_secret_name("access_key_id")
    (True, True, False)
    """
    return _letters(name).endswith(_WORDS)


def may_be_secret_name(name: str) -> bool:
    """Return whether what is called so is a secret, or the path of a file of secrets."""
    return _letters(name).endswith((*_WORDS, *_MAY_BE_FILES))


def holds_password(text: str) -> bool:
    """Return whether an address or connection text has a password, token or signature inside.

    >>> holds_password("postgresql://me:hunter2@db/shop"), holds_password("postgresql://me@db/shop")
    (True, False)
    >>> holds_password("host=db user=me password=hunter2"), holds_password("mailto:ann@acme.test")
    (True, False)
    """
    return any(_is_after_user(form) or _is_named(form) or _is_of_oracle(form) for form in _forms(text))


def _letters(name: str) -> str:
    """Return the letters of a name, which may be written_so, written-so or writtenSo."""
    return re.sub(r"[\W\d_]", "", name.casefold())


def _forms(text: str) -> Iterator[str]:
    """Yield the text as it is, and as it is read where it stands per cent-encoded in another one."""
    for _ in range(_ROUNDS):
        yield text
        if "%" not in text:
            return
        from urllib.parse import unquote  # 2 ms that few texts need

        decoded = unquote(text)
        if decoded == text:
            return
        text = decoded


def _is_after_user(text: str) -> bool:
    """Whether it is `//user:password@`."""
    at = text.find("//") if "@" in text else -1
    if at < 0:
        return False
    # a blank ends an address that stands in a sentence, but not one that is all there is
    is_address = re.match(_SCHEME, text) is not None
    while at >= 0:
        behind = text[at + 2 : at + 2 + _LONGEST]
        match = re.match(_PASSWORD, behind)
        if match and not re.match(_PORT_OR_DRIVE, behind) and _is_one_word(match[1], is_address):
            return True
        at = text.find("//", at + 2)
    return False


def _is_one_word(password: str, with_blanks: bool) -> bool:
    return not password[0].isspace() and (with_blanks or not re.search(r"\s", password))


def _is_named(text: str) -> bool:
    """Whether there is `password=…`: in an address, beside other such pairs, or alone."""
    pairs = re.findall(_PAIR, text) if "=" in text else []
    if not any(_letters(name).endswith(_IN_ADDRESSES) and value.casefold() not in _YES_OR_NO for name, value in pairs):
        return False
    is_address = "//" in text or text.lstrip().casefold().startswith("jdbc:")
    return len(pairs) > 1 or is_address or not re.search(r"[\s\\]", text.strip())


def _is_of_oracle(text: str) -> bool:
    """Whether it is `user/password@host:1521/service`, which has no pair and is no URL."""
    if "@" not in text or "/" not in text:
        return False
    bare = text.strip()
    return bool(re.match(_ORACLE_JDBC, bare, re.IGNORECASE) or re.fullmatch(_ORACLE, bare[:_LONGEST]))
