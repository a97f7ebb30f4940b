"""A LibreOffice for all tests of the live workbook, and workbooks whose kept results are wrong."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from openpyxl import Workbook, load_workbook

from kpicore import KpiError, Question, Workspace, code_of, open_workspace
from kpicore_crm.testing import load_tiny_company
from kpicore_excel.live import workbook_request
from tests.excel.calc import PYTHON_UNO, Calc

PERIOD_CELL, FIRST_CELL, SECOND_CELL = "B5", "D5", "G5"
"""The cells of the sheet KPIs in which a person chooses."""
NAME, VALUE, BEFORE, CHANGE, ROWS, STATUS, REMARK = 1, 2, 3, 4, 5, 6, 8


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Give the tiny company with all built-in KPIs."""
    folder = tmp_path_factory.mktemp("live") / "tiny"
    load_tiny_company(folder)
    with open_workspace(folder) as found:
        yield found


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Calc]]:
    """Give a list of one LibreOffice, once a test has started it."""
    found: list[Calc] = []
    yield found
    for each in found:
        each.stop()


@pytest.fixture
def office(program: Callable[[str], str], started: list[Calc], tmp_path_factory: pytest.TempPathFactory) -> Calc:
    """Give LibreOffice, running; it starts once for all tests."""
    program(PYTHON_UNO)
    if not started:
        started.append(Calc(program("soffice"), tmp_path_factory.mktemp("profile")))
    return started[0]


def opened(file: Path, *, data_only: bool = False) -> Workbook:
    """Return the workbook as openpyxl reads it: formulas, or the results kept in the file."""
    with warnings.catch_warnings():
        # Sparklines and solid data bars are extensions of the format, which openpyxl passes over.
        warnings.filterwarnings("ignore", ".* extension is not supported", UserWarning)
        return load_workbook(BytesIO(file.read_bytes()), data_only=data_only)


def spoiled(file: Path, **chosen: str) -> Path:
    """Return a copy in which the results kept in the file are wrong, so that one not calculated shows.

    `chosen` are texts that stand in cells of its first sheet then, "" for nothing at all.
    """
    copy = file.with_name(f"spoiled-{file.name}")
    with zipfile.ZipFile(file) as given, zipfile.ZipFile(copy, "w") as made:
        for name in given.namelist():
            part = given.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb' t="(?:e|str)"(>|/>)?(<f>)', rb"\1\2", part)
                part = re.sub(rb"</f><v>[^<]*</v>", b"</f><v>-987654321</v>", part)
            if name == "xl/worksheets/sheet1.xml":
                for cell, text in chosen.items():
                    part = _with_text(part, cell, text)
            made.writestr(name, part)
    return copy


def _with_text(sheet: bytes, cell: str, text: str) -> bytes:
    """Return a sheet's XML with a text in a cell that holds one."""
    there = re.compile(rf'<c r="{cell}"( s="\d+") t="s"><v>\d+</v></c>'.encode())
    put = f'<c r="{cell}"\\1 t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    made, count = there.subn((put if text else f'<c r="{cell}"\\1/>').encode(), sheet)
    assert count == 1, cell
    return made


def lines(office: Calc) -> dict[str, list[float | str | None]]:
    """Return the rows of the table on the sheet KPIs by the names of the KPIs."""
    return table(office.values("KPIs"))


def table(rows: Sequence[list[float | str | None]]) -> dict[str, list[float | str | None]]:
    """Return those of the rows of the sheet KPIs that are its table."""
    head = next(at for at, row in enumerate(rows) if row[NAME] == "KPI")
    return {str(row[NAME]): row for row in rows[head + 1 :] if len(row) > VALUE and row[VALUE] is not None}


def every_variant(workspace: Workspace, period: str, by: Sequence[str]) -> list[str]:
    """Return each KPI and variant that can be asked at all with these dimensions to choose from."""
    found = []
    for metric in workspace.registry.metrics.values():
        for variant in metric.variant_names:
            ref = f"{metric.id}.{variant}"
            try:
                workbook_request(workspace, [ref], period, by=[])
            except KpiError:
                if not set(metric.variant(variant).needs_cut) <= set(by):
                    continue
            found.append(ref)
    return found


def told(workspace: Workspace, question: Question) -> float | str:
    """Return the engine's value, or the error that a cell shows instead."""
    try:
        [answer] = workspace.engine.answer([question])
    except KpiError:
        return "#VALUE!"
    return code_of(answer.reason) if answer.value is None else answer.value


def same(shown: object, wanted: float | str) -> bool:
    """Whether a cell shows a value to 1e-12 of it or 1e-9, or just the error."""
    if isinstance(wanted, str) or not isinstance(shown, float):
        return shown == wanted
    return abs(shown - wanted) <= max(1e-9, 1e-12 * abs(wanted))
