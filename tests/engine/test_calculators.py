"""Calculators: numbers in, number out, no data."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import (
    COUNT,
    DAYS,
    SHARE,
    BadArgument,
    Calculator,
    Metric,
    NoValue,
    UnknownName,
    average,
    count,
    median,
    metric,
    percentile,
    total,
)
from tests.engine.conftest import Opened

DEALS = count("opportunity", when="closed_on")
CYCLE = ("opportunity", "days(created_on, closed_on)")
METRICS = (
    Metric("win_rate", name="W", unit=SHARE, formula="won / base", inputs={"won": DEALS, "base": DEALS}),
    Metric(
        "cycle",
        name="C",
        unit=DAYS,
        variants={
            "mean": {"d": average(*CYCLE, when="closed_on")},
            "median": {"d": median(*CYCLE, when="closed_on")},
            "p90": {"d": percentile(*CYCLE, 0.9, when="closed_on")},
        },
    ),
    Metric("deals", name="D", unit=COUNT, inputs={"d": DEALS}),
    Metric(
        "expected",
        name="E",
        unit=COUNT,
        formula="rate * deals",
        inputs={"rate": metric("win_rate"), "deals": metric("deals")},
    ),
    Metric(
        "own",
        name="O",
        unit=COUNT,
        inputs={"v": total("order", "amount", when="ordered_on")},
        calculator=Calculator(("price", "pieces"), "price * pieces * setting.stuck_days"),
    ),
    Metric("per_day", name="P", unit=COUNT, formula="a / b / period.days", inputs={"a": DEALS, "b": DEALS}),
)


def test_numbers_are_taken_in_order_or_by_name(tiny: Opened) -> None:
    opened = tiny(*METRICS)
    assert opened.calc("win_rate", 100, 500) == 0.2
    assert opened.calc("win_rate", base=500, won=100) == 0.2
    assert opened.calc("win_rate", 100, base=500) == 0.2


def test_one_input_folds_any_number_of_values(tiny: Opened) -> None:
    opened = tiny(*METRICS)
    assert opened.calc("cycle", 10, 20, 60) == 30
    assert opened.calc("cycle.median", 10, 20, 60) == 20
    assert opened.calc("cycle.median", 10, 20, 30, 60) == 25
    assert opened.calc("cycle.p90", 20, 30, 30, 39) == pytest.approx(36.3, rel=1e-12)


def test_a_plain_count_has_no_calculator(tiny: Opened) -> None:
    with pytest.raises(BadArgument, match="'deals' is a plain count or total and has no calculator"):
        tiny(*METRICS).calc("deals", 5)


def test_a_definition_may_bring_its_own(tiny: Opened) -> None:
    assert tiny(*METRICS).calc("own", 2, 3) == 2 * 3 * 30


@pytest.mark.parametrize("share", [57, 1.5, -20])
def test_a_share_above_one_is_refused_with_what_to_write(tiny: Opened, share: float) -> None:
    with pytest.raises(BadArgument, match="'rate' of 'expected' is a share and cannot be") as refused:
        tiny(*METRICS).calc("expected", share, 10)
    assert f"Write {share / 100:g} for {share:g} %." in str(refused.value)
    assert tiny(*METRICS).calc("expected", 0.57, 10) == pytest.approx(5.7)
    assert tiny(*METRICS).calc("expected", 1, 10) == 10


@pytest.mark.parametrize(
    ("numbers", "named", "problem"),
    [
        ((1,), {}, "'win_rate' takes 2 numbers, not 1. It takes won, base."),
        ((1, 2, 3), {}, "'win_rate' takes 2 numbers, not 3"),
        ((1,), {"won": 2}, "'won' is given twice"),
        ((1, 0), {}, "a denominator is 0"),
        ((float("nan"), 1), {}, "'nan' is not a number"),
        ((float("inf"), 1), {}, "'inf' is not a number"),
        ((True, 1), {}, "'True' is not a number"),
        (("5", 1), {}, "'5' is not a number"),
        ((1e308, 1e-10), {}, "no finite value"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    tiny: Opened, numbers: tuple[float, ...], named: dict[str, float], problem: str
) -> None:
    with pytest.raises(BadArgument) as refused:
        tiny(*METRICS).calc("win_rate", *numbers, **named)
    assert problem in str(refused.value)


def test_an_unknown_argument_proposes_one(tiny: Opened) -> None:
    with pytest.raises(UnknownName, match=r"no argument named 'bse'.*Did you mean 'base'"):
        tiny(*METRICS).calc("win_rate", won=1, bse=2)


def test_what_only_a_period_knows_is_refused(tiny: Opened) -> None:
    with pytest.raises(BadArgument, match=r"needs 'period\.days', which a calculator does not have"):
        tiny(*METRICS).calc("per_day", 1, 2)


def test_nothing_to_fold_is_refused(tiny: Opened) -> None:
    with pytest.raises(BadArgument, match="needs at least one number"):
        tiny(*METRICS).calc("cycle")


@given(
    st.sampled_from(["cycle.mean", "cycle.median", "cycle.p90", "win_rate"]),
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2),
)
def test_any_numbers_give_a_finite_one_or_none(tiny: Opened, ref: str, numbers: list[float]) -> None:
    try:
        assert math.isfinite(tiny(*METRICS).calc(ref, *numbers))
    except (NoValue, BadArgument) as refused:
        assert "internal" not in str(refused)


@pytest.mark.parametrize(("ref", "numbers"), [("cycle.mean", (1e308, 1e308)), ("cycle.median", (-1.7e308, 1.7e308))])
def test_numbers_too_large_to_be_taken_together_have_no_finite_value(
    tiny: Opened, ref: str, numbers: tuple[float, ...]
) -> None:
    with pytest.raises(NoValue, match=f"'{ref}' has no finite value for these numbers"):
        tiny(*METRICS).calc(ref, *numbers)
