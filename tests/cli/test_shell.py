"""The shell around the commands: help, errors in one line, exit codes, broken commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import click
import pytest
from click.testing import CliRunner

from kpicore.cli.commands import offers
from kpicore.testing import EntryPoint, entry_points, kpi, run_kpi
from tests.patience import PATIENCE_SECONDS

KPI = Path(sys.executable).with_name("kpi")


def run(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run([str(KPI), *args], capture_output=True, text=True, env=env, timeout=PATIENCE_SECONDS)


@pytest.fixture
def commands(tmp_path, monkeypatch):
    """Give `commands(source)`: installs a distribution `acme` whose module has commands a, b, …."""

    def install(source: str, points: str, name: str = "acme") -> dict[str, str]:
        (tmp_path / f"{name}_commands.py").write_text("import click\n" + dedent(source), encoding="utf-8")
        info = tmp_path / f"{name}-3.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 3.0\n")
        (info / "entry_points.txt").write_text("[kpicore.commands]\n" + dedent(points))
        return {"PYTHONPATH": str(tmp_path)}

    return install


def test_without_arguments_the_help_is_shown():
    result = run_kpi()
    assert (result.exit_code, result.output) == (0, run_kpi("--help").output)


def test_the_help_lists_each_command_with_what_it_does():
    result = run_kpi("--help")
    assert "  init" in result.output
    assert "Make a new workspace" in result.output
    assert "Traceback" not in result.output


def test_the_help_imports_nothing_heavy():
    loaded = loaded_by_the_help()
    assert not loaded & {"duckdb", "sqlglot", "pandas", "pyarrow", "rich", "xlsxwriter", "numpy", "python_calamine"}


def test_the_help_loads_no_plugin_and_nothing_that_only_plugins_or_answers_need():
    loaded = loaded_by_the_help()
    assert "kpicore.cli.get" in loaded
    assert not loaded & {point.value for point in entry_points("kpicore")}
    assert not loaded & {"pluggy", "importlib.metadata", "tomllib", "json", "zoneinfo", "sqlite3", "decimal"}
    core = {each for each in loaded if each.startswith("kpicore.") and not each.startswith("kpicore.cli")}
    settings = {"kpicore.config", "kpicore.config.known_names"}  # the help of `kpi init` names weekdays and months
    tools = {"kpicore.plugins", "kpicore.plugins.discovery", "kpicore.utils", "kpicore.utils.isolation", "kpicore.text"}
    assert core - settings == {*tools, "kpicore.errors", "kpicore.text.plain_text"}


def loaded_by_the_help() -> set[str]:
    """Return the modules that a process holds after it has shown the help."""
    show_help = "import sys; from kpicore.cli import kpi; kpi.main(['--help'], standalone_mode=False)"
    code = f"{show_help}; print('loaded:', *sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return set(out.split("loaded: ")[1].split())


def test_an_unknown_command_is_one_line_with_a_proposal():
    result = run("inti")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "kpi: no command named 'inti'. Did you mean 'init'?\n"


def test_a_wrong_option_is_one_line_that_points_to_the_help():
    result = run("init", "--curency", "EUR")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("kpi: No such option '--curency'. Did you mean '--currency'?")
    assert result.stderr.endswith("See: kpi init --help\n")


def test_a_thread_of_a_plugin_that_fails_is_one_line_and_the_command_goes_on(commands):
    path = commands(
        """
        from threading import Thread

        def fail(): raise ValueError("two\\nlines")

        @click.command()
        def boom():
            thread = Thread(target=fail)
            thread.start()
            thread.join()
            click.echo("done")
        """,
        "boom = acme_commands:boom",
    )
    result = run("boom", **path)
    assert (result.returncode, result.stdout) == (0, "done\n")
    assert result.stderr == "kpi: a thread ended: ValueError: two lines\n"


def test_a_defect_is_one_line_and_the_traceback_is_shown_on_demand(commands):
    path = commands(
        """
        @click.command()
        def boom(): raise ValueError("two\\nlines \\x1b[31m")
        """,
        "boom = acme_commands:boom",
    )
    result = run("boom", **path)
    assert result.returncode == 1
    assert result.stderr == (
        "kpi: internal error, ValueError: two lines \\x1b[31m. Run with KPI_DEBUG=1 for the traceback.\n"
    )
    assert "Traceback" in run("boom", KPI_DEBUG="1", **path).stderr


def test_a_disk_that_is_full_is_one_line(commands):
    path = commands(
        """
        @click.command()
        def write(): raise OSError(28, "No space left on device", "kpi.xlsx")
        """,
        "write = acme_commands:write",
    )
    result = run("write", **path)
    assert (result.returncode, result.stderr) == (1, "kpi: kpi.xlsx: No space left on device.\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_an_output_that_cannot_be_written_is_one_line():
    result = subprocess.run(f"'{KPI}' list --json >/dev/full", shell=True, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (1, "kpi: No space left on device.\n")


def test_a_plugins_command_works_like_a_built_in_one(commands):
    path = commands(
        """
        @click.command()
        @click.argument("name")
        def greet(name):
            "Greet somebody."
            click.echo(f"hello {name}")
        """,
        "greet = acme_commands:greet",
    )
    assert "  greet     Greet somebody." in run("--help", **path).stdout
    assert run("greet", "Ann", **path).stdout == "hello Ann\n"


def test_a_broken_command_shows_as_broken_and_hurts_no_other(commands):
    path = commands("import no_such_thing", "fine = acme_commands:fine")
    help_text = run("--help", **path)
    assert help_text.returncode == 0
    assert "(broken: ModuleNotFoundError" in help_text.stdout
    result = run("fine", "--any", "thing", **path)
    assert result.returncode == 1
    assert result.stderr == (
        "kpi: the command 'fine' of acme is broken: ModuleNotFoundError: No module named 'no_such_thing' "
        "(acme_commands.py, line 2). See: kpi plugins\n"
    )
    assert run("init", "--help", **path).returncode == 0


def test_an_entry_point_that_is_no_command_shows_as_broken(commands):
    assert "(broken: acme_commands:x is no click" in run("--help", **commands("x = 1", "x = acme_commands:x")).stdout


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def get_short_help_str(self): return 'x'", "TypeError: "),
        ("def get_short_help_str(self, limit=45): return 5", "its short help is a text, not 5"),
        ("def get_short_help_str(self, limit=45): raise SystemExit(5)", "it calls sys.exit()"),
        ("hidden = property(lambda self: 1 / 0, lambda self, to: None)", "ZeroDivisionError: "),
        ("hidden = property(lambda self: 'no', lambda self, to: None)", "its hidden is True or False, not 'no'"),
        (r"short_help = property(lambda self: '\x1b[0m', lambda self, to: 1 / (to is None))", "ZeroDivisionError: "),
    ],
)
def test_a_command_that_cannot_stand_in_the_help_shows_as_broken(commands, source, told):
    path = commands(f"class Odd(click.Command):\n    {source}\nodd = Odd('odd')", "odd = acme_commands:odd")
    help_text = run("--help", **path)
    assert (help_text.returncode, "(broken: " in help_text.stdout, "  get " in help_text.stdout) == (0, True, True)
    assert of_commands(path)["acme"]["problems"][0].startswith(f"kpi odd: {told}")


MINE = "@click.command()\ndef get(): click.echo('mine')"


def of_commands(environment: dict[str, str]) -> dict[str, dict[str, object]]:
    """Return what `kpi plugins` tells of each distribution's commands."""
    lines = json.loads(run("plugins", "--json", **environment).stdout)
    return {line["distribution"]: line for line in lines if line["name"] == "commands"}


def test_a_built_in_command_stays_and_the_newcomer_of_its_name_is_told(commands):
    path = commands(MINE, "get = acme_commands:get\nmine = acme_commands:get")
    assert run("get", **path).stderr == run("get").stderr
    assert run("mine", **path).stdout == "mine\n"
    told = of_commands(path)
    assert (told["kpicore"], told["acme"]["gives"]) == (of_commands({})["kpicore"], ["kpi mine"])
    assert told["acme"]["problems"] == [
        "kpi get: it is built in; to stand in for it, name it in the entry points of kpicore.commands.replacing"
    ]


def test_a_command_that_says_so_replaces_a_built_in_one(commands):
    path = commands(MINE, "[kpicore.commands.replacing]\nget = acme_commands:get")
    assert run("get", **path).stdout == "mine\n"
    acme = of_commands(path)["acme"]
    assert (acme["status"], acme["gives"], acme["replaces"]) == ("ok", ["kpi get"], ["kpi get of 'kpicore'"])
    assert "commands (acme): replaces kpi get of 'kpicore'" in run("plugins", **path).stdout


def test_where_two_would_replace_a_command_or_one_that_is_not_there_what_is_built_in_stays(commands):
    commands(MINE, "[kpicore.commands.replacing]\nget = acme_commands:get\nnone = acme_commands:get")
    path = commands(MINE, "[kpicore.commands.replacing]\nget = best_commands:get", "best")
    assert run("get", **path).stderr == run("get").stderr
    told = of_commands(path)
    both = "kpi get: acme, best would all replace it: the built-in one stays"
    assert told["acme"]["problems"] == [both, "kpi none: it replaces nothing that is built in"]
    assert (told["best"]["problems"], told["best"]["status"]) == ([both], "broken")
    assert "none" not in run("--help", **path).stdout


def test_one_that_replaces_and_is_broken_leaves_the_built_in_command(commands):
    path = commands("import sys\nsys.exit(3)", "[kpicore.commands.replacing]\nget = acme_commands:get")
    assert run("get", **path).stderr == run("get").stderr
    assert of_commands(path)["acme"]["problems"] == ["kpi get: it calls sys.exit() (acme_commands.py, line 3)"]


def test_a_command_of_a_disabled_plugin_is_not_there(commands):
    crm = ("cohort", "forecast")
    assert all(f"  {name} " in run("--help").stdout for name in crm)
    shown = run("--help", KPI_DISABLE="crm").stdout
    assert not [name for name in crm if f"  {name} " in shown]
    assert "no command named 'cohort'" in run("cohort", KPI_DISABLE="CRM").stderr
    assert "  serve " in shown and "  report " in shown and "  excel " in run("--help", KPI_DISABLE="office").stdout


def test_a_command_is_shut_out_with_all_the_plugins_that_it_stands_in():
    def given(name, value, distribution="acme"):
        return EntryPoint(name, value, distribution)

    plugins = [given("one", "acme.one"), given("two", "acme.two:plugin"), given("other", "acme.one", "best")]
    commands = [given("mine", "acme.cli:mine"), given("apart", "acme_cli:apart"), given("best", "acme.cli:b", "best")]
    found = {"kpicore": plugins, "kpicore.commands": commands}
    for disabled, left in (
        ((), ["apart", "best", "mine"]),
        (("one",), ["apart", "best", "mine"]),
        (("one", "two"), ["apart", "best"]),
        (("acme",), ["best"]),
        (("other",), ["apart", "mine"]),
    ):
        assert [*offers(frozenset(disabled), found=found)] == left


def test_a_command_given_by_two_newcomers_is_refused_and_both_are_named(commands):
    commands(MINE, "mine = acme_commands:get")
    path = commands(MINE, "mine = best_commands:get", "best")
    assert "given more than once, by acme, best" in run("mine", **path).stderr
    assert run("mine", KPI_DISABLE="acme", **path).stdout == "mine\n"


@pytest.mark.parametrize("name", ["GET", "get it", "-h", "get\x1b[2J", "g\xe9t", "1", "x" * 41, "get.x"])
def test_a_command_of_a_bad_name_is_told_and_hurts_none(commands, name):
    path = commands(MINE, f"{name} = acme_commands:get")
    assert run("--help", **path).stdout == run("--help").stdout
    told = of_commands(path)
    assert told["kpicore"] == of_commands({})["kpicore"]
    assert [each.split(": ", 1)[1] for each in told["acme"]["problems"]] == [
        "a command is named by lower-case letters, digits, '-' and '_', at most 40 of them"
    ]
    assert "\x1b" not in run("plugins", **path).stdout


def test_the_help_and_the_list_of_plugins_are_no_ones_who_prints_or_steers_a_terminal(commands):
    source = """
    import os
    print("loud")
    os.chdir("/")

    @click.command(help="Clear \x1b[2J all.")
    def clear(): pass

    class Broken(click.Command):
        def get_short_help_str(self, limit=45): raise SystemExit

    broken = Broken("broken")
    """
    path = commands(source, "clear = acme_commands:clear\nbroken = acme_commands:broken")
    shown = run("--help", **path).stdout
    assert "clear     Clear \\x1b[2J all." in shown
    assert "(broken: it calls sys.exit()" in shown
    assert "loud" not in shown
    assert of_commands(path)["acme"]["status"] == "partly"


def test_a_command_that_panics_is_a_defect_and_one_that_exits_has_its_own_code(commands):
    source = """
    import sys

    class Panic(BaseException): pass

    @click.command()
    def panic(): raise Panic("from Rust")

    @click.command()
    def leave(): sys.exit(7)
    """
    path = commands(source, "panic = acme_commands:panic\nleave = acme_commands:leave")
    result = run("panic", **path)
    assert result.returncode == 1
    assert result.stderr == "kpi: internal error, Panic: from Rust. Run with KPI_DEBUG=1 for the traceback.\n"
    assert run("leave", **path).returncode == 7


def test_kpi_plugins_tells_which_plugin_gives_what_and_what_failed(commands):
    path = commands("import no_such_thing", "fine = acme_commands:fine")
    lines = json.loads(run("plugins", "--json", **path).stdout)
    acme = next(line for line in lines if line["distribution"] == "acme")
    assert (acme["name"], acme["version"], acme["status"], acme["gives"]) == ("commands", "3.0", "broken", [])
    assert acme["problems"] == [
        "kpi fine: ModuleNotFoundError: No module named 'no_such_thing' (acme_commands.py, line 2)"
    ]
    shown = run("plugins", **path).stdout
    assert "commands (acme): kpi fine: ModuleNotFoundError" in shown


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals and pipes")
def test_a_reader_that_goes_away_is_no_error():
    result = subprocess.run(f"'{KPI}' plugins --json | head -c 1", shell=True, capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("[", "")


def test_ctrl_c_is_one_word_and_exit_code_130():
    @click.command()
    def stopped() -> None:
        raise KeyboardInterrupt

    group = type(kpi)(commands={"stopped": stopped})
    result = CliRunner().invoke(group, ["stopped"])
    assert (result.exit_code, result.stderr.strip()) == (130, "kpi: stopped")


def test_the_version_is_told():
    assert run("--version").stdout.startswith("kpi, version ")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix closes streams")
def test_a_stream_that_the_shell_has_closed_hurts_nothing(closed):
    result = subprocess.run(f"'{KPI}' list --json {closed}", shell=True, capture_output=True, text=True)
    assert result.returncode == 0
    assert "Error" not in result.stderr and "Traceback" not in result.stderr
    if ">&-" not in closed.replace("2>&-", ""):
        assert result.stdout.startswith("[")


def test_signs_that_steer_a_terminal_are_shown_in_a_message_and_not_sent():
    from kpicore import KpiError, UnknownName

    assert str(UnknownName("rep", "Ann\x1b[2J", ["Bob"])) == "no rep named 'Ann\\x1b[2J'. Known: Bob."
    assert str(KpiError("one\ntwo\u202e", hint="three\x00")) == "one two\\u202e three\\x00"
    result = run_kpi("show", "win\x1b]0;evil\x07")
    assert result.exit_code == 1
    assert result.stderr.rstrip("\n").isprintable()
