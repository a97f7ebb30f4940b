"""Every kind of question that an import asks: a file that brings it up, what is typed, what a file answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class AskedKind:
    """A kind of question, with what the loaded rows are once it is answered."""

    name: str
    file: str
    text: str
    keys: str
    answers: Mapping[str, Any]
    query: str
    rows: list[tuple[Any, ...]]
    entity: str = ""
    alone: list[tuple[Any, ...]] | None = None
    """What is loaded with --yes, where nobody is asked; None where that is refused."""


AGREED = {"agree": "yes"}
DEALS = "deal_id,stage,created\nD1,Won,{}\nD2,Lost,{}\n"
KINDS = (
    AskedKind(
        "the entity",
        "stuff.csv",
        "Ref,Name,Wert\n1,Acme,5\n2,Beta,6\n",
        "2\n1\ny\n",  # a customer, whose id is Ref
        {"mappings/stuff.toml#entity": "customer", "mappings/stuff.toml#fields.id": "Ref"},
        "SELECT id, name FROM raw.customer",
        [("1", "Acme"), ("2", "Beta")],
    ),
    AskedKind(
        "how a column is read",
        "deals.csv",
        DEALS.format("03/04/2026", "05/06/2026"),
        "2\ny\n\n",
        {"mappings/deals.toml#columns.created": "date month-day-year", "stage_order": []},
        "SELECT id, created_on::VARCHAR FROM kpi.opportunity",
        [("D1", "2026-03-04"), ("D2", "2026-05-06")],
    ),
    AskedKind(
        "the key",
        "things.csv",
        "Nummer,Kunde,Stage,Created\nA1,Acme,Won,2026-01-05\nA2,Beta,Lost,2026-01-06\n",
        "1\ny\n\n",
        {"mappings/things.toml#fields.id": "Nummer", "stage_order": []},
        "SELECT id, outcome FROM kpi.opportunity",
        [("A1", "won"), ("A2", "lost")],
        "opportunity",
    ),
    AskedKind(
        "two fields by one text",
        "answers.csv",
        "When,Q1\n2026-01-05,9\n2026-01-06,10\n",
        "1\n1\ny\n",
        {"mappings/answers.toml#fields": {"score": "Q1", "answered_at": "When"}},
        "SELECT score, answered_on::VARCHAR FROM kpi.survey_response",
        [(9, "2026-01-05"), (10, "2026-01-06")],
        "survey_response",
    ),
    AskedKind(
        "the currency of one sign",
        "orders.csv",
        "Order ID,Order date,Amount\n1,2026-01-05,£5.50\n",
        "\ny\n",
        {"mappings/orders.toml#fields.currency": "GBP"},
        "SELECT id, currency FROM raw.order",
        [("1", "GBP")],
        alone=[("1", "GBP")],
    ),
    AskedKind(
        "the currency of several signs",
        "orders.csv",
        "Order ID,Order date,Amount\n1,2026-01-05,€5.50\n2,2026-01-06,£6.50\n",
        "EUR\n'EUR'\ny\n",  # there is no column EUR, so it is asked again
        {"mappings/orders.toml#fields.currency": "'EUR'"},
        "SELECT id, currency FROM raw.order",
        [("1", "EUR"), ("2", "EUR")],
    ),
    AskedKind(
        "what a lead became",
        "leads.csv",
        "Lead ID,Created,Converted date\n1,2026-01-05,2026-01-09\n2,2026-01-06,\n",
        "3\ny\n",
        {"mappings/leads.toml#fields.conversion": "contact"},
        "SELECT id, conversion FROM raw.lead",
        [("1", "contact"), ("2", "contact")],
        alone=[("1", "unknown"), ("2", "unknown")],
    ),
    AskedKind(
        "whether an end is the last day",
        "subs.csv",
        "Subscription ID,Customer,Start date,End date,MRR\n1,A,2026-01-05,2026-03-07,10\n",
        "2\ny\n",
        {"mappings/subs.toml#ends.ended_on": "day after"},
        "SELECT id, ended_on::VARCHAR FROM raw.subscription",
        [("1", "2026-03-07")],
        "subscription",
        alone=[("1", "2026-03-08")],
    ),
    AskedKind(
        "what words mean",
        "orders.csv",
        "Order ID,Order date,Status,Amount\n1,2026-01-05,Paid,1\n2,2026-01-06,Odd,2\n3,2026-01-07,Zip,4\n"
        "4,2026-01-08,ODD,8\n5,2026-01-09,Odd,16\n",
        "3\n6\ny\n",  # Odd is cancelled, Zip none of these
        {"words": {"order": {"status": {"Odd": "cancelled", "Zip": ""}}}},
        "SELECT id, status FROM kpi.order",
        [("1", "completed"), ("2", "cancelled"), ("3", None), ("4", "cancelled"), ("5", "cancelled")],
        alone=[("1", "completed"), ("2", None), ("3", None), ("4", None), ("5", None)],
    ),
    AskedKind(
        "which costs win no customers",
        "costs.csv",
        "ID,Date,Amount,Category\n1,2026-01-05,100,Marketing\n2,2026-01-06,200,Agency\n3,2026-01-07,400,Help desk\n",
        "2\ny\n",
        {"words.cost.category": ["Help desk"]},
        "SELECT id, category FROM kpi.cost",
        [("1", "marketing"), ("2", "Agency"), ("3", "retention")],
        alone=[("1", "marketing"), ("2", "Agency"), ("3", "Help desk")],
    ),
    AskedKind(
        "what plugins ask of the rows",
        "deals.csv",
        DEALS.format("2026-01-05", "2026-01-06").replace("Lost", "Proposal"),
        "y\n1 2\n",
        {"stage_order": ["Proposal", "Won"]},
        "SELECT id, position FROM kpi.stage",
        [("Proposal", 1), ("Won", 2)],
        alone=[("Proposal", None), ("Won", None)],
    ),
)
