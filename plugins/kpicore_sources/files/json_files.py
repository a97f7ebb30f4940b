"""JSON: lines of objects, or one list of them."""

from __future__ import annotations

from pathlib import Path

from kpicore import BadFile, literal
from kpicore_sources.files.encoding import MARKS, Encoding, utf8_copy
from kpicore_sources.files.json_faults import HINT, fault, no_object
from kpicore_sources.files.parquet_files import staged
from kpicore_sources.files.staging import StagedSheet, Staging, plain_path

# Types come from all rows and values inside values stay texts; keys that differ from row to row are columns with
# gaps, and ids that are texts of digits keep their zeros.
_OPTIONS = (
    "compression = 'none', maximum_sample_files = 1, sample_size = -1, maximum_depth = 1,"
    " convert_strings_to_integers = false, field_appearance_threshold = 0, map_inference_threshold = -1"
)
_EDGE = 4096
_NO_TABLE = ["json"]
"""The columns by which the database says that rows are no objects."""
_AROUND = {"data", "items", "records", "result", "results", "rows", "value", "values"}
"""Keys under which programs give their rows."""


def stage_json(staging: Staging, path: Path) -> StagedSheet:
    """Stage JSON lines, or one JSON list of objects. Raises BadFile for anything else."""
    import duckdb

    text = _in_utf8(staging, path)
    _refuse_open_list(path, text)
    source = f"read_json({literal(plain_path(text))}, {_OPTIONS})"
    try:
        described = staging.duckdb.sql(f"SELECT * FROM {source}")
        problem = no_object(text) if described.columns == _NO_TABLE else ""
        if problem:
            raise BadFile(path, problem, hint=HINT)
        sheet = staged(staging, path, source, described.columns, [str(type_) for type_ in described.types], "JSON")
    except duckdb.Error as error:
        raise fault(path, text, str(error).splitlines()[0]) from error
    _refuse_one_around_rows(staging, sheet)
    return sheet


def _in_utf8(staging: Staging, path: Path) -> Path:
    """Return the file, or a copy without the byte order mark that the database would read as content."""
    with path.open("rb") as file:
        start = file.read(4)
    name = next((name for mark, name in MARKS if start.startswith(mark)), "")
    if not name:
        return path
    return utf8_copy(path, Encoding(name, "byte order mark"), staging.path(f"{staging.new_table()}.json"))


def _refuse_open_list(path: Path, text: Path) -> None:
    """Refuse a list that nothing closes: cut off behind a comma, the database reads it as if it were whole."""
    with text.open("rb") as file:
        start = file.read(_EDGE).lstrip()
        file.seek(max(0, file.seek(0, 2) - _EDGE))
        if start.startswith(b"[") and not file.read().rstrip().endswith(b"]"):
            raise BadFile(path, "is cut short: the list of its rows has no end", hint="Export it again.")


def _refuse_one_around_rows(staging: Staging, sheet: StagedSheet) -> None:
    """Refuse the one object that programs put around their rows."""
    if sheet.rows > 1:
        return
    ((*cells,),) = staging.query(f"SELECT * FROM {sheet.table}")
    for name, cell in zip(sheet.columns, cells, strict=True):
        if str(cell).startswith("[{") and (len(cells) == 1 or name.casefold() in _AROUND):
            problem = f"is one object, which has its rows in the list '{name}'"
            raise BadFile(sheet.path, problem, hint="Save that list alone.")
