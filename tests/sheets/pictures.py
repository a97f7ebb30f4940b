"""A picture of a tab of the emulator: written as XLSX, drawn by LibreOffice. Google's own look is not seen."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import xlsxwriter

from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet
from kpicore.testing.sheets.tab import EmulatedTab

Json = dict[str, Any]
_LINES: Mapping[str, int] = MappingProxyType({"SOLID": 1, "SOLID_MEDIUM": 2, "SOLID_THICK": 5})
_VERTICAL: Mapping[str, str] = MappingProxyType({"TOP": "top", "MIDDLE": "vcenter", "BOTTOM": "bottom"})
_CHARTS: Mapping[str, str] = MappingProxyType({"LINE": "line", "COLUMN": "column", "BAR": "bar"})
_COLUMN_PIXELS, _ROW_PIXELS = 100, 21
_CHART_PIXELS = 600, 371
"""What Google gives where nobody says anything else."""
_LINED: Mapping[str, object] = MappingProxyType({"border": 1, "border_color": "#E2E3E3"})
"""The lines between cells: LibreOffice prints black ones."""
_DOTS, _MARGIN, _WHITE = "110", 6, b"\xff"

_COMPUTED = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""


def picture(spreadsheet: EmulatedSpreadsheet, tab: str, file: Path, *, cells: str) -> None:
    """Draw the cells of a tab, "A1:P40", into a PNG file."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_workbook(spreadsheet.tab(tab), folder / "tab.xlsx", cells)
        profile = f"-env:UserInstallation={_profile(folder).as_uri()}"
        _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "tab.xlsx"))
        drawn = folder / "tab.pdf"
        left, top, right, bottom = _filled_part(drawn)
        part = ("-x", left, "-y", top, "-W", right - left, "-H", bottom - top)
        _run("pdftoppm", "-png", "-singlefile", "-r", _DOTS, *map(str, part), str(drawn), str(file.with_suffix("")))


def _profile(folder: Path) -> Path:
    """Return a profile of LibreOffice in which formulas are computed when a workbook is opened."""
    (settings := folder / "profile" / "user").mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(_COMPUTED, encoding="utf-8")
    return folder / "profile"


def _filled_part(page: Path) -> tuple[int, int, int, int]:
    """Return the part of a page that is not white, with a margin: left, top, right, bottom."""
    _run("pdftoppm", "-gray", "-singlefile", "-r", _DOTS, str(page), str(page.with_suffix("")))
    _, size, _, points = page.with_suffix(".pgm").read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    lines = [points[start : start + width] for start in range(0, width * height, width)]
    filled = [(number, line) for number, line in enumerate(lines) if line.strip(_WHITE)]
    left = min(width - len(line.lstrip(_WHITE)) for _, line in filled)
    right = max(len(line.rstrip(_WHITE)) for _, line in filled)
    return left - _MARGIN, filled[0][0] - _MARGIN, right + _MARGIN, filled[-1][0] + _MARGIN


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def write_workbook(tab: EmulatedTab, file: Path, cells: str) -> None:
    """Write a tab as a workbook of one sheet, of which the cells are printed on one page."""
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.formats[0].set_font_name("Arial")
        book.formats[0].set_font_size(10)
        sheet = book.add_worksheet(tab.title)
        for column in range(tab.columns):
            sheet.set_column_pixels(column, column, _pixels(tab, "COLUMNS", column, _COLUMN_PIXELS))
        for row in range(tab.rows):
            sheet.set_row_pixels(row, _row_pixels(tab, row))
            for column in range(tab.columns):
                cell = tab.cell(row, column)
                _put(sheet, row, column, cell.value, book.add_format({**_LINED, **look(cell.format or {})}))
                if cell.note:
                    sheet.write_comment(row, column, cell.note)
        for rule in tab.rules:
            _put_rule(book, sheet, rule)
        for chart in tab.charts:
            _put_chart(book, sheet, chart)
        _set_page(sheet, cells)


def _set_page(sheet: Any, cells: str) -> None:
    sheet.print_area(cells)
    sheet.print_row_col_headers()
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 1)
    sheet.set_margins(0.2, 0.2, 0.2, 0.2)
    sheet.set_header("")


def _row_pixels(tab: EmulatedTab, row: int) -> int:
    """Return how high a row becomes at Google, which lets it grow with what breaks in it and with large letters."""
    highest = _ROW_PIXELS
    for column, cell in tab.cells.get(row, {}).items():
        form = cell.format or {}
        size = form.get("textFormat", {}).get("fontSize", 10)
        signs = (_pixels(tab, "COLUMNS", column, _COLUMN_PIXELS) - 8) / (size * 0.75)
        lines = _lines(str(cell.value or ""), signs) if form.get("wrapStrategy") == "WRAP" else 1
        highest = max(highest, round(lines * size * 1.7 + 4))
    return highest


def _lines(text: str, signs: float) -> int:
    lines, left = 1, signs
    for word in text.split():
        if len(word) > left and left < signs:
            lines, left = lines + 1, signs
        left -= len(word) + 1
    return lines


def _pixels(tab: EmulatedTab, dimension: str, index: int, usual: int) -> int:
    pixels: int = tab.lines[dimension].get(index, {}).get("pixelSize", usual)
    return pixels


def _put(sheet: Any, row: int, column: int, value: object, form: Any) -> None:
    if isinstance(value, str) and value.startswith("="):
        sheet.write_formula(row, column, value, form)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, form)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, form)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, form)
    else:
        sheet.write_blank(row, column, None, form)


def look(form: Json) -> Json:
    """Return a CellFormat under XlsxWriter's names of properties."""
    return dict(_properties(form))


def _properties(form: Json) -> Iterator[tuple[str, object]]:
    text = form.get("textFormat", {})
    yield "font_name", text.get("fontFamily", "Arial")
    yield "font_size", text.get("fontSize", 10)
    yield "valign", _VERTICAL[form.get("verticalAlignment", "BOTTOM")]
    for name in ("bold", "italic"):
        if text.get(name):
            yield name, True
    if color := _color(text.get("foregroundColorStyle")):
        yield "font_color", color
    if color := _color(form.get("backgroundColorStyle")):
        yield "bg_color", color
    if "horizontalAlignment" in form:
        yield "align", form["horizontalAlignment"].lower()
    if form.get("wrapStrategy") == "WRAP":
        yield "text_wrap", True
    if (left := form.get("padding", {}).get("left", 0)) > 3:
        yield "indent", round(left / 9)
    if pattern := form.get("numberFormat", {}).get("pattern"):
        yield "num_format", pattern
    for side, border in form.get("borders", {}).items():
        yield side, _LINES.get(border.get("style"), 0)
        yield f"{side}_color", _color(border.get("colorStyle")) or "#000000"


def _color(style: Json | None) -> str:
    """Return a color as #RRGGBB, "" where there is none. Google leaves parts out that are 0."""
    if not style or "rgbColor" not in style:
        return ""
    return "#" + "".join(f"{round(style['rgbColor'].get(part, 0) * 255):02X}" for part in ("red", "green", "blue"))


def _put_rule(book: Any, sheet: Any, rule: Json) -> None:
    condition, form = rule["booleanRule"]["condition"], rule["booleanRule"]["format"]
    values = [value["userEnteredValue"] for value in condition.get("values", [])]
    colors = {
        "bg_color": _color(form.get("backgroundColorStyle")),
        "font_color": _color(form.get("textFormat", {}).get("foregroundColorStyle")),
    }
    shown = {"format": book.add_format({name: color for name, color in colors.items() if color})}
    for area in rule["ranges"]:
        sheet.conditional_format(*_corners(area), {**_criteria(condition["type"], values), **shown})


def _criteria(kind: str, values: list[str]) -> Json:
    if kind == "NUMBER_BETWEEN":
        return {"type": "cell", "criteria": "between", "minimum": values[0], "maximum": values[1]}
    if kind in ("BLANK", "NOT_BLANK"):
        return {"type": "blanks" if kind == "BLANK" else "no_blanks", "stop_if_true": True}
    return {"type": "cell", "criteria": {"NUMBER_LESS": "<", "NUMBER_GREATER_THAN_EQ": ">="}[kind], "value": values[0]}


def _corners(area: Json) -> tuple[int, int, int, int]:
    top, left = area.get("startRowIndex", 0), area.get("startColumnIndex", 0)
    return top, left, area["endRowIndex"] - 1, area["endColumnIndex"] - 1


def _put_chart(book: Any, sheet: Any, chart: Json) -> None:
    """Draw a chart as Google describes it: the first cell of each range is a name."""
    basic = chart["spec"].get("basicChart")
    if basic is None:
        return
    drawn = book.add_chart({"type": _CHARTS.get(basic["chartType"], "column")})
    (labels,) = (_source(domain["domain"]) for domain in basic["domains"])
    for series in basic["series"]:
        top, left, bottom, right = _source(series["series"])
        drawn.add_series(
            {
                "name": [sheet.name, top, left],
                "categories": [sheet.name, labels[0] + 1, *labels[1:]],
                "values": [sheet.name, top + 1, left, bottom, right],
            }
        )
    if title := chart["spec"].get("title"):
        drawn.set_title({"name": title, "overlay": False, "name_font": {"size": 12, "bold": False}})
    drawn.set_legend({"position": "bottom"})
    drawn.set_size(dict(zip(("width", "height"), _CHART_PIXELS, strict=True)))
    anchor = chart["position"]["overlayPosition"]["anchorCell"]
    sheet.insert_chart(anchor.get("rowIndex", 0), anchor.get("columnIndex", 0), drawn)


def _source(data: Json) -> tuple[int, int, int, int]:
    return _corners(data["sourceRange"]["sources"][0])
