"""The conflicts C1 to C12 between the articles: both readings on one data set, and which one answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from kpicore import Config, Plugins, Workspace, open_workspace, write_config
from kpicore.testing import run_kpi
from kpicore_sources.command import import_command
from tests.catalogue.companies import company, lines
from tests.metrics.asking import answer, value
from tests.said import note_texts

Q1, Q2 = "2025-Q1", "2025-Q2"
Founded = Callable[..., Workspace]


@pytest.fixture
def found(tmp_path: Path, packs: Plugins) -> Founded:
    def made(tables: Mapping[str, str], **given: object) -> Workspace:
        return company(tmp_path / "company", packs, tables, **given)  # type: ignore[arg-type]

    return made


def near(number: float) -> object:
    return pytest.approx(number, rel=1e-12, abs=1e-9)


BUYER = {
    "customer": "id expected_value\nc1 900",
    "order": """
        id customer_id ordered_at amount cost_of_goods
        o1 c1          2024-01-10 150    50
        o2 c1          2024-04-10 250    150
        o3 c1          2024-07-10 450    300
        o4 c1          2024-10-10 350    100
    """,
    "cost": "booked_on amount category\n2024-01-31 240 salaries",
}
"""The customer of the article's example: purchases of 150, 250, 450 and 350."""


def test_c1_ltv_is_all_purchases_or_all_margin_or_the_formula_or_what_is_expected(found: Founded) -> None:
    with found(BUYER) as of:
        told = of.get(["ltv.revenue", "ltv.profit", "ltv.formula", "ltv.expected"], "2024").values()
        # 300 a purchase, 4 in a year, 274 days from the first to the last.
        assert told == [near(1200), near(1200 - 600), near(300 * 4 * 274 / 365.25), near(900)]


def test_c1_ltv_cac_pins_revenue_whatever_variant_is_the_default_of_the_workspace(found: Founded) -> None:
    with found(BUYER, defaults={"ltv": "profit"}) as of:
        assert value(of, "ltv", "2024") == 600
        assert value(of, "ltv_cac", "2024") == 1200 / 240
        assert answer(of, "ltv", "2024").question.variant == "profit"


HUNDRED_DEALS = {
    "opportunity": lines(
        "id created_at closed_at outcome",
        [
            *(f"w{each} 2025-01-{each + 10} 2025-02-10 won" for each in range(3)),
            *(f"l{each} 2025-01-{each + 10} 2025-02-20 lost" for each in range(7)),
            *(f"o{each} 2025-03-01 - open" for each in range(90)),
        ],
    )
}
"""3 won, 7 lost, 90 still open."""


def test_c2_win_rate_is_30_percent_of_closed_and_3_percent_of_created_and_a_bridge_tells_why(found: Founded) -> None:
    with found(HUNDRED_DEALS) as of:
        assert of.get(["win_rate.closed", "win_rate.created", "win_rate.funnel"], Q1).values() == [0.3, 0.03, 0.03]
        won, base = of.bridge("win_rate.closed", "win_rate.created", Q1).steps
        assert (won.both, won.only_first, won.only_second) == (3, (), ())
        assert (base.both, base.only_first) == (3 + 7, ())
        assert [(group.words, group.rows) for group in base.only_second] == [("open, no closed_on", 90)]


def test_c2_kpi_explain_against_tells_the_bridge(found: Founded) -> None:
    with found(HUNDRED_DEALS) as of:
        folder = str(of.config.folder)
        write_config(of.config)
    asked = ["explain", "win_rate.closed", "--period", Q1, "--against", "created", "-w", folder]
    shown = run_kpi(*asked).stdout
    assert "win_rate.closed  30.0%" in shown and "win_rate.created  3.0%" in shown
    assert "only in win_rate.created: 90 open" in shown


def test_c2_of_leads_and_of_opportunities_are_kpis_of_their_own(tiny: Workspace) -> None:
    # 8 deals created, 5 of them won by now; 6 leads, 3 of them customers.
    assert value(tiny, "win_rate.created", Q1) == 5 / 8
    assert value(tiny, "lead_conversion", Q1) == 3 / 6
    assert value(tiny, "lead_to_opportunity", Q1) == near(8 / 6)


def test_c3_closed_deals_of_the_article_are_the_won_ones_not_all_that_are_closed(tiny: Workspace) -> None:
    told = answer(tiny, "win_rate.funnel", Q1)
    assert (told.inputs["won"], told.inputs["base"], told.value) == (4, 8, 4 / 8)
    closed = answer(tiny, "win_rate.closed", Q1).inputs["base"] or 0
    assert (closed, closed / 8) == (6, 6 / 8)  # the other reading: lost deals count as conversions


def test_c3_the_import_asks_whether_a_closed_stage_means_won(tmp_path: Path) -> None:
    write_config(Config(tmp_path / "company", "Company"))
    file = tmp_path / "deals.csv"
    file.write_text("deal_id,stage,amount\nD1,Closed,5\nD2,Lost,7\nD3,Won,9\n", encoding="utf-8")
    ran = CliRunner().invoke(import_command, [str(file), "-w", str(tmp_path / "company"), "--yes"])
    told = " ".join(ran.output.split())
    assert "1 row of opportunity with the outcome Closed is left out where it matters: write what it means" in told
    with open_workspace(tmp_path / "company") as of:
        assert of.warehouse.query("SELECT id, outcome FROM kpi.opportunity ORDER BY id") == [
            ("D1", None),
            ("D2", "lost"),
            ("D3", "won"),
        ]


def test_c4_the_sales_cycle_starts_at_first_contact_or_at_the_lead_or_at_the_deal(tiny: Workspace) -> None:
    variants = ["sales_cycle.mean", "sales_cycle.lead_created_mean", "sales_cycle.opportunity_created_mean"]
    told = tiny.get(variants, Q1)
    assert told.values() == [near((24 + 35 + 30) / 3), near((23 + 34) / 2), near((20 + 30 + 30 + 39) / 4)]
    assert [each.n for each in told.answers] == [3, 2, 4]
    assert note_texts(told.answers[0].notes) == (
        "1 of 4 rows of opportunity left out: no first_contact_on with closed_on >= first_contact_on",
    )


ACTIVE_BY_THREE_RULES = {
    "order": """
        id customer_id ordered_at amount
        o1 c1          2023-03-01 10
        o2 c2          2023-06-01 10
        o3 c2          2024-05-01 10
        o4 c3          2023-12-01 10
    """,
    "contract": """
        id customer_id starts_on  ends_on    amount
        k1 c1          2023-01-01 2025-01-01 10
        k2 c2          2023-01-01 2024-06-30 10
        k3 c4          2023-01-01 -          10
    """,
    "subscription": """
        id customer_id started_on ended_on   monthly_amount
        m1 c1          2023-01-01 -          100
        m2 c2          2023-01-01 2024-03-01 300
        m3 c3          2023-01-01 -          50
        m4 c4          2023-01-01 -          50
    """,
}


@pytest.mark.parametrize(
    ("rule", "churn"),
    [
        ("inactivity", 2 / 3),  # c1 and c3 bought nothing for 365 days, c2 did
        ("contract", 1 / 3),  # only the contract of c2 ended
        ("subscription", 1 / 4),  # only the subscription of c2 ended
    ],
)
def test_c5_who_stopped_buying_is_told_by_the_active_rule(found: Founded, rule: str, churn: float) -> None:
    with found(ACTIVE_BY_THREE_RULES, active_rule=rule) as of:
        assert value(of, "churn_rate", "2024") == near(churn)
        assert value(of, "revenue_churn", "2024") == near(300 / 500)
        assert value(of, "retention_rate", "2024") == near(1 - churn)


def test_c5_churn_is_of_any_period(found: Founded) -> None:
    with found(ACTIVE_BY_THREE_RULES, active_rule="subscription") as of:
        assert of.get("churn_rate", "2024", grain="quarter").values() == [1 / 4, 0, 0, 0]


def test_c6_retention_takes_gross_new_customers_for_net_ones_would_always_give_1(found: Founded) -> None:
    # 200 at the start, 60 came, 30 of the 200 went: 230 at the end.
    starts = [("2023-06-01", "2024-07-01" if each < 30 else "-") for each in range(200)] + [("2024-03-01", "-")] * 60
    rows = [f"m{n} c{n} {since} {until} 10" for n, (since, until) in enumerate(starts)]
    tables = {"subscription": lines("id customer_id started_on ended_on monthly_amount", rows)}
    with found(tables, active_rule="subscription") as of:
        told = answer(of, "retention_rate", "2024")
        assert dict(told.inputs) == {"at_end": 230, "gross_new": 60, "at_start": 200}
        assert told.value == near(0.85)
        assert value(of, "churn_rate", "2024") == near(0.15)
        net_new = 60 - value(of, "lost_customers", "2024")
        assert of.calc("retention_rate", at_end=230, gross_new=net_new, at_start=200) == 1.0


def test_c7_an_average_ticket_is_of_a_customer_an_order_a_sale_or_a_rep(tiny: Workspace) -> None:
    # 600 of orders: 3 of them, by 2 customers; Ann Lee [u1] sold two, of 100 and 200. 1,000 of deals: 4 won.
    assert value(tiny, "avg_ticket", Q1) == 600 / 2
    assert value(tiny, "aov", Q1) == 600 / 3
    assert value(tiny, "avg_deal_size", Q1) == 1000 / 4
    assert value(tiny, "avg_ticket_per_rep", Q1, rep="Ann Lee [u1]") == 300 / 2


def test_c7_every_average_is_over_what_has_an_amount_on_both_sides_of_the_division(found: Founded) -> None:
    orders = """
        id customer_id owner_id ordered_at amount
        o1 c1          u1       2025-01-05 100
        o2 c1          u1       2025-01-06 -
        o3 c2          u1       2025-01-07 300
        o4 c3          u1       2025-01-08 -
    """
    deals = """
        id customer_id closed_at  outcome amount
        d1 c1          2025-01-05 won     100
        d2 c2          2025-01-06 won     -
    """
    with found({"order": orders, "opportunity": deals, "user": "id name\nu1 Ann"}) as of:
        for ref in ("aov", "avg_purchase_value", "avg_ticket"):
            assert value(of, ref, "2025-01") == (100 + 300) / 2
        assert value(of, "avg_ticket_per_rep", "2025-01", rep="Ann") == (100 + 300) / 2
        assert value(of, "avg_sales_per_customer", "2025-01") == value(of, "avg_deal_size", "2025-01") == 100


def test_c8_the_sales_equation_holds_with_the_average_deal_and_tells_its_residual_otherwise(tiny: Workspace) -> None:
    # 8 created, 5 of them won, 500 a customer: 2,500 against sales of 1,000.
    told = tiny.get(["total_sales", "sales_equation.literal", "sales_equation.exact", "sales_equation.residual"], Q1)
    assert told.values() == [1000, near(8 * 5 / 8 * 500), near(6 * 4 / 6 * 250), near(1000 - 2500)]


def test_c9_cac_takes_all_categories_or_media_only_and_tells_which_have_no_rows(tiny: Workspace) -> None:
    # 1,100 of cost, 80 of it advertising, and two new customers in Q1; one in Q2.
    told = answer(tiny, "cac", Q1)
    assert told.value == 1100 / 2
    [missing] = [text for text in note_texts(told.notes) if "category" in text]
    for category in ("training", "benefits", "commissions", "tools_software", "sales_expense", "hidden_other"):
        assert category in missing
    assert "advertising" not in missing
    assert value(tiny, "cac.paid", Q1) == 80 / 2
    assert value(tiny, "cac", Q2) == 900 / 1
    assert value(tiny, "cac.lag", Q2) == 1100 / 1


@pytest.mark.parametrize(
    ("months", "period", "cost"),
    [(1, "2025-Q2", 20 + 40 + 50), (2, "2025-Q2", 10 + 20 + 40), (1, "2025-05", 40), (0, "2025-05", 50)],
)
def test_c9_the_months_from_cost_to_customer_are_a_setting(
    found: Founded, months: int, period: str, cost: float
) -> None:
    costs = """
        booked_on  amount category
        2025-02-10 10     marketing
        2025-03-10 20     marketing
        2025-04-10 40     marketing
        2025-05-10 50     marketing
    """
    tables = {"cost": costs, "customer": "id first_purchase_at\nc1 2025-05-20"}
    with found(tables, cac_lag_months=months) as of:
        assert value(of, "cac.lag", period) == cost


def test_c10_roi_is_of_sales_as_in_the_example_or_of_the_margin_as_in_the_text(tiny: Workspace) -> None:
    assert value(tiny, "roi", Q1) == near((600 - 1100) / 1100)
    assert value(tiny, "roi.margin", Q1) == near((600 - 230 - 1100) / 1100)


def test_c11_nps_deducts_detractors_and_the_promoter_share_does_not(tiny: Workspace) -> None:
    # 10, 9 and 3.
    assert value(tiny, "nps", Q1) == near(100 * (2 - 1) / 3)
    assert value(tiny, "promoter_share", Q1) == near(2 / 3)
    assert (tiny.calc("nps", 70, 0, 100), tiny.calc("nps", 70, 30, 100)) == (70, 40)


def test_c12_upsell_and_cross_sell_are_one_rate_and_two_of_buyers_or_of_the_customer_base(found: Founded) -> None:
    # Ten buyers in 2024: four bought dearer, two besides. Ten more bought in 2023 and are active still.
    types = ["upsell"] * 4 + ["cross_sell"] * 2 + ["new"] * 4
    bought = [f"n{each} o{each} c{each} 2024-05-01 10 {type}" for each, type in enumerate(types)]
    before = [f"n{each} o{each} c{each} 2023-11-01 10 new" for each in range(10, 20)]
    tables = {"order_line": lines("id order_id customer_id ordered_at unit_price line_type", [*bought, *before])}
    with found(tables) as of:
        refs = ["upsell_cross_sell", "upsell_rate", "cross_sell_rate"]
        assert of.get(refs, "2024-H1").values() == [near(6 / 10), near(4 / 10), near(2 / 10)]
        assert of.get([f"{ref}.base" for ref in refs], "2024-H1").values() == [near(0.3), near(0.2), near(0.1)]
