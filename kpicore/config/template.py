"""The text of a kpi.toml, with comments that say what each key does."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from math import isfinite
from typing import Any

from kpicore.config.known_names import MONTHS, WEEKDAYS
from kpicore.config.reader import Config
from kpicore.config.values import WordTables
from kpicore.model.settings import Setting
from kpicore.text.plain_text import one_line

TEMPLATE = """\
# The settings of this workspace. No passwords here: they stay in environment variables.
# After a change of currency, time zone or calendar, load the data again.

[workspace]
name = {name}
currency = {currency}  # ISO 4217; amounts in other currencies are converted at load
timezone = {timezone}  # days begin and end here

[calendar]
week_starts = {week_starts}
{fiscal}
{working}

[settings]
{settings}

[default_variants]
# Which variant an unnamed one means, where you want another than the definition's own:
{default_variants}

# What words of your sources mean here, where it is not what they usually mean:
{words}

# Sources that are read again and again; no command reads them yet, and `kpi import FILE` needs nothing here.
{sources}

# What is to be reached; more of them in targets.toml, or from a file with `kpi import`.
{targets}
"""


@dataclass(frozen=True, slots=True)
class Examples:
    """Names for what is shown as a comment, those of a lending library where no plugin has any."""

    kpi: str = "loans"
    dimension: str = "branch"
    variant: tuple[str, str] = ("loans", "renewed")
    code: tuple[str, str, str] = ("loan", "state", "returned")


def config_text(config: Config, settings: Collection[Setting], examples: Examples = Examples()) -> str:
    """Return the text of kpi.toml for `config`; what stands at its default is a comment, as are other `settings`."""
    (metric, variant), (entity, field, code) = examples.variant, examples.code
    target = f'# kpi = "{examples.kpi}"\n# period = "2026-Q3"\n# {examples.dimension} = "A name"\n# value = 100'
    text = TEMPLATE.format(
        name=toml(config.name),
        currency=toml(config.currency),
        timezone=toml(config.timezone),
        week_starts=toml(WEEKDAYS[config.week_starts]),
        fiscal="\n".join(_fiscal_lines(config)),
        working="\n".join(_working_lines(config)),
        settings="\n".join(_setting_lines(settings, {**config.further.get("settings", {}), **config.settings})),
        default_variants="\n".join(_lines(config.default_variants)) or f'# {metric} = "{variant}"',
        words="\n\n".join(_word_lines(config.words)) or f'# [words.{entity}.{field}]\n# "As they write it" = "{code}"',
        sources="\n\n".join("[[source]]\n" + "\n".join(_lines(source)) for source in config.sources)
        or '# [[source]]\n# name = "exports"\n# kind = "files"\n# path = "exports/"',
        targets="\n\n".join("[[target]]\n" + "\n".join(_lines(target)) for target in config.targets)
        or f"# [[target]]\n{target}",
    )
    return "\n".join([text, *_further_tables(config)])


FISCAL_MEANINGS = {
    "fiscal_named": "a fiscal year is named by the year in which it ends, or starts: end or start",
    "pattern": "fiscal months are whole weeks: 4-4-5, 4-5-4 or 5-4-4",
    "first_week": "its year begins on the week nearest to the first of fiscal_starts; or first, last, after_last",
}
"""What each further key of the fiscal calendar does."""

LISTED = "Or a file lists the fiscal months: fiscal_months takes its name, see docs/time.md."


def _fiscal_lines(config: Config) -> list[str]:
    if config.fiscal_months:
        return [f"fiscal_months = {toml(config.fiscal_months)}  # the file that lists the fiscal months"]
    starts = toml(MONTHS[config.fiscal_starts - 1])
    lines = [f"fiscal_starts = {starts}  # first month of the fiscal year: a name, or 1 to 12"]
    for key, meaning in FISCAL_MEANINGS.items():
        # a Config of which nothing is said has every default
        value, default = getattr(config, key), getattr(Config(config.folder, ""), key)
        mark = "# " if value == default else ""
        lines.append(f"{mark}{key} = {toml(value or '4-4-5')}  # {meaning}")
    return [*lines, f"# {LISTED}"]


def _working_lines(config: Config) -> list[str]:
    """Return the lines of the working days and holidays, which pace targets."""
    usual = config.working_days == (0, 1, 2, 3, 4)
    days = toml([WEEKDAYS[day] for day in config.working_days])
    holidays = ", ".join(str(holiday) for holiday in config.holidays)
    return [
        f"{'# ' if usual else ''}working_days = {days}  # targets are paced by them",
        f"holidays = [{holidays}]" if holidays else "# holidays = [2026-12-25]  # no working days",
    ]


def _word_lines(words: WordTables) -> Iterator[str]:
    for entity, fields in words.items():
        for name, meant in fields.items():
            yield "\n".join([f"[words.{_key(entity)}.{_key(name)}]", *_lines(meant)])


def _further_tables(config: Config) -> Iterator[str]:
    """Yield the tables that are not the core's."""
    for name, value in config.further.items():  # one table, or a list of them
        if name == "settings":
            continue
        header = f"[[{_key(name)}]]" if isinstance(value, list) else f"[{_key(name)}]"
        for table in value if isinstance(value, list) else [value]:
            yield "\n".join([header, *_lines(table), ""])


def _setting_lines(settings: Collection[Setting], written: Mapping[str, Any]) -> list[str]:
    meanings = {setting.key: f"  # {one_line(setting.meaning)}" for setting in settings}
    defaults = {setting.key: setting.default for setting in settings if setting.default is not None}
    lines = []
    for key, value in {**defaults, **written}.items():
        mark = "# " if defaults.get(key) == value else ""
        lines.append(f"{mark}{_key(key)} = {toml(value)}{meanings.get(key, '')}")
    return lines


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {toml(value)}" for key, value in table.items()]


def _key(name: str) -> str:
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else toml(name)


def toml(value: Any) -> str:
    """Return a text, number, day, truth value, list or table as TOML writes it on one line."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_lines(value)) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(part) for part in value) + "]"
    # JSON has no word for these, and Python's own are none of TOML's
    if isinstance(value, float) and not isfinite(value):
        return repr(value)
    # TOML's quoted texts are JSON's, but for the one control character that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
