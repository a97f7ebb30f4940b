"""What ships is registered, as pyproject.toml says, and resolves."""

from __future__ import annotations

import ast
import tomllib
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path

import click
import pytest

import kpicore
from kpicore import load_plugins
from kpicore.testing import problems_of, registry_of
from tests.crm import SETTINGS

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
POINTS = PROJECT["project"]["entry-points"]


def test_the_installed_entry_points_are_those_of_pyproject():
    installed = {(point.group, point.name, point.value) for point in distribution("kpicore").entry_points}
    written = {(group, name, value) for group, points in POINTS.items() for name, value in points.items()}
    assert installed - written == {("console_scripts", "kpi", "kpicore.cli:main")}
    assert written - installed == set(), "Run: pip install --editable ."


@pytest.mark.parametrize(("name", "value"), POINTS["kpicore.commands"].items())
def test_each_command_resolves_and_says_what_it_does(name, value):
    module, attribute = value.split(":")
    command = getattr(import_module(module), attribute)
    assert isinstance(command, click.Command)
    assert command.name == name
    assert command.get_short_help_str()


def test_each_built_in_plugin_is_sound():
    plugins = load_plugins(())
    ours = [report for report in plugins.reports if report.distribution == "kpicore"]
    assert {our.name for our in ours} == set(POINTS["kpicore"])
    assert {our.name: our.problem for our in ours if our.problem} == {}


def test_no_definition_of_the_built_in_plugins_is_refused():
    registry = registry_of(load_plugins(()))
    assert registry.problems == ()
    assert problems_of(registry, SETTINGS) == []


def test_every_module_with_hooks_is_registered():
    registered = set(POINTS["kpicore"].values())
    for parent in ("plugins", "excel_addin"):
        for file in (ROOT / parent).rglob("*.py"):
            marks = [
                mark
                for node in ast.parse(file.read_text(encoding="utf-8")).body
                if isinstance(node, ast.FunctionDef)
                for mark in node.decorator_list
            ]
            if any(ast.unparse(each).startswith("hookimpl") for each in marks):
                module = ".".join(file.relative_to(ROOT / parent).with_suffix("").parts).removesuffix(".__init__")
                assert module in registered


def test_every_package_of_the_repository_is_shipped():
    shipped = set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    found = {
        str(each.parent.relative_to(ROOT).as_posix())
        for parent in (".", "plugins", "excel_addin", "sheets_sync")
        for each in (ROOT / parent).glob("kpicore*/__init__.py")
    }
    assert shipped == found


def test_the_version_stands_in_one_place_twice():
    assert kpicore.__version__ == PROJECT["project"]["version"] == distribution("kpicore").version


def test_every_dependency_is_pinned():
    wanted = [
        *PROJECT["project"]["dependencies"],
        *(each for extra in PROJECT["project"]["optional-dependencies"].values() for each in extra),
        *PROJECT["dependency-groups"]["dev"],
    ]
    pinned = {line.split("==")[0] for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert {each.split(">")[0].strip().lower() for each in wanted} <= pinned
