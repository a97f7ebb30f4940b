"""Answers as CSV: one row each, plain numbers, a column for each dimension."""

from __future__ import annotations

import csv
import re
from typing import TextIO

from kpicore.insight.result import Result

_FORMULA = re.compile(r"[=+\-@\t\r]")
_PLAIN = re.compile(r"[+-]?[0-9.]+")


def write_csv(result: Result, out: TextIO) -> None:
    """Write a header and one row an answer; an empty cell is no value, several cut values are apart by ";"."""
    records = result.records()
    dimensions = list(dict.fromkeys(name for record in records for name in record["cuts"]))
    compared = (
        ["compared_period", "compared_first_day", "compared_last_day", "compared_value", "change"]
        if result.compared
        else []
    )
    columns = ["kpi", "variant", "period", "value", "unit", "reason", "n", *compared, "data_time"]
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow([*columns[:3], *dimensions, *columns[3:]])
    for record in records:
        cuts = [_text(record["cuts"].get(name, "")) for name in dimensions]
        rows.writerow([*(record[name] for name in columns[:3]), *cuts, *(record[name] for name in columns[3:])])


def _text(given: str | list[str]) -> str:
    """Return names as a cell that no spreadsheet reads as a formula."""
    text = given if isinstance(given, str) else "; ".join(given)
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN.fullmatch(text) else text
