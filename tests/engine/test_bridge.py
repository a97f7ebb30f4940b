"""Two variants of one KPI on the same data: the rows that make the difference, counted by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kpicore import BadArgument, Workspace, open_workspace
from kpicore_crm.testing import load_tiny_company


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder: Path = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    with open_workspace(folder) as found:
        yield found


def groups(given: Sequence[Any]) -> list[tuple[str, int]]:
    """Return what rows have in common that only one variant counts, and how many they are."""
    return [(group.words, group.rows) for group in given]


def test_deals_created_in_a_quarter_and_closed_later_are_only_in_created(workspace: Workspace) -> None:
    # Q1: o1 to o6 closed in it (4 won, 2 lost) and were created in it; o7 and o8 were created in it
    # and closed in Q2, o7 won and o8 lost.
    found = workspace.bridge("win_rate.closed", "win_rate.created", "2025-Q1")
    assert (found.first.value, found.second.value) == (4 / 6, 5 / 8)
    won, base = found.steps
    assert (won.name, won.both, won.only_first) == ("won", 4, ())
    assert groups(won.only_second) == [("won, closed_on later", 1)]
    assert (base.name, base.both, base.only_first) == ("base", 6, ())
    assert groups(base.only_second) == [("lost, closed_on later", 1), ("won, closed_on later", 1)]


def test_deals_from_before_the_quarter_are_only_in_closed(workspace: Workspace) -> None:
    # Q2: o7, o8, o9 and o12 closed in it, of which o9 and o12 were created in it, as were o10 and o11.
    base = workspace.bridge("win_rate.closed", "win_rate.created", "2025-Q2").steps[1]
    assert base.both == 2
    assert groups(base.only_first) == [("lost, created_on earlier", 1), ("won, created_on earlier", 1)]
    assert groups(base.only_second) == [("open, no closed_on", 2)]


def test_a_cut_holds_for_both_sides(workspace: Workspace) -> None:
    # Bob: o3 lost and o4 won in Q1, o8 created in it and lost in Q2.
    base = workspace.bridge("win_rate.closed", "win_rate.created", "2025-Q1", {"rep": "Bob Ray"}).steps[1]
    assert (base.both, base.only_first) == (2, ())
    assert groups(base.only_second) == [("lost, closed_on later", 1)]


def test_two_kpis_have_no_bridge(workspace: Workspace) -> None:
    with pytest.raises(BadArgument, match=r"'win_rate' and 'lost_deals' are two KPIs"):
        workspace.bridge("win_rate", "lost_deals", "2025-Q1")
