"""The words that the vocabulary is written in: one function a type, and the fields that many entities share.

Fields are written without their entity, so a word gives a `Draft` of one; `entity` makes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from kpicore import Codes, Entity, Field, How, LookUp, RowCheck, Type
from kpicore_crm.spellings import BUSINESS_TYPE, SEGMENT

Draft = partial[Field]
"""A field as soon as it is told its entity."""

KEPT = "status in ('completed', 'partly_refunded')"
"""An order that is not completed yet, or was taken back, is no purchase."""

DONE = "status = 'held'"
"""An activity that is only planned, or did not take place, has touched nobody; one without a status was held."""

CYCLE_KNOWN = "outcome = 'won' and closed_on >= created_on"
"""A deal that was closed before it was created took no known time."""


def entity(
    name: str,
    meaning: str,
    *fields: Draft | Iterable[Draft],
    key: tuple[str, ...] = ("id",),
    main_date: str = "",
    label: str = "",
    made: bool = False,
    checks: tuple[RowCheck, ...] = (),
    words: bool = False,
) -> Entity:
    """Return an entity; `fields` are fields and groups of fields, in the order of its columns."""
    # a draft is a partial, a group of them a tuple: `owner` gives two fields
    flat = [draft for field in fields for draft in ([field] if isinstance(field, partial) else field)]
    return Entity(name, meaning, tuple(draft(name) for draft in flat), key, main_date, label, made, checks, words)


def identity(meaning: str) -> Draft:
    """Return the field `id`: text, the same at every load."""
    return partial(Field, name="id", type=Type.TEXT, meaning=meaning)


def text(name: str, meaning: str, *how: How, tracked: bool = False, codes: Codes | None = None) -> Draft:
    """Return a text field that answers cannot be cut by."""
    return partial(Field, name=name, type=Type.TEXT, meaning=meaning, how=how, tracked=tracked, codes=codes)


def cut(name: str, meaning: str, *how: How, tracked: bool = False, codes: Codes | None = None) -> Draft:
    """Return a text field that is a dimension."""
    return partial(
        Field, name=name, type=Type.TEXT, meaning=meaning, how=how, dimension=True, tracked=tracked, codes=codes
    )


def reference(name: str, to: str, meaning: str, *how: How, tracked: bool = False) -> Draft:
    """Return a field that holds the id of a row of the entity `to`."""
    return partial(Field, name=name, type=Type.TEXT, meaning=meaning, refers_to=to, how=how, tracked=tracked)


def presuming(field: Draft, *known: str) -> Draft:
    """Return the field as one that tells nothing unless all this is known."""
    return partial(field, presumes=known)


def current(field: Draft) -> Draft:
    """Return the field as one that holds today's state, on whatever day its row stands."""
    return partial(field, current=True)


def money(name: str, meaning: str, *how: How, tracked: bool = False, basis: str = "") -> Draft:
    """Return an amount in the organisation's currency; of sales on the basis booked, recognized or collected."""
    return partial(
        Field, name=name, type=Type.MONEY, meaning=meaning, unit="money", how=how, tracked=tracked, basis=basis
    )


def number(name: str, meaning: str, unit: str, *how: How, tracked: bool = False) -> Draft:
    """Return an exact decimal number."""
    return partial(Field, name=name, type=Type.NUMBER, meaning=meaning, unit=unit, how=how, tracked=tracked)


def integer(name: str, meaning: str, unit: str, *how: How) -> Draft:
    """Return a whole number."""
    return partial(Field, name=name, type=Type.INTEGER, meaning=meaning, unit=unit, how=how)


def flag(name: str, meaning: str, *how: How, needs_one_of: tuple[str, ...] = ()) -> Draft:
    """Return a yes or no."""
    return partial(Field, name=name, type=Type.BOOLEAN, meaning=meaning, how=how, needs_one_of=needs_one_of)


def day(name: str, meaning: str, *how: How, plan: bool = False, tracked: bool = False) -> Draft:
    """Return a bare date; `plan` if it lies in the future by nature."""
    return partial(Field, name=name, type=Type.DATE, meaning=meaning, how=how, plan=plan, tracked=tracked)


def end(name: str, begun: str, meaning: str) -> Draft:
    """Return the first day after a stretch of time that began on the day `begun`; it may lie in the future."""
    return partial(Field, name=name, type=Type.DATE, meaning=meaning, plan=True, ends=begun)


def moment(name: str, meaning: str, *how: How, settled: str = "", open_while: str = "") -> Draft:
    """Return an instant; the day beside it (`created_on` of `created_at`) comes by itself."""
    return partial(Field, name=name, type=Type.MOMENT, meaning=meaning, how=how, settled=settled, open_while=open_while)


def owner(meaning: str, *how: How, tracked: bool = False) -> tuple[Draft, ...]:
    """Return the sales rep and the team: the row's own, else the rep's."""
    return (
        reference("owner_id", "user", meaning, *how, tracked=tracked),
        reference(
            "team_id", "team", "Team; the owner's where the row has none.", LookUp("owner_id", "user", "team_id")
        ),
    )


def region(*through: str) -> Draft:
    """Return the region: the row's own, else that of the customer, else that of the owner."""
    # any other field that a region comes through refers to a customer
    entities = {"owner_id": "user"}
    how = tuple(LookUp(field, entities.get(field, "customer"), "region_id") for field in through)
    return reference("region_id", "region", "Region; the customer's, then the owner's, where the row has none.", *how)


def product(meaning: str = "Product sold.") -> tuple[Draft, ...]:
    """Return the product and its line: the row's own, else the product's."""
    line = LookUp("product_id", "product", "product_line_id")
    return (
        reference("product_id", "product", meaning),
        reference("product_line_id", "product_line", "Product line; the product's where the row has none.", line),
    )


def customer_traits(through: str = "customer_id") -> tuple[Draft, ...]:
    """Return what is known of the customer that the field `through` refers to, as dimensions of this row."""
    return (
        cut("segment", "Size of the customer: small, medium or large.", LookUp(through, "customer", "segment"),
            codes=SEGMENT),
        cut("industry", "Industry of the customer.", LookUp(through, "customer", "industry")),
        cut("business_type", "Whether the customer is a business (b2b) or a person (b2c).",
            LookUp(through, "customer", "business_type"), codes=BUSINESS_TYPE),
        cut("country", "Country of the customer.", LookUp(through, "customer", "country")),
    )  # fmt: skip
