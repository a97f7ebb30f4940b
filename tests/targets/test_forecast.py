"""Forecasts: by what became of earlier deals, and how good they were in the past."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from kpicore_crm.commands.forecast import forecast
from tests.said import note_texts
from tests.targets.conftest import Company

STAGES = """
    id name    position outcome
    s1 Qualify 1        open
    s2 Offer   2        open
    s3 Won     3        won
    s4 Lost    -        lost
"""
DEALS = """
    id owner_id created_at closed_at  outcome amount stage_id expected_close_on
    a1 u1       2026-01-05 2026-02-10 won     100    s3       2026-02-28
    a2 u1       2026-01-06 2026-02-11 lost    100    s4       2026-02-28
    a3 u1       2026-01-07 2026-02-12 lost    100    s4       2026-02-28
    a4 u1       2026-01-08 2026-02-13 lost    100    s4       2026-02-28
    b1 u1       2026-04-02 2026-04-20 won     300    s3       2026-04-30
    b2 u1       2026-04-03 2026-06-20 won     800    s3       2026-06-30
    b3 u2       2026-04-04 2026-05-20 lost    400    s4       2026-05-31
    b4 u2       2026-03-20 2026-08-20 won     600    s3       2026-06-30
    c1 u2       2026-08-01 -          open    1000   s1       2026-09-30
    c2 u2       2026-08-01 -          open    1000   s2       2026-09-30
"""
HISTORY = """
    opportunity_id stage_id entered_at left_at
    a1             s1       2026-01-05 2026-01-10
    a1             s2       2026-01-10 2026-02-10
    a2             s1       2026-01-06 2026-01-10
    a2             s2       2026-01-10 2026-02-11
    a3             s1       2026-01-07 2026-02-12
    a4             s1       2026-01-08 2026-02-13
    b1             s1       2026-04-02 2026-04-20
    b2             s1       2026-04-03 2026-04-10
    b2             s2       2026-04-10 2026-06-20
    b3             s1       2026-04-04 2026-05-20
    b4             s1       2026-03-20 2026-08-20
    c1             s1       2026-08-01 -
    c2             s1       2026-08-01 2026-08-10
    c2             s2       2026-08-10 -
"""


def test_an_open_deal_counts_by_the_share_won_of_those_that_passed_its_stage(company: Company) -> None:
    # Offer: a1, b2 won of a1, a2, b2 and the won b1, b4, which skipped it. Qualify: a1, b1, b2, b4 of 8.
    found = company(stage=STAGES, opportunity=DEALS, stage_history=HISTORY)
    [answer] = found.get("sales_forecast.history", "2026-Q3").answers
    assert answer.inputs["won"] == 600
    assert answer.inputs["weighted_open"] == pytest.approx(1000 * 4 / 8 + 1000 * 4 / 5, abs=0.01)


def test_the_past_forecast_knows_only_what_was_known(company: Company) -> None:
    found = company(stage=STAGES, opportunity=DEALS, stage_history=HISTORY).forecast_accuracy(1)
    told = {each.on: (each.won, each.open, each.deals, each.came) for each in found.said}
    # On April 1 only b4 was there, in Qualify, of which 1 of 4 closed deals had been won: 600 x 1/4.
    # On May 1 b1 was won: Qualify 2 of 5, Offer a1 and b1 of 3: b2 800 x 2/3, b3 400 x 2/5, b4 600 x 2/5.
    # On June 1 b3 was lost: Qualify 2 of 6: b2 800 x 2/3, b4 600 x 2/6. In the end b1 and b2 came: 1,100.
    assert told == {
        date(2026, 4, 1): (0, 150, 1, 1100),
        date(2026, 5, 1): (300, pytest.approx(800 * 2 / 3 + 1000 * 2 / 5), 3, 1100),
        date(2026, 6, 1): (300, pytest.approx(800 * 2 / 3 + 600 * 2 / 6), 2, 1100),
    }
    errors = [(150 - 1100) / 1100, (300 + 933.3333 - 1100) / 1100, (300 + 733.3333 - 1100) / 1100]
    assert found.bias == pytest.approx(sum(errors) / 3, abs=1e-6)
    assert found.mape == pytest.approx(sum(abs(error) for error in errors) / 3, abs=1e-6)
    assert found.of_month(1).bias == pytest.approx(errors[0], abs=1e-6)


def test_what_is_not_known_of_the_past_is_told(company: Company) -> None:
    found = company(stage=STAGES, opportunity=DEALS, stage_history=HISTORY).forecast_accuracy(1)
    assert note_texts(found.notes)[0].startswith(
        "before the first load on 2026-09-09 amounts, owners and expected closes are not"
    )


def test_a_deal_without_a_date_counts_on_both_sides_or_on_none(company: Company) -> None:
    more = """
    e1 u1       -          2026-04-25 won     50     s3       2026-04-30
    e2 u1       2026-04-02 -          won     7000   s3       2026-06-30
    e3 u1       2026-04-02 2026-05-10 won     -      s3       2026-06-30
    e4 u1       2026-04-02 2026-05-20 lost    9000   s4       -
    """
    found = company(stage=STAGES, opportunity=DEALS.rstrip() + more.rstrip(), stage_history=HISTORY).forecast_accuracy(
        1
    )
    # e1 has no creation date and was won in April: it came, and on May 1 it was won so far
    assert [(each.on.month, each.won, each.came) for each in found.said] == [
        (4, 0, 1150),
        (5, 350, 1150),
        (6, 350, 1150),
    ]
    # e2 was won on a day that is not known: it is no open deal, and on neither side. On May 1 there were b2, b3, b4
    # and e3; on April 1 b4 and e1, of which nobody knows whether it was there.
    assert [each.deals for each in found.said] == [2, 4, 2]
    assert "1 time an open deal is in no forecast: it was expected to close on no day" in note_texts(found.notes)
    assert "1 won deal is in neither number: no amount" in note_texts(found.notes)
    assert "1 deal is over without a closed_at: on which days it was open is not known" in note_texts(found.notes)


def test_the_accuracy_of_one_rep_looks_at_the_reps_deals(company: Company) -> None:
    found = company(stage=STAGES, opportunity=DEALS, stage_history=HISTORY)
    told = found.forecast_accuracy(1, {"rep": "Bob Ray"})
    assert [(each.won, each.deals, each.came, each.error) for each in told.said] == [
        (0, 1, 0, None),
        (0, 2, 0, None),
        (0, 1, 0, None),
    ]
    assert (told.mape, told.bias) == (None, None)


def test_kpi_forecast_prints_and_gives_json(company: Company) -> None:
    made = company(stage=STAGES, opportunity=DEALS, stage_history=HISTORY)
    made.close()
    shown = CliRunner().invoke(forecast, ["--quarters", "1", "--workspace", str(made.config.folder)])
    assert shown.exit_code == 0, shown.output
    [april] = [line for line in shown.stdout.splitlines() if "2026-04-01" in line]
    assert april.split() == ["2026-Q2", "2026-04-01", "0", "150", "150", "1,100", "-86%", "1"]
    found = json.loads(
        CliRunner().invoke(forecast, ["--quarters", "1", "--json", "--workspace", str(made.config.folder)]).stdout
    )
    assert [each["forecast"] for each in found["said"]] == [
        150,
        pytest.approx(1233.33, abs=0.01),
        pytest.approx(1033.33, abs=0.01),
    ]
