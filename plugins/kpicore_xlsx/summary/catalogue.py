"""The sheet of definitions: every KPI and variant, what it means, how it is computed, where it comes from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kpicore import Metric
from kpicore_xlsx.cells import put_row, put_text
from kpicore_xlsx.sections import one_page_wide, put_title
from kpicore_xlsx.styles import BAND
from kpicore_xlsx.summary.contents import Summary, family_of
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter import Workbook

SHEET = "Catalogue"
_HEAD = 3
_REMARK = "A cell formula is =FUNCTION(period, dimension, value, …)."
_COLUMNS = {
    "KPI": 30,
    "Function": 38,
    "Name": 36,
    "Family": 14,
    "Variant": 20,
    "Formula": 38,
    "Inputs": 38,
    "Unit": 13,
    "Better": 10,
    "Meaning": 64,
    "Source": 16,
}


def write_catalogue(book: Workbook, summary: Summary, looks: Looks, remark: str = _REMARK) -> None:
    """Write the sheet: one row for each variant, the default first; `remark` stands below."""
    sheet = book.add_worksheet(SHEET)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 2)
    for place, width in enumerate(_COLUMNS.values(), 1):
        sheet.set_column(place, place, width)
    count = f"{len(summary.catalogue)} KPIs, each with its variants; the first variant is the default."
    put_title(sheet, SHEET, count, looks)
    put_row(sheet, _HEAD, 1, tuple(_COLUMNS), looks.header())
    row = _HEAD
    for metric in summary.catalogue:
        for place, variant in enumerate(metric.variant_names):
            row += 1
            look = looks.body(valign="top", text_wrap=True, **({"bg_color": BAND} if place == 0 else {}))
            texts = _texts(metric, variant, first=place == 0)
            sheet.set_row(row, 13.5 * _lines(texts))
            put_row(sheet, row, 1, texts, look)
    if row > _HEAD:
        sheet.autofilter(_HEAD, 1, row, len(_COLUMNS))
    put_text(sheet, row + 2, 1, remark, looks.get(italic=True))
    sheet.freeze_panes(_HEAD + 1, 2)
    one_page_wide(sheet, _HEAD)
    sheet.print_area(0, 0, row + 2, len(_COLUMNS))


def _texts(metric: Metric, name: str, *, first: bool) -> tuple[str, ...]:
    variant = metric.variant(name)
    return (
        metric.id,
        f"KPI_{metric.id.upper()}",
        metric.name,
        family_of(metric).capitalize(),
        f"{name} (default)" if first and len(metric.variant_names) > 1 else name,
        variant.formula,
        ", ".join(variant.inputs),
        str(variant.unit or metric.unit),
        metric.better.value,
        variant.meaning,
        metric.source,
    )


def _lines(texts: tuple[str, ...]) -> int:
    """Return how many lines a row needs: spreadsheets do not agree on who makes a wrapped row high enough."""
    return max(
        1, *(math.ceil(len(text) / (1.15 * width)) for text, width in zip(texts, _COLUMNS.values(), strict=True))
    )
