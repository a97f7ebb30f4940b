"""Settings and tables that plugins declare: in workspaces, cells and commands, and when a plugin is broken."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from kpicore import (
    BadConfig,
    CellCall,
    CellFailure,
    Cells,
    KpiError,
    Plugins,
    Setting,
    SettingTable,
    Type,
    Workspace,
    load_plugins,
    open_workspace,
    read_config,
)
from kpicore.testing import registry_of, run_kpi
from kpicore_crm.testing import load_tiny_company
from tests.crm import CRM
from tests.plugins.conftest import BUILT_IN

POINTS = """
from kpicore import SCORE, Field, Setting, SettingTable, Type, total

@hookimpl
def kpi_settings():
    yield Setting("points", Type.INTEGER, "what one unit of money is worth", 2, least=0)
    yield SettingTable("notice", "Who is told.", (Setting("address", Type.TEXT, "where", required=True),), many=True)

@hookimpl
def kpi_fields():
    yield Field("order", "points", Type.NUMBER, "Points.", how=("amount * setting.points",))

@hookimpl
def kpi_metrics():
    # The orders of the tiny company come to 2,270, the cancelled one of 50 included.
    yield Metric("points", name="Points", unit=SCORE, inputs={"it": total("order", "points", when="ordered_on")})
    yield Metric("worth", name="Worth", unit=SCORE, formula="it * setting.points / base",
                 inputs={"it": count("order", when="ordered_on"), "base": count("customer", when="created_on")})
"""
ONE = """
@hookimpl
def kpi_settings():
    from kpicore import Setting, SettingTable, Type
    yield Setting("{name}", Type.NUMBER, "One.", 1)
    yield SettingTable("{table}", "One.", ())
"""


def run(folder: Path, *arguments: str) -> Result:
    return run_kpi(*arguments, "--workspace", str(folder))


def add(folder: Path, text: str) -> None:
    with (folder / "kpi.toml").open("a", encoding="utf-8") as out:
        out.write(text)


def only(points: list, monkeypatch: pytest.MonkeyPatch) -> Plugins:
    """Shut out what is not of the test, and return what is left."""
    names = {point.name for point in points}
    built_in = [point.name for point in BUILT_IN if point.name not in names | {"crm"}]
    monkeypatch.setenv("KPI_DISABLE", ",".join(built_in))
    return load_plugins(found=[CRM, *points])


def worth(plugins: Plugins, default: int) -> Plugins:
    """Return the plugins of which the setting `points` has another default."""
    given = tuple(
        (giver, replace(each, default=default) if each.name == "points" else each)
        for giver, each in plugins.contributions.settings
    )
    return replace(plugins, contributions=replace(plugins.contributions, settings=given))


def points_of(folder: Path, plugins: Plugins) -> tuple[float | None, float | None]:
    with Workspace(read_config(folder), plugins) as opened:
        one, other = opened.get(["points", "worth"], "2025").answers
    return one.value, other.value


def test_a_field_is_made_with_the_default_and_anew_when_the_file_or_the_default_changes(install, tmp_path):
    folder = tmp_path / "w"
    load_tiny_company(folder)
    plugins = load_plugins(found=[CRM, *install("points", POINTS)])
    assert points_of(folder, plugins) == (4540, 3.2)
    add(folder, "[settings]\npoints = 5\n")
    assert points_of(folder, plugins) == (11350, 8)
    assert points_of(folder, worth(plugins, 3)) == (11350, 8)
    text = (folder / "kpi.toml").read_text(encoding="utf-8")
    (folder / "kpi.toml").write_text(text.replace("points = 5\n", ""), encoding="utf-8")
    old = Workspace(read_config(folder), worth(plugins, 3), may_remake=False)
    with old, pytest.raises(KpiError, match="points was 5 and is 3"):
        old.get("points", "2025")
    assert points_of(folder, worth(plugins, 3)) == (6810, 4.8)
    assert points_of(folder, plugins) == (4540, 3.2)


def test_running_cells_see_an_edited_file_and_tell_what_is_wrong_in_it(install, tmp_path):
    install("points", POINTS)
    folder = tmp_path / "w"
    load_tiny_company(folder)
    cells = Cells(folder)

    def shown() -> object:
        [found] = cells.answer([CellCall("KPI_WORTH", ("2025",))]).results
        return found

    assert shown() == 3.2  # 8 orders, 2 points, 5 customers
    add(folder, "[settings]\npoints = 5\n")
    assert shown() == 8
    add(folder, "point = 5\n")
    failure = shown()
    assert isinstance(failure, CellFailure)
    assert "kpi.toml settings.point: no setting named 'point'. Did you mean 'points'?" in failure.message
    with pytest.raises(BadConfig, match="Did you mean 'points'"):
        cells.functions()
    text = (folder / "kpi.toml").read_text(encoding="utf-8")
    (folder / "kpi.toml").write_text(text.replace("point = 5\n", ""), encoding="utf-8")
    assert shown() == 8
    cells.close()


@pytest.mark.parametrize(
    "arguments",
    [("get", "worth", "--period", "2025"), ("calc", "worth", "8", "4"), ("list",), ("show", "worth"), ("coverage",)],
)
def test_every_command_that_opens_a_workspace_refuses_an_unknown_key(install, tmp_path, monkeypatch, arguments):
    only(install("points", POINTS), monkeypatch)
    (tmp_path / "kpi.toml").write_text("[settings]\npoinst = 5\n", encoding="utf-8")
    result = run(tmp_path, *arguments)
    assert result.exit_code != 0
    assert "settings.poinst: no setting named 'poinst'. Did you mean 'points'?" in f"{result.output}{result.exception}"


def test_calc_knows_the_default_without_a_workspace(install, tmp_path, monkeypatch):
    only(install("points", POINTS), monkeypatch)
    told = "worth = it * setting.points / base = 8 * 2 / 4 = 4.00\n"
    assert run(tmp_path, "calc", "worth", "it=8", "base=4").output == told


def test_kpi_check_tells_all_that_is_refused_at_once(install, tmp_path, monkeypatch):
    only(install("points", POINTS), monkeypatch)
    text = "[settings]\npoinst = 5\npoints = 'x'\n[notise]\n[[notice]]\nadress = 'x'\n"
    (tmp_path / "kpi.toml").write_text(text, encoding="utf-8")
    told = [line.replace(f"{tmp_path}/", "") for line in run(tmp_path, "check").stdout.splitlines()]
    assert [each for each in told if each.startswith("kpi.toml: ")] == [
        "kpi.toml: kpi.toml settings.points: expected a whole number, not 'x'.",
        "kpi.toml: kpi.toml notice 1 adress: no key named 'adress'. Did you mean 'address'?",
        "kpi.toml: kpi.toml settings.poinst: no setting named 'poinst'. Did you mean 'points'? Or a plugin declares it "
        "that is broken or shut out: kpi plugins",
        "kpi.toml: kpi.toml notise: no table named 'notise'. Did you mean 'notice'? Or a plugin declares it that is "
        "broken or shut out: kpi plugins",
    ]


@pytest.mark.parametrize(
    ("source", "status"),
    [("raise RuntimeError('no')", "broken"), (POINTS + "    raise RuntimeError('no')", "partly"), (POINTS, "disabled")],
)
def test_a_plugin_that_cannot_be_asked_takes_no_workspace_down_and_what_is_not_read_is_told(
    install, tmp_path, monkeypatch, source, status
):
    folder = tmp_path / "w"
    load_tiny_company(folder)
    add(folder, "[settings]\nactivity_days = 5\n[[postbox]]\naddress = 'x'\n")
    install("points", source)
    if status == "disabled":
        monkeypatch.setenv("KPI_DISABLE", "points")
    with open_workspace(folder) as opened:
        assert opened.get("revenue", "2025").answers[0].value is not None
    what = {"partly": "broken in part"}.get(status, status)
    told = f"not read: a setting of 'points' ({what}) perhaps"
    checked = run(folder, "check").stdout.replace(f"{folder}/", "")
    assert f"kpi.toml: kpi.toml settings.activity_days: {told}" in checked
    assert f"kpi.toml: kpi.toml postbox: {told}" in checked
    lines = json.loads(run(folder, "plugins", "--json").stdout)
    (line,) = [each for each in lines if each["name"] == "points"]
    assert line["status"] == status
    assert [each.replace(f"{folder}/", "") for each in line["problems"] if "not read" in each] == [
        f"kpi.toml: kpi.toml settings.activity_days: {told}",
        f"kpi.toml: kpi.toml postbox: {told}",
    ]


def test_kpi_plugins_counts_settings_and_tells_what_is_refused(install, tmp_path, monkeypatch):
    only(install("points", POINTS), monkeypatch)
    (tmp_path / "kpi.toml").write_text("[settings]\npoinst = 5\n", encoding="utf-8")
    result = run(tmp_path, "plugins", "--json")
    (line,) = [load for load in json.loads(result.stdout) if load["name"] == "points"]
    assert (line["gives"], line["status"], line["problems"]) == (["1 field", "2 metrics", "2 settings"], "ok", [])
    assert "Did you mean 'points'?" in result.stderr


def test_what_is_built_in_stays_whose_it_is(install, tmp_path):
    plugins = load_plugins(found=[CRM, *install("one", ONE.format(name="stuck_days", table="target"))])
    assert [(problem.giver, problem.problem) for problem in registry_of(plugins).problems] == [
        ("one", "setting 'settings.stuck_days' is built in by 'crm'; choose another name."),
        ("one", "setting '[target]' is built in by 'kpicore'; choose another name."),
    ]
    with Workspace(config_in(tmp_path, "[settings]\nstuck_days = 7\n"), plugins) as opened:
        assert opened.config.settings["stuck_days"] == 7


def test_a_table_that_fits_a_newcomer_and_not_what_is_built_in_is_left_unread_and_told(install, tmp_path):
    config_in(tmp_path, "[sheets]\nprinter = 'lp0'\n")
    with pytest.raises(BadConfig, match="no key named 'printer'"):
        open_workspace(tmp_path)
    install("paper", ONE.format(name="gap", table="sheets"))
    with open_workspace(tmp_path) as opened:
        assert opened.config.tables("sheets") == ()
    told = "sheets.printer: no key named 'printer': not read, it is a table of 'paper' perhaps"
    assert told in run(tmp_path, "check").stdout.replace(f"{tmp_path}/", "")


def test_a_table_that_has_the_keys_of_one_with_a_like_name_is_told_from_it(tmp_path):
    for written in ("[sheets]\nname = 'a'\n", "[[sheets]]\nname = 'a'\n"):
        config_in(tmp_path, written)
        with pytest.raises(BadConfig, match=r"kpi\.toml sheets.* Did you mean \[\[sheet\]\]\?"):
            open_workspace(tmp_path)
    config_in(tmp_path, "[sheet]\ncredentials = 'google.json'\n")
    with pytest.raises(BadConfig, match=r"kpi\.toml sheet: .* Did you mean \[sheets\]\?"):
        open_workspace(tmp_path)
    config_in(tmp_path, "[sheet]\nname = 'a'\n")
    with pytest.raises(
        BadConfig, match=r"kpi\.toml sheet: expected tables, write \[\[sheet\]\] on a line of its own\.$"
    ):
        open_workspace(tmp_path)


def test_what_two_plugins_declare_is_told_and_takes_no_workspace_down(install, tmp_path):
    install("one", ONE.format(name="gap", table="post"))
    plugins = load_plugins(found=install("two", ONE.format(name="gap", table="post")))
    problems = registry_of(plugins).problems
    assert {(problem.giver, problem.item) for problem in problems} == {
        *(("one", "settings.gap"), ("two", "settings.gap"), ("one", "[post]"), ("two", "[post]"))
    }
    with Workspace(config_in(tmp_path, "[settings]\ngap = 7\n[post]\n"), plugins) as opened:
        assert "gap" not in opened.config.settings


def test_a_key_that_every_workspace_would_need_is_refused(install):
    source = ONE.format(name="gap", table="post").replace(', "One.", 1)', ', "One.")')
    plugins = load_plugins(found=install("one", source))
    (problem,) = registry_of(plugins).problems
    assert (problem.item, "only keys of tables can be required" in problem.problem) == ("settings.gap", True)


def test_a_key_that_a_definition_of_ones_own_names_is_the_workspaces(tmp_path, install):
    plugins = load_plugins(found=install("one", ONE.format(name="gap", table="post")))
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "own.toml").write_text('[metric.x]\nformula = "it * setting.bonus"\n', encoding="utf-8")
    with Workspace(config_in(tmp_path, "[settings]\nbonus = 7\n"), plugins) as opened:
        assert opened.config.settings["bonus"] == 7
    for text, told in (("bonnus = 7", "Did you mean 'bonus'"), ("bonus = true", "expected a number or a text")):
        with pytest.raises(BadConfig, match=told):
            Workspace(config_in(tmp_path, f"[settings]\n{text}\n"), plugins)


def test_words_that_are_kept_leave_the_settings_as_they_are(install, tmp_path):
    folder = tmp_path / "w"
    load_tiny_company(folder)
    add(folder, "[settings]\npoints = 5\n")
    with Workspace(read_config(folder), load_plugins(found=[CRM, *install("points", POINTS)])) as opened:
        opened.keep_words("order", "status", {"Gone": "cancelled"})
        assert (opened.config.settings["points"], opened.config.tables("notice")) == (5, ())


def config_in(folder: Path, text: str):
    (folder / "kpi.toml").write_text(text, encoding="utf-8")
    return read_config(folder)


def test_definitions_read_settings_of_each_type_but_lists(install, tmp_path):
    source = """
    from kpicore import Field, Setting, Type
    from datetime import date

    @hookimpl
    def kpi_settings():
        yield Setting("since", Type.DATE, "Day.", date(2025, 3, 1))
        yield Setting("all_of_them", Type.BOOLEAN, "Whether.", False)
        yield Setting("word", Type.TEXT, "Word.", "late")
        yield Setting("words", Type.TEXT, "Words.", ("a",), many=True)

    @hookimpl
    def kpi_fields():
        late = "case when setting.all_of_them or ordered_on >= setting.since then setting.word else 'early' end"
        yield Field("order", "time", Type.TEXT, "Time.", how=(late,), dimension=True)

    @hookimpl
    def kpi_dimensions():
        from kpicore import Dimension
        yield Dimension("time", "Time.")

    @hookimpl
    def kpi_metrics():
        yield Metric("late", name="Late", unit=COUNT, inputs={
            "it": count("order", when="ordered_on", where="time = setting.word and ordered_on >= setting.since")})
        yield Metric("none", name="None", unit=COUNT, inputs={
            "it": count("order", when="ordered_on", where="time = setting.words")})
    """
    folder = tmp_path / "w"
    load_tiny_company(folder)
    plugins = load_plugins(found=[CRM, *install("late", source)])
    with Workspace(read_config(folder), plugins) as opened:
        assert opened.get("late", "2025").answers[0].value == 6  # of 8 orders, two before March
        with pytest.raises(KpiError, match=r"no setting named 'setting\.words'\. Did you mean 'setting\.word'"):
            opened.get("none", "2025")
    add(folder, "[settings]\nsince = 2025-01-01\n")
    with Workspace(read_config(folder), plugins) as opened:
        assert opened.get("late", "2025").answers[0].value == 8


SECRET = """
from kpicore import Setting, SettingTable, Type

@hookimpl
def kpi_settings():
    yield Setting("key", Type.TEXT, "What opens it.", secret=True)
    yield Setting("days", Type.INTEGER, "Days.", 2, least=0)
    yield Setting("names", Type.TEXT, "Names.", ("a",), many=True, choices=("a", "b"))
    yield SettingTable("notice", "Who is told.", (
        Setting("token", Type.TEXT, "What opens it.", secret=True), Setting("days", Type.INTEGER, "Days.", 1)))
    yield SettingTable("rows", "Many.", (Setting("day", Type.DATE, "Day."),), many=True)
"""


NESTED = ("[[{}]]", "{{ token = {} }}", "[{{ token = {} }}]", "{{ a.b = {} }}")
SECRETS = ("[settings]\nkey", "[settings]\nkey_env", "[notice]\ntoken", "[notice]\ntoken_env")
PLACES = (
    *("[settings]\ndays", "[settings]\nnames", "[settings]\nkey.token", "[settings]\nstuck_days"),
    *("[notice]\ndays", "[notice]\ntoken_env.x", "notice", "[[rows]]\nday", "rows", "target"),
    *("[calendar]\nholidays", "[calendar]\nworking_days", "[calendar]\npattern", "[default_variants]\nwin_rate"),
    *("[workspace]\nname", "[workspace]\ncurrency"),
)


@pytest.mark.parametrize("place", [*SECRETS, *PLACES])
def test_what_stands_where_a_secret_may_is_in_no_message(install, tmp_path, monkeypatch, place):
    only(install("mine", SECRET), monkeypatch)
    for holder in (*NESTED, *(("{}", "[{}]") if place in SECRETS else ())):
        text = f"{place} = {holder.format(chr(34) + 'hunter-2' + chr(34))}\n"
        (tmp_path / "kpi.toml").write_text(text, encoding="utf-8")
        checked, listed = run(tmp_path, "check"), run(tmp_path, "list")
        assert "kpi.toml" in checked.output, text
        assert "hunter-2" not in f"{checked.output} {listed.output} {listed.exception}", text


@pytest.mark.parametrize("part", ["default", "secret", "choices", "least", "many", "required", "type", "meaning"])
@pytest.mark.parametrize("value", ["hunter-2", ["hunter-2"], {"token": "hunter-2"}, ("hunter-2", 5), "hunter-2\x1b"])
@pytest.mark.parametrize("name", ["token", "key"])
def test_no_part_of_a_secret_setting_is_shown_by_what_refuses_it(name, part, value):
    given = {"type": Type.TEXT, "meaning": "What opens it.", "secret": True, part: value}
    if part == "meaning" and value == "hunter-2":
        given["default"] = value
    with pytest.raises(KpiError) as refused:
        Setting(name, **given)
    assert name in str(refused.value)
    assert "hunter-2" not in str(refused.value)


def test_what_a_table_of_settings_holds_is_not_shown():
    for wrong in ({"token": "hunter-2"}, ({"token": "hunter-2"},), ("hunter-2",), "hunter-2"):
        with pytest.raises(KpiError) as refused:
            SettingTable("notice", "Who is told.", wrong)
        assert "hunter-2" not in str(refused.value)
