"""KPI functions in Excel on Windows, by xlwings: what its COM server imports, and the files that set it up."""

from __future__ import annotations

from kpicore_excel.udf.served import serve

__all__ = ["serve"]
