"""The company of the benchmarks: made up by SQL, the same at every run, in the entities of the vocabulary.

60 months to the end of 2025, 220 reps in 12 teams and 5 regions; at scale 1 there are 10 million
opportunities, 5 million orders and 100,000 customers. Business grows, closings crowd into the last
week of a quarter, no deal is closed at a weekend, reps differ in skill, some products sell slowly.
No stages are told, so a deal is open, won or lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

DATA_TIME = datetime(2025, 12, 31, 18, tzinfo=UTC)
REPS, TEAMS, REGIONS, PRODUCTS, COMPETITORS = 220, 12, 5, 24, 9
_DAYS = 1826

PREPARATION = (
    # The share of a row and a purpose: evenly spread over 0 to 1, and always the same. It is hashed
    # twice because the hashes of two purposes differ in the same bits for every row.
    "CREATE MACRO share_of(row_number, purpose) AS hash(hash(row_number, purpose)) / 18446744073709551616.0",
    "CREATE MACRO pick(words, share) AS words[1 + CAST(floor(share * len(words)) AS INTEGER)]",
    "CREATE MACRO bell(row_number, purpose) AS sqrt(-2 * ln(1 - share_of(row_number, purpose)))"
    " * cos(2 * pi() * share_of(row_number, purpose || '2'))",
    "CREATE MACRO numbered(letter, number) AS letter || CAST(CAST(floor(number) AS BIGINT) AS VARCHAR)",
)


def rows_of(scale: float) -> Mapping[str, int]:
    """Return how many rows the big entities have."""
    return {
        "opportunity": max(1_000, round(10_000_000 * scale)),
        "order": max(1_000, round(5_000_000 * scale)),
        "customer": max(100, round(100_000 * scale)),
    }


def statements(scale: float) -> Iterator[tuple[str, str]]:
    """Yield each entity with the statement that makes its rows, reference entities first."""
    rows = rows_of(scale)
    yield from _reference()
    yield "user", _users()
    yield "customer", _customers(rows["customer"])
    yield "cost", _costs()
    yield "order", _orders(rows["order"], rows["customer"])
    yield "opportunity", _opportunities(rows["opportunity"], rows["customer"])


def _reference() -> Iterator[tuple[str, str]]:
    yield (
        "region",
        "SELECT numbered('g', i) AS id, ['North', 'South', 'East', 'West', 'Overseas'][i] AS name"
        f" FROM range(1, {REGIONS + 1}) AS r(i)",
    )
    yield (
        "team",
        "SELECT numbered('t', i) AS id, 'Team ' || chr(64 + CAST(i AS INTEGER)) AS name,"
        f" numbered('g', 1 + i % {REGIONS}) AS region_id FROM range(1, {TEAMS + 1}) AS r(i)",
    )
    yield (
        "product_line",
        "SELECT numbered('l', i) AS id, ['Basic', 'Plus', 'Pro', 'Services'][i] AS name FROM range(1, 5) AS r(i)",
    )
    yield (
        "product",
        "SELECT numbered('p', i) AS id, 'Product ' || i AS name, numbered('l', 1 + i % 4) AS product_line_id"
        f" FROM range(1, {PRODUCTS + 1}) AS r(i)",
    )
    yield (
        "competitor",
        f"SELECT numbered('k', i) AS id, 'Rival ' || i AS name FROM range(1, {COMPETITORS + 1}) AS r(i)",
    )
    yield (
        "loss_reason",
        "SELECT numbered('b', i) AS id, ['Price', 'Timing', 'Features', 'No decision', 'Competitor'][i] AS name"
        " FROM range(1, 6) AS r(i)",
    )


def _users() -> str:
    return (
        "SELECT numbered('u', i) AS id,"
        " pick(['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gus', 'Hana', 'Ivo', 'Jana', 'Kim', 'Lea'],"
        " share_of(i, 'first name')) || ' ' || pick(['Berg', 'Costa', 'Diaz', 'Engel', 'Fox', 'Gray', 'Hall',"
        " 'Ito', 'Jones', 'Kova', 'Lund', 'Mora'], share_of(i, 'last name')) || ' ' || i AS name,"
        f" numbered('t', 1 + i % {TEAMS}) AS team_id, DATE '2020-06-01' AS active_from"
        f" FROM range(1, {REPS + 1}) AS r(i)"
    )


def _customers(rows: int) -> str:
    return (
        "SELECT numbered('c', i) AS id, 'Firm ' || lpad(CAST(i AS VARCHAR), 6, '0') AS name,"
        " TIMESTAMP '2019-01-01' + INTERVAL 1 MINUTE * CAST(3600000 * share_of(i, 'born') AS BIGINT) AS created_at,"
        " pick(['small', 'small', 'small', 'medium', 'medium', 'large'], share_of(i, 'size')) AS segment,"
        " pick(['retail', 'banking', 'health', 'machinery', 'software', 'food', 'energy'], share_of(i, 'trade'))"
        " AS industry, pick(['b2b', 'b2b', 'b2b', 'b2c'], share_of(i, 'kind')) AS business_type,"
        " pick(['DE', 'FR', 'HU', 'RO', 'BR', 'CN', 'US'], share_of(i, 'country')) AS country,"
        f" numbered('u', 1 + {REPS} * share_of(i, 'owner')) AS owner_id,"
        " pick(['phone', 'web', 'instagram', 'whatsapp', 'event'], share_of(i, 'door')) AS acquired_channel"
        f" FROM range(1, {rows + 1}) AS r(i)"
    )


def _costs() -> str:
    categories = "['salaries', 'training', 'commissions', 'tools_software', 'marketing', 'advertising', 'retention']"
    return (
        "SELECT 'x' || (m * 1000 + t * 10 + c) AS id,"
        " CAST(last_day(DATE '2021-01-01' + INTERVAL 1 MONTH * m) AS DATE) AS booked_on,"
        f" {categories}[c] AS category, numbered('t', t) AS team_id,"
        " CASE WHEN c IN (5, 6) THEN pick(['phone', 'web', 'instagram', 'whatsapp', 'event'],"
        " share_of(m * 1000 + t * 10 + c, 'channel')) END AS channel,"
        " CAST(round([90000, 4000, 20000, 6000, 15000, 25000, 8000][c]"
        " * (0.8 + 0.4 * share_of(m * 1000 + t * 10 + c, 'cost')) * (1 + m / 60.0), 2) AS DECIMAL(18, 4)) AS amount"
        f" FROM range(60) AS months(m), range(1, {TEAMS + 1}) AS teams(t), range(1, 8) AS categories(c)"
    )


def _orders(rows: int, customers: int) -> str:
    amount = "round(exp(5.6 + 0.8 * bell(i, 'order amount')), 2)"
    return (
        "SELECT numbered('a', i) AS id,"
        f" numbered('c', 1 + {customers} * pow(share_of(i, 'buyer'), 1.5)) AS customer_id,"
        f" numbered('u', 1 + {REPS} * share_of(i, 'seller')) AS owner_id,"
        f" numbered('p', 1 + {PRODUCTS} * pow(share_of(i, 'goods'), 1.4)) AS product_id,"
        " pick(['phone', 'web', 'web', 'web', 'instagram', 'whatsapp', 'event'], share_of(i, 'shop')) AS channel,"
        " TIMESTAMP '2021-01-01' + INTERVAL 1 MINUTE"
        f" * CAST({_DAYS * 1440 - 400} * pow(share_of(i, 'time'), 0.8) AS BIGINT) AS ordered_at,"
        f" CAST({amount} AS DECIMAL(18, 4)) AS amount,"
        " CASE WHEN share_of(i, 'known') < 0.92"
        f" THEN CAST(round({amount} * (0.3 + 0.4 * share_of(i, 'margin')), 2) AS DECIMAL(18, 4)) END AS cost_of_goods,"
        " CASE WHEN share_of(i, 'status') < 0.97 THEN 'completed' ELSE 'cancelled' END AS status"
        f" FROM range(1, {rows + 1}) AS r(i)"
    )


def _opportunities(rows: int, customers: int) -> str:
    begun = (
        "SELECT i, DATE '2021-01-01' + CAST(floor("
        f"{_DAYS} * pow(share_of(i, 'created'), 0.8)) AS INTEGER) AS created,"
        f" 1 + CAST(floor({PRODUCTS} * pow(share_of(i, 'product'), 1.4)) AS INTEGER) AS product,"
        f" 1 + CAST(floor({REPS} * pow(share_of(i, 'rep'), 1.2)) AS INTEGER) AS rep,"
        f" CASE WHEN share_of(i, 'rivalry') < 0.3 THEN 1 + CAST(floor({COMPETITORS} * pow(share_of(i, 'rival'), 2))"
        f" AS INTEGER) END AS rival FROM range(1, {rows + 1}) AS r(i)"
    )
    ended = (
        "SELECT *, created + CAST(3 + (1 + product % 3 / 2.0) * exp(3.2 + 0.8 * bell(i, 'cycle')) AS INTEGER) AS due,"
        " 0.25 + 0.35 * share_of(rep, 'skill') + 0.1 * share_of(product, 'appeal')"
        " - CASE WHEN rival IS NULL THEN 0 ELSE 0.1 END AS chance FROM begun"
    )
    # A quarter of the deals are pushed into the last week of their quarter; weekends give way to Fridays.
    pushed = (
        "SELECT *, CASE WHEN share_of(i, 'push') < 0.25 THEN"
        " greatest(due, CAST(date_trunc('quarter', due) + INTERVAL 3 MONTH AS DATE) - 1"
        " - CAST(floor(7 * share_of(i, 'last days')) AS INTEGER)) ELSE due END AS late FROM ended"
    )
    closed = (
        "SELECT *, late - greatest(0, CAST(isodow(late) AS INTEGER) - 5) AS closing,"
        " share_of(i, 'luck') < chance AS won,"
        " late - greatest(0, CAST(isodow(late) AS INTEGER) - 5) <= DATE '2025-12-31' AS done FROM pushed"
    )
    time = "INTERVAL 1 MINUTE * CAST(480 + 540 * share_of(i, 'clock') AS BIGINT)"
    return (
        f"WITH begun AS ({begun}), ended AS ({ended}), pushed AS ({pushed}), closed AS ({closed})"
        " SELECT numbered('o', i) AS id,"
        f" numbered('c', 1 + {customers} * pow(share_of(i, 'customer'), 1.5)) AS customer_id,"
        " numbered('u', rep) AS owner_id, numbered('p', product) AS product_id, numbered('k', rival) AS competitor_id,"
        " pick(['phone', 'phone', 'web', 'web', 'web', 'instagram', 'whatsapp', 'event'], share_of(i, 'channel'))"
        " AS channel, pick(['website', 'website', 'social media', 'e-mail', 'fair'], share_of(i, 'source')) AS source,"
        f" CAST(created AS TIMESTAMP) + {time} AS created_at,"
        " CASE WHEN share_of(i, 'contact') < 0.9 THEN CAST(created - CAST(floor(20 * share_of(i, 'before')) AS INTEGER)"
        f" AS TIMESTAMP) + {time} END AS first_contact_at,"
        f" CASE WHEN done THEN CAST(closing AS TIMESTAMP) + {time} END AS closed_at,"
        " CASE WHEN NOT done THEN 'open' WHEN won THEN 'won' ELSE 'lost' END AS outcome,"
        " CASE WHEN done AND NOT won AND share_of(i, 'told') < 0.8"
        " THEN numbered('b', 1 + 5 * share_of(i, 'reason')) END AS loss_reason_id,"
        " created + 30 + CAST(floor(60 * share_of(i, 'plan')) AS INTEGER) AS expected_close_on,"
        " CAST(round(exp(6.5 + product % 7 / 4.0 + 0.6 * bell(i, 'amount')), 2) AS DECIMAL(18, 4)) AS amount"
        " FROM closed"
    )
