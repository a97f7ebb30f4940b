"""Dates that end something: the last day or the first day after it, proven by the rows, asked, or assumed and told."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta

import pytest

from kpicore import BadConfig, open_workspace
from kpicore_sources.files.configured import open_files
from tests.sources.given import rows_given

from .conftest import Desk

HEADER = "id,customer_id,starts_on,ends_on,amount"
UNCLEAR = f"{HEADER}\n1,K1,2025-01-15,2025-06-20,10\n2,K2,2025-01-15,,10\n"


def contracts(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


def ends(desk: Desk, entity: str = "contract", name: str = "ends_on") -> list[date | None]:
    return [end for _, end in desk.rows(entity, "id", name)]


def by_contract(desk: Desk) -> None:
    file = desk.workspace / "kpi.toml"
    file.write_text(file.read_text().replace("[settings]", '[settings]\nactive_rule = "contract"'))


def test_a_renewal_on_the_next_day_proves_the_last_day_and_is_no_churn(desk):
    by_contract(desk)
    desk.put("customer.csv", "id,name\nK1,A\nK2,B\n")
    rows = ("1,K1,2025-01-01,2025-12-31,10", "2,K1,2026-01-01,,10", "3,K2,2025-02-03,,10")
    told = desk.take(desk.put("contract.csv", contracts(*rows)), desk.files / "customer.csv", "--as-of", "2026-06-30")
    assert told["files"][0]["ends"] == {"ends_on": "last day"}
    assert ends(desk) == [date(2026, 1, 1), None, None]
    with open_workspace(desk.workspace) as found:
        for month in ("2025-12", "2026-01"):
            [answer] = found.get("churn_rate", month).answers
            assert (answer.value, answer.n) == (0, 2), month


def test_a_renewal_on_the_same_day_proves_the_day_after(desk):
    rows = ("1,K1,2025-01-15,2025-12-31,10", "2,K1,2025-12-31,2026-03-05,10")
    told = desk.take(desk.put("contract.csv", contracts(*rows)))
    assert told["files"][0]["ends"] == {"ends_on": "day after"}
    assert ends(desk) == [date(2025, 12, 31), date(2026, 3, 5)]
    assert "K1 ends 2025-12-31, and its next row begins 2025-12-31" in desk.mapping("contract").read_text()


@pytest.mark.parametrize(
    ("left", "reading", "loaded"),
    [
        (("2025-03-31", "2024-02-29"), "last day", [date(2025, 4, 1), date(2024, 3, 1)]),
        (("2025-04-01", "2024-03-01"), "day after", [date(2025, 4, 1), date(2024, 3, 1)]),
    ],
)
def test_ends_of_months_prove_it_where_no_row_follows_another(desk, left, reading, loaded):
    rows = "\n".join(f"u{n},2023-05-08,{day}" for n, day in enumerate(left))
    told = desk.take(desk.put("user.csv", f"id,active_from,active_to\n{rows}\n"))
    assert told["files"][0]["ends"] == {"active_to": reading}
    assert ends(desk, "user", "active_to") == loaded


def test_what_nothing_proves_is_asked_and_loads_nothing(desk):
    line = desk.refusal(desk.put("contract.csv", UNCLEAR))
    assert 'Write "last day" (it is over on 2025-06-21) or "day after" (it is over on 2025-06-20)' in line
    assert "ends_on under [table.ends]" in line and "nothing was loaded" in line
    assert not (desk.workspace / "warehouse.duckdb").exists()
    text = desk.mapping("contract").read_text()
    assert 'ends_on = "?"' in text
    desk.mapping("contract").write_text(text.replace('ends_on = "?"', 'ends_on = "day after"'))
    desk.take(desk.files / "contract.csv")
    assert ends(desk) == [date(2025, 6, 20), None]


def test_with_yes_the_last_day_is_assumed_and_told_and_kept(desk):
    told = desk.take(desk.put("contract.csv", UNCLEAR))
    (hint,) = told["files"][0]["hints"]
    assert "ends_on is taken for the last day (nothing tells, such as 2025-06-20)" in hint
    assert 'write ends_on = "day after" under [table.ends] in' in hint
    assert "1 value of ends_on moved from the last day to the day after it" in told["rows"][0]["changes"]
    assert ends(desk) == [date(2025, 6, 21), None]
    again = desk.take(desk.files / "contract.csv")
    assert (again["files"][0]["ends"], again["entities"][0]["unchanged"]) == ({"ends_on": "last day"}, 2)


def test_a_mapping_kept_without_a_word_of_it_moves_no_row_in_silence(desk):
    proven = contracts("1,K1,2025-01-01,2025-12-31,10", "2,K1,2026-01-01,,10")
    desk.take(desk.put("contract.csv", proven))
    mapping = desk.mapping("contract")
    mapping.write_text(re.sub(r"\[table\.ends\]\n.*\n", "", mapping.read_text()))
    line = desk.refusal(desk.files / "contract.csv")
    assert "is it the last day, or the first day after? K1 ends 2025-12-31, and its next row begins 2026-01-01" in line
    with pytest.raises(BadConfig, match="is it the last day, or the first day after"):
        rows_given(
            open_files(
                {"name": "contracts", "path": str(desk.files / "contract.csv"), "workspace": str(desk.workspace)}
            )
        )
    assert 'ends_on = "last day"' not in mapping.read_text()
    (hint,) = desk.take(desk.files / "contract.csv")["files"][0]["hints"]
    assert hint.startswith("ends_on is taken for the last day (K1 ends 2025-12-31, and its next row begins 2026-01-01)")
    assert 'ends_on = "last day"' in mapping.read_text()


def test_a_column_without_any_end_is_not_asked_about(desk):
    told = desk.take(desk.put("contract.csv", contracts("1,K1,2025-01-15,,10")))
    assert told["files"][0]["ends"] == {}


def test_an_end_that_is_worked_out_is_moved_too(desk):
    desk.take(desk.put("contract.csv", UNCLEAR))
    mapping = desk.mapping("contract")
    mapping.write_text(mapping.read_text().replace('ends_on = "ends_on"', "ends_on = 'least(ends_on, ends_on)'"))
    desk.take(desk.files / "contract.csv")
    assert ends(desk) == [date(2025, 6, 21), None]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('ends_on = "last"', 'ends.ends_on: it cannot be \'last\'. Write "last day" or "day after".'),
        ('starts_on = "last day"', "ends.starts_on: no column is mapped to an end 'starts_on'. Ends: ends_on."),
    ],
)
def test_a_wrong_word_in_the_mapping_is_refused_in_one_line(desk, written, told):
    desk.take(desk.put("contract.csv", UNCLEAR))
    mapping = desk.mapping("contract")
    mapping.write_text(mapping.read_text().replace('ends_on = "last day"', written))
    assert told in desk.refusal(desk.files / "contract.csv")


def test_no_chain_of_renewals_is_churn_in_any_month(desk):
    by_contract(desk)
    dice, rows = random.Random(17), []
    for customer in range(40):
        day = date(2024, 1, 1) + timedelta(dice.randrange(200))
        while day < date(2026, 9, 1):
            last = day + timedelta(dice.randrange(20, 200))
            rows.append(f"c{customer}-{day},K{customer},{day},{last},10")
            day = last + timedelta(1)
    dice.shuffle(rows)
    names = "".join(f"K{customer},N{customer}\n" for customer in range(40))
    files = desk.put("contract.csv", contracts(*rows)), desk.put("customer.csv", f"id,name\n{names}")
    told = desk.take(*files, "--as-of", "2026-06-30")
    assert told["files"][0]["ends"] == {"ends_on": "last day"}
    with open_workspace(desk.workspace) as found:
        answers = found.get("churn_rate", "2024-09..2026-06", grain="month").answers
    assert [(answer.value, answer.n) for answer in answers] == [(0, 40)] * 22
