"""A first look at a staged table: what kind of values each column seems to hold, from a sample."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kpicore_sources.files import dates, numbers
from kpicore_sources.files.known_words import KnownWords
from kpicore_sources.files.staging import StagedSheet, Staging

NUMBER, DATE, TRUTH, TEXT, EMPTY = "number", "date", "truth", "text", "empty"
_SAMPLE = 1000
_MOST = 0.6
_AS_NINES = str.maketrans("012345678", "9" * 9)


@dataclass(frozen=True, slots=True)
class Profile:
    """A column's kind by its sample, and the sample: trimmed, not empty, each value once.

    `filled` is the share of cells that are not empty; `few` says that values come again and again.
    """

    kind: str
    sample: tuple[str, ...]
    filled: float
    few: bool = False

    @property
    def whole(self) -> bool:
        """Whether all numbers are whole."""
        return self.kind == NUMBER and all(re.fullmatch(r"[+-]?\d+", text) for text in self.sample)

    @property
    def labelled(self) -> bool:
        """Whether all values are whole numbers, some with their label behind them."""
        return bool(self.sample) and all(text.isdecimal() or numbers.is_labelled(text) for text in self.sample)

    def dated(self) -> bool:
        """Whether the column can hold dates: written ones, 20170131, or the serials of a spreadsheet."""
        return self.kind == DATE or (self.kind == NUMBER and all(_serial(text) for text in self.sample))


def column_profiles(staging: Staging, sheet: StagedSheet, words: KnownWords) -> Mapping[str, Profile]:
    """Return the profile of each column."""
    empty, yes_and_no = (*words.empty, *words.empty_number), (*words.yes, *words.no)
    # The first rows and some of all: exports are often sorted, and begin with the oldest.
    step = max(1, sheet.rows // _SAMPLE)
    rows = staging.query(f"SELECT * FROM {sheet.table} WHERE rowid < {_SAMPLE} OR rowid % {step} = 0")
    profiles: dict[str, Profile] = {}
    for number, name in enumerate(sheet.columns):
        values = [clean for row in rows if (clean := (row[number] or "").strip()) and clean.casefold() not in empty]
        # a column may be filled in rows alone that the sample passed over
        if not values:
            values = [value for value in _any_values(staging, sheet, number) if value.casefold() not in empty]
        sample = tuple(dict.fromkeys(values))
        profiles[name] = Profile(
            _kind(values, yes_and_no), sample, len(values) / max(1, len(rows)), len(sample) * 2 < len(values)
        )
    return profiles


def _any_values(staging: Staging, sheet: StagedSheet, number: int) -> list[str]:
    cell = f"trim(c{number})"
    return [
        str(row[0]) for row in staging.query(f"SELECT {cell} FROM {sheet.table} WHERE {cell} <> '' LIMIT {_SAMPLE}")
    ]


def _kind(values: Sequence[str], yes_and_no: Sequence[str]) -> str:
    """Return what most values are; each counts as often as it comes."""
    counts = Counter(values)
    if not counts:
        return EMPTY
    if len(counts) == 2 and all(count.casefold() in yes_and_no for count in counts):
        return TRUTH
    if _are_mostly(counts, _is_date):
        return DATE
    return NUMBER if _are_mostly(counts, numbers.is_number) else TEXT


def _are_mostly(counts: Counter[str], test: Callable[[str], bool]) -> bool:
    """Return whether most values pass; no more are tested than it takes to know."""
    left = counts.total()
    passed, enough = 0, _MOST * left
    for value, number in counts.items():
        if test(value):
            passed += number
        else:
            left -= number
        # decided either way: too few can pass, or enough have
        if left < enough or passed >= enough:
            break
    return left >= enough


def _is_date(text: str) -> bool:
    if text.isdecimal():
        return len(text) == 8 and "19000101" <= text <= "21991231" and dates.format_of(text, dates.COMPACT) is not None
    # 1/10/11 and 7/22/98 both become 9/99/99, so few shapes are matched, and the rest is remembered
    return _is_written_date(text.translate(_AS_NINES))


@lru_cache(maxsize=4096)
def _is_written_date(shape: str) -> bool:
    """Return whether values of a shape are dates: which digits they have plays no part."""
    return any(dates.format_of(shape, reading) for reading in (dates.YEAR_FIRST, dates.DAY_FIRST, dates.MONTH_FIRST))


def _serial(text: str) -> bool:
    """Return whether a number can be a spreadsheet's date (1954 to 2119), or seconds or milliseconds since 1970."""
    if re.fullmatch(r"\d{5}\.\d+", text):
        return 20_000 <= float(text) <= 80_000
    return text.isdecimal() and (
        20_000 <= int(text) <= 80_000 or 10**9 <= int(text) < 2 * 10**9 or 10**12 <= int(text) < 2 * 10**12
    )
