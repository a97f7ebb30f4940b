"""Two companies that differ outside of Europe only: a token for Europe cannot tell them apart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from kpicore import Config
from kpicore.testing import load_tables, plugins_of

EUROPE = {"region": ["Europe"]}

_SAME = {
    "region": """
        id name
        r1 Europe
        r2 America
    """,
    "loss_reason": """
        id     name
        price  Price
        timing Timing
        brand  Brand
    """,
    "team": """
        id name  region_id
        t1 North r1
        t2 South r2
    """,
}
_EUROPE = {
    "user": """
        id name    team_id active_from
        u1 Ann~Lee t1      2024-01-01
        u2 Bob~Ray t1      2024-01-01
    """,
    "customer": """
        id name created_at segment industry owner_id acquired_channel
        c1 Acme 2025-01-02 small   retail   u1       phone
        c2 Blue 2025-01-06 large   banking  u2       web
    """,
    "lead": """
        id name created_at source  channel mql_at     sql_at     converted_at converted_customer_id owner_id
        l1 Acme 2025-01-02 website phone   2025-01-03 2025-01-04 2025-01-25   c1                    u1
        l2 Fern 2025-02-11 website web     -          -          -            -                     u2
    """,
    "opportunity": """
        id customer_id lead_id owner_id created_at closed_at  outcome amount loss_reason_id
        o1 c1          l1      u1       2025-01-05 2025-01-25 won     100    -
        o2 c2          -       u2       2025-01-10 2025-02-09 lost    200    price
        o3 c1          -       u1       2025-04-10 -          open    700    -
        o4 c2          -       u2       2025-04-11 2025-05-04 won     300    -
    """,
    "order": """
        id customer_id opportunity_id ordered_at amount cost_of_goods status
        a1 c1          o1             2025-01-26 100    40            completed
        a2 c2          o4             2025-05-05 300    90            completed
    """,
    "subscription": """
        id customer_id started_on ended_on   monthly_amount
        m1 c1          2025-01-01 -          100
        m2 c2          2025-01-01 2025-05-01 50
    """,
    "activity": """
        id type    owner_id at         duration_min status opportunity_id time_category
        v1 call    u1       2025-01-03 10           held   o1             prospecting
        v2 meeting u2       2025-01-20 60           held   o2             customer_meeting
    """,
    "survey_response": """
        id customer_id type score scale_max answered_at
        n1 c1          nps  10    10        2025-02-01
        n2 c2          csat 4     5         2025-02-20
    """,
    "target": """
        id kpi_id    period_grain period_start value region_id
        g1 won_deals quarter      2025-01-01   4     r1
    """,
}
_ELSEWHERE = {
    "user": "u3 {rep} t2 2024-01-01",
    "customer": "c3 {customer} 2025-02-05 {segment} {industry} u3 web",
    "lead": "l3 Gold 2025-02-05 {source} web {mql} - - - u3",
    "opportunity": """
        o5 c3 - u3 2025-02-10 {closed} {outcome} {amount} {reason}
        o6 c3 - u3 2025-02-11 {undated} lost 17 timing
    """,
    "order": "a3 c3 o5 2025-03-04 {amount} {cost} completed",
    "subscription": "m3 c3 2025-02-01 {undated} {amount}",
    "activity": "v3 demo u3 2025-03-03 {amount} held o5 prospecting",
    "survey_response": "n3 c3 nps {score} 10 2025-03-01",
    "target": "g2 won_deals quarter 2025-01-01 {amount} r2",
}
_OWN = """\
[metric.share_of_all]
name = "Share of all"
unit = "share"
formula = "won / everywhere"
inputs.won = { count = "opportunity", when = "closed_on", where = "outcome = 'won'" }
inputs.everywhere = { count = "opportunity", when = "created_on", regardless_of = "region" }

[metric.twice_that_share]
name = "Twice that share"
unit = "ratio"
formula = "share * 2"
inputs.share = { earlier = "share_of_all", step = "previous" }
"""
"""KPIs that look beyond the region that they are asked for: one of itself, one through another."""

FIRST = {
    "rep": "Zoe~Kay", "customer": "Dune", "segment": "medium", "industry": "retail", "source": "social",
    "mql": "2025-02-06", "closed": "2025-03-12", "outcome": "won", "amount": "50", "reason": "-", "cost": "20",
    "undated": "2025-03-31", "score": "3",
}  # fmt: skip
SECOND = {
    "rep": "Max~Orr", "customer": "Echo", "segment": "large", "industry": "mining", "source": "email", "mql": "-",
    "closed": "2025-02-20", "outcome": "lost", "amount": "90", "reason": "brand", "cost": "-", "undated": "-",
    "score": "9",
}  # fmt: skip


def load_world(folder: Path, elsewhere: dict[str, str]) -> Path:
    """Make the company in a folder with what is to be elsewhere than in Europe."""
    tables = {
        name: f"{text.rstrip()}\n        {_ELSEWHERE[name].strip().format(**elsewhere)}\n"
        for name, text in _EUROPE.items()
    }
    config = Config(folder, "Two regions", "EUR", "UTC")
    load_tables(
        config,
        plugins_of(crm="kpicore_crm.plugin"),
        {**_SAME, **tables},
        data_time=datetime(2025, 7, 15, 12, tzinfo=UTC),
    )
    (folder / "metrics").mkdir()
    (folder / "metrics" / "own.toml").write_text(_OWN, encoding="utf-8")
    return folder
