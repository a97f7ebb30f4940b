"""Random formulas with random inputs: Python, JavaScript, SQL and a real spreadsheet give equal results.

The yardstick is exact arithmetic with fractions over the same tree. Cases on which double arithmetic
itself is off (differences of nearly equal numbers) are not asked: there every host may round its own way.
"""

from __future__ import annotations

import json
import operator
import random
import subprocess
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kpicore import (
    JAVASCRIPT_RUNTIME,
    Node,
    Type,
    formula_excel,
    formula_javascript,
    formula_python,
    formula_sql,
    parse_formula,
)
from kpicore.language import text, typing
from kpicore.model.expressions import Arithmetic, Call, Case, Comparison, Literal, Logic, Name, Negative, Not
from tests.language.spreadsheet import calculated
from tests.patience import PATIENCE_SECONDS

INPUTS = ("won", "base", "cost", "on", "period.days", "setting.lag")
OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ZERO = "zero_denominator"
Asked = tuple[Node, dict[str, float]]


def exact(node: Node, inputs: Mapping[str, float]) -> Any:
    """Return the value with fractions, written as plainly as can be. Raises ZeroDivisionError."""
    match node:
        case Literal(value=value):
            return value if isinstance(value, bool) else Fraction(value)
        case Name():
            return Fraction(inputs[node.key])
        case Negative():
            return -exact(node.operand, inputs)
        case Not():
            return not exact(node.operand, inputs)
        case Arithmetic() | Comparison():
            left, right = exact(node.left, inputs), exact(node.right, inputs)
            if node.operator == "/":
                return left / right
            return OPERATORS[node.operator](left, right)
        case Logic(word="and"):
            return all(exact(operand, inputs) for operand in node.operands)
        case Logic():
            return any(exact(operand, inputs) for operand in node.operands)
        case Case():
            for test, value in node.branches:
                if exact(test, inputs):
                    return exact(value, inputs)
            return exact(node.otherwise, inputs)
        case Call(function=function):
            of = {"abs": abs, "least": min, "greatest": max}[function]
            return of(*(exact(argument, inputs) for argument in node.arguments))
    raise AssertionError(node)


def number(dice: random.Random, depth: int) -> Node:
    if depth == 0 or dice.random() < 0.15:
        return leaf(dice)
    kind = dice.choice("sign abs least greatest case + - * / / + *".split())
    if kind == "sign":
        return typing.negative(number(dice, depth - 1))
    if kind == "abs":
        return typing.call("abs", (number(dice, depth - 1),))
    if kind in ("least", "greatest"):
        return typing.call(kind, tuple(number(dice, depth - 1) for _ in range(dice.randint(2, 3))))
    if kind == "case":
        branches = [(condition(dice, depth - 1), number(dice, depth - 1)) for _ in range(dice.randint(1, 2))]
        return typing.case(tuple(branches), number(dice, depth - 1))
    return typing.arithmetic(kind, number(dice, depth - 1), number(dice, depth - 1))


def leaf(dice: random.Random) -> Node:
    if dice.random() < 0.75:
        namespace, _, name = dice.choice(INPUTS).rpartition(".")
        return Name(namespace, name, Type.NUMBER)
    return Literal(dice.choice([0, 1, 2, 100, -3, Decimal("0.5"), Decimal("-1.25"), Decimal("0.000001")]), Type.NUMBER)


def condition(dice: random.Random, depth: int) -> Node:
    kind = dice.choice("compare compare compare guarded guarded and or not equal".split())
    if depth <= 0 or kind == "compare":
        sign = dice.choice("= <> < <= > >=".split())
        return typing.comparison(sign, number(dice, max(depth - 1, 0)), number(dice, max(depth - 1, 0)))
    if kind == "guarded":
        return guarded(dice)
    if kind == "not":
        return typing.negation(condition(dice, depth - 1))
    if kind == "equal":
        return typing.comparison(dice.choice(["=", "<>"]), condition(dice, depth - 1), condition(dice, depth - 1))
    return typing.logic(kind, tuple(condition(dice, depth - 1) for _ in range(dice.randint(2, 3))))


def guarded(dice: random.Random) -> Node:
    """Return a condition whose second part would divide by zero if the first did not settle it."""
    below, zero = leaf(dice), Literal(0, Type.NUMBER)
    ratio = typing.comparison(">", typing.arithmetic("/", leaf(dice), below), leaf(dice))
    if dice.random() < 0.5:
        return typing.logic("and", (typing.comparison("<>", below, zero), ratio))
    return typing.logic("or", (typing.comparison("=", below, zero), ratio))


def outcome(of: Callable[[Mapping[str, float]], Any], inputs: Mapping[str, float]) -> float | str:
    try:
        return float(of(inputs))
    except ZeroDivisionError:
        return ZERO


def exactly(node: Node, inputs: Mapping[str, float]) -> float | str:
    return outcome(lambda given: exact(node, given), inputs)


def in_python(node: Node, inputs: Mapping[str, float]) -> float | str:
    return outcome(formula_python(node), inputs)


def well_conditioned(expected: float | str, found: float | str) -> bool:
    if isinstance(expected, str) or isinstance(found, str):
        return expected == found
    return abs(expected - found) <= 1e-14 * abs(expected)


def cases(count: int) -> Iterator[Asked]:
    """Yield `count` formulas with inputs: quarters between -1000 and 1000, often 0."""
    dice = random.Random(20240314)
    while count:
        node = number(dice, dice.randint(1, 4))
        inputs = {name: dice.choice([0.0, 1.0, dice.randint(-4000, 4000) / 4]) for name in INPUTS}
        expected = exactly(node, inputs)
        if well_conditioned(expected, in_python(node, inputs)):
            count -= 1
            yield node, inputs


def assert_equal(found: float | str, expected: float | str, node: Node, inputs: Mapping[str, float]) -> None:
    told = f"{text(node)} with {inputs}"
    if isinstance(expected, str) or isinstance(found, str):
        assert found == expected, told
    else:
        assert found == pytest.approx(expected, rel=1e-12, abs=0), told


@pytest.fixture(scope="module")
def many() -> list[Asked]:
    return list(cases(600))


def test_the_generated_cases_cover_values_and_zero_denominators(many: list[Asked]) -> None:
    found = [exactly(node, inputs) for node, inputs in many]
    assert 50 < found.count(ZERO) < 300
    assert len(set(found)) > 200
    kinds = {type(node).__name__ for node, _ in many}
    assert {"Arithmetic", "Case", "Call", "Negative"} <= kinds


def test_python_follows_exact_arithmetic_on_nearly_every_case() -> None:
    dice = random.Random(7)
    skipped = 0
    for _ in range(500):
        node = number(dice, 3)
        inputs = {name: float(dice.randint(1, 9)) for name in INPUTS}
        expected = exactly(node, inputs)
        skipped += not well_conditioned(expected, in_python(node, inputs))
    assert skipped < 25


def test_a_formula_reads_back_from_its_canonical_text(many: list[Asked]) -> None:
    for node, _ in many:
        assert parse_formula(text(node), ("won", "base", "cost", "on"), settings={"lag": 1}) == node


def test_javascript_agrees(many: list[Asked], program: Callable[[str], str], tmp_path: Path) -> None:
    script = tmp_path / "formulas.js"
    lines = [JAVASCRIPT_RUNTIME, "const found = [];", "let given;", "function ask(of) {"]
    lines += ["  try { found.push(of()); } catch (failure) { found.push(failure.reason || String(failure)); }", "}"]
    for node, inputs in many:
        lines.append(f"given = {json.dumps(inputs)};")
        lines.append(f"ask(() => {formula_javascript(node, lambda name: f'given[{json.dumps(name)}]')});")
    lines.append("if (found.some(each => Object.is(each, -0))) throw new Error('a negative zero');")
    lines.append("console.log(JSON.stringify(found));")
    script.write_text("\n".join(lines), encoding="utf-8")
    ran = subprocess.run(
        [program("node"), str(script)], capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS
    )
    for (node, inputs), found in zip(many, json.loads(ran.stdout), strict=True):
        assert_equal(found, in_python(node, inputs), node, inputs)


def test_sql_agrees_and_gives_null_for_a_zero_denominator(many: list[Asked]) -> None:
    import duckdb

    with duckdb.connect() as database:
        columns = ", ".join(f'"{each}" DOUBLE' for each in INPUTS)
        database.execute(f"CREATE TABLE given ({columns})")
        for node, inputs in many:
            database.execute("DELETE FROM given").execute(
                "INSERT INTO given VALUES (?, ?, ?, ?, ?, ?)", [inputs[each] for each in INPUTS]
            )
            printed = formula_sql(node, lambda key: f'"{key}"')
            [[found]] = database.execute(f"SELECT {printed} FROM given").fetchall()
            assert_equal(ZERO if found is None else float(found), in_python(node, inputs), node, inputs)


def test_sql_has_no_value_where_an_input_that_decides_it_has_none() -> None:
    import duckdb

    row = "(SELECT 1::DOUBLE AS won, 0::DOUBLE AS base, NULL::DOUBLE AS cost)"
    expected = {
        "won / base": None,
        "greatest(cost, won)": None,
        "least(won / base, 1)": None,
        "case when cost > 1 then 1 else 2 end": None,
        "case when base = 0 or won / base > 1 then 5 else cost end": 5,
        "case when base <> 0 and won / base > 1 then cost else 7 end": 7,
        "won + 1 / 2": 1.5,
        "-(-won)": 1,
    }
    for given, value in expected.items():
        printed = formula_sql(parse_formula(given, ("won", "base", "cost")), lambda key: f'"{key}"')
        assert duckdb.sql(f"SELECT {printed} FROM {row}").fetchall() == [(value,)], printed


def test_a_spreadsheet_agrees(many: list[Asked], program: Callable[[str], str], tmp_path: Path) -> None:
    soffice, rows = program("soffice"), []
    for row, (node, inputs) in enumerate(many, start=1):
        cells = {name: f"{'ABCDEF'[place]}{row}" for place, name in enumerate(INPUTS)}
        rows.append(([inputs[name] for name in INPUTS], formula_excel(node, cells.__getitem__)))
    found = calculated(tmp_path / "formulas.xlsx", rows, soffice, ZERO)
    for (node, inputs), cell in zip(many, found, strict=True):
        assert_equal(cell, in_python(node, inputs), node, inputs)
