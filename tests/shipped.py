"""All that ships, as pyproject.toml says: a package that is added there is looked at by every rule of the house."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
_WHEEL = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
PACKAGES = {Path(path).name: ROOT / path for path in _WHEEL["packages"]}
"""The folder of each package by its name, that of the core too."""
BUILT_IN = {name: folder for name, folder in PACKAGES.items() if name != "kpicore"}
FOLDERS = [ROOT / folder for folder in _WHEEL["dev-mode-dirs"]]
"""Those in which the packages lie."""
FILES = [file for folder in PACKAGES.values() for file in sorted(folder.rglob("*.py"))]


def module_of(file: Path) -> str:
    """Return the name that a file is imported by: "kpicore_xlsx.grid", of a package that of its folder."""
    package = next(folder for folder in PACKAGES.values() if folder in file.parents)
    return ".".join(file.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")


def texts() -> dict[str, str]:
    """Return the text of each file by its path."""
    return {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in FILES}
