"""What is read and what is refused, each with one clear message."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kpicore import BadExpression, Node, Type, names, parse_formula, parse_row
from kpicore.language import text

COLUMNS = {
    "a": Type.INTEGER,
    "x": Type.INTEGER,
    "amount": Type.MONEY,
    "cost": Type.MONEY,
    "probability": Type.NUMBER,
    "outcome": Type.TEXT,
    "source": Type.TEXT,
    "held": Type.BOOLEAN,
    "on": Type.DATE,
    "closed_on": Type.DATE,
    "created_at": Type.MOMENT,
    "closed_at": Type.MOMENT,
}
SETTINGS = {"stuck_days": 30, "rate": 0.25, "stage": "Engaging", "strict": True}


def row(given: str) -> Node:
    return parse_row(given, COLUMNS, settings=SETTINGS, where="metric 'win_rate'")


def formula(given: str) -> Node:
    return parse_formula(given, ("won", "base"), settings=SETTINGS)


REFUSED_IN_ROWS = {
    "1 < x < 3": "a comparison of a comparison",
    "a = x = 3": "a comparison of a comparison",
    "a > 0x1F": "'0x1F' is not a number",
    "a > 1_000": "'1_000' is not a number",
    "a > 1e400": "'1e400' is not a number",
    "a > 1e3": "'1e3' is not a number",
    "a > 1.5.2": "'1.5.2' is not a number",
    "a > 1.": "a '.' beside a number",
    "a > 1234567890123456": "more than 15 digits",
    "probability > 0.1234567891": "9 decimals",
    "outcome = 'a' 'b'": "two texts side by side",
    "outcome = e'a'": "a blank is missing",
    "outcome = 'a": "a ' has no partner",
    'outcome = "a': 'a " has no partner',
    "a; drop table t": "';' is not part of the language",
    "a::int": "':' is not part of the language",
    '"a\x1b" = 1': "a name with characters that do not show",
    "a || x": "'|' is not part of the language",
    "a % 2": "'%' is not part of the language",
    "a > ?": "'?' is not part of the language",
    "a > $1": "'$' is not part of the language",
    "outcome = [1]": "'[' is not part of the language",
    "a > 1 -- all of them": "comments are not allowed",
    "a--1": "comments are not allowed",
    "a > /* all */ 1": "comments are not allowed",
    "a > 1 # all": "comments are not allowed",
    "a > 4 // 2": "comments are not allowed",
    "a = (select 1)": "'select' is not part of the language",
    "a in (select a from t)": "'select' is not part of the language",
    "outcome like 'w%'": "'like' is not part of the language",
    "cast(a as integer) = 1": "no function named cast()",
    "lower(outcome) = 'won'": "no function named lower()",
    '"abs"(a) = 1': '"abs" is not a function',
    "abs (a, x) = 1": "abs() takes one number",
    "least(a) = 1": "least() takes two or more values",
    "coalesce() = 1": "coalesce() takes two or more values",
    "greatest(held, true)": "greatest() does not take conditions",
    "(" * 100 + "a" + ")" * 100 + " = 1": "nested more than 20 deep",
    "not " * 100 + "held": "nested more than 20 deep",
    "a = " + "- " * 100 + "1": "nested more than 20 deep",
    "case when held then " * 30 + "1" + " end" * 30 + " = 1": "nested more than 20 deep",
    "a" + " + a" * 300 + " = 1": "too many operations in a row",
    "outcome = '" + "x" * 4000 + "'": "longer than 4000 characters",
    "case " + "when held then 1 " * 51 + "end = 1": "more than 50 branches",
    "": "it is empty",
    " \n ": "it is empty",
    "a >": "not a whole expression",
    "(a > 1": "not a whole expression",
    "a > 1)": "not a whole expression",
    "a x": "two names side by side",
    "a, x": "not a whole expression",
    "(a, x) = 1": "has a part that is not in the language",
    "*": "has a part that is not in the language",
    "a.* = 1": "with a star",
    "t.a = 1": "no names 't.…'",
    "b.t.a = 1": "two dots",
    "outcom = 'won'": "no field named 'outcom'. Did you mean 'outcome'?",
    "Outcome = 'won'": "no field named 'Outcome'. Did you mean 'outcome'?",
    "a > period.begin": "no period named 'period.begin'. Known: period.as_of, period.end, period.start",
    "a > setting.stuk_days": "no setting named 'setting.stuk_days'. Did you mean 'setting.stuck_days'?",
    "outcome > 5": "'>' cannot bring together a text and an integer",
    "amount = '5'": "'=' cannot bring together a money and a text",
    "outcome in ('won', 1)": "in cannot bring together a text and an integer",
    "a in (x)": "in (...) takes literals only",
    "a in ()": "in needs literals in brackets",
    "a in x": "in needs literals in brackets",
    "held > true": "conditions cannot be compared with '>'",
    "a and held": "'and' needs a condition, not an integer",
    "not outcome": "'not' needs a condition, not a text",
    "case when a then 1 end = 1": "'when' needs a condition, not an integer",
    "case a when 1 then 2 end = 2": "Write case when x = … then … end.",
    "case when held then 1 else 'x' end = 1": "case cannot bring together an integer and a text",
    "outcome + 1 = 2": "'+' needs numbers, not a text",
    "-outcome = 1": "'-' needs numbers, not a text",
    "closed_on + 30 > on": "use days(a, b)",
    "created_at - closed_at > 1": "use days(a, b)",
    "closed_on > '2024-01-01'": "Write a date as date 'YYYY-MM-DD'.",
    "closed_on > date '2024-02-30'": "no such date: '2024-02-30'",
    "closed_on > date '20240101'": "no such date: '20240101'",
    "created_at < period.end": "Use the date field (x_on) of the moment.",
    "days(on, created_at) > 1": "days() of a date and a moment",
    "days(a, x) > 1": "days() takes two dates or two moments, not (integer, integer)",
    "minutes(on, closed_on) > 1": "minutes() takes two moments, not (date, date)",
    "outcome = null": "null may only stand in 'is null'",
    "held is true": "'is' is only for 'is null'",
    "interval = 1": "no field named 'interval'",
    "current_date > on": "no field named 'current_date'",
}


@pytest.mark.parametrize("given", REFUSED_IN_ROWS, ids=lambda given: given[:30])
def test_a_row_expression_outside_the_language_is_refused(given: str) -> None:
    with pytest.raises(BadExpression) as refused:
        row(given)
    message = str(refused.value)
    assert message.startswith("metric 'win_rate': cannot read '")
    assert REFUSED_IN_ROWS[given] in message
    assert "\n" not in message.replace(given, "")


REFUSED_IN_FORMULAS = {
    "coalesce(won, 0)": "coalesce() is not allowed here. Allowed: abs, least, greatest.",
    "days(won, base)": "days() is not allowed here",
    "won > base": "a formula gives a number, not a condition",
    "won / bse": "no input named 'bse'. Did you mean 'base'?",
    "won + 'a'": "a formula has no texts",
    "won + setting.stage": "'setting.stage' is a text, and a formula takes numbers only",
    "case when setting.strict then won else 0 end": "'setting.strict' is a condition, and a formula takes",
    "case when won > 0 then 1 end": "a case in a formula needs an else",
    "case when won is null then 0 else 1 end": "a formula has no nulls",
    "case when won in (1, 2) then 0 else 1 end": "a formula has no in (…)",
    "case when won > date '2024-01-01' then 1 else 0 end": "a formula has no dates",
    "won / period.months": "no period named 'period.months'. Known: period.days, ",
    "1 < won < 3": "a comparison of a comparison",
    "0x1F * won": "'0x1F' is not a number",
    "1_000 * won": "'1_000' is not a number",
    "1e400 * won": "'1e400' is not a number",
    "won; drop table t": "';' is not part of the language",
    "won::int": "':' is not part of the language",
    "won -- base": "comments are not allowed",
    "(" * 100 + "won" + ")" * 100: "nested more than 20 deep",
    "won" * 2000: "longer than 4000 characters",
    "": "it is empty",
}


@pytest.mark.parametrize("given", REFUSED_IN_FORMULAS, ids=lambda given: given[:30])
def test_a_formula_outside_the_language_is_refused(given: str) -> None:
    with pytest.raises(BadExpression) as refused:
        formula(given)
    assert REFUSED_IN_FORMULAS[given] in str(refused.value)


CANONICAL = {
    "outcome='won'": "outcome = 'won'",
    "outcome != 'it''s'": "outcome <> 'it''s'",
    "outcome IN ('won','lost')": "outcome in ('won', 'lost')",
    "NOT outcome IN ('won')": "outcome not in ('won')",
    "closed_on is NOT null": "closed_on is not null",
    "a between 1 and 3 or held": "a >= 1 and a <= 3 or held",
    "(held or a > 1) and x > 2": "(held or a > 1) and x > 2",
    "held and a > 1 and x > 2": "held and a > 1 and x > 2",
    '"on" >= period.start': "on >= period.start",
    "closed_on - on > 3": "days(on, closed_on) > 3",
    "((a) + (x * 2)) > (1)": "a + x * 2 > 1",
    "a - (x - 1) > 0": "a - (x - 1) > 0",
    "(a - x) - 1 > 0": "a - x - 1 > 0",
    "probability > 0.50": "probability > 0.5",
    "probability > .000001": "probability > 0.000001",
    "-(-a) = - 2": "-(-a) = -2",
    "closed_on < date '2024-01-01'": "closed_on < date '2024-01-01'",
    "case when held then 1 else 0 end = 1": "case when held then 1 else 0 end = 1",
    "Days(created_at, closed_at) > setting.stuck_days": "days(created_at, closed_at) > setting.stuck_days",
    "(a = 1) = held": "(a = 1) = held",
    "source = setting.stage": "source = setting.stage",
}


@pytest.mark.parametrize("given", CANONICAL)
def test_every_way_to_write_an_expression_has_one_canonical_text(given: str) -> None:
    assert text(row(given)) == CANONICAL[given]


TYPES = {
    "amount": Type.MONEY,
    "amount + 1": Type.MONEY,
    "amount * probability": Type.MONEY,
    "amount * cost": Type.NUMBER,
    "amount / cost": Type.NUMBER,
    "amount / a": Type.MONEY,
    "a * x": Type.INTEGER,
    "a / x": Type.NUMBER,
    "a + 0.5": Type.NUMBER,
    "coalesce(amount, 0)": Type.MONEY,
    "least(a, probability)": Type.NUMBER,
    "case when held then outcome end": Type.TEXT,
    "closed_on - on": Type.INTEGER,
    "days(on, closed_on)": Type.INTEGER,
    "days(created_at, closed_at)": Type.NUMBER,
    "minutes(created_at, closed_at)": Type.NUMBER,
    "setting.rate": Type.NUMBER,
    "setting.strict": Type.BOOLEAN,
    "not held": Type.BOOLEAN,
    "period.as_of": Type.DATE,
}


@pytest.mark.parametrize("given", TYPES)
def test_an_expression_knows_its_type(given: str) -> None:
    assert row(given).type is TYPES[given]


def test_names_are_told_with_their_namespace() -> None:
    found = names(row("outcome = 'won' and days(on, period.as_of) > setting.stuck_days and held"))
    assert found == {("", "outcome"), ("", "on"), ("period", "as_of"), ("setting", "stuck_days"), ("", "held")}
    assert names(formula("won / base / period.years")) == {("", "won"), ("", "base"), ("period", "years")}


def test_a_quoted_name_may_hold_anything() -> None:
    node = parse_row('"the ""real"" régió" = 1 and "end" = 2', {'the "real" régió': Type.INTEGER, "end": Type.INTEGER})
    assert names(node) == {("", 'the "real" régió'), ("", "end")}
    assert text(node) == '"the ""real"" régió" = 1 and "end" = 2'


def test_words_of_sql_are_plain_names_where_an_entity_has_such_fields() -> None:
    fields = dict.fromkeys(("order", "select", "values", "interval", "date", "current_date", "left"), Type.INTEGER)
    node = parse_row("order + select + values + interval + date + current_date + left > 0", fields)
    assert {name for _, name in names(node)} == set(fields)


def test_a_long_flat_chain_of_conditions_is_no_nesting() -> None:
    given = " or ".join(f"a = {number}" for number in range(200))
    assert text(row(given)) == given


def test_refusal_does_not_depend_on_the_stack_of_the_caller() -> None:
    def deep(frames: int) -> Node:
        return deep(frames - 1) if frames else row("(" * 20 + "a" + ")" * 20 + " = 1")

    for frames in (600, 800):
        with pytest.raises(BadExpression, match="nested too deep"):
            deep(frames)


def test_a_message_is_one_line_and_short_whatever_the_text() -> None:
    for given in ("a >\n\x1b[31m 1 ;", "1" * 3000, "a" * 3000, "'" + "x" * 1500 + "' '" + "x" * 1500 + "'"):
        with pytest.raises(BadExpression) as refused:
            row(given)
        assert str(refused.value).isprintable()
        assert len(str(refused.value)) < 400


def test_equal_definitions_are_equal_trees_with_equal_hashes() -> None:
    one, other = row("a between 1 and 2"), row("a >= 1.0 AND (a <= 2)")
    assert one == other
    assert hash(one) == hash(other)


def test_literals_carry_python_values() -> None:
    assert row("0.10").value == Decimal("0.1")
    assert row("date '2024-02-29'").value == date(2024, 2, 29)
    assert row("-5").value == -5
    assert row("'it''s \\n'").value == "it's \\n"
    assert row("true").value is True
