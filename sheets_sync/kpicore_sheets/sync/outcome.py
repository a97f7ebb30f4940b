"""What a run came to for a table."""

from __future__ import annotations

from dataclasses import dataclass

WRITTEN, UNCHANGED, REFUSED, FAILED = "written", "unchanged", "refused", "failed"
WELL = (WRITTEN, UNCHANGED)
"""After these the spreadsheet shows what the data says."""


@dataclass(frozen=True, slots=True)
class TableOutcome:
    """What a run came to for one `[[sheet]]`; `requests` are those for its spreadsheet, tries included, `rows` those
    below the heads.

    `status` is "written", "unchanged", "refused" (something stands in the way, nothing was changed) or "failed".
    `message` is what else people want to know of a run that went well, `error` why one did not: each one line. `place`
    is where the table stands, as "'KPIs'!B3:F20": the next run looks there first. `content` stands for what it shows,
    `settings` for the [[sheet]] that it was written for, `generation` counts its writes, `spreadsheet` is the id of its
    spreadsheet, and `grid` is the size of its tab: "1000x26".
    """

    name: str
    status: str
    rows: int = 0
    requests: int = 0
    message: str = ""
    error: str = ""
    place: str = ""
    content: str = ""
    settings: str = ""
    grid: str = ""
    generation: str = ""
    spreadsheet: str = ""

    @property
    def is_well(self) -> bool:
        """Whether the spreadsheet shows what the data says."""
        return self.status in WELL
