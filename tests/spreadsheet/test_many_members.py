"""A dimension of very many members: others go first while their names are gone through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from kpicore import GivenUp, Member, Turn, Turns, UnknownName, Warehouse, open_workspace
from kpicore.engine.plan.filters import MemberNames, resolved
from kpicore.text.nearest import KnownNames
from kpicore.turns import MOST_AT_ONCE, one_by_one


@dataclass
class Customers:
    """A warehouse that holds so many of them."""

    count: int

    def members(self, _: str) -> tuple[Member, ...]:
        return tuple(Member(f"Customer {each:05}", f"c{each}", f"Customer {each:05}") for each in range(self.count))


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    found, usual = list[None](), Turn.pause

    def counted(turn: Turn) -> None:
        found.append(None)
        usual(turn)

    monkeypatch.setattr(Turn, "pause", counted)
    return found


@pytest.mark.parametrize(("count", "stretches"), [(0, 0), (1, 1), (MOST_AT_ONCE, 1), (10_500, 11)])
def test_others_may_go_first_before_each_thousand(pauses, count, stretches):
    with Turns().turn():
        assert list(one_by_one(range(count))) == list(range(count))
    assert len(pauses) == stretches


def test_others_may_go_first_while_members_are_named_and_proposed(pauses):
    members = MemberNames(cast(Warehouse, Customers(10_500)))
    with Turns().turn():
        assert members.values("customer", "customer 00077") == ("Customer 00077",)
        assert len(pauses) == 11
        with pytest.raises(UnknownName, match="Did you mean 'Customer 00077'"):
            members.values("customer", "Custmer 00077")
        assert len(pauses) == 11 + 4 * 11  # listed, folded, and put in order by both ends
        assert members.values("customer", "c99") == ("Customer 00099",)
        assert len(pauses) == 5 * 11


def test_for_names_that_an_earlier_day_did_not_know_nobody_goes_through_all_of_them(pauses):
    today, then = (MemberNames(cast(Warehouse, Customers(count))) for count in (2_500, 2))
    then.today = today
    named = [f"Customer {each:05}" for each in range(2, 12)]
    with Turns().turn():
        assert today.values("customer", "c0") + then.values("customer", "c1") == ("Customer 00000", "Customer 00001")
        pauses.clear()
        assert [then.values("customer", each) for each in named] == [(each,) for each in named]
    assert pauses == []


def test_others_may_go_first_while_the_values_of_a_long_list_are_read(tiny_folder, pauses):
    members = MemberNames(cast(Warehouse, Customers(2)))
    members.values("customer", "c0")
    values = [f"{' ' * spaces}CUSTOMER 00001" for spaces in range(2_500)]
    with open_workspace(tiny_folder) as workspace, Turns().turn():
        registry = workspace.registry
        pauses.clear()
        found = resolved({"customer": values}, registry, members)
    assert found == (("customer", ("Customer 00001",)),)
    assert len(pauses) == 3


def test_names_given_up_half_way_are_there_when_they_are_asked_again():
    names = KnownNames(f"customer {each:05}" for each in range(10_500))
    turn = Turns().turn()
    with pytest.raises(GivenUp), turn:
        turn.stop()
        names.closest("custmer 00077")
    assert names.closest("custmer 00077") == "customer 00077"
