"""What ships is registered, as pyproject.toml says, and resolves."""

from __future__ import annotations

import ast
from importlib import import_module
from importlib.metadata import distribution

import click
import pytest

import kpicore
from kpicore import load_plugins
from kpicore.testing import problems_of, registry_of
from tests.crm import SETTINGS
from tests.shipped import FILES, FOLDERS, PACKAGES, PROJECT, ROOT, module_of

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
    for file in FILES:
        marks = [
            mark
            for node in ast.parse(file.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef)
            for mark in node.decorator_list
        ]
        if any(ast.unparse(mark).startswith("hookimpl") for mark in marks):
            assert module_of(file) in registered


def test_every_package_of_the_repository_is_shipped():
    folders = [init.parent for folder in FOLDERS for init in folder.glob("kpicore*/__init__.py")]
    assert sorted(folders) == sorted(PACKAGES.values())
    elsewhere = {init.parent for init in ROOT.glob("*/kpicore_*/__init__.py")} - set(folders)
    assert elsewhere == set(), "the folder is to stand in dev-mode-dirs"


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
