"""The vocabulary of sales for tests that need no KPI: what its plugin alone gives, and what a test gives beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from kpicore import Config, Registry
from kpicore.plugins.discovery import DISTRIBUTION, EntryPoint
from kpicore.plugins.settled import settled
from kpicore.registry.joined import Contributions, build_registry
from kpicore.testing import plugins_of

CRM = EntryPoint("crm", "kpicore_crm.plugin", DISTRIBUTION)
PLUGINS = plugins_of(crm=CRM.value)
SETTINGS = settled(Config(Path(), ""), PLUGINS).settings


def crm_given(**beside: tuple[tuple[str, Any], ...]) -> Contributions:
    """Return the vocabulary; `beside` it stand items by kind, each with its giver."""
    given = PLUGINS.contributions
    return replace(given, **{kind: (*getattr(given, kind), *items) for kind, items in beside.items()})


def crm_registry(**beside: tuple[tuple[str, Any], ...]) -> Registry:
    """Return the registry of the vocabulary, with items `beside` it."""
    return build_registry(crm_given(**beside))


def with_crm(config: Config) -> Config:
    """Return the settings of a workspace with those that the vocabulary declares. Raises BadConfig."""
    return settled(config, PLUGINS)
