"""Arguments of the Python API of any type and size: an answer, or one clear line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from kpicore import BadArgument, KpiError, Workspace, open_workspace

ABSURD = [
    10**400, 10**5000, -(10**400),
    float("nan"), float("inf"), True, False, None, "", b"2026", "\ud800", "\x00", "2026\x00", "a" * 10**6,
    "2026" * 10**5, "2026.." * 10**5, Decimal("NaN"), Decimal("1e400"), Fraction(10**400, 3), 2026 + 0j, [], [2026], {},
    {"a": 1},
    set(), object(), len, date.min, date.max, datetime.min, datetime.max, time(1), timedelta(1),
    "trailing 99999999999999999 days",
    "0001-01-01..9999-12-31", "FY9999-Q4", "10000", "9999-W53",
]  # fmt: skip
ASKED: dict[str, Callable[[Workspace, object], object]] = {
    "period": lambda ws, given: ws.period(given),
    "the period of get": lambda ws, given: ws.get("win_rate", given),
    "a KPI": lambda ws, given: ws.get(given, "2025"),
    "KPIs": lambda ws, given: ws.get([given, "win_rate"], "2025"),
    "grain": lambda ws, given: ws.get("win_rate", "2025", grain=given),
    "by": lambda ws, given: ws.get("win_rate", "2025", by=given),
    "where": lambda ws, given: ws.get("win_rate", "2025", where=given),
    "a value of where": lambda ws, given: ws.get("win_rate", "2025", where={"rep": given}),
    "values of where": lambda ws, given: ws.get("win_rate", "2025", where={"rep": [given]}),
    "compare": lambda ws, given: ws.get("win_rate", "2025", compare=given),
    "as_of": lambda ws, given: ws.get("win_rate", "2025", as_of=given),
    "explain": lambda ws, given: ws.explain(given, "2025"),
    "show of cohorts": lambda ws, given: ws.cohorts(given),
    "by of cohorts": lambda ws, given: ws.cohorts(by=given),
    "age": lambda ws, given: ws.cohorts(age=given),
    "ages": lambda ws, given: ws.cohorts(ages=given),
    "the KPI of calc": lambda ws, given: ws.calc(given, 1, 2),
    "a number of calc": lambda ws, given: ws.calc("win_rate", given, 2),
    "members": lambda ws, given: ws.members(given),
    "member": lambda ws, given: ws.member("rep", given),
    "target": lambda ws, given: ws.target("win_rate", given),
    "goals": lambda ws, given: ws.goals(given),
    "quarters": lambda ws, given: ws.forecast_accuracy(given),
    "bridge": lambda ws, given: ws.bridge("win_rate.closed", given, "2025"),
    "a folder": lambda ws, given: open_workspace(given),
}


@pytest.mark.parametrize("what", ASKED)
def test_no_argument_brings_more_than_one_line(tiny: Workspace, what: str) -> None:
    for given in ABSURD:
        try:
            ASKED[what](tiny, given)
        except KpiError as error:
            assert str(error).isprintable() and len(str(error)) < 2_100


def test_what_is_no_text_is_told_with_its_type(tiny: Workspace) -> None:
    with pytest.raises(BadArgument, match=r"a KPI is a text, not a value of the type int\.$"):
        tiny.get(10**5000, "2025")
    with pytest.raises(BadArgument, match=r"a grain or dimension is a text, not None\.$"):
        tiny.cohorts(by=[None])
    with pytest.raises(
        BadArgument, match="the highest age is a whole number from 0 to 10,000, not a value of the type float"
    ):
        tiny.cohorts(ages=1.5)
    with pytest.raises(BadArgument, match="so large a whole number is not a number"):
        tiny.calc("win_rate", 10**400, 2)
