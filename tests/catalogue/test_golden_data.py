"""The numbers of the articles once more, this time counted from the rows of a company that has those counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore import Plugins, Workspace
from tests.catalogue.companies import company, lines
from tests.metrics.asking import value

TABLES = {
    "opportunity": lines(
        "id customer_id created_at closed_at outcome amount",
        [
            # 2024-Q1: 500 deals, 100 of them won, of 1,200 each and by 100 customers.
            *(f"a{n} c{n} 2024-01-10 2024-02-20 won 1200" for n in range(100)),
            *(f"b{n} - 2024-01-20 2024-03-10 lost 900" for n in range(400)),
            # 2024-Q3: 7 prospects in the funnel, 4 of them won. 2024-Q4: 25 deals created.
            *(f"d{n} - 2024-07-10 2024-08-20 won 10" for n in range(4)),
            *(f"e{n} - 2024-07-10 2024-09-20 lost 10" for n in range(3)),
            *(f"f{n} - 2024-11-10 2024-12-20 lost 10" for n in range(25)),
        ],
    ),
    "lead": lines(
        "id created_at converted_at converted_customer_id",
        [
            *(f"l{n} 2024-02-01 - -" for n in range(100)),
            *(f"m{n} 2024-07-01 2024-08-20 c{n}" for n in range(4)),
            *(f"n{n} 2024-07-01 - -" for n in range(3)),
            *(f"o{n} 2024-11-01 - -" for n in range(100)),
        ],
    ),
    "cart": lines(
        "id created_at ordered_at", (f"k{n} 2024-02-01 {'-' if n < 40 else '2024-02-01'}" for n in range(100))
    ),
    "survey_response": lines(
        "id type score scale_max answered_at",
        (f"s{n} nps {9 if n < 70 else 8} 10 2024-02-0{1 + n % 9}" for n in range(100)),
    ),
    "order": "id customer_id ordered_at amount\nx1 c1 2024-05-10 40000",
    "cost": "id booked_on amount category\ny1 2024-02-29 5000 marketing\ny2 2024-05-31 10000 advertising",
    "target": """
        id kpi_id    period_grain period_start value
        t1 won_deals quarter      2024-04-01   100
        t2 won_deals quarter      2024-10-01   4
    """,
}


@pytest.fixture(scope="module")
def of(tmp_path_factory: pytest.TempPathFactory, packs: Plugins) -> Iterator[Workspace]:
    folder: Path = tmp_path_factory.mktemp("articles")
    with company(folder, packs, TABLES) as found:
        yield found


@pytest.mark.parametrize(
    ("ref", "period", "number"),
    [
        ("win_rate.closed", "2024-Q1", 0.20),
        ("win_rate.created", "2024-Q1", 0.20),
        ("win_rate.funnel", "2024-Q3", 4 / 7),
        ("lead_conversion", "2024-Q3", 4 / 7),
        ("lead_conversion.in_funnel", "2024-Q3", 4 / 7),
        ("lead_to_opportunity", "2024-Q4", 0.25),
        ("required_opportunities", "2024-Q2", 500),
        ("required_leads", "2024-Q4", 7),
        ("avg_sales_per_customer", "2024-Q1", 1200),
        ("sales_equation", "2024-Q1", 120_000),
        ("sales_equation.residual", "2024-Q1", 0),
        ("cpl", "2024-Q1", 50),
        ("roi", "2024-Q2", 3),
        ("cart_abandonment", "2024-Q1", 0.40),
        ("promoter_share", "2024-Q1", 0.70),
        ("nps", "2024-Q1", 70),
    ],
)
def test_the_rows_give_the_number_of_the_article(of: Workspace, ref: str, period: str, number: float) -> None:
    assert value(of, ref, period) == pytest.approx(number, rel=1e-12, abs=1e-9)


def test_what_an_article_says_of_its_number_stands_beside_it(of: Workspace) -> None:
    shown = of.get("promoter_share", "2024-Q1")
    judgement = shown.judgement(shown.answers[0])
    assert judgement and judgement.meaning == "The company meets or exceeds expectations."
