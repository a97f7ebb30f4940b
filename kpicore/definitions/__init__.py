"""A user's own definitions: TOML files in the workspace that say what plugins say in Python, and run nothing."""

from kpicore.definitions.files import FOLDER, Flaw, OwnFile, own_file, own_files, parse_own, place
from kpicore.definitions.overlay import registry_with, workspace_registry

__all__ = [
    "FOLDER",
    "Flaw",
    "OwnFile",
    "own_file",
    "own_files",
    "parse_own",
    "place",
    "registry_with",
    "workspace_registry",
]
