"""What a caller may ask: some of the KPIs, some of the rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The ids of the KPIs that may be asked, with all their variants, None for every one there is; and the filters that
    hold in every question besides its own: of one dimension any of the values, of several all dimensions.

    >>> Narrowing(("loans",), (("branch", ("North", "South")),)).words
    'only loans; only branch North or South'
    """

    kpis: tuple[str, ...] | None = None
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether everything may be asked."""
        return self.kpis is None and not self.where

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of its filters."""
        return tuple(name for name, _ in self.where)

    @property
    def rows(self) -> str:
        """Its filters in words, "" without any: "branch North or South, shelf Poetry"."""
        return ", ".join(f"{name} {' or '.join(values)}" for name, values in self.where)

    @property
    def words(self) -> str:
        """What it leaves, in a few words; "" where that is everything."""
        parts = [", ".join(self.kpis) if self.kpis is not None else "", self.rows]
        return "; ".join(f"only {part}" for part in parts if part)

    def takes(self, metric: str) -> bool:
        """Whether the KPI of this id may be asked."""
        return self.kpis is None or metric in self.kpis


WHOLE = Narrowing()
"""The narrowing that leaves everything."""
