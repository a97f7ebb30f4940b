"""A list of rows as data: which rows of an entity, which of their columns, in what order, how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpicore.errors import BadDefinition
from kpicore.model.checked import check_fields, check_range, place
from kpicore.model.field_kinds import Id, Label
from kpicore.model.inputs import Aggregate, Standing
from kpicore.model.units import Unit


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a listing: a row expression over the entity, "amount" or "days(created_on, period.as_of)".

    `unit` tells how its numbers are shown; without one, money is money and a number just a number.
    """

    value: str
    unit: Unit | None = None

    def __post_init__(self) -> None:
        check_fields(self, "column", "value")


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows to show, as a KPI's input tells which: `standing(…)` or `count(…)`, with its dates and condition.

    `columns` stand under their titles. `order` is a row expression; the rows where it is highest come
    first, with `ascending` those where it is lowest. `limit` is how many are shown; all are counted.

        Listing("dearest", "Dearest books on loan", order="price", columns={"Book": "title", "Price": "price"},
                rows=standing("loan", since="lent_on", until="returned_on"))
    """

    id: Id
    name: Label
    rows: Aggregate | Standing
    columns: Mapping[Label, str | Column]
    order: str = ""
    ascending: bool = False
    limit: int = 10
    meaning: str = ""

    def __post_init__(self) -> None:
        check_fields(self, "listing", "id")
        where = place("listing", self.id)
        if not isinstance(self.rows.entity, str):
            raise BadDefinition(where, "it lists rows of an entity, not of per(…)")
        if not self.columns:
            raise BadDefinition(where, "it has no columns")
        check_range(where, "limit", self.limit, 1, 10_000)

    @property
    def entity(self) -> str:
        """The entity whose rows are listed."""
        return str(self.rows.entity)
