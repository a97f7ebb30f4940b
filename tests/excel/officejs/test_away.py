"""The server stops, starts again, has other data, or revokes a token, while a workbook is open."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.excel.officejs.excel import KPI, Excel, Server

AWAY = "The KPI server does not answer. Cells are filled when it does; is it started? (kpi serve)"
SLOW = 3
"""How much slower the clock of these workbooks is: their limits are waited for."""

REVOKED = "This token is not valid, or it was revoked. Ask who runs the server for a new one."


@pytest.fixture
def book(node: str, own_server: Server) -> Iterator[Excel]:
    """Give a workbook on a server that the test stops and starts."""
    with Excel(node) as found:
        found.do("open", url=own_server.url, token=own_server.token("Book1"), slow=SLOW)
        yield found


OWN = """
[metric.big_deals]
name = "Big deals"
unit = "count"
inputs.deals = { count = "opportunity", when = "closed_on", where = "outcome = 'won'" }
"""


def own_metric(server: Server) -> Path:
    """Give the organisation a KPI of its own, and return the file that defines it."""
    file = server.folder / "metrics" / "own.toml"
    file.parent.mkdir()
    whole = server.folder / "own.toml.next"
    whole.write_text(OWN)
    return whole.replace(file)  # a server that looks meanwhile sees no half of it


def test_a_server_that_was_started_anew_is_asked_as_before(book, own_server):
    assert book.cell("WON_DEALS", 2025) == 7
    own_server.stop()
    own_server.start()
    assert book.cell("WON_DEALS", 2025) == 7


def test_a_server_that_cannot_be_reached_for_a_moment_is_tried_again(book):
    book.do("unreachable", requests=3)
    assert book.cell("WON_DEALS", 2025) == 7


def test_while_the_server_is_away_every_cell_says_so_and_when_it_is_back_all_are_calculated_anew(book, own_server):
    own_server.stop()
    found = book.cells([["WON_DEALS", [2025, "rep", f"nobody {number}"]] for number in range(2_000)])
    assert found["results"] == [{"error": "#N/A", "message": AWAY}] * 2_000
    assert book.cell("CAC_CALC", 10_000, 20) == 500  # calculators need no server
    own_server.start()
    book.do("recalculated", count=1)
    assert book.cell("WON_DEALS", 2025) == 7


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows cannot freeze a process")
def test_a_server_that_hangs_is_given_up_and_when_it_goes_on_all_are_calculated_anew(book, own_server):
    own_server.freeze()
    try:
        assert book.cell("WON_DEALS", 2025) == {"error": "#N/A", "message": AWAY}
    finally:
        own_server.thaw()
    book.do("recalculated", count=1)
    assert book.cell("WON_DEALS", 2025) == 7


def test_live_cells_are_filled_by_themselves_when_the_server_is_back(book, own_server):
    own_server.stop()
    book.do("stream", name="A1", id="LIVE", args=["won_deals", 2025])
    assert book.do("streamed", name="A1", count=1) == [{"error": "#N/A", "message": AWAY}]
    own_server.start()
    assert book.do("streamed", name="A1", count=2)[-1] == 7


def test_live_cells_change_when_the_data_does_and_stop_when_they_are_deleted(book, own_server):
    book.do("stream", name="A1", id="LIVE", args=["big_deals", 2025])
    first = book.do("streamed", name="A1", count=1)
    assert first[0]["error"] == "#NAME?"
    own_metric(own_server)
    assert book.do("streamed", name="A1", count=2)[1:] == [7]
    assert book.do("stop", name="A1") == 0


def test_a_revoked_token_gives_no_more_numbers_at_once(book, own_server):
    assert book.cell("WON_DEALS", 2025) == 7
    subprocess.run([str(KPI), "token", "revoke", "Book1", "-w", str(own_server.folder)], check=True)
    assert book.cell("WON_DEALS", 2025) == {"error": "#N/A", "message": REVOKED}
    book.do("enter", token=own_server.token("Book1 again"))
    assert book.do("refresh") == 1
    assert book.cell("WON_DEALS", 2025) == 7


def test_a_kpi_that_was_removed_is_an_unknown_name_and_the_others_go_on(book, own_server):
    file = own_metric(own_server)
    assert book.cell("KPI", "big_deals", 2025) == 7
    file.unlink()
    found = book.cells([["KPI", ["big_deals", "2025-Q1"]], ["WON_DEALS", [2025]]])["results"]
    assert found[0]["error"] == "#NAME?" and found[1] == 7


def test_cells_of_one_recalculation_are_of_one_version_even_if_data_is_loaded_between_its_requests(book, own_server):
    # The second request of the three finds other data: what the first one gave is asked again.
    calls = [["WON_DEALS", [40_000 + day]] for day in range(4_100)]
    file = own_server.folder / "kpi.toml"
    touched = datetime(2030, 1, 1, tzinfo=UTC).timestamp()
    book.do("touch_after", file=str(file), requests=1, time=touched)
    assert book.cells(calls)["requests"] in (4, 5)
    assert Path(file).stat().st_mtime == touched
