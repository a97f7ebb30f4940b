"""Tokens of workbooks: who may ask for numbers. The file keeps their hashes only; a token is shown once."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kpicore import (
    WHOLE,
    BadArgument,
    BadConfig,
    Narrowing,
    UnknownName,
    changing,
    harmless,
    read_config,
    shortened,
    write_whole,
)
from kpicore_http.kept_narrowing import KEYS, narrowing_kept, narrowing_read

FILE = "tokens.toml"
PREFIX = "kpi_"
LONGEST_NAME, LONGEST_TOKEN = 100, 200
_TOKENS, _NARROWED = "token", "narrowed"
"""The tables of the file. What is narrowed stands apart: an earlier version, which would let it ask everything, refuses
a file with a table that it does not know."""
_OF_ALL = frozenset(("name", "sha256", "made", "expires"))
_FIELDS = "[]"
"""Signs that stand around a name in a line of the log."""
_HEAD = """\
# Workbooks that may ask `kpi serve` for numbers. Only hashes stand here: a token was shown once, when it was made.
# Made and revoked by `kpi token`; a change counts at once, also while the server runs.
"""


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token: its name, the SHA-256 of its text as hexadecimal, when it was made (UTC), and the
    moment from which on it is refused, None when it is good until it is revoked; and what it may ask.
    """

    name: str
    sha256: str
    made: datetime
    expires: datetime | None = None
    narrowing: Narrowing = WHOLE


def read_tokens(folder: Path) -> tuple[Token, ...]:
    """Return the tokens of a workspace in the order they were made, those that are narrowed last. Raises BadConfig."""
    file = folder / FILE
    try:
        return _tokens_in(file)
    except FileNotFoundError:
        if file.is_symlink():
            raise BadConfig(file, "what it links to is not there") from None
        return ()
    except OSError as error:
        raise BadConfig(file, error.strerror or str(error)) from None


def _tokens_in(file: Path) -> tuple[Token, ...]:
    """Return the tokens of a file. Raises BadConfig, and OSError for a file that cannot be read."""
    text = file.read_bytes()
    try:
        document = tomllib.loads(text.decode("utf-8-sig"))  # Notepad writes a byte order mark
        whole, narrowed = document.pop(_TOKENS, []), document.pop(_NARROWED, [])
        # what is not understood is never an empty list
        if document or not isinstance(whole, list) or not isinstance(narrowed, list):
            raise ValueError
        return (*(_token(entry, _OF_ALL) for entry in whole), *map(_narrowed, narrowed))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError):
        raise BadConfig(file, "it is not as `kpi token` writes it", hint="Delete it, and make new tokens.") from None


def _narrowed(entry: dict[str, Any]) -> Token:
    return replace(_token(entry, _OF_ALL | KEYS), narrowing=narrowing_read(entry))


def _token(entry: dict[str, Any], keys: frozenset[str]) -> Token:
    if not entry.keys() <= keys:  # a word that is written wrongly would leave a token that may ask everything
        raise ValueError
    expires = _moment(entry["expires"]) if "expires" in entry else None
    if not re.fullmatch("[0-9a-f]{64}", entry["sha256"]) or not isinstance(entry["name"], str):
        raise ValueError
    return Token(harmless(entry["name"]), entry["sha256"], _moment(entry["made"]), expires)


def _moment(moment: object) -> datetime:
    if not isinstance(moment, datetime) or moment.tzinfo is None or not in_every_zone(moment):
        raise ValueError
    return moment


def in_every_zone(moment: datetime) -> bool:
    """Return whether every time zone has a date for it: none has one before the year 1 or after 9999."""
    return MINYEAR < moment.year < MAXYEAR


def expiry(written: str, timezone: str, now: datetime) -> datetime:
    """Return the moment at which a token ends: after a last day, or after so many days, in the organisation's zone.

    >>> expiry("2027-03-31", "Europe/Berlin", datetime(2026, 3, 14, tzinfo=UTC)).isoformat()
    '2027-03-31T22:00:00+00:00'

    Raises BadArgument for what is neither, and for a day that is over.
    """
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    try:
        last = (
            today + timedelta(int(written[:-1]))
            if re.fullmatch("[0-9]{1,5}d", written)
            else date.fromisoformat(written)
        )
        ends = _moment(datetime.combine(last + timedelta(1), time(), zone).astimezone(UTC))
    except (ValueError, OverflowError):
        raise BadArgument(
            f"'{shortened(written, LONGEST_NAME)}' is no day and no number of days.",
            hint="Write the last day, 2027-03-31, or how many days: 90d",
        ) from None
    if last < today:
        raise BadArgument(f"{last} is over.", hint="Write a day to come, or how many days: 90d")
    return ends


def new_token(
    folder: Path, name: str, now: datetime, expires: datetime | None = None, narrowing: Narrowing = WHOLE
) -> str:
    """Make a token and return its text, which is kept nowhere. Raises BadArgument for a name that is taken, or none."""
    if any(sign in _FIELDS or harmless(sign) not in (sign, " ") for sign in name):
        message = "a token's name has no brackets and no control signs: it stands in the log."
        raise BadArgument(message, hint="Name the workbook.")
    shown = " ".join(harmless(unicodedata.normalize("NFC", name)).split())
    if not shown or len(shown) > LONGEST_NAME:
        raise BadArgument(f"a token needs a name of 1 to {LONGEST_NAME} characters.", hint="Name the workbook.")
    text = PREFIX + secrets.token_urlsafe(32)
    with changing(folder / FILE):
        kept = read_tokens(folder)
        if _folded(shown) in {_folded(token.name) for token in kept}:
            raise BadArgument(f"there is a token named '{shown}'.", hint="Take another name, or: kpi token revoke NAME")
        made = now.astimezone(UTC).replace(microsecond=0)
        _write(folder, (*kept, Token(shown, _hash(text), made, expires, narrowing)))
    return text


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def revoke_token(folder: Path, name: str) -> str:
    """Forget the token of that name, whatever the case, and return its name. Raises UnknownName."""
    _named(read_tokens(folder), name)  # for a name that there is not, nothing is locked
    with changing(folder / FILE):
        kept = read_tokens(folder)
        gone = _named(kept, name)
        _write(folder, [token for token in kept if token not in gone])
    return gone[0].name


def _named(kept: Sequence[Token], name: str) -> list[Token]:
    """Return the tokens of that name. Raises UnknownName when there is none."""
    named = [token for token in kept if _folded(token.name) == _folded(name)]
    if not named:
        raise UnknownName("token", name, [token.name for token in kept])
    return named


class Tokens:
    """The tokens of a workspace as they are now: the file is read again when it changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: tuple[tuple[int, ...] | None, tuple[Token, ...]] = None, ()

    def token_of(self, text: str) -> Token | None:
        """Return the token whose text it is, or None. Raises BadConfig when the file cannot be read."""
        return _of(self._current(), text)

    def token_as_read(self, text: str) -> Token | None:
        """Return the token whose text it was when the file was read last, or None; the file is not looked at."""
        return _of(self._read[1], text)

    def known(self) -> frozenset[str]:
        """Return the hashes of the tokens there are. Raises BadConfig when the file cannot be read."""
        return frozenset(token.sha256 for token in self._current())

    @property
    def state(self) -> tuple[int, ...]:
        """What changes when the file does; nothing where there is none."""
        try:
            return self._state()
        except OSError:
            return ()

    def _state(self) -> tuple[int, ...]:
        status = (self._folder / FILE).stat()
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _current(self) -> tuple[Token, ...]:
        try:
            # before the content: what changes in between is read next time
            seen = self._state()
            known, tokens = self._read
            if seen != known:
                tokens = _tokens_in(self._folder / FILE)
                self._read = seen, tokens  # in one piece: another thread may have read the file before it changed
            return tokens
        except OSError:
            read_config(self._folder)  # a workspace that is not there has more than no tokens
            return read_tokens(self._folder)


def _of(tokens: Sequence[Token], text: str) -> Token | None:
    """Return the token whose text it is. All hashes are compared, each in constant time: how long it takes tells
    nothing."""
    match = None
    # a head may have 65,536 bytes, and what is longer than any token is none anyway
    sha256 = _hash(text[:LONGEST_TOKEN])
    for token in tokens:
        if hmac.compare_digest(token.sha256, sha256):
            match = token
    return match


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _write(folder: Path, tokens: Sequence[Token]) -> None:
    """Replace the file as a whole, so that a server that reads it sees the old one or the new one."""
    import tomlkit

    document = tomlkit.document()
    tables = {_TOKENS: tomlkit.aot(), _NARROWED: tomlkit.aot()}
    for token in tokens:
        kept = {"name": token.name, "sha256": token.sha256, "made": token.made, "expires": token.expires}
        kept_all = {**kept, **narrowing_kept(token.narrowing)}
        entry = tomlkit.item({key: value for key, value in kept_all.items() if value is not None})
        tables[_TOKENS if token.narrowing.is_none else _NARROWED].append(entry)
    for name, listed in tables.items():
        if listed:
            document.append(name, listed)
    write_whole(folder / FILE, _HEAD + "\n" + tomlkit.dumps(document), private=True)
