"""Whatever breaks in a workspace: strangers read no path, no file and no line of it; the log does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from starlette.testclient import TestClient

from kpicore import Page
from kpicore_crm.testing import load_tiny_company
from kpicore_http.answering import AnswerService, Watch
from kpicore_http.app import build_app
from tests.http.conftest import URL, Served, served

CALENDAR = "\n[calendar]\nfiscal_months = 'months.csv'\n"
OWN = '[metric.big]\nname = "Big"\nunit = "count"\ninputs.n = { count = "opportunity", when = "closed_on" }\n'
CALLS = [
    ["KPI_WON_DEALS", ["2025-Q1"]],
    ["KPI", ["big", "2025-Q1"]],
    ["KPI", ["unreadable", "2025-Q1"]],
    ["KPI_BIG", ["2025-Q1"]],
    ["KPI_WIN_RATE", ["2025-Q1", "channel", "web"]],
    ["KPI_WIN_RATE", ["2025-Q1", "as_of", "2025-03-01"]],
    ["KPI_WIN_RATE", ["2025-Q1", "compare", "previous"]],
    ["KPI_TARGET", ["won_deals", "2025-Q1"]],
    ["KPI_ATTAINMENT", ["won_deals", "2025-Q1"]],
    ["KPI_EXPLAIN", ["win_rate", "2025-Q1"]],
    ["KPI_EXPLAIN", ["big", "2025-Q1"]],
    ["KPI_TABLE", ["won_deals", "2025-Q1", "month", "channel"]],
    ["KPI_PERIOD", [{"date": "2025-01-01"}, "fiscal_month"]],
    ["KPI_LIST", []],
    ["KPI_ASOF", []],
    ["KPI_CAC_CALC", [1, 2]],
]


def written(name: str, text: str) -> Callable[[Path], object]:
    def broken(folder: Path) -> object:
        (folder / name).parent.mkdir(exist_ok=True)
        return (folder / name).write_text(text, encoding="utf-8")

    return broken


def added(text: str) -> Callable[[Path], object]:
    return lambda folder: written("kpi.toml", (folder / "kpi.toml").read_text(encoding="utf-8") + text)(folder)


def newer(folder: Path) -> None:
    file, other = folder / "warehouse.duckdb", folder / "other.duckdb"
    shutil.copy(file, other)
    with duckdb.connect(str(other)) as opened:
        opened.execute("UPDATE book.format SET number = 99")
    other.replace(file)


def cut_short(folder: Path) -> None:
    file = folder / "warehouse.duckdb"
    file.write_bytes(file.read_bytes()[:5_000])


BROKEN = {
    "kpi.toml is no TOML": written("kpi.toml", "[workspace\n"),
    "kpi.toml is gone": lambda folder: (folder / "kpi.toml").unlink(),
    "kpi.toml has a wrong value": added("[calendar]\nweek_starts = 'someday'\n"),
    "kpi.toml prefers a variant that is none": added("[variants]\nwin_rate = 'nonesuch'\n"),
    "kpi.toml has a bad target": added("[[target]]\nkpi = 'won_deals'\nperiod = 'never'\nvalue = 'x'\n"),
    "kpi.toml is a folder": lambda folder: ((folder / "kpi.toml").unlink(), (folder / "kpi.toml").mkdir()),
    "an own definition is no TOML": written("metrics/own.toml", "[metric.big\n"),
    "an own definition cannot be": written("metrics/own.toml", OWN.replace("closed_on", "no_such_day")),
    "an own definition has a wrong key": written("metrics/own.toml", OWN + "unheard = 1\n"),
    "an own definition has a bad formula": written("metrics/own.toml", OWN + 'formula = "n /"\n'),
    "an own definition names an unknown KPI": written("metrics/own.toml", OWN + 'inputs.m = { metric = "nothing" }\n'),
    "the warehouse is gone": lambda folder: (folder / "warehouse.duckdb").unlink(),
    "the warehouse is damaged": written("warehouse.duckdb", "nonsense" * 1_000),
    "the warehouse is cut short": cut_short,
    "the warehouse is newer": newer,
    "targets.toml is no TOML": written("targets.toml", "[[target\n"),
    "targets.toml has a bad target": written("targets.toml", "[[target]]\nkpi = 'won_deals'\nvalue = 'x'\n"),
    "targets.toml has an unknown KPI": written("targets.toml", "[[target]]\nkpi = 'x'\nperiod = '2025'\nvalue = 1\n"),
    "stages.toml is no TOML": written("stages.toml", "[[stage\n"),
    "stages.toml is wrong": written("stages.toml", "[[stage]]\nid = 1\n"),
    "tokens.toml is none": written("tokens.toml", "[[token]]\nname = 1\n"),
    "the list of fiscal months is missing": added(CALENDAR),
    "the list of fiscal months is bad": lambda folder: (written("months.csv", "x\n")(folder), added(CALENDAR)(folder)),
}
HARMLESS = {
    "kpi.toml has a bad target",
    "targets.toml has a bad target",
    "targets.toml has an unknown KPI",
    "stages.toml is no TOML",
    "stages.toml is wrong",
    "an own definition cannot be",
}
"""What is read when it is loaded, told by `kpi check`, or told to who asks for it without a file."""


def told(of: Served) -> str:
    """Return all that a stranger gets to read."""
    asked = [of.client.post("/v1/cells", json={"calls": CALLS}, headers=of.headers)]
    paths = ("v1/functions", "v1/stamp", "v1/openapi.json", "healthz", "office/functions.json", "office/x")
    asked += [of.client.get(f"/{path}", headers=of.headers) for path in paths]
    return "\n".join(each.text for each in asked)


@pytest.fixture(scope="module")
def tiny_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("operator") / "sound"
    load_tiny_company(folder)
    return folder


@pytest.fixture
def copied(tiny_once: Path, tmp_path: Path) -> Iterator[Served]:
    shutil.copytree(tiny_once, tmp_path / "hidden_place")
    yield from served(tmp_path / "hidden_place")


@pytest.mark.parametrize("way", BROKEN)
def test_however_a_workspace_breaks_strangers_read_none_of_its_files(copied, way):
    told(copied)
    BROKEN[way](copied.folder)
    copied.lines.clear()
    read = told(copied) + told(copied)
    for secret in ("hidden_place", str(copied.folder.parent), "kpi.toml", "targets.toml", "stages.toml", "tokens.toml"):
        assert secret not in read
    for secret in ("own.toml", "metrics/", "months.csv", "warehouse.duckdb", "Traceback", ".py"):
        assert secret not in read
    assert re.findall(r"line \d+", read) == []
    lines = [line for line in copied.lines if not re.match(r"(GET|POST) ", line)]
    assert way in HARMLESS or any(".toml" in line or "hidden_place" in line or "'big'" in line for line in lines), lines
    assert len(lines) == len(set(lines))


def test_a_page_that_breaks_tells_strangers_nothing(tiny_folder):
    def broken(context):
        from kpicore import BadFile

        raise BadFile(tiny_folder / "page.html", "line 3 is no page")

    lines: list[str] = []
    answering = AnswerService(tiny_folder, URL, lines.append)
    answering.pages = (Page("broken", "text/plain", broken),)
    app = build_app(answering, Watch(answering.cells.stamp), {"localhost"}, (), lambda line: None)
    with TestClient(app, base_url=URL, raise_server_exceptions=False) as client:
        answer = client.get("/broken")
    answering.close()
    general = "The workspace cannot be read just now. Who runs the server finds the reason in its log."
    assert (answer.status_code, answer.json()) == (503, {"refused": general})
    assert lines == [f"{tiny_folder}/page.html: line 3 is no page."]


def test_the_user_of_a_machine_of_ones_own_reads_the_whole_line(tmp_path):
    from kpicore import CellCall, Cells

    load_tiny_company(tmp_path)
    (tmp_path / "kpi.toml").write_text("[workspace\n")
    cells = Cells(tmp_path)
    [result] = cells.answer([CellCall("KPI_WON_DEALS", (2025,))]).results
    assert "kpi.toml" in result.message
    cells.close()


def test_a_line_is_told_once_while_the_files_are_as_they_are(copied):
    (copied.folder / "kpi.toml").write_text("[workspace\n")
    for _ in range(3):
        copied.ask(*[["KPI_WON_DEALS", [2025]]] * 10)
    (copied.folder / "kpi.toml").write_text("[workspaces\n")
    copied.ask(["KPI_WON_DEALS", [2025]])
    assert len([line for line in copied.lines if "kpi.toml" in line]) == 2
