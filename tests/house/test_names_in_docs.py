"""Files, folders and Python names that the documentation speaks of are there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.shipped import BUILT_IN, FOLDERS, ROOT

BESIDE = [folder for folder in FOLDERS if folder != ROOT]
"""Where packages lie that are not the core, with pages of their own."""
SEARCHED = [*BESIDE, *(ROOT / name for name in ("benchmarks", "docs", "examples", "kpicore", "tests"))]
PAGES = [
    *(ROOT / "README.md", ROOT / "CONTRIBUTING.md"),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
    *sorted(page for folder in BESIDE for page in folder.glob("*.md")),
]
DECISIONS = [ROOT / "docs" / "architecture.md", *sorted((ROOT / "docs" / "adr").glob("*.md"))]
ELSEWHERE = {"n/a", "money/month", "ours/names.txt", "../shared/data", "sales_functions.py"}
"""What looks like a path and is none of ours: words, and files of readers."""
NO_MODULES = {"kpicore.commands", "kpicore.commands.replacing", "kpicore.libreoffice"}
"""Groups of entry points, and the id of an extension."""
OF_RECORDS = {"answer", "config", "given", "period", "setting", "stage_conversion", "typing", "workspace", "xlwings"}
"""What stands before the dot of a variable, variant or foreign name."""


def paths() -> set[str]:
    """Return the ends of the paths of all files and folders: "plan/cubes.py", "plan/cubes", "cubes.py"."""
    files = [path.relative_to(ROOT) for folder in SEARCHED for path in folder.rglob("*") if path.is_file()]
    files += [path.relative_to(ROOT) for path in ROOT.iterdir()]
    # folders by what they hold: those that are gone may still have caches
    known = {part for file in files if "__pycache__" not in file.parts for part in (file, *file.parents)}
    ends = {"/".join(file.parts[start:]) for file in known for start in range(len(file.parts))}
    return ends | {end.removesuffix(".py") for end in ends}


PATHS = paths()


def is_there(name: str) -> bool:
    """Whether a dotted name is a module, or what one has: "kpicore.calendar.unit_spans.between"."""
    module, _, rest = name.partition(".")
    there = import_module(module)
    for part in rest.split("."):
        module = f"{module}.{part}"
        try:
            there = import_module(module)
        except ModuleNotFoundError:
            if not hasattr(there, part):
                return False
            there = getattr(there, part)
    return True


def quoted(page: Path) -> list[str]:
    """Return what stands in backticks within a line."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"`([^`\n]+)`", text)


def missing_paths(names: list[str]) -> list[str]:
    looks = re.compile(r"[\w.-]+(/[\w.-]+)+/?|\w+\.py")
    known = PATHS | ELSEWHERE
    return [
        name for name in names if looks.fullmatch(name) and name.strip("/") not in known and not (ROOT / name).exists()
    ]


def missing_names(text: str) -> list[str]:
    dotted = re.compile(rf"\b(?:kpicore|{'|'.join(BUILT_IN)})(?:\.[A-Za-z_]\w*)+")
    named = set(dotted.findall(text)) - NO_MODULES
    return sorted(name for name in named if Path(name).suffix not in (".toml", ".xlsx") and not is_there(name))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_and_names_of_ours_in_the_documentation_exist(page: Path) -> None:
    assert missing_paths(quoted(page)) == []
    assert missing_names(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name)
def test_decisions_name_what_is_there_in_full(page: Path) -> None:
    dotted = [name for name in quoted(page) if re.fullmatch(r"[a-z_]\w*(\.\w+)+", name)]
    short = [name for name in dotted if name.split(".")[0] not in {"kpicore", "kpicore_crm", *OF_RECORDS}]
    assert [
        name for name in short if Path(name).suffix not in (".py", ".toml", ".txt", ".sqlite", ".bin", ".cpp")
    ] == []


def test_names_that_are_gone_are_seen() -> None:
    assert missing_paths(["warehouse/refusing.py", "kpicore/past", "duckdb/refusing.py", "a or b"]) == [
        *("warehouse/refusing.py", "kpicore/past")
    ]
    assert missing_names("`kpicore.order_stages(x)` `kpicore_crm.stage_order.order_stages` kpicore.Workspace") == [
        "kpicore.order_stages"
    ]
