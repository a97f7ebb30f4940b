"""Made-up messages: few ids and few values, so that sources often speak of the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa

from kpicore import Batch, Children, DayRange, Gone, Limit, Reached, Rows, Type, Whole
from kpicore.testing import TinySource
from tests.loads.shop import BY_NAME, Said, Teller

SOURCES = ("crm", "shop", "files")
STREAMS = {
    "crm": {"customers": "customer", "orders": "order", "lines": "order_line", "visits": "visit", "areas": "region"},
    "shop": {"buyers": "customer", "orders": "order", "web": "order", "costs": "cost", "prices": "price"},
    "files": {"costs": "cost", "fairs": "cost", "orders": "order", "prices": "price", "more": "customer"},
}
IDS = ("1", "2", "3", "crm:1")
FIRST = date(2025, 1, 30)
ARROW = {Type.TEXT: pa.string(), Type.NUMBER: pa.decimal128(18, 6), Type.DATE: pa.date32()}


@dataclass(frozen=True, slots=True)
class Dice:
    """Throws what sources say."""

    chance: Random

    def sources(self) -> Iterator[Teller | TinySource]:
        """Yield what the sources of one load say."""
        for name in self.chance.sample(SOURCES, self.chance.choice((1, 1, 2, 3))):
            if name == "files" and self.maybe(0.3):
                streams = self.chance.sample(sorted(set(STREAMS[name].values())), 2)
                batches = [self.rows(entity, entity) for entity in streams]
                yield TinySource(name, tuple(Batch(given.entity, given.rows.select(given.fields)) for given in batches))
            else:
                said = [*self.messages(name)]
                yield Teller(name, said, fails=self.maybe(0.1))

    def messages(self, source: str) -> Iterator[Said]:
        streams = STREAMS[source]
        names = self.chance.sample(sorted(streams), self.chance.randint(1, 3))
        if self.maybe(0.15):
            yield Limit(self.chance.choice(names), self.chance.choice((0.2, 0.5)))
        for _ in range(self.chance.randint(1, 6)):
            stream = self.chance.choice(names)
            yield self.message(stream, streams[stream])

    def message(self, stream: str, entity: str) -> Said:
        kind = self.chance.random()
        if kind < 0.6:
            return self.rows(stream, entity)
        if kind < 0.7 and len(BY_NAME[entity].key) == 1:
            ids = self.chance.sample(IDS, self.chance.randint(1, 2))
            return Gone(stream, entity, ids, [self.chance.choice(IDS) for _ in ids] if self.maybe(0.6) else ())
        if kind < 0.77 and entity in ("order_line", "visit"):
            parent = "order_id" if entity == "order_line" else "customer_id"
            return Children(stream, entity, parent, self.chance.sample(IDS, 2))
        if kind < 0.9:
            days = [column.name for column in BY_NAME[entity].fields if column.type is Type.DATE and not column.how]
            within = DayRange(days[0], self.day(), FIRST + timedelta(days=3)) if days and self.maybe(0.5) else None
            return Whole(stream, entity, within, remove=self.maybe(0.8))
        return Reached(stream, str(self.chance.randint(1, 99)))

    def rows(self, stream: str, entity: str) -> Rows:
        """Return some rows; now and then without a column, with cells that could not be read, or as they were read."""
        model = BY_NAME[entity]
        given = [column for column in model.fields if not column.how and (entity, column.name) != ("cost", "id")]
        columns = [column for column in given if column.name in model.key or self.maybe(0.75)] or given
        lines = [{column.name: self.cell(column) for column in columns} for _ in range(self.chance.randint(0, 4))]
        cells = {column: [line[column.name] for line in lines] for column in columns}
        values = {column.name: pa.array(given, ARROW[column.type]) for column, given in cells.items()}
        raw = unread = ""
        if self.maybe(0.5):
            raw, form = "as read", self.chance.choice(("{}", "{}.0"))
            read = [form.format([line.get(name) for name in ("booked_on", "amount")]) for line in lines]
            values["as read"] = pa.array(read, pa.string())
        if self.maybe(0.3):
            unread = "not read"
            open_ = [column.name for column in columns if column.name not in model.key]
            bad = [[name for name in open_ if line[name] is None and self.maybe(0.7)] for line in lines]
            values["not read"] = pa.array(bad, pa.list_(pa.string()))
        return Rows(stream, entity, pa.table(values), raw=raw, unread=unread)

    def cell(self, column: Any) -> object:
        if column.name == "id" or column.refers_to:
            return self.chance.choice(IDS) if self.maybe(0.95) else None
        if self.maybe(0.15):
            return None
        if column.type is Type.DATE:
            return self.day()
        return Decimal(self.chance.randint(1, 3)) if column.type is Type.NUMBER else self.chance.choice("xy")

    def day(self) -> date:
        return FIRST + timedelta(days=self.chance.randint(0, 4))

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share
