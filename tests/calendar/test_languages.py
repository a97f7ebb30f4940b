"""Periods in the words of several languages."""

import unicodedata
from datetime import date

import pytest

from kpicore import BadPeriod, Calendar
from kpicore.calendar.localized import words

TODAY = date(2026, 9, 18)
ISO = Calendar()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Q3 2026", "2026-Q3"),
        ("2026Q3", "2026-Q3"),
        ("3rd quarter of 2026", "2026-Q3"),
        ("H1 2026", "2026-H1"),
        ("March 2026", "2026-03"),
        ("Mar-2026", "2026-03"),
        ("14 March 2026", "2026-03-14"),
        ("March 14, 2026", "2026-03-14"),
        ("week 12 2026", "2026-W12"),
        ("FY 2026", "FY2026"),
        ("Q3 FY2026", "FY2026-Q3"),
        ("fiscal year 2026", "FY2026"),
        ("2026年3季度", "2026-Q3"),
        ("2026年第三季度", "2026-Q3"),
        ("2026年3月", "2026-03"),
        ("2026年十二月", "2026-12"),
        ("2026年3月14日", "2026-03-14"),
        ("2026年上半年", "2026-H1"),
        ("2026年第12周", "2026-W12"),
        ("２０２６年３月", "2026-03"),
        ("2026年", "2026"),
        ("2026. III. negyedév", "2026-Q3"),
        ("2026. 3. negyedév", "2026-Q3"),
        ("2026. II. félév", "2026-H2"),
        ("2026. március", "2026-03"),
        ("2026. marc. 14.", "2026-03-14"),
        ("III кв. 2026", "2026-Q3"),
        ("3 квартал 2026 г.", "2026-Q3"),
        ("1-й квартал 2026 года", "2026-Q1"),
        ("I полугодие 2026", "2026-H1"),
        ("Март 2026", "2026-03"),
        ("14 марта 2026 г.", "2026-03-14"),
        ("T3 2026", "2026-Q3"),
        ("trim. III 2026", "2026-Q3"),
        ("semestrul II 2026", "2026-H2"),
        ("martie 2026", "2026-03"),
        ("3º trimestre de 2026", "2026-Q3"),
        ("2º semestre de 2026", "2026-H2"),
        ("março de 2026", "2026-03"),
        ("14 de março de 2026", "2026-03-14"),
        ("Ⅲ кв. 2026..IV кв. 2026", "2026-H2"),
    ],
)
def test_words_of_six_languages_are_read_into_canonical_keys(text: str, key: str) -> None:
    assert ISO.parse(text, today=TODAY).key == key


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("S1 2026", "is not a period"),
        ("3/2026", "is not a period"),
        ("2026 3", "is not a period"),
        ("2026.", "is not a period"),
        ("2026.03.14", "is not a period"),
        ("Q3 26", "is not a period"),
        ("Q3 2026 2027", "is not a period"),
        ("Q3 March 2026", "is not a period"),
        ("FY2026 March", "is not a period"),
        ("2026年3日", "is not a period"),
        ("2026 ፩ quarter", "is not a period"),
        ("Q5 2026", "2026 has no quarter 5"),
        ("2026年13月", "2026 has no month 13"),
        ("31 feb 2026", "there is no such day"),
    ],
)
def test_words_without_one_clear_meaning_are_refused(text: str, problem: str) -> None:
    with pytest.raises(BadPeriod, match=problem):
        ISO.parse(text, today=TODAY)


def test_no_word_has_two_meanings_in_different_languages() -> None:
    meanings: dict[str, set[tuple[str, int]]] = {}
    for word, meaning in words():
        plain = unicodedata.normalize("NFKD", word.casefold())
        letters = "".join(each for each in plain if not unicodedata.combining(each))
        meanings.setdefault(letters, set()).add(meaning)
    assert {word: found for word, found in meanings.items() if len(found) > 1} == {}
