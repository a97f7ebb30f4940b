"""Own KPIs are answered like those of plugins; the numbers are those of the tiny company, by hand."""

from __future__ import annotations

import pytest

from kpicore import BadDefinition, UnknownName, open_workspace
from kpicore_crm.testing import DATA_TIME, tiny_company


def one(id: str, unit: str, input: str) -> str:
    return f'[metric.{id}]\nname = "{id}"\nunit = "{unit}"\ninputs.it = {{ {input} }}\n'


WON = "where = \"outcome = 'won'\""
BY_CLOSE = f'when = "closed_on", {WON}'
SUBSCRIBED = 'standing = "subscription", since = "started_on", until = "ended_on"'
WORDS = "\n".join(
    [
        one("deals", "count", f'count = "opportunity", {BY_CLOSE}'),
        one("won_amount", "money", f'total = "opportunity", value = "amount", {BY_CLOSE}'),
        one("buyers", "count", f'distinct = "opportunity", value = "customer_id", {BY_CLOSE}'),
        one("mean_deal", "money", f'average = "opportunity", value = "amount", {BY_CLOSE}'),
        one("middle_deal", "money", f'median = "opportunity", value = "amount", {BY_CLOSE}'),
        one("small_deal", "money", f'percentile = "opportunity", value = "amount", share = 0.25, {BY_CLOSE}'),
        one("last_deal", "money", f'latest = "opportunity", value = "amount", {BY_CLOSE}'),
        one("first_deal", "money", f'earliest = "opportunity", value = "amount", {BY_CLOSE}'),
        one("subscribed", "money/month", f'{SUBSCRIBED}, value = "monthly_amount"'),
        one("subscribed_before", "count", f'{SUBSCRIBED}, at = "start"'),
        one(
            "repeaters",
            "count",
            f'count = {{ per = "customer_id", of = {{ count = "opportunity", {BY_CLOSE} }} }}, where = "value >= 2"',
        ),
        one("rate", "share", 'metric = "win_rate.closed"'),
        one("rate_before", "share", 'earlier = "rate", step = "previous"'),
        one("goal", "money", 'target = "total_sales"'),
    ]
)


@pytest.mark.parametrize(
    ("id", "period", "value"),
    [
        ("deals", "2025-Q1", 4),
        ("won_amount", "2025-Q1", 1000),
        ("buyers", "2025-Q1", 2),
        ("mean_deal", "2025-Q1", 250),
        ("middle_deal", "2025-Q1", 250),
        ("small_deal", "2025-Q1", 175),
        ("last_deal", "2025-Q1", 400),
        ("first_deal", "2025-Q1", 100),
        ("subscribed", "2025-Q1", 150),
        ("subscribed", "2025-Q2", 170),
        ("subscribed_before", "2025-Q2", 2),
        ("repeaters", "2025-Q1", 2),
        ("rate", "2025-Q1", 4 / 6),
        ("rate_before", "2025-Q2", 4 / 6),
        ("goal", "2025-Q1", 1250),
    ],
)
def test_each_word_of_an_input_gives_its_number(own, id, period, value):
    with open_workspace(own(words=WORDS)) as workspace:
        (answer,) = workspace.get(id, period).answers
    assert answer.value == pytest.approx(value)


BIG = """
[metric.big_deal_share]
name = "Share of big deals"
unit = "share"
formula = "big / won"
inputs.big = { count = "opportunity", when = "closed_on", where = "outcome = 'won' and amount >= 300" }
inputs.won = { count = "opportunity", when = "closed_on", where = "outcome = 'won'", regardless_of = "rep" }
"""


def test_a_ratio_has_cuts_a_calculator_and_a_place_in_the_coverage(own):
    with open_workspace(own(sales=BIG)) as workspace:
        assert workspace.registry.givers["big_deal_share"] == "metrics/sales.toml"
        assert workspace.get("big_deal_share", "2025-Q1").values() == [0.5]
        # Bob won one deal of 300; the four deals of everybody are below it, whatever the rep.
        assert workspace.get("big_deal_share", "2025-Q1", where={"rep": "Bob Ray"}).values() == [0.25]
        assert workspace.calc("big_deal_share", 3, 12) == 0.25
        assert [each.computable for each in workspace.coverage() if each.metric == "big_deal_share"] == [True]


def test_an_own_field_is_made_at_the_next_load_and_cuts(own):
    folder = own(
        fields="""
        [field.opportunity.size]
        type = "text"
        meaning = "Big from 300 on."
        how = "case when amount >= 300 then 'big' else 'small' end"
        dimension = true
        """
    )
    with open_workspace(folder) as workspace:
        workspace.load([tiny_company(workspace.registry)], data_time=DATA_TIME)
        # Q1 closed: won 100, 200 (small), 300, 400 (big), lost 150 and 50 (small).
        assert workspace.get("win_rate", "2025-Q1", by="size").values() == [1, 0.5]


RATE = """
[metric.win_rate]
name = "Win rate of large deals"
unit = "share"
formula = "won / base"
inputs.won = { count = "opportunity", when = "closed_on", where = "outcome = 'won' and amount > 100" }
inputs.base = { count = "opportunity", when = "closed_on", where = "outcome in ('won', 'lost') and amount > 100" }
"""


def test_an_id_of_a_plugin_is_used_from_neither_unless_it_replaces(own):
    with open_workspace(own(sales=RATE)) as workspace, pytest.raises(BadDefinition) as refused:
        workspace.get("win_rate", "2025-Q1")
    assert str(refused.value) == (
        "KPI 'win_rate': what metrics/sales.toml gives is refused. 'winning' gives a KPI of this id, so neither is "
        "used. To use this one, write replaces = true."
    )
    # Above 100: won 200, 300, 400 and lost 150.
    with open_workspace(own(sales=RATE.replace('unit = "share"', 'unit = "share"\nreplaces = true'))) as workspace:
        assert workspace.get("win_rate", "2025-Q1").values() == [0.75]


def test_a_replacement_that_is_wrong_is_not_answered_by_the_plugin(own):
    text = RATE.replace('unit = "share"', 'unit = "shares"\nreplaces = true')
    with open_workspace(own(sales=text)) as workspace:
        with pytest.raises(BadDefinition, match=r"Line 4: no unit named 'shares'\. Did you mean 'share'\?"):
            workspace.get("win_rate", "2025-Q1")
        assert workspace.get("total_sales", "2025-Q1").answers[0].value is not None


def test_a_replacement_of_nothing_is_refused(own):
    text = RATE.replace("win_rate", "win_rote").replace('unit = "share"', 'unit = "share"\nreplaces = true')
    with open_workspace(own(sales=text)) as workspace, pytest.raises(BadDefinition, match="it replaces nothing"):
        workspace.get("win_rote", "2025-Q1")


def test_an_id_in_two_files_is_used_from_neither(own):
    told = r"given by 'metrics/a.toml' and 'metrics/b.toml': neither is used"
    with open_workspace(own(a=BIG, b=BIG)) as workspace, pytest.raises(BadDefinition, match=told):
        workspace.get("big_deal_share", "2025-Q1")


def test_another_name_of_a_plugins_kpi_is_refused(own):
    with open_workspace(own(sales=BIG.replace("big_deal_share", "mql"))) as workspace:
        assert [problem.problem for problem in workspace.registry.problems] == [
            "'mql' is another name of 'mql_count' already."
        ]


def test_a_file_that_is_wrong_as_a_whole_stops_and_says_where(own):
    with open_workspace(own(sales=BIG + "[metric.x\n")) as workspace, pytest.raises(BadDefinition) as refused:
        workspace.get("revenue", "2025-Q1")
    assert str(refused.value).startswith("metrics/sales.toml, line 8: this is no TOML: ")


def test_sql_in_a_definition_is_refused(own):
    text = BIG.replace("amount >= 300", "1 = 1; drop table kpi.opportunity")
    with open_workspace(own(sales=text)) as workspace, pytest.raises(BadDefinition, match="cannot read"):
        workspace.get("big_deal_share", "2025-Q1")


def test_without_a_folder_of_definitions_nothing_changes(loaded):
    with open_workspace(loaded) as workspace, pytest.raises(UnknownName):
        workspace.get("big_deal_share", "2025-Q1")
