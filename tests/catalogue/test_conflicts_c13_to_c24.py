"""The conflicts C13 to C24 between the articles: both readings on one data set, and which one answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from kpicore import LOWER, Config, Plugins, Workspace, open_workspace, write_config
from kpicore.testing import run_kpi
from kpicore_sources.command import import_command
from tests.catalogue.companies import company
from tests.metrics.asking import answer, value
from tests.metrics.further_company import load_further_company

Q1, Q2 = "2025-Q1", "2025-Q2"
Founded = Callable[..., Workspace]


@pytest.fixture
def found(tmp_path: Path, packs: Plugins) -> Founded:
    def made(tables: Mapping[str, str], **given: object) -> Workspace:
        return company(tmp_path / "company", packs, tables, **given)  # type: ignore[arg-type]

    return made


@pytest.fixture(scope="module")
def further(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder: Path = tmp_path_factory.mktemp("further")
    load_further_company(folder)
    with open_workspace(folder) as opened:
        yield opened


def near(number: float) -> object:
    return pytest.approx(number, rel=1e-12, abs=1e-9)


def run(of: Workspace, *words: str) -> str:
    ran = run_kpi(*words, "-w", str(of.config.folder))
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def test_c13_sales_per_rep_is_an_amount_or_a_number_of_deals(tiny: Workspace) -> None:
    assert tiny.get(["sales_per_rep.amount", "sales_per_rep.count"], Q1).values() == [near(1000 / 3), near(4 / 3)]


def test_c14_sales_are_booked_or_recognized_or_collected(found: Founded) -> None:
    tables = {
        "opportunity": "id created_at closed_at outcome amount\nd1 2025-01-02 2025-02-10 won 100",
        "order": "id ordered_at amount\no1 2025-02-20 80",
        "payment": "id received_on amount\np1 2025-03-20 50",
    }
    with found(tables) as of:
        refs = ["total_sales.booked", "total_sales.recognized", "total_sales.collected"]
        assert of.get(refs, Q1).values() == [100, 80, 50]
        assert of.get(["avg_deal_size", "revenue", "collected_amount"], Q1).values() == [100, 80, 50]


def test_c15_an_opportunity_is_a_deal_or_an_sql_or_a_prospect_in_the_funnel(tiny: Workspace) -> None:
    assert value(tiny, "opportunities_created", Q2) == 4
    assert value(tiny, "opportunities_created.sql", Q2) == 0
    assert answer(tiny, "win_rate.funnel", Q2).inputs["base"] == 6


def test_c15_what_a_lead_of_a_file_is_called_is_asked_once_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "company"
    write_config(Config(folder, "Company"))
    file = tmp_path / "leads.csv"
    file.write_text("lead_id,created,status\nL1,2025-01-01,MQL\nL2,2025-01-03,Simmering\n", encoding="utf-8")
    words = [str(file), "-w", str(folder), "--yes"]
    told = " ".join(CliRunner().invoke(import_command, words).output.split())
    assert "1 row of lead with the lifecycle Simmering is left out where it matters" in told
    with open_workspace(folder) as of:
        of.keep_words("lead", "lifecycle", {"Simmering": "opportunity"})
    with open_workspace(folder) as of:
        assert of.warehouse.query("SELECT id, lifecycle FROM kpi.lead ORDER BY id") == [
            ("L1", "mql"),
            ("L2", "opportunity"),
        ]


def test_c16_how_long_conversion_takes_is_not_how_often_it_happens(tiny: Workspace) -> None:
    assert value(tiny, "time_to_convert", Q1) == (23 + 34) / 2
    assert value(tiny, "lead_conversion", Q1) == 3 / 6


def test_c17_abandonment_is_of_the_carts_with_a_product_not_of_all_visitors(tiny: Workspace) -> None:
    # Two of five carts were left; of, say, twenty visitors that would be a tenth.
    told = answer(tiny, "cart_abandonment", Q1)
    assert (told.inputs["carts"], told.value) == (5, 2 / 5)
    assert tiny.calc("cart_abandonment", 2, 20) == 0.1
    assert tiny.registry.entity("cart").meaning == "A cart with at least one product in it."


def test_c18_a_goal_is_reached_when_all_parts_are_or_as_far_as_they_are(further: Workspace) -> None:
    # Parts: 10 of 10, 20 of 20, and 20 of 40, which weighs twice.
    refs = [f"goal_progress.{each}" for each in ("all", "mean", "weighted", "sum")]
    assert further.get(refs, Q1).values() == [0, near(2.5 / 3), near(3 / 4), near(50 / 70)]
    assert further.calc("goal_progress.all", 3, 3) == 1


def test_c19_a_shorter_cycle_is_better_but_churn_after_the_deal_guards_it(tiny: Workspace) -> None:
    metric = tiny.registry.metric("sales_cycle")
    assert metric.better is LOWER and "post_close_churn" in metric.guards
    assert "Shorter is not always better" in metric.action.replace("\n", " ")
    shown = tiny.get("sales_cycle", Q1, guards=True)
    assert [each.name for each in shown.guarded[0]] == ["post_close_churn"]


def test_c19_churn_after_the_deal_counts_who_bought_last_within_90_days_of_it(found: Founded) -> None:
    # d1: bought last on the day of the deal, lost 365 days later. d2: once more 91 days later. d3: still a customer.
    tables = {
        "opportunity": """
            id customer_id created_at closed_at  outcome
            d1 c1          2023-12-01 2024-01-10 won
            d2 c2          2023-12-01 2024-01-10 won
            d3 c3          2023-12-01 2024-01-10 won
        """,
        "order": """
            id customer_id ordered_at amount
            o1 c1          2024-01-10 10
            o2 c2          2024-01-10 10
            o3 c2          2024-04-10 10
            o4 c3          2024-01-10 10
            o5 c3          2025-01-05 10
        """,
    }
    with found(tables) as of:
        assert value(of, "post_close_churn", "2024-Q1") == near(1 / 3)


def test_c19_under_a_subscription_churn_after_the_deal_is_its_end_within_90_days(found: Founded) -> None:
    tables = {
        "opportunity": """
            id customer_id created_at closed_at  outcome
            d1 c1          2023-12-01 2024-01-10 won
            d2 c2          2023-12-01 2024-01-10 won
        """,
        "subscription": """
            id customer_id started_on ended_on   monthly_amount
            m1 c1          2024-01-10 2024-04-09 10
            m2 c2          2024-01-10 2024-04-10 10
        """,
    }
    with found(tables, active_rule="subscription") as of:
        assert value(of, "post_close_churn", "2024-Q1") == near(1 / 2)


def test_c20_a_leaderboard_is_shown_only_when_asked_for(tiny: Workspace) -> None:
    asked = ("get", "won_deals", "--period", Q1, "--by", "rep", "--json")
    plain = json.loads(run(tiny, *asked))
    assert [each["cuts"]["rep"] for each in plain] == sorted(each["cuts"]["rep"] for each in plain)
    assert "rank" not in plain[0]
    ranked = json.loads(run(tiny, *asked, "--rank"))
    assert [(each["rank"], each["value"]) for each in ranked] == [(1, 2), (2, 1), (2, 1)]


def test_c20_only_me_and_the_median_names_nobody_else(tiny: Workspace) -> None:
    shown = run(tiny, "get", "won_deals", "--period", Q1, "--by", "rep", "--me", "Bob Ray")
    assert "Bob Ray" in shown and "Ann Lee" not in shown
    [told] = json.loads(run(tiny, "get", "won_deals", "--period", Q1, "--by", "rep", "--me", "Bob Ray", "--json"))
    assert (told["value"], told["median"], told["members"]) == (1, 1, 3)


def test_c21_the_formula_takes_the_value_of_a_purchase_for_that_of_a_year_counts_twice(found: Founded) -> None:
    # 100 four times a year for three years: 1,200 is spent. With 400 a year the formula gives 4,800.
    days = [f"{year}-{month}-15" for year in (2022, 2023, 2024) for month in ("02", "05", "08", "11")]
    rows = "\n".join(f"o{number} c1 {day} 100" for number, day in enumerate(days))
    with found({"order": f"id customer_id ordered_at amount\n{rows}"}) as of:
        assert value(of, "ltv.revenue", "2022") == 1200
        assert value(of, "avg_purchase_value", "2022") == 100
        assert value(of, "purchase_frequency", "2022") == near(4)
        assert of.calc("ltv.formula", 100, 4, 3) == 1200
        assert of.calc("ltv.formula", 4 * 100, 4, 3) == 4800


def test_c22_retention_and_churn_are_inverse_on_the_same_period_and_not_across_two(further: Workspace) -> None:
    kept, lost = value(further, "retention_rate", "2024"), value(further, "churn_rate", "2024")
    assert (kept, lost, kept + lost) == (near(2 / 3), near(1 / 3), near(1))
    assert kept + value(further, "churn_rate", "2024-Q4") != near(1)


@pytest.mark.parametrize(
    ("word", "id"),
    [
        ("Жизненный цикл клиента", "ltv"),
        ("平均票数", "avg_ticket"),
        ("árfolyamok", "churn_rate"),
        ("Conducta", "pipeline_value"),
        ("Canal de vânzări", "pipeline_value"),
        ("отток", "churn_rate"),
    ],
)
def test_c23_the_words_of_the_articles_find_their_kpi(tiny: Workspace, word: str, id: str) -> None:
    listed = json.loads(run(tiny, "list", "--search", word, "--json"))
    assert id in [each["id"] for each in listed]


def test_c24_cost_per_lead_is_of_all_leads_or_of_the_qualified_ones(tiny: Workspace) -> None:
    assert tiny.get(["cpl.all", "cpl.mql"], Q1).values() == [near(200 / 6), near(200 / 5)]
