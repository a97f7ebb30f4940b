"""Charts as inline SVG, drawn by ourselves: bars, a funnel, lines. Each says in words what it shows.

Text is escaped when it goes into an element; nothing but `element` makes markup, of charts and of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10

from kpicore import SHARE, Unit, per_cent
from kpicore_reports.filled_sections import Kpi, ReportNumber, TableLine
from kpicore_reports.report_words import shown, with_rows

INK, MUTED, GRID, TEAL, AMBER = "#1f2937", "#6b7280", "#e5e7eb", "#1b7f79", "#b45309"
WIDTH = 720
_ROW, _LABEL, _VALUE = 24, 170, 110
_MOST = 20
_EMPTY = frozenset({"meta"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(name: str, /, *inside: object, **attributes: object) -> Markup:
    """Return an element; what is not Markup is escaped. An attribute `class_` is `class`, `stroke_width` has a hyphen.

    >>> element("td", "<b>", class_="number")
    '<td class="number">&lt;b&gt;</td>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if not inside and name in _EMPTY:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{joined(*inside)}</{name}>")


def joined(*parts: object) -> Markup:
    """Return parts after each other; what is not Markup is escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(str(part)) for part in parts))


def bars(title: str, kpi: Kpi, lines: Sequence[TableLine]) -> Markup:
    """Return a bar for the first number of each line, with a mark at its target."""
    drawn = lines[:_MOST]
    numbers = [line.numbers[0] for line in drawn]
    top = max((max(number.value or 0, number.target or 0) for number in numbers), default=0) or 1
    parts = [joined(*_bar(line.label, number, at * _ROW, top)) for at, (line, number) in enumerate(_pairs(drawn))]
    words = "; ".join(f"{line.label} {with_rows(number)}" for line, number in _pairs(drawn))
    return _svg(title, f"{kpi.title}: {words}.", len(drawn) * _ROW + 4, parts)


def _pairs(lines: Sequence[TableLine]) -> list[tuple[TableLine, ReportNumber]]:
    return [(line, line.numbers[0]) for line in lines]


def _bar(label: str, number: ReportNumber, y: float, top: float) -> list[Markup]:
    length = _length(number.value or 0, top)
    marks = [
        _text(_short(label), _LABEL - 8, y + 16, anchor="end"),
        element("rect", x=_LABEL, y=y + 4, width=round(length, 1), height=_ROW - 8, rx=2, fill=TEAL),
    ]
    end = length
    if number.target is not None:
        mark = _length(number.target, top)
        at = _LABEL + mark
        marks.append(element("line", x1=_r(at), x2=_r(at), y1=y + 1, y2=y + _ROW - 1, stroke=AMBER, stroke_width=2.5))
        end = max(end, mark)
    return [*marks, _text(shown(number.value, number.kpi.unit), _LABEL + end + 6, y + 16, weight="600")]


def _length(value: float, top: float) -> float:
    return max(value, 0) / top * (WIDTH - _LABEL - _VALUE)


def funnel(title: str, lines: Sequence[TableLine]) -> Markup:
    """Return the stages below each other, as wide as the first number; a share that follows it stands between them."""
    row, middle = 46, _LABEL + (WIDTH - _LABEL) / 2
    top = max((line.numbers[0].value or 0 for line in lines), default=0)
    top = top if top > 0 else 1
    parts: list[Markup] = []
    for at, line in enumerate(lines):
        number, y = line.numbers[0], at * row
        width = max(max(number.value or 0, 0) / top * (WIDTH - _LABEL - 60), 2)
        parts += [
            _text(_short(line.label), _LABEL - 8, y + 20, anchor="end"),
            element("rect", x=_r(middle - width / 2), y=y + 2, width=_r(width), height=28, rx=3, fill=TEAL),
            _inside(number, middle, width, y + 21),
        ]
        share = next((rate for rate in line.numbers[1:] if rate.kpi.unit == SHARE and rate.value is not None), None)
        if share is not None and line is not lines[-1]:  # from the last stage nothing goes on
            parts.append(
                _text(f"▼ {shown(share.value, SHARE)} {share.kpi.title.casefold()}", middle, y + 43, "middle", 11)
            )
    words = "; ".join(f"{line.label} {', '.join(with_rows(number) for number in line.numbers[:2])}" for line in lines)
    return _svg(title, f"{words}.", len(lines) * row + 2, parts)


def _inside(number: ReportNumber, middle: float, width: float, y: float) -> Markup:
    text = shown(number.value, number.kpi.unit)
    if width > 12 * len(text):
        return _text(text, middle, y, "middle", 14, "600", fill="#ffffff")
    return _text(text, middle + width / 2 + 6, y, "start", 14, "600")


def months(title: str, labels: Sequence[str], numbers: Sequence[ReportNumber], *, in_progress: bool) -> Markup:
    """Return a line over months, the target dashed; a month in progress is a hollow point."""
    height, left, bottom = 230, 62, 26
    values = [number.value for number in numbers]
    targets = [number.target for number in numbers]
    known = [value for value in (*values, *targets) if value is not None]
    ticks = _ticks(min([0.0, *known]), max([0.0, *known]))
    largest = max(map(abs, ticks))  # the difference of the largest numbers there are would be none
    low, high = ticks[0] / largest, ticks[-1] / largest
    step = (WIDTH - left - 20) / max(len(labels) - 1, 1)

    def place(at: int, value: float) -> tuple[float, float]:
        return left + at * step, 14 + (1 - (value / largest - low) / (high - low)) * (height - bottom - 14)

    unit = numbers[0].kpi.unit
    parts = [part for tick in ticks for part in _gridline(tick, unit, left, place(0, tick)[1])]
    parts += [_text(label, left + at * step, height - 6, "middle", 11, fill=MUTED) for at, label in enumerate(labels)]
    goals = [place(at, target) if target is not None else None for at, target in enumerate(targets)]
    parts += _path(goals, AMBER, "6 4")
    points = [place(at, value) if value is not None else None for at, value in enumerate(values)]
    parts += _path(points, TEAL)
    for at, point in enumerate(points):
        if point is not None:
            open_end = in_progress and at == len(points) - 1
            look = {"fill": "#ffffff" if open_end else TEAL, "stroke": TEAL, "stroke_width": 2}
            parts.append(element("circle", cx=_r(point[0]), cy=_r(point[1]), r=3.5, **look))
    if any(target is not None for target in targets):
        parts.append(_text("– – target", WIDTH - 20, 10, "end", 11, fill=AMBER))
    if in_progress:
        parts.append(_text("○ to date", WIDTH - 90, 10, "end", 11, fill=TEAL))
    words = "; ".join(f"{label} {shown(number.value, unit)}" for label, number in zip(labels, numbers, strict=True))
    return _svg(title, f"{numbers[0].kpi.title} by month: {words}.", height, parts)


def _gridline(tick: float, unit: Unit, left: float, y: float) -> list[Markup]:
    line = element("line", x1=left, x2=WIDTH - 20, y1=_r(y), y2=_r(y), stroke=GRID, stroke_width=1)
    return [line, _text(_compact(tick, unit), left - 8, y + 4, "end", 11, fill=MUTED)]


def _path(points: Sequence[tuple[float, float] | None], colour: str, dashes: str = "") -> list[Markup]:
    """Return a line through the points, broken where there is none."""
    pieces: list[list[str]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{_r(point[0])},{_r(point[1])}")
    look = {"fill": "none", "stroke": colour, "stroke_width": 2.25, "stroke_dasharray": dashes or None}
    return [element("polyline", points=" ".join(piece), **look) for piece in pieces if len(piece) > 1]


def _ticks(low: float, high: float) -> list[float]:
    """Return about four round numbers that hold the range.

    >>> _ticks(0, 290_000)
    [0.0, 100000.0, 200000.0, 300000.0]
    """
    size = high - low
    if size <= 0:
        return [0.0, 1.0]
    if not 1e-300 < size < 1e300:  # where steps come to nothing, or to more than a number
        return [low, high]
    power = 10 ** floor(log10(size / 3))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= size / 4)
    first, last = floor(low / step), ceil(high / step)
    return [float(tick * step) for tick in range(first, last + 1)]


def _compact(value: float, unit: Unit) -> str:
    if unit == SHARE:
        return f"{per_cent(value, 0)}%"
    for size, sign in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:g}{sign}"
    return f"{value:g}"


def _short(label: str) -> str:
    return label if len(label) <= 24 else label[:23] + "…"


def _r(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(
    text: str, x: float, y: float, anchor: str = "start", size: int = 12, weight: str | None = None, fill: str = INK
) -> Markup:
    look = {"text_anchor": anchor, "font_size": size, "font_weight": weight, "fill": fill}
    return element("text", text, x=_r(x), y=_r(y), **look)


def _svg(title: str, words: str, height: float, parts: Sequence[Markup]) -> Markup:
    inside = [element("title", title), element("desc", words), *parts]
    return element("svg", *inside, viewBox=f"0 0 {WIDTH} {_r(height)}", role="img", aria_label=f"{title}. {words}")
