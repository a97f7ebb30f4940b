"""An answer explains itself: inputs in words, statements with bound values, rows."""

from __future__ import annotations

from kpicore import (
    DURING,
    SHARE,
    Metric,
    average,
    count,
    earlier,
    median,
    metric,
    per,
    percentile,
    standing,
    target,
    total,
)
from tests.engine.conftest import Opened

WON = count("opportunity", when="closed_on", where="outcome = 'won'")
RATE = Metric(
    "win_rate",
    name="Win rate",
    unit=SHARE,
    formula="won / base",
    inputs={"won": WON, "base": standing("opportunity", since="created_on", until="closed_on", at=DURING)},
)


def test_inputs_are_told_in_words_with_their_values(tiny: Opened) -> None:
    told = tiny(RATE).explain("win_rate", "2025-Q1")
    assert told.formula == "won / base"
    assert told.answer.value == 4 / 8
    assert [(each.name, each.words, each.value) for each in told.inputs] == [
        ("won", "count of opportunity by closed_on where outcome = 'won'", 4),
        (
            "base",
            "count of opportunity standing from created_on to closed_on at during"
            " where closed_on is not null or coalesce(outcome, '') = 'open'",
            8,
        ),
    ]


def test_every_word_has_words(tiny: Opened) -> None:
    inputs = {
        "a": median("opportunity", "amount", when="closed_on"),
        "b": percentile("opportunity", "amount", 0.9, when="closed_on"),
        "c": average(per("customer_id", total("order", "amount", when="ordered_on")), "value"),
    }
    it = Metric("it", name="It", unit=SHARE, formula="a + b + c", inputs=inputs)
    assert [each.words for each in tiny(it).explain("it", "2025-Q1").inputs] == [
        "median of opportunity amount by closed_on",
        "percentile 0.9 of opportunity amount by closed_on",
        "average value per customer_id of (total of order amount by ordered_on)",
    ]


def test_rows_are_those_that_count_latest_first(tiny: Opened) -> None:
    won, base = tiny(RATE).explain("win_rate", "2025-Q1", {"rep": "u1"}).inputs
    listing = won.rows()
    assert [row[listing.columns.index("id")] for row in listing.rows] == ["o2", "o1"]
    assert listing.total == 2
    assert {"id", "closed_on", "outcome", "rep"} <= set(listing.columns)
    assert {row[0] for row in base.rows().rows} == {"o1", "o2", "o7"}
    assert base.rows(1).total == 3
    assert len(base.rows(1).rows) == 1


def test_values_are_bound_and_never_part_of_a_statement(tiny: Opened) -> None:
    told = tiny(RATE).explain("win_rate", "2025-Q1", {"rep": ["Bob Ray", "Ann Lee [u1]"]})
    for each in told.inputs:
        for one in each.statements:
            assert "Bob" not in one.sql
            assert "won" not in one.sql
            assert "2025" not in one.sql
            assert {"Bob Ray", "Ann Lee [u1]"} <= set(map(str, one.values))


def test_statements_of_an_input_give_its_value(tiny: Opened) -> None:
    opened = tiny(RATE)
    told = opened.explain("win_rate", "2025-Q1", {"rep": "u1"})
    for each in told.inputs:
        rows = [row for one in each.statements for row in opened.warehouse.query(one.sql, one.values)]
        assert sum(row[-1] for row in rows) == each.value


def test_a_metric_below_is_explained_below(tiny: Opened) -> None:
    growth = Metric(
        "growth",
        name="Growth",
        unit=SHARE,
        formula="now / before",
        inputs={"now": metric("win_rate"), "before": earlier("win_rate", "previous")},
    )
    now, before = tiny(RATE, growth).explain("growth", "2025-Q2").inputs
    assert now.below is not None and before.below is not None
    assert (now.words, before.words) == ("win_rate for 2025-Q2", "win_rate for 2025-Q1")
    assert before.below.answer.value == 0.5
    assert before.below.inputs[0].rows().total == 4
    assert now.rows().total == 0


def test_a_target_is_told_as_one(tiny: Opened) -> None:
    sales = Metric("total_sales", name="Sales", unit=SHARE, inputs={"v": WON})
    wanted = Metric("wanted", name="Wanted", unit=SHARE, inputs={"v": target("total_sales")})
    [told] = tiny(sales, wanted).explain("wanted", "2025-Q1").inputs
    assert told.words == "target of total_sales.default"
    assert told.value == 1250


def test_an_answer_without_a_value_has_no_statements(tiny: Opened) -> None:
    told = tiny(RATE).explain("win_rate", "2026")
    assert told.answer.reason == "not_started"
    assert [(each.value, each.statements, each.rows().total) for each in told.inputs] == [(None, (), 0)] * 2
