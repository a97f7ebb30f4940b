"""What people see and do: reports, pages, features of a workspace."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpicore.plugins.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from kpicore.model.features import Feature
    from kpicore.model.pages import Page
    from kpicore.model.reports import Report


@hookspec
def kpi_reports() -> Iterable[Report]:
    """Give reports for `kpi report`, on screen, as HTML and XLSX. A plugin that is complete, beside what it shows::

    from kpicore import Breakdown, Figures, Listing, Report, hookimpl, standing

    @hookimpl
    def kpi_reports():
        oldest = Listing(
            "oldest_loans", "Oldest loans", rows=standing("loan", since="lent_on", until="returned_on"),
            columns={"Book": "title", "Since": "lent_on"}, order="lent_on", ascending=True)
        yield Report("monday", "Monday meeting", (
            Figures("Last week", ("loans", "loans_late")), Breakdown("By branch", ("loans",), by=("branch",)), oldest))
    """
    return ()


@hookspec
def kpi_pages() -> Iterable[Page]:
    """Give pages that `kpi serve` shows beside its API.

    A browser lets a page load and run nothing. What one needs beyond that it says, directive by directive:
    `Page(…, needs=(("script-src", "'self'"), ("style-src", "'self'")))`. A plugin that is complete::

    from kpicore import Page, hookimpl

    def names(context):
        return " ".join(each.name for each in context.functions).encode()

    @hookimpl
    def kpi_pages():
        yield Page("functions.txt", "text/plain; charset=utf-8", names)
    """
    return ()


@hookspec
def kpi_features() -> Iterable[Feature]:
    """Give what `workspace.<name>` is, mostly a function of the workspace. A plugin that is complete::

    from kpicore import Entity, Feature, Field, Type, hookimpl

    @hookimpl
    def kpi_entities():
        fields = (
            Field("loan", "id", Type.TEXT, "Number of the loan."),
            Field("loan", "lent_on", Type.DATE, "When the book was lent."),
            Field("loan", "state", Type.TEXT, "out or back."),
        )
        yield Entity("loan", "A book that was lent.", fields, main_date="lent_on")

    def books_out(workspace):
        def count(period):
            tables, days = workspace.tables(), workspace.period(period)
            bind = tables.binding()
            out = bind.condition("e", "loan", "state = 'out'")
            lent = f"e.lent_on >= {bind.day(days.start)} AND e.lent_on < {bind.day(days.end)}"
            sql = f"SELECT count(*) FROM {bind.table('loan')} AS e WHERE {out} AND {lent}"
            return tables.query(sql, bind)[0][0]
        return count

    @hookimpl
    def kpi_features():
        yield Feature("books_out", "How many books were lent in a period and are not back.", books_out)
    """
    return ()
