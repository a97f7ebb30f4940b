"""What stands where there is no number: "n/a", and why in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kpicore import Answer, note_words

NOT_AVAILABLE = "n/a"
_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "zero_denominator": "Nothing to divide by",
        "no_rows": "No rows in this period",
        "no_data": "Outside the loaded dates",
        "not_loaded": "Not loaded",
        "not_started": "Has not started",
        "no_target": "No target is set",
        "undefined": "Has no value",
    }
)


def reason_of(answer: Answer) -> str:
    """Return why there is no number, as a sentence; "" where there is one."""
    if answer.value is not None:
        return ""
    reason = answer.reason or "not computed"
    first = _REASONS.get(reason) or reason.replace("_", " ").capitalize()
    return f"{first}: {note_words(answer.detail)}" if answer.detail else first
