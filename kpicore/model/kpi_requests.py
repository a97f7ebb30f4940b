"""What is asked for at once: KPIs for a period, split, filtered and compared, as people write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kpicore.calendar import Grain, Period
from kpicore.calendar.arguments import day_of, grain_named, text_given, texts_given

PeriodGiven = str | float | date | Period
CutsGiven = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class KpiRequest:
    """One request of any surface; `KpiRequest.of` makes it of what people give, and `workspace.ask` answers it.

    Whatever takes data to be read stays as it was written: which KPIs, dimensions and members there are, and which
    day "last month" is seen from. `as_of` is one day for all of that.
    """

    kpis: tuple[str, ...]
    period: PeriodGiven
    grain: Grain | None = None
    by: tuple[str, ...] = ()
    where: CutsGiven | None = None
    compare: str | None = None
    as_of: date | None = None
    guards: bool = False
    intervals: bool = False
    to_date: bool = False

    @classmethod
    def of(
        cls,
        kpis: str | Iterable[str],
        period: PeriodGiven,
        *,
        grain: str | Grain | None = None,
        by: str | Sequence[str] = (),
        where: CutsGiven | None = None,
        compare: str | None = None,
        as_of: date | None = None,
        guards: bool = False,
        intervals: bool = False,
        to_date: bool = False,
    ) -> KpiRequest:
        """Return a request, with names as texts and the grain by name. Raises BadArgument and UnknownName."""
        return cls(
            kpis=tuple(texts_given(kpis, "a KPI")),
            period=period,
            grain=grain_named(grain) if grain else None,
            by=tuple(texts_given(by, "a dimension")),
            where=where,
            compare=text_given(compare, "what to compare with") if compare else None,
            as_of=day_of(as_of),
            guards=guards,
            intervals=intervals,
            to_date=to_date,
        )
