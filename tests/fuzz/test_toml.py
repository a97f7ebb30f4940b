"""Definitions, settings and targets of any bytes: `kpi check` tells what is wrong, in lines, and never stumbles."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from kpicore import KpiError, load_plugins
from kpicore.testing import own_definitions, run_kpi
from tests.definitions.test_reading import FULL
from tests.fuzz.mutations import mutated
from tests.loops import loop

FIELDS = """
[field.order.size]
type = "text"
meaning = "Small or large."
how = ["case when amount > 100 then 'large' else 'small' end"]

[metric.large_orders]
name = "Large orders"
unit = "count"
inputs.n = { count = "order", when = "ordered_on", where = "size = 'large'" }
examples = [{ arguments = [3], value = 3 }]
"""
SETTINGS = """
[workspace]
name = "Acme"
currency = "EUR"
timezone = "Europe/Berlin"
fiscal_year_start = 4

[settings]
maturity_days = 30

[default_variants]
win_rate = "created"

[[target]]
kpi = "win_rate"
period = "2025-Q1"
value = 0.3
where = { rep = "Ann" }
"""
TARGETS = """
[[target]]
kpi = "win_rate"
period = "2025"
value = 0.25

[[target]]
kpi = "win_rate.created"
period = "2025-03"
value = 0.5
where = { team = "North" }
"""
FILES = {"metrics/own.toml": FULL, "metrics/fields.toml": FIELDS, "kpi.toml": SETTINGS, "targets.toml": TARGETS}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shut out all plugins but the one that gives win_rate: to read them all takes long."""
    names = [report.name for report in load_plugins(()).reports if report.name not in ("winning", "crm")]
    monkeypatch.setenv("KPI_DISABLE", ",".join(names))


@loop("TOML of definitions, settings and targets with bytes changed", ci=100, soak=5_000)
def test_kpi_check_tells_of_any_file_and_what_it_accepts_reads_back(
    tmp_path: Path, few: None, rounds: int, chance: Random
) -> None:
    (tmp_path / "metrics").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for _ in range(rounds):
        name = chance.choice(sorted(FILES))
        content = mutated(FILES[name].encode(), chance, most=3)
        (tmp_path / name).write_bytes(content)
        try:
            _checked(tmp_path)
            if name.startswith("metrics/"):
                _reads_back(tmp_path, content)
        except Exception as error:
            raise AssertionError(f"{name}: {content!r}") from error
        (tmp_path / name).write_text(FILES[name], encoding="utf-8")


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_word_of_3000_signs_in_any_place_makes_no_line_of_kpi_check_longer_than_two_messages(
    tmp_path: Path, few: None, file: str
) -> None:
    (tmp_path / "metrics").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for word in re.finditer(r"[A-Za-z]\w*", FILES[file]):
        longer = f"{word[0]}{'x' * 3_000}"
        (tmp_path / file).write_text(FILES[file][: word.start()] + longer + FILES[file][word.end() :], encoding="utf-8")
        _checked(tmp_path)


def _checked(folder: Path) -> None:
    done = run_kpi("check", "-w", str(folder))
    if done.exception is not None and not isinstance(done.exception, SystemExit | KpiError):
        raise done.exception
    for line in done.stdout.splitlines():
        assert line.isprintable() and len(line) < 2_100


def _reads_back(folder: Path, content: bytes) -> None:
    """Hold that what was read of a file is what its own text, as `kpi list --toml` prints it, reads to."""
    try:
        given = own_definitions(content.decode("utf-8-sig"), "x.toml")
    except UnicodeDecodeError:
        return
    if given.flaws:
        return
    done = run_kpi("list", "--toml", "-w", str(folder))
    if isinstance(done.exception, KpiError) or done.exit_code:
        return
    again = own_definitions(done.stdout, "x.toml")
    assert again.flaws == ()
    read = {metric.id: metric for metric in again.metrics}
    assert [read.get(metric.id) for metric in given.metrics] == list(given.metrics)
