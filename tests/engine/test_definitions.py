"""Bad definitions: each gives one clear line that names metric and input."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpicore import (
    COUNT,
    SHARE,
    Aggregate,
    BadDefinition,
    Definition,
    Definitions,
    Input,
    KpiError,
    Metric,
    Registry,
    UnknownName,
    Variant,
    average,
    count,
    distinct,
    earlier,
    metric,
    per,
    percentile,
    standing,
    target,
    total,
)
from kpicore.testing import problems_of
from tests.crm import SETTINGS, crm_registry

WON = count("opportunity", when="closed_on", where="outcome = 'won'")
ALL = count("opportunity", when="closed_on")


@pytest.fixture(scope="module")
def words() -> Registry:
    return crm_registry()


def definitions(words: Registry, *metrics: Metric, **settings: object) -> Definitions:
    return Definitions(replace(words, metrics={each.id: each for each in metrics}), {**SETTINGS, **settings})


def refused(words: Registry, given: Input) -> KpiError:
    with pytest.raises(KpiError) as error:
        definitions(words, Metric("it", name="It", unit=COUNT, inputs={"deals": given})).get("it", "default")
    assert "\n" not in str(error.value)
    return error.value


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (count("oportunity", when="closed_on"), "no entity named 'oportunity'"),
        (count("opportunity", when="closed"), "no field named 'closed'"),
        (count("opportunity"), "needs when=, the date it is counted by"),
        (count("opportunity", when="amount"), "'opportunity.amount' is not a date"),
        (count("opportunity", when="closed_at"), "'opportunity.closed_at' is not a date"),
        (total("opportunity", "ammount", when="closed_on"), "ammount"),
        (total("opportunity", "name", when="closed_on"), "'total' of 'name' is not a number"),
        (total("opportunity", "closed_on", when="closed_on"), "'total' of 'closed_on' is not a number"),
        (average("opportunity", "outcome = 'won'", when="closed_on"), "is not a number"),
        (percentile("opportunity", "name", 0.9, when="closed_on"), "is not a number"),
        (distinct("opportunity", "", when="closed_on"), "'distinct' needs a value"),
        (Aggregate("count", "opportunity", "amount", "closed_on"), "'count' needs no value"),
        (total("opportunity", "amount +", when="closed_on"), "amount +"),
        (count("opportunity", when="closed_on", where="outcome = 'won' or"), "outcome = 'won' or"),
        (count("opportunity", when="closed_on", where="amount"), "amount"),
        (count("opportunity", when="closed_on", where="amount = 'x'"), "amount = 'x'"),
        (count("opportunity", when="closed_on", where="1 = 1; drop table kpi.opportunity"), "drop table"),
        (count("opportunity", when="closed_on", where="amount in (select 1)"), "select"),
        (count("opportunity", when="closed_on", where="outcome = 'won' -- and more"), "outcome"),
        (count("opportunity", when="closed_on", where="read_csv('/etc/passwd') is null"), "read_csv"),
        (standing("opportunity", since="created_on", until="amount"), "'opportunity.amount' is not a date"),
        (standing("opportunity", "name", since="created_on", until="closed_on"), "'total' of 'name' is not a number"),
        (
            standing("opportunity", since="created_on", until="closed_on", where="created_on < period.start"),
            "of the period it may use period.as_of only",
        ),
        (standing("opportunity", since="begin", until="closed_on"), "no field named 'begin'"),
        (
            standing("opportunity", since="created_on", until="closed_on", where="outcome = 'open'"),
            "a standing input may not test 'outcome', which is today's state",
        ),
        (
            standing(
                "opportunity", since="created_on", until="closed_on", where="amount > 5 and coalesce(outcome, '') = ''"
            ),
            "may not test 'outcome'",
        ),
        (count(per("custmer", ALL)), "no field named 'custmer'"),
        (count(per("customer_id", ALL), where="valu > 1"), "valu"),
        (count("cost", when="booked_on", expects={"categry": ("salaries",)}), "no dimension named 'categry'"),
        (count("opportunity", when="closed_on", regardless_of="loss"), "no dimension named 'loss'"),
    ],
)
def test_a_bad_input_is_refused_in_one_line_naming_metric_and_input(
    words: Registry, given: Input, problem: str
) -> None:
    error = refused(words, given)
    assert problem in str(error)
    assert "metric 'it'" in str(error)
    assert "input 'deals'" in str(error)


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_a_percentile_lies_between_0_and_1(share: float) -> None:
    with pytest.raises(BadDefinition, match=r"its share is (0 to 1|a number), not"):
        percentile("opportunity", "amount", share, when="closed_on")


def test_a_mistyped_field_proposes_the_right_one(words: Registry) -> None:
    assert "Did you mean 'closed_on'?" in str(refused(words, count("opportunity", when="closed_onn")))


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        ("won / al", "al"),
        ("won", "input 'base' is not used in the formula 'won'"),
        ("won / base /", "won / base /"),
        ("won / base; drop table x", "drop table"),
        ("won / base + opportunity.amount", "opportunity.amount"),
        ("sum(won) / base", "sum"),
        ("won = 'x' and base = 1", "won = 'x'"),
        ("coalesce(won / base, 0)", "coalesce"),
        ("won < base < 3", "won < base < 3"),
        ("", "needs a formula"),
    ],
)
def test_a_bad_formula_is_refused_naming_the_metric(words: Registry, formula: str, problem: str) -> None:
    given = Metric("win_rate", name="Win rate", unit=SHARE, formula=formula, inputs={"won": WON, "base": ALL})
    with pytest.raises(BadDefinition) as error:
        definitions(words, given).get("win_rate", "default")
    assert problem in str(error.value)
    assert "metric 'win_rate'" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_variant_is_named_where_there_are_several(words: Registry) -> None:
    given = Metric(
        "win_rate",
        name="Win rate",
        unit=SHARE,
        formula="won / base",
        variants={"fine": {"won": WON, "base": ALL}, "bad": {"won": count("opportunity", when="wone"), "base": ALL}},
    )
    known = definitions(words, given)
    assert known.get("win_rate", "fine").variant == "fine"
    with pytest.raises(UnknownName, match=r"metric 'win_rate\.bad', input 'won', entity 'opportunity'"):
        known.get("win_rate", "bad")


def test_a_metric_defined_by_itself_shows_the_circle(words: Registry) -> None:
    def rate(id: str, of: str) -> Metric:
        return Metric(id, name=id, unit=SHARE, formula="a / b", inputs={"a": metric(of), "b": ALL})

    with pytest.raises(BadDefinition) as error:
        definitions(words, rate("a", "b"), rate("b", "c"), rate("c", "a")).get("a", "default")
    assert "is defined by itself: a.default -> b.default -> c.default -> a.default" in str(error.value)
    with pytest.raises(BadDefinition, match="is defined by itself"):
        definitions(words, rate("a", "a")).get("a", "default")


def test_a_metric_may_refer_to_another_variant_of_itself(words: Registry) -> None:
    given = Metric(
        "sales",
        name="Sales",
        unit=COUNT,
        variants={"all": {"v": ALL}, "less": Variant({"v": metric("sales.all"), "w": WON}, formula="v - w")},
    )
    assert definitions(words, given).get("sales", "less").inputs[0].ref == ("sales", "all")


@pytest.mark.parametrize("given", [metric("sale"), earlier("sale", "previous"), target("sale"), metric("sales.bist")])
def test_a_reference_to_nothing_proposes_something(words: Registry, given: Input) -> None:
    sales = Metric("sales", name="Sales", unit=COUNT, variants={"best": {"v": ALL}})
    other = Metric("it", name="It", unit=COUNT, inputs={"v": given})
    with pytest.raises(UnknownName, match="Did you mean") as error:
        definitions(words, sales, other).get("it", "default")
    assert "metric 'it', input 'v'" in str(error.value)


@pytest.mark.parametrize("step", ["last", "", "month", "2 weeks", "-1 months", "setting.active_rule months"])
def test_an_earlier_step_that_is_none_is_refused(words: Registry, step: str) -> None:
    sales = Metric("sales", name="Sales", unit=COUNT, inputs={"v": ALL})
    other = Metric("it", name="It", unit=COUNT, inputs={"v": earlier("sales", step)})
    with pytest.raises(KpiError) as error:
        definitions(words, sales, other).get("it", "default")
    assert "metric 'it', input 'v'" in str(error.value)


@pytest.mark.parametrize(("setting", "step"), [(2, "2 months"), (14, "14 months")])
def test_months_of_an_earlier_step_may_be_a_setting_and_are_part_of_its_meaning(
    words: Registry, setting: int, step: str
) -> None:
    def made(step: str) -> Definition:
        sales = Metric("sales", name="Sales", unit=COUNT, inputs={"v": ALL})
        other = Metric("it", name="It", unit=COUNT, inputs={"v": earlier("sales", step)})
        return definitions(words, sales, other, lag=setting).get("it", "default")

    assert made("setting.lag months").version == made(step).version != made("previous").version
    with pytest.raises(UnknownName, match=r"no setting named 'lagg'\. Did you mean 'lag'"):
        made("setting.lagg months")


def test_inputs_and_variants_together_are_refused_and_neither_too() -> None:
    for given in ({"inputs": {"v": ALL}, "variants": {"x": {"v": ALL}}}, {}):
        with pytest.raises(BadDefinition, match="metric 'it': give either inputs or variants"):
            Metric("it", name="It", unit=COUNT, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given", [{"inputs": {}}, {"variants": {}}, {"variants": {"x": {}}}, {"variants": {"x": Variant({})}}]
)
def test_a_metric_without_an_input_is_refused(words: Registry, given: dict[str, object]) -> None:
    with pytest.raises(BadDefinition, match="metric 'it"):
        made = Metric("it", name="It", unit=COUNT, **given)  # type: ignore[arg-type]
        definitions(words, made).get("it", made.default)


def test_all_definitions_are_checked_at_once_each_problem_with_its_giver() -> None:
    good = Metric("good", name="Good", unit=COUNT, inputs={"v": ALL})
    bad = Metric("bad", name="Bad", unit=COUNT, inputs={"v": count("opportunity", when="x")})
    worse = Metric("worse", name="Worse", unit=SHARE, formula="v +", inputs={"v": ALL})
    found = problems_of(crm_registry(metrics=(("one", good), ("two", bad), ("three", worse))), SETTINGS)
    assert [(each.giver, each.item) for each in found] == [("two", "bad"), ("three", "worse")]
    assert "no field named 'x'" in found[0].problem


# --- versions -------------------------------------------------------------------------------------


def version(words: Registry, given: Metric, *others: Metric, **settings: object) -> str:
    return definitions(words, given, *others, **settings).get(given.id, given.default).version


def test_the_version_of_a_definition_changes_exactly_when_its_meaning_does(words: Registry) -> None:
    def rate(formula: str = "won / base", won: Input = WON, name: str = "Win rate") -> Metric:
        return Metric("r", name=name, unit=SHARE, formula=formula, inputs={"won": won, "base": ALL})

    first = version(words, rate())
    assert version(words, rate("won  /  base", name="Renamed")) == first
    others = [
        rate("base / won"),
        rate(won=count("opportunity", when="closed_on", where="outcome = 'lost'")),
        rate(won=count("opportunity", when="created_on", where="outcome = 'won'")),
        rate(won=replace(WON, regardless_of=("rep",))),
        rate(won=standing("opportunity", since="created_on", until="closed_on")),
    ]
    assert len({first, *(version(words, other) for other in others)}) == 6


def test_the_version_follows_what_a_definition_refers_to_and_its_settings(words: Registry) -> None:
    stuck = "days(created_on, closed_on) > setting.stuck_days"
    sales = Metric("sales", name="S", unit=COUNT, inputs={"v": count("opportunity", when="closed_on", where=stuck)})
    other = Metric("sales", name="S", unit=COUNT, inputs={"v": ALL})
    it = Metric("it", name="It", unit=COUNT, inputs={"v": metric("sales")})
    assert version(words, it, sales) != version(words, it, other)
    assert version(words, it, sales) != version(words, it, sales, stuck_days=31)
    assert version(words, it, other) == version(words, it, other, stuck_days=31)


def test_a_setting_in_a_formula_is_part_of_its_version(words: Registry) -> None:
    it = Metric("it", name="It", unit=COUNT, formula="v * setting.stuck_days", inputs={"v": ALL})
    assert version(words, it) != version(words, it, stuck_days=31)


def test_what_a_definition_refers_to_is_the_default_whatever_the_organisation_prefers(words: Registry) -> None:
    sales = Metric("sales", name="S", unit=COUNT, variants={"all": {"v": ALL}, "won": {"v": WON}})
    it = Metric("it", name="It", unit=COUNT, inputs={"v": metric("sales")})
    known = Definitions(replace(words, metrics={"sales": sales, "it": it}), SETTINGS, {"sales": "won"})
    assert known.named("sales") == ("sales", "won")
    assert known.get("it", "default").inputs[0].ref == ("sales", "all")


def test_names_ignore_case_and_spaces(words: Registry) -> None:
    sales = Metric("sales", name="S", unit=COUNT, variants={"all": {"v": ALL}, "won": {"v": WON}})
    known = definitions(words, sales)
    assert known.named(" SALES.Won ") == ("sales", "won")
    with pytest.raises(UnknownName, match=r"no variant named 'wn' in KPI 'sales'\. Did you mean 'won'"):
        known.named("sales.wn")
    with pytest.raises(UnknownName, match=r"no KPI named 'sale'\. Did you mean 'sales'"):
        known.named("sale")


def test_a_kpi_with_a_target_of_one_that_is_made_of_many_is_accepted_whoever_was_asked_first(words: Registry) -> None:
    chain = [Metric("step_1", "Step 1", COUNT, inputs={"n": count("opportunity", when="created_on")})]
    for number in range(2, 21):
        chain.append(Metric(f"step_{number}", f"Step {number}", COUNT, inputs={"n": metric(f"step_{number - 1}")}))
    beside = Metric("beside", "Beside", COUNT, "n + t", inputs={"n": metric("step_1"), "t": target("step_20")})
    for order in (("step_20", "beside"), ("beside", "step_20")):
        known = definitions(words, *chain, beside)
        assert [known.get(name, "default").metric.id for name in order] == list(order)
