"""How cells look, as data: colours, the font, and styles under XlsxWriter's names of properties."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

INK, MUTED, FAINT, LINE, BAND, PAPER = "#1F2937", "#6B7280", "#9CA3AF", "#E5E7EB", "#F3F4F6", "#FFFFFF"
NAVY, TEAL, AMBER, SKY = "#16324F", "#1B7F79", "#D98E04", "#9CC5C9"
GOOD, BAD = "#15803D", "#B91C1C"
ON_NAVY, BAR, SHADE = "#D5DEE8", "#A7D3CF", "#BFE3DF"
"""Small text on the band of a title, the bars in cells, and the better half of a row."""
TINTS: Mapping[str, str] = MappingProxyType({"good": "#DCFCE7", "fair": "#FEF3C7", "poor": "#FEE2E2"})
"""What lies behind a number by its status; the status stands in words somewhere, too."""
FONT = "Arial"

Style = Mapping[str, Any]

TEXT: Style = MappingProxyType({"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"})
"""What every cell has: the other styles stand on top of it."""
TITLE: Style = MappingProxyType({"font_size": 18, "bold": True, "font_color": PAPER, "bg_color": NAVY})
SUBTITLE: Style = MappingProxyType({"font_color": ON_NAVY, "bg_color": NAVY})
SECTION: Style = MappingProxyType({"bold": True, "font_color": TEAL, "bottom": 1, "bottom_color": TEAL})
"""The heading of a part of a sheet."""
HEADER: Style = MappingProxyType({"bold": True, "font_color": PAPER, "bg_color": TEAL, "text_wrap": True})
"""The head of a column."""
BODY: Style = MappingProxyType({"bottom": 1, "bottom_color": LINE})
"""A cell of a table."""
