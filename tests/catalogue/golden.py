"""The numbers of the articles, and ours where an article gives a formula only: calculator calls and results."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Golden:
    """A call of a calculator, the number it must give, and what the articles say of that number."""

    ref: str
    numbers: tuple[float, ...]
    value: float
    source: str
    meaning: str = ""

    def __str__(self) -> str:
        return f"{self.ref}({'; '.join(f'{number:g}' for number in self.numbers)})"


GOLDEN = (
    Golden("ltv", (150, 250, 450, 350), 1200, "S0"),
    Golden("cpl", (5000, 100), 50, "S0"),
    Golden("required_opportunities", (100, 100 / 500), 500, "S0"),
    Golden("win_rate", (100, 500), 0.20, "S0"),
    Golden("cart_abandonment", (40, 100), 0.40, "S0"),
    Golden("upsell_cross_sell", (6, 10), 0.60, "S0"),
    Golden("roi", (40_000, 10_000), 3.00, "S0"),
    Golden("promoter_share", (70, 100), 0.70, "S0", "The company meets or exceeds expectations."),
    Golden("promoter_share", (69, 100), 0.69, "ours", "Below expectations."),
    Golden("acquisition_retention_cost_ratio", (500, 100), 5, "S0", "As usual: 5 to 7 times (Kotler)."),
    Golden("acquisition_retention_cost_ratio", (690, 100), 6.9, "S0", "As usual: 5 to 7 times (Kotler)."),
    Golden("ltv_cac", (5, 1), 5, "S1", "Excellent."),
    Golden("ltv_cac", (3, 1), 3, "S1", "The industry standard for SaaS."),
    Golden("ltv_cac", (1, 1), 1, "S1", "Probably no profit."),
    Golden("lead_conversion", (4, 7), 0.5714285714285714, "S3"),
    Golden("lead_conversion.in_funnel", (4, 7), 0.5714285714285714, "S3"),
    Golden("win_rate.funnel", (4, 7), 0.5714285714285714, "S3"),
    Golden("required_leads", (4, 4 / 7), 7, "S3"),
    Golden("retention_rate", (230, 60, 200), 0.85, "S3"),
    Golden("retention_rate", (230, 30, 200), 1.00, "S3: the trap, with net new customers"),
    Golden("ltv.formula", (100, 4, 3), 1200, "S3"),
    Golden("purchase_frequency", (800, 100, 2), 4, "ours"),
    Golden("lead_to_opportunity", (25, 100), 0.25, "S2"),
    Golden("avg_sales_per_customer", (120_000, 100), 1200, "S1"),
    Golden("sales_equation", (500, 0.2, 1200), 120_000, "S1"),
    Golden("sales_growth", (120, 100), 0.20, "S4"),
    Golden("monthly_sales_growth", (120, 100), 20, "S2"),
    Golden("monthly_sales_growth.percent", (120, 100), 0.20, "S2"),
    Golden("collection_rate", (80, 100), 0.80, "S1"),
    Golden("target_attainment", (90, 120), 0.75, "S4", "Below the target."),
    Golden("sales_forecast", (100, 105), 205, "S1"),
    Golden("mql_to_sql_rate", (30, 120), 0.25, "S1"),
    Golden("sales_cycle", (10, 20, 60), 30, "S1"),
    Golden("cac", (10_000, 20), 500, "S0"),
    Golden("churn_rate", (30, 200), 0.15, "S3"),
    Golden("goal_progress", (2, 3), 0, "S2"),
    Golden("goal_progress.mean", (1, 1, 0), 2 / 3, "S2"),
    Golden("nps", (70, 0, 100), 70, "S0"),
    Golden("nps", (70, 30, 100), 40, "S0"),
)
