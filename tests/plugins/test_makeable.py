"""A newcomer's field that cannot be made is refused and told, and no load stops at it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kpicore import COUNT, Metric, Plugins, Workspace, load_plugins, read_config, total
from kpicore.testing import registry_of
from kpicore_crm.testing import load_tiny_company
from tests.plugins.conftest import BUILT_IN, Install

HEAD = "from kpicore import Dimension, Entity, Field, FirstSince, LookUp, RollUp, Type, earliest, total\n"


def given(install: Install, fields: str, *, entities: str = "") -> Plugins:
    hooks = f"@hookimpl\ndef kpi_fields():\n    return [{fields}]\n"
    hooks += f"@hookimpl\ndef kpi_entities():\n    return [{entities}]\n"
    return load_plugins((), found=[*install("mine", HEAD + hooks), *BUILT_IN])


def refused(plugins: Plugins) -> dict[str, str]:
    return {problem.item: problem.problem for problem in plugins.contributions.problems if problem.giver == "mine"}


UNMADE = {
    'how=("amonut",)': "cannot read 'amonut'",
    'how=("amount *",)': "cannot read 'amount *'",
    'how=("name",)': "it is text, and the field is money",
    'how=("amount * setting.rate",)': "no setting named 'setting.rate'",
    'how=("amount * period.days",)': "cannot read 'amount * period.days'",
    'how=("size",)': "it is made from itself",
    'how=(LookUp("customer_id", "customer", "sise"),)': "no field named 'sise' in entity 'customer'",
    'how=(LookUp("customer_id", "custoner", "size"),)': "no entity named 'custoner'",
    'how=(RollUp("deal_id", total("order", "amount")),)': "no field named 'deal_id' in entity 'order'",
    'how=(RollUp("opportunity_id", total("ordr", "amount")),)': "no entity named 'ordr'",
    'how=(FirstSince("customer_id", "order", "customer_id", "ordered_on", "closed_on"),)': "the field is money",
    'how=(LookUp("customer_id", "customer", "name"),)': "what it is made from is text, and the field is money",
    'how=(RollUp("opportunity_id", total("order", "id")),)': "'total' of 'id' is not a number",
    'how=(RollUp("opportunity_id", total("order", "amount", where="\'x\'")),)': "where=''x'' is no condition",
    'how=(RollUp("opportunity_id", total("order", "")),)': "'total' needs a value",
    'how=(RollUp("opportunity_id", earliest("order", "amount", when="")),)': "'earliest' needs a when",
    'how=(RollUp("opportunity_id", earliest("order", "ordered_on", when="ordered_on")),)': "made from is date",
    'settled="amonut"': "cannot read 'amonut'",
    'ends="began_on"': "no field named 'began_on'",
}


@pytest.mark.parametrize("way", UNMADE)
def test_a_field_that_cannot_be_made_is_told_and_leaves_the_entities_as_they_are(install, way):
    plugins = given(install, f'Field("opportunity", "size", Type.MONEY, "Size.", {way})')
    (problem,) = refused(plugins).items()
    assert problem[0] == "opportunity.size"
    assert UNMADE[way] in problem[1]
    assert "\n" not in problem[1]
    alone = load_plugins((), found=BUILT_IN)
    assert registry_of(plugins).entities == registry_of(alone).entities


def test_no_load_and_no_answer_stops_at_fields_that_cannot_be_made(install, tmp_path):
    fields = ",".join(f'Field("order", "size_{at}", Type.MONEY, "S.", {way})' for at, way in enumerate(UNMADE))
    load_tiny_company(tmp_path)
    with Workspace(read_config(tmp_path), given(install, fields)) as workspace:
        workspace.remake(everything=True)
        assert workspace.get("won_deals", "2025").answers[0].value == 7


def test_what_is_made_from_a_field_that_cannot_be_is_told_too_and_what_is_not_stays(install):
    fields = """
        Field("order", "sound", Type.MONEY, "Sound.", how=("amount",)),
        Field("order", "seen_at", Type.MOMENT, "Day.", how=("nothing",)),
        Field("order", "second", Type.DATE, "Made of the day.", how=("seen_on",)),
        Field("customer", "third", Type.DATE, "Looked up.", how=(LookUp("last_order_id", "order", "second"),)),
        Field("customer", "last_order_id", Type.TEXT, "Order."),
    """
    plugins = given(install, fields)
    assert list(refused(plugins)) == ["order.seen_at", "order.second", "customer.third"]
    assert refused(plugins)["order.second"] == (
        "field 'order.second': it is made from 'order.seen_at', which cannot be."
    )
    registry = registry_of(plugins)
    assert registry.entity("order").field("sound") is not None
    assert registry.entity("customer").field("last_order_id") is not None


def test_an_entity_whose_key_cannot_be_made_takes_those_along_that_read_it(install):
    entity = 'Entity("call", "A call.", (Field("call", "id", Type.TEXT, "Number.", how=("nothing",)),))'
    fields = 'Field("order", "call", Type.TEXT, "Call.", how=(LookUp("id", "call", "id"),))'
    plugins = given(install, fields, entities=entity)
    assert list(refused(plugins)) == ["call.id", "order.call"]
    registry = registry_of(plugins)
    assert "call" not in registry.entities
    assert [problem.problem for problem in registry.problems if problem.item == "call"] == [
        "entity 'call': it has no field 'id'."
    ]


def test_a_setting_of_the_plugin_and_a_field_of_its_own_entity_can_be_read(install):
    source = f"""{HEAD}
from kpicore import Setting

@hookimpl
def kpi_settings():
    yield Setting("rate", Type.NUMBER, "Rate.", 2)

@hookimpl
def kpi_fields():
    yield Field("opportunity", "size", Type.MONEY, "Size.", how=("amount * setting.rate",))
    yield Field("opportunity", "calls", Type.TEXT, "Call.", how=(LookUp("id", "call", "id"),))

@hookimpl
def kpi_entities():
    yield Entity("call", "A call.", (Field("call", "id", Type.TEXT, "Number."),))
"""
    plugins = load_plugins((), found=[*install("mine", source), *BUILT_IN])
    assert plugins.contributions.problems == ()


def test_of_a_chain_of_hundreds_all_are_told(install, tmp_path: Path):
    fields = ",".join(f'Field("order", "a{at}", Type.MONEY, "A.", how=("a{at + 1}",))' for at in range(200))
    assert len(refused(given(install, fields))) == 200


def test_a_field_reads_no_field_or_setting_of_one_workspace_alone_but_one_that_it_fills(install, tmp_path):
    load_tiny_company(tmp_path)
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "mine.toml").write_text(
        '[field.opportunity.worth]\ntype = "money"\nmeaning = "Worth."\nreplaces = true\nhow = ["amount * 2"]\n'
        '[field.opportunity.own]\ntype = "money"\nmeaning = "Own."\nhow = ["amount * setting.own_rate"]\n'
    )
    with (tmp_path / "kpi.toml").open("a") as out:
        out.write("[settings]\nown_rate = 3\n")
    fields = """
        Field("opportunity", "worth", Type.MONEY, "Filled by the workspace."),
        Field("opportunity", "more", Type.MONEY, "More.", how=("worth + 1",)),
        Field("opportunity", "of_own", Type.MONEY, "Of its own.", how=("own + 1",)),
        Field("opportunity", "of_setting", Type.MONEY, "Of its own.", how=("amount * setting.own_rate",)),
    """
    plugins = given(install, fields)
    assert list(refused(plugins)) == ["opportunity.of_own", "opportunity.of_setting"]
    won = {"when": "closed_on", "where": "outcome = 'won'"}
    more = Metric("more", "More", COUNT, inputs={"n": total("opportunity", "more", **won)})
    own = Metric("own", "Own", COUNT, inputs={"n": total("opportunity", "own", **won)})
    metrics = (*plugins.contributions.metrics, ("mine", more), ("mine", own))
    joined = replace(plugins, contributions=replace(plugins.contributions, metrics=metrics))
    with Workspace(read_config(tmp_path), joined) as workspace:
        # four deals were won in the quarter: 100, 200, 300 and 400
        assert [answer.value for answer in workspace.get(["more", "own"], "2025-Q1").answers] == [2004, 3000]
