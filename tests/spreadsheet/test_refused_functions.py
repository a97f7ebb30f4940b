"""Functions of definitions that are refused: each of their spellings tells so, and none points to another KPI."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore import CellCall, CellFailure, Cells

SOUND = """name = "Mine"
unit = "ratio"
aliases = ["KPI_MINE", "also"]
formula = "n / m"
variants.one.inputs.n = { count = "opportunity", when = "closed_on" }
variants.one.inputs.m = { count = "opportunity", when = "created_on" }
variants.two.inputs.n = { count = "opportunity", when = "created_on" }
variants.two.inputs.m = { count = "opportunity", when = "closed_on" }
"""
FLAWED = SOUND + "unheard = 1\n"
REFUSED = {
    "it takes a given id without saying so": ("win_rate", SOUND, ["created"]),
    "it replaces nothing": ("mine_own", SOUND + "replaces = true\n", ["two"]),
    "it has a wrong key": ("mine_own", FLAWED, ["two"]),
    "it has a wrong key and replaces": ("win_rate", FLAWED + "replaces = true\n", ["created", "two"]),
    "its id is another name of a KPI": ("stage_dwell", SOUND, ["two"]),
    "it has the other name of a KPI": ("mine_own", SOUND.replace("also", "KPI_EVENTS"), ["two"]),
    "it lacks a name": ("mine_own", SOUND.replace('name = "Mine"', ""), ["two"]),
    "its unit is none": ("mine_own", SOUND.replace("ratio", "nonesuch"), ["two"]),
}
BROKEN = {
    "a field is none": SOUND.replace("closed_on", "no_such_day"),
    "its formula is none": SOUND.replace("n / m", "n /"),
    "it is made of nothing": SOUND.replace('{ count = "opportunity", when = "closed_on" }', '{ metric = "nothing" }'),
}


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    found: Path = shutil.copytree(tiny_folder, tmp_path / "own")
    (found / "metrics").mkdir()
    return found


@pytest.fixture
def strangers(folder: Path) -> Iterator[tuple[Cells, list[str]]]:
    lines: list[str] = []
    found = Cells(folder, lines.append)
    yield found, lines
    found.close()


def spellings(id: str, variants: list[str]) -> list[CellCall]:
    """Return every call that means a KPI with those variants, by its id and its other names."""
    calls = []
    for name in (id, "mine"):
        function = f"KPI_{name.upper()}"
        calls += [CellCall(each, ("2025",)) for each in (function, function.lower(), function.replace("_", ".", 1))]
        calls += [CellCall(f"{function}_CALC", (1, 2))]
        calls += [CellCall(f"{function}_{variant.upper()}_CALC", (1, 2)) for variant in variants]
        calls += [CellCall("KPI", (text, "2025")) for text in (name, name.upper(), f"{name}.{variants[0]}")]
        calls += [CellCall(each, (name, "2025")) for each in ("KPI_TARGET", "KPI_ATTAINMENT", "KPI_TABLE")]
    return calls


@pytest.mark.parametrize("way", REFUSED)
def test_every_spelling_of_a_refused_definition_tells_that_it_is(strangers, folder, way):
    id, text, variants = REFUSED[way]
    (folder / "metrics" / "own.toml").write_text(f"[metric.{id}]\n{text}")
    cells, lines = strangers
    calls = spellings(id, variants)
    told = CellFailure("#NAME?", "This KPI is defined wrongly here. Who runs the server finds the reason in its log.")
    found = cells.answer(calls).results
    assert {each: result for each, result in zip(calls, found, strict=True) if result != told} == {}
    [line] = lines
    assert line.startswith(f"KPI '{id}': what metrics/own.toml gives is refused.")


@pytest.mark.parametrize("way", BROKEN)
def test_every_spelling_of_a_broken_definition_tells_the_same(folder, way):
    (folder / "metrics" / "own.toml").write_text(f"[metric.mine_own]\n{BROKEN[way]}")
    cells = Cells(folder)
    found = cells.answer(
        [spelling for spelling in spellings("mine_own", ["one"]) if spelling.name != "KPI_TABLE"]
    ).results
    cells.close()
    assert len({each.message for each in found}) == 1
    assert "function" not in found[0].message


def test_two_files_that_give_one_kpi_refuse_all_its_names(folder):
    for name in ("a", "b"):
        (folder / "metrics" / f"{name}.toml").write_text(f"[metric.mine_own]\n{SOUND}")
    cells = Cells(folder)
    found = cells.answer(spellings("mine_own", ["two"])).results
    cells.close()
    assert {each.message.partition(" is refused")[0] for each in found} == {"KPI 'mine_own': what metrics/a.toml gives"}


def test_kpis_beside_a_refused_one_are_answered_and_unknown_names_are_unknown(strangers, folder):
    (folder / "metrics" / "own.toml").write_text(f"[metric.win_rate]\n{SOUND}")
    good, bad, calculator = (
        CellCall("KPI_WON_DEALS", ("2025-Q1",)),
        CellCall("KPI_WON_DEAL", (1,)),
        CellCall("KPI_CAC_CALC", (4, 2)),
    )
    won, unknown, calc = strangers[0].answer([good, bad, calculator]).results
    assert (won, calc) == (4, 2)
    assert unknown == CellFailure("#NAME?", "no function named 'KPI_WON_DEAL'. Did you mean 'KPI_WON_DEALS'?")


@pytest.mark.parametrize(
    "text", [b"[broken", b"\xff\xfe", b"[metrics.x]\n", b"a = " + b"9" * 5_000, b"a = " + b"[" * 9_999]
)
def test_a_file_of_definitions_that_cannot_be_read_is_a_matter_of_the_workspace_not_of_a_kpi(strangers, folder, text):
    (folder / "metrics" / "own.toml").write_bytes(text)
    cells, lines = strangers
    calls = [CellCall("KPI_WIN_RATE", ("2025",)), CellCall("KPI_CAC_CALC", (4, 2)), CellCall("KPI_ASOF")]
    told = "The definitions of this workspace cannot be read just now. Who runs the server finds the reason in its log."
    assert cells.answer(calls).results == [CellFailure("#N/A", told)] * 3
    assert len(lines) == 1 and lines[0].startswith("metrics/own.toml")
