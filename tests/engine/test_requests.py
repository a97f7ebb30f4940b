"""Requests: one record, whoever asks; and the methods of a workspace that stand in the rooms below it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from importlib import import_module

import pytest

from kpicore import BadArgument, Grain, KpiRequest, UnknownName, Workspace, count
from tests.engine.conftest import Opened
from tests.engine.worlds import only


def test_a_request_has_each_name_as_a_text_and_the_grain_by_name() -> None:
    assert KpiRequest.of("loans", "2026", grain="fiscal quarter", by="branch") == KpiRequest(
        ("loans",), "2026", Grain.FISCAL_QUARTER, ("branch",)
    )
    assert KpiRequest.of(iter(["loans", "readers"]), "2026").kpis == ("loans", "readers")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"kpis": 7}, BadArgument),
        ({"kpis": ["loans", None]}, BadArgument),
        ({"by": [1]}, BadArgument),
        ({"grain": "fortnight"}, UnknownName),
        ({"compare": 1}, BadArgument),
        ({"as_of": datetime(2026, 3, 14)}, BadArgument),
    ],
)
def test_what_needs_no_data_to_be_refused_is_refused_by_the_record(options: dict[str, object], error: type) -> None:
    with pytest.raises(error):
        KpiRequest.of(**{"kpis": "loans", "period": "2026", **options})  # type: ignore[arg-type]


def test_a_request_that_is_asked_has_the_answers_of_get(tiny: Opened) -> None:
    opened = tiny(only(it=count("opportunity", when="closed_on")))
    request = KpiRequest.of("it", "2025-H1", grain="quarter", compare="previous", as_of=date(2025, 7, 15))
    result = opened.ask(request)
    assert (result.values(), [before.value for before in result.compared]) == ([6, 4], [None, 6])
    assert result == opened.get("it", "2025-H1", grain=Grain.QUARTER, compare="previous", as_of=date(2025, 7, 15))


def test_get_and_the_record_take_the_same() -> None:
    taken = list(inspect.signature(KpiRequest.of).parameters.values())
    assert list(inspect.signature(Workspace.get).parameters.values())[1:] == taken
    assert {parameter.name for parameter in taken} == {field.name for field in fields(KpiRequest)}


@pytest.mark.parametrize("one_of_it", [Workspace.explain, Workspace.advise, Workspace.goals])
def test_each_feature_of_a_room_is_a_method_of_a_workspace_with_its_help(one_of_it: Callable[..., object]) -> None:
    room = import_module(one_of_it.__module__)
    functions = {
        name: function
        for name, function in inspect.getmembers(room, inspect.isfunction)
        if function.__module__ == room.__name__ and not name.startswith("_")
    }
    assert functions
    for name, function in functions.items():
        assert getattr(Workspace, name) is function
        assert next(iter(inspect.signature(function).parameters)) == "workspace"
        assert function.__doc__
