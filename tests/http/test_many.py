"""Many clients at a time: nobody stalls the others, and what nobody waits for is given up."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import GivenUp, Page, pause
from kpicore.spreadsheet import answering as of_cells
from kpicore_crm.testing import load_tiny_company
from kpicore_http import answering as of_http
from kpicore_http.answering import AnswerService
from kpicore_http.gate import Gate, Left
from kpicore_http.health import Health
from kpicore_http.refusals import RequestRefused
from kpicore_http.tokens import Token
from tests.circles import left_in_circles, ours
from tests.http.conftest import NOW, serving
from tests.loops import loop
from tests.patience import PATIENCE_SECONDS, wait_until

BOOK = Token("Book", "", NOW)


async def never() -> None:
    await asyncio.Event().wait()


class Endless:
    """KPI_ASOF computes without an end, a second at each pause, and `stopped` tells how often it was given up."""

    def __init__(self) -> None:
        self.now, self.begun, self.stopped = 100.0, 0, 0

    def clock(self) -> float:
        return self.now

    def compute(self) -> None:
        self.begun += 1
        try:
            while True:
                self.now += 1
                pause()
        except GivenUp:
            self.stopped += 1
            raise


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Endless:
    usual, found = of_cells.Answering._read, Endless()

    def read(self: of_cells.Answering, call: Any, *rest: Any) -> Any:
        return found.compute() if call.name == "KPI_ASOF" else usual(self, call, *rest)

    monkeypatch.setattr(of_cells.Answering, "_read", read)
    return found


def test_a_request_that_computes_for_too_long_is_refused_and_the_next_one_answered(tiny_folder, endless):
    with serving(tiny_folder, seconds=60) as server:
        server.answering.cells.turns.clock = endless.clock
        headers = {**server.headers, "content-type": "application/json"}
        answer = server.client.post("/v1/cells", content='{"calls": [["KPI_ASOF", []]]}', headers=headers)
        assert answer.status_code == 503
        assert answer.json() == {"refused": "This takes longer than 60 seconds. Ask for less at a time."}
        assert endless.stopped == 1
        assert server.ask(["KPI_WON_DEALS", [2025]]) == [7]


def test_what_a_client_that_left_asked_for_is_given_up(tiny_folder, endless):
    answering = AnswerService(tiny_folder, "http://localhost", print)

    async def gone() -> None:
        while not endless.begun:
            await asyncio.sleep(0.01)

    async def ask() -> bytes:
        return await answering.answer(b'{"calls": [["KPI_ASOF", []]]}', BOOK, gone)

    with pytest.raises(Left):
        asyncio.run(ask())
    answering.close()
    assert endless.stopped == 1


@pytest.mark.parametrize("why", ["the client left", "it takes too long", "it fails"])
def test_what_is_not_answered_is_let_go_of(tiny_folder, endless, monkeypatch, why):
    answering = AnswerService(tiny_folder, "http://localhost", print)
    if why == "it takes too long":
        answering.cells.turns.clock = endless.clock
    if why == "it fails":
        monkeypatch.setattr(of_http, "answer_json", lambda cells, *_: cells.nothing_like_this)

    async def gone() -> None:
        while why != "the client left" or not endless.begun:
            await asyncio.sleep(0.01)

    async def ask() -> None:
        with suppress(Left, RequestRefused, AttributeError):
            await answering.answer(b'{"calls": [["KPI_ASOF", []], ["KPI_WON_DEALS", [2025]]]}', BOOK, gone)
            pytest.fail("it was answered")

    with left_in_circles() as found:
        asyncio.run(ask())
    answering.close()
    assert ours(found) == set()


def test_a_server_that_ends_gives_up_what_it_computes(tiny_folder, endless):
    answering = AnswerService(tiny_folder, "http://localhost", print)

    async def ask() -> None:
        asking = asyncio.create_task(answering.answer(b'{"calls": [["KPI_ASOF", []]]}', BOOK, never))
        while not endless.begun:
            await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(ask())
    answering.close()
    assert endless.stopped == 1


def test_small_requests_are_answered_while_large_ones_compute_without_an_end(tiny_folder, endless):
    with serving(tiny_folder) as server:
        large = json.dumps({"calls": [["KPI_ASOF", []], ["KPI_WIN_RATE", [" " * 30_000]]]})
        headers = {**server.headers, "content-type": "application/json"}
        with ThreadPoolExecutor(9) as pool:
            asking = [pool.submit(server.client.post, "/v1/cells", content=large, headers=headers) for _ in range(8)]
            for _ in range(5):
                assert server.ask(["KPI_WON_DEALS", [2025]], ["KPI_CAC_CALC", [10_000, 20]]) == [7, 500]
            assert server.client.get("/healthz").json() == {"status": "ok"}
            assert server.client.get("/v1/functions").status_code == 200
            assert not any(each.done() for each in asking)
            server.answering.close()
            assert {each.result(PATIENCE_SECONDS).status_code for each in asking} == {503}


def test_requests_that_wait_hold_so_many_bytes_and_no_more(tiny_folder, monkeypatch):
    monkeypatch.setattr(of_http, "MOST_HELD_BYTES", 1_000)
    with serving(tiny_folder) as server:
        headers = {**server.headers, "content-type": "application/json"}
        answer = server.client.post("/v1/cells", content=json.dumps({"calls": [["x" * 2_000, []]]}), headers=headers)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json() == {"refused": "Too many requests wait. Ask again in a moment."}
        assert server.ask(["KPI_WON_DEALS", [2025]]) == [7]


@loop("requests of several tokens that come and leave, at a gate", ci=60, soak=2_000)
@given(
    places=st.integers(1, 6),
    spare=st.integers(0, 3),
    steps=st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(0, 9)), max_size=40),
)
def test_a_gate_is_never_too_full_lets_everybody_in_and_nobody_hold_all_of_it(places, spare, steps):
    async def go() -> None:
        gate, inside, leaving = Gate(places, spare), list[str](), asyncio.Event()
        entered = 0

        async def ask(name: str, left: asyncio.Future[Any]) -> None:
            nonlocal entered
            try:
                async with gate.place(name, left):
                    entered += 1
                    inside.append(name)
                    assert len(inside) <= places or (inside.count(name) == 1 and len(inside) <= places + spare)
                    assert places == 1 or inside.count(name) < places
                    await leaving.wait()
                    inside.remove(name)
            except Left:
                assert left.done()

        tasks, lefts = [], []
        for name, leaves, at in steps:
            left = asyncio.get_running_loop().create_future()
            tasks.append(asyncio.create_task(ask(name, left)))
            lefts.append(left)
            await asyncio.sleep(0)
            if leaves and not lefts[at % len(lefts)].done():
                lefts[at % len(lefts)].set_result(None)
        leaving.set()
        await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE_SECONDS)
        assert entered + sum(each.done() for each in lefts) >= len(steps)
        assert gate._held.total() == 0 and not gate._waiting

    asyncio.run(go())


def test_the_next_place_is_of_the_token_that_holds_fewest():
    async def go() -> list[str]:
        gate, order, leave = Gate(4), list[str](), {name: asyncio.Event() for name in ("a", "b")}

        async def ask(name: str) -> None:
            async with gate.place(name, asyncio.get_running_loop().create_future()):
                order.append(name)
                await leave[name].wait()

        tasks = [asyncio.create_task(ask(name)) for name in "aaaaaab"]
        await asyncio.sleep(0.01)
        assert order == ["a", "a", "a", "b"]
        tasks.append(asyncio.create_task(ask("b")))
        leave["a"].set()
        leave["b"].set()
        await asyncio.gather(*tasks)
        return order

    assert sorted(asyncio.run(go())) == ["a"] * 6 + ["b"] * 2


def test_a_token_that_holds_no_place_finds_one_however_many_others_hold():
    async def go() -> list[str]:
        gate, order, leave = Gate(4, spare=2), list[str](), asyncio.Event()

        async def ask(name: str) -> None:
            async with gate.place(name, asyncio.get_running_loop().create_future()):
                order.append(name)
                await leave.wait()

        tasks = [asyncio.create_task(ask(name)) for name in "aaaabbbcde"]
        await asyncio.sleep(0.01)
        inside = order.copy()
        leave.set()
        await asyncio.gather(*tasks)
        return inside

    assert asyncio.run(go()) == ["a", "a", "a", "b", "c", "d"]


def test_large_requests_of_one_token_or_of_all_leave_room_for_others(tiny_folder, monkeypatch):
    monkeypatch.setattr(of_http, "MOST_HELD_BYTES", 1_000_000)
    answering = AnswerService(tiny_folder, "http://localhost", print)
    with answering.room("a") as of_a, answering.room("b") as of_b, answering.room("c") as small:
        of_a(500_000)
        with pytest.raises(RequestRefused):
            of_a(1)
        of_b(250_000)
        with pytest.raises(RequestRefused):
            of_b(1)
        for _ in range(10):
            small(2_000)
        with answering.room("a") as small_too:
            small_too(20_000)
            with pytest.raises(RequestRefused):
                small_too(1)
    with answering.room("b") as of_b:
        of_b(500_000)
    answering.close()


def test_pages_are_made_once_a_stamp_and_a_client_that_has_one_is_told_so(tmp_path):
    made = list[str]()

    def body(_: object) -> bytes:
        made.append("page")
        return b"<p>page</p>"

    load_tiny_company(tmp_path)
    with serving(tmp_path, pages=(Page("mine.html", "text/html", body),)) as server:
        first = [server.client.get("/mine.html") for _ in range(5)]
        assert made == ["page"]
        tag = first[0].headers["etag"]
        again = server.client.get("/mine.html", headers={"if-none-match": f'"other", W/{tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        (tmp_path / "targets.toml").write_text("# other\n")

        def is_made_anew() -> bool:
            return server.client.get("/mine.html").status_code == 200 and made == ["page", "page"]

        wait_until(is_made_anew)


def test_functions_are_told_with_a_tag_that_changes_when_a_definition_does(own):
    first = own.client.get("/v1/functions")
    tag = first.headers["etag"]
    assert own.client.get("/v1/functions", headers={"if-none-match": tag}).status_code == 304
    (own.folder / "metrics").mkdir(exist_ok=True)
    (own.folder / "metrics" / "mine.toml").write_text(
        '[metric.mine]\nname = "Mine"\nunit = "count"\ninputs.n = { count = "order", when = "ordered_on" }\n'
    )
    wait_until(lambda: own.client.get("/v1/functions", headers={"if-none-match": tag}).status_code == 200)


@pytest.mark.parametrize("raised", [RuntimeError("secret detail"), SystemExit(3), KeyboardInterrupt()])
def test_a_page_that_raises_anything_is_an_error_of_its_request_alone(tiny_folder, raised):
    def broken(_: object) -> bytes:
        raise raised

    with serving(tiny_folder, pages=(Page("broken", "text/plain", broken),)) as server:
        assert server.client.get("/broken").status_code == 500
        assert server.client.get("/broken").json()["refused"].startswith("Internal error of the server.")
        assert server.ask(["KPI_WON_DEALS", [2025]]) == [7]


def test_a_page_that_never_ends_holds_up_no_other(tiny_folder, monkeypatch):
    goes_on = Event()

    def slow(_: object) -> bytes:
        goes_on.wait(PATIENCE_SECONDS)
        return b"at last"

    with serving(tiny_folder, pages=(Page("slow", "text/plain", slow),), page_seconds=0.05) as server:
        answers = [server.client.get("/slow") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [503] * 3
        assert answers[0].json() == {
            "refused": "This page takes too long. Who runs the server knows which plugin gives it."
        }
        assert server.client.get("/office/taskpane.css").status_code == 200
        goes_on.set()
        wait_until(lambda: server.client.get("/slow").text == "at last")


@pytest.mark.parametrize("raised", [RuntimeError("no data"), SystemExit(3), KeyboardInterrupt()])
def test_a_look_that_ends_by_any_error_is_told_and_the_next_one_looks_again(raised):
    looks = list[str]()

    def look() -> None:
        looks.append("look")
        if len(looks) == 1:
            raise raised

    async def ask() -> list[str]:
        health = Health(look, seconds=PATIENCE_SECONDS, fresh_seconds=0)
        return [await health.status(), await health.status()]

    assert asyncio.run(ask()) == ["unreadable", "ok"]


def test_health_tells_that_questions_wait(tiny_folder):
    goes_on, looks = Event(), list[str]()

    def look() -> None:
        looks.append("look")
        goes_on.wait(PATIENCE_SECONDS)

    async def ask() -> list[str]:
        health = Health(look, seconds=0.02)
        busy = [await health.status(), await health.status()]
        goes_on.set()
        while (status := await health.status()) != "ok":
            pass
        return [*busy, status]

    assert asyncio.run(ask()) == ["busy", "busy", "ok"]
    assert looks == ["look"]


def test_health_of_a_look_that_a_defect_ends_is_unreadable_and_the_next_look_is_taken():
    defects = [RecursionError("a plugin's")]

    def look() -> None:
        if defects:
            raise defects.pop()

    async def ask() -> list[str]:
        health = Health(look, seconds=PATIENCE_SECONDS, fresh_seconds=0)
        return [await health.status(), await health.status()]

    assert asyncio.run(ask()) == ["unreadable", "ok"]


def test_health_tells_that_the_workspace_cannot_be_read_and_that_it_can_again(own):
    usual = (own.folder / "kpi.toml").read_text()
    assert own.client.get("/healthz").json() == {"status": "ok"}
    (own.folder / "kpi.toml").write_text("broken = [")

    def status() -> tuple[int, str]:
        answer = own.client.get("/healthz")
        return answer.status_code, answer.json()["status"]

    wait_until(lambda: status() == (503, "unreadable"))
    (own.folder / "kpi.toml").write_text(usual)
    wait_until(lambda: status() == (200, "ok"))
