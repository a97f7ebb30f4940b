"""The settings of a workspace: `kpi.toml`, read and checked.

What is read here is the core's; what plugins declare is kept as it is written until `settled` reads it. No secret
belongs here: a key such as `token_env = "SHOP_TOKEN"` names the environment variable that holds it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kpicore.config.known_names import MONTHS, WEEKDAYS
from kpicore.config.passwords import no_passwords
from kpicore.config.source_tables import SourceKinds, allowed_lag, source_values, sources_of, unknown_kinds
from kpicore.config.values import (
    LONGEST_NAME,
    check_fiscal,
    choice_of,
    company_of,
    currency_of,
    holidays_of,
    known_keys,
    months_file_of,
    number_of,
    table_of,
    tables_in,
    text_of,
    timezone_of,
    weekdays_of,
    word_tables,
)
from kpicore.errors import BadConfig, UnknownName, closest
from kpicore.model.settings import (
    CORE_SETTINGS,
    CORE_TABLES,
    ENV,
    no_secrets,
    unknown_in_config,
    values_of,
)
from kpicore.model.source_kinds import WORKSPACE, SourceKind
from kpicore.text.plain_text import harmless
from kpicore.utils.toml_files import toml_document, toml_text
from kpicore.warehouse.kinds import DUCKDB_KIND, WarehouseKind

if TYPE_CHECKING:
    from kpicore.calendar import Calendar
    from kpicore.calendar.working_days import WorkingDays
    from kpicore.config.values import WordTables
    from kpicore.registry.registry import Registry

FILE = "kpi.toml"
TARGETS = "targets.toml"
"""The file beside it that holds more targets."""
OWN_FOLDER = "metrics"
"""The folder beside it that holds the workspace's own definitions."""

SETTINGS: Mapping[str, Any] = MappingProxyType({setting.key: setting.default for setting in CORE_SETTINGS})
"""The settings that the core itself reads, with their defaults."""

_SHAPE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "workspace": ("name", "currency", "timezone"),
        "calendar": (
            *("week_starts", "fiscal_starts", "fiscal_named", "pattern", "first_week", "fiscal_months"),
            *("working_days", "holidays"),
        ),
    }
)
_LISTS = ("source", "target")


@dataclass(frozen=True, slots=True)
class Config:
    """A workspace's settings. `week_starts` is 0 for Monday, `fiscal_starts` a month 1 to 12.

    `pattern` is empty where fiscal months are calendar months; `fiscal_months` is the file that lists
    them, where there is one. `working_days` are weekdays (0 is Monday), `targets` as `[[target]]` gives them.
    `words` are the codes that words of sources mean here, by entity, field and word. Those of a workspace hold in
    `settings` and `plugin_tables` what plugins declare; `further` is what is not the core's, as it is written.
    `timeless` are the files of plugins that are of no day, with the entities that they fill.
    """

    folder: Path
    name: str
    currency: str = "USD"
    timezone: str = "UTC"
    week_starts: int = 0
    fiscal_starts: int = 1
    settings: Mapping[str, Any] = field(default_factory=lambda: SETTINGS)
    default_variants: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sources: tuple[Mapping[str, Any], ...] = ()
    pattern: str = ""
    first_week: str = "nearest"
    fiscal_named: str = "end"
    fiscal_months: str = ""
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    holidays: tuple[date, ...] = ()
    targets: tuple[Mapping[str, Any], ...] = ()
    words: WordTables = field(default_factory=lambda: MappingProxyType({}))
    plugin_tables: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=lambda: MappingProxyType({}))
    further: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    warehouse_kind: WarehouseKind = field(default=DUCKDB_KIND, repr=False)
    source_kinds: SourceKinds = field(default_factory=SourceKinds, repr=False)
    timeless: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def tables(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """Return the tables of that name that a plugin declares, with defaults filled in; none where none is written.

        Raises: UnknownName for a table that no plugin declares.
        """
        if name not in self.plugin_tables:
            raise UnknownName("table", name, self.plugin_tables, where=FILE)
        return self.plugin_tables[name]

    def secret(
        self, name: str, table: Mapping[str, Any] | None = None, *, environment: Mapping[str, str] = os.environ
    ) -> str:
        """Return a secret from the environment variable that `name_env` names, in `[settings]` or in a table.

        Raises: BadConfig when none is named, or it is not set.
        """
        key = f"{name}{ENV}"
        variable = (self.settings if table is None else table).get(key)
        place = f"{self.folder / FILE} {'settings.' if table is None else ''}{key}"
        if not isinstance(variable, str):
            raise BadConfig(place, "it is not written", hint=f'Write {key} = "ITS_NAME", an environment variable.')
        if not environment.get(variable):  # its name is not shown: somebody may have written the secret
            raise BadConfig(place, "the environment variable that it names is not set")
        return environment[variable]

    @property
    def lags(self) -> Mapping[str, timedelta | None]:
        """By how much the data of each `[[source]]` may be older than that of the workspace before it is told."""
        return {table["name"]: allowed_lag(self.folder / FILE, table) for table in self.sources}

    def calendar(self) -> Calendar:
        """Return the organisation's calendar. Raises BadConfig when the list of fiscal months is bad."""
        from kpicore.calendar import Calendar

        listed = None
        if self.fiscal_months:
            from kpicore.calendar.custom_months import read_listed_months

            listed = read_listed_months(self.folder / self.fiscal_months)
        shape = self.pattern, self.first_week, self.fiscal_named
        return Calendar(self.week_starts, self.fiscal_starts, self.timezone, *shape, listed)

    def files(self) -> tuple[Path, ...]:
        """Return the files beside kpi.toml that it names and answers depend on."""
        return (self.folder / self.fiscal_months,) if self.fiscal_months else ()

    def working(self) -> WorkingDays:
        """Return the organisation's working days."""
        from kpicore.calendar.working_days import working_days

        return working_days(self.working_days, self.holidays)


def read_config(folder: Path) -> Config:
    """Return the settings of the workspace in `folder`. Raises BadConfig naming file and key."""
    file = file_in(Path(folder))
    try:
        text = toml_text(file)
    except FileNotFoundError:
        raise BadConfig(file, "there is no such file", hint="Make a workspace: kpi init") from None
    if not text.strip():
        _check_new(file)
    return parse_config(text, file)


def _check_new(file: Path) -> None:
    """Raise BadConfig for an empty file beside data: who edits it empties it for a moment, and means no defaults."""
    from kpicore.warehouse import FILE as WAREHOUSE

    if (file.parent / WAREHOUSE).exists():
        hint = "Write it, or take it back; [workspace] alone means the defaults."
        raise BadConfig(file, "it is empty, though there is data", hint=hint)


def keep_defaults(folder: Path) -> None:
    """Write `[workspace]` into an empty kpi.toml, before data stands beside it. Raises BadConfig."""
    file = file_in(folder)
    if file.exists() and not file.read_text(encoding="utf-8-sig").strip():
        from kpicore.utils.whole_files import write_whole

        write_whole(file, "[workspace]\n")


def parse_config(text: str, file: Path) -> Config:
    """Return the settings that the text of `file` holds. Raises BadConfig."""
    from kpicore.calendar.fiscal import FIRST_WEEKS, NAMED, PATTERNS

    written = toml_document(text, file)
    no_passwords(file, written)
    # the lists [[source]] and [[target]] are read below
    tables = {name: table_of(file, name, written.get(name, {})) for name in CORE_TABLES if name not in _LISTS}
    for name, keys in _SHAPE.items():
        known_keys(file, name, tables[name], keys)
    workspace, calendar = tables["workspace"], tables["calendar"]
    check_fiscal(file, calendar)
    return Config(
        folder=file.parent,
        name=company_of(file, workspace.get("name", harmless(file.resolve().parent.name, LONGEST_NAME))),
        currency=currency_of(file, workspace.get("currency", "USD")),
        timezone=timezone_of(file, workspace.get("timezone", "UTC")),
        week_starts=number_of(file, "calendar.week_starts", calendar.get("week_starts", "monday"), WEEKDAYS, 0),
        fiscal_starts=number_of(file, "calendar.fiscal_starts", calendar.get("fiscal_starts", 1), MONTHS, 1),
        settings=MappingProxyType(values_of(f"{file} settings.", CORE_SETTINGS, tables["settings"])),
        default_variants=MappingProxyType(
            {key: text_of(file, f"default_variants.{key}", value) for key, value in tables["default_variants"].items()}
        ),
        sources=sources_of(file, written.get("source", [])),
        pattern=choice_of(file, "calendar.pattern", calendar.get("pattern", ""), ("", *PATTERNS)),
        first_week=choice_of(file, "calendar.first_week", calendar.get("first_week", "nearest"), FIRST_WEEKS),
        fiscal_named=choice_of(file, "calendar.fiscal_named", calendar.get("fiscal_named", "end"), NAMED),
        fiscal_months=months_file_of(file, calendar),
        working_days=weekdays_of(file, calendar.get("working_days", WEEKDAYS[:5])),
        holidays=holidays_of(file, calendar.get("holidays", [])),
        targets=tables_in(file, "target", written.get("target", [])),
        words=word_tables(file, tables["words"]),
        further=MappingProxyType(_further(file, written, tables["settings"])),
    )


def written_targets(config: Config) -> list[Mapping[str, object]]:
    """Return the targets written by hand, in kpi.toml and in targets.toml, each with its `place`. Raises BadConfig."""
    by_file = ((FILE, config.targets), (TARGETS, _target_tables(config.folder / TARGETS)))
    return [
        {**target, "place": f"{file} target {number}"}
        for file, targets in by_file
        for number, target in enumerate(targets, 1)
    ]


def _target_tables(file: Path) -> tuple[Mapping[str, Any], ...]:
    """Return what `[[target]]` holds in a file of its own; nothing when it is not there. Raises BadConfig."""
    if not file.is_file():
        return ()
    written = toml_document(toml_text(file), file)
    no_passwords(file, written)
    known_keys(file, "", written, ("target",))
    return tables_in(file, "target", written.get("target", []))


def check_default_variants(config: Config, registry: Registry) -> None:
    """Raise BadConfig when `[default_variants]` names a KPI or a variant that does not exist."""
    for id, variant in config.default_variants.items():
        place = f"{config.folder / FILE} default_variants.{id}"
        if id not in registry.metrics:
            # It may be the KPI of a plugin that is broken or shut out just now: only a slip is refused.
            if closest(id, registry.metrics):
                raise unknown_in_config(place, "KPI", id, registry.metrics)
            continue
        if variant not in registry.metrics[id].variant_names:
            raise unknown_in_config(place, "variant", variant, registry.metrics[id].variant_names)


def source_settings(config: Config, name: str) -> tuple[SourceKind, Mapping[str, Any]]:
    """Return the kind of the `[[source]]` of that name, and its values as its kind declares them, with the folder.

    Raises: UnknownName without such a source, BadConfig for one of which no plugin gives the kind.
    """
    tables = {table["name"]: table for table in config.sources}
    if name not in tables:
        raise UnknownName("source", name, tables, where=FILE)
    table, file = tables[name], config.folder / FILE
    kind = config.source_kinds.by_name.get(table["kind"])
    if kind is None:
        raise config.source_kinds.unknown(file, table)
    return kind, MappingProxyType({**source_values(file, kind, table), WORKSPACE: str(config.folder)})


def check_source_kinds(config: Config) -> None:
    """Refuse to load while a `[[source]]` has a kind that no plugin gives. Raises BadConfig.

    Where a plugin is broken or shut out it may be its kind: then only who reads that source is told.
    """
    if not config.source_kinds.perhaps_more:
        for error in unread_sources(config):
            raise error


def unread_sources(config: Config) -> Iterator[BadConfig]:
    """Yield the sources that cannot be read just now, as no plugin gives their kind."""
    yield from unknown_kinds(config.folder / FILE, config.sources, config.source_kinds)


def file_in(folder: Path) -> Path:
    """Return kpi.toml in a folder. Raises BadConfig for a name that is no text, as no database opens a file there."""
    file = folder / FILE
    try:
        str(file).encode()
    except UnicodeEncodeError:
        raise BadConfig(file, "the folder has a name that is no text", hint="Rename it.") from None
    return file


def _further(file: Path, written: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is not the core's: tables by name, and keys of `[settings]` under this name."""
    tables = {name: table for name, table in written.items() if name not in CORE_TABLES}
    for name, table in {**tables, "settings": settings}.items():
        no_secrets(f"{file} {name}{'.' if isinstance(table, dict) else ' '}", table)
    # under the name that no table of a plugin can have, as it is the core's
    others = {key: value for key, value in settings.items() if key not in SETTINGS}
    return {**tables, "settings": others} if others else tables
