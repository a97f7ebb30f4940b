"""However narrow the terminal and however long the names: a number that is printed is printed whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from kpicore import (
    COUNT,
    DAYS,
    HIGHER,
    MONEY,
    SHARE,
    Answer,
    BadArgument,
    Calendar,
    Period,
    Question,
    Result,
    number,
    terminal_table,
)
from kpicore.cli.answers import rendered
from kpicore.cli.calc import numbers_given
from kpicore.cli.coverage import summary
from kpicore.cli.formula import plain, with_numbers
from kpicore.engine.explain.coverage import Coverage

CALENDAR = Calendar()
WIDTHS = st.integers(40, 200)
SIGNS = "张伟陈静赢单率가나다ایرانשלוםÅßñçőű👩🙂 .-_"
NAMES = st.text(
    st.one_of(st.sampled_from(SIGNS), st.characters(codec="utf-8", exclude_categories=["C"])), min_size=1, max_size=40
)
KPIS = st.sampled_from(["won_deals", "total_sales", "win_rate"])
UNITS = st.sampled_from([COUNT, MONEY, SHARE, DAYS])
VALUES = st.one_of(st.none(), st.floats(-1e12, 1e12, allow_nan=False), st.integers(-(10**12), 10**12).map(float))


@st.composite
def results(draw: st.DrawFn) -> Result:
    """Return answers for a few KPIs, periods and members, some compared."""
    kpis = draw(st.lists(st.tuples(KPIS, UNITS), min_size=1, max_size=3, unique_by=lambda each: each[0]))
    periods = [period(f"2025-{month:02}") for month in range(1, draw(st.integers(1, 6)) + 1)]
    members = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    by = draw(st.sampled_from([(), ("rep",), ("rep", "customer")]))
    whose = [tuple((name, (member,)) for name in by) for member in (members if by else members[:1])]
    answers, compared = [], []
    for kpi, unit in kpis:
        for cuts in whose:
            for each in periods:
                value, before = draw(VALUES), draw(VALUES)
                n = draw(st.integers(0, 10**9))
                answers.append(_answer(kpi, each, cuts, value, unit, n))
                compared.append(_answer(kpi, period("2024-12"), cuts, before, unit, n))
    return Result(answers, compared if draw(st.booleans()) else (), by)


def period(key: str) -> Period:
    return CALENDAR.parse(key, today=date(2026, 1, 1))


def _answer(kpi, period, cuts, value, unit, n) -> Answer:
    reason = "no_rows" if value is None else None
    return Answer(Question(kpi, "all", period, cuts), value, unit, HIGHER, reason=reason, n=n)


def printed(parts: Iterable[RenderableType], width: int) -> str:
    out = StringIO()
    screen = Console(file=out, width=width, highlight=False)
    for part in parts:
        screen.print(part)
    return out.getvalue()


def is_whole(text: str, output: str) -> bool:
    return re.search(rf"(?<![\d.,]){re.escape(text)}(?![\d]|[.,]\d)", output) is not None


@given(results(), WIDTHS)
def test_each_number_of_the_answer_stands_whole_and_no_line_is_wider_than_the_screen(result, width):
    screen = Console(file=StringIO(), width=width)
    output = printed(rendered(result, screen), width)
    for each in (*result.answers, *result.compared):
        if each.value is not None:
            assert is_whole(number(each.value, each.unit), output)
    assert all(cell_len(line) <= width for line in output.splitlines())


@given(
    WIDTHS,
    st.lists(st.lists(NAMES, min_size=2, max_size=2), min_size=1, max_size=4),
    st.lists(st.integers(-(10**18), 10**18).map("{:,}".format), min_size=1, max_size=8),
    st.text(max_size=60),
)
def test_a_table_of_any_shape_shows_every_number_whole(width, names, numbers, prose):
    found = terminal_table("one", "two", names=2)
    found.add_numbers(*(f"n{at}" for at in range(len(numbers))))
    found.add_column("why")
    for each in names:
        found.add_row(*(Text(name) for name in each), *(Text(each) for each in numbers), Text(prose))
    output = printed([found], width)
    assert all(is_whole(each, output) for each in numbers)


def test_at_80_columns_a_long_chinese_name_gives_way_and_not_the_digits():
    found = terminal_table("rep", names=1)
    found.add_numbers("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "change")
    name = "张伟" * 10 + "甲"
    found.add_row(Text(name), *(Text(each) for each in ("123,456", "740,736", "1,036,706", "725,135", "▲ +17.6%")))
    output = printed([found], 80)
    for number_ in ("123,456", "740,736", "1,036,706", "725,135", "▲ +17.6%"):
        assert is_whole(number_, output)
    assert "张伟" in output and "…" in output and name not in output


def test_on_a_narrow_screen_columns_stand_below_each_other_each_with_its_names():
    found = terminal_table("rep", names=1)
    found.add_numbers("January", "February", "March")
    found.add_row(Text("Ann Lee"), Text("1,234,567.00"), Text("2,345,678.00"), Text("3,456,789.00"))
    lines = [line.split() for line in printed([found], 40).splitlines() if line.strip() and "─" not in line]
    assert lines == [
        ["rep", "January", "February"], ["Ann", "Lee", "1,234,567.00", "2,345,678.00"],
        ["rep", "March"], ["Ann", "Lee", "3,456,789.00"],
    ]  # fmt: skip


def test_a_screen_too_narrow_for_any_table_shows_a_line_for_each_number():
    found = terminal_table("rep", names=1)
    found.add_numbers("sales")
    found.add_row(Text("Ann Lee"), Text("1,234,567,890,123.00"))
    assert printed([found], 24).splitlines() == ["Ann Lee", "  sales:", "  1,234,567,890,123.00"]


def test_numbers_are_read_as_people_write_them_without_guessing():
    assert numbers_given(["10000", "-5", ".5", "1e3", "share=25%"]) == ([10000, -5, 0.5, 1000], {"share": 0.25})
    for wrong in ("1_000", "١٢", "0x10", "inf", "1.000,5", "", "%", "1 2"):
        with pytest.raises(BadArgument, match="is not a number"):
            numbers_given([wrong])


def test_only_names_that_have_a_value_are_replaced_in_a_formula():
    values = {"now": 1620.0, "before": 600.0, "b": 2.0, "setting.days": 365.0}
    assert with_numbers("(now - before) / greatest(before, 0)", values) == "(1,620 - 600) / greatest(600, 0)"
    assert with_numbers('case when "now" > setting.days then b end', values) == "case when 1,620 > 365 then 2 end"
    assert with_numbers("now / unknown", {"now": None}) == "none / unknown"


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (-0.5, "-0.5"), (1e15, "1,000,000,000,000,000"), (1e-9, "1e-09")]
)
def test_numbers_are_written_with_as_many_decimals_as_they_need(value, text):
    assert plain(value) == text


def test_a_kpi_with_some_variants_counts_as_computable():
    some = [Coverage("a", "A", "x", ()), Coverage("a", "A", "y", ("no z",)), Coverage("b", "B", "default", ("no z",))]
    assert summary(some) == "1 of 2 KPIs are computable with the loaded data (1 of 3 variants)."
    assert summary([]) == "No plugin gives a KPI. See: kpi plugins"
