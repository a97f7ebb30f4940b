"""Cells within a narrowing: whatever is asked, the number is that of both conditions, or there is none."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpicore import (
    BadArgument,
    BadCut,
    CellCall,
    CellFailure,
    Narrowing,
    UnknownName,
    Workspace,
    narrowing_given,
    open_workspace,
)

VALUES = {
    "rep": ("Ann Lee [u1]", "Ann Lee [u3]", "Bob Ray", "(none)"),
    "product": ("Basic", "Pro", "Setup"),
    "region": ("America", "Europe"),
    "channel": ("phone", "web"),
}
CONDITIONS = st.dictionaries(
    st.sampled_from(sorted(VALUES)), st.sets(st.sampled_from(range(4)), min_size=1).map(sorted), max_size=3
).map(lambda places: {name: _values(name, at) for name, at in places.items()})
KPIS = ("won_deals", "total_sales", "win_rate", "aov", "sales_cycle", "opportunities_created", "cac")


def _values(name: str, places: list[int]) -> tuple[str, ...]:
    return tuple(sorted({VALUES[name][place % len(VALUES[name])] for place in places}))


@pytest.fixture(scope="module")
def tiny(tiny_folder) -> Workspace:
    with open_workspace(tiny_folder) as workspace:
        yield workspace


@given(where=CONDITIONS, asked=CONDITIONS, kpi=st.sampled_from(KPIS))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_number_is_that_of_both_conditions_or_there_is_none(tiny_cells, tiny, where, asked, kpi):
    pairs = [part for name, values in asked.items() for part in (name, tuple((value,) for value in values))]
    narrowing = Narrowing(None, tuple(sorted(where.items())))
    [result] = tiny_cells.answer([CellCall("KPI", (kpi, 2025, *pairs))], narrowing).results
    if isinstance(result, CellFailure):
        assert kpi == "cac" or result.code in ("#DIV/0!", "#N/A") or beyond(where, asked)
        return
    both = {name: list({*values} & {*asked.get(name, values)}) for name, values in {**asked, **where}.items()}
    assert not beyond(where, asked)
    assert result == tiny.get(kpi, 2025, where=both).answers[0].value


def beyond(where: dict[str, tuple[str, ...]], asked: dict[str, tuple[str, ...]]) -> bool:
    return any(not {*asked.get(name, values)} <= {*values} for name, values in where.items())


def test_what_is_given_is_kept_by_the_names_of_today(tiny):
    given_ = narrowing_given(tiny, ["Win_Rate", "mql"], {"Region": ["europe"], "rep": ["u3", "bob ray"]})
    assert given_ == Narrowing(
        ("win_rate", "mql_count"), (("region", ("Europe",)), ("rep", ("Ann Lee [u3]", "Bob Ray")))
    )


@pytest.mark.parametrize(
    ("kpis", "where", "refused"),
    [
        (["win_rat"], {}, UnknownName),
        (["win_rate.closed"], {}, BadArgument),
        ([], {"regoin": ["Europe"]}, UnknownName),
        ([], {"region": ["Europa"]}, UnknownName),
        ([], {"region": ["Europe"], "Region": ["America"]}, BadCut),
        (["cac"], {"region": ["Europe"]}, BadCut),
    ],
)
def test_what_cannot_be_narrowed_to_is_refused(tiny, kpis, where, refused):
    with pytest.raises(refused):
        narrowing_given(tiny, kpis, where)


def test_functions_are_those_of_the_kpis_that_may_be_asked(tiny_cells):
    functions = tiny_cells.functions(Narrowing(("win_rate",)))
    assert {function.metric for function in functions} == {"", "win_rate"}
    assert (
        len(functions)
        < len(tiny_cells.functions(Narrowing(None, (("rep", ("Bob Ray",)),))))
        == len(tiny_cells.functions())
    )
