"""The triangle that was asked for: as records, as a table for people, as a pandas DataFrame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicore import Grain, Note, Period
from kpicore_crm.cohorts.triangle import Age, Cohort
from kpicore_crm.cohorts.views import VIEWS, shown, value

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Cohorts:
    """A triangle of cohorts; `total` is all of them as one. `show` names what is looked at.

    Printing it gives a table.
    """

    show: str
    period: Period
    by: tuple[str, ...]
    grain: Grain
    cohorts: tuple[Cohort, ...]
    total: Cohort
    notes: tuple[Note, ...]
    data_time: datetime

    def records(self) -> list[dict[str, Any]]:
        """Return one dict a cohort and age, as `kpi cohort --json` prints them; the total is not among them."""
        return [_record(self, cohort, age) for cohort in self.cohorts for age in cohort.ages]

    def frame(self) -> pd.DataFrame:
        """Return the triangle as a table: a row a cohort, its `size`, a column an age; NaN where there is none."""
        import pandas as pd

        rows = [
            {"size": cohort.size, **{age.age: value(self.show, age)[0] for age in cohort.ages}}
            for cohort in self.cohorts
        ]
        labels = [dict(zip(self.by, cohort.label, strict=True)) for cohort in self.cohorts]
        frame = pd.DataFrame(rows).astype("float64")
        return pd.concat([pd.DataFrame(labels), frame], axis=1).set_index(list(self.by))

    def __str__(self) -> str:
        return _plain_table(self)


def _record(cohorts: Cohorts, cohort: Cohort, age: Age) -> dict[str, Any]:
    """Return an age of a cohort as a dict that JSON can hold."""
    figure, reason = value(cohorts.show, age)
    return {
        "cohort": cohort.period.key if cohort.period else None,
        "cuts": dict(cohort.cuts),
        "size": cohort.size,
        "age": age.age,
        "age_unit": cohorts.grain.value,
        "period": age.period.key if age.period else None,
        "show": cohorts.show,
        "value": figure,
        "unit": VIEWS[cohorts.show].unit.name,
        "reason": reason,
        "maturing": age.maturing,
        "n": (VIEWS[cohorts.show].per or _size)(age),
        "customers": age.customers if age.reason is None else None,
        "orders": age.orders if age.reason is None else None,
        "bought_again": age.again if age.followed else None,
        "revenue": _float(age.revenue) if age.reason is None else None,
        "revenue_so_far": _float(age.so_far) if age.followed else None,
        "data_time": cohorts.data_time.isoformat(),
    }


def _plain_table(cohorts: Cohorts) -> str:
    """Return the triangle as lines of text, the total last."""
    rows = [[*cohorts.by, "size", *(str(age.age) for age in cohorts.total.ages)], *_lines(cohorts)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    names = len(cohorts.by)
    return "\n".join(
        "  ".join(
            text.ljust(width) if at < names else text.rjust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _lines(cohorts: Cohorts) -> Iterator[list[str]]:
    for cohort in (*cohorts.cohorts, cohorts.total):
        label = cohort.label if cohort is not cohorts.total else ("all", *[""] * (len(cohorts.by) - 1))
        size = "" if cohort.size is None else f"{cohort.size:,}"
        yield [*label, size, *(shown(cohorts.show, age) for age in cohort.ages)]


def _size(age: Age) -> int:
    return age.size


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
