"""Requests are begun one at a time, the tokens in turns: thousands of one client hold up no other."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack, suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore_http.refusals import RequestRefused
from kpicore_http.turnstile import Turnstile
from tests.loops import loop


def begun(names: list[str], later: dict[int, list[str]] | None = None, cancelled: frozenset[int] = frozenset()) -> str:
    """Return the names in the order in which they began; some come when so many have begun, some are cancelled."""

    async def go() -> str:
        turnstile, order, tasks = Turnstile(10_000), list[str](), list[asyncio.Task[None]]()

        async def ask(name: str) -> None:
            async with turnstile.passed(name):
                order.append(name)
                tasks.extend(map(come, (later or {}).get(len(order), ())))

        def come(name: str) -> asyncio.Task[None]:
            return asyncio.create_task(ask(name))

        tasks += map(come, names)
        await asyncio.sleep(0)
        for at in cancelled:
            tasks[at].cancel()
        while waiting := [task for task in tasks if not task.done()]:
            await asyncio.wait(waiting)
        return "".join(order)

    return asyncio.run(go())


def test_who_comes_later_passes_by_those_of_another_name_however_many_wait():
    # two begin while it comes, one of which is told already
    assert begun(["-"] * 9, later={3: ["b"]}) == "-----b----"
    assert begun(["-"] * 900, later={3: ["b"]}) == "-----b" + "-" * 895
    assert begun(["-"] * 4 + ["a"] * 4, later={2: ["b"]}) == "-a-a-ba-a"


def test_those_of_a_name_begin_in_the_order_they_came_and_names_in_turns():
    assert begun(list("aaabbc")) == "abcaba"


def test_who_was_cancelled_holds_up_nobody():
    assert begun(list("aab"), cancelled=frozenset({0})) == "ba"


def test_others_are_looked_at_before_the_next_one_begins():
    async def go() -> list[str]:
        turnstile, said = Turnstile(10), list[str]()

        async def ask() -> None:
            async with turnstile.passed(""):
                said.append("begins")

        async def look() -> None:
            while len(said) < 9:
                said.append("looks")
                await asyncio.sleep(0)

        tasks = [*(asyncio.create_task(ask()) for _ in range(4)), asyncio.create_task(look())]
        await asyncio.gather(*tasks)
        return said

    said = asyncio.run(go())
    assert "begins begins" not in " ".join(said)
    assert said.count("begins") == 4


def inside(connections: int, names: str) -> str:
    """Return the names of the requests that are let in, of such that all stay, in the order they come."""

    async def go() -> str:
        turnstile, found = Turnstile(connections), ""
        async with AsyncExitStack() as stay:
            for name in names:
                with suppress(RequestRefused):
                    await stay.enter_async_context(turnstile.passed(name))
                    found += name
        return found

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("connections", "names", "let_in"),
    [
        (8, "aaaaaaaaaa", "aaaaa"),
        (8, "aaaaaaaabbbbcccc", "aaaaabc"),
        (8, "aaaaaaaacbd", "aaaaacb"),
        (16, "a" * 20 + "b" * 20 + "cdef", "a" * 10 + "bb" + "cd"),
        (1_000, "a" * 1_000 + "b" * 1_000 + "c", "a" * 625 + "b" * 125 + "c"),
        (1, "ab", "a"),
    ],
)
def test_one_name_leaves_places_for_others_and_all_leave_some_for_names_that_hold_none(connections, names, let_in):
    assert inside(connections, names) == let_in


def test_who_is_answered_leaves_the_place_to_the_next():
    async def go() -> None:
        turnstile = Turnstile(8)
        for _ in range(100):
            async with turnstile.passed("a"):
                pass

    asyncio.run(go())


@loop("requests of several tokens that come in any order", ci=60, soak=2_000)
@given(names=st.text("abc-", max_size=60))
def test_every_request_begins_once_and_no_name_twice_while_another_waits(names):
    order = begun(list(names))
    assert Counter(order) == Counter(names)
    left = Counter(names)
    for one, other in pairwise(order):
        left[one] -= 1
        assert one != other or not any(left[each] for each in left if each != one)
