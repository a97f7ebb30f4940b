"""What is told a year: a year is twelve months, however many days its parts have."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import Workspace, open_workspace
from kpicore.config import SETTINGS, Config
from kpicore.expressions import names
from kpicore.load import load
from kpicore.registry import Contributions, build_registry
from kpicore.testing.company import TinySource, batch
from tests.engine.worlds import at

ORDERS = """
    id customer_id ordered_at amount
    o1 k1 2024-02-01 10
    o2 k1 2025-01-01 10
    o3 k1 2025-03-31 10
    o4 k1 2025-06-30 10
    o5 k1 2025-07-01 10
    o6 k1 2025-09-30 10
    o7 k1 2026-02-01 10
"""


@pytest.mark.parametrize(
    ("day", "period", "value"),
    [
        ("2026-06-30", "2025", 5),
        ("2026-06-30", "2025-01-01..2025-12-31", 5),
        ("2026-06-30", "2024..2025", 3),
        ("2026-06-30", "2025-Q1", 8),
        ("2026-06-30", "2025-Q3", 8),
        ("2026-06-30", "2025-01..2025-06", 6),
        ("2026-06-30", "2025-09", 12),
        ("2026-06-30", "2025-W01", 365.25 / 7),
        ("2026-06-30", "2025-01-01..2025-03-30", 365.25 / 89),
        ("2025-04-10", "2025", 2 / (100 / 365.25)),
        ("2025-04-10", "ytd", 2 / (100 / 365.25)),
        ("2025-08-15", "2025-Q3", 1 / (46 / 365.25)),
        ("2025-08-31", "2025-Q3", 6),
    ],
)
def test_purchases_a_year(tmp_path: Path, day: str, period: str, value: float) -> None:
    (tmp_path / "kpi.toml").write_text('[workspace]\nname = "Shop"\n', encoding="utf-8")
    registry = build_registry(Contributions())
    rows = TinySource("rows", (batch(registry, "order", ORDERS),))
    load(Config(tmp_path, "Shop", settings=SETTINGS), registry, [rows], data_time=at(day))
    with open_workspace(tmp_path) as opened:
        assert opened.get("purchase_frequency", period).answers[0].value == pytest.approx(value, rel=1e-12)


def _told_a_year(of: Workspace) -> list[str]:
    """Return every KPI whose formula, or that of a KPI it is made of, reads how many years the period is."""

    def reads(id: str, variant: str) -> bool:
        definition = of.definitions.get(id, variant)
        below = (each.ref for each in definition.inputs if each.ref is not None)
        return ("period", "years") in names(definition.formula) or any(reads(*ref) for ref in below)

    every = ((id, variant) for id, metric in of.registry.metrics.items() for variant in metric.variant_names)
    return [f"{id}.{variant}" for id, variant in every if reads(id, variant)]


@pytest.mark.parametrize(
    ("period", "grain"),
    [
        ("2025-Q1", "month"),
        ("2025-Q1", "week"),
        ("2025-02", "day"),
        ("2025", "month"),
        ("2025", "quarter"),
        ("2024-11..2025-03", "month"),
        ("FY2025", "fiscal_quarter"),
        ("ytd", "month"),
    ],
)
def test_each_unit_of_a_series_to_date_says_what_the_same_days_say_by_themselves(
    tiny: Workspace, period: str, grain: str
) -> None:
    kpis = _told_a_year(tiny)
    assert {"purchase_frequency.default", "customer_lifespan.from_churn", "ltv.formula"} <= {*kpis}
    for kpi in kpis:
        for unit in tiny.get(kpi, period, grain=grain, to_date=True).answers:
            if unit.reason == "not_started":
                continue
            days = unit.question.period
            [alone] = tiny.get(kpi, f"{days.start}..{days.last}").answers
            assert (unit.value, unit.reason, unit.n) == (alone.value, alone.reason, alone.n), (kpi, days)
