"""A lending library: a plugin of a third party that hangs something on each hook about the workspace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from kpicore import Workspace, load_plugins
from kpicore.testing import EntryPoint, TinySource, batch
from tests.engine.worlds import config_of

LOANS = """
    id lent_on    state reminders branch
    l1 2025-01-10 back  2         North
    l2 2025-02-03 out   0         North
    l3 2025-02-20 out   1         South
    l4 2025-03-01 back  -         South
"""
ON = datetime(2025, 3, 31, 12, tzinfo=UTC)

LIBRARY = """
from datetime import date
from kpicore import Dimension, Entity, Evidence, Field, Note, Presumption, Type, total

@hookimpl
def kpi_entities():
    fields = (
        Field("loan", "id", Type.TEXT, "Number of the loan."),
        Field("loan", "lent_on", Type.DATE, "When the book was lent."),
        Field("loan", "state", Type.TEXT, "out or back."),
        Field("loan", "branch", Type.TEXT, "Where.", dimension=True),
        Field("loan", "reminders", Type.INTEGER, "Letters to the reader.", presumes=("reminders",)),
        Field("loan", "was_reminded", Type.BOOLEAN, "Whether.", how=("reminders > 0",)),
    )
    yield Entity("loan", "A book that was lent.", fields, main_date="lent_on")

@hookimpl
def kpi_dimensions():
    yield Dimension("branch", "Where a book was lent.")

@hookimpl
def kpi_metrics():
    yield Metric("loans", name="Loans", unit=COUNT, inputs={"n": count("loan", when="lent_on")})
    reminders = total("loan", "reminders", when="lent_on")
    yield Metric("reminders", name="Reminders", unit=COUNT, inputs={"n": reminders})
    reminded = count("loan", when="lent_on", where="was_reminded")
    yield Metric("reminded", name="Loans reminded of", unit=COUNT, inputs={"n": reminded})
"""


def opened(folder: Path, points: Iterable[EntryPoint], **tables: str) -> Workspace:
    """Return a workspace of the plugins with these tables loaded."""
    folder.mkdir(exist_ok=True)
    found = Workspace(config_of(folder), load_plugins(found=points))
    given = {"loan": LOANS, **tables}
    source = TinySource("desk", tuple(batch(found.registry, name, text) for name, text in given.items()))
    assert found.load([source], data_time=ON).errors == ()
    return found
