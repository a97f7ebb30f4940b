"""A second tiny company for what the first one has no rows of. Data time: 2025-07-15 12:00 UTC.

Orders and the year without an order after which a customer is lost:

    c1  2023-06-01                     lost 2024-05-31
    c2  2023-03-01, 2024-02-01         lost 2025-01-31
    c3  2024-05-05                     lost 2025-05-05
    c4  2023-01-10, 2024-12-20         away from 2024-01-10 to 2024-12-20
    c5, c6, c7 in 2025-Q1, by their lines alone: 2 x 10 + 5 = 25, 30 and 45

Deals in 2025-Q1: d1 New 10 days, Offer 20 days, won; d2 New 20 days, lost; d3 New 10 days, Offer 20 days, lost;
d4 came straight into Offer, open; d5 in New, open. d6 is of 2024 and was won on 2025-04-01.
"""

from __future__ import annotations

from pathlib import Path

from kpicore import Config
from kpicore.testing import TinySource, batch, load
from kpicore_crm.testing import DATA_TIME
from tests.crm import crm_registry, with_crm

_TABLES = {
    "order": """
        id customer_id ordered_at amount cost_of_goods
        a1 c1          2023-06-01 10     5
        a2 c2          2023-03-01 20     5
        a3 c2          2024-02-01 20     5
        a4 c3          2024-05-05 30     5
        a5 c4          2023-01-10 40     5
        a6 c4          2024-12-20 40     5
    """,
    "order_line": """
        id order_id customer_id ordered_at quantity unit_price line_type
        n1 x1       c5          2025-01-15 2        10         new
        n2 x1       c5          2025-01-15 1        5          upsell
        n3 x2       c6          2025-02-15 3        10         cross_sell
        n4 x3       c7          2025-03-15 1        45         new
    """,
    "customer": """
        id name expected_value
        c3 Coco 900
    """,
    "stage": """
        id   name  position probability outcome
        new  New   1        0.2         open
        offer Offer 2       0.5         open
        won  Won   3        1           won
        lost Lost  -        0           lost
    """,
    "lead": """
        id created_at       first_response_at first_response_business_minutes score
        l1 2025-01-02T09:00 2025-01-02T09:10  10                              50
        l2 2025-01-03T09:00 2025-01-03T09:20  20                              70
        l3 2025-01-04T09:00 2025-01-04T10:00  30                              60
    """,
    "opportunity": """
        id customer_id lead_id created_at closed_at  outcome amount stage_id competitor_id forecast_category \
expected_close_on
        d1 c3          l1      2025-01-01 2025-01-31 won     100    won      Rival         -        2025-01-31
        d2 c1          -       2025-01-05 2025-01-25 lost    50     lost     Rival         -        2025-01-31
        d3 c2          -       2025-01-10 2025-02-09 lost    70     lost     -             -        2025-02-28
        d4 c4          -       2025-02-01 -          open    100    offer    -             commit   2025-08-01
        d5 c4          -       2025-03-01 -          open    200    new      -             best     2025-09-01
        d6 c3          -       2024-11-01 2025-04-01 won     90     won      -             -        2025-04-01
    """,
    "stage_history": """
        opportunity_id stage_id entered_at left_at
        d1             new      2025-01-01 2025-01-11
        d1             offer    2025-01-11 2025-01-31
        d2             new      2025-01-05 2025-01-25
        d3             new      2025-01-10 2025-01-20
        d3             offer    2025-01-20 2025-02-09
        d4             offer    2025-02-01 -
        d5             new      2025-03-01 -
    """,
    "stage_task": """
        opportunity_id stage_id task  due_on     done_at
        d1             new      call  2025-01-05 2025-01-04
        d2             new      call  2025-01-20 -
    """,
    "contract": """
        id customer_id ordered_at amount
        k1 c1          2025-01-10 100
        k2 c2          2025-02-10 300
    """,
    "invoice": """
        id contract_id due_on     amount
        i1 k2          2025-02-28 150
        i2 k2          2025-03-31 50
    """,
    "payment": """
        id contract_id invoice_id received_on amount
        p1 k1          -          2025-01-20  80
        p2 -           i1         2025-03-01  120
    """,
    "cost": """
        id booked_on  amount category
        b1 2024-12-31 120    salaries
    """,
    "target": """
        id kpi_id        period_grain period_start value parent_target_id progress weight
        g0 won_deals     quarter      2025-04-01   4     -                -        -
        g1 calls         quarter      2025-01-01   10    goal             1        1
        g2 demos         quarter      2025-01-01   20    goal             1        1
        g3 proposals     quarter      2025-01-01   40    goal             0.5      2
    """,
    "referral": """
        id referred_by_customer_id at
        r1 c1                      2025-01-10
        r2 c2                      2025-02-10
    """,
    "inquiry": """
        id customer_id channel   received_at      first_reply_at
        q1 c1          phone     2025-01-10T10:00 2025-01-10T10:30
        q2 c2          live_chat 2025-01-11T10:00 2025-01-11T11:30
        q3 c3          email     2025-01-12T10:00 -
    """,
    "email_send": """
        id sent_at    delivered opened_at
        e1 2025-01-10 true      2025-01-11
        e2 2025-01-10 true      2025-01-12
        e3 2025-01-10 true      -
        e4 2025-01-10 false     -
    """,
    "social_event": """
        id platform kind    at         count
        s1 linkedin like    2025-01-10 10
        s2 linkedin comment 2025-02-10 3
    """,
    "activity": """
        id type      at         duration_min
        t1 follow_up 2025-01-10 30
        t2 proposal  2025-01-11 30
        t3 event     2025-01-12 60
    """,
}


def load_further_company(folder: Path) -> None:
    """Make a workspace of the second tiny company in the folder."""
    (folder / "kpi.toml").write_text('[workspace]\nname = "Further"\n', encoding="utf-8")
    registry = crm_registry()
    rows = tuple(batch(registry, name, text) for name, text in _TABLES.items())
    load(with_crm(Config(folder, "Further")), registry, [TinySource("further", rows)], data_time=DATA_TIME)
