"""The sources that kpi.toml names in `[[source]]`, opened by the plugins that give their kinds."""

from __future__ import annotations

from collections.abc import Collection

from kpicore.config.reader import Config, source_settings
from kpicore.errors import BadDefinition
from kpicore.model.checked import place
from kpicore.model.sources import Source, StreamSource
from kpicore.text.plain_text import value_shown
from kpicore.utils.isolation import blamed_on


def opened_sources(config: Config, names: Collection[str] = ()) -> list[Source | StreamSource]:
    """Return the sources of the names, else all that are enabled.

    Raises: UnknownName, BadConfig for one that cannot be read as it is written, BadDefinition where its plugin fails.
    """
    enabled = [table["name"] for table in config.sources if table.get("enabled", True)]
    return [_opened(config, name) for name in names or enabled]


def _opened(config: Config, name: str) -> Source | StreamSource:
    kind, settings = source_settings(config, name)
    where = place("source", name)
    with blamed_on(where):
        source = kind.open(settings)
        given = source.name
    if given != name:  # its cursor and its ids are kept by it
        raise BadDefinition(where, f"the kind '{kind.kind}' opened one named {value_shown(given)}: it takes the name")
    return source
