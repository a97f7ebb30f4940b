"""What a narrowed token is answered: numbers of its rows and KPIs, one line for all else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpicore import Narrowing
from kpicore_crm.testing import load_tiny_company
from tests.http.conftest import Served, serving

BOB = Narrowing(None, (("rep", ("Bob Ray",)),))
NORTH_OR_NONE = Narrowing(("won_deals",), (("rep", ("(none)", "Bob Ray")), ("team", ("North",))))


def lines(results: list[object]) -> list[object]:
    return [result["message"] if isinstance(result, dict) else result for result in results]


def test_a_question_has_the_conditions_of_its_token_beside_its_own(tiny):
    bob = tiny.narrowed(BOB)
    # of the ten deals that were closed in 2025 Bob won o4 and lost o3 and o8
    assert bob.ask(["KPI_WON_DEALS", [2025]], ["KPI_WON_DEALS", [2025, "product", "Pro"]]) == [1, 1]
    assert bob.ask(["KPI_WON_DEALS", [2025, "product", "Basic"]]) == [0]
    assert bob.ask(["KPI_WIN_RATE", [2025]], ["KPI_WIN_RATE", [2025, "rep", "bob ray"]]) == [1 / 3, 1 / 3]


def test_several_values_of_one_dimension_mean_any_and_several_dimensions_all(tiny):
    both = Narrowing(None, (("rep", ("Ann Lee [u1]", "Bob Ray")),))
    # Ann [u1] won o1, o2 and o7
    assert tiny.narrowed(both).ask(["KPI_WON_DEALS", [2025]]) == [4]
    assert tiny.narrowed(both).ask(["KPI_WON_DEALS", [2025, "rep", "u1"]]) == [3]
    pro = Narrowing(None, (*both.where, ("product", ("Pro",))))
    assert tiny.narrowed(pro).ask(["KPI_WON_DEALS", [2025]]) == [3]


@pytest.mark.parametrize("name", ["Ann Lee", "u3", "Nobody", "(none)", [["Bob Ray"], ["u1"]], [["Bob Ray"], ["No"]]])
def test_who_asks_for_others_reads_the_same_line_whether_or_not_there_are_any(tiny, name):
    won = ["KPI_WON_DEALS", [2025]]
    refused, answered = tiny.narrowed(BOB).ask(["KPI_WON_DEALS", [2025, "rep", name]], won)
    line = "this token is only for rep Bob Ray. Leave the rep out, or ask for that."
    assert refused == {"error": "#VALUE!", "message": line}
    assert answered == 1


def test_tables_have_rows_of_its_values_only(tiny):
    [by_rep, by_product] = tiny.narrowed(BOB).ask(
        ["KPI_TABLE", ["won_deals", 2025, "", "rep"]], ["KPI_TABLE", ["won_deals", 2025, "", "product"]]
    )
    assert by_rep == [["rep", "won_deals"], ["Bob Ray", 1]]
    assert by_product == [["product", "won_deals"], ["Pro", 1]]


def test_a_kpi_that_nobody_can_tell_by_rep_brings_no_row_of_others_into_a_table(tiny):
    # alone its table has a row of no rep, who won o12
    [both, alone] = tiny.narrowed(BOB).ask(
        ["KPI_TABLE", ["won_deals, top_opportunities.weighted", 2025, "", "rep"]],
        ["KPI_TABLE", ["top_opportunities.weighted", 2025, "", "rep"]],
    )
    [_, [rep, won, weighted]] = both
    assert (rep, won, weighted["error"]) == ("Bob Ray", 1, "#N/A")
    assert alone[1:] == [["Bob Ray", weighted]]


def test_targets_are_those_of_its_rows_or_none(tiny):
    whole, none, own = (
        tiny.ask(["KPI_TARGET", ["total_sales", "2025-Q1"]])[0],
        tiny.narrowed(BOB).ask(["KPI_TARGET", ["total_sales", "2025-Q1"]])[0],
        tiny.narrowed(Narrowing(None, (("rep", ("Ann Lee [u1]",)),))).ask(["KPI_TARGET", ["total_sales", "2025-Q1"]]),
    )
    assert (whole, own) == (1250, [400])
    assert none["error"] == "#N/A" and none["message"].startswith("no target: no target for total_sales")


def test_what_a_dimension_cannot_narrow_is_refused_with_why(tiny):
    [cost, goal, won] = lines(
        tiny.narrowed(BOB).ask(["KPI_CAC", [2025]], ["KPI_GOAL_PROGRESS", [2025]], ["KPI_WON_DEALS", [2025]])
    )
    assert cost.startswith("this token is only for rep Bob Ray, and 'cac.fully_loaded' cannot be cut by rep: ")
    assert goal.endswith("'goal_progress.all' is made of goals, which may be of others.")
    assert won == 1


def test_errors_name_no_values_that_others_have(tiny):
    near, several = lines(
        tiny.narrowed(Narrowing(None, (("segment", ("small",)),))).ask(
            ["KPI_WON_DEALS", [2025, "rep", "Bob Rai"]], ["KPI_WON_DEALS", [2025, "rep", "Ann Lee"]]
        )
    )
    assert near == "no rep named 'Bob Rai' in what this token may ask."
    assert several == "2 reps are called 'Ann Lee'. Write the name as the KPIs show it."


def test_an_explanation_is_of_its_rows(tiny):
    [rows] = tiny.narrowed(BOB).ask(["KPI_EXPLAIN", ["win_rate", 2025]])
    assert rows[0] == ["Win rate", "win_rate.closed", "2025", "rep Bob Ray"]
    assert [row[:3] for row in rows if row[0] in ("won", "base")] == [["won", 1, 1], ["base", 3, 3]]
    assert ["Note", "what there is to know of rows that this token may not ask is left out", None, None] in rows


def test_an_explanation_tells_no_number_of_a_kpi_that_the_token_may_not_ask(tiny):
    [whole], [narrowed], [both] = (
        of.ask(["KPI_EXPLAIN", ["ltv_cac", 2025]])
        for of in (tiny, tiny.narrowed(Narrowing(("ltv_cac",))), tiny.narrowed(Narrowing(("ltv_cac", "cac"))))
    )
    inputs = {row[0]: row[1:] for row in narrowed if str(row[0]).startswith("cac")}
    assert inputs == {"cac": [None, None, "cac.fully_loaded for 2025, a KPI that this token may not ask"]}
    assert narrowed[1] == whole[1]  # its own value
    assert [row for row in both if row[0] == "cac"] == [row for row in whole if row[0] == "cac"]


def test_lists_and_refusals_of_a_narrowed_token_name_its_kpis_only(tiny):
    of = tiny.narrowed(NORTH_OR_NONE)
    [every, near, other] = of.ask(["KPI_LIST", []], ["KPI", ["won_deal", 2025]], ["KPI_LIST", ["retention"]])
    assert [row[0] for row in every] == ["kpi", "won_deals"]
    assert near["message"] == "no KPI named 'won_deal' in what this token may ask. Did you mean 'won_deals'?"
    assert other["message"] == "no KPI named 'retention'. Known: won_deals."


def test_a_kpi_of_its_own_is_asked_by_its_other_names_too(tiny):
    of = tiny.narrowed(Narrowing(("mql_count",)))
    # 5 of the first quarter's leads became one, and 1 of the second's
    calls = ["KPI.MQL", [2025]], ["kpi_mql_count", [2025]], ["KPI", [" MQL ", 2025]], ["KPI", ["mql_count", 2025]]
    assert of.ask(*calls) == [6] * 4


@pytest.fixture
def renamed(tmp_path: Path) -> Served:
    load_tiny_company(tmp_path)
    (tmp_path / "metrics").mkdir()
    write_own(tmp_path, "big_deals")
    with serving(tmp_path) as served:
        yield served


def write_own(folder: Path, id: str, more: str = "") -> None:
    big = 'inputs.big = { count = "opportunity", when = "closed_on" }'
    text = f'[metric.{id}]\nname = "Big"\nunit = "count"\n{more}{big}'
    (folder / "metrics" / "own.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("id", "more"), [("large_deals", 'aliases = ["big_deals"]\n'), ("others", "")])
def test_a_kpi_that_is_renamed_or_gone_is_refused_and_no_other_one_asked_for_it(renamed, id, more):
    of = renamed.narrowed(Narrowing(("big_deals",)))
    assert of.ask(["KPI_BIG_DEALS", [2025]]) == [10]
    write_own(renamed.folder, id, more)
    results = of.ask(["KPI_BIG_DEALS", [2025]], ["KPI", ["big_deals", 2025]], [f"KPI_{id}", [2025]], ["KPI_LIST", []])
    assert [result["error"] for result in results] == ["#NAME?"] * 4
    assert not any("Did you mean" in result["message"] for result in results)


@pytest.mark.parametrize(
    "where", [(("rep", ("Gone",)),), (("territory", ("North",)),), (("Rep", ("Bob Ray",)),), (("rep", ("Ann Lee",)),)]
)
def test_a_condition_that_means_nothing_any_more_or_several_is_refused(tiny, where):
    of = tiny.narrowed(Narrowing(None, where))
    results = of.ask(["KPI_WON_DEALS", [2025]], ["KPI_TABLE", ["won_deals", 2025]], ["KPI_TARGET", ["won_deals", 2025]])
    [(dimension, [name])] = where
    line = f"this token is only for {dimension} {name}, and that name means nothing here any more."
    told = {"error": "#VALUE!", "message": f"{line} Ask who runs the server for a new one."}
    assert results == [told] * 3


def test_conditions_hold_on_an_earlier_day_too(tiny):
    day = {"date": date(2025, 7, 15).isoformat()}
    assert tiny.narrowed(BOB).ask(["KPI_WON_DEALS", [2025, "as_of", day]]) == [1]


def test_calculators_of_its_kpis_compute_and_those_of_others_do_not(tiny):
    own, other = tiny.narrowed(Narrowing(("cac",))).ask(["KPI_CAC_CALC", [100, 4]], ["KPI_WIN_RATE_CALC", [1, 2]])
    assert own == 25 and other["error"] == "#NAME?"
