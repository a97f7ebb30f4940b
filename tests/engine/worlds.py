"""Small workspaces for the engine's tests: own definitions over the tiny company or over own rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kpicore import COUNT, Config, Input, Metric, Plugins, Workspace
from kpicore.testing import TinySource, batch, load, registry_of
from kpicore_crm.testing import DATA_TIME
from tests.crm import PLUGINS, SETTINGS, crm_plugins


def workspace(config: Config, metrics: Sequence[Metric]) -> Workspace:
    """Return a workspace over loaded data whose only metrics are the given ones."""
    return Workspace(config, crm_plugins(metrics=tuple(("test", metric) for metric in metrics)))


def sharing(base: Workspace, metrics: Sequence[Metric]) -> Workspace:
    """Return a workspace with other metrics over the open data of `base`; it has read nothing yet."""
    found = Workspace(base.config, base.plugins)
    found.registry = replace(base.registry, metrics={metric.id: metric for metric in metrics})
    found._warehouse = base.warehouse
    return found


def only(**inputs: Input) -> Metric:
    """Return a metric `it` with these inputs; its formula is the first of them, the rest times 0."""
    first, *rest = inputs
    return Metric("it", name="It", unit=COUNT, formula=" + 0 * ".join([first, *rest]), inputs=inputs)


def config_of(folder: Path, **given: object) -> Config:
    """Return the settings of a workspace in `folder`; `settings` are added to the defaults."""
    settings = given.pop("settings", {})
    assert isinstance(settings, Mapping)
    return replace(Config(folder, "Test"), settings={**SETTINGS, **settings}, **given)  # type: ignore[arg-type]


def load_tables(
    config: Config,
    tables: Mapping[str, str],
    *,
    at: datetime = DATA_TIME,
    plugins: Plugins = PLUGINS,
    source: str = "tables",
) -> None:
    """Load text tables (as `kpicore.testing.batch` reads them) of a source as they are at an instant."""
    config.folder.mkdir(parents=True, exist_ok=True)
    registry = registry_of(plugins)
    rows = tuple(batch(registry, name, text) for name, text in tables.items())
    report = load(config, registry, [TinySource(source, rows)], data_time=at)
    assert not any(source.error for source in report.sources), report.sources


def world(
    folder: Path, tables: Mapping[str, str], *metrics: Metric, at: datetime = DATA_TIME, **given: object
) -> Workspace:
    """Return a workspace over own text tables."""
    config = config_of(folder, **given)
    load_tables(config, tables, at=at)
    return workspace(config, metrics)


def at(text: str) -> datetime:
    """Return an instant in UTC: "2025-05-15" is its noon."""
    found = datetime.fromisoformat(text)
    return found.replace(hour=found.hour if "T" in text else 12, tzinfo=UTC)
