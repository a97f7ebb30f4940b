"""The history of the made-up company: always the same, whole, and telling the story it should."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from kpicore_crm.entities import ENTITIES, TARGET_FIELDS
from kpicore_demo.chance import Chance, working_day
from kpicore_demo.company import NOW, PRODUCT, REPS, rate_on
from kpicore_demo.source import DemoSource

GIVEN = {
    each.name: replace(each, fields=(*each.fields, *(field for field in TARGET_FIELDS if field.entity == each.name)))
    for each in ENTITIES
    if not each.made
}


def test_the_rows_are_the_same_on_every_machine_and_python(rows):
    text = "\n".join(f"{entity} {sorted(row.items())}" for entity in sorted(rows) for row in rows[entity])
    assert hashlib.sha256(text.encode()).hexdigest() == CHECKSUM


def test_every_entity_of_the_vocabulary_is_filled(rows):
    assert set(rows) == set(GIVEN)
    assert all(rows.values())


@pytest.mark.parametrize("entity", GIVEN)
def test_rows_have_only_fields_that_exist_and_no_key_twice(rows, entity):
    fields = {field.name for field in GIVEN[entity].fields}
    keys = [tuple(row[each] for each in GIVEN[entity].key) for row in rows[entity]]
    assert {name for row in rows[entity] for name in row} <= fields
    assert len(set(keys)) == len(keys)
    assert all(None not in key for key in keys)


@pytest.mark.parametrize("entity", GIVEN)
def test_every_reference_points_at_a_row_that_exists(rows, entity):
    known = {name: {row["id"] for row in rows[name]} for name in rows if "id" in rows[name][0]}
    for field in GIVEN[entity].fields:
        if field.refers_to in known:
            given = {row.get(field.name) for row in rows[entity]} - {None}
            assert given <= known[field.refers_to], field.name


def test_nothing_has_happened_yet_after_the_data_time(rows):
    planned = {(each.name, field.name) for each in ENTITIES for field in each.fields if field.plan}
    for entity, given in rows.items():
        for row in given:
            for name, value in row.items():
                if isinstance(value, datetime):
                    assert value <= NOW, (entity, name)
                elif isinstance(value, date) and (entity, name) not in planned:
                    assert value <= NOW.date(), (entity, name)


def test_no_moment_falls_into_the_hour_that_summer_time_skips(rows):
    skipped = {date(2024, 3, 10), date(2025, 3, 9), date(2026, 3, 8)}
    moments = [value for given in rows.values() for row in given for value in row.values()]
    assert not [
        moment for moment in moments if isinstance(moment, datetime) and moment.date() in skipped and moment.hour == 2
    ]


def test_lines_add_up_to_their_order_and_won_deals_to_their_contracts(rows):
    lines: Counter[str] = Counter()
    for row in rows["order_line"]:
        lines[row["order_id"]] += row["amount"]
    assert {row["id"]: row["amount"] for row in rows["order"]} == dict(lines)
    deals = {row["id"]: row["amount"] for row in rows["opportunity"] if row["outcome"] == "won"}
    for row in rows["contract"]:
        assert row["amount"] == deals[row["opportunity_id"]]


def test_payments_never_exceed_their_invoice_and_come_after_it(rows):
    paid: Counter[str] = Counter()
    invoices = {row["id"]: row for row in rows["invoice"]}
    for row in rows["payment"]:
        paid[row["invoice_id"]] += row["amount"]
        assert row["received_on"] >= invoices[row["invoice_id"]]["issued_on"]
    assert all(amount <= invoices[id]["amount"] for id, amount in paid.items())


def test_stages_follow_each_other_without_gaps_until_the_end(rows):
    by_deal: dict[str, list[dict]] = {}
    for row in rows["stage_history"]:
        by_deal.setdefault(row["opportunity_id"], []).append(row)
    closed = {row["id"]: row["closed_at"] for row in rows["opportunity"]}
    for deal, visits in by_deal.items():
        for before, after in pairwise(visits):
            assert before["left_at"] == after["entered_at"]
            assert before["exit"] == "to_stage"
        assert visits[-1]["left_at"] == closed[deal]


def test_some_deals_skip_a_stage_and_some_enter_one_twice(rows):
    by_deal: dict[str, list[str]] = {}
    for row in rows["stage_history"]:
        by_deal.setdefault(row["opportunity_id"], []).append(row["stage_id"])
    assert sum(len(set(each)) < len(each) for each in by_deal.values()) > 20
    assert sum("proposal" not in each and "negotiation" in each for each in by_deal.values()) > 20


def test_instagram_brings_many_leads_and_few_customers(rows):
    leads = Counter(row["channel"] for row in rows["lead"])
    won = Counter(row["channel"] for row in rows["lead"] if row["lifecycle"] == "customer")
    rates = {channel: won[channel] / leads[channel] for channel in leads}
    assert min(rates, key=rates.__getitem__) == "Instagram"
    assert leads["Instagram"] > 500
    assert rates["Instagram"] < 0.03 < 0.08 < min(rate for channel, rate in rates.items() if channel != "Instagram")


def test_jonas_left_and_took_on_nothing_afterwards(rows):
    left = date(2025, 6, 1)
    assert [each.end for each in REPS if each.id == "jonas.pike"] == [left]
    for entity, moment in (
        ("lead", "created_at"),
        ("opportunity", "created_at"),
        ("activity", "at"),
        ("order", "ordered_at"),
    ):
        his = [row[moment] for row in rows[entity] if row["owner_id"] == "jonas.pike"]
        assert his and max(his).date() < left, entity


def test_machines_became_eight_per_cent_dearer_on_the_first_of_march_2025():
    assert PRODUCT["Marmot Duo"].price_on(date(2025, 2, 28)) == Decimal(4200)
    assert PRODUCT["Marmot Duo"].price_on(date(2025, 3, 1)) == Decimal(4536)
    assert PRODUCT["Finch Mill"].price_on(date(2025, 3, 1)) == Decimal(650)


def test_only_the_third_quarter_of_2025_missed_its_target(rows):
    sold: Counter[date] = Counter()
    for row in rows["opportunity"]:
        if row["outcome"] == "won":
            day = row["closed_at"].date()
            sold[date(day.year, (day.month - 1) // 3 * 3 + 1, 1)] += row["amount"] * rate_on(row["currency"], day)
    targets = {
        row["period_start"]: row["value"]
        for row in rows["target"]
        if (row["kpi_id"], row["period_grain"], row["owner_id"]) == ("total_sales", "quarter", None)
    }
    over = [start for start in targets if start < date(2026, 7, 1)]
    assert len(over) == 10
    assert [start for start in over if sold[start] < targets[start]] == [date(2025, 7, 1)]


def test_quotas_add_up_to_the_target_of_the_quarter(rows):
    quotas: Counter[date] = Counter()
    for row in rows["target"]:
        if row["kpi_id"] == "total_sales" and row["owner_id"]:
            quotas[row["period_start"]] += row["value"]
    whole = {
        row["period_start"]: row["value"]
        for row in rows["target"]
        if row["kpi_id"] == "total_sales" and row["period_grain"] == "quarter" and not row["owner_id"]
    }
    assert all(0 <= whole[start] - quotas[start] < len(REPS) for start in whole)


def test_nobody_booked_training_since_june_2026(rows):
    months = {row["booked_on"].replace(day=1) for row in rows["cost"] if row["category"] == "training"}
    assert date(2026, 5, 1) in months
    assert max(months) == date(2026, 5, 1)
    assert {row["category"] for row in rows["cost"]} == {
        *("salaries", "training", "benefits", "commissions", "tools_software", "marketing", "advertising"),
        *("sales_expense", "hidden_other", "retention"),
    }


def test_some_deals_are_in_other_currencies_and_each_has_a_rate(rows):
    currencies = Counter(row["currency"] for row in rows["opportunity"])
    assert currencies["EUR"] > 10 and currencies["GBP"] > 10
    assert set(currencies) - {"USD"} == {row["currency"] for row in rows["fx_rate"]}
    first = {row["currency"]: row["rate"] for row in rows["fx_rate"] if row["rate_on"] == date(2023, 10, 1)}
    assert first == {"EUR": Decimal("1.07"), "GBP": Decimal("1.23")}


def test_a_rate_drifts_by_its_ten_thousandths_a_week():
    assert rate_on("EUR", date(2023, 10, 7)) == Decimal("1.0700")
    assert rate_on("EUR", date(2023, 10, 8)) == Decimal("1.0709")
    assert rate_on("EUR", date(2023, 10, 15)) == Decimal("1.0718")
    assert rate_on("USD", date(2023, 10, 15)) == 1


def test_the_source_gives_typed_tables_and_tells_what_nobody_could_read():
    source = DemoSource()
    tables = {batch.entity: batch.rows for batch in source.batches(None)}
    assert str(tables["order"].schema.field("amount").type) == "decimal128(18, 6)"
    assert str(tables["lead"].schema.field("created_at").type) == "timestamp[us]"
    told = {(each.place, each.column, each.raw) for each in source.unreadable()}
    assert ("Marmot & Finch CRM: lead", "first_response_at", "31/02/2024 10:15") in told
    assert len(told) == 5
    assert tables["lead"]["first_response_at"][411].as_py() is None
    assert source.cursor() is None


def test_a_weekend_becomes_the_monday_after_it():
    assert working_day(date(2026, 9, 18)) == date(2026, 9, 18)
    assert working_day(date(2026, 9, 19)) == date(2026, 9, 21)
    assert working_day(date(2026, 9, 20)) == date(2026, 9, 21)


def test_chance_falls_as_its_weights_say():
    chance = Chance(1)
    fell = Counter(chance.weighted({"a": 3, "b": 1, "c": 0}) for _ in range(4000))
    assert fell["c"] == 0
    assert 2880 < fell["a"] < 3120
    assert all(5 <= chance.around(10, 5) <= 15 for _ in range(1000))
    assert {chance.whole(1, 3) for _ in range(100)} == {1, 2, 3}


CHECKSUM = "1db35c93f7ce630c48a36ed7fe4ecea301b6b5aabfdfad6196782d0e6b559df7"
