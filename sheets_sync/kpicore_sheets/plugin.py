"""What kpi.toml may say of Google Sheets, as a plugin gives it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpicore import hookimpl

if TYPE_CHECKING:
    from kpicore import SettingTable


@hookimpl
def kpi_settings() -> Iterable[SettingTable]:
    """Give the tables `[sheets]` and `[[sheet]]`."""
    from kpicore_sheets.settings import setting_tables

    return setting_tables()
