"""Passwords and tokens inside of addresses: no value of kpi.toml may hold one, whatever its key is called."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kpicore.errors import BadConfig
from kpicore.model.settings import ENV
from kpicore.text.addresses import holds_password
from kpicore.text.plain_text import shortened

_LONGEST_KEY = 80


def no_passwords(file: Path, written: Mapping[str, object]) -> None:
    """Refuse a document of which a text, at any depth, is an address with a password. Raises BadConfig.

    What stands there is not told.
    """
    todo: list[tuple[str, str, object]] = [(f"{file} ", "", written)]
    while todo:  # a dotted key makes tables deeper than calls go
        place, key, value = todo.pop()
        if isinstance(value, str) and holds_password(value):
            raise _refused(place.rstrip(" ."), key)
        if isinstance(value, Mapping):
            if any(map(holds_password, value)):
                raise _refused(place.rstrip(" ."), "url")
            inner = [(f"{place}{shortened(name, _LONGEST_KEY)}", name, part) for name, part in value.items()]
            todo += [(f"{at}{'.' if isinstance(part, Mapping) else ' '}", name, part) for at, name, part in inner]
        elif isinstance(value, list):
            todo += [(f"{place}{at} ", key, part) for at, part in enumerate(value, 1)]


def _refused(place: str, key: str) -> BadConfig:
    plain = shortened(key, _LONGEST_KEY)
    hint = (
        f'Put the whole address into an environment variable and write {plain}{ENV} = "ITS_NAME", or leave the password'
        f' out of it and write password{ENV} = "ITS_NAME".'
    )
    return BadConfig(place, "an address with a password or token in it must not stand in this file", hint=hint)
