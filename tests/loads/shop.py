"""A small vocabulary whose loads take little time, sources that say what a test wants, and KPIs over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kpicore import (
    COUNT,
    Children,
    Config,
    Dimension,
    Entity,
    Field,
    Gone,
    Limit,
    Metric,
    Reached,
    RollUp,
    Rows,
    Type,
    Unreadable,
    Whole,
    Workspace,
    count,
    distinct,
    earliest,
    total,
)
from kpicore.testing import batch, plugins_with, registry_of

Said = Rows | Gone | Children | Whole | Limit | Reached


def _fields(entity: str, **columns: str) -> tuple[Field, ...]:
    """Return fields from words such as "text", "date" and "customer", the entity that one refers to."""
    types = {type_.value: type_ for type_ in Type}
    return tuple(
        Field(entity, name, types.get(word, Type.TEXT), f"{name}.", refers_to="" if word in types else word)
        for name, word in columns.items()
    )


def _first_order() -> Field:
    how = RollUp("customer_id", earliest("order", "ordered_on", when="ordered_on"))
    return Field("customer", "first_order_on", Type.DATE, "First order.", how=(how,))


ENTITIES = (
    Entity("region", "Where.", _fields("region", id="text", name="text"), label="name", words=True),
    Entity(
        "customer",
        "Who.",
        (*_fields("customer", id="text", name="text", region_id="region", size="text"), _first_order()),
        label="name",
    ),
    Entity(
        "order",
        "What was ordered.",
        _fields("order", id="text", customer_id="customer", ordered_on="date", amount="number", status="text"),
        main_date="ordered_on",
    ),
    Entity("order_line", "A line.", _fields("order_line", id="text", order_id="order", pieces="number")),
    Entity(
        "visit",
        "A visit.",
        _fields("visit", customer_id="customer", visited_on="date", minutes="number"),
        key=("customer_id", "visited_on"),
        main_date="visited_on",
    ),
    Entity(
        "price",
        "A price, that is nobody's own.",
        _fields("price", thing="text", priced_on="date", amount="number"),
        key=("thing", "priced_on"),
        main_date="priced_on",
    ),
    Entity(
        "cost",
        "What was spent.",
        _fields("cost", id="text", booked_on="date", amount="number", kind="text"),
        main_date="booked_on",
    ),
)
BY_NAME = {entity.name: entity for entity in ENTITIES}
DIMENSIONS = (
    Dimension("customer", "By customer.", "customer", "customer_id"),
    Dimension("region", "By region.", "region", "region_id"),
)
METRICS = (
    Metric("sales", name="Sales", unit=COUNT, inputs={"n": total("order", "amount", when="ordered_on")}),
    Metric("orders", name="Orders", unit=COUNT, inputs={"n": count("order", when="ordered_on")}),
    Metric("buyers", name="Buyers", unit=COUNT, inputs={"n": distinct("order", "customer_id", when="ordered_on")}),
    Metric("new_ones", name="New", unit=COUNT, inputs={"n": count("customer", when="first_order_on")}),
    Metric("spent", name="Spent", unit=COUNT, inputs={"n": total("cost", "amount", when="booked_on")}),
    Metric("minutes", name="Minutes", unit=COUNT, inputs={"n": total("visit", "minutes", when="visited_on")}),
)
PLUGINS = plugins_with(
    entities=[("shop", entity) for entity in ENTITIES],
    dimensions=[("shop", dimension) for dimension in DIMENSIONS],
    metrics=[("shop", metric) for metric in METRICS],
)
REGISTRY = registry_of(PLUGINS)


@dataclass(frozen=True, slots=True)
class Teller:
    """A source of streams that says what is there already; after all of it, it `fails`, where it is to."""

    name: str
    messages_: Sequence[Said]
    unread: tuple[Unreadable, ...] = ()
    fails: bool = False
    told: list[Mapping[str, str]] = field(default_factory=list)
    """The cursors that it was given, of each run."""

    def messages(self, cursors: Mapping[str, str]) -> Iterator[Said]:
        self.told.append(dict(cursors))
        yield from self.messages_
        if self.fails:
            raise ConnectionError("the line is dead")

    def unreadable(self) -> Iterable[Unreadable]:
        return self.unread


def crm(*messages: Said, name: str = "crm", fails: bool = False) -> Teller:
    """Return a source that says this."""
    return Teller(name, messages, fails=fails)


def rows(entity: str, text: str, stream: str = "", **beside: str) -> Rows:
    """Return rows of a text table, as `kpicore.testing.batch` reads them; without a `stream` of the entity's."""
    return Rows(stream or entity, entity, batch(REGISTRY, entity, text).rows, **beside)


def shop(folder: Path) -> Config:
    """Return the settings of the workspace in a folder."""
    return Config(folder, "Shop")


def opened(folder: Path) -> Workspace:
    return Workspace(shop(folder), PLUGINS)
