"""The rows of a company read and completed in plain Python: what the second count of every KPI looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.recount.edges import Given, Rows

Row = dict[str, Any]
NONE = "(none)"
_NUMBERS = (
    *("amount", "monthly_amount", "cost_of_goods", "unit_price", "expected_value", "value", "score", "scale_max"),
    *("probability", "duration_min", "quantity", "count", "position"),
)
_DAYS = ("active_from", "active_to", "period_start")
_NAMES = {"user": "rep", "competitor": "competitor", "loss_reason": "loss_reason"}


@dataclass(frozen=True)
class Span:
    """A period: its days from `start` to before `end`, and so many years."""

    start: date
    end: date
    years: float

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)


class Books:
    """Every row of a company, with what it does not say itself filled in as the vocabulary promises."""

    def __init__(self, rows: Rows, zone: str, today: date, rule: str, inactivity_days: int) -> None:
        self.zone, self.today, self.rule, self.idle = ZoneInfo(zone), today, rule, timedelta(inactivity_days)
        self.rows: dict[str, list[Row]] = {name: [self._read(row) for row in some] for name, some in rows.items()}
        self.by_id = {name: {row["id"]: row for row in some if "id" in row} for name, some in self.rows.items()}
        self._deals()
        self._orders()
        self._leads()
        self._customers()
        self._money()
        self._groups()
        self.spells = self._spells()

    def _read(self, given: Given) -> Row:
        row: Row = {}
        for name, cell in given.items():
            if cell is None:
                row[name] = None
            elif name in _NUMBERS:
                row[name] = Decimal(cell)
            elif name == "at" or name.endswith("_at"):
                row[name] = self._moment(cell)
            elif name.endswith("_on") or name in _DAYS:
                row[name] = date.fromisoformat(cell)
            else:
                row[name] = {"true": True, "false": False}.get(cell, cell) if name == "delivered" else cell
        return row

    def _moment(self, cell: str) -> datetime:
        moment = datetime.fromisoformat(cell)
        return (moment if "T" in cell else datetime.combine(moment.date(), time(12))).replace(tzinfo=UTC)

    def day(self, moment: datetime | None) -> date | None:
        """Return the local day of an instant."""
        return moment.astimezone(self.zone).date() if moment else None

    def of(self, entity: str, id: str | None) -> Row:
        """Return the row that an id names; an empty one where there is none."""
        return self.by_id.get(entity, {}).get(id, {})

    def so_far(self, entity: str, when: str, **of: str) -> list[Row]:
        """Return the rows of an entity that have happened by the day of the data, or on no known day."""
        return [
            row
            for row in self.rows[entity]
            if all(row[name] == id for name, id in of.items()) and not self.is_ahead(row[when])
        ]

    def is_ahead(self, when: datetime | date | None) -> bool:
        """Return whether a day or an instant lies after the day of the data."""
        day = self.day(when) if isinstance(when, datetime) else when
        return day is not None and day > self.today

    def _deals(self) -> None:
        for deal in self.rows["opportunity"]:
            stage = self.of("stage", deal["stage_id"])
            closed = deal["closed_at"]
            deal["outcome"] = deal["outcome"] or stage.get("outcome") or ("open" if closed is None else None)
            acts = self.so_far("activity", "at", opportunity_id=deal["id"])
            stays = self.so_far("stage_history", "entered_at", opportunity_id=deal["id"])
            deal["first_contact_at"] = deal["first_contact_at"] or first(act["at"] for act in acts if is_done(act))
            deal["created_at"] = (
                deal["created_at"] or deal["first_contact_at"] or first(stay["entered_at"] for stay in stays)
            )
            if deal["outcome"] == "open":
                deal["expected_close_on"] = deal["expected_close_on"] or self.day(closed)
                deal["closed_at"] = None
            deal["probability"] = stage.get("probability")
            closed_on = self.day(deal["closed_at"])
            deal["over_on"] = closed_on and min(closed_on, self.today)
            reached = [self.of("stage", stay["stage_id"]).get("position") for stay in stays]
            known = [each for each in reached if each is not None]
            deal["furthest"] = max(known, default=None)
            deal["lead_created_at"] = self.of("lead", deal["lead_id"]).get("created_at")

    def _orders(self) -> None:
        for line in self.rows["order_line"]:
            priced = line["quantity"] is not None and line["unit_price"] is not None
            line["amount"] = line["quantity"] * line["unit_price"] if priced else None
            line["ordered_at"] = line["ordered_at"] or self.of("order", line["order_id"]).get("ordered_at")
        for order in self.rows["order"]:
            lines = [line for line in self.rows["order_line"] if line["order_id"] == order["id"]]
            lines = [line for line in lines if not self.is_ahead(line["ordered_at"])] or lines
            order["customer_id"] = order["customer_id"] or earliest(lines, "customer_id", "ordered_at")
            order["ordered_at"] = order["ordered_at"] or first(line["ordered_at"] for line in lines)
            order["status"] = order["status"] or "completed"
            if order["amount"] is None:
                amounts = [line["amount"] for line in lines if line["amount"] is not None]
                order["amount"] = sum(amounts) if amounts else None
        for line in self.rows["order_line"]:
            order = self.of("order", line["order_id"])
            line["customer_id"] = line["customer_id"] or order.get("customer_id")
            line["status"] = order.get("status") or "completed"

    def _leads(self) -> None:
        for lead in self.rows["lead"]:
            deals = self.so_far("opportunity", "created_at", lead_id=lead["id"])
            won = [d for d in self.so_far("opportunity", "closed_at", lead_id=lead["id"]) if d["outcome"] == "won"]
            customer = lead["converted_customer_id"]
            begun = earliest(deals, "outcome", "created_at", among_equals="id")
            if begun == "won" and not won:  # its close is yet to come
                begun = "open"
            lead["converted_at"] = lead["converted_at"] or first(deal["closed_at"] for deal in won)
            lead["converted_customer_id"] = customer or earliest(won, "customer_id", "closed_at")
            lead["became_customer"] = self._became(lead, customer, bool(won), begun)

    def _became(self, lead: Row, given: str | None, won: bool, begun: str | None) -> bool | None:
        """Return whether a lead is a customer now: its deals decide, then the customer that it names."""
        if won:
            return True
        if self.is_ahead(lead["converted_at"]):
            return False
        if begun in ("open", "lost") and given is None:
            return False
        if lead["converted_customer_id"] is None:
            return False if lead["converted_at"] is None else None
        return True

    def _customers(self) -> None:
        for customer in self.rows["customer"]:
            orders = [o for o in self.so_far("order", "ordered_at", customer_id=customer["id"]) if is_kept(o)]
            deals = self.so_far("opportunity", "closed_at", customer_id=customer["id"])
            won = [d for d in deals if d["outcome"] == "won"]
            customer["first_purchase_at"] = first(o["ordered_at"] for o in orders) or first(d["closed_at"] for d in won)
            days = [o["ordered_at"] for o in orders if o["ordered_at"]]
            customer["last_purchase_at"] = max(days) if days else None
            amounts = [o["amount"] for o in orders if o["amount"] is not None]
            customer["lifetime_revenue"] = sum(amounts) if amounts else None
            margins = [margin(o) for o in orders]
            known = [each for each in margins if each is not None]
            customer["lifetime_margin"] = sum(known) if known and len(known) == len(margins) else None

    def _money(self) -> None:
        for invoice in self.rows["invoice"]:
            contract = self.of("contract", invoice["contract_id"])
            invoice["customer_id"] = contract.get("customer_id")
        for payment in self.rows["payment"]:
            invoice = self.of("invoice", payment["invoice_id"])
            payment["contract_id"] = invoice.get("contract_id")
            contract = self.of("contract", payment["contract_id"])
            payment["customer_id"] = payment["customer_id"] or invoice.get("customer_id") or contract.get("customer_id")
        for entity in ("invoice", "contract"):
            for row in self.rows[entity]:
                paid = [
                    p["amount"]
                    for p in self.so_far("payment", "received_on", **{f"{entity}_id": row["id"]})
                    if p["amount"] is not None
                ]
                row["collected"] = sum(paid) if paid else Decimal(0)
        for contract in self.rows["contract"]:
            contract["starts_on"] = contract["starts_on"] or self.day(contract["ordered_at"])

    def _groups(self) -> None:
        """Fill in rep and segment of every row, and the days of its moments."""
        for user in self.rows["user"]:
            created = (self.day(d["created_at"]) for d in self.so_far("opportunity", "created_at", owner_id=user["id"]))
            ordered = (self.day(o["ordered_at"]) for o in self.so_far("order", "ordered_at", owner_id=user["id"]))
            user["active_from"] = user["active_from"] or first(created) or first(ordered)
            user["owner_id"] = user["id"]
        for customer in self.rows["customer"]:
            customer["customer_id"] = customer["id"]
        for entity, rows in self.rows.items():
            for row in rows:
                customer = self.of("customer", self._customer_of(entity, row))
                if entity == "activity":
                    row["customer_id"] = self._customer_of(entity, row)
                row["rep"] = self._name("user", self._owner_of(entity, row, customer))
                row["segment"] = (row["segment"] if entity == "customer" else customer.get("segment")) or NONE
                for name, cell in list(row.items()):
                    if name == "at":
                        row["on"] = self.day(cell)
                    elif name.endswith("_at"):
                        row[f"{name[:-3]}_on"] = self.day(cell)
                    elif name in ("competitor_id", "loss_reason_id", "channel", "source"):
                        row[name.removesuffix("_id")] = self._name(name.removesuffix("_id"), cell)

    def _customer_of(self, entity: str, row: Row) -> str | None:
        if entity == "lead":
            return row["converted_customer_id"]
        if entity == "activity":
            return self.of("opportunity", row["opportunity_id"]).get("customer_id")
        return row.get("customer_id") or row.get("referred_by_customer_id")

    def _owner_of(self, entity: str, row: Row, customer: Row) -> str | None:
        if entity in ("invoice", "payment"):
            contract = self.of("contract", row["contract_id"])
            signed = self.of("customer", contract.get("customer_id"))
            return signed.get("owner_id") or customer.get("owner_id")
        if entity == "stage_task":
            return self.of("opportunity", row["opportunity_id"]).get("owner_id")
        if entity == "order_line":
            order = self.of("order", row["order_id"])
            return order.get("owner_id") or self.of("customer", order.get("customer_id")).get("owner_id")
        if entity in ("order", "contract", "subscription", "survey_response"):
            return row.get("owner_id") or customer.get("owner_id")
        return row.get("owner_id")

    def _name(self, entity: str, id: str | None) -> str:
        return self.of(entity, id).get("name") or id or NONE

    def _spells(self) -> list[Row]:
        """Return when customers were active: one row a stretch."""
        found = []
        for id, terms in self._terms().items():
            customer = self.of("customer", id)
            joined: list[list[date]] = []
            for since, until in sorted(terms):
                if joined and since <= joined[-1][1]:
                    joined[-1][1] = max(joined[-1][1], until)
                else:
                    joined.append([since, until])
            row = {"customer_id": id, "rep": customer.get("rep", NONE), "segment": customer.get("segment") or NONE}
            for since, until in joined:
                open_ = until == date.max or (self.rule == "inactivity" and until > self.today)
                found.append({**row, "active_from": since, "active_to": None if open_ else until})
        return found

    def _terms(self) -> Mapping[str, list[tuple[date, date]]]:
        terms: dict[str, list[tuple[date, date]]] = {}
        if self.rule == "inactivity":
            bought = ((o["customer_id"], o["ordered_on"]) for o in self.rows["order"] if is_kept(o))
            given = [(id, day, day + self.idle) for id, day in bought if day]
        else:
            entity, since, until = {
                "contract": ("contract", "starts_on", "ends_on"),
                "subscription": ("subscription", "started_on", "ended_on"),
            }[self.rule]
            given = [(row["customer_id"], row[since], row[until] or date.max) for row in self.rows[entity]]
        for id, start, end in given:
            if id is not None and start is not None and end > start:
                terms.setdefault(id, []).append((start, end))
        return terms


def first(moments: Iterable[Any]) -> Any:
    """Return the earliest of those that are known."""
    return min((moment for moment in moments if moment is not None), default=None)


def earliest(rows: Iterable[Row], what: str, when: str, among_equals: str = "") -> Any:
    """Return what the earliest row that says something says; rows without a date come last.

    Of rows at the same instant it is the one that says least, or has the least of `among_equals`.
    """
    telling, last = [row for row in rows if row[what] is not None], among_equals or what
    return min(telling, key=lambda row: (row[when] is None, row[when] or 0, row[last]))[what] if telling else None


def is_kept(order: Row) -> bool:
    return order["status"] in ("completed", "partly_refunded")


def is_done(activity: Row) -> bool:
    return activity["status"] in (None, "held")


def margin(order: Row) -> Decimal | None:
    known = order["amount"] is not None and order["cost_of_goods"] is not None
    return order["amount"] - order["cost_of_goods"] if known else None
