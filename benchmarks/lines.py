"""One line of the result: what was measured, with what it is compared, and the ratio that was promised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measurement in `unit` ("s" or "MiB"), the other side of the comparison, and the highest ratio allowed.

    The other side is measured in the same run: machines differ, ratios hardly.
    """

    what: str
    measured: float
    against: float
    other: str
    highest: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """How the measurement compares; below 1 is less than the other side."""
        return self.measured / self.against

    @property
    def kept(self) -> bool:
        """Whether the promise is kept."""
        return self.ratio <= self.highest

    def cells(self) -> tuple[str, ...]:
        """Return the texts of a row of the table."""
        return (
            self.what,
            shown(self.measured, self.unit),
            f"{shown(self.against, self.unit)} {self.other}",
            f"{self.ratio:.3g}",
            f"{self.highest:g}",
            "yes" if self.kept else "NO",
        )


@dataclass(frozen=True, slots=True)
class Skipped:
    """A case that could not be run, and why."""

    what: str
    reason: str

    def cells(self) -> tuple[str, ...]:
        """Return the texts of a row of the table."""
        return (self.what, "skipped", self.reason, "", "", "")


HEADER = ("what", "measured", "compared with", "ratio", "at most", "kept")


def shown(value: float, unit: str) -> str:
    """Return a number with its unit; short times in milliseconds."""
    if unit == "s":
        return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"
    return f"{value:,.0f} {unit}"


def markdown(lines: Iterable[Measurement | Skipped]) -> str:
    """Return the lines as a Markdown table."""
    rows = [HEADER, ("---",) * len(HEADER), *(line.cells() for line in lines)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
