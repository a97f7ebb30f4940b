"""How much a Google spreadsheet holds.

https://support.google.com/drive/answer/37603
"""

from __future__ import annotations

MOST_CELLS = 10_000_000
"""Of all tabs of a spreadsheet."""
MOST_COLUMNS, MOST_ROWS = 18_278, 10_000_000
"""Columns that a tab can have, and rows of a tab with one column."""
MOST_BYTES = 2_000_000
"""Of the body of a request, as Google recommends."""
MOST_CHARACTERS = 50_000
"""In a cell, and in a note."""
