"""The colours and the font of everything in cells, as data."""

from __future__ import annotations

INK, MUTED, FAINT, LINE, BAND, PAPER = "#1F2937", "#6B7280", "#9CA3AF", "#E5E7EB", "#F3F4F6", "#FFFFFF"
NAVY, TEAL, AMBER, SKY = "#16324F", "#1B7F79", "#D98E04", "#9CC5C9"
GOOD, BAD = "#15803D", "#B91C1C"
ON_NAVY, BAR, SHADE = "#D5DEE8", "#A7D3CF", "#BFE3DF"
"""Small text on the band of a title, the bars in cells, and the better half of a row."""
FONT = "Arial"
