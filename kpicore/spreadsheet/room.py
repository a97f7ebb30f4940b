"""How many cells the results of one request may have, so that no table fills the memory."""

from __future__ import annotations

from kpicore.errors import BadArgument

MOST_CELLS = 1_000_000
"""In all results of a request."""

MOST_IN_TABLE = 100_000
"""A larger table is refused: no sheet that people read is that long."""


class Room:
    """What is left for the results of a request; tables ask for theirs before they compute a value."""

    def __init__(self) -> None:
        self._left = MOST_CELLS

    def check(self, rows: int, columns: int) -> None:
        """Refuse a table for which there is no room. Raises BadArgument."""
        cells = rows * columns
        if cells > MOST_IN_TABLE:
            raise BadArgument(
                f"the table has {rows:,} rows of {columns}.", hint=f"At most {MOST_IN_TABLE:,} cells: ask for less."
            )
        if cells > self._left:
            message = f"the results of one request have at most {MOST_CELLS:,} cells, and those before take the most."
            raise BadArgument(message, hint="Ask for less at a time.")

    def take(self, rows: int, columns: int) -> None:
        """Take the room for a table. Raises BadArgument where there is none."""
        self.check(rows, columns)
        self._left -= rows * columns
