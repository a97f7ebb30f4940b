"""The add-in's pane in headless Chromium; Office itself is stood in for where the pane touches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.excel.officejs.excel import Script, Server

MARKUP = "<img src=x onerror='window.hacked=1'>"


@pytest.fixture
def pane(node: str, program: Callable[[str], str], server: Server) -> Iterator[Script]:
    """Give the pane of a workbook that has no token yet."""
    with Script(node, "pane.js") as found:
        opened = found.do("open", url=server.url, executable=program("chromium"), width=360, height=900)
        assert opened == "KPI pane"
        yield found
        assert found.do("problems") == []  # nothing was refused by the page's own rules, nothing raised


@pytest.fixture
def entered(pane: Script, token: str) -> Script:
    """Give the pane after the token was entered."""
    pane.do("fill", selector="#token", text=token)
    pane.do("click", selector="#access button")
    pane.do("text", selector="#data", part="Data of")
    return pane


def test_without_a_token_it_asks_for_one_and_shows_no_numbers(pane):
    assert pane.do("text", selector="#name", part="Tiny") == "Tiny company"
    assert pane.do("visible", selector="#access")
    assert pane.do("text", selector="#data") == ""
    pane.do("text", selector="#found", part="WIN_RATE")  # names are no secret, the add-in's files hold them


def test_with_its_token_it_tells_when_the_data_is_from(entered):
    assert entered.do("text", selector="#data") == "Data of 15/07/2025, 12:00:00"
    assert not entered.do("visible", selector="#access")
    assert entered.do("calculated", count=1) == 1  # cells that had no token are filled


def test_the_token_is_kept_beside_the_workbook_not_in_it(entered, token):
    [[name, id]] = entered.do("settings")
    assert name == "kpicore.workbook" and len(id) == 32 and token not in id
    assert entered.do("storage") == {f"kpicore.token.{id}": token}


def test_a_wrong_token_is_told_and_another_can_be_entered(pane, token):
    pane.do("fill", selector="#token", text="kpi_wrong")
    pane.do("click", selector="#access button")
    pane.do("text", selector="#told", part="This token is not valid")
    assert pane.do("visible", selector="#access")
    assert any("401" in each for each in pane.do("problems"))  # the browser tells of the refusal itself
    pane.do("forget")
    pane.do("fill", selector="#token", text=token)
    pane.do("click", selector="#access button")
    pane.do("text", selector="#data", part="Data of")


def test_a_kpi_is_found_by_a_word_of_another_language(entered):
    entered.do("fill", selector="#search", text="выигран")
    entered.do("text", selector="#found", part="Deals won")


def test_what_is_found_nowhere_is_told(entered):
    entered.do("fill", selector="#search", text="zebra")
    entered.do("text", selector="#told", part="no KPI named 'zebra'")
    assert entered.do("count", selector="#found li") == 0


def test_a_formula_is_put_together_tried_and_inserted(entered):
    choose(entered, "win rate", "Win rate")
    entered.do("fill", selector="#period", text="2025-Q1")
    assert entered.do("text", selector="#formula") == '=KPI.WIN_RATE("2025-Q1")'
    assert entered.do("text", selector="#preview", part="%") == "66.7%"
    entered.do("fill", selector="#pairs div:nth-child(1) input:nth-child(1)", text="rep")
    entered.do("fill", selector="#pairs div:nth-child(1) input:nth-child(2)", text="=$A2")
    assert entered.do("text", selector="#formula") == '=KPI.WIN_RATE("2025-Q1","rep",$A2)'
    entered.do("click", selector="#insert button[type=submit]")
    assert entered.do("cell") == '=KPI.WIN_RATE("2025-Q1","rep",$A2)'


def test_quotes_in_a_text_are_doubled_and_a_year_is_a_number(entered):
    choose(entered, "win rate", "Win rate")
    entered.do("fill", selector="#period", text="2025")
    entered.do("fill", selector="#pairs div:nth-child(1) input:nth-child(1)", text="rep")
    entered.do("fill", selector="#pairs div:nth-child(1) input:nth-child(2)", text='a"&HYPERLINK("x")')
    wanted = '=KPI.WIN_RATE(2025,"rep","a""&HYPERLINK(""x"")")'
    assert entered.do("text", selector="#formula") == wanted


def test_a_live_formula_names_the_kpi(entered):
    choose(entered, "win rate", "Win rate")
    entered.do("click", selector="#live")
    assert entered.do("text", selector="#formula") == '=KPI.LIVE("win_rate","last month")'


def test_the_selected_cell_is_explained(entered):
    assert entered.do("call", id="WON_DEALS", args=["2025-Q1", [[["rep"]], [["Ann Lee [u1]"]]]]) == 2
    entered.do("click", selector="#explain")
    entered.do("text", selector="#explanation", part="Deals won")
    cells = entered.do("texts", selector="#explanation td")
    assert cells[:4] == ["Deals won", "won_deals", "2025-Q1", "rep Ann Lee [u1]"]
    assert cells[4:6] == ["Value", "2"]
    assert "2025-07-15 12:00:00" in cells


def test_a_cell_that_asked_nothing_is_told_so(entered):
    entered.do("click", selector="#explain")
    entered.do("text", selector="#told", part="This cell asked for no KPI yet.")


def test_markup_in_names_values_and_messages_is_shown_as_text(node, program, own_server):
    folder = own_server.folder / "metrics"
    folder.mkdir()
    (folder / "own.toml").write_text(
        f'[metric.evil]\nname = "{MARKUP}"\nmeaning = "{MARKUP}"\nunit = "count"\n'
        'inputs.deals = { count = "opportunity", when = "closed_on" }\n'
    )
    with Script(node, "pane.js") as pane:
        pane.do("open", url=own_server.url, executable=program("chromium"), width=360, height=900)
        pane.do("fill", selector="#token", text=own_server.token("Book1"))
        pane.do("click", selector="#access button")
        choose(pane, "evil", MARKUP)
        assert pane.do("text", selector="#chosen") == MARKUP
        assert pane.do("text", selector="#meaning") == MARKUP
        pane.do("fill", selector="#period", text="2025-Q1")
        pane.do("fill", selector="#pairs div:nth-child(1) input:nth-child(1)", text="rep")
        pane.do("fill", selector="#pairs div:nth-child(1) input:nth-child(2)", text=f"x{MARKUP}")
        pane.do("text", selector="#preview", part=f"no rep named 'x{MARKUP}'")
        pane.do("call", id="EVIL", args=["2025-Q1", []])
        pane.do("click", selector="#explain")
        pane.do("text", selector="#explanation", part=MARKUP)
        assert pane.do("count", selector="img") == 0
        assert pane.do("hacked") is False
        assert pane.do("problems") == []


def test_the_whole_pane_as_a_picture(entered, tmp_path: Path):
    # docs/images/task-pane.png is this picture.
    choose(entered, "win", "Win rate")
    entered.do("fill", selector="#period", text="2025-Q1")
    entered.do("text", selector="#preview", part="66.7%")
    entered.do("call", id="WIN_RATE", args=["2025-Q1", []])
    entered.do("click", selector="#explain")
    entered.do("text", selector="#explanation", part="won / base")
    file = tmp_path / "task-pane.png"
    entered.do("picture", file=str(file))
    assert file.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n" and file.stat().st_size > 10_000


def choose(pane: Script, search: str, name: str) -> None:
    """Search, and choose the KPI of that name."""
    pane.do("fill", selector="#search", text=search)
    pane.do("text", selector="#found", part=name)
    pane.do("click", selector=f'#found li:has(strong:text-is("{name}"))')
