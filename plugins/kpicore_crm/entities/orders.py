"""What customers buy: contracts, orders and their lines, and carts that may become orders."""

from __future__ import annotations

from kpicore import Entity, LookUp, RollUp, earliest, total
from kpicore_crm.entities.drafts import (
    KEPT,
    customer_traits,
    cut,
    day,
    end,
    entity,
    identity,
    moment,
    money,
    number,
    owner,
    product,
    reference,
    region,
    text,
)
from kpicore_crm.spellings import CHANNEL, DEVICE, LINE_TYPE, ORDER_STATUS, SOURCE

CONTRACT = entity(
    "contract",
    "An agreement with a customer about an amount.",
    identity("Id of the contract."),
    reference("customer_id", "customer", "Who signed.", LookUp("opportunity_id", "opportunity", "customer_id")),
    reference("opportunity_id", "opportunity", "Deal that the contract came from."),
    owner("Sales rep of the contract; the deal's, then the customer's, where it names nobody.",
          LookUp("opportunity_id", "opportunity", "owner_id"), LookUp("customer_id", "customer", "owner_id")),
    region("customer_id", "owner_id"),
    product("Product of the contract."),
    customer_traits(),
    moment("ordered_at", "When it was signed."),
    day("starts_on", "First day; the day it was signed where the source does not say.", "ordered_on"),
    end("ends_on", "starts_on", "First day on which it runs no more; empty while open."),
    money("amount", "Contracted amount.", basis="booked"),
    money("cost_of_goods", "What the goods and services cost."),
    cut("currency", "Currency of the amounts as they were given; the deal's where the contract has none.",
        LookUp("opportunity_id", "opportunity", "currency")),
    cut("line_type", "new, renewal, upsell or cross_sell.", codes=LINE_TYPE),
    money("collected_amount", "Payments received on the contract so far.",
          RollUp("contract_id", total("payment", "amount"))),
    main_date="ordered_on",
)  # fmt: skip

ORDER = entity(
    "order",
    "One purchase of a customer.",
    identity("Id of the order, or number of the invoice."),
    reference("customer_id", "customer", "Who bought; the customer of the lines where the order does not say.",
              RollUp("order_id", earliest("order_line", "customer_id", when="ordered_at")),
              LookUp("opportunity_id", "opportunity", "customer_id")),
    reference("opportunity_id", "opportunity", "Deal that the order came from."),
    reference("contract_id", "contract", "Contract that the order belongs to."),
    owner("Sales rep of the order; the deal's, then the customer's, where it names nobody.",
          LookUp("opportunity_id", "opportunity", "owner_id"), LookUp("customer_id", "customer", "owner_id")),
    region("customer_id", "owner_id"),
    product("Product, where the order is about one."),
    reference("campaign_id", "campaign", "Campaign that brought the order; the customer's where it has none.",
              LookUp("customer_id", "customer", "campaign_id")),
    cut("channel", "Channel of the sale; the one that won the customer where the order has none.",
        LookUp("customer_id", "customer", "channel"), codes=CHANNEL),
    cut("source", "Source of the customer.", LookUp("customer_id", "customer", "source"), codes=SOURCE),
    customer_traits(),
    # tried in this order: the status of a line that is a purchase, of any line, and only without lines "completed"
    cut("status", "completed, open, cancelled, refunded or partly_refunded; that of its lines, of which one"
        " purchase, or one without a status, makes it completed; completed where the source does not say.",
        RollUp("order_id", earliest("order_line", "status", when="ordered_at", where=KEPT)),
        RollUp("order_id", earliest("order_line", "status", when="ordered_at")), "'completed'", codes=ORDER_STATUS),
    moment("ordered_at", "When the order was placed; its earliest line where the source does not say.",
           RollUp("order_id", earliest("order_line", "ordered_at", when="ordered_at"))),
    money("unsold_amount", "Sum of the lines that are no purchase: open, cancelled or refunded.",
          RollUp("order_id", total("order_line", "amount", where=f"not ({KEPT})"))),
    # the lines that are a purchase, else those that are none where the order is none either
    money("amount", "Amount of the order, returns deducted; the sum of its lines where the source gives none: of those"
          " that are a purchase, if the order is one.",
          RollUp("order_id", total("order_line", "amount", where=KEPT)),
          f"case when not ({KEPT}) then unsold_amount end", basis="recognized"),
    money("cost_of_goods", "What the goods cost; empty where it is not known."),
    cut("currency", "Currency of the amounts as they were given; the contract's, then the deal's, where the order has"
        " none.", LookUp("contract_id", "contract", "currency"), LookUp("opportunity_id", "opportunity", "currency")),
    main_date="ordered_on",
)  # fmt: skip


def _of_the_order(name: str) -> LookUp:
    return LookUp("order_id", "order", name)


ORDER_LINE = entity(
    "order_line",
    "One product on an order.",
    identity("Id of the line."),
    reference("order_id", "order", "The order."),
    reference("customer_id", "customer", "Who bought; the order's.", _of_the_order("customer_id")),
    owner("Sales rep; the order's.", _of_the_order("owner_id")),
    region("customer_id", "owner_id"),
    product("Product on the line."),
    cut("channel", "Channel; the order's.", _of_the_order("channel"), codes=CHANNEL),
    customer_traits(),
    cut("line_type", "new, renewal, upsell or cross_sell.", codes=LINE_TYPE),
    cut("status", "completed, open, cancelled, refunded or partly_refunded; the order's where the line does not say,"
        " completed where neither does.", _of_the_order("status"), "'completed'", codes=ORDER_STATUS),
    moment("ordered_at", "When it was ordered; the order's.", _of_the_order("ordered_at")),
    number("quantity", "How many; negative for a return.", "units"),
    money("unit_price", "Price of one."),
    money("amount", "Amount of the line; quantity times unit price where the source gives none.",
          "quantity * unit_price", basis="recognized"),
    money("cost_of_goods", "What the goods of the line cost."),
    cut("currency", "Currency of the amounts as they were given; the order's where the line has none.",
        _of_the_order("currency")),
    main_date="ordered_on",
)  # fmt: skip

CART = entity(
    "cart",
    "A cart with at least one product in it.",
    identity("Id of the cart."),
    reference("customer_id", "customer", "The customer, where known."),
    text("visitor_id", "The visitor, where the customer is not known."),
    cut("channel", "Channel of the visit.", codes=CHANNEL),
    cut("device", "Device of the visitor: desktop, phone or tablet.", codes=DEVICE),
    customer_traits(),
    reference("region_id", "region", "Region of the customer.", LookUp("customer_id", "customer", "region_id")),
    moment("created_at", "When the first product was added."),
    moment("ordered_at", "When the cart became an order; empty if it did not."),
    moment("abandoned_at", "When the cart was given up."),
    money("amount", "Value of the products in the cart.", tracked=True),
    main_date="created_on",
)

ORDERS: tuple[Entity, ...] = (CONTRACT, ORDER, ORDER_LINE, CART)
