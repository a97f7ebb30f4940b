"""What plugins give, and what is wrong with it, before any data is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kpicore.definitions import OwnFile, own_file, parse_own
from kpicore.plugins.discovery import DISTRIBUTION, EntryPoint
from kpicore.plugins.installed import load_plugins
from kpicore.plugins.manager import Plugins
from kpicore.registry.contributions import Contributions, Problem
from kpicore.registry.joined import build_registry
from kpicore.registry.registry import Registry


def plugins_of(**modules: str) -> Plugins:
    """Return what these modules give, as if they alone came with kpicore: `plugins_of(library="my_library")`."""
    return load_plugins((), found=[EntryPoint(name, module, DISTRIBUTION) for name, module in modules.items()])


def plugins_with(plugins: Plugins | None = None, /, **records: Iterable[tuple[str, object]]) -> Plugins:
    """Return what plugins give and these records beside it, each with its giver; without plugins the records alone.

    They are named as the hooks are: `plugins_with(library, metrics=[("mine", Metric("loans", …))])`. Nothing is
    checked as what a hook gives is.
    """
    base = plugins or Plugins(Contributions(), ())
    joined: dict[str, Any] = {kind: (*getattr(base.contributions, kind), *items) for kind, items in records.items()}
    return replace(base, contributions=replace(base.contributions, **joined))


def registry_of(plugins: Plugins) -> Registry:
    """Return what plugins give, found by name; what was refused stands in its `problems`."""
    return build_registry(plugins.contributions)


def own_definitions(source: str | Path, name: str = "metrics/own.toml") -> OwnFile:
    """Return what TOML text says of own definitions, or what a file does: metrics, fields, and flaws with their lines.

    `name` is what the flaws call it.
    """
    return own_file(source, name) if isinstance(source, Path) else parse_own(source, name)


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
