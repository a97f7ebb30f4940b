"""A new workspace: its kpi.toml, with what the core and the installed plugins can be told in it."""

from __future__ import annotations

from pathlib import Path

from kpicore.config.reader import Config, file_in, parse_config
from kpicore.config.template import config_text
from kpicore.errors import BadConfig
from kpicore.model.settings import values_of
from kpicore.plugins.installed import load_plugins
from kpicore.registry.joined import declared
from kpicore.utils.whole_files import write_whole


def write_config(config: Config) -> Path:
    """Write a commented kpi.toml into the folder of `config`, and return its path.

    Settings that differ from their defaults are written out, the others that the core and the installed plugins
    declare stand as comments. Raises BadConfig when there is one already, or it cannot be written.
    """
    file, settings = file_in(config.folder), declared(load_plugins().contributions).settings
    text = config_text(config, settings)
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
