"""The HTML page in a real browser, from a phone's width to a desk's: no number runs into the next."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from kpicore_reports.page import page
from tests.patience import PATIENCE_SECONDS
from tests.reports.test_filling import IDS

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
LOOK = """
<script>
const found = [];
document.querySelectorAll("tr").forEach((row) => {
  let end = -Infinity;
  for (const cell of row.cells) {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const box = range.getBoundingClientRect();
    if (box.width && cell.className.includes("number") && box.left < end + 4) found.push(row.textContent);
    if (box.width) end = box.right;
  }
});
document.body.dataset.found = JSON.stringify(found);
</script>
"""


def run_together(browser: str, html: str, width: int, folder: Path) -> list[str]:
    """Return the rows in which a number begins less than 4 pixels behind what stands before it."""
    file = folder / "page.html"
    file.write_text(re.sub("<meta http-equiv[^>]*>", "", html).replace("</body>", LOOK + "</body>"), encoding="utf-8")
    size = [f"--window-size={width},2000", f"--user-data-dir={folder / 'profile'}"]
    command = [browser, *FLAGS, *size, "--dump-dom", file.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE_SECONDS).stdout
    told = re.search('data-found="([^"]*)"', shown)
    assert told, shown[-500:]
    found: list[str] = json.loads(unescape(told[1]))
    return found


@pytest.fixture
def browser(program: Callable[[str], str]) -> str:
    return program("chromium")


@pytest.mark.parametrize("id", IDS)
def test_on_a_phone_no_number_runs_into_the_next(browser, of_demo, id, tmp_path):
    assert run_together(browser, page(of_demo(id)), 390, tmp_path) == []


@pytest.mark.parametrize("width", [320, 500, 600, 700, 1200])
def test_numbers_of_twelve_digits_stay_apart_at_every_width(browser, of_demo, width, tmp_path):
    html = re.sub(r"\b\d{1,3},\d{3}\b", "987,654,321,012", page(of_demo("sales_brief")))
    assert run_together(browser, html, width, tmp_path) == []


def test_a_page_whose_numbers_do_run_together_is_seen(browser, of_demo, tmp_path):
    squeezed = page(of_demo("sales_brief")).replace(
        "</style>", "table { table-layout: fixed; } td { padding: 0 }</style>"
    )
    html = re.sub(r"\b\d{1,3},\d{3}\b", "987,654,321,012", squeezed)
    assert run_together(browser, html, 390, tmp_path) != []
