"""A lending library as a plugin: a vocabulary that has nothing to do with sales."""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    COUNT,
    LOWER,
    MONEY,
    SHARE,
    Code,
    Codes,
    Dimension,
    Entity,
    Field,
    LookUp,
    Metric,
    RollUp,
    Setting,
    Type,
    count,
    hookimpl,
    standing,
    target,
    total,
)

STATE = Codes((Code("kept", ("ok",)), Code("damaged", ("broken", "kaputt"))))


@hookimpl
def kpi_settings() -> Iterator[Setting]:
    yield Setting("late_days", Type.INTEGER, "days after which a loan is late", 30, least=0)


@hookimpl
def kpi_entities() -> Iterator[Entity]:
    reader = (
        Field("reader", "id", Type.TEXT, "Number of the reader."),
        Field("reader", "name", Type.TEXT, "Name of the reader."),
        Field("reader", "town", Type.TEXT, "Where the reader lives.", dimension=True),
        Field("reader", "loan_count", Type.INTEGER, "Loans so far.", how=(RollUp("reader_id", count("loan")),)),
    )
    late = "days(lent_on, coalesce(returned_on, period.as_of)) > setting.late_days"
    loan = (
        Field("loan", "id", Type.TEXT, "Number of the loan."),
        Field("loan", "reader_id", Type.TEXT, "Who took it home.", refers_to="reader"),
        Field("loan", "town", Type.TEXT, "Town.", how=(LookUp("reader_id", "reader", "town"),), dimension=True),
        Field("loan", "lent_on", Type.DATE, "First day."),
        Field("loan", "returned_on", Type.DATE, "Day of the return; empty until then."),
        Field("loan", "fee", Type.MONEY, "What was paid for it."),
        Field("loan", "currency", Type.TEXT, "Currency of the fee.", dimension=True),
        Field("loan", "state", Type.TEXT, "How it came back.", dimension=True, codes=STATE),
        Field("loan", "late", Type.BOOLEAN, "Whether it came, or is, late.", how=(late,)),
    )
    yield Entity("reader", "Somebody who may borrow.", reader, label="name")
    yield Entity("loan", "A book that somebody took home.", loan, main_date="lent_on")


@hookimpl
def kpi_fields() -> Iterator[Field]:
    yield Field("target", "town", Type.TEXT, "Town that the target is set for.", dimension=True)


@hookimpl
def kpi_dimensions() -> Iterator[Dimension]:
    yield Dimension("reader", "Who borrows.", entity="reader", key="reader_id")
    yield Dimension("town", "Where readers live.")
    yield Dimension("currency", "Currency as it was given.")
    yield Dimension("state", "How a book came back.")


@hookimpl
def kpi_metrics() -> Iterator[Metric]:
    loans = count("loan", when="lent_on")
    late = count("loan", when="lent_on", where="late")
    out = standing("loan", since="lent_on", until="returned_on")
    yield Metric("loans", name="Loans", unit=COUNT, inputs={"loans": loans})
    yield Metric(
        "late_share", "Late", SHARE, better=LOWER, formula="late / loans", inputs={"late": late, "loans": loans}
    )
    yield Metric("fees", name="Fees", unit=MONEY, inputs={"fees": total("loan", "fee", when="lent_on")})
    yield Metric("books_out", name="Books out", unit=COUNT, inputs={"out": out})
    yield Metric(
        "loans_reached", name="Loans of the target", unit=SHARE, formula="loans / goal",
        inputs={"loans": loans, "goal": target("loans")},
    )  # fmt: skip
