"""Two accounts that claim the same ids: neither overwrites the other, and references stay inside their source."""

from __future__ import annotations

from datetime import date

import pytest

from kpicore import BadCut, Gone, UnknownName, Whole
from tests.loads.shop import Teller, crm, opened, rows

REFERENCES = "SELECT id, customer_id FROM kpi.order ORDER BY id"


def account(name: str, amount: int, who: str = "Ann") -> Teller:
    orders = rows("order", f"id customer_id ordered_on amount\n 1 17 2025-01-01 {amount}")
    return crm(rows("customer", f"id name region_id\n 17 {who} north"), orders, name=name)


def sales(folder, as_of=None, **cut):
    with opened(folder) as workspace:
        return workspace.get("sales", "2025", where=cut, as_of=as_of).values()


@pytest.fixture
def two(tell, tmp_path):
    """Give a workspace into which two accounts with the same ids are loaded."""
    assert not tell(account("crm", 216), account("shop", 100)).errors
    return tmp_path


def test_amounts_of_two_accounts_with_the_same_ids_add_up(two, ask):
    assert sales(two) == [216 + 100]
    assert ask(REFERENCES) == [("crm:1", "crm:17"), ("shop:1", "shop:17")]


def test_a_cut_by_the_id_of_a_source_takes_its_row_and_by_the_shared_label_none(two):
    assert sales(two, customer="crm:17") == [216]
    assert sales(two, customer="SHOP:17") == [100]
    with pytest.raises(BadCut, match=r"2 customers are called 'Ann'\. Say which"):
        sales(two, customer="Ann")
    with pytest.raises(UnknownName, match="no customer named '17'"):
        sales(two, customer="17")


def test_words_that_both_use_are_the_same_word_until_a_source_has_a_row_for_it(tell, two, ask):
    assert ask("SELECT id FROM kpi.region") == [("north",)]
    tell(crm(rows("region", "id name\n north North"), name="shop"))
    assert ask("SELECT id, name FROM kpi.region ORDER BY id") == [("crm:north", "crm:north"), ("shop:north", "North")]


def test_ids_are_bare_again_when_only_one_source_has_them(tell, two, ask):
    tell(crm(Gone("customer", "customer", ["17"]), Gone("order", "order", ["1"]), name="shop"))
    assert ask(REFERENCES) == [("1", "17")]
    assert sales(two) == [216]


def test_as_of_a_day_before_the_second_account_came_ids_are_as_they_were(tell, tmp_path):
    tell(account("crm", 216), day=1)
    tell(account("shop", 100), day=2)
    assert sales(tmp_path, date(2025, 3, 1), customer="17") == sales(tmp_path, date(2025, 3, 1)) == [216]
    assert sales(tmp_path, date(2025, 3, 2), customer="crm:17") == [216]


def test_deletions_and_snapshots_of_an_account_leave_the_other_alone(tell, two):
    tell(crm(rows("order", "id customer_id ordered_on amount\n 2 17 2025-01-01 5"), Whole("order", "order")))
    assert sales(two) == [5 + 100]
    tell(crm(Gone("customer", "customer", ["17"], ["18"])))
    assert sales(two, customer="18") == [5]
    # 17 is still an id that crm once gave
    assert sales(two, customer="shop:17") == [100]


def test_a_reference_to_what_only_another_source_has_is_to_a_row_of_its_own(tell, two, ask):
    tell(crm(rows("order", "id customer_id\n 9 17"), name="web"))
    assert ("9", "web:17") in ask(REFERENCES)
    assert ("web:17",) in ask("SELECT id FROM kpi.customer")


def test_a_survivor_that_its_source_has_not_given_is_not_that_of_another(tell, two, ask):
    tell(crm(rows("customer", "id name\n 5 Eve"), name="shop"), crm(Gone("customer", "customer", ["17"], ["5"])))
    assert ask(REFERENCES) == [("crm:1", "crm:5"), ("shop:1", "shop:17")]
    assert sales(two, customer="crm:5") == [216]


def test_ids_that_look_like_those_of_another_source_are_told_apart(tell, ask):
    names = {"a": "b:1", "c": "b:1", "a:b": "1", "d": "1"}
    tell(*(crm(rows("customer", f"id name\n {id} {source}"), name=source) for source, id in names.items()))
    found = dict(ask("SELECT name, id FROM kpi.customer"))
    assert sorted(found) == sorted(names)
    assert len(set(found.values())) == 4
    assert (found["c"], found["d"]) == ("c:b:1", "d:1")


def test_a_price_belongs_to_nobody_and_is_one_whoever_gives_it(tell, ask):
    for source, amount in (("crm", 5), ("shop", 6)):
        tell(crm(rows("price", f"thing priced_on amount\n pen 2025-01-01 {amount}"), name=source))
    assert ask("SELECT thing, amount FROM kpi.price") == [("pen", 6)]


def test_of_rows_that_a_merge_makes_one_the_survivors_counts(tell, ask):
    visits = rows("visit", "customer_id visited_on minutes\n a 2025-01-01 5\n b 2025-01-01 7\n a 2025-01-02 3")
    tell(crm(visits, Gone("customer", "customer", ["a"], ["b"])))
    assert ask("SELECT customer_id, day(visited_on), minutes FROM kpi.visit ORDER BY 2") == [("b", 1, 7), ("b", 2, 3)]


def test_visits_of_nobody_in_two_sources_stay_two(tell, ask):
    visit = rows("visit", "customer_id visited_on minutes\n - 2025-01-01 5")
    tell(crm(visit), crm(visit, name="shop"))
    tell(crm(rows("customer", "id\n a"), Gone("customer", "customer", ["b"], ["a"])))
    assert ask("SELECT sum(minutes) FROM kpi.visit") == [(10,)]
