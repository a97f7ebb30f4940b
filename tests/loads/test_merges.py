"""Rows that a source merges into others, gives again, merges otherwise and deletes."""

from __future__ import annotations

from datetime import date

import pytest

from kpicore import Gone
from tests.loads.shop import crm, opened, rows

CUSTOMERS = rows("customer", "id name\n a Ann\n b Bob\n c Cid")
ORDER = rows("order", "id customer_id ordered_on amount\n 1 a 2025-01-01 5")


@pytest.fixture
def buyer(ask):
    """Give whose the order is now."""

    def now():
        ((customer,),) = ask("SELECT customer_id FROM kpi.order")
        return customer

    return now


def merged(**into):
    return Gone("customer", "customer", [*into], [*into.values()])


def test_what_refers_to_a_merged_row_refers_to_the_last_one_of_the_chain(tell, buyer, ask):
    tell(crm(CUSTOMERS, ORDER))
    tell(crm(merged(a="b")))
    tell(crm(merged(b="c")))
    assert buyer() == "c"
    assert ask("SELECT id FROM kpi.customer") == [("c",)]


def test_a_row_that_comes_back_is_its_own_again_also_when_it_is_deleted_later(tell, buyer):
    tell(crm(CUSTOMERS, ORDER))
    tell(crm(merged(a="b")))
    tell(crm(CUSTOMERS))
    assert buyer() == "a"
    tell(crm(Gone("customer", "customer", ["a"])))
    assert buyer() == "a"


def test_the_last_merge_counts_also_when_it_was_said_before(tell, buyer):
    tell(crm(CUSTOMERS, ORDER))
    for survivor in "bcb":
        tell(crm(CUSTOMERS, merged(a=survivor)))
        assert buyer() == survivor


def test_of_merges_of_one_load_the_last_one_counts(tell, buyer):
    tell(crm(CUSTOMERS, ORDER, Gone("customer", "customer", ["a", "a"], ["c", "b"]), merged(a="c"), merged(a="b")))
    assert buyer() == "b"


def test_rows_merged_in_a_circle_stay_who_they_are(tell, buyer):
    tell(crm(CUSTOMERS, ORDER, merged(a="b", b="c", c="a")))
    assert buyer() == "a"
    tell(crm(merged(a="a")))
    assert buyer() == "a"


def test_a_merge_that_is_said_again_makes_no_new_version(tell):
    tell(crm(CUSTOMERS, ORDER))
    versions = {tell(crm(merged(a="b"))).version for _ in range(3)}
    assert len(versions) == 1


def test_as_of_earlier_days_merges_stand_as_they_were_then(tell, tmp_path):
    tell(crm(CUSTOMERS, ORDER), day=1)
    tell(crm(merged(a="b")), day=2)
    tell(crm(CUSTOMERS), day=3)
    tell(crm(merged(a="c")), day=4)
    with opened(tmp_path) as workspace:
        buyers = [
            workspace.get("sales", "2025", by="customer", as_of=date(2025, 3, day)).answers for day in (1, 2, 3, 4)
        ]
    names = [[answer.question.cuts for answer in answers if answer.value] for answers in buyers]
    assert [cuts[0][0][1] for cuts in names] == [("Ann",), ("Bob",), ("Ann",), ("Cid",)]


def test_ids_merged_before_any_row_of_them_was_given_are_no_loaded_entity(tell, tmp_path):
    tell(crm(rows("cost", "booked_on amount\n 2025-01-01 5"), merged(a="b")), day=1)
    with opened(tmp_path) as workspace:
        said = [workspace.get("new_ones", "2025").answers[0].reason]
    tell(crm(CUSTOMERS, ORDER), day=2)
    with opened(tmp_path) as workspace:
        assert [workspace.get("new_ones", "2025", as_of=date(2025, 3, 1)).answers[0].reason] == said
