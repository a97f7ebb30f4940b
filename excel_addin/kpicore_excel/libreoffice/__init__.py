"""LibreOffice: an extension with the KPI functions for Calc, which asks an engine that it starts itself."""

from __future__ import annotations

from kpicore_excel.libreoffice.extension import write_extension

__all__ = ["write_extension"]
