"""The currency that amounts are written in: told by a sign or code beside each number."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kpicore import Type, literal
from kpicore_sources.files.numbers import CURRENCY
from kpicore_sources.files.plan import Plan
from kpicore_sources.files.staging import Staging

_SIGNS = {
    "€": "EUR", "£": "GBP", "₽": "RUB", "₹": "INR", "₩": "KRW", "₺": "TRY", "₴": "UAH", "ZŁ": "PLN", "KČ": "CZK",
    "FT": "HUF", "LEI": "RON", "R$": "BRL", "US$": "USD", "A$": "AUD", "C$": "CAD", "元": "CNY", "円": "JPY",
    "РУБ": "RUB", "РУБ.": "RUB", "Р.": "RUB", "RMB": "CNY",
}  # fmt: skip


def currencies(staging: Staging, plan: Plan) -> Mapping[str, list[str]]:
    """Return, for each column of money, the different signs and codes beside its numbers."""
    signs_by_column: dict[str, list[str]] = {}
    for input_ in plan.direct.values():
        marked = any(
            re.search(r"[^\d\s.,()'’+−–-]", text.replace("%", "")) for text in plan.profiles[input_.column].sample
        )
        if input_.field.type is not Type.MONEY or not marked:
            continue
        cell = plan.sheet.cell(input_.column)
        rows = staging.query(
            f"SELECT DISTINCT upper(regexp_extract({cell}, {literal('(?i)' + CURRENCY)})) FROM {plan.sheet.table}"
            f" WHERE regexp_matches({cell}, '[0-9]')"
        )
        signs = sorted(str(row[0]) for row in rows if row[0])
        if signs:
            signs_by_column[input_.column] = signs
    return signs_by_column


def code_of(sign: str) -> str:
    """Return the ISO code that a sign or code stands for, or "" where it may be several ($, ¥, kr).

    >>> code_of("€"), code_of("SEK"), code_of("$")
    ('EUR', 'SEK', '')
    """
    return _SIGNS.get(sign, sign if re.fullmatch(r"[A-Z]{3}", sign) else "")
