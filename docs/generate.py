"""Writes the generated documentation: `python docs/generate.py`, or with `--check` fails when a page is stale.

Pages of docs/reference/ come whole from the code, and so does kpicore/__init__.pyi, which tells type checkers where
the public names are from. In pages written by hand these blocks are filled:

    <!-- output: kpi list --search churn -->     the command is run, its output shown
    <!-- file: examples/kpicore-hello/pyproject.toml -->     the file is shown
    <!-- end -->

The commands of one page run one after the other in one folder: for the tutorial it holds the files of
docs/tutorial/, for reports the tiny company, for own-definitions also the files of docs/own-definitions/,
for write-a-plugin the tiny company, with kpicore-hello installed, for Google Sheets the demo company, its tables and an
emulator of Google.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from click.testing import CliRunner
from reference import PAGES

import kpicore
from kpicore.cli import kpi
from kpicore.testing.sheets import Emulator, serving
from kpicore_crm.testing import load_tiny_company

ROOT = Path(__file__).parents[1]
SHEETS = "sheets_sync/README.md"
WRITTEN = (
    "README.md",
    "docs/index.md",
    "docs/tutorial.md",
    "docs/own-definitions.md",
    "docs/reports.md",
    "docs/write-a-plugin.md",
    SHEETS,
)
_BLOCK = re.compile(r"<!-- (output|file): (.+?) -->\n.*?<!-- end -->", re.DOTALL)
_VERSION = re.compile(r"data version [\w-]+")
"""What differs from run to run where a page loads data."""
_WRITTEN_AT = re.compile(r"written \d{4}-\d\d-\d\d \d\d:\d\d")
_LANGUAGES = {".py": "python", ".toml": "toml", ".csv": "text"}


def main() -> int:
    """Write the pages, or with --check say which are stale; return the exit code."""
    check = "--check" in sys.argv[1:]
    stale = []
    for path, text in pages():
        file = ROOT / path
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        stale.append(path)
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote {path}")
    if check and stale:
        print(f"not up to date: {', '.join(stale)}. Run: make docs", file=sys.stderr)
    return 1 if check and stale else 0


def pages() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every page that is generated, whole or in part."""
    for name, page in PAGES.items():
        yield f"docs/reference/{name}.md", page()
    yield "kpicore/__init__.pyi", public_names()
    for path in WRITTEN:
        with folder_for(path):
            text = filled((ROOT / path).read_text(encoding="utf-8"))
        text = _VERSION.sub("data version 1-5d8f21c07a3e", text) if path == "docs/tutorial.md" else text
        yield path, _WRITTEN_AT.sub("written 2026-09-18 15:30", text) if path == SHEETS else text


def public_names() -> str:
    """Return the stub of the package: each public name, imported from where it stands."""
    homes: dict[str, list[str]] = {}
    for name in kpicore.__all__:
        homes.setdefault(kpicore._HOME[name], []).append(name)
    lines = (f"from {home} import {name} as {name}" for home, names in sorted(homes.items()) for name in names)
    return "\n".join((*lines, "", "__version__: str", "__all__: list[str]", ""))


def filled(text: str) -> str:
    """Return the page with its blocks filled."""
    return _BLOCK.sub(lambda found: f"<!-- {found[1]}: {found[2]} -->\n{_block(*found.groups())}<!-- end -->", text)


def _block(kind: str, given: str) -> str:
    if kind == "file":
        file = ROOT / given
        return f"```{_LANGUAGES[file.suffix]}\n{file.read_text(encoding='utf-8')}```\n"
    return f"```console\n$ {given}\n{output(given)}```\n"


def output(command: str) -> str:
    """Return what a command prints. Raises RuntimeError when it fails and is not expected to."""
    _, *args = shlex.split(command)
    result = CliRunner().invoke(kpi, args, env={"COLUMNS": "100"}, prog_name="kpi")
    lines = [line.rstrip() for line in result.output.splitlines()]
    text = "\n".join(lines).strip("\n") + "\n"
    if "Traceback" in text or "internal error" in text:
        raise RuntimeError(f"{command}: {text}")
    return text


@contextlib.contextmanager
def folder_for(page: str) -> Iterator[None]:
    """Work in a new folder with what the commands of the page need."""
    before, path = Path.cwd(), list(sys.path)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if page == "docs/tutorial.md":
            shutil.copytree(ROOT / "docs" / "tutorial", folder, dirs_exist_ok=True)
        if page == "docs/own-definitions.md":
            load_tiny_company(folder)
            shutil.copytree(ROOT / "docs" / "own-definitions", folder, dirs_exist_ok=True)
        if page == "docs/reports.md":
            load_tiny_company(folder)
        if page == "docs/write-a-plugin.md":
            load_tiny_company(folder)
            sys.path.insert(0, str(hello_installed(folder)))
        os.chdir(folder)
        try:
            with google(folder) if page == SHEETS else contextlib.nullcontext():
                yield
        finally:
            os.chdir(before)
            sys.path[:] = path


@contextlib.contextmanager
def google(folder: Path) -> Iterator[None]:
    """Work in the demo company, whose tables stand in a spreadsheet of the emulator."""
    output("kpi demo demo")
    tables = (ROOT / "docs" / "google-sheets" / "tables.toml").read_text(encoding="utf-8")
    with (folder / "demo" / "kpi.toml").open("a", encoding="utf-8") as config:
        config.write(tables)
    os.chdir(folder / "demo")
    emulator = Emulator()
    spreadsheet, tab = (re.search(pattern, tables)[1] for pattern in (r"/d/(\w+)/", r'tab = "(.+)"'))
    emulator.add(spreadsheet, {tab: (1000, 26)})
    (folder / "google").mkdir()
    with serving(emulator, folder / "google") as rig, mock.patch.dict(os.environ, rig.environment):
        yield


def hello_installed(folder: Path) -> Path:
    """Install the example plugin, and return the folder that it is in."""
    source = shutil.copytree(ROOT / "examples" / "kpicore-hello", folder / "kpicore-hello")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(folder / "site"), str(source)], check=True)
    return folder / "site"


if __name__ == "__main__":
    sys.exit(main())
