"""What is fast, measured. Prints a table; `--write` also puts it into docs/performance.md.

python benchmarks/run.py                      all cases on 10 million opportunities
python benchmarks/run.py --scale 0.01 table   one case, quickly
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from benchmarks import command_cases, engine_cases, file_cases
from benchmarks.data import Data
from benchmarks.libreoffice_case import libreoffice
from benchmarks.lines import HEADER, Measurement, Skipped, markdown
from benchmarks.officejs_case import officejs
from benchmarks.peer_case import peer
from benchmarks.server_case import server
from benchmarks.sheets_case import sheets
from benchmarks.udf_case import udf

Case = Callable[[Data], Iterator[Measurement | Skipped]]

CASES: Mapping[str, Case] = MappingProxyType(
    {
        "help": command_cases.help_page,
        "get": command_cases.one_answer,
        "table": engine_cases.table,
        "workbook": engine_cases.workbook,
        "cells": engine_cases.cells,
        "mixed": engine_cases.mixed,
        "catalogue": engine_cases.catalogue,
        "tiny": engine_cases.tiny,
        "server": server,
        "officejs": officejs,
        "sheets": sheets,
        "peer": peer,
        "import": file_cases.import_csv,
        "udf": udf,
        "libreoffice": libreoffice,
    }
)
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
_RESULTS = re.compile(r"(<!-- results -->\n).*?(<!-- end of results -->)", re.DOTALL)


def main() -> None:
    """Run the cases that were asked for."""
    arguments = _arguments()
    data = Data(arguments.data.resolve(), arguments.scale, arguments.runs)
    data.folder.mkdir(parents=True, exist_ok=True)
    lines: list[Measurement | Skipped] = []
    for name in arguments.cases or CASES:
        for line in CASES[name](data):
            print(*_padded(line.cells()), flush=True)
            lines.append(line)
    _print_table(lines)
    if arguments.write:
        text = f"{date.today():%Y-%m-%d}, {machine()}, scale {arguments.scale:g}, medians of {arguments.runs} runs.\n\n"
        _write(text + markdown(lines))


def machine() -> str:
    """Return what the numbers depend on: cores, memory, versions."""
    packages = ", ".join(f"{package} {version(package)}" for package in ("kpicore", "duckdb"))
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{_memory()}"
    return f"{system}, Python {platform.python_version()}, {packages}"


def _memory() -> str:
    if not hasattr(os, "sysconf"):
        return ""
    return f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("KPICORE_BENCH_DATA") or Path(tempfile.gettempdir()) / "kpicore-bench"
    parser.add_argument("cases", nargs="*", choices=[*CASES, []], help="; ".join(CASES))
    parser.add_argument("--data", type=Path, default=Path(default), help="folder that is kept (KPICORE_BENCH_DATA)")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 10 million opportunities")
    parser.add_argument("--runs", type=int, default=3, help="each time is the median of so many runs")
    parser.add_argument("--write", action="store_true", help="keep the results in docs/performance.md")
    return parser.parse_args()


def _padded(cells: tuple[str, ...]) -> Iterator[str]:
    for text, width in zip(cells, (66, 10, 44, 8, 8, 4), strict=True):
        yield text.ljust(width)


def _print_table(lines: list[Measurement | Skipped]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*HEADER, title=machine())
    for line in lines:
        table.add_row(*line.cells())
    Console(width=140).print(table)


def _write(results: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_RESULTS.sub(lambda found: f"{found[1]}{results}{found[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
