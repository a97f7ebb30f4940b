"""The words of a workspace: what plugins give joins the core's, and what cannot be is refused by name."""

from __future__ import annotations

import re

import pytest

from kpicore import (
    COUNT,
    FX_RATE,
    TARGET,
    BadDefinition,
    Dimension,
    Entity,
    Field,
    Metric,
    Registry,
    Type,
    UnknownName,
    count,
)
from kpicore.testing import plugins_with, registry_of
from tests.crm import crm_registry

DEALS = count("opportunity", when="closed_on")


def metric(id: str, *aliases: str) -> Metric:
    return Metric(id, name=id, unit=COUNT, inputs={"v": DEALS}, aliases=aliases)


def given(*metrics: tuple[str, Metric]) -> Registry:
    return crm_registry(metrics=metrics)


def told(registry: Registry) -> list[tuple[str, str, str]]:
    return [(problem.giver, problem.item, problem.problem) for problem in registry.problems]


def test_without_plugins_there_are_the_few_words_of_the_core() -> None:
    words = registry_of(plugins_with())
    assert (list(words.entities), list(words.dimensions)) == (["fx_rate", "target"], ["goal"])
    assert (dict(words.metrics), words.problems) == ({}, ())


def test_the_words_of_the_core_stand_where_a_plugin_that_gives_them_as_they_are_has_them() -> None:
    ticket = Entity("ticket", "A request.", (field("ticket", "id"),))
    words = registry_of(plugins_with(entities=(("me", TARGET), ("me", ticket), ("me", FX_RATE))))
    assert (list(words.entities), words.problems) == (["target", "ticket", "fx_rate"], ())
    assert set(words.makers) == {("ticket", "id")}


def test_a_metric_is_found_by_id_in_any_case_and_by_its_aliases() -> None:
    words = given(("me", metric("mql_count", "KPI_MQL", "leads_ok")))
    for name in ("mql_count", "MQL_COUNT", " Mql_Count ", "mql", "MQL", "LEADS_OK"):
        assert words.metric(name).id == "mql_count"


def test_the_id_of_one_goes_before_the_alias_of_another() -> None:
    words = given(("me", metric("a", "KPI_B")), ("me", metric("b")))
    assert words.metric("b").id == "b"


def test_an_unknown_name_proposes_the_nearest() -> None:
    words = given(("me", metric("win_rate")))
    with pytest.raises(UnknownName, match=r"no KPI named 'win_rat'\. Did you mean 'win_rate'\?"):
        words.metric("win_rat")
    with pytest.raises(UnknownName, match=r"no dimension named 'reap'\. Did you mean 'rep'\?"):
        words.dimension("reap")
    with pytest.raises(UnknownName, match=r"no entity named 'leed'\. Did you mean 'lead'\?"):
        words.entity("leed")


@pytest.mark.parametrize("id", ["Win_Rate", "win-rate", "1st", "", "win rate", "gewinn_ß", "_x", "a;b"])
def test_an_id_that_is_no_function_name_is_refused(id: str) -> None:
    told = f"metric '{id}': its id is a text of lower-case letters, digits and underscores, not '{id}'."
    with pytest.raises(BadDefinition, match=f"^{re.escape(told)}$"):
        metric(id)


@pytest.mark.parametrize(
    "id", ["table", "explain", "target", "attainment", "asof", "list", "period", "live", "win_rate_calc", "x_calc"]
)
def test_an_id_that_is_a_spreadsheet_function_is_refused(id: str) -> None:
    with pytest.raises(BadDefinition, match=f"^metric '{id}': its id is reserved for a spreadsheet function.$"):
        metric(id)


def test_an_id_given_twice_is_refused_for_that_id_only_and_names_both() -> None:
    words = given(("one", metric("a")), ("two", metric("a")), ("two", metric("b")), ("three", metric("a")))
    assert set(words.metrics) == {"b"}
    assert {giver for giver, _, _ in told(words)} == {"one", "two", "three"}
    for _, item, problem in told(words):
        assert item == "a"
        assert problem == "metric 'a' is given by 'one' and 'two' and 'three': neither is used"


def test_a_refused_metric_says_why_when_it_is_asked_for() -> None:
    words = given(("one", metric("a")), ("two", metric("a")))
    with pytest.raises(BadDefinition, match="given by 'one' and 'two'"):
        words.metric("a")


def test_a_refused_metric_says_so_by_its_other_names_too() -> None:
    registry = given(("a", metric("mine", "KPI_FOO")), ("b", metric("mine", "bar")), ("c", metric("bar_rate", "baz")))
    for name in ("mine", "FOO", "bar"):
        with pytest.raises(BadDefinition, match="KPI 'mine': what a gives is refused"):
            registry.metric(name)
    assert registry.metric("baz").id == "bar_rate"


def test_an_alias_of_a_refused_metric_that_another_one_has_is_the_others() -> None:
    registry = given(("a", metric("mine", "KPI_FOO")), ("b", metric("mine")), ("c", metric("other", "KPI_FOO")))
    assert registry.metric("foo").id == "other"


def test_who_gave_a_metric_is_kept() -> None:
    assert given(("one", metric("a")), ("two", metric("b"))).givers == {"a": "one", "b": "two"}


def field(entity: str, name: str, kind: Type = Type.TEXT, **more: object) -> Field:
    return Field(entity, name, kind, "Meaning.", **more)  # type: ignore[arg-type]


def test_a_plugin_adds_fields_and_a_moment_brings_its_day() -> None:
    words = crm_registry(
        fields=(("me", field("opportunity", "signed_at", Type.MOMENT)), ("me", field("order", "shop")))
    )
    assert words.columns("opportunity")["signed_at"] is Type.MOMENT
    assert words.columns("opportunity")["signed_on"] is Type.DATE
    assert words.columns("order")["shop"] is Type.TEXT
    assert "shop" not in given().columns("order")


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (field("oportunity", "x"), "no entity named 'oportunity'"),
        (field("opportunity", "amount", Type.MONEY), "the entity has it already"),
    ],
)
def test_a_field_that_cannot_be_added_is_refused(bad: Field, problem: str) -> None:
    words = crm_registry(fields=(("me", bad), ("me", field("order", "shop"))))
    [(giver, item, found)] = told(words)
    assert (giver, item) == ("me", f"{bad.entity}.{bad.name}")
    assert problem in found
    assert "shop" in words.columns("order")


def test_a_plugin_adds_an_entity_and_a_dimension() -> None:
    ticket = Entity(
        "ticket",
        "A request.",
        (field("ticket", "id"), field("ticket", "owner_id", refers_to="user"), field("ticket", "shop", dimension=True)),
    )
    words = crm_registry(entities=(("me", ticket),), dimensions=(("me", Dimension("shop", "Shop.")),))
    assert words.entity("ticket").field("shop") is not None
    assert words.dimensions_of("ticket") == ("rep", "shop")
    assert words.key_of("ticket", "rep") == "owner_id"
    assert words.key_of("ticket", "shop") == ""
    assert words.columns("ticket")["rep"] is Type.TEXT


def test_the_entities_of_the_core_cannot_be_taken_over() -> None:
    words = crm_registry(
        entities=(("me", Entity("target", "Mine.", (field("target", "id"),))),),
        dimensions=(("me", Dimension("goal", "Mine.")),),
    )
    assert words.entity("target").meaning != "Mine."
    assert words.dimension("goal").meaning != "Mine."
    assert told(words) == [
        ("me", "target", "the entity 'target' is the core's own"),
        ("me", "goal", "the dimension 'goal' is the core's own"),
    ]


def test_dimensions_of_an_entity_are_its_references_and_its_own_name() -> None:
    words = given()
    assert {"rep", "team", "region", "channel", "stage", "loss_reason"} <= set(words.dimensions_of("opportunity"))
    assert "rep" not in words.dimensions_of("cost")
    assert "customer" in words.dimensions_of("customer")
    assert words.key_of("campaign", "campaign") == "id"
    assert words.key_of("opportunity", "customer") == "customer_id"


def test_an_entity_has_at_most_five_hundred_fields() -> None:
    many = tuple(Field("ticket", f"a_{number}", Type.TEXT, "A.") for number in range(501))
    words = crm_registry(entities=(("me", Entity("ticket", "Asked.", many, key=("a_0",))),))
    assert told(words) == [("me", "ticket", "entity 'ticket': it has more than 500 fields.")]
    entity = Entity("ticket", "Asked.", many[:500], key=("a_0",))
    words = crm_registry(entities=(("me", entity),), fields=(("you", many[500]),))
    assert told(words) == [("you", "ticket.a_500", "field 'ticket.a_500': the entity has 500 fields already.")]
