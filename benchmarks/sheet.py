"""The sheet that every spreadsheet host is measured with: 5 KPIs x 200 reps x 10 months, and the same by hand."""

from __future__ import annotations

KPIS = ("win_rate", "total_sales", "won_deals", "avg_deal_size", "lost_deals")
MONTHS = tuple(f"2025-{month:02}" for month in range(1, 11))
REPS = 200
BY_HAND = """
    SELECT rep, date_trunc('month', closed_on) AS month,
        count(*) FILTER (WHERE outcome = 'won') AS won, sum(amount) FILTER (WHERE outcome = 'won') AS won_amount,
        count(*) FILTER (WHERE outcome = 'lost') AS lost
    FROM kpi.opportunity
    WHERE closed_on >= DATE '2025-01-01' AND closed_on < DATE '2025-11-01'
    GROUP BY ALL
"""
"""All that the cells are made of, as an analyst would ask for it."""
