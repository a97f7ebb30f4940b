"""Two companies that differ outside of a token's rows only: whatever is asked, the token gets the same from both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kpicore import KpiError, Narrowing, Workspace, narrowing_given, open_workspace
from tests.http.conftest import Served, serving
from tests.http.two_worlds import EUROPE, FIRST, SECOND, load_world

GENERAL = {
    "KPI", "KPI_ASOF", "KPI_ATTAINMENT", "KPI_EXPLAIN", "KPI_LIST", "KPI_PERIOD", "KPI_TABLE", "KPI_TARGET",
}  # fmt: skip
CUTS = ("region", "rep", "customer", "segment", "loss_reason", "source", "industry")
WRONG = ("Max Or", "Zoe Ka", "Dun", "Ech", "Brend", "America")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served]]:
    folder = tmp_path_factory.mktemp("worlds")
    first, second = load_world(folder / "first", FIRST), load_world(folder / "second", SECOND)
    with serving(first) as of_first, serving(second) as of_second:
        yield of_first, of_second


def europe(workspace: Workspace) -> Narrowing:
    return narrowing_given(workspace, (), EUROPE)


def calls(workspace: Workspace) -> Iterator[list[object]]:
    """Yield a call of each kind that a cell can hold, for every KPI."""
    for kpi, metric in workspace.registry.metrics.items():
        yield from (["KPI_EXPLAIN", [f"{kpi}.{variant}", "2025-03"]] for variant in metric.variant_names)
        yield ["KPI", [kpi, 2025]]
        yield ["KPI", [kpi, "2025-Q2", "compare", "previous"]]
        yield ["KPI", [kpi, 2025, "stage", "(none)"]]
        yield ["KPI_EXPLAIN", [kpi, "2025-Q1"]]
        yield ["KPI_EXPLAIN", [kpi, "2025-Q1", "as_of", {"date": "2025-07-14"}]]
        yield ["KPI_EXPLAIN", [kpi, "2025-Q2", "compare", "previous"]]
        yield ["KPI_TARGET", [kpi, "2025-Q1"]]
        yield ["KPI_ATTAINMENT", [kpi, "2025-Q1", "region", "Europe"]]
        yield ["KPI_TABLE", [kpi, 2025, "month"]]
        yield from (["KPI_TABLE", [kpi, 2025, "", cut]] for cut in CUTS)
    for cut in CUTS:
        yield from (["KPI", ["won_deals", 2025, cut, name]] for name in WRONG)
    yield ["KPI_TABLE", [", ".join(["won_deals", "new_leads", "nps"]), 2025, "quarter", *CUTS[:3]]]
    yield from (["KPI_LIST", []], ["KPI_ASOF", []], ["KPI_PERIOD", [{"date": "2025-03-14"}, "month"]])


def asked(served: Served, every: list[list[object]]) -> list[object]:
    parts = [every[at : at + 2_000] for at in range(0, len(every), 2_000)]
    return [without_version(result) for part in parts for result in served.ask(*part)]


def without_version(result: object) -> object:
    """Return a result without the row that names the load, which differs as the loads do."""
    return [row for row in result if row[0] != "Data"] if isinstance(result, list) else result


def test_a_token_cannot_tell_apart_what_differs_outside_of_its_rows(worlds):
    with open_workspace(worlds[0].folder) as workspace:
        every, narrowing = list(calls(workspace)), europe(workspace)
    wide = [asked(world, every) for world in worlds]
    first, second = (asked(world.narrowed(narrowing), every) for world in worlds)
    told = [call for call, one, other in zip(every, first, second, strict=True) if one != other]
    assert told == []
    assert sum(one != other for one, other in zip(*wide, strict=True)) > 100  # who may ask everything sees it
    assert sum(isinstance(result, float) for result in first) > 50


def test_every_general_function_is_asked_there(worlds):
    functions = worlds[0].client.get("/v1/functions").json()["functions"]
    assert {function["name"] for function in functions if function["kind"] == "general"} == GENERAL
    with open_workspace(worlds[0].folder) as workspace:
        assert {call[0] for call in calls(workspace)} == GENERAL


def test_a_kpi_that_looks_beyond_the_rows_is_refused_also_where_another_one_does(worlds):
    with open_workspace(worlds[0].folder) as workspace:
        narrowed = worlds[0].narrowed(europe(workspace))
    own, through, won = narrowed.ask(
        ["KPI_SHARE_OF_ALL", [2025]], ["KPI_TWICE_THAT_SHARE", [2025]], ["KPI_WON_DEALS", [2025]]
    )
    why = "this token is only for region Europe, and 'share_of_all' counts 'everywhere' regardless of region."
    assert own == through == {"error": "#VALUE!", "message": why}
    assert won == 2


def test_every_kpi_is_as_the_workspace_answers_under_the_same_conditions_or_refused(worlds):
    with open_workspace(worlds[0].folder) as workspace:
        narrowed = worlds[0].narrowed(europe(workspace))
        expected = {kpi: value_of(workspace, kpi) for kpi in workspace.registry.metrics}
    results = narrowed.ask(*(["KPI", [kpi, 2025]] for kpi in expected))
    values = {kpi: None if isinstance(result, dict) else result for kpi, result in zip(expected, results, strict=True)}
    refused = {"share_of_all", "twice_that_share"}
    assert values == {kpi: None if kpi in refused else value for kpi, value in expected.items()}


def value_of(workspace: Workspace, kpi: str) -> float | None:
    try:
        return workspace.get(kpi, 2025, where=EUROPE).answers[0].value
    except KpiError:
        return None
