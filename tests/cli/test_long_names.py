"""A name that no KPI could have is refused by every command in one line that tells the limit."""

from __future__ import annotations

import pytest

LONG, YEAR = "x" * 256, ("--period", "2025")


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (("get", LONG, *YEAR), "a KPI"),
        (("get", f"win_rate.{LONG}", *YEAR), "a KPI"),
        (("get", "win_rate", *YEAR, "--by", LONG), "a dimension"),
        (("get", "win_rate", *YEAR, "--where", f"{LONG}=x"), "a dimension"),
        (("get", "win_rate", *YEAR, "--grain", LONG), "a grain"),
        (("get", "win_rate", "--period", LONG), "a period"),
        (("explain", LONG, *YEAR), "a KPI"),
        (("show", LONG), "a KPI"),
        (("calc", LONG, "1"), "a KPI"),
        (("report", LONG, *YEAR), "a report"),
        (("list", "--search", LONG), "the text to look for"),
    ],
)
def test_a_command_refuses_a_name_that_is_too_long(run, command, what):
    result = run(*command)
    assert result.exit_code != 0
    [line] = result.stderr.splitlines()
    assert what in line and "at most 255 characters, not 2" in line
