"""A narrowed token at every route that the application has, also after a whole one has asked there."""

from __future__ import annotations

import pytest

from kpicore import Narrowing
from tests.http.conftest import Served

WIN_RATE = Narrowing(("win_rate",))
BOB = Narrowing(None, (("rep", ("Bob Ray",)),))
NUMBERS = {"/v1/cells"}
LISTS = {"/v1/functions"}
STAMPS = {"/v1/stamp"}
OPEN = {"/", "/api", "/v1/openapi.json", "/favicon.ico", "/healthz"}
"""Routes that take no token and hold no numbers."""


def routes(served: Served) -> set[str]:
    return {route.path for route in served.app._app.routes}


def pages(served: Served) -> set[str]:
    return {f"/{page.path}" for page in served.answering.pages}


def test_every_route_is_one_of_those_that_are_tried_here(tiny):
    assert routes(tiny) - pages(tiny) == NUMBERS | LISTS | STAMPS | OPEN


def test_what_is_open_is_the_same_for_a_narrowed_token_as_without_one(tiny):
    narrowed = tiny.narrowed(WIN_RATE)
    for path in sorted(OPEN | pages(tiny)):
        whole, with_token = tiny.client.get(path), tiny.client.get(path, headers=narrowed.headers)
        assert (path, whole.status_code, whole.content) == (path, with_token.status_code, with_token.content)


def test_a_stamp_tells_a_narrowed_token_what_it_tells_a_whole_one(tiny):
    whole, narrowed = (
        tiny.client.get("/v1/stamp", headers=of.headers).json() for of in (tiny, tiny.narrowed(WIN_RATE))
    )
    assert whole == narrowed and list(whole) == ["stamp"]


def test_a_list_of_functions_holds_those_of_its_kpis_whoever_asked_before(tiny):
    def names(served: Served) -> set[str]:
        listed = tiny.client.get("/v1/functions", headers=served.headers).json()["functions"]
        return {function["name"] for function in listed if function["kind"] != "general"}

    whole = names(tiny)
    assert {name for name in whole if name.startswith("KPI_WIN_RATE")} == names(tiny.narrowed(WIN_RATE)) < whole
    assert names(tiny.narrowed(Narrowing(("won_deals",)))) == {
        name for name in whole if name.startswith("KPI_WON_DEALS")
    }
    assert names(tiny) == names(tiny.narrowed(BOB)) == whole


def test_a_tag_of_the_whole_list_is_none_of_a_narrowed_one(tiny):
    tag = tiny.client.get("/v1/functions").headers["etag"]
    narrowed = tiny.narrowed(WIN_RATE).headers
    assert tiny.client.get("/v1/functions", headers={"if-none-match": tag}).status_code == 304
    answer = tiny.client.get("/v1/functions", headers={**narrowed, "if-none-match": tag})
    assert answer.status_code == 200 and answer.headers["vary"] == "authorization"
    own = answer.headers["etag"]
    assert tiny.client.get("/v1/functions", headers={**narrowed, "if-none-match": own}).status_code == 304


def test_a_token_that_is_not_valid_is_shown_no_list_that_could_be_anybodys(tiny):
    answer = tiny.client.get("/v1/functions", headers={"authorization": "Bearer kpi_no"})
    assert answer.status_code == 401
    assert tiny.client.get("/v1/functions").status_code == 200


CALLS = [
    ["KPI_WON_DEALS", [2025]],
    ["KPI", ["won_deals", "2025-Q2", "compare", "previous"]],
    ["KPI_TABLE", ["won_deals", 2025, "quarter"]],
    ["KPI_TABLE", ["won_deals", 2025, "", "rep"]],
    ["KPI_EXPLAIN", ["won_deals", 2025]],
    ["KPI_TARGET", ["total_sales", "2025-Q1"]],
    ["KPI_ATTAINMENT", ["total_sales", "2025-Q1"]],
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]} {call[1][0]}")
def test_no_token_is_given_what_another_one_has_asked(tiny, call):
    of_bob, of_win_rate = tiny.narrowed(BOB), tiny.narrowed(WIN_RATE)
    [whole] = tiny.ask(call)
    [bobs], [none], [again] = of_bob.ask(call), of_win_rate.ask(call), tiny.ask(call)
    assert whole == again != bobs
    line = none[0][1] if call[0] == "KPI_EXPLAIN" else none["message"]
    assert "in what this token may ask" in line
    assert [bobs] == of_bob.ask(call) == tiny.narrowed(BOB).ask(call)


def test_every_function_of_another_kpi_is_refused_and_its_ids_too(tiny):
    narrowed = tiny.narrowed(WIN_RATE)
    listed = tiny.client.get("/v1/functions").json()["functions"]
    others = [function for function in listed if function["metric"] not in ("", "win_rate")]
    ids = sorted({function["metric"] for function in others})
    calls = [[function["name"], [2025]] for function in others]
    for id in ids:
        calls += [[name, [id, 2025]] for name in ("KPI", "KPI_TARGET", "KPI_ATTAINMENT", "KPI_TABLE")]
        calls += [["KPI_TABLE", [f"win_rate, {id}", 2025]]]
    results = narrowed.ask(*calls, ["KPI_WIN_RATE", [2025]])
    assert len(ids) > 70 and {result["error"] for result in results[:-1]} == {"#NAME?"}
    assert all("in what this token may ask" in result["message"] for result in results[:-1])
    assert results[-1] == 0.7  # what is refused takes nobody else down
