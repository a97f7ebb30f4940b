"""A tiny company whose every number can be checked by hand. Data time: 2025-07-15 12:00 UTC.

Deals by day of close (UTC); a dash is a deal that is still open:

    id   customer  rep        created  closed        outcome  amount   first contact
    o1   Acme      Ann [u1]   Jan 5    Jan 25        won      100      Jan 1
    o2   Blue      Ann [u1]   Jan 10   Feb 9         won      200      Jan 5
    o3   Coco      Bob        Jan 15   Feb 15        lost     150      -          price
    o4   Acme      Bob        Feb 1    Mar 3         won      300      Feb 1
    o5   Dune      Ann [u3]   Feb 10   Mar 12        lost      50      -          timing
    o6   Blue      Ann [u3]   Feb 20   Mar 31 23:30  won      400      -
    o7   Echo      Ann [u1]   Mar 1    Apr 20        won      500      -
    o8   Coco      Bob        Mar 15   May 4         lost     250      -          price
    o9   Echo      Ann [u3]   Apr 1    May 31        won      600      -
    o10  Dune      Ann [u1]   Apr 10   -             open     700      -          expected Aug 15
    o11  (none)    Bob        May 5    -             open      80      -          expected Jul 31
    o12  Acme      (none)     Jun 1    Jun 30        won      120      -

    2025-Q1: 4 won (1,000), 2 lost (200), 8 created. 2025-Q2: 3 won (1,220), 1 lost (250), 4 created.
    Days from creation to close of the won ones: 20, 30, 30, 39, 50, 60, 29.
    In Europe/Berlin o6 closes on April 1, so Q1 has 3 won (600).

Orders: Q1 100 + 200 + 300 = 600, Q2 400 + 500 + 600 + 120 = 1,620, and one cancelled order of 50.
    First purchases: Acme Jan 26, Blue Feb 10 and Echo Apr 21; Coco and Dune never bought.
Leads: 6 in Q1 (5 became MQL, 3 SQL, 3 customers), 2 in Q2 (1 MQL).
Costs: Q1 1,100 (salaries 900, marketing 120, advertising 80), Q2 900 of salaries and 90 of retention.
Subscriptions: at the end of Q1 Acme 100 + Blue 50 = 150 a month, at the end of Q2 Acme 100 + Echo 70 = 170.
Surveys: NPS 10, 9, 3 in Q1 and 8 in Q2; CSAT 5, 4, 2 of 5 in Q1. Carts: 5 in Q1, 3 ordered.
Targets: total_sales 1,250 for Q1 and 1,220 for Q2; 400 for rep u1 in Q1.
Reps: Ann Lee (u1, North), Bob Ray (u2, North), Ann Lee (u3, South). North is in Europe, South in America.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore.config import FILE as CONFIG_FILE
from kpicore.config import Config
from kpicore.entities import Type
from kpicore.registry import Registry, build_registry
from kpicore.sources import Batch, Unreadable
from kpicore.testing.vocabulary import built_in_vocabulary
from kpicore.warehouse import FILE

if TYPE_CHECKING:
    import pyarrow as pa

DATA_TIME = datetime(2025, 7, 15, 12, tzinfo=UTC)
"""When the tiny company's data was taken."""

_TABLES = {
    "team": """
        id name  region_id
        t1 North r1
        t2 South r2
    """,
    "region": """
        id name
        r1 Europe
        r2 America
    """,
    "user": """
        id name     team_id active_from
        u1 Ann~Lee  t1      2024-01-01
        u2 Bob~Ray  t1      2024-01-01
        u3 Ann~Lee  t2      2024-06-01
    """,
    "product_line": """
        id name
        software Software
        services Services
    """,
    "product": """
        id name   product_line_id
        p1 Basic  software
        p2 Pro    software
        p3 Setup  services
    """,
    "stage": """
        id name    position probability outcome
        s1 Qualify 1        0.2         open
        s2 Offer   2        0.5         open
        s3 Won     3        1           won
        s4 Lost    -        0           lost
    """,
    "loss_reason": """
        id     name
        price  Price
        timing Timing
    """,
    "customer": """
        id name created_at segment industry business_type owner_id acquired_channel
        c1 Acme 2025-01-02 small   retail   b2b           u1       phone
        c2 Blue 2025-01-06 large   banking  b2b           u1       web
        c3 Coco 2025-01-12 medium  retail   b2b           u2       web
        c4 Dune 2025-02-05 small   retail   b2c           u3       phone
        c5 Echo 2025-02-11 large   banking  b2b           u3       web
    """,
    "lead": """
        id name  created_at source  channel mql_at     sql_at     converted_at converted_customer_id owner_id
        l1 Acme  2025-01-02 website phone   2025-01-03 2025-01-04 2025-01-25   c1                    u1
        l2 Blue  2025-01-06 email   web     2025-01-08 2025-01-09 2025-02-09   c2                    u1
        l3 Coco  2025-01-12 website web     2025-01-13 -          -            -                     u2
        l4 Dune  2025-02-05 social  phone   -          -          -            -                     u3
        l5 Fern  2025-02-11 website web     2025-02-12 -          -            -                     u2
        l6 Echo  2025-03-01 email   web     2025-03-02 2025-03-05 2025-04-20   c5                    u3
        l7 Gold  2025-04-04 social  web     2025-04-06 -          -            -                     u1
        l8 Hill  2025-05-05 website phone   -          -          -            -                     u2
    """,
    "opportunity": """
        id  customer_id lead_id owner_id product_id channel created_at first_contact_at closed_at outcome amount \
stage_id loss_reason_id expected_close_on
        o1  c1 l1 u1 p1 phone 2025-01-05 2025-01-01 2025-01-25       won  100 s3 -      2025-01-31
        o2  c2 l2 u1 p2 web   2025-01-10 2025-01-05 2025-02-09       won  200 s3 -      2025-01-31
        o3  c3 l3 u2 p1 web   2025-01-15 -          2025-02-15       lost 150 s4 price  2025-02-28
        o4  c1 -  u2 p2 phone 2025-02-01 2025-02-01 2025-03-03       won  300 s3 -      2025-03-31
        o5  c4 l4 u3 p3 phone 2025-02-10 -          2025-03-12       lost 50  s4 timing 2025-03-31
        o6  c2 -  u3 p2 web   2025-02-20 -          2025-03-31T23:30 won  400 s3 -      2025-03-31
        o7  c5 l6 u1 p2 web   2025-03-01 -          2025-04-20       won  500 s3 -      2025-04-30
        o8  c3 -  u2 p3 web   2025-03-15 -          2025-05-04       lost 250 s4 price  2025-04-30
        o9  c5 -  u3 p1 web   2025-04-01 -          2025-05-31       won  600 s3 -      2025-05-31
        o10 c4 -  u1 p2 phone 2025-04-10 -          -                open 700 s2 -      2025-08-15
        o11 -  l8 u2 p1 phone 2025-05-05 -          -                open 80  s1 -      2025-07-31
        o12 c1 -  -  p3 phone 2025-06-01 -          2025-06-30       won  120 s3 -      2025-06-30
    """,
    "stage_history": """
        opportunity_id stage_id entered_at left_at    exit
        o1             s1       2025-01-05 2025-01-10 to_stage
        o1             s2       2025-01-10 2025-01-25 won
        o3             s1       2025-01-15 2025-02-01 to_stage
        o3             s2       2025-02-01 2025-02-15 lost
        o5             s1       2025-02-10 2025-03-12 lost
        o10            s1       2025-04-10 2025-04-20 to_stage
        o10            s2       2025-04-20 -          -
    """,
    "order": """
        id customer_id opportunity_id product_id ordered_at amount cost_of_goods status
        a1 c1          o1             p1         2025-01-26 100    40            completed
        a2 c2          o2             p2         2025-02-10 200    90            completed
        a3 c1          o4             p2         2025-03-04 300    100           completed
        a4 c2          o6             p2         2025-04-02 400    200           completed
        a5 c5          o7             p2         2025-04-21 500    -             completed
        a8 c3          -              p1         2025-05-10 50     20            cancelled
        a6 c5          o9             p1         2025-06-01 600    300           completed
        a7 c1          o12            p3         2025-06-30 120    60            completed
    """,
    "cost": """
        booked_on  amount category    channel
        2025-01-31 300    salaries    -
        2025-01-31 60     marketing   web
        2025-02-28 300    salaries    -
        2025-02-28 60     marketing   web
        2025-03-31 300    salaries    -
        2025-03-31 80     advertising phone
        2025-04-30 300    salaries    -
        2025-05-31 300    salaries    -
        2025-06-30 300    salaries    -
        2025-06-30 90     retention   -
    """,
    "subscription": """
        id customer_id started_on ended_on   monthly_amount
        m1 c1          2025-01-01 -          100
        m2 c2          2025-01-01 2025-05-01 50
        m3 c5          2025-04-01 -          70
    """,
    "survey_response": """
        id customer_id type score scale_max answered_at
        n1 c1          nps  10    10        2025-02-01
        n2 c2          nps  9     10        2025-02-20
        n3 c3          nps  3     10        2025-03-01
        n4 c5          nps  8     10        2025-05-01
        n5 c1          csat 5     5         2025-02-01
        n6 c2          csat 4     5         2025-02-20
        n7 c3          csat 2     5         2025-03-01
    """,
    "cart": """
        id customer_id channel created_at ordered_at abandoned_at
        k1 c1          web     2025-01-26 2025-01-26 -
        k2 c2          web     2025-02-10 2025-02-10 -
        k3 c3          phone   2025-02-11 -          2025-02-12
        k4 c4          web     2025-03-01 -          2025-03-02
        k5 c1          phone   2025-03-04 2025-03-04 -
    """,
    "activity": """
        id type    owner_id at               duration_min status    lead_id opportunity_id time_category
        v1 call    u1       2025-01-03       10           held      l1      -              prospecting
        v2 meeting u1       2025-01-20       60           held      -       o1             customer_meeting
        v3 demo    u2       2025-02-20       45           held      -       o4             customer_meeting
        v4 email   u3       2025-03-03       5            held      l6      -              prospecting
        v5 meeting u1       2025-05-15       30           held      -       o10            customer_meeting
        v6 call    u2       2025-08-01       15           scheduled -       o11            prospecting
    """,
    "target": """
        id kpi_id      period_grain period_start value owner_id
        g1 total_sales quarter      2025-01-01   1250  -
        g2 total_sales quarter      2025-04-01   1220  -
        g3 total_sales quarter      2025-01-01   400   u1
    """,
}


@dataclass(frozen=True, slots=True)
class TinySource:
    """A source that gives rows that are there already; for tests of whatever takes a source."""

    name: str
    rows: tuple[Batch, ...]
    unread: tuple[Unreadable, ...] = ()
    next_cursor: str | None = None

    def batches(self, cursor: str | None) -> Iterable[Batch]:
        """Give all rows, whatever the cursor."""
        return self.rows

    def unreadable(self) -> Iterable[Unreadable]:
        """Give what was said to be unreadable."""
        return self.unread

    def cursor(self) -> str | None:
        """Give the cursor that was set."""
        return self.next_cursor


def tiny_company(registry: Registry | None = None) -> TinySource:
    """Return the source of the tiny company: one batch an entity."""
    words = registry or build_registry(built_in_vocabulary())
    return TinySource("tiny company", tuple(batch(words, name, text) for name, text in _TABLES.items()))


def load_tiny_company(folder: Path, *, timezone: str = "UTC", currency: str = "USD") -> Path:
    """Make a workspace of the tiny company in `folder` (made when missing); return its warehouse file."""
    from kpicore.load import load

    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG_FILE).write_text(
        f'[workspace]\nname = "Tiny company"\ncurrency = "{currency}"\ntimezone = "{timezone}"\n', encoding="utf-8"
    )
    registry = build_registry(built_in_vocabulary())
    config = Config(folder, "Tiny company", currency, timezone)
    load(config, registry, [tiny_company(registry)], data_time=DATA_TIME)
    return folder / FILE


def batch(registry: Registry, entity: str, text: str) -> Batch:
    """Return the rows that a text table gives: columns apart by spaces, `-` for no value, `~` for a space.

    A day in a MOMENT column is its noon in UTC.
    """
    import pyarrow as pa

    header, *lines = [line.split() for line in text.replace("\\\n", " ").strip().splitlines()]
    types = registry.columns(entity)
    columns = zip(*lines, strict=True) if lines else [()] * len(header)
    arrays = {
        name: pa.array(list(_values(types[name], column)), _arrow_type(types[name]))
        for name, column in zip(header, columns, strict=True)
    }
    return Batch(entity, pa.table(arrays))


def _values(type_: Type, texts: Iterable[str]) -> Iterator[object]:
    for text in texts:
        yield None if text == "-" else _value(type_, text.replace("~", " ") if type_ is Type.TEXT else text)


def _value(type_: Type, text: str) -> object:
    if type_ is Type.MOMENT:
        given = datetime.fromisoformat(text)
        return (given if "T" in text else datetime.combine(given.date(), time(12))).replace(tzinfo=UTC)
    if type_ is Type.DATE:
        return date.fromisoformat(text)
    if type_ in (Type.MONEY, Type.NUMBER):
        return Decimal(text)
    if type_ is Type.BOOLEAN:
        return text == "true"
    return int(text) if type_ is Type.INTEGER else text


def _arrow_type(type_: Type) -> pa.DataType:
    import pyarrow as pa

    return {
        Type.TEXT: pa.string(),
        Type.INTEGER: pa.int64(),
        Type.NUMBER: pa.decimal128(18, 6),
        Type.MONEY: pa.decimal128(18, 4),
        Type.BOOLEAN: pa.bool_(),
        Type.DATE: pa.date32(),
        Type.MOMENT: pa.timestamp("us", tz="UTC"),
    }[type_]
