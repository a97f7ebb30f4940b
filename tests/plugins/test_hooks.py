"""Every hook's docstring holds a plugin that works."""

from __future__ import annotations

import inspect
from datetime import date
from pathlib import Path

import pytest

from kpicore import Config, Workspace, load_plugins, read_config
from kpicore.model.features import OF_THE_WORKSPACE
from kpicore.plugins import hookspecs
from kpicore.plugins.settled import settled
from kpicore.review.definition_checks import broken_fields, definition_problems
from kpicore.spreadsheet.stamps import given_by
from kpicore.testing import registry_of
from tests.crm import CRM
from tests.engine.worlds import config_of
from tests.plugins.test_settings import POINTS, worth

HOOKS = sorted(name for name in vars(hookspecs) if name.startswith("kpi_"))


def example(hook: str) -> str:
    _, _, source = (inspect.getdoc(getattr(hookspecs, hook)) or "").partition("::\n")
    return inspect.cleandoc(source)


@pytest.mark.parametrize("hook", HOOKS)
def test_the_plugin_in_a_hooks_docstring_works(install, hook):
    plugins = load_plugins(found=install("example", example(hook)))
    (report,) = plugins.reports
    assert (report.status, report.problem) == ("ok", "")
    assert hook.removeprefix("kpi_") in dict(report.gives)
    registry = registry_of(plugins)
    assert registry.problems == ()
    usual = settled(Config(Path(), ""), plugins).settings
    assert definition_problems(registry, usual) == []
    assert [*broken_fields(registry, usual)] == []


def test_a_source_of_a_plugin_yields_rows(install):
    plugins = load_plugins(found=install("example", example("kpi_sources")))
    ((_, kind),) = plugins.contributions.sources
    source = kind.open({"name": "bank", "currency": "EUR", "rate": 400.5})
    (batch,) = source.batches(None)
    day = date(2000, 1, 1)
    assert batch.entity == "fx_rate"
    assert batch.rows.to_pydict() == {"currency": ["EUR"], "rate_on": [day], "rate": [400.5]}


def test_a_plugin_reads_its_tables_and_secrets(install, tmp_path):
    plugins = load_plugins(found=install("example", example("kpi_settings")))
    text = "[settings]\nlarge_value = 5\n[[notice]]\naddress = 'ann@acme.test'\ntoken_env = 'NOTICE_TOKEN'\n"
    (tmp_path / "kpi.toml").write_text(text, encoding="utf-8")
    config = settled(read_config(tmp_path), plugins)
    assert config.settings["large_value"] == 5
    (notice,) = config.tables("notice")
    assert notice["address"] == "ann@acme.test"
    assert config.secret("token", notice, environment={"NOTICE_TOKEN": "t0"}) == "t0"


def test_what_a_workspace_has_itself_is_the_list_of_names_that_are_taken(tmp_path):
    made = Workspace(config_of(tmp_path), load_plugins(found=()))
    assert {each for each in (*dir(Workspace), *vars(made)) if not each.startswith("_")} == OF_THE_WORKSPACE


def test_the_stamp_changes_with_a_default(install):
    plugins = load_plugins(found=[CRM, *install("points", POINTS)])
    assert given_by(worth(plugins, 3)) != given_by(plugins)
