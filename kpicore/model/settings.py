"""The settings and tables of kpi.toml as the core and plugins declare them, and how their values are read.

A `Setting` alone is a key of `[settings]`; a `SettingTable` is a table `[name]`, or `[[name]]` where there may be many.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from math import isfinite
from types import MappingProxyType
from typing import Any

from kpicore.errors import BadConfig, BadDefinition, KpiError, UnknownName, closest
from kpicore.model.checked import check_fields
from kpicore.model.field_kinds import Id
from kpicore.model.schema import Type
from kpicore.text.addresses import is_secret_name, may_be_secret_name
from kpicore.text.plain_text import shortened
from kpicore.utils.isolation import blamed_on

_LONGEST_SHOWN, _LONGEST_PROBLEM = 80, 400
"""Characters of a value, and of what a check says."""
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")

SettingValue = bool | int | float | str | date | tuple[bool | int | float | str | date, ...]
ENV = "_env"
"""Behind the name of a secret: the key that names the environment variable which holds it."""

CORE_TABLES = ("workspace", "calendar", "settings", "default_variants", "words", "source", "target")
"""The tables that the core reads; every other one is declared by a plugin."""

WAREHOUSE_TABLE = "warehouse"
"""The table that names the kind of warehouse and holds what such a kind declares."""

_EXPECTED: Mapping[Type, str] = MappingProxyType(
    {
        Type.TEXT: "a text in quotes",
        Type.INTEGER: "a whole number",
        Type.NUMBER: "a number",
        Type.BOOLEAN: "true or false",
        Type.DATE: "a day like 2026-12-25",
    }
)
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Setting:
    """A key of kpi.toml. Its type is TEXT, INTEGER, NUMBER, BOOLEAN or DATE, with `many` a list of them.

    Where nothing is written it has its `default`, and one that is `required` is refused. A text may be one of
    `choices`, a number is at least `least`. A secret never stands in kpi.toml: `token_env = "SHOP_TOKEN"` names the
    environment variable that holds the secret `token`.
    """

    name: Id
    type: Type
    meaning: str
    default: SettingValue | None = None
    required: bool = False
    secret: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    many: bool = False

    def __post_init__(self) -> None:
        check_fields(self, "setting", "name", hidden=self.secret is not False or _says_secret(self.name))
        if problem := self._problem():
            raise BadDefinition(f"setting '{self.name}'", problem)

    @property
    def key(self) -> str:
        """The key that stands in kpi.toml."""
        return f"{self.name}{ENV}" if self.secret else self.name

    @property
    def place(self) -> str:
        """Where it stands in kpi.toml when it is a key of `[settings]`."""
        return f"settings.{self.name}"

    def _problem(self) -> str:
        if self.type not in _EXPECTED:
            return f"a setting is {', '.join(kind.name for kind in _EXPECTED)}, not {self.type.name}"
        if self.name.endswith(ENV) or (is_secret_name(self.name) and not self.secret):
            return "what its name says is a secret: write secret=True, and the name of the secret itself"
        if self.secret and (self.type is not Type.TEXT or self.many or self.choices or self.default is not None):
            return "a secret is one text, without default or choices"
        if self.required and self.default is not None:
            return "what is required has no default"
        if self.choices and self.type is not Type.TEXT:
            return "only a text has choices"
        if self.least is not None and self.type not in (Type.INTEGER, Type.NUMBER):
            return "only a number has a least value"
        if self.default is None:
            return ""
        try:
            # as TOML would give it
            raw = list(self.default) if isinstance(self.default, tuple) else self.default
            value = _value("default", self, raw)
            # by `repr`, as True == 1 and 1.0 == 1 to Python: a default has the very type of what is read
            return "" if repr(value) == repr(self.default) else f"its default is to be {value!r}"
        except BadConfig as error:
            return error.message.rstrip(".")


def _says_secret(name: object) -> bool:
    """Whether it is a name of a secret: what stands beside it is not shown."""
    return isinstance(name, str) and may_be_secret_name(name)


def no_secrets(place: str, value: object) -> None:
    """Refuse a key that says it is a secret, in a table, in those inside of it and in lists. Raises BadConfig."""
    todo = [(place, value)]
    while todo:  # a dotted key makes tables deeper than calls go
        around, table = todo.pop()
        for key, inner in table.items() if isinstance(table, Mapping) else ():
            if is_secret_name(key):
                raise secret_refused(f"{around}{key}", key)
            todo.append((f"{around}{key}{'.' if isinstance(inner, dict) else ' '}", inner))
        todo += [(f"{around}{at} ", inner) for at, inner in enumerate(table, 1)] if isinstance(table, list) else []


def table_place(name: str) -> str:
    """Return how a table stands in kpi.toml."""
    return f"[{name}]"


@dataclass(frozen=True, slots=True)
class SettingTable:
    """A table `[name]` of kpi.toml with its keys; with `many` there may be several, `[[name]]`.

    `check` refuses, by a KpiError, a table whose keys do not go together, or not with the tables of that name before
    it, which it gets too. It sees values with defaults filled in, while kpi.toml is read: it opens nothing.
    """

    name: Id
    meaning: str
    settings: tuple[Setting, ...]
    many: bool = False
    # not shown: its text has an address in it, and the stamp of a workspace is made of what is shown
    check: Callable[[Mapping[str, Any], Sequence[Mapping[str, Any]]], None] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_fields(self, "table", "name", hidden=True)
        names = [setting.name for setting in self.settings]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise BadDefinition(f"table '{self.name}'", f"it has two settings '{twice[0]}'")

    @property
    def place(self) -> str:
        """Where it stands in kpi.toml, a name that no key of `[settings]` has."""
        return table_place(self.name)

    @property
    def header(self) -> str:
        """How the table begins in kpi.toml."""
        return f"[[{self.name}]]" if self.many else f"[{self.name}]"


def values_of(place: str, settings: Iterable[Setting], written: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value of each setting by its key: as given, else its default, None where it has none.

    `place` stands before a key in a message. Other keys are left to the caller. Raises BadConfig.
    """
    values = dict[str, Any]()
    for setting in settings:
        if setting.secret and setting.name in written:
            raise secret_refused(f"{place}{setting.name}", setting.name)
        if setting.key in written:
            values[setting.key] = _value(f"{place}{setting.key}", setting, written[setting.key])
        elif setting.required:
            raise BadConfig(
                f"{place}{setting.key}", "it is not written, and has no default", hint=f"It is {setting.meaning}"
            )
        else:
            values[setting.key] = setting.default
    return values


def tables_of(file: object, table: SettingTable, value: object) -> tuple[Mapping[str, Any], ...]:
    """Return what the tables of that name in a file hold, with defaults filled in. Raises BadConfig."""
    rows = value if table.many else [value]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        what = "tables" if table.many else "a table"
        raise BadConfig(f"{file} {table.name}", f"expected {what}, write {table.header} on a line of its own")
    known = [setting.key for setting in table.settings]
    secrets = {setting.name for setting in table.settings if setting.secret}
    tables = list[Mapping[str, Any]]()
    for number, row in enumerate(rows, 1):
        place = f"{file} {table.name} {_called(row, number)} " if table.many else f"{file} {table.name}."
        for key in row:
            if key not in known and key not in secrets:
                raise unknown_key(place, key, known)
        values = MappingProxyType(values_of(place, table.settings, row))
        _check(place.rstrip(" ."), table, values, tables)
        tables.append(values)
    return tuple(tables)


def _called(row: Mapping[str, Any], number: int) -> str:
    """Return how a table of many is called in a message: by its name where it has a plain one, else by its number."""
    name = row.get("name")
    return f"'{name}'" if isinstance(name, str) and _PLAIN_NAME.fullmatch(name) else str(number)


def _check(place: str, table: SettingTable, values: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> None:
    """Refuse what the check of the table refuses, or cannot check. Raises BadConfig."""
    if table.check is None:
        return
    try:
        with blamed_on(f"the check of {table.header}"):
            table.check(values, tuple(before))
    except KpiError as error:
        problem = shortened(error.message.removesuffix("."), _LONGEST_PROBLEM)  # values stand in it
        raise BadConfig(place, problem, hint=error.hint) from error


def unknown_in_config(place: str, kind: str, name: str, known: Iterable[str], *, hint: str = "") -> BadConfig:
    """Return that there is no such name, with the nearest one and what else to do."""
    problem = UnknownName(kind, name, known)
    return BadConfig(place, problem.message.removesuffix("."), hint=f"{problem.hint} {hint}".strip())


def unknown_key(place: str, key: str, known: Iterable[str]) -> BadConfig:
    """Return that a table has no such key; one that says it is a secret is refused as such."""
    short = shortened(key, _LONGEST_SHOWN)
    if may_be_secret_name(key):
        return secret_refused(f"{place}{short}", short)
    return unknown_in_config(f"{place}{short}", "key", short, known)


def secret_refused(place: str, name: str) -> BadConfig:
    """Return that a secret stands where none may; what it is is not told."""
    hint = f'Put it into an environment variable and write {name}{ENV} = "ITS_NAME".'
    return BadConfig(place, "a secret must not stand in this file", hint=hint)


def shown(value: object) -> str:
    """Return a value of a TOML file as a message shows it: what lists and tables hold may be secret.

    >>> shown(True), shown(date(2025, 1, 1)), shown({"token": "abc"}), shown(["abc"])
    ('true', '2025-01-01', 'a table', 'a list')
    """
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    try:
        return shortened(repr(value), _LONGEST_SHOWN)
    except ValueError:
        return "a number of thousands of digits"


def _value(place: str, setting: Setting, raw: Any) -> SettingValue:
    """Return what was given as a value of the setting. Raises BadConfig."""
    if setting.secret:
        if not isinstance(raw, str) or _VARIABLE.fullmatch(raw) is None:  # it may be the secret: it is not shown
            raise BadConfig(place, "expected the name of an environment variable in capitals, like SHOP_TOKEN")
        return raw
    if not setting.many:
        return _single(place, setting, raw)
    if not isinstance(raw, list):
        raise BadConfig(place, f"expected a list, each {_EXPECTED[setting.type]}, not {shown(raw)}")
    return tuple(_single(place, setting, part) for part in raw)


def _single(place: str, setting: Setting, raw: Any) -> bool | int | float | str | date:
    value = _typed(setting.type, raw)
    if value is None:
        raise BadConfig(place, f"expected {_EXPECTED[setting.type]}, not {shown(raw)}")
    if setting.least is not None and isinstance(value, int | float) and value < setting.least:
        raise BadConfig(place, f"expected {_EXPECTED[setting.type]} from {setting.least:g} on, not {shown(raw)}")
    if setting.choices and value not in setting.choices:
        nearest = closest(str(value), setting.choices)
        words = ", ".join(f"'{choice}'" for choice in setting.choices)
        raise BadConfig(
            place,
            f"cannot read {shown(raw)}",
            hint=f"Did you mean '{nearest}'?" if nearest else f"Write one of {words}.",
        )
    return value


def _typed(type: Type, raw: Any) -> bool | int | float | str | date | None:
    """Return the value as its type has it, None where it is of another."""
    if type is Type.TEXT:
        return raw if isinstance(raw, str) else None
    if type is Type.BOOLEAN:
        return raw if isinstance(raw, bool) else None
    if type is Type.DATE:
        return toml_day(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    if isinstance(raw, float) and not isfinite(raw):
        return None
    # 2.0 is a whole number, 2.5 is none: the comparison below tells
    value = int(raw) if type is Type.INTEGER else raw
    fits = isinstance(value, float) or -(2**63) <= value < 2**63  # no database takes more
    return value if fits and value == raw else None


def toml_day(value: object) -> date | None:
    """Return the day that a TOML date or a text is, None where it is neither."""
    if isinstance(value, date):
        return None if isinstance(value, datetime) else value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


MATURING_DAYS = Setting(
    "maturing_days",
    Type.INTEGER,
    "days after a period before its cohorts count as complete",
    30,
    least=0,
)
CORE_SETTINGS = (MATURING_DAYS,)
"""The keys of `[settings]` that the core itself reads."""
