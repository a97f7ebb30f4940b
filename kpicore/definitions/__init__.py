"""A user's own definitions: TOML files in the workspace that say what plugins say in Python, and run nothing."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpicore.definitions.files import Flaw, OwnFile, own_file, own_files, parse_own, place
    from kpicore.definitions.overlay import registry_with, workspace_registry

__all__ = [
    "Flaw",
    "OwnFile",
    "own_file",
    "own_files",
    "parse_own",
    "place",
    "registry_with",
    "workspace_registry",
]

# Most workspaces have no such file, and need not wait for what reads them.
_HOME = MappingProxyType(
    {**dict.fromkeys(__all__, "files"), "registry_with": "overlay", "workspace_registry": "overlay"}
)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'kpicore.definitions' has no attribute '{name}'")
    return getattr(import_module(f"kpicore.definitions.{_HOME[name]}"), name)
