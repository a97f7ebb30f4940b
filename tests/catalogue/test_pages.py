"""The generated table of all KPIs is complete, and the page of conflicts shows commands that run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from kpicore import MONEY, Definitions, Workspace, load_plugins
from kpicore.engine.compile.requirements import bases, needs
from kpicore.testing import run_kpi
from tests.catalogue.golden import GOLDEN

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "tests" / "metrics" / "catalogue.txt"
CONFLICTS = (ROOT / "docs" / "conflicts.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"`(kpi (?:get|calc|explain|list|show) [^`]+)` \|$", CONFLICTS, re.MULTILINE)


def cells(line: str) -> list[str]:
    """Return the cells of a line of a table; a cell may hold `\\|`."""
    return [each.strip() for each in re.split(r"(?<!\\)\|", line)[1:-1]]


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], list[str]]:
    lines = (ROOT / "docs" / "reference" / "catalogue.md").read_text(encoding="utf-8").splitlines()
    found = [cells(line) for line in lines if line.startswith("| [`")]
    named = [(re.sub(r"\[`(\w+)`\].*", r"\1", each[0]), each[1].strip("`")) for each in found]
    assert len(set(named)) == len(named)
    return dict(zip(named, found, strict=True))


def test_the_page_lists_every_kpi_and_variant_of_the_catalogue(rows: dict[tuple[str, str], list[str]]) -> None:
    lines = [line.split() for line in CATALOGUE.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 84
    assert [(id, name) for id, *names in lines for name in names if (id, name) not in rows] == []


def test_the_page_lists_what_is_defined_with_unit_direction_formula_needs_and_articles(
    rows: dict[tuple[str, str], list[str]], definitions: Definitions
) -> None:
    given = {(id, name) for id, each in definitions.registry.metrics.items() for name in each.variant_names}
    ours = {report.name for report in load_plugins(()).reports if report.distribution == "kpicore"}
    assert set(rows) == {each for each in given if definitions.registry.givers[each[0]] in ours}
    for (id, name), (_, _, unit, arrow, formula, needed, _, articles, _) in rows.items():
        definition = definitions.get(id, name)
        assert (unit, formula) == (definition.unit.name, f"`{definition.spec.formula}`".replace("<", "&lt;"))
        assert arrow in "↑↓↔" and articles
        for entity, fields in needs(definitions, definition).items():
            assert f"**{entity}**: {', '.join(f'`{field}`' for field in fields)}" in needed


def test_what_the_page_says_a_kpi_needs_is_what_coverage_asks_for(tiny: Workspace, definitions: Definitions) -> None:
    for each in tiny.coverage():
        needed = needs(definitions, definitions.get(each.metric, each.variant))
        for lack in each.lacks:
            found = re.fullmatch(r"no (\w+) (?:was loaded|has a value in (.+))", lack)
            assert found and found[1] in needed, lack
            assert not found[2] or set(found[2].split(" or ")) <= set(needed[found[1]]), lack


def test_every_golden_number_stands_on_the_page(
    rows: dict[tuple[str, str], list[str]], definitions: Definitions
) -> None:
    assert [each.ref for each in GOLDEN if not rows[definitions.named(each.ref)][-1]] == []
    assert rows["ltv", "revenue"][-1] == "`KPI_LTV_CALC(150; 250; 450; 350)` = 1200 (S0)"


def test_every_conflict_has_its_line_and_its_tests() -> None:
    assert re.findall(r"^\| (C\d+) \|", CONFLICTS, re.MULTILINE) == [f"C{number}" for number in range(1, 25)]
    tests = "".join(each.read_text(encoding="utf-8") for each in Path(__file__).parent.glob("test_conflicts_*.py"))
    assert [number for number in range(1, 25) if f"def test_c{number}_" not in tests] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_that_shows_a_conflict_runs(tiny: Workspace, command: str) -> None:
    words = shlex.split(command)[1:]
    ran = run_kpi(*words, *([] if words[0] == "calc" else ["-w", str(tiny.config.folder)]))
    assert ran.exit_code == 0, ran.output


def test_each_conflict_shows_a_command() -> None:
    assert len(COMMANDS) == 24


def test_c14_every_amount_of_sales_has_one_basis(tiny: Workspace) -> None:
    measured = {
        f"{id}.{name}": bases(tiny.definitions, tiny.definitions.get(id, name))
        for id, metric in tiny.registry.metrics.items()
        for name in metric.variant_names
        if (metric.variant(name).unit or metric.unit) == MONEY and metric.family == "revenue"
    }
    assert len(measured) >= 15
    assert {found for each in measured.values() for found in each} == {"booked", "recognized", "collected"}
    assert [ref for ref, found in measured.items() if len(found) != 1] == []
