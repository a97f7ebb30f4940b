"""The functions and calculators of a workspace, without its data: they are told while questions are answered."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from kpicore.config.reader import read_config
from kpicore.model.functions import CellCalculator, CellFunction
from kpicore.plugins.manager import Plugins
from kpicore.spreadsheet.calculating import cell_calculators
from kpicore.spreadsheet.functions import cell_functions
from kpicore.workspace import Workspace

Told = tuple[tuple[CellFunction, ...], tuple[CellCalculator, ...]]


class Catalog:
    """Reads the definitions of a workspace once a stamp."""

    def __init__(self, folder: Path, plugins: Plugins) -> None:
        self._folder, self._plugins = folder, plugins
        self._lock = Lock()
        self._stamp = ""
        self._told: Told = (), ()

    def at(self, stamp: str) -> Told:
        """Return the functions and the calculators, by name. Raises KpiError when the workspace cannot be read."""
        with self._lock:
            if stamp != self._stamp:
                definitions = Workspace(read_config(self._folder), self._plugins, may_remake=False).definitions
                functions = cell_functions(definitions)
                self._told = functions, cell_calculators(definitions, functions)
                self._stamp = stamp
            return self._told
