"""What a kind of source declares: its settings and secrets, its streams, and the address of a record in its system."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpicore.errors import BadDefinition, UnknownName
from kpicore.model.checked import check_choice, check_fields, place
from kpicore.model.currencies import CURRENCIES
from kpicore.model.field_kinds import Id, Label, Line
from kpicore.model.originals import KeptOriginal
from kpicore.model.schema import Type
from kpicore.model.settings import Setting
from kpicore.model.sources import Source, StreamSource
from kpicore.text.addresses import holds_password
from kpicore.text.plain_text import value_shown
from kpicore.utils.isolation import blamed_on

NEVER = "never"
DELETES = (NEVER, "archived-list", "tombstone", "query-all", "full-diff")
"""How a stream learns what was deleted: it cannot, a list of archived records, a mark in the record, a question that
gives deleted ones too, or all records are read and compared."""

SOURCE_SETTINGS = (
    Setting("kind", Type.TEXT, "what kind of source it is, one that a plugin gives", required=True),
    Setting("name", Type.TEXT, "what you call it: its ids, cursors and rows are kept by it", required=True),
    Setting("ids_of", Type.TEXT, "another source, or files, whose ids are meant where its rows refer to others"),
    Setting("allowed_lag", Type.TEXT, "how old its data may be before answers say so, such as 3 days"),
    Setting("enabled", Type.BOOLEAN, "whether it is read", True),
)
"""The keys that every `[[source]]` has."""
WORKSPACE = "workspace"
"""Under this name a source is told the folder of its workspace; nobody writes it."""

_TAKEN = (*(setting.name for setting in SOURCE_SETTINGS), WORKSPACE)
_LONGEST_LINK = 2_000
# of what RFC 3986 allows all but the quote; https://www.rfc-editor.org/rfc/rfc3986#section-2
_LINK = r"(?i:https?)://[A-Za-z0-9\-._~:\[\]]+([/?#][A-Za-z0-9\-._~:/?#\[\]@!$&()*+,;=%]*)?"


@dataclass(frozen=True, slots=True)
class Stream:
    """One list of rows of a source, such as the loans of a library, that fills the `entity`.

    `cursor` is what its system calls the time or number by which only what is new is asked for, "" where all is read
    each time. `deletes` is one of DELETES. `merges` tells that two records can become one, `history` that earlier
    values are given too. Moments without a zone are of `zone`, an IANA name, "" for the organisation's; amounts
    without a currency are in `currency`, "" for the organisation's.
    """

    name: Id
    entity: Id
    cursor: Line = ""
    deletes: str = NEVER
    merges: bool = False
    history: bool = False
    zone: Line = ""
    currency: Line = ""

    def __post_init__(self) -> None:
        check_fields(self, "stream", "name")
        where = place("stream", self.name)
        check_choice(where, "deletes", self.deletes, DELETES)
        if self.zone and not _is_zone(self.zone):
            raise BadDefinition(where, f"its zone is a time zone such as Europe/Budapest, not {value_shown(self.zone)}")
        if self.currency and self.currency not in CURRENCIES:
            raise BadDefinition(where, f"its currency is a code such as EUR, not {value_shown(self.currency)}")


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source that `[[source]] kind = "…"` in kpi.toml can name.

    `settings` are the keys that it has beside those of every source, `secrets` the names of what it cannot be read
    without: kpi.toml has `token_env = "SHOP_TOKEN"` for the secret `token`. A secret that may be left out is a Setting
    with secret=True. `open` gets the values by key, with the folder of the workspace as `workspace`. `link` gets these,
    the name of a stream, and the id of a record as an address may hold it; it gives the record's address.
    Of the folder and a stream `again` gives the source over what was delivered, kept as it was, and `reading` the text
    that `Rows` of it have for how they are read today. Both raise KpiError.
    """

    kind: Label
    meaning: str
    open: Callable[[Mapping[str, Any]], Source | StreamSource]
    settings: tuple[Setting, ...] = ()
    secrets: tuple[Id, ...] = ()
    streams: tuple[Stream, ...] = ()
    link: Callable[[Mapping[str, Any], str, str], str] | None = field(default=None, repr=False)
    again: Callable[[Path, str, Sequence[KeptOriginal]], StreamSource] | None = field(default=None, repr=False)
    reading: Callable[[Path, str], str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_fields(self, "source", "kind")
        where = place("source", self.kind)
        keys = [setting.name for setting in self.declared]
        for key, times in Counter(keys).items():
            if key in _TAKEN:
                raise BadDefinition(where, f"its setting '{key}' is one that every source has")
            if times > 1:
                raise BadDefinition(where, f"it has two settings '{key}'")
        names = [stream.name for stream in self.streams]
        if twice := [name for name, times in Counter(names).items() if times > 1]:
            raise BadDefinition(where, f"it has two streams '{twice[0]}'")

    @property
    def declared(self) -> tuple[Setting, ...]:
        """Its own settings, the secrets among them."""
        secrets = (
            Setting(name, Type.TEXT, f"the environment variable that holds the {name}", required=True, secret=True)
            for name in self.secrets
        )
        return *self.settings, *secrets

    @property
    def all_settings(self) -> tuple[Setting, ...]:
        """The keys that a `[[source]]` of this kind can have."""
        return *SOURCE_SETTINGS, *self.declared


def record_link(kind: SourceKind, settings: Mapping[str, Any], stream: str, id: str) -> str:
    """Return the address of a record in its system, "" where the kind gives none or the id cannot stand in one.

    The id is text of others: it is encoded, and what the plugin makes of it is an address of the web or refused.

    Raises: BadDefinition for any other address, and UnknownName for a stream that the kind does not have.
    """
    if kind.link is None:
        return ""
    streams = [known.name for known in kind.streams]
    if streams and stream not in streams:
        raise UnknownName("stream", stream, streams, where=f"source kind '{kind.kind}'")
    encoded = _encoded(id)
    if not encoded:
        return ""
    where = place("source", kind.kind)
    with blamed_on(where):
        link = kind.link(settings, stream, encoded)
    if type(link) is not str or len(link) > _LONGEST_LINK or not re.fullmatch(_LINK, link) or holds_password(link):
        # its text is not shown: a token may be in it
        raise BadDefinition(where, "its link is an address of the web, https://…, without blanks, quotes or passwords")
    return link


def _encoded(id: str) -> str:
    """Return an id as a part of an address, "" for one that would be read as a step up in it."""
    from urllib.parse import quote  # which only links need

    if type(id) is not str or id in ("", ".", ".."):
        return ""
    try:
        return quote(id, safe="")
    except UnicodeEncodeError:  # a half of a character
        return ""


def _is_zone(name: str) -> bool:
    if name == "UTC":
        return True
    from zoneinfo import ZoneInfo  # 6 ms that few commands need

    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True
