"""How each value of kpi.toml is read: checked, and as its settings have it. All raise BadConfig with file and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kpicore.config.known_names import WEEKDAYS
from kpicore.errors import BadConfig, closest
from kpicore.model.codes import plain_word
from kpicore.model.currencies import CURRENCIES
from kpicore.model.settings import shown, toml_day, unknown_in_config
from kpicore.text.plain_text import harmless

LONGEST_NAME = 255
"""So many characters has the name of a company at most."""

WORDS = "words"
"""The table of words of sources, `[words.loan.state]`."""

"""Who exports files by hand knows of when they are; what is asked by itself should not be two days old."""

WordTables = Mapping[str, Mapping[str, Mapping[str, str]]]
"""By entity, field and word of a source: the code that the word means."""


def known_keys(file: Path, table: str, written: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Refuse a key that a table does not have; `table` is "" for the whole file."""
    for key in written:
        if key not in known:
            place = f"{file} [{table}]" if table else str(file)
            raise unknown_in_config(place, "key", key, known)


def table_of(file: Path, name: str, value: object) -> Mapping[str, Any]:
    """Return a table."""
    if not isinstance(value, Mapping):
        raise BadConfig(f"{file} {name}", f"expected a table, write [{name}] on a line of its own")
    return value


def text_of(file: Path, key: str, value: object) -> str:
    """Return a text without blanks around it; one must be left."""
    if not isinstance(value, str) or not value.strip():
        raise BadConfig(f"{file} {key}", f"expected a text in quotes, not {shown(value)}")
    return value.strip()


def company_of(file: Path, value: object) -> str:
    """Return the name of the company, which stands above reports and on terminals."""
    name = text_of(file, "workspace.name", value)
    if len(name) > LONGEST_NAME or any(harmless(sign) not in (sign, " ") for sign in name):
        problem = f"expected one line of at most {LONGEST_NAME} characters, none of which steers a terminal"
        raise BadConfig(f"{file} workspace.name", problem)
    return name


def months_file_of(file: Path, calendar: Mapping[str, Any]) -> str:
    """Return the name of the file that lists the fiscal months, "" for none."""
    key = "calendar.fiscal_months"
    name = text_of(file, key, calendar["fiscal_months"]) if "fiscal_months" in calendar else ""
    if not name.isprintable():  # a path has no sign 0, and a name of others is a slip
        raise BadConfig(f"{file} {key}", f"{shown(name)} is no name of a file", hint="Write it like months.csv.")
    return name


def currency_of(file: Path, value: object) -> str:
    """Return a currency by its code in capitals."""
    code = text_of(file, "workspace.currency", value).upper()
    if code not in CURRENCIES:
        raise unknown_in_config(f"{file} workspace.currency", "currency", code, CURRENCIES)
    return code


def timezone_of(file: Path, value: object) -> str:
    """Return a time zone of the IANA list by its name."""
    from zoneinfo import ZoneInfo, available_timezones  # 6 ms that `kpi --help` need not wait for

    name = text_of(file, "workspace.timezone", value)
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise unknown_in_config(f"{file} workspace.timezone", "time zone", name, available_timezones()) from None
    return name


def number_of(file: Path, key: str, value: object, names: tuple[str, ...], first: int) -> int:
    """Return the number of a weekday or month that is given by name, or as that number."""
    if isinstance(value, str) and value.strip().casefold() in names:
        return names.index(value.strip().casefold()) + first
    if isinstance(value, int) and not isinstance(value, bool) and first <= value < first + len(names):
        return value
    nearest = closest(value, names) if isinstance(value, str) else None
    hint = f"Did you mean '{nearest}'?" if nearest else f"Write '{names[0]}' to '{names[-1]}'."
    raise BadConfig(f"{file} {key}", f"cannot read {shown(value)}", hint=hint)


def choice_of(file: Path, key: str, value: object, known: Iterable[str]) -> str:
    """Return one of the known words."""
    if not isinstance(value, str) or value not in known:
        nearest = closest(value, known) if isinstance(value, str) else None
        words = ", ".join(f"'{word}'" for word in known if word)
        hint = f"Did you mean '{nearest}'?" if nearest else f"Write one of {words}."
        raise BadConfig(f"{file} {key}", f"cannot read {shown(value)}", hint=hint)
    return value


def check_fiscal(file: Path, calendar: Mapping[str, Any]) -> None:
    """Refuse keys of the fiscal year that contradict each other, as one of them would have no effect."""
    if "fiscal_months" in calendar:
        others = [key for key in ("pattern", "first_week", "fiscal_starts", "fiscal_named") if key in calendar]
        if others:
            raise BadConfig(f"{file} calendar.{others[0]}", "has no effect, as calendar.fiscal_months lists the months")
    # only years of whole weeks have a first week that has to be found
    elif "first_week" in calendar and not calendar.get("pattern"):
        raise BadConfig(f"{file} calendar.first_week", "has no effect without a pattern", hint='Add pattern = "4-4-5".')


def weekdays_of(file: Path, value: object) -> tuple[int, ...]:
    """Return weekdays in their order, 0 for Monday, each once."""
    if not isinstance(value, list | tuple) or not value:
        raise BadConfig(f"{file} calendar.working_days", 'expected weekdays, ["monday", "tuesday", …]')
    return tuple(sorted({number_of(file, "calendar.working_days", day, WEEKDAYS, 0) for day in value}))


def holidays_of(file: Path, value: object) -> tuple[date, ...]:
    """Return the days that are written as TOML dates or as texts, in order and each once."""
    place = f"{file} calendar.holidays"
    if not isinstance(value, list):
        raise BadConfig(place, "expected a list of days, [2026-12-25, 2027-01-01]")
    days = []
    for written in value:
        day = toml_day(written)
        if day is None:
            raise BadConfig(place, f"{shown(written)} is no day", hint="Write 2026-12-25.")
        days.append(day)
    return tuple(sorted(set(days)))


def tables_in(file: Path, name: str, value: object) -> tuple[Mapping[str, Any], ...]:
    """Return the tables of a list `[[name]]`."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise BadConfig(f"{file} {name}", f"expected tables, write [[{name}]] on a line of its own")
    return tuple(MappingProxyType(table) for table in value)


def word_tables(file: Path, tables: Mapping[str, Any]) -> WordTables:
    """Return the tables of words of sources with the codes that they mean: one code a word, however it is spelled."""
    for entity, fields in tables.items():
        for field, words in table_of(file, f"{WORDS}.{entity}", fields).items():
            place, meant = f"{WORDS}.{entity}.{field}", dict[str, tuple[str, str]]()
            for word, code in table_of(file, place, words).items():
                if not isinstance(code, str) or not plain_word(word):
                    raise BadConfig(f"{file} {place}", f'expected words in quotes, like {word!r} = "code"')
                # "Paid" and " paid " are one word to the load: two lines of it must say the same
                before, said = meant.setdefault(plain_word(word), (word, code))
                if said != code:
                    raise BadConfig(f"{file} {place}", f"{before!r} and {word!r} are one word, and mean two codes")
    return tables
