"""The command line, run as it is typed, in the process of the test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from click.testing import Result


def run_kpi(*words: str, input: str | None = None, env: Mapping[str, str] | None = None) -> Result:
    """Return what `kpi` printed and how it ended: `run_kpi("get", "loans", "-p", "2025-Q1").stdout`.

    `input` is what somebody types meanwhile. Nothing is raised: `exit_code` and `exception` tell.
    """
    from click.testing import CliRunner

    from kpicore.cli import kpi

    return CliRunner().invoke(kpi, words, input=input, env=env)
