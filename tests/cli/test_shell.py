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

from kpicore.cli import kpi
from kpicore.discovery import entry_points
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
    result = CliRunner().invoke(kpi, [])
    assert (result.exit_code, result.output) == (0, CliRunner().invoke(kpi, ["--help"]).output)


def test_the_help_lists_each_command_with_what_it_does():
    result = CliRunner().invoke(kpi, ["--help"])
    assert "  init" in result.output
    assert "Make a new workspace" in result.output
    assert "Traceback" not in result.output


def test_the_help_imports_nothing_heavy():
    loaded = loaded_by_the_help()
    assert not loaded & {"duckdb", "sqlglot", "pandas", "pyarrow", "rich", "xlsxwriter", "numpy", "python_calamine"}


def test_the_help_loads_no_plugin_and_nothing_that_only_plugins_or_answers_need():
    loaded = loaded_by_the_help()
    assert "kpicore.cli.get" in loaded
    assert not loaded & {each.value for each in entry_points("kpicore")}
    assert not loaded & {"pluggy", "importlib.metadata", "tomllib", "json", "zoneinfo", "sqlite3", "decimal"}
    core = {each for each in loaded if each.startswith("kpicore.") and not each.startswith("kpicore.cli")}
    settings = {"kpicore.weekdays"}  # the help of `kpi init` names weekdays and months
    assert core - settings == {"kpicore.discovery", "kpicore.errors", "kpicore.foreign", "kpicore.plain_text"}


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


def test_a_command_given_twice_is_refused_and_both_givers_are_named(commands):
    source, point = "@click.command()\ndef get(): click.echo('mine')", "get = acme_commands:get"
    path = commands(source, point)
    result = run("get", **path)
    assert result.returncode == 1
    assert "given more than once, by acme, kpicore" in result.stderr
    assert "given more than once" not in run("get", "--help", KPI_DISABLE="acme", **path).stdout


def test_kpi_plugins_tells_which_plugin_gives_what_and_what_failed(commands):
    path = commands("import no_such_thing", "fine = acme_commands:fine")
    lines = json.loads(run("plugins", "--json", **path).stdout)
    acme = next(each for each in lines if each["distribution"] == "acme")
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
    from kpicore.errors import KpiError, UnknownName

    assert str(UnknownName("rep", "Ann\x1b[2J", ["Bob"])) == "no rep named 'Ann\\x1b[2J'. Known: Bob."
    assert str(KpiError("one\ntwo\u202e", hint="three\x00")) == "one two\\u202e three\\x00"
    result = CliRunner().invoke(kpi, ["show", "win\x1b]0;evil\x07"], prog_name="kpi")
    assert result.exit_code == 1
    assert result.stderr.rstrip("\n").isprintable()
