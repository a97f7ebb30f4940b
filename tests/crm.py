"""The vocabulary of sales for tests that need no KPI: what its plugin alone gives, and what a test gives beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kpicore import Config, Plugins, Registry, Workspace
from kpicore.testing import entry_points, plugins_of, plugins_with, registry_of

CRM = next(point for point in entry_points("kpicore") if point.name == "crm")
PLUGINS = plugins_of(crm=CRM.value)


def with_crm(config: Config) -> Config:
    """Return the settings of a workspace with those that the vocabulary declares. Raises BadConfig."""
    return Workspace(config, PLUGINS).config


SETTINGS = with_crm(Config(Path(), "")).settings


def crm_plugins(**beside: Iterable[tuple[str, object]]) -> Plugins:
    """Return the vocabulary; `beside` it stand items by kind, each with its giver."""
    return plugins_with(PLUGINS, **beside)


def crm_registry(**beside: Iterable[tuple[str, object]]) -> Registry:
    """Return the registry of the vocabulary, with items `beside` it."""
    return registry_of(crm_plugins(**beside))
