"""Every finite number can be shown in every unit, on every surface: the largest, the smallest, the negative ones."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from io import BytesIO
from math import isfinite
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from xlsxwriter import Workbook

import kpicore
from kpicore import (
    COUNT,
    HIGHER,
    LOWER,
    MONEY,
    SHARE,
    Answer,
    Better,
    Config,
    Grain,
    NoValue,
    Period,
    Question,
    Result,
    Unit,
    Wording,
    Workspace,
    attainment,
    load_plugins,
    number,
    per_cent,
    rounded,
)
from kpicore.testing import run_kpi
from kpicore_reports.filled_sections import Kpi, ReportNumber, TableLine
from kpicore_reports.report_words import change_of, reached, shown, with_rows
from kpicore_reports.svg_charts import bars, funnel, months
from kpicore_xlsx.cells import put_answer, put_number
from kpicore_xlsx.workbooks import Looks

UNITS = [unit for name in kpicore.__all__ if isinstance(unit := getattr(kpicore, name), Unit)]
UNIT = st.sampled_from(UNITS)
LARGEST, SMALLEST = sys.float_info.max, 5e-324
VALUE = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([LARGEST, -LARGEST, SMALLEST, -SMALLEST, 1e26, 1e308, 0.0, -0.0, 1e-300]),
)
PERIOD = Period("2025-Q2", date(2025, 4, 1), date(2025, 7, 1), Grain.QUARTER, 8101)
NO_NUMBER = re.compile(r"\b(inf|nan|infinity)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def calculators(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(Config(tmp_path_factory.mktemp("calc"), "no data"), load_plugins())


def answer(value: float | None, unit: Unit, better: Better = HIGHER) -> Answer:
    return Answer(Question("kpi", "default", PERIOD), value, unit, better)


def report_number(value: float, unit: Unit, better: Better = HIGHER, before: float | None = None) -> ReportNumber:
    kpi = Kpi("kpi", "KPI", "KPI", unit, better, is_rate=True)
    return ReportNumber(kpi, answer(value, unit, better), before=answer(before, unit, better), target=before)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1e30, MONEY, "1,000,000,000,000,000,000,000,000,000,000.00"),
        (-1e26, MONEY, "-100,000,000,000,000,000,000,000,000.00"),
        (SMALLEST, MONEY, "0.00"),
        (-SMALLEST, SHARE, "0.0%"),
        (0.285, SHARE, "28.5%"),
        (0.2855, SHARE, "28.6%"),
        (1e26, SHARE, "10,000,000,000,000,000,000,000,000,000.0%"),
    ],
)
def test_the_largest_and_the_smallest_are_written_in_full(value: float, unit: Unit, text: str) -> None:
    assert number(value, unit) == text


@given(VALUE, st.integers(0, 12))
@settings(derandomize=True)
@example(LARGEST, 12)
def test_what_is_written_is_the_number_but_for_half_of_its_last_decimal(value: float, decimals: int) -> None:
    half = 10**-decimals / 2
    assert float(rounded(value, decimals).replace(",", "")) == pytest.approx(value, rel=1e-15, abs=half * 1.000001)
    written = float(per_cent(value / 100, decimals).replace(",", ""))
    assert written == pytest.approx(value, rel=1e-15, abs=half * 1.000001)


@given(VALUE, VALUE, UNIT, st.sampled_from(Better))
@settings(derandomize=True)
@example(LARGEST, -LARGEST, SHARE, HIGHER)
@example(LARGEST, SMALLEST, MONEY, LOWER)
@example(-LARGEST, LARGEST, COUNT, LOWER)
@example(1.0, SMALLEST, MONEY, HIGHER)
def test_any_two_numbers_and_how_they_changed_can_be_told(
    now: float, before: float, unit: Unit, better: Better
) -> None:
    result = Result((answer(now, unit, better),), compared=(answer(before, unit, better),))
    of_report = report_number(now, unit, better, before)
    texts = [str(result), shown(now, unit), with_rows(of_report), change_of(of_report)[0], reached(of_report)]
    assert [text for text in texts if NO_NUMBER.search(text)] == []
    json.dumps(result.records(), allow_nan=False)


@given(VALUE, VALUE, UNIT, st.sampled_from(Better), st.booleans())
@settings(derandomize=True)
@example(LARGEST, SMALLEST, SHARE, HIGHER, False)
def test_any_attainment_can_be_told(value: float, target: float, unit: Unit, better: Better, running: bool) -> None:
    share = attainment(value, target, better)
    attained = SimpleNamespace(
        answer=answer(value, unit, better), target=target, value=share, pace=share, elapsed=1, working_days=2,
        in_progress=running, reason="undefined", detail=None,
    )  # fmt: skip
    assert not NO_NUMBER.search(Wording().attained(attained))


@given(st.lists(st.tuples(VALUE, st.none() | VALUE), min_size=1, max_size=4), UNIT)
@settings(derandomize=True)
@example([(LARGEST, -LARGEST), (-LARGEST, LARGEST)], SHARE)
@example([(SMALLEST, SMALLEST), (-SMALLEST, -LARGEST)], MONEY)
@example([(-SMALLEST, None), (-LARGEST, None)], MONEY)
def test_any_numbers_can_be_drawn(values: list[tuple[float, float | None]], unit: Unit) -> None:
    numbers = [report_number(value, unit, before=target) for value, target in values]
    lines = [TableLine("line", (number,)) for number in numbers]
    labels = ["month"] * len(numbers)
    charts = (bars("t", numbers[0].kpi, lines), funnel("t", lines), months("t", labels, numbers, in_progress=True))
    assert [chart for chart in charts if NO_NUMBER.search(chart)] == []


@given(st.lists(VALUE, min_size=1, max_size=5), UNIT)
@settings(derandomize=True, max_examples=30)
def test_any_number_stands_in_a_cell(values: list[float], unit: Unit) -> None:
    file = BytesIO()
    with Workbook(file) as book:
        sheet, looks = book.add_worksheet(), Looks(book, Wording())
        for row, value in enumerate(values):
            put_answer(sheet, row, 0, answer(value, unit), looks)
            put_number(sheet, row, 1, value, looks)
    read = load_workbook(file).worksheets[0].iter_rows(values_only=True)
    written = [[float(str(cell).replace(",", "")) for cell in row] for row in read]
    assert written == [[pytest.approx(value, rel=1e-14)] * 2 for value in values]


@given(st.sampled_from(["sales_cycle", "sales_cycle.median", "cac", "sales_growth"]), VALUE, VALUE)
@settings(derandomize=True, deadline=None)
@example("sales_cycle", LARGEST, LARGEST)
@example("sales_cycle.median", LARGEST, -LARGEST)
def test_a_calculator_gives_a_finite_number_or_says_that_there_is_none(
    calculators: Workspace, kpi: str, first: float, second: float
) -> None:
    try:
        assert isfinite(calculators.calc(kpi, first, second))
    except NoValue as error:
        assert error.reason in ("undefined", "zero_denominator")


@pytest.mark.parametrize("cost", ["1e26", "1e308", "1e-308", "-1e300"])
def test_a_calculator_tells_its_number_however_large(tmp_path: Path, cost: str) -> None:
    result = run_kpi("calc", "cac", cost, "1", "--workspace", str(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert number(float(cost), MONEY) in result.stdout
