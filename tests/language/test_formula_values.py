"""Formulas worked out by hand, and how each host writes them."""

from __future__ import annotations

import re
from functools import reduce
from itertools import product

import pytest

from kpicore import (
    BadExpression,
    MissingInput,
    formula_excel,
    formula_javascript,
    formula_python,
    formula_sql,
    parse_formula,
)
from kpicore.language import text

NAMES = ("won", "base", "cost", "lost")
SETTINGS = {"lag": 2}


def value(given: str, **inputs: float | None) -> float:
    return formula_python(parse_formula(given, NAMES, settings=SETTINGS))(inputs)


WORKED = [
    ("won / base", {"won": 4, "base": 7}, 4 / 7),
    ("100 * (won - lost) / base", {"won": 3, "lost": 1, "base": 4}, 50.0),
    ("won - base - cost", {"won": 10, "base": 4, "cost": 3}, 3.0),
    ("won - (base - cost)", {"won": 10, "base": 4, "cost": 3}, 9.0),
    ("won / (base / cost)", {"won": 12, "base": 4, "cost": 2}, 6.0),
    ("-won * 2", {"won": 3}, -6.0),
    ("least(won, base, 1)", {"won": 3, "base": 0.5}, 0.5),
    ("greatest(won, 0)", {"won": -3}, 0.0),
    ("abs(won - base)", {"won": 1, "base": 4}, 3.0),
    ("case when won >= base then 1 else won / base end", {"won": 1, "base": 4}, 0.25),
    ("case when won > 1 and not base = 2 then 1 else 0 end", {"won": 2, "base": 3}, 1.0),
    ("case when won between 1 and 3 then 10 else 20 end", {"won": 3}, 10.0),
    ("won / period.years + setting.lag", {"won": 6, "period.years": 0.5, "setting.lag": 2}, 14.0),
]


@pytest.mark.parametrize(("given", "inputs", "expected"), WORKED, ids=lambda each: str(each)[:40])
def test_a_formula_gives_the_value_worked_out_by_hand(given: str, inputs: dict, expected: float) -> None:
    assert value(given, **inputs) == expected


def test_a_zero_denominator_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        value("won / base", won=1, base=0)


def test_a_missing_input_is_named() -> None:
    with pytest.raises(MissingInput, match="no value for 'base'") as missing:
        value("won / base", won=1, base=None)
    assert missing.value.name == "base"


def test_a_missing_input_does_not_matter_where_it_is_not_used() -> None:
    assert value("case when won > 0 then won else base end", won=2, base=None) == 2.0
    assert value("case when won > 0 or base > 0 then 1 else 0 end", won=2) == 1.0


def test_a_value_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        value("won * base", won=1e200, base=1e200)


def test_zero_never_has_a_sign() -> None:
    assert str(value("won * base", won=0, base=-1)) == "0.0"


EXCEL = {
    "won / base": "A1/B1",
    "(won - lost) / base": "(A1-D1)/B1",
    "won - (base - cost)": "A1-(B1-C1)",
    "won / (base * cost)": "A1/(B1*C1)",
    "won - -1": "A1--1",
    "-(won + base)": "-(A1+B1)",
    "-(-won)": "-(-A1)",
    "0.000001 * won": "0.000001*A1",
    "case when won > base then 1 when won <> 0 then 2 else 3 end": "IF(A1>B1,1,IF(A1<>0,2,3))",
    "case when won > 1 and not (base = 2 or cost < 3) then 1 else 0 end": "IF(AND(A1>1,NOT(OR(B1=2,C1<3))),1,0)",
    "case when base <> 0 and won / base > 1 then 1 else 0 end": "IF(IF(B1<>0,A1/B1>1,FALSE),1,0)",
    "case when base = 0 or won / base > 1 then 1 else 0 end": "IF(IF(B1=0,TRUE,A1/B1>1),1,0)",
    "case when (won > 1) = (base > 1) then 1 else 0 end": "IF((A1>1)=(B1>1),1,0)",
    "least(won, greatest(base, 0)) * abs(cost)": "MIN(A1,MAX(B1,0))*ABS(C1)",
    "won / period.years": "A1/E1",
}


@pytest.mark.parametrize("given", EXCEL)
def test_a_formula_as_a_spreadsheet_writes_it(given: str) -> None:
    cells = {"won": "A1", "base": "B1", "cost": "C1", "lost": "D1", "period.years": "E1"}
    assert formula_excel(parse_formula(given, NAMES), cells.__getitem__) == EXCEL[given]


JAVASCRIPT = {
    "won": 'kpiResult(kpiInput(a.won, "won"))',
    "1 - (2 - 3)": "kpiResult(1 - (2 - 3))",
    "1 - -1": "kpiResult(1 - -1)",
    "-(-(1 + 2))": "kpiResult(-(-(1 + 2)))",
    "1 / 2 / 3 * 4": "kpiResult(kpiDivide(kpiDivide(1, 2), 3) * 4)",
    "case when not 1 = 2 and (3 <> 4 or 5 < 6) then 1 else 0 end": (
        "kpiResult((!(1 === 2) && (3 !== 4 || 5 < 6) ? 1 : 0))"
    ),
    "least(1, greatest(2, abs(3)))": "kpiResult(Math.min(1, Math.max(2, Math.abs(3))))",
}


@pytest.mark.parametrize("given", JAVASCRIPT)
def test_a_formula_as_javascript(given: str) -> None:
    assert formula_javascript(parse_formula(given, NAMES), lambda name: f"a.{name}") == JAVASCRIPT[given]


REPEATING = (
    "case when {} between 1 and 2 then 1 else 2 end",
    "case when not {} between won and base then 1 else 2 end",
    "case when won between base and {} then 1 else 2 end",
    "greatest({}, base)",
    "least(base, {}, won)",
    "abs({} + 1)",
)


@pytest.mark.parametrize("forms", list(product(REPEATING, repeat=2)))
def test_whatever_is_repeated_in_whatever_is_repeated_is_printed_in_bounds_or_refused(forms: tuple[str, ...]) -> None:
    for count in (2, 5, 9, 10, 14, 19):
        given = reduce(lambda inner, level: forms[level % 2].format(inner), range(count), "won")
        try:
            node = parse_formula(given, NAMES)
        except BadExpression as refused:
            assert re.search("more than (8,000 operations|20 deep)", str(refused))
            continue
        printed = text(node), formula_sql(node, str), formula_excel(node, str), formula_javascript(node, str)
        assert max(map(len, printed)) < 200_000
