"""The settings of a workspace: `kpi.toml`, read, checked and written.

No secret belongs here: a key such as `token_env = "CRM_TOKEN"` names the environment variable that
holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

from kpicore.currencies import CURRENCIES
from kpicore.errors import BadConfig, UnknownName, closest

if TYPE_CHECKING:
    from kpicore.periods import Calendar
    from kpicore.periods.working import WorkingDays
    from kpicore.registry import Registry
    from kpicore.word_answers import WordAnswers

FILE = "kpi.toml"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
Setting = int | float | str

SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        "active_rule": "inactivity",
        "inactivity_days": 365,
        "maturing_days": 30,
        "qualified_stage": 3,
        "stuck_days": 30,
        "post_close_days": 90,
        "cac_lag_months": 3,
    }
)
"""The settings that the core and the built-in KPIs use, with their defaults."""

ACTIVE_RULES = ("inactivity", "contract", "subscription")
SECRETS = ("password", "passwd", "secret", "token", "api_key", "apikey", "private_key")
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
_TABLES = (*_SHAPE, "settings", "default_variants", "words", *_LISTS)


@dataclass(frozen=True, slots=True)
class Config:
    """A workspace's settings. `week_starts` is 0 for Monday, `fiscal_starts` a month 1 to 12.

    `pattern` is empty where fiscal months are calendar months; `fiscal_months` is the file that lists
    them, where there is one. `working_days` are weekdays (0 is Monday), `targets` as `[[target]]` gives them.
    `words` are the codes that words of sources mean here, by entity, field and word.
    """

    folder: Path
    name: str
    currency: str = "USD"
    timezone: str = "UTC"
    week_starts: int = 0
    fiscal_starts: int = 1
    settings: Mapping[str, Setting] = field(default_factory=lambda: SETTINGS)
    default_variants: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sources: tuple[Mapping[str, Any], ...] = ()
    pattern: str = ""
    first_week: str = "nearest"
    fiscal_named: str = "end"
    fiscal_months: str = ""
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    holidays: tuple[date, ...] = ()
    targets: tuple[Mapping[str, Any], ...] = ()
    words: WordAnswers = field(default_factory=lambda: MappingProxyType({}))

    def calendar(self) -> Calendar:
        """Return the organisation's calendar. Raises BadConfig when the list of fiscal months is bad."""
        from kpicore.periods import Calendar, read_listed_months

        listed = read_listed_months(self.folder / self.fiscal_months) if self.fiscal_months else None
        shape = self.pattern, self.first_week, self.fiscal_named
        return Calendar(self.week_starts, self.fiscal_starts, self.timezone, *shape, listed)

    def files(self) -> tuple[Path, ...]:
        """Return the files beside kpi.toml that it names and answers depend on."""
        return (self.folder / self.fiscal_months,) if self.fiscal_months else ()

    def working(self) -> WorkingDays:
        """Return the organisation's working days."""
        from kpicore.periods.working import working_days

        return working_days(self.working_days, self.holidays)


def read_config(folder: Path) -> Config:
    """Return the settings of the workspace in `folder`. Raises BadConfig naming file and key."""
    file = _file_in(Path(folder))
    try:
        text = file.read_text(encoding="utf-8-sig")  # Notepad writes a byte order mark
    except FileNotFoundError:
        raise BadConfig(file, "there is no such file", hint="Make a workspace: kpi init") from None
    except UnicodeDecodeError:
        raise BadConfig(file, "it is not UTF-8 text") from None
    except OSError as error:
        raise BadConfig(file, error.strerror or str(error)) from None
    except ValueError:  # a sign that no path has
        raise BadConfig(file, "is no path") from None
    return parse_config(text, file)


def parse_config(text: str, file: Path) -> Config:
    """Return the settings that the text of `file` holds. Raises BadConfig."""
    import tomllib  # 4 ms that `kpi --help` need not wait for

    from kpicore.periods.fiscal import FIRST_WEEKS, NAMED, PATTERNS
    from kpicore.word_answers import word_answers

    try:
        given = tomllib.loads(text)
    except ValueError as error:  # beside what is no TOML, a number of thousands of digits
        raise BadConfig(file, str(error)) from None
    except RecursionError:
        raise BadConfig(file, "it is nested too deep") from None
    _known(file, "", given, _TABLES)
    tables = {name: _table(file, given, name) for name in _TABLES if name not in _LISTS}
    for name, keys in _SHAPE.items():
        _known(file, name, tables[name], keys)
    workspace, calendar = tables["workspace"], tables["calendar"]
    _check_fiscal(file, calendar)
    return Config(
        folder=file.parent,
        name=_text(file, "workspace.name", workspace.get("name", file.resolve().parent.name)),
        currency=_currency(file, workspace.get("currency", "USD")),
        timezone=_timezone(file, workspace.get("timezone", "UTC")),
        week_starts=_named(file, "calendar.week_starts", calendar.get("week_starts", "monday"), WEEKDAYS, 0),
        fiscal_starts=_named(file, "calendar.fiscal_starts", calendar.get("fiscal_starts", 1), MONTHS, 1),
        settings=_settings(file, tables["settings"]),
        default_variants=MappingProxyType(
            {key: _text(file, f"default_variants.{key}", value) for key, value in tables["default_variants"].items()}
        ),
        sources=_sources(file, given.get("source", [])),
        pattern=_one_of(file, "calendar.pattern", calendar.get("pattern", ""), ("", *PATTERNS)),
        first_week=_one_of(file, "calendar.first_week", calendar.get("first_week", "nearest"), FIRST_WEEKS),
        fiscal_named=_one_of(file, "calendar.fiscal_named", calendar.get("fiscal_named", "end"), NAMED),
        fiscal_months=_text(file, "calendar.fiscal_months", calendar["fiscal_months"])
        if "fiscal_months" in calendar
        else "",
        working_days=_weekdays(file, calendar.get("working_days", WEEKDAYS[:5])),
        holidays=_holidays(file, calendar.get("holidays", [])),
        targets=_listed(file, "target", given.get("target", [])),
        words=word_answers(file, tables["words"]),
    )


def target_tables(file: Path) -> tuple[Mapping[str, Any], ...]:
    """Return what `[[target]]` holds in a file of its own; nothing when it is not there. Raises BadConfig."""
    import tomllib

    if not file.is_file():
        return ()
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError) as error:
        raise BadConfig(file, str(error)) from None
    except RecursionError:
        raise BadConfig(file, "it is nested too deep") from None
    _known(file, "", given, ("target",))
    return _listed(file, "target", given.get("target", []))


def check_default_variants(config: Config, registry: Registry) -> None:
    """Raise BadConfig when `[default_variants]` names a KPI or a variant that does not exist."""
    for id, variant in config.default_variants.items():
        place = f"{config.folder / FILE} default_variants.{id}"
        if id not in registry.metrics:
            # It may be the KPI of a plugin that is broken or shut out just now: only a slip is refused.
            if closest(id, registry.metrics):
                _refuse_unknown(place, "KPI", id, registry.metrics)
            continue
        if variant not in registry.metrics[id].variant_names:
            _refuse_unknown(place, "variant", variant, registry.metrics[id].variant_names)


def write_config(config: Config) -> Path:
    """Write a commented kpi.toml into the folder of `config`, and return its path.

    Settings that differ from their defaults are written out, the others stand as comments.
    Raises BadConfig when there is one already, or it cannot be written.
    """
    from kpicore.config_text import config_text  # it needs this module
    from kpicore.whole_files import write_whole

    file = _file_in(config.folder)
    text = config_text(config)
    parse_config(text, file)  # nothing is written that could not be read again
    try:
        config.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfig(file, error.strerror or str(error)) from None
    if file.exists():
        raise BadConfig(file, "it is there already", hint="Edit it, or choose another folder.")
    write_whole(file, text, hint="Choose another folder.")
    return file


def _file_in(folder: Path) -> Path:
    """Return kpi.toml in a folder. Raises BadConfig for a name that is no text, as no database opens a file there."""
    file = folder / FILE
    try:
        str(file).encode()
    except UnicodeEncodeError:
        raise BadConfig(file, "the folder has a name that is no text", hint="Rename it.") from None
    return file


def _known(file: Path, table: str, given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in given:
        if key not in known:
            place = f"{file} [{table}]" if table else str(file)
            _refuse_unknown(place, "key", key, known)


def _refuse_unknown(place: str, kind: str, name: str, known: Iterable[str]) -> NoReturn:
    told = UnknownName(kind, name, known)
    raise BadConfig(place, told.message.removesuffix("."), hint=told.hint)


def _table(file: Path, given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = given.get(name, {})
    if not isinstance(found, dict):
        raise BadConfig(f"{file} {name}", f"expected a table, write [{name}] on a line of its own")
    return found


def _text(file: Path, key: str, given: object) -> str:
    if not isinstance(given, str) or not given.strip():
        raise BadConfig(f"{file} {key}", f"expected a text in quotes, not {given!r}")
    return given.strip()


def _currency(file: Path, given: object) -> str:
    code = _text(file, "workspace.currency", given).upper()
    if code not in CURRENCIES:
        _refuse_unknown(f"{file} workspace.currency", "currency", code, CURRENCIES)
    return code


def _timezone(file: Path, given: object) -> str:
    from zoneinfo import ZoneInfo, available_timezones  # 6 ms, as above

    name = _text(file, "workspace.timezone", given)
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        _refuse_unknown(f"{file} workspace.timezone", "time zone", name, available_timezones())
    return name


def _named(file: Path, key: str, given: object, names: tuple[str, ...], first: int) -> int:
    """Return the number of a weekday or month that is given by name, or as that number."""
    if isinstance(given, str) and given.strip().casefold() in names:
        return names.index(given.strip().casefold()) + first
    if isinstance(given, int) and not isinstance(given, bool) and first <= given < first + len(names):
        return given
    nearest = closest(given, names) if isinstance(given, str) else None
    hint = f"Did you mean '{nearest}'?" if nearest else f"Write '{names[0]}' to '{names[-1]}'."
    raise BadConfig(f"{file} {key}", f"cannot read {given!r}", hint=hint)


def _one_of(file: Path, key: str, given: object, known: Iterable[str]) -> str:
    if not isinstance(given, str) or given not in known:
        nearest = closest(given, known) if isinstance(given, str) else None
        words = ", ".join(f"'{each}'" for each in known if each)
        hint = f"Did you mean '{nearest}'?" if nearest else f"Write one of {words}."
        raise BadConfig(f"{file} {key}", f"cannot read {given!r}", hint=hint)
    return given


def _check_fiscal(file: Path, calendar: Mapping[str, Any]) -> None:
    """Refuse keys of the fiscal year that contradict each other, as one of them would have no effect."""
    if "fiscal_months" in calendar:
        others = [each for each in ("pattern", "first_week", "fiscal_starts", "fiscal_named") if each in calendar]
        if others:
            raise BadConfig(f"{file} calendar.{others[0]}", "has no effect, as calendar.fiscal_months lists the months")
    elif "first_week" in calendar and not calendar.get("pattern"):
        raise BadConfig(f"{file} calendar.first_week", "has no effect without a pattern", hint='Add pattern = "4-4-5".')


def _settings(file: Path, given: Mapping[str, Any]) -> Mapping[str, Setting]:
    for key, value in given.items():
        place = f"{file} settings.{key}"
        # A plugin's own settings are welcome, so only what looks like a slip of a known name is refused.
        if key not in SETTINGS and closest(key, SETTINGS):
            _refuse_unknown(place, "setting", key, SETTINGS)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise BadConfig(place, f"expected a number or a text in quotes, not {value!r}")
        if key in SETTINGS and isinstance(value, str) != isinstance(SETTINGS[key], str):
            wanted = "a text in quotes" if isinstance(SETTINGS[key], str) else "a number"
            raise BadConfig(place, f"expected {wanted}, not {value!r}")
        if key.endswith("_days") and isinstance(value, int | float) and value < 0:
            raise BadConfig(place, f"expected a number of days from 0 on, not {value!r}")
    settings = {**SETTINGS, **given}
    if settings["active_rule"] not in ACTIVE_RULES:
        _refuse_unknown(f"{file} settings.active_rule", "rule", str(settings["active_rule"]), ACTIVE_RULES)
    return MappingProxyType(settings)


def _weekdays(file: Path, given: object) -> tuple[int, ...]:
    if not isinstance(given, list | tuple) or not given:
        raise BadConfig(f"{file} calendar.working_days", 'expected weekdays, ["monday", "tuesday", …]')
    return tuple(sorted({_named(file, "calendar.working_days", each, WEEKDAYS, 0) for each in given}))


def _holidays(file: Path, given: object) -> tuple[date, ...]:
    """Return the days that are given as TOML dates or as texts."""
    place = f"{file} calendar.holidays"
    if not isinstance(given, list):
        raise BadConfig(place, "expected a list of days, [2026-12-25, 2027-01-01]")
    found = []
    for each in given:
        try:
            found.append(date.fromisoformat(str(each)))
        except ValueError:
            raise BadConfig(place, f"'{each}' is no day", hint="Write 2026-12-25.") from None
    return tuple(sorted(set(found)))


def _listed(file: Path, name: str, given: object) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise BadConfig(f"{file} {name}", f"expected tables, write [[{name}]] on a line of its own")
    return tuple(MappingProxyType(each) for each in given)


def _sources(file: Path, given: object) -> tuple[Mapping[str, Any], ...]:
    tables = _listed(file, "source", given)
    names: set[str] = set()
    for number, each in enumerate(tables, 1):
        place = f"source {number}"
        name = _text(file, f"{place} name", each.get("name"))
        _text(file, f"{place} kind", each.get("kind"))
        if name in names:
            raise BadConfig(f"{file} {place}", f"two sources are named '{name}'")
        names.add(name)
        for key in each:
            if key.casefold().endswith(SECRETS):
                hint = f'Put it into an environment variable and write {key}_env = "ITS_NAME".'
                raise BadConfig(f"{file} {place} {key}", "a secret must not stand in this file", hint=hint)
    return tables
