"""Bands as conditional formats: made once, stretched when the table grows, so that people's changes to them stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from kpicore_sheets.sync.looks import color_json
from kpicore_sheets.sync.rectangle import Rectangle, rectangle_of
from kpicore_sheets.sync.spreadsheet import SeenTab
from kpicore_xlsx.grid import Tint
from kpicore_xlsx.styles import MUTED

Json = dict[str, Any]
_COLORS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"good": ("#DCFCE7", "#15803D"), "fair": ("#FEF3C7", "#92400E"), "poor": ("#FEE2E2", "#B91C1C")}
)
"""Background and text of a status, by its word."""


_BLANK: Json = {"textFormat": {"foregroundColorStyle": color_json(MUTED)}}


def tints_digest(tints: Sequence[Tint]) -> str:
    """Return what stands for the bands of a table, whatever its number of rows; "" where there are none."""
    shown = [(tint.area[0], tint.area[1], tint.area[3], tint.status, tint.above, tint.below) for tint in tints]
    return sha256(repr(shown).encode()).hexdigest()[:8] if tints else ""


def rules_made(rectangle: Rectangle, tints: Sequence[Tint]) -> Iterator[Json]:
    """Yield what makes the rules of a table, the highest band first: of two rules the upper one holds."""
    highest = sorted(tints, key=lambda tint: -(tint.above if tint.above is not None else float("-inf")))
    told = [tint for tint in highest if tint.status in _COLORS]
    rules = [_blank_json(rectangle, told), *(rule_json(rectangle, tint) for tint in told)] if told else []
    for index, rule in enumerate(rules):
        yield {"addConditionalFormatRule": {"rule": rule, "index": index}}


def _blank_json(rectangle: Rectangle, tints: Iterable[Tint]) -> Json:
    """Return the rule above the bands: an empty cell has no status, though it may count as 0."""
    ranges = [area.json() for area in _blank_areas(rectangle, tints)]
    return {"ranges": ranges, "booleanRule": {"condition": {"type": "BLANK"}, "format": _BLANK}}


def _blank_areas(rectangle: Rectangle, tints: Iterable[Tint]) -> list[Rectangle]:
    """Return the cells in the columns of bands, from the first row that one judges to the last of the table."""
    columns = dict[tuple[int, int], int]()
    for top, left, _, right in (tint.area for tint in tints):
        columns[left, right] = min(top, columns.get((left, right), top))
    last = rectangle.height - 1
    return [_area(rectangle, Tint((top, left, last, right), "")) for (left, right), top in sorted(columns.items())]


def rule_json(rectangle: Rectangle, tint: Tint) -> Json:
    """Return a band as a rule for the cells of its area."""
    background, text = _COLORS[tint.status]
    looks = {"backgroundColorStyle": color_json(background), "textFormat": {"foregroundColorStyle": color_json(text)}}
    return {"ranges": [_area(rectangle, tint).json()], "booleanRule": {"condition": _condition(tint), "format": looks}}


def _area(rectangle: Rectangle, tint: Tint) -> Rectangle:
    top, left, bottom, right = tint.area
    first = rectangle.top + top, rectangle.left + left
    return Rectangle(rectangle.tab, *first, rectangle.top + bottom + 1, rectangle.left + right + 1)


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


def rules_followed(
    tab: SeenTab, held: Rectangle, target: Rectangle, tints: Sequence[Tint]
) -> Iterator[tuple[Json, Json]]:
    """Yield what lets rules within a table stand where they belong now, each with the rule that was read at its place.

    Those of the bands stand on the cells that these judge; others end with the table if they did so before.
    """
    wanted = _wanted(tab, held, target, tints)
    for index, rule, ranges in _rules_within(tab, held):
        fresh = wanted[index] if index in wanted else [_stretched(area, held, target) for area in ranges]
        if fresh != ranges and all(area.height > 0 for area in fresh):
            moved = {**rule, "ranges": [area.json() for area in fresh]}
            yield {"updateConditionalFormatRule": {"index": index, "rule": moved}}, rule


def are_there(tab: SeenTab, held: Rectangle, target: Rectangle, tints: Sequence[Tint]) -> bool:
    """Return whether each band has its rule in a table, and there is no other rule of ours."""
    count = sum(tint.status in _COLORS for tint in tints)
    ours = len(list(rules_removed(tab, held, tints)))
    return len(_wanted(tab, held, target, tints)) == count + bool(count) and ours == count + bool(count)


def _rules_within(tab: SeenTab, held: Rectangle) -> Iterator[tuple[int, Json, list[Rectangle]]]:
    for index, rule in enumerate(tab.rules):
        ranges = [rectangle_of(area, tab.rows, tab.columns) for area in rule.get("ranges", [])]
        if ranges and all(held.holds(area) for area in ranges):
            yield index, rule, ranges


def _wanted(tab: SeenTab, held: Rectangle, target: Rectangle, tints: Sequence[Tint]) -> dict[int, list[Rectangle]]:
    """Return where the rules of the bands belong, by their index: those of one band in one column in their order."""
    told = [tint for tint in tints if tint.status in _COLORS]
    bands, rules = defaultdict[Any, list[Rectangle]](list), defaultdict[Any, list[tuple[Rectangle, int]]](list)
    blank = _blank_areas(target, told)
    blanks = list[int]()
    for tint in told:
        area = _area(target, tint)
        bands[_condition_key(_condition(tint)), area.left - target.left, area.right - target.left].append(area)
    for index, rule, ranges in _rules_within(tab, held):
        key = _condition_key(rule.get("booleanRule", {}).get("condition", {}))
        if key == ("BLANK",) and _columns(ranges, held) == _columns(blank, target):
            blanks.append(index)
        for area in ranges if len(ranges) == 1 else ():
            rules[key, area.left - held.left, area.right - held.left].append((area, index))
    own = {blanks[0]: blank} if len(blanks) == 1 else {}
    return own | {
        index: [area]
        for key, areas in bands.items()
        if len(rules[key]) == len(areas)
        for (_, index), area in zip(_by_row(rules[key]), sorted(areas, key=lambda area: area.top), strict=True)
    }


def _columns(areas: Iterable[Rectangle], table: Rectangle) -> list[tuple[int, int]]:
    """Return the columns of cells, as the table counts them."""
    return sorted((area.left - table.left, area.right - table.left) for area in areas)


def _by_row(rules: Iterable[tuple[Rectangle, int]]) -> list[tuple[Rectangle, int]]:
    return sorted(rules, key=lambda rule: rule[0].top)


def _condition_key(condition: Mapping[str, Any]) -> tuple[Any, ...]:
    return condition.get("type"), *(value.get("userEnteredValue") for value in condition.get("values", []))


def _stretched(area: Rectangle, held: Rectangle, target: Rectangle) -> Rectangle:
    if area.bottom != held.bottom:
        return area
    return Rectangle(area.tab, area.top, area.left, target.bottom, area.right)


def rules_removed(tab: SeenTab, held: Rectangle, tints: Sequence[Tint] = ()) -> Iterator[tuple[Json, Json]]:
    """Yield what removes the rules of ours within a table, the last one first, each with the rule that was read.

    Ours have our colors, or judge as a band does: where people gave one other colors it would judge other cells.
    """
    ours = [_looks(rule_json(held, Tint((0, 0, 0, 0), status))) for status in _COLORS]
    ours.append(_looks(_blank_json(held, ())))
    bands = [_condition_key(_condition(tint)) for tint in tints]
    for index, rule, _ in reversed(list(_rules_within(tab, held))):
        if _looks(rule) in ours or _condition_key(rule.get("booleanRule", {}).get("condition", {})) in bands:
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
