"""Widths of columns: those of a new table become as wide as what it shows, and afterwards are people's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_xlsx.grid import GridRow, Look, Scalar
from kpicore_xlsx.shown import shown
from kpicore_xlsx.styles import TEXT

Json = dict[str, Any]
USUAL_PIXELS = 100
"""Of a column as Google makes it: one of another width was given it by somebody."""
_MOST_PIXELS, _HEAD_PIXELS, _MARGIN = 320, 130, 12
_MOST_ROWS = 200
_PIXELS_OF_A_SIGN = 0.55
"""Of the size of the font in pixels: digits and small letters, on average."""


def widths_set(rows: Sequence[GridRow], target: Rectangle, known: Mapping[tuple[int, int], int]) -> Iterator[Json]:
    """Yield what widens the columns of a new table; `known` are the widths that were read, by tab and column.

    None becomes narrower, and one that has not the usual width stays: other cells stand in it, too.
    """
    for at, pixels in enumerate(wanted_pixels(rows)):
        column = target.left + at
        if pixels <= USUAL_PIXELS or known.get((target.tab, column), USUAL_PIXELS) != USUAL_PIXELS:
            continue
        place = {"sheetId": target.tab, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
        size = {"properties": {"pixelSize": pixels}, "fields": "pixelSize"}
        yield {"updateDimensionProperties": {"range": place, **size}}


def wanted_pixels(rows: Sequence[GridRow]) -> list[int]:
    """Return how wide each column has to be to show what stands in it, as far as that is reasonable.

    A line that stands alone in its row, such as a title, reaches over the next cells.
    """
    widths: list[float] = []
    for row in islice(rows, _MOST_ROWS):
        widths += [0.0] * (len(row.values) - len(widths))
        if any(value is not None for value in row.values[1:]):
            for at, (value, look) in enumerate(zip(row.values, row.looks, strict=True)):
                widths[at] = max(widths[at], _pixels(value, look))
    return [min(_MOST_PIXELS, round(width)) for width in widths]


def _pixels(value: Scalar, look: Look) -> float:
    text = shown(value, look.number_format)
    if not text:
        return 0.0
    style = {**TEXT, **look.style}
    of_a_sign: float = style["font_size"] * 4 / 3 * _PIXELS_OF_A_SIGN * (1.08 if style.get("bold") else 1)
    pixels: float = len(text) * of_a_sign
    if style.get("text_wrap"):  # a head that is longer breaks between its words
        pixels = min(pixels, max(_HEAD_PIXELS, max(map(len, text.split()), default=0) * of_a_sign))
    indent: float = 9 * style.get("indent", 0)
    return pixels + _MARGIN + indent
