"""Each way a plugin can be broken: it is reported with its reason, and the others work."""

from __future__ import annotations

import pytest

from kpicore import Plugins, load_plugins
from kpicore.testing import registry_of

GOOD = """
@hookimpl
def kpi_metrics():
    yield Metric("good", name="Good", unit=COUNT, inputs={"a": count("order", when="ordered_on")})
"""


def ids(plugins: Plugins) -> list[str]:
    return [item.id for _, item in plugins.contributions.metrics]


def status_and_problem(plugins: Plugins, name: str) -> tuple[str, str]:
    report = next(each for each in plugins.reports if each.name == name)
    return report.status, report.problem


def test_a_sound_plugin_gives_its_items_and_tells_where_it_is_from(install):
    plugins = load_plugins(found=install("good", GOOD, distribution="acme-kpis"))
    (report,) = plugins.reports
    assert (report.name, report.distribution, report.version) == ("good", "acme-kpis", "1.2")
    assert (report.status, report.gives, report.problem) == ("ok", (("metrics", 1),), "")
    assert [(giver, item.id) for giver, item in plugins.contributions.metrics] == [("good", "good")]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import no_such_module_at_all", "ModuleNotFoundError: No module named 'no_such_module_at_all'"),
        ("def f(:", "SyntaxError: invalid syntax"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(3)", "it calls sys.exit()"),
        ("class Panic(BaseException): pass\nraise Panic('from Rust')", "Panic: from Rust"),
        ("@hookimpl\nasync def kpi_metrics(): return []", "kpi_metrics is async"),
        ("@hookimpl\ndef kpi_metrics(): raise BaseException('stop')", "kpi_metrics: BaseException: stop"),
        ("x = 1", "it has no hook"),
        ("@hookimpl\ndef kpi_metrix(): return []", "no hook named 'kpi_metrix'. Did you mean 'kpi_metrics'?"),
        ("def kpi_metrics(): return []", "kpi_metrics lacks its @hookimpl"),
        ("@hookimpl\ndef kpi_metrics(config): return []", "config"),
        ("@hookimpl(wrapper=True)\ndef kpi_metrics():\n    return (yield)", "kpi_metrics is a wrapper"),
        ("@hookimpl(specname='kpi_metrik')\ndef kpi_mine(): return []", "Did you mean 'kpi_metrics'?"),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_reported_and_the_others_work(install, source, problem):
    install("good", GOOD)
    plugins = load_plugins(found=install("bad", source))
    status, told = status_and_problem(plugins, "bad")
    assert status == "broken"
    assert problem in told
    assert "\n" not in told
    assert ids(plugins) == ["good"]


def test_the_file_and_line_of_the_plugin_are_told(install):
    plugins = load_plugins(found=install("bad", "x = 1\ny = x / 0"))
    assert status_and_problem(plugins, "bad")[1].endswith("(plugin_kpicore_bad_bad.py, line 4)")


def test_an_entry_point_without_its_module_is_reported(install):
    points = install("bad", GOOD, attr="nothing_of_this_name")
    assert "nothing_of_this_name" in status_and_problem(load_plugins(found=points), "bad")[1]


def test_a_misspelt_hook_leaves_nothing_of_its_plugin_behind(install):
    source = GOOD + "\n@hookimpl\ndef kpi_dimension(): return []\n"
    plugins = load_plugins(found=install("bad", source))
    assert ids(plugins) == []
    assert "Did you mean 'kpi_dimensions'?" in status_and_problem(plugins, "bad")[1]


def test_a_hook_that_raises_half_way_gives_nothing_and_its_plugins_other_hooks_count(install):
    source = """
    from kpicore import Dimension
    @hookimpl
    def kpi_metrics():
        yield Metric("half", name="Half", unit=COUNT, inputs={"a": count("order")})
        raise RuntimeError("no more\\nto give")

    @hookimpl
    def kpi_dimensions():
        return [Dimension("weather", "Weather of the day.")]
    """
    plugins = load_plugins(found=install("half", source))
    assert ids(plugins) == []
    assert [item.name for _, item in plugins.contributions.dimensions] == ["weather"]
    status, told = status_and_problem(plugins, "half")
    assert status == "partly"
    assert told.startswith("kpi_metrics: RuntimeError: no more to give (plugin_kpicore_half_half.py, line ")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("return None", "gave nothing, did you forget to return or yield?"),
        ("return 7", "gave 7, it must yield each or return a list"),
        (
            "return Metric('one', name='One', unit=COUNT, inputs={'a': count('order')})",
            "gave one Metric, it must yield each",
        ),
        ("raise SystemExit", "it calls sys.exit()"),
        ("return [Metric('x', name='X', unit=COUNT)]", "metric 'x': give either inputs or variants."),
        ("return [] + kpi_metrics()", "RecursionError"),
    ],
)
def test_a_hook_that_gives_no_list_is_reported(install, body, problem):
    install("good", GOOD)
    plugins = load_plugins(found=install("bad", f"@hookimpl\ndef kpi_metrics():\n    {body}\n"))
    status, told = status_and_problem(plugins, "bad")
    assert (status, ids(plugins)) == ("broken", ["good"])
    assert problem in told


def test_an_item_of_the_wrong_type_is_refused_alone(install):
    source = GOOD + "    yield {'id': 'a_dict'}\n"
    plugins = load_plugins(found=install("mixed", source))
    assert ids(plugins) == ["good"]
    assert status_and_problem(plugins, "mixed") == ("partly", "kpi_metrics gave {'id': 'a_dict'}, which is no Metric")


def test_what_a_plugin_prints_does_not_reach_the_output(install, capsys):
    load_plugins(found=install("loud", "print('hello from import')" + GOOD))
    out, err = capsys.readouterr()
    assert (out, err) == ("", "hello from import\n")


def test_the_same_module_twice_is_two_plugins_and_its_ids_clash(install):
    plugins = load_plugins(found=[*install("good", GOOD), *install("good", GOOD)[:1]])
    registry = registry_of(plugins)
    assert "good" not in registry.metrics
    assert registry.problems[0].problem == "metric 'good' is given twice by 'good (kpicore-good)': it is not used"


def test_an_id_given_by_two_plugins_is_refused_for_both_and_each_other_id_stays(install):
    install("first", GOOD)
    second = GOOD + "    yield Metric('other', name='Other', unit=COUNT, inputs={'a': count('order')})\n"
    registry = registry_of(load_plugins(found=install("second", second)))
    assert "good" not in registry.metrics
    assert "other" in registry.metrics
    assert [(problem.giver, problem.item) for problem in registry.problems] == [("first", "good"), ("second", "good")]
    assert all("'first' and 'second'" in problem.problem for problem in registry.problems)


def test_two_distributions_may_use_one_plugin_name_and_are_told_apart(install):
    install("mine", GOOD, distribution="acme")
    plugins = load_plugins(found=install("mine", GOOD.replace("good", "better"), distribution="other"))
    assert [report.name for report in plugins.reports] == ["mine (acme)", "mine (other)"]
    assert ids(plugins) == ["good", "better"]


@pytest.mark.parametrize("disable", ["good", "GOOD", "nobody, acme-kpis"])
def test_kpi_disable_shuts_out_a_plugin_or_a_whole_distribution(install, monkeypatch, disable):
    monkeypatch.setenv("KPI_DISABLE", disable)
    plugins = load_plugins(found=install("good", "raise RuntimeError" + GOOD, distribution="acme-kpis"))
    assert ids(plugins) == []
    assert status_and_problem(plugins, "good") == ("disabled", "")


def test_installed_plugins_are_found_without_being_named(install):
    install("good", GOOD)
    assert ("good", "ok") in [(report.name, report.status) for report in load_plugins().reports]


def test_of_many_that_are_no_records_ten_are_told_and_how_many_more(install):
    plugins = load_plugins(found=install("mine", "@hookimpl\ndef kpi_metrics(): return ['x'] * 25"))
    assert len(plugins.reports[0].problems) == 11
    assert plugins.reports[0].problems[-1] == "kpi_metrics gave 15 more that are none"
