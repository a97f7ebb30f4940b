"""The settings of a workspace, once it is known what plugins declare and what its own definitions name.

A plugin that is broken, shut out or refused may be the one that declares a key. Then a key that nobody declares is
left unread, and told, as the plugin must not take the others down.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kpicore.config import FILE, SETTINGS, Config
from kpicore.errors import BadConfig, closest
from kpicore.own.files import FOLDER
from kpicore.plugins import OK, PARTLY, Plugins
from kpicore.registry import declared
from kpicore.settings import CORE_TABLES, Setting, SettingTable, shown, tables_of, unknown_in_config, values_of

_NAMED = re.compile(r"\bsetting\.(\w+)")
_DECLARED = {
    "setting": "A plugin declares it by its hook kpi_settings; a definition of your own names it, as setting.points.",
    "table": "A plugin declares it by its hook kpi_settings.",
}
_PERHAPS = "Or a plugin declares it that is broken or shut out: kpi plugins"
Table = Mapping[str, Any]


def settled(config: Config, plugins: Plugins) -> Config:
    """Return the settings with those that plugins declare: checked, and with defaults where nothing is written.

    Keys of `[settings]` that own definitions name, as `setting.points`, are the workspace's own: numbers and texts.

    Raises: BadConfig for a value that cannot be, and for a key or table that nobody declares.
    """
    found, refused = settled_in_part(config, plugins)
    for each in refused:
        raise each
    return found


def settled_in_part(config: Config, plugins: Plugins) -> tuple[Config, list[BadConfig]]:
    """Return the settings without what is refused of them, and why it is."""
    known, file, refused = _known(config, plugins), config.folder / FILE, list[BadConfig]()
    given: Table = config.further.get("settings", {})
    values = _values(file, known.settings, given, refused) | _own_values(file, known.own, given, refused)
    tables = _tables(file, known.tables, config.further, refused)
    refused += _unknown(config, known)
    defaults = {each.key: each.default for each in known.settings if each.default is not None}
    found = replace(
        config,
        settings=MappingProxyType(defaults | dict(config.settings) | values),
        plugin_tables=MappingProxyType({each.name: () for each in known.tables} | tables),
    )
    return found, refused


def undeclared(config: Config, plugins: Plugins) -> Iterator[tuple[str, str]]:
    """Yield each plugin that perhaps declares what nobody read in a workspace's kpi.toml, and what to say of it."""
    known = _known(config, plugins)
    settings, tables = known.strange(config)
    for key in [*(f"settings.{each}" for each in settings), *tables]:
        for giver, what in known.perhaps.items():
            yield giver, f"{config.folder / FILE} {key}: not read, as nobody declares it but perhaps '{giver}', {what}."


@dataclass(frozen=True, slots=True)
class _Known:
    """What is declared. `own` are keys that definitions of the workspace name, `refused` the names that plugins declare
    in vain, and `perhaps` the plugins that may declare more, each with the reason."""

    settings: tuple[Setting, ...]
    tables: tuple[SettingTable, ...]
    own: frozenset[str]
    refused: frozenset[str]
    perhaps: Mapping[str, str]

    @property
    def keys(self) -> frozenset[str]:
        """The keys that may stand in `[settings]` beside the core's."""
        return self.own.union(*((each.name, each.key) for each in self.settings))

    @property
    def names(self) -> frozenset[str]:
        """The tables that may stand beside the core's."""
        return frozenset(each.name for each in self.tables)

    def strange(self, config: Config) -> tuple[list[str], list[str]]:
        """Return the keys of `[settings]` and the tables that nobody declares."""
        keys, names = self.keys, {*self.names, "settings"}
        settings = [each for each in config.further.get("settings", {}) if each not in keys]
        return settings, [each for each in config.further if each not in names]


def _known(config: Config, plugins: Plugins) -> _Known:
    given = declared(plugins.contributions)
    keys = {key for each in given.settings for key in (each.name, each.key)}
    own = _named(config.folder) - keys if config.further.get("settings", {}).keys() - keys else frozenset[str]()
    perhaps = {each.giver: "of which it is refused" for each in given.problems}
    for each in plugins.reports:
        if each.status != OK:
            perhaps[each.name] = f"which is {'broken in part' if each.status == PARTLY else each.status}"
    return _Known(given.settings, given.tables, own, frozenset(each.item for each in given.problems), perhaps)


def _named(folder: Path) -> frozenset[str]:
    """Return the settings that definitions of the workspace name."""
    found = set[str]()
    for file in (folder / FOLDER).glob("*.toml"):
        try:
            found.update(_NAMED.findall(file.read_text(encoding="utf-8", errors="replace")))
        except OSError:  # who reads its definitions is told
            continue
    return frozenset(found)


def _values(file: Path, settings: Collection[Setting], given: Table, refused: list[BadConfig]) -> dict[str, Any]:
    """Return the values that are written."""
    found = dict[str, Any]()
    for each in settings:
        if {each.name, each.key} & given.keys():
            try:
                found |= values_of(f"{file} settings.", [each], given)
            except BadConfig as error:
                refused.append(error)
    return found


def _own_values(file: Path, own: frozenset[str], given: Table, refused: list[BadConfig]) -> dict[str, Any]:
    """Return the values of keys that definitions of the workspace name."""
    found = dict[str, Any]()
    for key in own & given.keys():
        if isinstance(given[key], int | float | str) and not isinstance(given[key], bool):
            found[key] = given[key]
        else:
            told = f"expected a number or a text in quotes, not {shown(given[key])}"
            refused.append(BadConfig(f"{file} settings.{key}", told))
    return found


def _tables(
    file: Path, tables: Collection[SettingTable], given: Table, refused: list[BadConfig]
) -> dict[str, tuple[Table, ...]]:
    found = dict[str, tuple[Table, ...]]()
    for each in tables:
        if each.name in given:
            try:
                found[each.name] = tables_of(file, each, given[each.name])
            except BadConfig as error:
                refused.append(error)
    return found


def _unknown(config: Config, known: _Known) -> Iterator[BadConfig]:
    """Yield what is wrong with what nobody declares, unless a plugin may and it is no slip of a known name."""
    settings, tables = known.strange(config)
    keys, names = known.keys | SETTINGS.keys(), known.names | {*CORE_TABLES}
    strange = [("setting", "settings.", each, keys) for each in settings if f"settings.{each}" not in known.refused]
    strange += [("table", "", each, names) for each in tables if f"[{each}]" not in known.refused]
    for kind, place, name, others in strange:
        if not known.perhaps or closest(name, others) is not None:
            hint = _PERHAPS if known.perhaps else _DECLARED[kind]
            yield unknown_in_config(f"{config.folder / FILE} {place}{name}", kind, name, others, hint=hint)
