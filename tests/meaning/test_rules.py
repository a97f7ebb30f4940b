"""Guards and joint rules: what several KPIs mean together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpicore import BadDefinition, Rule, earlier, metric, target
from kpicore.testing import problems_of
from tests.crm import SETTINGS, crm_registry
from tests.said import note_words

# Win rate 1 of 2 in the first quarter and 2 of 3 in the second, when 200 were sold of the 500 planned.
MISSED = {
    "opportunity": """
        id created_at closed_at  outcome amount
        o1 2025-01-02 2025-01-20 won     100
        o2 2025-01-02 2025-01-21 lost    100
        o3 2025-04-02 2025-04-20 won     150
        o4 2025-04-02 2025-04-21 won      50
        o5 2025-04-02 2025-04-22 lost    900
        o6 2025-06-30 -          open    900
    """,
    "target": """
        id kpi_id      period_grain period_start value
        t1 total_sales quarter      2025-04-01   500
    """,
}
HIGHER_GOAL = "        t2 win_rate    quarter      2025-04-01   0.9\n    "

# Cycle 35 days with nobody lost, then 10 days with one of two customers lost 20 days after closing.
FAST = {
    "opportunity": """
        id customer_id first_contact_at created_at closed_at  outcome amount
        o1 c1          2025-01-01       2025-01-01 2025-01-31 won     100
        o2 c2          2025-02-01       2025-02-01 2025-03-13 won     100
        o3 c3          2025-04-01       2025-04-01 2025-04-11 won     100
        o4 c4          2025-04-02       2025-04-02 2025-04-12 won     100
    """,
    "subscription": """
        customer_id started_on ended_on   monthly_amount
        c1          2025-02-01 -          10
        c2          2025-03-14 -          10
        c3          2025-04-11 2025-05-01 10
        c4          2025-04-12 -          10
    """,
}


def found(workspace, id, period, **cuts):
    return next(each for each in workspace.advise(period, cuts) if each.rule.id == id)


def test_won_often_and_target_missed_is_a_marketing_problem(company):
    told = found(company(MISSED), "marketing_not_sales", "2025-Q2")
    assert told.applies is True
    assert told.rule.action == "Add leads; the sales team is not what is short."
    numbers = [(number.what, number.value) for number in told.numbers]
    assert numbers == [
        ("win_rate.closed", pytest.approx(2 / 3)),
        ("win_rate.closed, 2025-Q1", 0.5),
        ("total_sales.booked", 200),
        ("target of total_sales.booked", 500),
    ]


def test_a_win_rate_below_its_own_target_is_not_high_whatever_it_was_before(company):
    tables = {**MISSED, "target": MISSED["target"].rstrip() + "\n" + HIGHER_GOAL}
    told = found(company(tables), "marketing_not_sales", "2025-Q2")
    assert (told.applies, told.numbers[1].what, told.numbers[1].value) == (False, "target of win_rate.closed", 0.9)


def test_without_a_sales_target_it_cannot_be_told_and_the_reason_says_so(company):
    told = found(company(MISSED), "marketing_not_sales", "2025-Q1")
    assert told.applies is None
    assert any(part in note_words(told.reason) for part in ("was loaded for", "no target"))


def test_a_rule_about_the_end_waits_for_it(company):
    told = found(company(MISSED), "marketing_not_sales", "2025-Q3")
    assert (told.applies, note_words(told.reason)) == (None, "2025-Q3 is not over")


def test_few_mqls_are_a_red_alarm(opened):
    told = found(opened, "red_alarm_mqls", "2025-Q2")  # 1 after 5
    assert (told.applies, [number.value for number in told.numbers]) == (True, [1, 5])


def test_the_red_alarm_is_about_months_and_quarters(opened):
    told = found(opened, "red_alarm_mqls", "2025")
    assert (told.applies, note_words(told.reason)) == (None, "it is about a month or a quarter or a fiscal quarter")


def test_when_sales_accepts_few_mqls_a_joint_meeting_is_due(opened):
    told = found(opened, "qualified_means_two_things", "2025-Q2")  # 0 of 1 after 3 of 5
    assert (told.applies, [number.value for number in told.numbers]) == (True, [0, 0.6])
    assert told.rule.action.startswith("Hold a joint meeting")


def test_a_shorter_cycle_that_loses_customers_is_no_gain(company):
    workspace = company(FAST, active_rule="subscription")
    told = found(workspace, "closed_too_fast", "2025-Q2")
    assert told.applies is True
    assert [number.value for number in told.numbers] == [10, 35, 0.5, 0]


def test_the_answer_names_a_guard_that_is_bad_with_its_value_for_the_same_period(company):
    workspace = company(FAST, active_rule="subscription")
    (record,) = workspace.get("sales_cycle", "2025-Q2", guards=True).records()
    assert record["value"] == 10
    (guard,) = record["guards"]
    assert (guard["kpi"], guard["value"], guard["n"]) == ("post_close_churn", 0.5, 2)
    assert (guard["bad"], guard["why"]) == (True, "0.0% in 2025-Q1")


def test_guards_are_asked_for_only_on_request(opened):
    assert "guards" not in opened.get("sales_cycle", "2025-Q1").records()[0]


def test_a_guard_is_judged_by_its_band_before_anything_else(opened):
    (record,) = opened.get("win_rate", "2025-Q1", guards=True).records()
    guards = {each["kpi"]: (each["bad"], each["why"]) for each in record["guards"]}
    assert guards["target_attainment.money"] == (True, "poor: Below the target.")  # 1,000 of 1,250


def test_a_guard_without_a_number_says_why(opened):
    (record,) = opened.get("total_sales", "2025-Q1", guards=True).records()
    guards = {each["kpi"]: (each["value"], each["bad"], each["why"]) for each in record["guards"]}
    assert guards["collection_rate.contracted"] == (None, None, "not loaded: no contract was loaded")


def test_a_guard_that_cannot_be_cut_as_the_answer_says_so_and_the_answer_stands(opened):
    # a cost belongs to no rep, so there is no CAC of one
    (record,) = opened.get("new_customers", "2025-Q1", where={"rep": "Bob Ray"}, guards=True).records()
    told = {each["kpi"]: (each["value"], each["bad"], each["why"]) for each in record["guards"]}
    assert (record["value"], record["reason"]) == (0, None)
    assert told["cac"][:2] == (None, None)
    assert told["cac"][2].startswith("'cac.fully_loaded' cannot be cut by rep")


def test_on_screen_guards_stand_below_with_a_verdict_in_words(run):
    shown = run("get", "win_rate", "--period", "2025-Q2", "--guards").stdout
    lines = {line.split()[0]: line for line in shown.splitlines() if line.split()}
    assert " bad " in lines["opportunities_created.created"]  # 4 after 8
    assert " fine " in lines["target_attainment.money"]  # 1,220 of 1,220


def test_advise_tells_what_applies_with_its_numbers_and_what_cannot_be_told(run):
    shown = run("advise", "--period", "2025-Q2").stdout
    assert "! poor  Red alarm: few MQLs for the next quarter" in shown
    assert "mqls before 5 (mql_count, 2025-Q1, n 5)" in shown
    assert "– Fewer new leads than planned: cannot be told, target of new_leads: no target" in shown


def test_advise_as_json_holds_every_rule(run_json):
    records = {each["rule"]: each for each in run_json("advise", "--period", "2025-Q2")}
    alarm = records["red_alarm_mqls"]
    assert (alarm["applies"], alarm["status"], alarm["period"], alarm["about"]) == (
        True,
        "poor",
        "2025-Q2",
        "mql_count",
    )
    assert records["growth_costs_too_much"]["status"] is None  # 900 against 1,100
    assert len(records) >= 12


def rule(**given):
    inputs = {"now": metric("won_deals"), "before": earlier("won_deals", "previous")}
    usual = {"about": "won_deals", "when": "now < before", "meaning": "Fewer.", "name": "Fewer deals", "inputs": inputs}
    return Rule("fewer", **{**usual, **given})


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"when": "now < befor"}, "befor"),
        ({"when": "now"}, "condition"),
        ({"inputs": {"now": metric("win_rate.close"), "before": target("won_deals")}}, "Did you mean 'closed'?"),
    ],
)
def test_a_rule_that_does_not_stand_is_told_and_the_others_work(opened, given, problem):
    opened.registry = replace(opened.registry, rules=(("test", rule(**given)), ("test", rule())))
    broken, sound = opened.advise("2025-Q2")
    assert (broken.applies, sound.applies) == (None, True)  # 3 won after 4
    assert problem in note_words(broken.reason)
    registry = replace(opened.registry, rules=(("test", rule(**given)),))
    (told,) = problems_of(registry, SETTINGS)
    assert (told.giver, told.item) == ("test", "rule fewer")
    assert problem in told.problem


def test_a_rule_may_speak_of_a_kpi_that_is_not_installed_and_then_says_so(opened):
    absent = rule(inputs={"now": metric("won_deal"), "before": metric("won_deals")})
    opened.registry = replace(opened.registry, rules=(("test", absent),))
    (told,) = opened.advise("2025-Q2")
    assert (told.applies, note_words(told.reason)) == (None, "no KPI named 'won_deal'. Did you mean 'won_deals'?")
    assert problems_of(opened.registry, SETTINGS) == []


def test_two_plugins_with_a_rule_of_one_id_are_both_refused():
    registry = crm_registry(rules=(("one", rule()), ("two", rule())))
    assert registry.rules == ()
    assert {problem.giver for problem in registry.problems} == {"one", "two"}


@pytest.mark.parametrize("wrong", [{"id": "Few deals"}, {"status": "red"}])
def test_a_rule_with_a_wrong_id_or_status_cannot_be_made(wrong):
    given = {"id": "fewer", "name": "", "about": "deals", "when": "now > 1", "inputs": {"now": metric("deals")}}
    with pytest.raises(BadDefinition):
        Rule(**{**given, "meaning": "", **wrong})


def test_all_rules_of_the_articles_stand(registry):
    assert len(registry.rules) >= 12
    assert [problem for problem in problems_of(registry, SETTINGS) if problem.item.startswith("rule")] == []
