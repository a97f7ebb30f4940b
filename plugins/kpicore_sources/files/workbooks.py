"""Workbooks: every sheet of an XLSX, XLSM, XLS or ODS file that holds a table."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO

from kpicore import BadFile
from kpicore_sources.files.staging import Lines, StagedSheet, Staging
from kpicore_sources.files.text_layout import header_note

MOST_BYTES = 4 * 2**30
"""What a workbook may unpack to; the largest that Excel writes unpack to less."""

# "-c" and not "-m": the paths are set before anything is imported
_CODE = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from {module} import main; main()"
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_LOOKED_AT = 200 * 2**20
_CONTENTS = ("content.xml", "[Content_Types].xml")
_MOST_TIMES = 1032
"""How much deflate can pack: a smaller archive need not be unpacked to know that it is no bomb."""
_PIECE = 2**20


def stage(staging: Staging, path: Path) -> tuple[StagedSheet, ...]:
    """Stage the sheets that have a header and rows.

    Raises BadFile for a workbook without one, cut short, or larger than this machine can read.
    """
    _refuse_bomb(path)
    folder = staging.path(staging.new_table())
    folder.mkdir()
    report = _read(path, folder)
    if "problem" in report:
        raise BadFile(path, report["problem"], hint="Save it again.")
    sheets = tuple(_staged(staging, path, folder, sheet, report["count"]) for sheet in report["sheets"])
    if not sheets:
        raise BadFile(path, "holds no table: no sheet has a header with rows below it")
    return sheets


def _refuse_bomb(path: Path) -> None:
    """Refuse an archive that is no workbook, or holds more than is read."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if not any(entry.filename in _CONTENTS or entry.filename.startswith("xl/") for entry in entries):
            raise BadFile(path, "is a ZIP archive, no workbook", hint="Unpack it, and import what is in it.")
        claimed, held = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
        # An archive may claim little and hold much, but deflate packs no further than a known ratio.
        size = claimed if claimed > MOST_BYTES or held * _MOST_TIMES <= MOST_BYTES else _unpacked(path, entries)
    if size > MOST_BYTES:
        more = "" if size == claimed else "more than "
        problem = f"unpacks to {more}{size / 2**30:,.1f} GB; {MOST_BYTES / 2**30:.0f} GB are the most that is read"
        raise BadFile(path, problem, hint="Save it as CSV.")


def _unpacked(path: Path, entries: Sequence[zipfile.ZipInfo]) -> int:
    """Return what the entries really unpack to, no further than one piece above the most that is read."""
    size = 0
    with path.open("rb") as file:
        for entry in entries:
            file.seek(entry.header_offset + 26)  # where the lengths of the name and of extra fields stand
            # a local header ends with the name and the extra field, and the packed bytes follow
            file.seek(sum(int.from_bytes(file.read(2), "little") for _ in ("name", "extra")), 1)
            size += _inflated(file, entry, MOST_BYTES - size)
            if size > MOST_BYTES:
                break
    return size


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo, most: int) -> int:
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return entry.compress_size
    # minus: a ZIP holds bare deflate, without the header of zlib
    size, left, packed = 0, entry.compress_size, zlib.decompressobj(-zlib.MAX_WBITS)
    while size <= most and not packed.eof:
        # what a limited step has left over is unpacked first; nothing is kept of what comes out but its length
        piece = packed.unconsumed_tail
        if not piece:
            piece = file.read(min(left, _PIECE))
            left -= len(piece)
        if not piece:
            break
        try:
            size += len(packed.decompress(piece, 16 * _PIECE))
        except zlib.error:  # broken, which reading it will tell
            break
    return size


def _read(path: Path, folder: Path) -> dict[str, Any]:
    """Return what the process that reads the workbook tells of it. Raises BadFile when it ended without a word."""
    code = _CODE.format(module="kpicore_sources.files.workbook_child")
    command = [sys.executable, "-c", code, json.dumps(sys.path), str(path), str(folder), str(_megabytes())]
    # The child gets our paths, so that it finds the packages wherever they were found here.
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        report: dict[str, Any] = json.loads(ran.stdout)
    except ValueError:
        far = _farthest_cell(path)
        place = f": its table reaches to {far}" if far else ""
        hint = "Delete what stands far from the table, empty rows and columns too, or save the sheet as CSV."
        raise BadFile(path, f"takes more memory than there is{place}", hint=hint) from None
    return report


def _megabytes() -> int:
    """Return what reading a workbook may take: most of the memory of this machine."""
    if not hasattr(os, "sysconf"):
        return 8192
    return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 0.75 / 2**20)


def _farthest_cell(path: Path) -> str:
    """Return "XFD1048576 of xl/worksheets/sheet1.xml" for the sheet that reaches farthest, "" where none is told."""
    best, place = 0, ""
    if not zipfile.is_zipfile(path):
        return place
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            with archive.open(name) as file:
                for letters, number in _CELL.findall(file.read(_LOOKED_AT)):
                    column = 0
                    for letter in letters:
                        # A is 65, so A to Z are 1 to 26: AA is 27
                        column = column * 26 + letter - 64
                    if column * int(number) > best:
                        best, place = column * int(number), f"{letters.decode()}{number.decode()} of {name}"
    return place


def _staged(staging: Staging, path: Path, folder: Path, sheet: Mapping[str, Any], sheets: int) -> StagedSheet:
    import pyarrow as pa

    table = staging.new_table()
    with pa.memory_map(str(folder / sheet["file"])) as file:
        rows = pa.ipc.open_file(file).read_all()
        staging.duckdb.register(f"{table}_rows", rows)
        staging.duckdb.execute(f"CREATE TABLE {table} AS FROM {table}_rows")
        staging.duckdb.unregister(f"{table}_rows")
    how = f"sheet '{sheet['name']}', {header_note(sheet['header'], sheet['second'], 'row')}"
    name = sheet["name"] if sheets > 1 else ""
    columns = tuple(sheet["columns"])
    numeric = frozenset(columns[n] for n in sheet["numeric"])
    return StagedSheet(path, name, table, columns, rows.num_rows, _lines(sheet["lines"]), how, numeric=numeric)


def _lines(stretches: list[tuple[int, int]]) -> Lines:
    """Return what gives the lines of rows, from the stretches of lines without a gap."""
    # of (2, 2), (5, 3) the stretches begin with the rows 0 and 2: row 4 is the third line of the second, 7
    starts = [0, *accumulate(count for _, count in stretches)]

    def lines_of(wanted: Iterable[int]) -> Mapping[int, int]:
        at = {row: bisect_right(starts, row) - 1 for row in wanted}
        return {row: stretches[place][0] + row - starts[place] for row, place in at.items()}

    return lines_of
