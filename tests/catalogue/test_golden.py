"""Every number of the articles through every host: Python, `kpi calc`, SQL, a spreadsheet, JavaScript."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kpicore import BadArgument, Definitions, Workspace, calculator
from kpicore.testing import run_kpi
from tests.catalogue import hosts
from tests.catalogue.golden import GOLDEN, Golden
from tests.catalogue.hosts import ZERO, Call, called


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-12, abs=1e-9)


@pytest.fixture(scope="module")
def calls(definitions: Definitions) -> list[Call]:
    """The golden calls, then every calculator with zeros and with random numbers."""
    golden = [called(definitions, each.ref, each.numbers) for each in GOLDEN]
    assert None not in golden
    return [each for each in (*golden, *others(definitions)) if each is not None]


def others(definitions: Definitions) -> list[Call | None]:
    dice = random.Random(5)
    found = []
    for id, metric in definitions.registry.metrics.items():
        for variant in metric.variant_names:
            takes = calculator(definitions.get(id, variant))
            if takes is not None:
                count = len(takes.arguments) or 4
                random_numbers = [dice.randint(1, 4000) / 4 for _ in range(count)]
                found += [
                    called(definitions, f"{id}.{variant}" if metric.variants else id, numbers)
                    for numbers in ([0.0] * count, random_numbers)
                ]
    return found


def assert_agree(found: Sequence[float | str], calls: Sequence[Call]) -> None:
    """Each value is Python's, and the golden ones, which come first, are those of the articles."""
    expected = hosts.in_python(calls)
    assert expected.count(ZERO) > 40 and len(calls) > 180
    for value, other, call in zip(found, expected, calls, strict=True):
        assert value == (other if isinstance(other, str) else near(other)), call
    for value, golden in zip(found, GOLDEN, strict=False):
        assert value == near(golden.value), golden


@pytest.mark.parametrize("golden", GOLDEN, ids=str)
def test_python_gives_the_number_of_the_article(calculators: Workspace, golden: Golden) -> None:
    assert calculators.calc(golden.ref, *golden.numbers) == near(golden.value)


@pytest.mark.parametrize("golden", GOLDEN, ids=str)
def test_kpi_calc_gives_the_number_of_the_article_and_what_it_means(golden: Golden) -> None:
    numbers = [repr(float(number)) for number in golden.numbers]
    ran = run_kpi("calc", golden.ref, *numbers, "--json")
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    assert told["value"] == near(golden.value)
    assert told["meaning"] == (golden.meaning or None)


def test_kpi_calc_tells_meaning_and_what_to_do_on_screen() -> None:
    ran = run_kpi("calc", "ltv_cac", "5", "1")
    assert ran.stdout.splitlines() == [
        "ltv_cac = ltv / cac = 5 / 1 = 5.00",
        "good: Excellent. Invest more in marketing.",
    ]


def test_sql_gives_the_number_of_the_article(calls: list[Call]) -> None:
    assert_agree(hosts.in_sql(calls), calls)


def test_javascript_gives_the_number_of_the_article(
    calls: list[Call], program: Callable[[str], str], tmp_path: Path
) -> None:
    assert_agree(hosts.in_javascript(calls, tmp_path / "calls.js", program("node")), calls)


def test_a_spreadsheet_gives_the_number_of_the_article(
    calls: list[Call], program: Callable[[str], str], tmp_path: Path
) -> None:
    assert_agree(hosts.in_a_spreadsheet(calls, tmp_path / "calls.xlsx", program("soffice")), calls)


def test_a_calculator_over_nothing_has_no_value_and_says_why(calculators: Workspace, calls: list[Call]) -> None:
    empty = [call for call in calls if hosts.in_python([call]) == [ZERO]]
    assert len(empty) > 40
    for each in empty:
        with pytest.raises(BadArgument, match="denominator is 0"):
            calculators.calc(each.ref, *(number for _, number in each.given))


def test_kpi_calc_over_nothing_says_why_in_one_line() -> None:
    ran = run_kpi("calc", "win_rate", "0", "0")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.splitlines()[0].count("denominator is 0") == 1
