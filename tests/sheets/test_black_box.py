"""The unmodified `kpi` process with real gspread: only HTTPS_PROXY, a CA file and the path of credentials are set."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore.testing.sheets import Emulator, Rig, serving

ID = "1AbC_d-E123456789012345"
SHEET = f"""
[workspace]
name = "Acme"

[[sheet]]
name = "funnel"
spreadsheet = "https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0"
tab = "KPIs"
kpis = ["win_rate"]
period = "2026"
"""


@pytest.fixture
def rig(tmp_path) -> Iterator[Rig]:
    """Give the emulator behind TLS, with one spreadsheet."""
    (tmp_path / "keys").mkdir()
    with serving(Emulator(), tmp_path / "keys") as rig:
        rig.emulator.add(ID, {"KPIs": (100, 26)}, title="Our KPIs")
        yield rig


@pytest.fixture
def workspace(tmp_path) -> Path:
    """Give the folder of a workspace with one `[[sheet]]`."""
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "kpi.toml").write_text(SHEET, encoding="utf-8")
    return folder


def kpi(rig: Rig, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `kpi` as a shell does."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GOOGLE_", "KPI"))}
    command = [str(Path(sys.executable).with_name("kpi")), *words]
    return subprocess.run(command, cwd=folder, env=environment | rig.environment, capture_output=True, text=True)


def test_doctor_finds_nothing_wrong(rig, workspace):
    ended = kpi(rig, workspace, "sheets", "doctor")
    assert (ended.returncode, ended.stderr) == (0, "")
    account = rig.emulator.account
    assert ended.stdout.splitlines() == [
        f"ok  login: service account {account} ({rig.service_account_file}, named by GOOGLE_APPLICATION_CREDENTIALS)",
        f"ok  spreadsheet '{ID}' ('Our KPIs') can be read",
        "ok  it can be edited",
        "ok  'funnel': there is a tab 'KPIs'",
        "ok  'funnel': nothing is protected there",
        "ok  'funnel': there is room, 2,600 of 10,000,000 cells are used",
    ]
    assert [entry.method for entry in rig.emulator.log] == ["GET", "POST"] and rig.other_hosts == []


def test_doctor_names_the_one_thing_to_do(rig, workspace):
    rig.emulator.spreadsheets[ID].shared = ""
    ended = kpi(rig, workspace, "sheets", "doctor", "funnel")
    assert ended.returncode == 1 and ended.stdout.count("\n") == 1
    assert ended.stderr.endswith(f"Press Share in the spreadsheet and add {rig.emulator.account} as Editor.\n")


def test_help_needs_no_gspread(rig, workspace, tmp_path):
    (tmp_path / "gspread.py").write_text("raise ModuleNotFoundError('no gspread')\n")
    without = rig.environment | {"PYTHONPATH": str(tmp_path)}
    changed = Rig(rig.emulator, without, rig.tokens, rig.service_account_file, rig.authorized_user_file)
    assert kpi(changed, workspace, "sheets", "--help").returncode == 0
    for command in ("doctor", "watch"):
        ended = kpi(changed, workspace, "sheets", command)
        assert ended.returncode == 1
        assert ended.stderr == "kpi: 'gspread' is not installed. Run: pip install 'kpicore[sheets]'\n"


def test_no_secret_is_in_any_file_of_the_workspace(rig, workspace):
    kpi(rig, workspace, "sheets", "doctor")
    written = b"".join(file.read_bytes() for file in workspace.rglob("*") if file.is_file())
    assert b"PRIVATE KEY" not in written and b"ya29." not in written
