"""The seam to xlwings' Import Functions: for our modules it writes our VBA.

Its own wrappers show every failure as text and have no seam to change that. So the one function that writes them is
replaced, in Excel's Python process and for our modules only. An xlwings whose function has another shape is left
alone: its own wrappers work too, with texts for errors.
"""

from __future__ import annotations

import sys
from inspect import signature
from typing import Any, TextIO

from kpicore_excel.udf.vba import vba_functions

SERVED = "kpi_served"
"""What marks a module of ours, and holds its functions."""

_SHAPE = ("module_name", "module", "f", "xl_workbook")


def write_own_wrappers() -> bool:
    """Make xlwings write our VBA for our modules; return whether it does."""
    udfs: Any = sys.modules.get("xlwings.udfs")  # there on Windows only, once xlwings is imported
    if udfs is None or tuple(signature(udfs.generate_vba_wrapper).parameters) != _SHAPE:
        return False
    theirs = udfs.generate_vba_wrapper
    if getattr(theirs, "writes_kpi_functions", False):
        return True

    def generate_vba_wrapper(module_name: str, module: Any, f: TextIO, xl_workbook: Any) -> None:
        served = getattr(module, "__dict__", {}).get(SERVED)
        if served is None:
            theirs(module_name, module, f, xl_workbook)
        else:
            f.write(vba_functions(served.functions, module_name))

    generate_vba_wrapper.writes_kpi_functions = True  # type: ignore[attr-defined]
    udfs.generate_vba_wrapper = generate_vba_wrapper
    return True
