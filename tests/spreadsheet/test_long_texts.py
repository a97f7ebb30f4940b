"""Whatever stands in any argument of any function: one short line, and work that does not grow with it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import date

import pytest

from kpicore import BadArgument, BadPeriod, CellCall, CellFailure, CellFunction, UnknownName, open_workspace
from kpicore.model.functions import CALCULATOR, GENERAL, KPI
from kpicore.registry import search

BAITS = {
    "8 MB": "x" * 8_000_000,
    "300 characters": "x" * 300,
    "a range of 100,000 cells": (("zz",),) * 100_000,
    "a range of 1,000 long texts": (("x" * 300,),) * 1_000,
    "control signs": "\x1b[2J\x00\x07" * 40,
    "8 MB of control signs": "\x1b" * 8_000_000,
    "half a surrogate": "\ud800",
    "digits": "1" * 300,
    "blanks": " " * 8_000_000,
    "dashes": "-" * 255,
    "dots": "." * 255,
    "commas": "," * 255,
}
SAID_NOTHING = {"blanks", "dashes", "dots", "commas"}
"""Texts without a letter: a search for them lists all, an optional argument is left out."""

LARGE = {"8 MB", "8 MB of control signs", "blanks", "a range of 100,000 cells"}
"""They are looked through once a call, so that a few of the functions that are read alike are asked."""

SOUND = {
    "KPI_TABLE": [("won_deals", "2025-Q1", "month", "channel")],
    "KPI_PERIOD": [(date(2025, 1, 1), "month")],
    "KPI_LIST": [("rate",)],
    "KPI_ASOF": [],
}
PAIRS = [("channel", "web"), ("variant", "closed"), ("compare", "previous"), ("as_of", "2025-03-01")]


def sound(function: CellFunction) -> list[tuple[object, ...]]:
    """Return arguments that a function takes; each place of them is tried."""
    if function.name in SOUND:
        return SOUND[function.name]
    if function.kind == CALCULATOR:
        return [(1.0,) * len(function.arguments)]
    first = () if function.kind == KPI else ("win_rate",)
    return [(*first, "2025-Q1", *pair) for pair in PAIRS] + [(*first, date(2025, 1, 1), "grain", "month")]


def calls(functions: tuple[CellFunction, ...], bait: object) -> Iterator[CellCall]:
    for function in functions:
        for arguments in sound(function):
            for place in range(len(arguments)):
                yield CellCall(function.name, (*arguments[:place], bait, *arguments[place + 1 :]))  # type: ignore[arg-type]


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Give how many texts are compared, and how many characters are folded."""
    done = {"compared": 0, "folded": 0}
    set_first, folded = difflib.SequenceMatcher.set_seq1, search.folded

    def compared(self, text):
        done["compared"] += 1
        assert len(text) <= 255
        set_first(self, text)

    def counted(text):
        done["folded"] += len(text)
        return folded(text)

    monkeypatch.setattr(difflib.SequenceMatcher, "set_seq1", compared)
    monkeypatch.setattr(search, "folded", counted)
    return done


def is_one_short_failure(result: object) -> bool:
    if isinstance(result, tuple):  # KPI_EXPLAIN tells the line in a cell
        return len(result) == 1 and result[0][0] == "No answer" and is_short(result[0][1])
    return isinstance(result, CellFailure) and is_short(result.message)


def is_short(line: str) -> bool:
    return 0 < len(line) < 1_200 and "\n" not in line and "\x1b" not in line


@pytest.mark.parametrize("bait", BAITS)
def test_every_argument_of_every_function_refuses_what_it_cannot_be(tiny_cells, work, bait):
    tiny_cells.answer([CellCall("KPI_LIST", ("no such thing",))])  # folds the catalogue, once
    functions = tiny_cells.functions()
    if bait in LARGE:
        functions = tuple(each for place, each in enumerate(functions) if each.kind == GENERAL or place % 40 == 0)
    asked = list(calls(functions, BAITS[bait]))
    work.update(compared=0, folded=0)
    results = tiny_cells.answer(asked).results
    odd = [
        (call.name, place, str(result)[:200])
        for place, (call, result) in enumerate(zip(asked, results, strict=True))
        if not is_one_short_failure(result)
        and not (bait in SAID_NOTHING and call.name in ("KPI_LIST", "KPI_TABLE") and isinstance(result, tuple))
        and not ("range" in bait and isinstance(result, float))
    ]
    assert odd == []
    names = len({each.name for each in asked})
    assert work["compared"] <= 10_000 + 3 * names  # equal texts are compared with what is known once
    assert work["folded"] <= 255 * 20


@pytest.mark.parametrize("bait", [each for each in BAITS if "range" not in each])
def test_the_name_of_a_function_is_a_name_too(tiny_cells, work, bait):
    [result] = tiny_cells.answer([CellCall(BAITS[bait])]).results
    assert is_one_short_failure(result)
    assert work["compared"] <= 1_000


def test_a_thousand_pairs_are_refused_before_they_are_read(tiny_cells, work):
    pairs = [part for number in range(1_000) for part in (f"dimension {number}", "x")]
    [result] = tiny_cells.answer([CellCall("KPI_WIN_RATE", ("2025-Q1", *pairs))]).results
    assert result == CellFailure("#VALUE!", "1,000 pairs in one call. At most 255.")
    assert work["compared"] == 0


def test_a_table_names_255_kpis_at_most(tiny_cells):
    [many, long, wide] = tiny_cells.answer(
        [
            CellCall("KPI_TABLE", (",".join(f"k{number}" for number in range(256)), "2025")),
            CellCall("KPI_TABLE", ("k," * 10_000, "2025")),
            CellCall("KPI_TABLE", (tuple((f"k{number}",) for number in range(1_000_000)), "2025")),
        ]
    ).results
    assert many.message == wide.message == "more than 255 KPIs in one call. Name fewer."
    assert long.message == "a text of KPIs has at most 16,000 characters, not 20,000."


def test_how_long_a_name_is_and_may_be_is_told(tiny_cells):
    kpi, dimension, period, listed = tiny_cells.answer(
        [
            CellCall("KPI", ("x" * 256, "2025")),
            CellCall("KPI", ("win_rate", "2025", "x" * 3_800, "y")),
            CellCall("KPI", ("win_rate", "x" * 7_900_000)),
            CellCall("KPI_LIST", ("x" * 7_900_000,)),
        ]
    ).results
    assert kpi == CellFailure("#VALUE!", "the KPI has at most 255 characters, not 256.")
    assert dimension == CellFailure("#VALUE!", "a dimension has at most 255 characters, not 3,800.")
    assert "xxxxxxxxxxxxxxxxxxxx…': is not a period, which has at most 255 characters, not 7,900,000." in period.message
    assert listed == CellFailure("#VALUE!", "the text to look for has at most 255 characters, not 7,900,000.")


def test_the_id_of_a_row_may_be_longer(tiny_cells):
    [result] = tiny_cells.answer([CellCall("KPI_WIN_RATE", ("2025-Q1", "channel", "x" * 3_800))]).results
    assert result.message.startswith("no channel named 'xxx")


def test_python_has_the_same_limit(tiny_folder):
    long = "x" * 256
    with open_workspace(tiny_folder) as opened:
        for ask in (
            lambda: opened.get(long, "2025"),
            lambda: opened.get(f"win_rate.{long}", "2025"),
            lambda: opened.get("win_rate", "2025", by=long),
            lambda: opened.get("win_rate", "2025", where={long: "x"}),
            lambda: opened.get("win_rate", "2025", grain=long),
            lambda: opened.get("win_rate", "2025", compare=long),
            lambda: opened.registry.metric(long),
            lambda: opened.registry.report(long),
            lambda: opened.registry.catalogue.found(long),
            lambda: opened.cohorts(long),
        ):
            with pytest.raises(BadArgument, match="has at most 255 characters, not 2"):
                ask()
        with pytest.raises(BadPeriod, match="has at most 255 characters, not 256"):
            opened.get("win_rate", long)
        with pytest.raises(UnknownName):
            opened.get("x" * 255, "2025")
