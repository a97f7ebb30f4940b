"""What plugins give, and what is wrong with it, before any data is there."""

from __future__ import annotations

from collections.abc import Mapping

from kpicore.plugins.discovery import DISTRIBUTION, EntryPoint
from kpicore.plugins.installed import load_plugins
from kpicore.plugins.manager import Plugins
from kpicore.registry.contributions import Problem
from kpicore.registry.joined import build_registry
from kpicore.registry.registry import Registry


def plugins_of(**modules: str) -> Plugins:
    """Return what these modules give, as if they alone came with kpicore: `plugins_of(library="my_library")`."""
    return load_plugins((), found=[EntryPoint(name, module, DISTRIBUTION) for name, module in modules.items()])


def registry_of(plugins: Plugins) -> Registry:
    """Return what plugins give, found by name; what was refused stands in its `problems`."""
    return build_registry(plugins.contributions)


def problems_of(registry: Registry, settings: Mapping[str, object]) -> list[Problem]:
    """Return what was refused, the KPIs and joint rules that do not stand, and the fields that cannot be made.

    Each problem names its giver and its item; a plugin that is sound has none::

        def test_all_that_it_gives_stands(tmp_path):
            with Workspace(Config(tmp_path, "Library"), plugins_of(library="my_library")) as workspace:
                assert problems_of(workspace.registry, workspace.config.settings) == []
    """
    from kpicore.review.definition_checks import broken_fields, definition_problems

    fields = (
        Problem(registry.makers.get((entity, name), ""), f"{entity}.{name}", str(error))
        for entity, name, error in broken_fields(registry, settings)
    )
    return [*registry.problems, *definition_problems(registry, settings), *fields]
