"""The settings of a workspace, once it is known what plugins declare and what its own definitions name.

A plugin that is broken, shut out or refused may be the one that declares a key. Then a key that nobody declares is
left unread, and told, as the plugin must not take the others down. So is a table that a plugin has declared in vain, as
the name is built in since some version, and that does not fit what is built in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kpicore.config.reader import FILE, OWN_FOLDER, Config
from kpicore.config.source_tables import SourceKinds, source_values
from kpicore.errors import BadConfig
from kpicore.model.schema import Type
from kpicore.model.settings import (
    CORE_TABLES,
    WAREHOUSE_TABLE,
    Setting,
    SettingTable,
    shown,
    table_place,
    tables_of,
    unknown_in_config,
    values_of,
)
from kpicore.model.source_kinds import SourceKind
from kpicore.plugins.manager import OK, PARTLY, Plugins
from kpicore.registry.contributions import Problem
from kpicore.registry.joined import declared
from kpicore.text.nearest import LONGEST_NAME
from kpicore.text.plain_text import harmless
from kpicore.warehouse.kinds import DUCKDB_KIND, WarehouseKind

_NAMED = re.compile(r"\bsetting\.(\w+)")
_DECLARED = {
    "setting": "A plugin declares it by its hook kpi_settings; a definition of your own names it, as setting.points.",
    "table": "A plugin declares it by its hook kpi_settings.",
}
_PERHAPS = "Or a plugin declares it that is broken or shut out: kpi plugins"
_STATES = {PARTLY: "broken in part"}
Table = Mapping[str, Any]


def settled(config: Config, plugins: Plugins) -> Config:
    """Return the settings with those that plugins declare: checked, and with defaults where nothing is written.

    Keys of `[settings]` that own definitions name, as `setting.points`, are the workspace's own: numbers and texts.

    Raises: BadConfig for a value that cannot be, and for a key or table that nobody declares.
    """
    with_values, refused = settled_in_part(config, plugins)
    for error in refused:
        raise error
    return with_values


def settled_in_part(config: Config, plugins: Plugins) -> tuple[Config, list[BadConfig]]:
    """Return the settings without what is refused of them, and why it is."""
    known, file, refused = _known(config, plugins), config.folder / FILE, list[BadConfig]()
    written: Table = config.further.get("settings", {})
    values = _values(file, known.settings, written, refused) | _own_values(file, known.own, written, refused)
    kind = _kind(file, known, config.further, refused)
    named = Setting("kind", Type.TEXT, "the kind of warehouse", DUCKDB_KIND.kind)
    warehouse = SettingTable(WAREHOUSE_TABLE, "", (named, *kind.settings))
    given_tables = {WAREHOUSE_TABLE: {}, **config.further}
    tables, unfit = _tables(file, (*known.tables, warehouse), given_tables)
    refused += [error for name, error in unfit.items() if not known.others_of(name)]
    refused += _unknown(config, known)
    source_kinds = SourceKinds(known.sources, bool(known.perhaps))
    refused += _wrong_sources(config, source_kinds, known)
    defaults = {setting.key: setting.default for setting in known.settings if setting.default is not None}
    with_values = replace(
        config,
        settings=MappingProxyType(defaults | dict(config.settings) | values),
        plugin_tables=MappingProxyType({table.name: () for table in known.tables} | tables),
        warehouse_kind=kind,
        source_kinds=source_kinds,
        timeless=MappingProxyType({file.name: file.entities for _, file in plugins.contributions.workspace_files}),
    )
    return with_values, refused


def undeclared(config: Config, plugins: Plugins) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what is said of each key and table of kpi.toml that nobody reads, and which plugins perhaps declare it."""
    known = _known(config, plugins)
    named = [f"'{name}' ({what})" for name, what in known.perhaps.items()]
    whose = ", ".join(named[:3]) + (", …" if len(named) > 3 else "")
    for strange in known.strange(config):
        if not known.refuses(strange):
            key = harmless(strange.key, LONGEST_NAME)
            yield tuple(known.perhaps), f"{config.folder / FILE} {key}: not read: a setting of {whose} perhaps"
    for table, error in _tables(config.folder / FILE, known.tables, config.further)[1].items():
        if givers := known.others_of(table):
            theirs = " and ".join(f"'{giver}'" for giver in givers)
            yield givers, f"{error.message.removesuffix('.')}: not read, it is a table of {theirs} perhaps"


@dataclass(frozen=True, slots=True)
class _Strange:
    """A key of `[settings]` or a table that nobody declares, and the names that are known beside it."""

    kind: str
    name: str
    known: frozenset[str]

    @property
    def key(self) -> str:
        """The key as kpi.toml has it."""
        return f"settings.{self.name}" if self.kind == "setting" else self.name


@dataclass(frozen=True, slots=True)
class _Known:
    """What is declared. `own` are keys that definitions of the workspace name, `refused` the names that plugins declare
    in vain with these, and `perhaps` the plugins that may declare more, each with the reason."""

    settings: tuple[Setting, ...]
    tables: tuple[SettingTable, ...]
    warehouses: Mapping[str, WarehouseKind]
    sources: Mapping[str, SourceKind]
    own: frozenset[str]
    refused: Mapping[str, tuple[str, ...]]
    perhaps: Mapping[str, str]

    def strange(self, config: Config) -> Iterator[_Strange]:
        """Yield what nobody declares."""
        keys = self.own.union(setting.key for setting in self.settings)
        secrets = {setting.name for setting in self.settings if setting.secret}  # refused already
        names = frozenset((*CORE_TABLES, WAREHOUSE_TABLE, *(table.name for table in self.tables)))
        settings = config.further.get("settings", {})
        yield from (_Strange("setting", setting, keys) for setting in settings if setting not in keys | secrets)
        yield from (_Strange("table", table, names) for table in config.further if table not in names)

    def refuses(self, strange: _Strange) -> bool:
        """Return whether it is refused: no plugin may declare it, or it is a slip of one letter."""
        if not self.perhaps:
            return True
        place = strange.key if strange.kind == "setting" else f"[{strange.name}]"
        return place not in self.refused and any(_is_slip(strange.name, other) for other in strange.known)

    def others_of(self, table: str) -> tuple[str, ...]:
        """Return the plugins whose table it may be that does not fit what is built in: they have one of that name."""
        return () if table == WAREHOUSE_TABLE else self.refused.get(table_place(table), ())


def _known(config: Config, plugins: Plugins) -> _Known:
    settings = declared(plugins.contributions)
    keys = {key for setting in settings.settings for key in (setting.name, setting.key)}
    # files of definitions are read only where kpi.toml has keys that no plugin declares
    own = _named(config.folder) - keys if config.further.get("settings", {}).keys() - keys else frozenset[str]()
    perhaps = {problem.giver: "refused in part" for problem in settings.problems}
    perhaps |= {
        report.name: _STATES.get(report.status, report.status) for report in plugins.reports if report.status != OK
    }
    kinds = {DUCKDB_KIND.kind: DUCKDB_KIND, **settings.warehouses}
    return _Known(
        settings.settings,
        settings.tables,
        kinds,
        settings.sources,
        own,
        _by_item((*settings.problems, *plugins.contributions.problems)),
        perhaps,
    )


def _by_item(problems: Iterable[Problem]) -> dict[str, tuple[str, ...]]:
    givers: dict[str, tuple[str, ...]] = {}
    for problem in problems:
        givers[problem.item] = (*givers.get(problem.item, ()), problem.giver)
    return givers


def _named(folder: Path) -> frozenset[str]:
    """Return the settings that definitions of the workspace name."""
    names = set[str]()
    for file in (folder / OWN_FOLDER).glob("*.toml"):
        try:
            names.update(_NAMED.findall(file.read_text(encoding="utf-8", errors="replace")))
        except OSError:  # who reads its definitions is told
            continue
    return frozenset(names)


def _values(file: Path, settings: Collection[Setting], written: Table, refused: list[BadConfig]) -> dict[str, Any]:
    """Return the values that are written."""
    values = dict[str, Any]()
    for setting in settings:
        if {setting.name, setting.key} & written.keys():
            try:
                values |= values_of(f"{file} settings.", [setting], written)
            except BadConfig as error:
                refused.append(error)
    return values


def _own_values(file: Path, own: frozenset[str], written: Table, refused: list[BadConfig]) -> dict[str, Any]:
    """Return the values of keys that definitions of the workspace name."""
    values = dict[str, Any]()
    for key in own & written.keys():
        if isinstance(written[key], int | float | str) and not isinstance(written[key], bool):
            values[key] = written[key]
        else:
            problem = f"expected a number or a text in quotes, not {shown(written[key])}"
            refused.append(BadConfig(f"{file} settings.{key}", problem))
    return values


def _tables(
    file: Path, tables: Collection[SettingTable], written: Table
) -> tuple[dict[str, tuple[Table, ...]], dict[str, BadConfig]]:
    """Return the values of the tables that are written, and why others cannot be read."""
    values, refused = dict[str, tuple[Table, ...]](), dict[str, BadConfig]()
    for table in tables:
        if table.name in written:
            try:
                values[table.name] = tables_of(file, table, written[table.name])
            except BadConfig as error:
                refused[table.name] = _with_table_meant(error, table, written[table.name], tables)
    return values, refused


def _with_table_meant(
    error: BadConfig, table: SettingTable, value: object, tables: Iterable[SettingTable]
) -> BadConfig:
    """Return why a table cannot be read, with the one that was meant: `[sheets]` with keys that `[[sheet]]` has."""
    rows = [row for row in (value if isinstance(value, list) else [value]) if isinstance(row, dict)]
    strange = {key for row in rows for key in row} - {setting.key for setting in table.settings}
    for other in tables:
        if _is_slip(table.name, other.name) and strange & {setting.key for setting in other.settings}:
            problem = error.message.removeprefix(f"{error.place}: ")
            return BadConfig(error.place, problem, hint=f"Did you mean {other.header}?")
    return error


def _kind(file: Path, known: _Known, written: Table, refused: list[BadConfig]) -> WarehouseKind:
    """Return the kind of warehouse that is named: DuckDB where none is, or none that there is."""
    table = written.get(WAREHOUSE_TABLE, {})
    name = table.get("kind", DUCKDB_KIND.kind) if isinstance(table, dict) else DUCKDB_KIND.kind
    if not isinstance(name, str):  # who reads the table tells
        return DUCKDB_KIND
    if name not in known.warehouses:
        hint = _PERHAPS if known.perhaps else "A plugin gives it by its hook kpi_warehouses."
        place = f"{file} {WAREHOUSE_TABLE}.kind"
        refused.append(unknown_in_config(place, "warehouse kind", name, known.warehouses, hint=hint))
    return known.warehouses.get(name, DUCKDB_KIND)


def _wrong_sources(config: Config, kinds: SourceKinds, known: _Known) -> Iterator[BadConfig]:
    """Yield what is wrong with sources as their kinds declare them, and the kinds that are a slip of another one."""
    file = config.folder / FILE
    for table in config.sources:
        name = table["kind"]
        if name not in kinds.by_name:
            # any other one is perhaps of a plugin that is not here just now: who loads is told (`check_source_kinds`)
            if name not in known.refused and any(_is_slip(name, other) for other in kinds.by_name):
                yield kinds.unknown(file, table)
            continue
        try:
            source_values(file, kinds.by_name[name], table)
        except BadConfig as error:
            yield error


def _is_slip(name: str, known: str) -> bool:
    """Return whether a letter too many, too few or another, or two in the wrong order, are all that differs."""
    written, meant = name.casefold(), known.casefold()
    # What is before the first difference is equal. Behind it one letter more or less shifts the rest, another letter
    # leaves it in place, and of two in the wrong order each stands where the other ought to.
    at = next(
        (at for at, (letter, other) in enumerate(zip(written, meant, strict=False)) if letter != other),
        min(len(written), len(meant)),
    )
    written, meant = written[at:], meant[at:]
    swapped = written[:2] == meant[:2][::-1] and written[2:] == meant[2:]
    return swapped or meant in (written[1:], written) or written[1:] == meant[1:] or written == meant[1:]


def _unknown(config: Config, known: _Known) -> Iterator[BadConfig]:
    """Yield what is wrong with what is refused as nobody declares it."""
    for strange in known.strange(config):
        if known.refuses(strange):
            hint = _PERHAPS if known.perhaps else _DECLARED[strange.kind]
            yield unknown_in_config(
                f"{config.folder / FILE} {strange.key}", strange.kind, strange.name, strange.known, hint=hint
            )
