"""The HTML page: well formed, self-contained, accessible, and data stays text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from kpicore import DAYS, MONEY, POINTS, SHARE, KpiError
from kpicore_reports.filling import fill
from kpicore_reports.page import page, write_page
from kpicore_reports.report_words import shown
from kpicore_reports.svg_charts import _ticks
from tests.reports.test_filling import IDS

EVIL = '<script>alert(1)</script>"><img~src=http://evil.example/x>'


class Strict(HTMLParser):
    """Parses a page in which every element but the empty ones is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def parsed(html: str) -> Strict:
    found = Strict()
    found.feed(html)
    found.close()
    assert found.open == []
    return found


@pytest.mark.parametrize("id", IDS)
def test_a_page_is_well_formed_and_needs_nothing_else(of_demo, id):
    html = page(of_demo(id))
    found = parsed(html)
    assert "http:" not in html and "https:" not in html and "url(" not in html
    assert not {"script", "link", "img", "iframe"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name in ("src", "href") or name.startswith("on")]


@pytest.mark.parametrize("id", ["funnel", "whole_process", "performance", "loss_reasons"])
def test_every_chart_says_what_it_shows(of_demo, id):
    found = parsed(page(of_demo(id)))
    charts = found.tags.count("svg")
    assert charts > 0
    assert found.tags.count("desc") == charts
    assert found.tags.count("title") == charts + 1
    assert len([value for name, value in found.attributes if (name, value) == ("role", "img")]) == charts


def test_what_a_customer_is_called_stays_text(company):
    workspace = company(
        customer=f"id name\nc1 {EVIL}",
        user=f"id name\nu1 {EVIL}",
        loss_reason=f"id name\nr1 {EVIL}",
        opportunity=f"""
            id name    customer_id owner_id created_at closed_at  outcome amount loss_reason_id
            a  {EVIL}  c1          u1       2025-05-01 -          open    5      -
            b  {EVIL}  c1          u1       2025-05-01 2025-06-02 lost    7      r1
            c  =1+1    c1          u1       2025-05-01 2025-06-03 won     9      -
        """,
    )
    for id in ("weekly_meeting", "loss_reasons", "performance"):
        found = parsed(page(fill(workspace, id, "2025-06")))
        assert "<script>alert(1)</script>" in found.text
        assert not {"script", "img"} & set(found.tags)


def test_the_page_shows_the_numbers_their_rows_and_the_time_of_the_data(tiny):
    text = parsed(page(fill(tiny, "weekly_meeting", "2025-Q2"))).text
    for each in ("Weekly sales meeting", "Tiny company", "2025-Q2", "1,220.00", "75.0% (4)", "▲ 22.0%", "100%"):
        assert each in text
    assert "Data of 2025-07-15 12:00 UTC" in text
    assert "Amounts in USD" in text


def test_a_number_that_is_missing_is_na_with_its_reason_and_never_0(tiny):
    html = page(fill(tiny, "performance", "2025-Q2"))
    assert 'title="not loaded: no payment was loaded"' in html
    assert "Payments collected: n/a, not loaded: no payment was loaded" in parsed(html).text


def test_a_page_that_cannot_be_written_is_one_clear_line(tiny, tmp_path):
    with pytest.raises(KpiError, match="cannot be written"):
        write_page(fill(tiny, "sales_brief", "2025-Q2"), tmp_path / "missing" / "page.html")


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 290_000, [0, 100_000, 200_000, 300_000]),
        (0, 0, [0, 1]),
        (-30, 50, [-40, -20, 0, 20, 40, 60]),
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
    ],
)
def test_ticks_are_round_and_hold_the_range(low, high, ticks):
    assert _ticks(low, high) == ticks


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.4747, SHARE, "47.5%"),
        (12_345.6, MONEY, "12,346"),
        (9_999.5, MONEY, "9,999.50"),
        (65.37, DAYS, "65.4 d"),
        (-0.001, MONEY, "0.00"),
        (-12.5, POINTS, "-12.5"),
        (None, MONEY, "n/a"),
    ],
)
def test_numbers_are_short_and_in_their_unit(value, unit, text):
    assert shown(value, unit) == text
