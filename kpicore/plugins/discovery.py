"""Find entry points of installed packages.

`importlib.metadata` does the same, but importing and asking it takes longer than all the rest of
`kpi --help`. Packages lie here as pip and uv leave them: folders beside the modules, not in archives.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

DISTRIBUTION = "kpicore"
"""The distribution whose entry points are built in."""

GROUP = "kpicore"
"""The entry points that are plugins."""

_FOLDERS = (".dist-info", ".egg-info")


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A name that a distribution gives to a module, or to something in it ("module:attribute")."""

    name: str
    value: str
    distribution: str = ""
    version: str = ""

    @property
    def is_built_in(self) -> bool:
        """Whether it comes with kpicore itself."""
        return self.distribution.casefold() == DISTRIBUTION

    def is_in(self, disabled: Collection[str]) -> bool:
        """Whether it, or its distribution, is one of those names."""
        return self.name.casefold() in disabled or self.distribution.casefold() in disabled

    def holds(self, other: EntryPoint) -> bool:
        """Whether the other one stands in its module or in the package of that: `acme.plugin` holds `acme.cli:mine`."""
        module = self.value.partition(":")[0].strip()
        package = module.rpartition(".")[0] or module
        return self.distribution == other.distribution and f"{other.value.partition(':')[0].strip()}.".startswith(
            f"{package}."
        )

    def load(self) -> Any:
        """Import and return it. Raises whatever the module raises."""
        module, _, attributes = self.value.partition(":")
        loaded: Any = import_module(module.strip())
        for attribute in attributes.strip().split(".") if attributes else ():
            loaded = getattr(loaded, attribute)
        return loaded


def entry_points(group: str, path: Sequence[str] | None = None) -> list[EntryPoint]:
    """Return the entry points of a group, by name; of a distribution that is there twice, the first on the path.

    `path` replaces `sys.path`.
    """
    return entry_points_of((group,), path)[group]


def entry_points_of(groups: Collection[str], path: Sequence[str] | None = None) -> dict[str, list[EntryPoint]]:
    """Return the entry points of several groups, which takes no longer than those of one."""
    points: dict[str, list[EntryPoint]] = {group: [] for group in groups}
    seen: set[str] = set()
    for folder in sys.path if path is None else path:
        for info in _infos(folder or os.curdir):
            # "kpicore_http-1.2.0.dist-info": a name is written with underscores there, so the first hyphen ends it
            name, _, version = os.path.splitext(os.path.basename(info))[0].partition("-")
            distribution = name.replace("_", "-")
            # as an import would find it: the first on the path hides the others
            if distribution.casefold() not in seen:
                seen.add(distribution.casefold())
                for group, key, value in _points(info, groups):
                    points[group].append(EntryPoint(key, value, distribution, version))
    return {
        group: sorted(of_group, key=lambda point: (point.name, point.distribution))
        for group, of_group in points.items()
    }


def _infos(folder: str) -> list[str]:
    try:
        return sorted(entry.path for entry in os.scandir(folder) if entry.name.endswith(_FOLDERS))
    except OSError:  # a folder of the path that is not there, or an archive
        return []


def _points(info: str, groups: Collection[str]) -> Iterator[tuple[str, str, str]]:
    try:
        with open(os.path.join(info, "entry_points.txt"), encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError):  # most distributions have none
        return
    group = ""
    for line in lines:
        if line.strip().startswith("["):
            group = line.strip()[1:-1]
        elif group in groups and "=" in line and not line.lstrip().startswith(("#", ";")):
            name, _, value = line.partition("=")
            yield group, name.strip(), value.partition("[")[0].strip()
