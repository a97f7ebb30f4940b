"""Files for schedulers of others: whatever the path of a workspace holds, it stays one path."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from kpicore import BadArgument
from kpicore.testing import run_kpi
from kpicore_sheets.schedule_files import github_workflow, systemd_unit, windows_task

NAMES = [
    "plain",
    "with blanks",
    "Müller & Söhne 日本 🦆",
    "100% sure %h %%i",
    "$HOME ${HOME} `id` $(id)",
    "it's",
    'a "quoted" one',
    """both "of' them""",
    "back\\slash \\n \\x41",
    "<Command>&amp;]]>",
    "a #comment; b = c: d",
    "${{ secrets.X }} ${{ '${{' }}",
]
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def made(tmp_path: Path, name: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    program = folder / "kpi"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return folder


def line_of(unit: str, key: str) -> str:
    (line,) = re.findall(rf"^{key}=(.*)$", unit, re.MULTILINE)
    return line


@pytest.mark.parametrize("name", NAMES)
def test_systemd_takes_the_unit_whatever_the_path_holds(
    name: str, tmp_path: Path, program: Callable[[str], str]
) -> None:
    folder = made(tmp_path, name)
    unit = tmp_path / "kpi-sheets.service"
    unit.write_text(systemd_unit(str(folder / "kpi"), str(folder)), encoding="utf-8")
    command = [program("systemd-analyze"), "verify", "--user", str(unit)]
    # it looks for the program too, and tells a path that is none
    result = subprocess.run(
        command, env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}, capture_output=True, text=True
    )
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("name", NAMES)
def test_the_words_of_a_unit_are_the_program_and_the_workspace(name):
    folder = f"/srv/{name}"
    unit = systemd_unit(f"{folder}/kpi", folder)
    # in double quotes a shell knows the escapes of systemd; % is systemd's own
    words = [word.replace("%%", "%") for word in shlex.split(line_of(unit, "ExecStart"))]
    assert words[-5:] == [f"{folder}/kpi", "sheets", "watch", "--workspace", folder] or words == [
        *(f":{folder}/kpi", "sheets", "watch", "--workspace", folder)
    ]
    assert [word.replace("%%", "%") for word in shlex.split(line_of(unit, "ReadWritePaths"))] == [folder]


@pytest.mark.parametrize("name", [name for name in NAMES if name.count("%") < 2 and '"' not in name])
def test_a_task_of_windows_names_program_and_workspace(name):
    folder = f"C:\\Data\\{name}"
    text = windows_task(f"{folder}\\kpi.exe", folder)
    assert text.isascii()  # in whatever encoding a shell writes it
    (action,) = ElementTree.fromstring(text).iter(f"{TASK}Exec")
    assert [child.tag.removeprefix(TASK) for child in action] == ["Command", "Arguments"]
    assert action[0].text == f"{folder}\\kpi.exe"
    shown = f'"{folder}"' if " " in name else folder
    assert action[1].text == f"sheets watch --workspace {shown}"


def test_what_windows_would_take_for_a_variable_is_refused():
    with pytest.raises(BadArgument, match=r"has % twice: a task cannot name it\. Rename the folder"):
        windows_task("kpi.exe", "C:\\%PATH%")


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_gives_the_workspace_as_a_text_and_the_credentials_as_a_secret(name):
    workflow = yaml.safe_load(github_workflow(f"./{name}"))
    job = workflow["jobs"]["sync"]
    # what GitHub makes of it: of an expression with a text, the text
    assert re.sub(r"\$\{\{ '(.*?)' \}\}", r"\1", job["env"]["WORKSPACE"]) == f"./{name}"
    assert [step["run"] for step in job["steps"] if "sheets sync" in step.get("run", "")] == [
        'kpi sheets sync --workspace "$WORKSPACE"'
    ]
    secrets = [step for step in job["steps"] if "secrets." in json.dumps(step)]
    assert [step["env"] for step in secrets] == [{"CREDENTIALS": "${{ secrets.GOOGLE_CREDENTIALS }}"}]
    assert all("${{" not in step.get("run", "") for step in job["steps"])


@pytest.mark.parametrize("write", [systemd_unit, windows_task, lambda _, path: github_workflow(path)])
@pytest.mark.parametrize("sign", ["\n", "\r", "\x00", "\x1b", "\u2028", "\ud800"])
def test_a_path_with_signs_that_end_a_line_is_refused(write, sign):
    with pytest.raises(BadArgument, match="has signs that cannot be printed"):
        write("kpi", f"a{sign}ExecStartPre=/bin/rm")


def test_the_command_fills_in_this_workspace(tmp_path):
    folder = tmp_path / "repository" / "sales"
    folder.mkdir(parents=True)
    (folder / "kpi.toml").write_text("[workspace]\n")
    assert f'"--workspace" "{folder.resolve()}"' in shown("systemd", folder)
    assert f"--workspace {folder.resolve()}" in shown("windows", folder)
    assert 'WORKSPACE: "."' in shown("github", folder)
    (folder.parent / ".git").mkdir()
    assert 'WORKSPACE: "./sales"' in shown("github", folder)
    assert run_kpi("sheets", "schedule", "systemd", "-w", str(tmp_path)).exit_code == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there the program is kpi.exe")
def test_the_program_is_the_one_that_runs_wherever_it_was_installed(tmp_path, monkeypatch):
    (tmp_path / "kpi.toml").write_text("[workspace]\n")
    program = tmp_path / "user" / "bin" / "kpi"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    monkeypatch.setattr(sys, "argv", [str(program), "sheets", "schedule", "systemd"])
    assert f'":{program}" "sheets" "watch"' in shown("systemd", tmp_path)


def test_started_otherwise_the_program_is_that_of_this_python(tmp_path, monkeypatch):
    (tmp_path / "kpi.toml").write_text("[workspace]\n")
    (tmp_path / "kpi").write_text("no program")
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "-c")])
    assert f'":{tmp_path / "kpi"}"' not in shown("systemd", tmp_path)


def shown(scheduler: str, folder: Path) -> str:
    result = run_kpi("sheets", "schedule", scheduler, "-w", str(folder))
    assert result.exit_code == 0, result.output
    return result.stdout
