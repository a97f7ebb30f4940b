"""Bands: what one number means by itself. The limits are those of the articles."""

from __future__ import annotations

import pytest

from kpicore import COUNT, HIGHER, LOWER, NEUTRAL, SHARE, Band, Metric, Note, attainment, count, judged


@pytest.mark.parametrize(
    ("value", "status", "meaning"),
    [
        (0.99, "poor", "A customer costs more than it brings."),
        (1, "poor", "Probably no profit."),
        (2.99, "fair", "Below the industry standard."),
        (3, "good", "The industry standard for SaaS."),
        (4.99, "good", "The industry standard for SaaS."),
        (5, "good", "Excellent."),
    ],
)
def test_ltv_to_cac_is_no_profit_at_1_the_standard_at_3_and_excellent_at_5(registry, answer, value, status, meaning):
    found = judged(answer("ltv_cac", value), registry.metric("ltv_cac"))
    assert (found.status, found.meaning) == (status, meaning)


def test_at_5_the_action_is_to_invest_in_marketing(registry, answer):
    assert judged(answer("ltv_cac", 5), registry.metric("ltv_cac")).action == "Invest more in marketing."


@pytest.mark.parametrize(("value", "status"), [(0.6999, "poor"), (0.70, "good"), (1, "good")])
def test_seven_of_ten_promoters_meet_expectations(registry, answer, value, status):
    assert judged(answer("promoter_share", value), registry.metric("promoter_share")).status == status


@pytest.mark.parametrize(("value", "status"), [(4.99, "good"), (5, "fair"), (6.99, "fair"), (7, "poor")])
def test_a_new_customer_usually_costs_5_to_7_times_a_kept_one(registry, answer, value, status):
    metric = registry.metric("acquisition_retention_cost_ratio")
    assert judged(answer(metric, value), metric).status == status


def test_without_a_value_or_without_a_band_there_is_no_status(registry, answer):
    assert judged(answer("ltv_cac", None), registry.metric("ltv_cac")) is None
    assert judged(answer("win_rate", 0.4), registry.metric("win_rate")) is None


def metric_with(*bands, better=HIGHER, **more):
    return Metric("it", name="It", unit=SHARE, better=better, bands=bands, action="Act.", **more)


THREE = (Band("low", below=0.2), Band("middle", above=0.2, below=0.4), Band("high", above=0.4))


@pytest.mark.parametrize(
    ("better", "statuses"),
    [(HIGHER, ["poor", "fair", "good"]), (LOWER, ["good", "fair", "poor"]), (NEUTRAL, ["", "", ""])],
)
def test_bands_without_a_status_are_told_by_the_direction(answer, better, statuses):
    metric = metric_with(*THREE, better=better, inputs={"deals": count("opportunity", when="closed_on")})
    assert [judged(answer(metric, value), metric).status for value in (0.1, 0.3, 0.5)] == statuses


def test_a_poor_band_without_an_action_of_its_own_takes_that_of_the_kpi(answer):
    metric = metric_with(*THREE, inputs={"deals": count("opportunity", when="closed_on")})
    assert [judged(answer(metric, value), metric).action for value in (0.1, 0.5)] == ["Act.", ""]


def test_a_value_between_bands_has_no_status(answer):
    metric = metric_with(THREE[0], THREE[2], inputs={"deals": count("opportunity", when="closed_on")})
    assert judged(answer(metric, 0.3), metric) is None


def test_bands_are_in_the_unit_of_the_kpi_so_a_variant_in_another_unit_has_none(answer):
    from kpicore import Variant

    deals = {"deals": count("opportunity", when="closed_on")}
    metric = metric_with(*THREE, variants={"share": deals, "count": Variant(deals, unit=COUNT)})
    assert judged(answer(metric, 0.1, variant="share"), metric).status == "poor"
    assert judged(answer(metric, 0.1, variant="count"), metric) is None


def test_a_target_is_missed_only_when_its_period_is_over(registry, answer):
    metric = registry.metric("target_attainment")
    assert judged(answer(metric, 0.9), metric).status == "poor"
    to_date = judged(answer(metric, 0.9, notes=(Note.of("to_date", elapsed=80, days=92),)), metric)
    assert (to_date.status, to_date.meaning) == ("", "Not reached yet: the period is in progress.")
    assert judged(answer(metric, 1, notes=(Note.of("to_date", elapsed=80, days=92),)), metric).status == "good"


def test_attainment_is_target_by_value_where_lower_is_better():
    assert attainment(90, 120, HIGHER) == 0.75
    assert attainment(80, 60, LOWER) == 0.75
    assert attainment(0, 60, LOWER) is None
    assert attainment(None, 60, HIGHER) is None


def test_each_record_of_get_holds_status_meaning_and_action(run_json):
    (found,) = run_json("get", "promoter_share", "--period", "2025-Q1")  # 10, 9 and 3: two of three
    assert (found["status"], found["meaning"]) == ("poor", "Below expectations.")
    assert found["action"] == "Ask those who gave less than 9 what was lacking."
    (found,) = run_json("get", "win_rate", "--period", "2025-Q1")
    assert (found["status"], found["meaning"], found["action"]) == (None, None, None)


@pytest.mark.parametrize(("kpi", "better"), [("win_rate", True), ("won_deals", False), ("lost_deals", True)])
def test_against_the_period_before_a_record_tells_whether_it_is_better(run_json, kpi, better):
    # won 4 of 6 and then 3 of 4; lost 2 and then 1
    (found,) = run_json("get", kpi, "--period", "2025-Q2", "--compare", "previous")
    assert found["better"] is better


def test_on_screen_a_status_is_a_word_with_its_meaning_and_not_a_colour_alone(run):
    shown = run("get", "promoter_share", "--period", "2025-Q1").stdout
    assert "! poor" in shown
    assert "! poor · Below expectations. → Ask those who gave less than 9 what was lacking." in shown


def test_in_a_table_of_months_a_mark_stands_in_the_cell_and_its_meaning_below(run):
    shown = run("get", "ltv_cac", "target_attainment", "--period", "2025-Q1..2025-Q2", "--grain", "quarter").stdout
    assert "0.8" not in shown and "80.0% (4) !" in shown  # 1,000 of 1,250
    assert "+ good · target_attainment: Target reached." in shown  # 1,220 of 1,220


def test_explain_tells_the_status_too(run):
    assert "! poor · Below expectations." in run("explain", "promoter_share", "--period", "2025-Q1").stdout


def test_show_lists_the_bands_with_their_status(run):
    assert "3 to 5  + good · The industry standard for SaaS." in run("show", "ltv_cac").stdout
