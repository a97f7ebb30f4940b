"""How cells look: runs of cells with one look, and the requests that give it to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import Any

from kpicore_sheets.sync.rectangle import Rectangle, without_all
from kpicore_xlsx.grid import GridRow, Look
from kpicore_xlsx.number_formats import DAY_FORMAT, MOMENT_FORMAT
from kpicore_xlsx.styles import MUTED, TEXT, Style

Json = dict[str, Any]
STAMP_LOOK = Look({"font_color": MUTED, "font_size": 9})
_STYLE, _NUMBER = "userEnteredFormat", "userEnteredFormat.numberFormat"
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_ALIGN = {"left": "LEFT", "center": "CENTER", "right": "RIGHT"}
_VALIGN = {"top": "TOP", "vcenter": "MIDDLE", "bottom": "BOTTOM"}
_PADDING = {"top": 2, "right": 3, "bottom": 2, "left": 3}
"""Of a cell as Google makes it, in pixels."""
_LINES = {1: "SOLID", 2: "SOLID_MEDIUM", 5: "SOLID_THICK"}


def look_requests(rectangle: Rectangle, rows: Sequence[GridRow], styled: Sequence[Rectangle]) -> Iterator[Json]:
    """Yield the requests for the looks of a table: number formats everywhere, the whole style in what is `styled`.

    People may style a table: once it stands only its number formats are ours.
    """
    for run, look in _runs(rectangle, rows):
        for part in styled:
            if common := run.common(part):
                yield _repeat(common, {"userEnteredFormat": style_json(look)}, _STYLE)
        # also where there is none: a cell that held a day is to show the number that it holds now
        number = {"userEnteredFormat": _with_number(look.number_format)} if look.number_format else {}
        for rest in without_all(run, styled):
            yield _repeat(rest, number, _NUMBER)


def looks_digest(rows: Sequence[GridRow]) -> str:
    """Return what stands for the styles of rows; more or fewer rows of the last kind change nothing."""
    shown = repr([_looks_text(row.looks) for row in _kinds(rows)])
    return sha256(shown.encode()).hexdigest()[:8]


def _kinds(rows: Sequence[GridRow]) -> Iterator[GridRow]:
    """Yield each row but those that repeat the last kind."""
    yield from rows[: kinds_end(rows)]


def kinds_end(rows: Sequence[GridRow]) -> int:
    """Return the row behind the first one of the last kind: those below it look the same."""
    end = len(rows)
    while end > 1 and rows[end - 1].looks == rows[end - 2].looks:
        end -= 1
    return end


def _looks_text(looks: Sequence[Look]) -> str:
    return repr([(sorted(look.style.items()), look.number_format) for look in looks])


def _runs(rectangle: Rectangle, rows: Sequence[GridRow]) -> Iterator[tuple[Rectangle, Look]]:
    """Yield rectangles of cells with one look, by rows of one kind."""
    start = 0
    while start < len(rows):
        unformatted = [column for column, look in enumerate(rows[start].looks) if not look.number_format]
        looks, end = _looks_of(rows[start], unformatted), start + 1
        while end < len(rows) and (rows[end].looks is rows[start].looks or rows[end].looks == rows[start].looks):
            if _looks_of(rows[end], unformatted) != looks:
                break
            end += 1
        yield from _row_runs(rectangle, start, end, looks)
        start = end


def _row_runs(rectangle: Rectangle, start: int, end: int, looks: Sequence[Look]) -> Iterator[tuple[Rectangle, Look]]:
    left = 0
    while left < len(looks):
        right = left + 1
        while right < len(looks) and looks[right] == looks[left]:
            right += 1
        top, first = rectangle.top, rectangle.left
        yield Rectangle(rectangle.tab, top + start, first + left, top + end, first + right), looks[left]
        left = right


def _looks_of(row: GridRow, unformatted: Sequence[int]) -> tuple[Look, ...]:
    """Return the looks of a row; days always have a format, as they are numbers to Google."""
    if not any(isinstance(row.values[column], date) for column in unformatted):
        return row.looks
    return tuple(
        Look(look.style, MOMENT_FORMAT if isinstance(value, datetime) else DAY_FORMAT)
        if isinstance(value, date) and not look.number_format
        else look
        for value, look in zip(row.values, row.looks, strict=True)
    )


def _repeat(rectangle: Rectangle, cell: Json, fields: str) -> Json:
    return {"repeatCell": {"range": rectangle.json(), "cell": cell, "fields": fields}}


def style_json(look: Look) -> Json:
    """Return a look as CellFormat."""
    style = {**TEXT, **look.style}
    text: Json = {"fontFamily": style["font_name"], "fontSize": style["font_size"]}
    text |= {name: True for name in ("bold", "italic") if style.get(name)}
    text["foregroundColorStyle"] = color_json(style["font_color"])
    written: Json = {"textFormat": text, "verticalAlignment": _VALIGN.get(style["valign"], "MIDDLE")}
    if "bg_color" in style:
        written["backgroundColorStyle"] = color_json(style["bg_color"])
    if style.get("align") in _ALIGN:
        written["horizontalAlignment"] = _ALIGN[style["align"]]
    if style.get("text_wrap"):
        written["wrapStrategy"] = "WRAP"
    if style.get("indent"):
        written["padding"] = {**_PADDING, "left": _PADDING["left"] + 9 * style["indent"]}
    if borders := {side: _line(style, side) for side in ("top", "bottom", "left", "right") if style.get(side)}:
        written["borders"] = borders
    return {**written, **(_with_number(look.number_format) if look.number_format else {})}


def _line(style: Style, side: str) -> Json:
    return {"style": _LINES.get(style[side], "SOLID"), "colorStyle": color_json(style.get(f"{side}_color", "#000000"))}


def color_json(color: str) -> Json:
    """Return a color, written #RRGGBB, as ColorStyle."""
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return {"rgbColor": {"red": red, "green": green, "blue": blue}}


@cache
def _kind(pattern: str) -> str:
    bare = _QUOTED.sub("", pattern).casefold()
    if "y" in bare or "d" in bare:
        return "DATE_TIME" if "h" in bare else "DATE"
    return "PERCENT" if "%" in bare else "TEXT" if bare == "@" else "NUMBER"


def _with_number(pattern: str) -> Json:
    return {"numberFormat": {"type": _kind(pattern), "pattern": pattern}}
