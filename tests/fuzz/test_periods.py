"""Periods of any kind of text, number or value: a span whose key gives it back, or one clear line."""

from __future__ import annotations

from random import Random

from kpicore import BadPeriod, Workspace
from tests.loops import loop

_WORDS = (
    "2026", "2025", "1999", "0000", "9999", "10000", "26", "Q3", "q1", "Q5", "H2", "W53", "W12", "M03",
    "FY", "FY2026", "-", "–",
    "/", ".", "..", "...", "01", "13", "31", "02-30", "2026-03-14", "2025-W52", "2024-02-29", "last", "this", "next",
    "previous", "trailing", "30", "0", "99999999999999999999", "days", "months", "weeks", "month", "quarter", "year",
    "week", "ytd", "mtd", "qtd", "yesterday", "today", "ago", "to", "of", "年", "3月", "季度", "上半年", "III.",
    "negyedév", "кв", "марта", "trimestre", "März", "March", "mar", "²", "٢٠٢٦", "\x00", "\ud800", "\u202e", "\u00a0",
    "\n", "'", '"', "%", "=1+1", "1e400", "nan", "🗓", "a" * 70, "fiscal year", "45000", "2026.5", ",",
)  # fmt: skip
_VALID = (
    "2026", "2026-Q3", "2026-H1", "2026-03", "2026-W12", "2026-03-14", "FY2026", "FY2026-Q1", "FY2026-M03",
    "last month",
    "this quarter", "previous year", "ytd", "mtd", "trailing 30 days", "last 3 months", "2026-01-10..2026-02-09",
    "2026-04..2026-06", "2025..2026", "Q3 2026", "March 2026", "2026年3季度", "2026. III. negyedév", "III кв. 2026",
    "3º trimestre de 2026", "14 марта 2026", "yesterday", "FY2025..FY2026", "2024-W01..2024-W52",
)  # fmt: skip
_VALUES = (
    10**400, -(10**400), 10**5000,
    float("nan"), float("inf"), -0.0, 0, True, False, 1899, 1900, 2200, 2201, 32873, 32874,
    73415, 73416, 73415.999, 45000.5, 2026.5, 1e16, 1e308, 5e-324,
)  # fmt: skip


def any_text(chance: Random) -> str:
    """Return a period with a sign or two changed, or words of periods and other signs in any order."""
    if chance.random() < 0.5:
        text = chance.choice(_VALID)
        for _ in range(chance.choice((0, 0, 1, 1, 2))):
            at = chance.randint(0, len(text))
            text = text[:at] + chance.choice(("", *"0123456789-. QWHM/")) + text[at + chance.randint(0, 1) :]
        return text
    parts = [chance.choice(_WORDS) for _ in range(chance.randint(1, 5))]
    text = chance.choice(("", " ", " ", "-", "..")).join(parts)
    if text and chance.random() < 0.3:
        at = chance.randrange(len(text))
        text = (
            text[:at]
            + chr(chance.choice((32, 45, 48, 0x660, 0xFF10, 0x30, chance.randrange(1, 0x3000))))
            + text[at + 1 :]
        )
    return text


@loop("texts and numbers as periods", ci=3_000, soak=20_000)
def test_no_text_and_no_number_makes_the_calendar_stumble(tiny: Workspace, rounds: int, chance: Random) -> None:
    answered = 0
    for _ in range(rounds):
        given = chance.choice(_VALUES) if chance.random() < 0.05 else any_text(chance)
        try:
            found = tiny.period(given)
        except BadPeriod as error:
            line = str(error)
            assert line.isprintable() and len(line) < 1_000, ascii(given)
            continue
        except Exception as error:
            raise AssertionError(ascii(given)[:200]) from error
        again = tiny.period(found.key)
        assert (again.start, again.end) == (found.start, found.end), ascii(given)
        assert found.grain is None or again.key == found.key, ascii(given)  # a rolling one has none
        answered += 1
    assert answered * 10 > rounds
