"""Bands as conditional formats: made once, stretched when the table grows, so that people's changes to them stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from kpicore_sheets.sync.looks import color_json
from kpicore_sheets.sync.rectangle import Rectangle, rectangle_of
from kpicore_sheets.sync.spreadsheet import SeenTab
from kpicore_xlsx.grid import Tint

Json = dict[str, Any]
_COLORS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"good": ("#DCFCE7", "#15803D"), "fair": ("#FEF3C7", "#92400E"), "poor": ("#FEE2E2", "#B91C1C")}
)
"""Background and text of a status, by its word."""


def tints_digest(tints: Sequence[Tint]) -> str:
    """Return what stands for the bands of a table, whatever its number of rows; "" where there are none."""
    shown = [(tint.area[0], tint.area[1], tint.area[3], tint.status, tint.above, tint.below) for tint in tints]
    return sha256(repr(shown).encode()).hexdigest()[:8] if tints else ""


def rules_made(rectangle: Rectangle, tints: Sequence[Tint]) -> Iterator[Json]:
    """Yield what makes the rules of a table, the highest band first: of two rules the upper one holds."""
    highest = sorted(tints, key=lambda tint: -(tint.above if tint.above is not None else float("-inf")))
    for index, tint in enumerate(tint for tint in highest if tint.status in _COLORS):
        yield {"addConditionalFormatRule": {"rule": rule_json(rectangle, tint), "index": index}}


def rule_json(rectangle: Rectangle, tint: Tint) -> Json:
    """Return a band as a rule for the cells of its area."""
    top, left, bottom, right = tint.area
    first = rectangle.top + top, rectangle.left + left
    area = Rectangle(rectangle.tab, *first, rectangle.top + bottom + 1, rectangle.left + right + 1)
    background, text = _COLORS[tint.status]
    looks = {"backgroundColorStyle": color_json(background), "textFormat": {"foregroundColorStyle": color_json(text)}}
    return {"ranges": [area.json()], "booleanRule": {"condition": _condition(tint), "format": looks}}


def _condition(tint: Tint) -> Json:
    bounds = [number_text(bound) for bound in (tint.above, tint.below) if bound is not None]
    if not bounds:
        return {"type": "NOT_BLANK"}
    kind = "NUMBER_BETWEEN" if len(bounds) == 2 else "NUMBER_LESS" if tint.above is None else "NUMBER_GREATER_THAN_EQ"
    return {"type": kind, "values": [{"userEnteredValue": bound} for bound in bounds]}


def number_text(number: float) -> str:
    """Return a number as people of all languages type it: 0.41 or 0,41 depends on the spreadsheet, a ratio does not.

    >>> number_text(0.41), number_text(20), number_text(-0.5)
    ('=41/100', '20', '=-1/2')
    """
    above, below = Decimal(repr(number)).as_integer_ratio()
    return str(above) if below == 1 else f"={above}/{below}"


def rules_stretched(tab: SeenTab, held: Rectangle, target: Rectangle) -> Iterator[tuple[Json, Json]]:
    """Yield what lets rules within a table end where it ends now, each with the rule that was read at its place."""
    for index, rule in enumerate(tab.rules):
        ranges = [rectangle_of(area, tab.rows, tab.columns) for area in rule.get("ranges", [])]
        if ranges and all(held.holds(area) for area in ranges) and any(area.bottom == held.bottom for area in ranges):
            stretched = [_stretched(area, held, target) for area in ranges]
            if stretched != ranges and all(area.height > 0 for area in stretched):
                fresh = {**rule, "ranges": [area.json() for area in stretched]}
                yield {"updateConditionalFormatRule": {"index": index, "rule": fresh}}, rule


def _stretched(area: Rectangle, held: Rectangle, target: Rectangle) -> Rectangle:
    if area.bottom != held.bottom:
        return area
    return Rectangle(area.tab, area.top, area.left, target.bottom, area.right)


def rules_removed(tab: SeenTab, held: Rectangle) -> Iterator[tuple[Json, Json]]:
    """Yield what removes the rules of ours within a table, the last one first, each with the rule that was read."""
    ours = [_looks(rule_json(held, Tint((0, 0, 0, 0), status))) for status in _COLORS]
    for index in reversed(range(len(tab.rules))):
        rule = tab.rules[index]
        ranges = [rectangle_of(area, tab.rows, tab.columns) for area in rule.get("ranges", [])]
        if ranges and all(held.holds(area) for area in ranges) and _looks(rule) in ours:
            yield {"deleteConditionalFormatRule": {"sheetId": tab.id, "index": index}}, rule


def _looks(rule: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the colors of a rule, rounded as Google keeps them."""
    looks = rule.get("booleanRule", {}).get("format", {})
    return _rounded(looks.get("backgroundColorStyle")), _rounded(
        looks.get("textFormat", {}).get("foregroundColorStyle")
    )


def _rounded(style: Mapping[str, Any] | None) -> tuple[float, ...] | None:
    color = (style or {}).get("rgbColor")
    return None if color is None else tuple(round(color.get(part, 0), 2) for part in ("red", "green", "blue"))
