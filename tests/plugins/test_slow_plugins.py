"""A plugin that takes long is told, and stopped between two records when it takes too long. The clock is told here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from kpicore import PluginReport, load_plugins

SLOW = """
from itertools import count as numbers
import plugin_clock

plugin_clock.now += {at_import}

@hookimpl
def kpi_metrics():
    for number in range({records}):
        plugin_clock.now += {a_record}
        yield Metric(f"deals_{{number}}", name="Deals", unit=COUNT, inputs={{"n": count("order")}})
"""


def report(install: Callable[..., list], monkeypatch, **seconds: float) -> PluginReport:
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setitem(sys.modules, "plugin_clock", clock)
    (found,) = load_plugins(found=install("slow", SLOW.format(**seconds)), clock=lambda: clock.now).reports
    return found


def test_a_hook_of_five_seconds_is_told_nothing_of(install, monkeypatch):
    found = report(install, monkeypatch, at_import=5, records=2, a_record=2.5)
    assert (found.status, found.gives, found.problems) == ("ok", (("metrics", 2),), ())


def test_a_hook_that_takes_longer_keeps_its_records_and_is_told(install, monkeypatch):
    found = report(install, monkeypatch, at_import=0, records=2, a_record=3.1)
    assert (found.gives, found.problems) == ((("metrics", 2),), ("kpi_metrics took 6.2 s",))


def test_an_import_that_takes_long_is_told(install, monkeypatch):
    found = report(install, monkeypatch, at_import=8, records=1, a_record=0)
    assert (found.gives, found.problems) == ((("metrics", 1),), ("its import took 8.0 s",))


def test_a_hook_past_a_minute_is_stopped_at_its_next_record_and_gives_nothing(install, monkeypatch):
    found = report(install, monkeypatch, at_import=0, records=10**9, a_record=20)
    assert (found.status, found.gives) == ("broken", ())
    assert found.problems == ("kpi_metrics: was stopped after 80 s, as it may take 60",)


@pytest.mark.parametrize(
    ("records", "gives", "problems"),
    [
        (10_000, (("metrics", 10_000),), ()),
        (10_001, (), ("kpi_metrics: gave more than 10,000 records",)),
        (10**9, (), ("kpi_metrics: gave more than 10,000 records",)),
    ],
)
def test_ten_thousand_records_are_taken_and_one_more_is_not(install, monkeypatch, records, gives, problems):
    found = report(install, monkeypatch, at_import=0, records=records, a_record=0)
    assert (found.gives, found.problems) == (gives, problems)
