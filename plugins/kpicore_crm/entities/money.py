"""Money owed, received, recurring and spent."""

from __future__ import annotations

from kpicore import Entity, LookUp, RollUp, total
from kpicore_crm.entities.drafts import (
    customer_traits,
    cut,
    day,
    end,
    entity,
    identity,
    money,
    owner,
    product,
    reference,
    region,
)
from kpicore_crm.spellings import CHANNEL, COST_CATEGORY, ORIGIN, SOURCE

INVOICE = entity(
    "invoice",
    "A bill to a customer.",
    identity("Id of the invoice."),
    reference("customer_id", "customer", "Who owes.", LookUp("contract_id", "contract", "customer_id")),
    reference("contract_id", "contract", "Contract that it bills."),
    owner("Sales rep; the contract's, then the customer's.",
          LookUp("contract_id", "contract", "owner_id"), LookUp("customer_id", "customer", "owner_id")),
    region("customer_id", "owner_id"),
    customer_traits(),
    day("issued_on", "When the bill was written."),
    day("due_on", "When it is due.", plan=True),
    money("amount", "Amount billed."),
    cut("currency", "Currency of the amount as it was given; the contract's where the invoice has none.",
        LookUp("contract_id", "contract", "currency")),
    money("collected_amount", "Payments received on the invoice so far.",
          RollUp("invoice_id", total("payment", "amount"))),
    main_date="due_on",
)  # fmt: skip

PAYMENT = entity(
    "payment",
    "Money received from a customer.",
    identity("Id of the payment."),
    reference("invoice_id", "invoice", "Invoice that it pays."),
    reference("contract_id", "contract", "Contract that it belongs to; the invoice's where it has none.",
              LookUp("invoice_id", "invoice", "contract_id")),
    reference("customer_id", "customer", "Who paid; the invoice's customer, then the contract's.",
              LookUp("invoice_id", "invoice", "customer_id"), LookUp("contract_id", "contract", "customer_id")),
    owner("Sales rep; the contract's, then the customer's.",
          LookUp("contract_id", "contract", "owner_id"), LookUp("customer_id", "customer", "owner_id")),
    region("customer_id", "owner_id"),
    reference("product_line_id", "product_line", "Product line of the contract.",
              LookUp("contract_id", "contract", "product_line_id")),
    customer_traits(),
    cut("channel", "Channel that won the customer.", LookUp("customer_id", "customer", "channel"), codes=CHANNEL),
    day("received_on", "When the money came in."),
    money("amount", "Amount received; negative for a refund.", basis="collected"),
    cut("currency", "Currency of the amount as it was given; the invoice's, then the contract's, where the payment has"
        " none.", LookUp("invoice_id", "invoice", "currency"), LookUp("contract_id", "contract", "currency")),
    main_date="received_on",
)  # fmt: skip

SUBSCRIPTION = entity(
    "subscription",
    "A recurring amount that a customer pays; a change of price ends one row and starts the next.",
    identity("Id of the row."),
    reference("customer_id", "customer", "Who pays."),
    owner("Sales rep; the customer's.", LookUp("customer_id", "customer", "owner_id")),
    region("customer_id", "owner_id"),
    product("Product subscribed to."),
    customer_traits(),
    cut("channel", "Channel that won the customer.", LookUp("customer_id", "customer", "channel"), codes=CHANNEL),
    day("started_on", "First day."),
    end("ended_on", "started_on", "First day on which it runs no more; empty while it runs."),
    money("monthly_amount", "Amount for one month."),
    cut("currency", "Currency of the amount as it was given."),
    main_date="started_on",
)

COST = entity(
    "cost",
    "Money spent on winning or keeping customers.",
    identity("Id of the booking."),
    day("booked_on", "Day that the cost belongs to."),
    money("amount", "Amount spent; negative for a correction."),
    cut("category", "salaries, training, benefits, commissions, tools_software, marketing, advertising,"
        " sales_expense, hidden_other or retention.", codes=COST_CATEGORY),
    reference("campaign_id", "campaign", "Campaign that it was spent on."),
    cut("channel", "Channel that it was spent on.", LookUp("campaign_id", "campaign", "channel"), codes=CHANNEL),
    cut("source", "Lead source that it was spent on.", LookUp("campaign_id", "campaign", "source"), codes=SOURCE),
    cut("origin", "inbound, prospecting or nurturing.", LookUp("campaign_id", "campaign", "origin"), codes=ORIGIN),
    reference("team_id", "team", "Team that it was spent on."),
    reference("customer_id", "customer", "Customer that it was spent on."),
    region("customer_id"),
    product("Product that it was spent on."),
    customer_traits(),
    cut("currency", "Currency of the amount as it was given."),
    main_date="booked_on",
)  # fmt: skip

MONEY: tuple[Entity, ...] = (INVOICE, PAYMENT, SUBSCRIPTION, COST)
