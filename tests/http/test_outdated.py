"""The server makes outdated tables anew in the background, and meanwhile answers all that does not read them."""

from __future__ import annotations

from tests.http.conftest import Served

KPI = """
[field.opportunity.size]
type = "text"
meaning = "Big."
how = "case when amount >= 300 then 'big' else 'small' end"

[metric.big]
name = "Big"
unit = "count"
inputs.n = { count = "opportunity", when = "closed_on", where = "outcome = 'won' and size = 'big'" }
"""


def test_only_what_reads_a_changed_field_waits_until_it_is_made_anew(own: Served) -> None:
    rate, big = ["KPI", ["win_rate", "2025-Q1"]], ["KPI", ["big", "2025-Q1"]]
    file = own.folder / "metrics" / "own.toml"
    file.parent.mkdir()
    for least, deals in ((300, 2), (200, 3), (100, 4)):  # won in the quarter: 100, 200, 300, 400
        file.write_text(KPI.replace("300", str(least)), encoding="utf-8")
        stamp = own.client.get("/v1/stamp", headers=own.headers).json()["stamp"]
        first, waiting = own.ask(rate, big)  # type: ignore[misc]
        assert first == 4 / 6
        assert waiting["error"] == "#N/A" and "it is being made anew" in waiting["message"]
        own.client.get("/v1/stamp", params={"after": stamp, "wait": 50}, headers=own.headers)
        assert own.ask(rate, big) == [4 / 6, deals]
