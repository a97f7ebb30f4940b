"""Every hook's docstring holds a plugin that works."""

from __future__ import annotations

import inspect

import pytest

from kpicore import hookspecs
from kpicore.checks import definition_problems
from kpicore.config import SETTINGS
from kpicore.plugins import load_plugins
from kpicore.registry import build_registry

HOOKS = sorted(name for name in vars(hookspecs) if name.startswith("kpi_"))


def example(hook: str) -> str:
    _, _, source = (inspect.getdoc(getattr(hookspecs, hook)) or "").partition("::\n")
    return inspect.cleandoc(source)


@pytest.mark.parametrize("hook", HOOKS)
def test_the_plugin_in_a_hooks_docstring_works(install, hook):
    plugins = load_plugins(found=install("example", example(hook)))
    (report,) = plugins.reports
    assert (report.status, report.problem) == ("ok", "")
    assert hook.removeprefix("kpi_") in dict(report.gives)
    registry = build_registry(plugins.contributions)
    assert registry.problems == ()
    assert definition_problems(registry, SETTINGS) == []


def test_a_source_of_a_plugin_yields_rows(install):
    plugins = load_plugins(found=install("example", example("kpi_sources")))
    ((_, kind),) = plugins.contributions.sources
    source = kind.open({"name": "regions", "regions": ["North", "South"]})
    (batch,) = source.batches(None)
    assert (batch.entity, batch.rows.to_pydict()) == ("region", {"id": ["North", "South"], "name": ["North", "South"]})
