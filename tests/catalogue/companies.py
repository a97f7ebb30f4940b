"""Small companies of text tables, asked through all the packs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from kpicore import Config, Plugins, Workspace
from tests.engine.worlds import config_of, load_tables


def company(
    folder: Path,
    packs: Plugins,
    tables: Mapping[str, str],
    defaults: Mapping[str, str] | None = None,
    **settings: object,
) -> Workspace:
    """Return a workspace over the tables, with settings of its own and default variants."""
    config: Config = config_of(folder, settings=settings)
    load_tables(config, tables)
    return Workspace(replace(config, default_variants=defaults or {}), packs)


def lines(header: str, rows: Iterable[object]) -> str:
    """Return a text table."""
    return "\n".join([header, *map(str, rows)])
