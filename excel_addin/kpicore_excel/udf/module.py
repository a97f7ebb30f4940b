"""The Python module of a workbook, which xlwings imports, as text."""

from __future__ import annotations

import re
from pathlib import Path

_TEXT = '''\
"""KPI functions of {workbook}, for xlwings. Written by `kpi excel udf`.

It holds no definitions: a new KPI needs Import Functions once more, a changed one nothing.
"""

from kpicore_excel.udf import serve

WORKSPACE = {folder!r}

serve(WORKSPACE, globals())
'''


def module_name(workbook: Path) -> str:
    """Return the name of the module of a workbook: `kpi_functions` for kpi.xlsm."""
    stem = re.sub(r"\W+", "_", workbook.stem.lower(), flags=re.ASCII).strip("_") or "kpi"
    return f"{stem if stem[0].isalpha() else f'kpi_{stem}'}_functions"


def module_text(folder: Path, workbook: Path) -> str:
    """Return the text of the module for the workspace in a folder."""
    shown = re.sub(r'[\\"]', "_", workbook.name)
    return _TEXT.format(workbook=shown, folder=str(folder))
