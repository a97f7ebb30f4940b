"""A lending library: readers, their loans, and the stretches of time in which they come."""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import (
    COUNT,
    LOWER,
    MONEY,
    SHARE,
    BuildContext,
    Code,
    Codes,
    DerivedEntity,
    Dimension,
    Entity,
    Field,
    LookUp,
    Metric,
    NoteWords,
    RollUp,
    RowCheck,
    Setting,
    Type,
    count,
    hookimpl,
    standing,
    target,
    total,
)

STATE = Codes((Code("kept", ("ok", "fine")), Code("damaged", ("broken", "kaputt"))))


@hookimpl
def kpi_settings() -> Iterator[Setting]:
    yield Setting("late_days", Type.INTEGER, "days after which a loan is late", 30, least=0)
    yield Setting("patience_days", Type.INTEGER, "days without a loan after which a reader is gone", 60, least=1)


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
    stretch = (
        Field("stretch", "reader_id", Type.TEXT, "Who came.", refers_to="reader"),
        Field("stretch", "since_on", Type.DATE, "Day of the first loan."),
        Field("stretch", "until_on", Type.DATE, "First day without the reader; empty until then."),
        Field("stretch", "town", Type.TEXT, "Where the reader lives.", dimension=True),
    )
    impossible = (RowCheck("returned_on < lent_on", "returned_before_lent"),)
    yield Entity("reader", "Somebody who may borrow.", reader, label="name")
    yield Entity("loan", "A book that somebody took home.", loan, main_date="lent_on", checks=impossible)
    yield Entity("stretch", "A time in which a reader came.", stretch, ("reader_id", "since_on"), "since_on", made=True)


def stretches(context: BuildContext) -> str:
    """Return the SELECT of the stretches: a reader who stays away too long begins a new one."""
    loans, patience = context.table("loan", "reader_id", "lent_on"), context.settings["patience_days"]
    return f"""
        WITH visit AS (SELECT DISTINCT reader_id, lent_on FROM {loans} WHERE reader_id IS NOT NULL AND lent_on NOTNULL),
        apart AS (
            SELECT *, coalesce(lent_on - lag(lent_on) OVER own > {patience}, TRUE) AS begins FROM visit
            WINDOW own AS (PARTITION BY reader_id ORDER BY lent_on)
        ), numbered AS (
            SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY reader_id ORDER BY lent_on) AS number FROM apart
        )
        SELECT reader_id, min(lent_on) AS since_on,
            CASE WHEN max(lent_on) + {patience} <= DATE '{context.today}' THEN max(lent_on) + {patience} END AS until_on
        FROM numbered GROUP BY reader_id, number"""


@hookimpl
def kpi_derived_entities() -> Iterator[DerivedEntity]:
    yield DerivedEntity(
        "stretch",
        origin="reader",
        through="reader_id",
        columns=("reader_id", "since_on", "until_on"),
        reads={"loan": ("reader_id", "lent_on")},
        settings=("patience_days",),
        build=stretches,
    )


@hookimpl
def kpi_note_words() -> Iterator[NoteWords]:
    many, one = "{rows:,} loans came back before they were lent", "1 loan came back before it was lent"
    yield NoteWords("returned_before_lent", many, one)


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
    coming = standing("stretch", since="since_on", until="until_on")
    share = {"late": late, "loans": loans}
    yield Metric("loans", name="Loans", unit=COUNT, inputs={"loans": loans})
    yield Metric("late_share", name="Late loans", unit=SHARE, better=LOWER, formula="late / loans", inputs=share)
    yield Metric("fees", name="Fees", unit=MONEY, inputs={"fees": total("loan", "fee", when="lent_on")})
    yield Metric("books_out", name="Books out", unit=COUNT, inputs={"out": out})
    yield Metric("active_readers", name="Readers who come", unit=COUNT, inputs={"readers": coming})
    yield Metric(
        "loans_reached", name="Loans of the target", unit=SHARE, formula="loans / goal",
        inputs={"loans": loans, "goal": target("loans")},
    )  # fmt: skip
