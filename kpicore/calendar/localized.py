"""Periods as people write them in English, Chinese, Hungarian, Russian, Romanian and Portuguese.

    Q3 2026, 2026年3季度, 2026. III. negyedév, III кв. 2026, T3 2026, 3º trimestre de 2026, 14 марта 2026

One table of words; a text is read only when every word in it is known and it has one meaning. It always
has a year of four digits. A month must be named or marked (2026年3月): two bare numbers could be
day and month in either order. "S1" and "sem." are left out: a semester or a week.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from kpicore.calendar.grid import CalendarGrid
from kpicore.calendar.keys import read_key, unit
from kpicore.calendar.period import Grain, Period
from kpicore.errors import BadPeriod

_Meaning = tuple[str, int]
"""A kind ("unit", "month", "half", "number", "fiscal", "filler") and which one."""

_UNITS = {
    Grain.DAY: "日 号",
    Grain.WEEK: "w week wk 周 週 hét неделя нед săptămână săptămâna semana",
    Grain.MONTH: "month 月 月份",
    Grain.QUARTER: "q quarter qtr 季度 季 negyedév negyedéve né квартал кв t trimestre trimestrul trim",
    Grain.HALF: "h half 半年 félév féléve полугодие semestre semestrul",
}
_MONTHS = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "január február március április május június július augusztus szeptember október november december",
    "jan febr márc ápr máj jún júl aug szept okt nov dec",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "янв фев мар апр май июн июл авг сен окт ноя дек",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ian feb mar apr mai iun iul aug sept oct noi dec",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
)
_HALVES = ("上半年", "下半年")
_NUMBERS = ("i 一", "ii 二", "iii 三", "iv 四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_FISCAL = "fy fiscal 财年"
_FILLERS = "年 第 year of the st nd rd th év évi г год года й го an anul al a ano de do da o"

_DIGITS = "0123456789"
_TOKEN = r"[0-9]+|{chinese}|[^\W\d_]+"
_BETWEEN = re.compile(r"[\s.,'’/-]*")


def read_words(text: str, grid: CalendarGrid) -> Period | None:
    """Return the period that the words mean, or None when they are not all known or mean nothing together.

    >>> texts = ("2026. III. negyedév", "14 марта 2026", "2026年3月", "3 4 2026")
    >>> [str(read_words(text, CalendarGrid())) for text in texts]
    ['2026-Q3', '2026-03-14', '2026-03', 'None']

    Raises: BadPeriod when they mean a unit that the year does not have (Q5 2026).
    """
    meanings = _meanings(_folded(text))
    if meanings is None:
        return None
    years = [which for kind, which in meanings if kind == "year"]
    fiscal = any(kind == "fiscal" for kind, _ in meanings)
    rest = [meaning for meaning in meanings if meaning[0] not in ("year", "fiscal", "filler")]
    if len(years) != 1 or len(meanings) == 1:  # a bare "2026." or "-2026" has no word to say what it is
        return None
    return _fiscal(text, years[0], rest, grid) if fiscal else _calendar(text, years[0], rest, grid)


def _calendar(text: str, year: int, rest: list[_Meaning], grid: CalendarGrid) -> Period | None:
    grains, numbers = tuple(Grain), [which for kind, which in rest if kind == "number"]
    # by kind and not as written: 14 March and March 14 are one day
    match tuple(kind for kind, _ in sorted(rest)):
        case ():
            return unit(text, Grain.YEAR, year, 1, grid)
        case ("month",):
            return unit(text, Grain.MONTH, year, rest[0][1], grid)
        case ("half",):
            return unit(text, Grain.HALF, year, rest[0][1], grid)
        case ("number", "unit"):
            grain = next(grains[which] for kind, which in rest if kind == "unit")
            return None if grain is Grain.DAY else unit(text, grain, year, numbers[0], grid)
        case ("month", "number"):
            month = next(which for kind, which in rest if kind == "month")
            return _day(text, year, month, numbers[0], grid)
        case ("number", "number", "unit", "unit"):
            # 2026年3月14日: month and day are marked as such, so that their order decides nothing
            # `rest` is in the order written, so the first number is the month and the second the day
            marked = (("unit", grains.index(Grain.MONTH)), ("unit", grains.index(Grain.DAY)))
            if (rest[1], rest[3]) == marked:
                return _day(text, year, numbers[0], numbers[1], grid)
    return None


def _fiscal(text: str, year: int, rest: list[_Meaning], grid: CalendarGrid) -> Period | None:
    if not rest:
        return unit(text, Grain.FISCAL_YEAR, year, 1, grid)
    if len(rest) == 1 and rest[0][0] == "half":
        return unit(text, Grain.FISCAL_HALF, year, rest[0][1], grid)
    grains = {Grain.MONTH: Grain.FISCAL_MONTH, Grain.QUARTER: Grain.FISCAL_QUARTER, Grain.HALF: Grain.FISCAL_HALF}
    if sorted(kind for kind, _ in rest) != ["number", "unit"]:
        return None
    marked = dict(rest)
    grain = grains.get(tuple(Grain)[marked["unit"]])
    return unit(text, grain, year, marked["number"], grid) if grain else None


def _day(text: str, year: int, month: int, day: int, grid: CalendarGrid) -> Period | None:
    try:
        return read_key(f"{year:04d}-{month:02d}-{day:02d}", grid)
    except BadPeriod:
        raise BadPeriod(text, "there is no such day") from None


def _meanings(text: str) -> list[_Meaning] | None:
    table, token = _table()
    if not _BETWEEN.fullmatch(token.sub("", text)):
        return None
    meanings = [_number(word) if word[0] in _DIGITS else table.get(word) for word in token.findall(text)]
    known = [meaning for meaning in meanings if meaning is not None]
    return known if len(known) == len(meanings) else None


def _number(digits: str) -> _Meaning | None:
    if len(digits) == 4:
        return "year", int(digits)
    return ("number", int(digits)) if len(digits) <= 2 else None


@cache  # a constant, folded at first need instead of at import
def _table() -> tuple[Mapping[str, _Meaning], re.Pattern[str]]:
    table = {_folded(word): meaning for word, meaning in words()}
    # Chinese has no blanks between words: the longest first, else 十 would take the beginning of 十二
    chinese = sorted((word for word in table if ord(word[0]) >= 0x4E00), key=len, reverse=True)
    return table, re.compile(_TOKEN.format(chinese="|".join(chinese)))


def words() -> Iterator[tuple[str, _Meaning]]:
    """Return every known word with its meaning; a word that several languages share comes again."""
    for grain, names in _UNITS.items():
        yield from ((name, ("unit", tuple(Grain).index(grain))) for name in names.split())
    for months in _MONTHS:
        yield from ((name, ("month", number)) for number, name in enumerate(months.split(), 1))
    for number, names in enumerate(_NUMBERS, 1):
        yield from ((name, ("number", number)) for name in names.split())
    yield from ((name, ("half", number)) for number, name in enumerate(_HALVES, 1))
    yield from ((name, ("fiscal", 0)) for name in _FISCAL.split())
    yield from ((name, ("filler", 0)) for name in _FILLERS.split())


def _folded(text: str) -> str:
    """Return the text without case, accents and the wide or raised forms of letters and digits."""
    # 3º comes apart into 3 and o, which is a filler, and Ⅲ into iii
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
