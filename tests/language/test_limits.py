"""How large a text may become: a short one is refused that would print a long one, or one that a host cannot take."""

from __future__ import annotations

import re
from itertools import product

import pytest

from kpicore import BadExpression, Type, formula_excel, parse_formula, parse_row

NAMES = ("won", "base")
CHAINS = (
    "case when won = 1 then 1 else {} end",
    "case when won = 1 then 1 when won = 2 then 2 else 1 + {} end",
    "case when won = 1 then 1 when won = 2 then {} else 2 end",
    "case when won > 1 and won / base > 1 and {} > 1 then 1 else 2 end",
    "case when won > 1 or {} / base > 1 or won > 3 then 1 else 2 end",
    "abs({})",
    "greatest({}, base)",
    "case when not {} = 1 then 1 else 2 end",
    f"case {' '.join(f'when won = {number} then {number}' for number in range(12))} else {{}} end",
)


def nested(forms: tuple[str, ...], levels: int) -> str:
    given = "won"
    for level in range(levels):
        given = forms[level % len(forms)].format(given)
    return given


def levels(printed: str) -> int:
    """Return how many functions of a spreadsheet's formula stand in each other."""
    deepest, open_brackets = 0, list[bool]()
    for bracket in re.findall(r"[A-Z]*\(|\)", printed):
        if bracket == ")":
            open_brackets.pop()
        else:
            open_brackets.append(bracket != "(")
        deepest = max(deepest, sum(open_brackets))
    return deepest


def test_a_row_expression_that_repeats_itself_is_refused_before_it_is_walked() -> None:
    given = "outcome"
    for _ in range(19):
        given = f"case when {given} between 'a' and 'b' then outcome else 'c' end"
    with pytest.raises(BadExpression, match="it comes to more than 8,000 operations and values"):
        parse_row(f"{given} = 'a'", {"outcome": Type.TEXT})


def test_what_is_long_without_repeating_itself_is_read() -> None:
    conditions = " and ".join(f"won between {number} and {number + 1}" for number in range(120))
    assert formula_excel(parse_formula(f"case when {conditions} then 1 else 2 end", NAMES), str).count("won>=") == 120
    least = formula_excel(parse_formula(f"least({', '.join(['1 + 1 + 1 + 1'] * 200)})", NAMES), str)
    assert least.count("1+1+1+1") == 200
    assert parse_row(f"a in ({', '.join(map(str, range(700)))})", {"a": Type.INTEGER}).type is Type.BOOLEAN


@pytest.mark.parametrize("forms", list(product(CHAINS, repeat=2)))
def test_no_formula_that_is_read_nests_more_functions_than_excel_takes(forms: tuple[str, ...]) -> None:
    for count in (2, 4, 5, 8, 12, 19):
        try:
            printed = formula_excel(parse_formula(nested(forms, count), NAMES), str.upper)
        except BadExpression as refused:
            assert str(refused).isprintable()
        else:
            assert levels(printed) <= 56  # of 64, as a workbook puts some around it


def case(branches: int, otherwise: str) -> str:
    return f"case {' '.join(f'when won = {number} then 1' for number in range(branches))} else {otherwise} end"


def test_a_case_in_an_else_counts_with_it() -> None:
    assert levels(formula_excel(parse_formula(case(50, "0"), NAMES), str)) == 50
    assert levels(formula_excel(parse_formula(case(28, case(28, "0")), NAMES), str)) == 56
    with pytest.raises(BadExpression, match="a spreadsheet nests it more than 56 deep, once for each branch"):
        parse_formula(case(28, case(29, "0")), NAMES)
    assert parse_row(f"{case(45, case(45, '0'))} = 1", {"won": Type.INTEGER}).type is Type.BOOLEAN


def test_a_formula_gives_no_function_more_values_than_excel_takes() -> None:
    chain = " or ".join(f"won = {number}" for number in range(255))
    assert formula_excel(parse_formula(f"case when {chain} then 1 else 2 end", NAMES), str).count("=") == 255
    with pytest.raises(BadExpression, match="a chain of conditions has more than 255 parts"):
        parse_formula(f"case when {chain} or won = 255 then 1 else 2 end", NAMES)
    assert parse_row(f"{chain} or won = 255", {"won": Type.INTEGER}).type is Type.BOOLEAN


KEYWORDS = ("end", "case", "not")


@pytest.mark.parametrize("name", KEYWORDS)
def test_a_name_that_is_a_keyword_neither_opens_nor_closes_a_bracket(name: str) -> None:
    columns = dict.fromkeys(KEYWORDS, Type.DATE)
    given = " and ".join([f'given.{name} = given . {name} and "{name}" = given.{name}'] * 15)
    for brackets in (20, 21):
        written = f"{given} and {'(' * brackets}1 = 1{')' * brackets}"
        if brackets == 20:
            parse_row(written, columns, given=columns)
        else:
            with pytest.raises(BadExpression, match="nested more than 20 deep"):
                parse_row(written, columns, given=columns)


def test_the_end_of_a_period_does_not_let_brackets_in() -> None:
    given = " and ".join(["period.end = period.end"] * 15)
    with pytest.raises(BadExpression, match="nested more than 20 deep"):
        parse_row(f"{given} and {'(' * 21}1 = 1{')' * 21}", {})
