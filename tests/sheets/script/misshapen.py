"""Results that no server of ours gives."""

from __future__ import annotations

MISSHAPEN = "The KPI server answered with something that is no result. Is it of another version?"
NO_RESULTS = [
    *({"date": text} for text in (5, None, "", "x", "2026-99-99", "2026-02-30", "2026-02-28T25:00", ["2026-02-28"])),
    *({"error": code} for code in ("", 5, None, {"a": 1}, "oops", "<b>")),
    *({"error": "#N/A", "message": message} for message in (5, None, {"a": 1}, ["a"])),
    *({}, {"x": 1}, {"value": 7}, [], [[]], [1, 2], ["a"], [None], [{}], [[1, [2]]], [[1, {"date": 5}]], [[{"a": 1}]]),
]
