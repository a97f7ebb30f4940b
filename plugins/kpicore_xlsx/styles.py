"""The styles of cells, as data under XlsxWriter's names of properties: each stands on top of `TEXT`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from kpicore_xlsx.colours import FONT, INK, LINE, NAVY, ON_NAVY, PAPER, TEAL

Style = Mapping[str, Any]

TEXT: Style = MappingProxyType({"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"})
"""What every cell has."""
TITLE: Style = MappingProxyType({"font_size": 18, "bold": True, "font_color": PAPER, "bg_color": NAVY})
SUBTITLE: Style = MappingProxyType({"font_color": ON_NAVY, "bg_color": NAVY})
SECTION: Style = MappingProxyType({"bold": True, "font_color": TEAL, "bottom": 1, "bottom_color": TEAL})
"""The heading of a part of a sheet."""
HEADER: Style = MappingProxyType({"bold": True, "font_color": PAPER, "bg_color": TEAL, "text_wrap": True})
"""The head of a column."""
BODY: Style = MappingProxyType({"bottom": 1, "bottom_color": LINE})
"""A cell of a table."""
