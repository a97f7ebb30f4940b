"""What became of the rows and values of one table: nothing is dropped or altered without being told here."""

from __future__ import annotations

from dataclasses import dataclass

from kpicore import KpiError


@dataclass(frozen=True, slots=True)
class Account:
    """Rows of one table: read = loaded + left out + totals + quarantined + repeated.

    `values` could not be read and were loaded empty. `changes` and `notes` are lines for a person.
    """

    place: str
    entity: str
    read: int
    loaded: int
    left_out: int = 0
    totals: int = 0
    quarantined: int = 0
    repeated: int = 0
    values: int = 0
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises KpiError when a row is missing from the account."""
        told = self.loaded + self.left_out + self.totals + self.quarantined + self.repeated
        if told != self.read:
            raise KpiError(
                f"{self.place}: {self.read:,} rows were read, but {told:,} are accounted for.",
                hint="This is a defect: please report it. Nothing was loaded.",
            )
