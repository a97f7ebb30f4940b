"""`kpi check` tells of texts in own definitions that rows spell otherwise: a definition compares letter by letter."""

from __future__ import annotations

import pytest

from kpicore.testing import run_kpi

FIELDS = """
[field.opportunity.buyer]
type = "text"
meaning = "Name of the customer."
how = { look_up = "customer.name", through = "customer_id" }
"""


def checked(folder) -> tuple[int, str]:
    result = run_kpi("check", "-w", str(folder))
    return result.exit_code, result.stdout


def metric(where: str) -> str:
    return f"""
[metric.mine]
name = "Mine"
unit = "count"
[metric.mine.inputs.n]
count = "opportunity"
when = "closed_on"
where = "{where}"
"""


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("buyer = 'acme'", "'acme' is compared letter by letter, and rows of opportunity have 'Acme' as their buyer."),
        ("amount > 1 and not buyer in ('Blue', ' COCO')", "Write buyer in (' COCO', 'Coco')."),
        ("outcome_given = 'Won'", "rows of opportunity have 'won' as their outcome_given."),
    ],
)
def test_a_text_that_rows_spell_otherwise_is_told_with_its_line(own, where: str, told: str) -> None:
    folder = own(fields=FIELDS)
    assert run_kpi("get", "win_rate", "--period", "2025-Q1", "-w", str(folder)).exit_code == 0
    code, out = checked(own(mine=metric(where)))
    assert code == 1
    assert told in out
    assert "metrics/mine.toml, line 8: mine: " in out


@pytest.mark.parametrize("where", ["buyer = 'Acme'", "buyer in ('acme', 'Acme')", "buyer <> 'Nobody'", "buyer is null"])
def test_texts_as_rows_have_them_or_of_no_row_are_no_problem(own, where: str) -> None:
    run_kpi("get", "win_rate", "--period", "2025-Q1", "-w", str(own(fields=FIELDS)))
    code, out = checked(own(mine=metric(where)))
    assert (code, "no problem" in out) == (0, True), out


def test_a_field_that_is_not_made_yet_is_no_problem_either(own) -> None:
    code, out = checked(own(fields=FIELDS, mine=metric("buyer = 'acme'")))
    assert code == 0, out
