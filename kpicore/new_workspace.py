"""A new workspace: its kpi.toml, with what the core and the installed plugins can be told in it."""

from __future__ import annotations

from pathlib import Path

from kpicore.config.reader import Config, file_in, parse_config
from kpicore.config.template import Examples, config_text
from kpicore.errors import BadConfig
from kpicore.model.settings import values_of
from kpicore.plugins.installed import load_plugins
from kpicore.registry.joined import build_registry, declared
from kpicore.registry.registry import Registry
from kpicore.targets import ENTITY, GOAL
from kpicore.utils.whole_files import write_whole


def write_config(config: Config) -> Path:
    """Write a commented kpi.toml into the folder of `config`, and return its path.

    Settings that differ from their defaults are written out, the others that the core and the installed plugins
    declare stand as comments. Raises BadConfig when there is one already, or it cannot be written.
    """
    given, file = load_plugins().contributions, file_in(config.folder)
    settings = declared(given).settings
    text = config_text(config, settings, examples_of(build_registry(given)))
    read = parse_config(text, file)  # nothing is written that could not be read again
    values_of(f"{file} settings.", settings, read.further.get("settings", {}))
    try:
        config.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfig(file, error.strerror or str(error)) from None
    if file.exists():
        raise BadConfig(file, "it is there already", hint="Edit it, or choose another folder.")
    write_whole(file, text, hint="Choose another folder.")
    return file


def examples_of(registry: Registry) -> Examples:
    """Return names that the installed plugins give: a KPI, a dimension of targets, a variant, a code of a field."""
    metrics, examples = registry.metrics, Examples()
    fields = ((entity, field) for entity in registry.entities.values() for field in entity.fields)
    return Examples(
        next(iter(metrics), examples.kpi),
        next((name for name in registry.dimensions_of(ENTITY) if name != GOAL), examples.dimension),
        next(
            ((id, variant) for id, metric in metrics.items() for variant in metric.variant_names[1:]), examples.variant
        ),
        next(
            ((entity.name, field.name, code) for entity, field in fields if field.codes for code in field.codes.names),
            examples.code,
        ),
    )
