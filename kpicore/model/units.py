"""What a number is measured in, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kpicore.model.checked import check_fields, check_range, place
from kpicore.model.field_kinds import Label, Line


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    `number_format` is a spreadsheet number format; `decimals` is how many a person wants to see.
    One that `is_money` is shown in the organisation's currency, large amounts without decimals.
    A value in SHARE is stored as a fraction (0.57), shown as per cent.
    """

    name: Label
    number_format: Line
    decimals: int
    is_money: bool = False

    def __post_init__(self) -> None:
        check_fields(self, "unit", "name")
        check_range(place("unit", self.name), "decimals", self.decimals, 0, 12)

    def __str__(self) -> str:
        return self.name


MONEY = Unit("money", "#,##0.00", 2, is_money=True)
MONEY_PER_MONTH = Unit("money/month", "#,##0.00", 2, is_money=True)
SHARE = Unit("share", "0.0%", 3)
COUNT = Unit("count", "#,##0", 0)
MEAN_COUNT = Unit("mean count", "#,##0.0", 1)
RATIO = Unit("ratio", "0.00", 2)
POINTS = Unit("points", "0.0", 1)
MINUTES = Unit("minutes", "#,##0.0", 1)
HOURS = Unit("hours", "#,##0.0", 1)
DAYS = Unit("days", "#,##0.0", 1)
YEARS = Unit("years", "0.00", 2)
PER_YEAR = Unit("per year", "0.00", 2)
SCORE = Unit("score", "0.00", 2)


class Better(Enum):
    """Which direction of change is good news."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


HIGHER, LOWER, NEUTRAL = Better.HIGHER, Better.LOWER, Better.NEUTRAL
