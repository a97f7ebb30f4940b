"""Targets: found for exactly what they are set for, paced by working days, refused with one clear line."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner

from kpicore import open_workspace
from kpicore.calendar.working_days import WorkingDays
from kpicore.cli.check import check
from kpicore.cli.explain import explain
from kpicore.config.reader import written_targets
from kpicore.targets.problems import written_problems
from kpicore.testing import TinySource, batch
from tests.crm import crm_registry
from tests.said import WORDING, note_texts, note_words
from tests.targets.conftest import Company

THREE = """
    id kpi_id      period  value owner_id
    t1 total_sales 2026-Q3 700   -
    t2 total_sales 2026-Q3 500   u1
    t3 win_rate    2026-Q2 0.4   -
"""


MORE = """
    id kpi_id      period  value owner_id
    t1 win_rate    2026-Q3 0.5   -
    t2 sales_cycle 2026-Q3 17    -
    t3 total_sales 2026-Q3 0     -
    t4 total_sales 2026-Q3 250   bob~ray
    t5 total_sales 2026-Q3 90    u3
    t6 won_deals   2026-Q3 4     -
"""


def test_a_period_key_tells_the_period_of_a_target(company: Company) -> None:
    assert company(THREE).target("total_sales", "2026-Q3").value == 700


def test_a_target_is_that_of_exactly_the_cuts_and_is_never_split(company: Company) -> None:
    found = company(THREE)
    assert found.target("total_sales", "2026-Q3", {"rep": "Ann Lee"}).value == 500
    for period, cuts in (
        ("2026-Q3", {"rep": "Bob Ray"}),
        ("2026-07", {}),
        ("2026-Q3", {"rep": ["Ann Lee", "Bob Ray"]}),
    ):
        none = found.target("total_sales", period, cuts)
        assert (none.value, none.reason) == (None, "no_target"), (period, cuts)


def test_a_target_of_a_kpi_is_that_of_its_default_variant_only(company: Company) -> None:
    found = company(THREE)
    assert found.target("win_rate.closed", "2026-Q2").value == 0.4
    assert found.target("win_rate.created", "2026-Q2").reason == "no_target"


def test_two_targets_for_one_thing_are_a_reason_and_not_a_sum(company: Company) -> None:
    found = company(THREE + "    t4 total_sales 2026-Q3 900 -\n")
    twice = found.target("total_sales", "2026-Q3")
    assert (twice.value, twice.reason) == (None, "ambiguous_target")
    assert (
        note_words(twice.detail)
        == "several targets for total_sales in 2026-Q3: 700 (target 't1') and 900 (target 't4')"
    )
    [answer] = found.get("target_attainment", "2026-Q3").answers
    assert (answer.value, answer.reason) == (None, "ambiguous_target")
    assert found.target_problems() == [note_words(twice.detail)]


def test_the_same_target_given_twice_is_that_target(company: Company) -> None:
    assert company(THREE + "    t4 total_sales 2026-Q3 700 -\n").target("total_sales", "2026-Q3").value == 700


@pytest.mark.parametrize("set_for", ["2026-Q3", "FY2026-Q3", "2026-07..2026-09", "2026-07-01..2026-09-30", "Q3~2026"])
@pytest.mark.parametrize("asked", ["2026-Q3", "FY2026-Q3", "2026-07..2026-09", "FY2026-M07..FY2026-M09", "Q3 2026"])
def test_a_target_is_found_for_its_days_however_they_are_written(company: Company, set_for: str, asked: str) -> None:
    found = company(THREE.replace("total_sales 2026-Q3", f"total_sales {set_for}"))
    assert found.target("total_sales", asked).value == 700
    assert found.target("total_sales", "qtd").reason == "no_target"
    assert [attainment.target for attainment in found.attainments(asked)] == [700, 500]


def test_of_two_targets_for_the_same_days_the_one_under_the_key_as_written_wins(company: Company) -> None:
    found = company(THREE + "    t4 total_sales FY2026-Q3 900 -\n")
    assert found.target("total_sales", "2026-Q3").value == 700
    assert found.target("total_sales", "FY2026-Q3").value == 900
    assert found.target("total_sales", "2026-07-01..2026-09-30").value == 700  # that is 2026-Q3
    assert found.target_problems() == [
        "several targets for total_sales in 2026-Q3: 700 (target 't1', 2026-Q3) and 900 (target 't4', FY2026-Q3)"
    ]


def test_two_unequal_targets_under_other_keys_are_named(company: Company) -> None:
    found = company("id kpi_id period value\nt1 total_sales 2026-Q3 700\nt2 total_sales 2026-07..2026-09 800")
    twice = found.target("total_sales", "FY2026-Q3")
    assert (twice.value, twice.reason) == (None, "ambiguous_target")
    assert (
        note_words(twice.detail)
        == "several targets for total_sales in FY2026-Q3: 700 (target 't1') and 800 (target 't2')"
    )


def test_a_target_in_progress_is_paced_by_working_days(company: Company) -> None:
    # expected by now 700 x 51 / 66 = 540.909; 632 of it are 116.84 %
    found = company(THREE).attainment("total_sales", "2026-Q3")
    assert (found.elapsed, found.working_days) == (51, 66)
    assert found.value == pytest.approx(0.902857, abs=1e-6)
    assert found.expected == pytest.approx(540.909091, abs=1e-6)
    assert found.pace == pytest.approx(1.168404, abs=1e-6)
    assert WORDING.attained(found) == "632 of 700, 117% of pace (51 of 66 working days)"


def test_working_days_and_holidays_are_those_of_the_calendar(company: Company) -> None:
    # Without Fridays Q3 has 66 - 13 days and 51 - 10 so far; Labor Day was a Monday.
    days = 'working_days = ["monday", "tuesday", "wednesday", "thursday"]\nholidays = [2026-09-07, 2026-09-05]\n'
    found = company(THREE, f"[calendar]\n{days}").attainment("total_sales", "2026-Q3")
    assert (found.elapsed, found.working_days) == (40, 52)


def test_a_period_that_is_over_has_no_pace_to_tell(company: Company) -> None:
    found = company(THREE).attainment("win_rate", "2026-Q2")
    assert (found.value, found.in_progress) == (1.25, False)
    assert WORDING.attained(found) == "50.0% of 40.0%, 125% attained"


def test_a_rate_is_expected_whole_from_the_first_day_on(company: Company) -> None:
    found = company(MORE).attainment("win_rate", "2026-Q3")
    assert found.value == found.pace == pytest.approx(4 / 3)


def test_where_lower_is_better_attainment_is_target_by_actual(company: Company) -> None:
    # won deals of Q3 took 19 and 49 days: 34 on average, of a target of 17
    found = company(MORE).attainment("sales_cycle", "2026-Q3")
    assert (found.answer.value, found.value) == (34, 0.5)


def test_a_target_of_zero_has_no_attainment_but_a_reason(company: Company) -> None:
    found = company(MORE)
    assert found.attainment("total_sales", "2026-Q3").reason == "zero_denominator"
    assert found.get("target_attainment", "2026-Q3").answers[0].reason == "zero_denominator"


def test_a_rep_may_be_named_in_a_target(company: Company) -> None:
    found = company(MORE)
    assert found.target("total_sales", "2026-Q3", {"rep": "u2"}).value == 250
    assert [member.label for member in found.warehouse.members("rep")] == ["Ann Lee", "Bob Ray", "Cy Dunn"]


def test_a_new_rep_without_a_deal_has_a_target(company: Company) -> None:
    found = company(MORE)
    assert found.attainment("total_sales", "2026-Q3", {"rep": "Cy Dunn"}).value == 0


BAD = """
    id kpi_id          period  period_grain period_start value channel owner_id
    t1 totl_sales      2026-Q3 -            -            1     -       -
    t2 win_rate.creatd 2026-Q3 -            -            1     -       -
    t3 total_sales     2026-Q5 -            -            1     -       -
    t4 total_sales     ytd     -            -            1     -       -
    t5 total_sales     2026-Q3 -            -            -1    -       -
    t6 total_sales     2026-Q3 -            -            -     -       -
    t7 total_sales     2026-Q3 -            -            1     wbe     -
    t8 total_sales     -       quarter      2026-08-01   1     -       -
    t9 total_sales     2026-Q3 -            -            250   -       Bpb~Ray
    ta total_sales     2026-Q3 month        -            1     -       -
"""


@pytest.mark.parametrize(
    "told",
    [
        "target 't1': no KPI named 'totl_sales'. Did you mean 'total_sales'?",
        "target 't2': no variant named 'creatd' in KPI 'win_rate'. Did you mean 'created'?",
        "target 't3': period '2026-Q5': 2026 has no quarter 5. Write ",
        "target 't4': period 'ytd': means another period every day. Write ",
        "target 't5': its value -1 is negative. Write what is to be reached.",
        "target 't6': it has no value. Write a number.",
        "target 't7': no channel named 'wbe'. Did you mean 'web'?",
        "target 't8': period '2026-08-01': is not the first day of a quarter. Did you mean 2026-07-01?",
        "target 't9' is left out: no rep named 'Bpb Ray'. Did you mean 'Bob Ray'?",
        "target 'ta': period '2026-Q3': is longer than a month. Leave period_grain out",
    ],
)
def test_a_target_that_cannot_be_is_one_clear_line(company: Company, told: str) -> None:
    [line] = [problem for problem in company(BAD).target_problems() if problem.startswith(told[:11])]
    assert line.startswith(told)


def test_a_target_for_nobody_never_counts_for_all(company: Company) -> None:
    assert company(BAD).target("total_sales", "2026-Q3").reason == "no_target"


WRITTEN = """
[[target]]
kpi = "total_sales"
period = "2026-Q3"
value = 700
[[target]]
kpi = "total_sales"
period = "2026-Q3"
rep = "ann lee"
value = 500
"""


def test_targets_stand_in_kpi_toml_and_in_targets_toml(company: Company) -> None:
    found = company("", WRITTEN, '[[target]]\nkpi = "won_deals"\nperiod = "2026-Q3"\nvalue = 4\n')
    assert found.target("total_sales", "2026-Q3", {"rep": "Ann Lee"}).value == 500
    assert found.get("target_attainment.volume", "2026-Q3").answers[0].value == 0.5


def test_a_written_target_that_cannot_be_tells_where_it_stands(company: Company) -> None:
    found = company("", WRITTEN.replace("ann lee", "anne").replace("value = 700", 'value = "700"'))
    assert found.target_problems() == [
        "kpi.toml target 1: its value '700' is no number. Write it without quotes, as 700000.",
        "kpi.toml target 2: no rep named 'anne'. Did you mean 'Ann Lee'?",
    ]


@pytest.mark.parametrize("held", ['{ password = "hunter-2" }', '[["hunter-2"]]', '[{ token = "hunter-2" }]'])
@pytest.mark.parametrize(
    "key", ["id", "kpi", "period", "value", "unit", "parent", "weight", "reached", "rep", "channel"]
)
def test_of_a_table_in_a_target_a_message_tells_only_that_it_is_one(tmp_path, company: Company, key, held) -> None:
    lines = {"kpi": '"total_sales"', "period": '"2026-Q3"', "value": "700", key: held}
    text = "[[target]]\n" + "\n".join(f"{name} = {value}" for name, value in lines.items())
    (told,) = company("", text).target_problems()
    holds = "a table" if "{" in held and (key in ("rep", "channel") or held[0] == "{") else "a list"
    assert told == f"kpi.toml target 1: its {key} holds {holds}. Write a text, a number or a day."
    (tmp_path / "kpi.toml").write_text(text, encoding="utf-8")
    with open_workspace(tmp_path) as without_data:
        asked = without_data.definitions, without_data.calendar
        assert written_problems(written_targets(without_data.config), *asked) == [told]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999", "0x" + "f" * 300])
def test_a_target_that_no_number_reaches_is_refused(company: Company, value) -> None:
    for key in ("value", "weight", "progress", "reached"):
        lines = {"kpi": '"total_sales"', "period": '"2026-Q3"', "value": "700", key: value}
        text = "[[target]]\n" + "\n".join(f"{name} = {given}" for name, given in lines.items())
        assert company("", text).target_problems() == [
            f"kpi.toml target 1: its {key} is no number that can be reached. Write it as 700000."
        ]


def test_what_an_import_of_targets_got_wrong_stands_in_its_report(tmp_path) -> None:
    (tmp_path / "kpi.toml").write_text("")
    row = batch(crm_registry(), "target", "id kpi_id period value\n t1 totl_sales 2026-Q3 1")
    with open_workspace(tmp_path) as found:
        report = found.load([TinySource("targets", (row,))])
    assert note_texts(report.entity("target").notes) == (
        "target 't1': no KPI named 'totl_sales'. Did you mean 'total_sales'?",
    )


def test_working_days_between_days_leave_out_weekends_and_holidays() -> None:
    week = WorkingDays(holidays=frozenset({date(2026, 12, 25)}))
    assert week.between(date(2026, 12, 21), date(2026, 12, 28)) == 4
    assert week.between(date(2026, 12, 26), date(2026, 12, 28)) == 0
    assert week.between(date(2026, 12, 1), date(2027, 1, 1)) == 22
    assert week.between(date(2027, 1, 1), date(2026, 12, 1)) == 0


def test_what_is_still_needed_is_the_rest_of_the_target_by_the_earlier_win_rate(company: Company) -> None:
    # Q2: 2 created, 1 won of them; 4 - 2 deals are lacking
    found = company(MORE)
    assert found.get("required_opportunities", "2026-Q3").answers[0].value == 8
    assert found.get("required_opportunities.remaining", "2026-Q3").answers[0].value == 4
    assert found.calc("required_opportunities", 100, 0.2) == pytest.approx(500)
    assert found.calc("required_leads", 4, 4 / 7) == pytest.approx(7)


def test_the_run_rate_goes_on_as_so_far(company: Company) -> None:
    found = company()
    assert found.get("sales_forecast.run_rate", "2026-Q3").answers[0].value == pytest.approx(632 / 51 * 66)
    assert found.get("sales_forecast.run_rate", "2026-Q2").answers[0].value == 300


def test_kpi_check_tells_of_targets_with_data_and_without(company: Company, tmp_path) -> None:
    bad = '[[target]]\nkpi = "totl_sales"\nperiod = "2026-Q3"\nvalue = 1\n'
    (tmp_path / "kpi.toml").write_text(bad)
    told = "targets: kpi.toml target 1: no KPI named 'totl_sales'. Did you mean 'total_sales'?"
    assert CliRunner().invoke(check, ["--workspace", str(tmp_path)]).stdout.splitlines()[0] == told
    loaded = company("", bad)
    loaded.close()
    assert CliRunner().invoke(check, ["--workspace", str(loaded.config.folder)]).stdout.splitlines()[0] == told


def test_targets_of_kpi_toml_count_as_loaded(company: Company) -> None:
    lacking = {(each.metric, each.variant): each.lacks for each in company("", WRITTEN).coverage()}
    assert lacking["target_attainment", "money"] == ()


def test_explaining_a_run_rate_shows_the_working_days(company: Company) -> None:
    found = company()
    found.close()
    asked = ["sales_forecast.run_rate", "--period", "2026-Q3", "--workspace", str(found.config.folder)]
    shown = CliRunner().invoke(explain, asked)
    assert "= 632 / 51 * 66" in " ".join(shown.stdout.split())
