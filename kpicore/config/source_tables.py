"""The tables `[[source]]` of kpi.toml: what each must have, and what its kind lets stand in it. All raise BadConfig.

A kind that no plugin gives is the one of a plugin that is not installed, broken or shut out just now: what was loaded
is answered all the same, and who loads is told.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kpicore.config.values import tables_in, text_of
from kpicore.errors import BadConfig, UnknownName
from kpicore.model.settings import ENV, SettingTable, no_secrets, shown, tables_of, unknown_in_config
from kpicore.model.source_kinds import SourceKind

FILES = "files"
"""The source of all files of a workspace: no `[[source]]` is called so."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LAG = re.compile(r"([1-9]\d{0,3}) (minute|hour|day|week)s?")
_GIVEN = "A plugin gives it by its hook kpi_sources."
_PERHAPS = "Or a plugin gives it that is broken or shut out: kpi plugins"
SourceValues = Mapping[str, Any]


_USUAL_LAG = timedelta(days=2)
"""What has a source of its own is loaded daily; files come when somebody brings them."""


@dataclass(frozen=True, slots=True)
class SourceKinds:
    """The kinds of sources that plugins give; with `perhaps_more`, one that is broken or shut out may give another."""

    by_name: Mapping[str, SourceKind] = field(default_factory=lambda: MappingProxyType({}))
    perhaps_more: bool = False

    def unknown(self, file: Path, table: SourceValues) -> BadConfig:
        """Return that the kind of a source is not there, with the nearest one and all that there are."""
        place, kind = f"{_place(file, table)} kind", table["kind"]
        more = _PERHAPS if self.perhaps_more else _GIVEN
        known = f"There are: {', '.join(self.by_name)}. " if self.by_name else ""
        nearest = UnknownName("source kind", kind, self.by_name).hint
        hint = f"{nearest} {known}{more}" if nearest.startswith("Did") else f"{known}{more}"
        return BadConfig(place, f"no source kind named {shown(kind)}", hint=hint)


def sources_of(file: Path, value: object) -> tuple[SourceValues, ...]:
    """Return the tables `[[source]]` as they are written: each has a name of its own and a kind, and none a secret."""
    tables = tables_in(file, "source", value)
    places: dict[str, int] = {}
    for number, table in enumerate(tables, 1):
        place = f"{file} source {number}"
        text_of(file, f"source {number} name", table.get("name"))
        name = _name_of(place, table["name"])
        text_of(file, f"source {number} kind", table.get("kind"))
        if name in places:
            problem = f"two sources are named '{name}', this one and source {places[name]}"
            raise BadConfig(place, problem, hint="Give each a name of its own.")
        places[name] = number
        no_secrets(f"{place} ", table)
        if "allowed_lag" in table:
            lag_of(f"{place} allowed_lag", table["allowed_lag"])
    for table in tables:
        if "ids_of" in table:
            _check_ids_of(file, table, [FILES, *places])
    return tables


def lag_of(place: object, value: object) -> timedelta:
    """Return how long it is, in minutes, hours, days or weeks.

    >>> lag_of("kpi.toml", "3 days"), lag_of("kpi.toml", "1 week"), lag_of("kpi.toml", "90 minutes")
    (datetime.timedelta(days=3), datetime.timedelta(days=7), datetime.timedelta(seconds=5400))
    """
    match = _LAG.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise BadConfig(place, f"cannot read {shown(value)}", hint='Write it like "3 days", "12 hours" or "1 week".')
    return timedelta(**{f"{match[2]}s": int(match[1])})


def allowed_lag(file: Path, table: SourceValues) -> timedelta | None:
    """Return by how much the data of a `[[source]]` may be older than that of the workspace, None for any."""
    if "allowed_lag" in table:
        return lag_of(f"{file} source '{table['name']}' allowed_lag", table["allowed_lag"])
    return None if table["kind"] == FILES else _USUAL_LAG


def source_values(file: Path, kind: SourceKind, table: SourceValues) -> SourceValues:
    """Return what a `[[source]]` says by the keys of its kind, with defaults filled in."""
    (values,) = tables_of(file, SettingTable("source", "", kind.all_settings, many=True), [dict(table)])
    return values


def source_secret(settings: SourceValues, name: str, *, environment: Mapping[str, str] = os.environ) -> str:
    """Return a secret of a source from the environment variable that its `name_env` names.

    Where it may be left out and nothing is written, it is "".
    """
    variable = settings.get(f"{name}{ENV}")
    if variable is None:
        return ""
    if not environment.get(variable):  # its name is not shown: somebody may have written the secret
        place = f"source '{settings.get('name')}' {name}{ENV}"
        raise BadConfig(place, "the environment variable that it names is not set")
    return environment[variable]


def unknown_kinds(file: Path, tables: tuple[SourceValues, ...], kinds: SourceKinds) -> Iterator[BadConfig]:
    """Yield the sources that are read and have a kind that no plugin gives."""
    for table in tables:
        if table["kind"] not in kinds.by_name and table.get("enabled", True) is not False:
            yield kinds.unknown(file, table)


def _name_of(place: str, name: str) -> str:
    if name == FILES:
        problem = f"'{FILES}' is the name of all files of the workspace together"
        raise BadConfig(f"{place} name", problem, hint="Choose another name.")
    if not _NAME.fullmatch(name):
        plain = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
        example = plain if _NAME.fullmatch(plain) and plain != FILES else "shop"
        problem = f"a name has lower-case letters, digits and underscores, not {shown(name)}"
        raise BadConfig(f"{place} name", problem, hint=f'Write name = "{example}".')
    return name


def _check_ids_of(file: Path, table: SourceValues, names: list[str]) -> None:
    place, meant = f"{_place(file, table)} ids_of", table["ids_of"]
    if not isinstance(meant, str):
        raise BadConfig(place, f"expected the name of another source, not {shown(meant)}")
    others = [name for name in names if name != table["name"]]
    if meant not in others:
        raise unknown_in_config(place, "other source", meant, others)


def _place(file: Path, table: SourceValues) -> str:
    return f"{file} source '{table['name']}'"
