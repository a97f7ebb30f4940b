"""The documentation says what is there: every hook, command, KPI, entity and setting, and shows files as they are."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from kpicore import load_plugins
from kpicore.plugins import hookspecs
from kpicore.testing import registry_of
from tests.crm import SETTINGS

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES += sorted((ROOT / "sheets_sync").glob("*.md"))
COMMANDS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"][
    "kpicore.commands"
]


def titles(page: str) -> set[str]:
    text = (REFERENCE / f"{page}.md").read_text(encoding="utf-8")
    return set(re.findall(r"^#+ .*`(?:kpi )?(\w+)`$", text, re.MULTILINE))


def test_every_hook_is_documented():
    assert titles("hooks") == {name for name in vars(hookspecs) if name.startswith("kpi_")}


def test_every_command_is_documented():
    assert titles("cli") >= set(COMMANDS)


def test_every_kpi_and_entity_is_documented():
    plugins = load_plugins(())
    ours = [report for report in plugins.reports if report.distribution == "kpicore"]
    registry = registry_of(plugins)
    names = {our.name for our in ours}
    assert titles("metrics") == {id for id in registry.metrics if registry.givers[id] in names}
    assert titles("entities") == set(registry.entities)


def test_every_setting_is_documented():
    text = (REFERENCE / "config.md").read_text(encoding="utf-8")
    assert [name for name in SETTINGS if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_are_shown_as_they_are(page):
    text = page.read_text(encoding="utf-8")
    for name, shown in re.findall(r"<!-- file: (.+?) -->\n```\w*\n(.*?)```\n<!-- end -->", text, re.DOTALL):
        assert shown == (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        assert link.startswith("https://") or (page.parent / link).exists(), link


def test_the_readmes_plugin_is_about_ten_lines_and_the_one_that_is_tested():
    lines = (ROOT / "examples" / "kpicore-hello" / "kpicore_hello.py").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 12
    assert "<!-- file: examples/kpicore-hello/kpicore_hello.py -->" in (ROOT / "README.md").read_text(encoding="utf-8")


WRITTEN = [page for page in PAGES if page.parent != REFERENCE and page.name != "conformance.md"]
"""Pages of people: rows of generated ones may be alike."""


@pytest.mark.parametrize("page", [ROOT / "CHANGELOG.md", *WRITTEN], ids=lambda page: str(page.relative_to(ROOT)))
def test_no_entry_stands_twice(page):
    """Two branches that both bring an entry leave it twice when they meet."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    entries = [line for line in text.splitlines() if line.startswith(("- ", "| ")) and len(line) > 60]
    assert [line for line in entries if entries.count(line) > 1] == []
