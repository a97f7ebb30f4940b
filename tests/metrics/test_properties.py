"""What holds for any numbers: parts and wholes, calculators and data, cohorts."""

from __future__ import annotations

import pytest

from kpicore import Workspace
from tests.metrics.asking import answer

Q2 = "2025-Q2"


def test_the_parts_of_a_partition_add_up_to_the_whole(tiny: Workspace) -> None:
    for ref, dimension in (("total_sales", "rep"), ("revenue", "product"), ("new_leads", "source")):
        parts = tiny.get(ref, Q2, by=dimension).answers
        assert sum(part.value or 0 for part in parts) == answer(tiny, ref, Q2).value


def test_the_calculator_gives_what_the_data_gives_for_the_same_inputs(tiny: Workspace) -> None:
    agreed = 0
    for id, metric in tiny.registry.metrics.items():
        for variant in metric.variant_names:
            spec = metric.variant(variant)
            if len(spec.inputs) < 2 or spec.calculator or spec.needs_cut or spec.grains or "period." in spec.formula:
                continue
            found = answer(tiny, f"{id}.{variant}" if metric.variants else id, Q2)
            if found.value is None:
                continue
            given = {name: number for name, number in found.inputs.items() if number is not None}
            calculated = tiny.calc(f"{id}.{variant}" if metric.variants else id, **given)
            assert calculated == pytest.approx(found.value, rel=1e-12), f"{id}.{variant}"
            agreed += 1
    assert agreed >= 30


def test_a_closed_win_rate_is_at_least_the_created_one_of_the_same_deals(tiny: Workspace) -> None:
    # Of all deals of the half-year every closed one was also created in it; two are still open.
    assert answer(tiny, "win_rate", "2025-H1").value == pytest.approx(7 / 10)
    assert answer(tiny, "win_rate.created", "2025-H1").value == pytest.approx(7 / 12)


def test_the_rate_of_the_whole_is_not_the_mean_of_the_rates_of_its_parts(tiny: Workspace) -> None:
    rates = [each.value for each in tiny.get("win_rate", "2025-H1", by="rep").answers if each.value is not None]
    # Ann [u1] 3 of 3, Bob 1 of 3, Ann [u3] 2 of 3, nobody 1 of 1.
    assert sorted(rates) == pytest.approx([1 / 3, 2 / 3, 1, 1])
    assert answer(tiny, "win_rate", "2025-H1").value != pytest.approx(sum(rates) / len(rates))
