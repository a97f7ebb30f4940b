"""A user's own definitions: TOML files in the workspace that say what plugins say in Python, and run nothing."""

from kpicore.own.files import FOLDER, Flaw, OwnFile, own_file, own_files, parse_own, place
from kpicore.own.joined import registry_with, workspace_registry
from kpicore.own.settled import settled, settled_in_part, undeclared

__all__ = [
    "FOLDER",
    "Flaw",
    "OwnFile",
    "own_file",
    "own_files",
    "parse_own",
    "place",
    "registry_with",
    "settled",
    "settled_in_part",
    "undeclared",
    "workspace_registry",
]
