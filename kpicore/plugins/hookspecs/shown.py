"""Hooks for what people read: words, rules, reports and pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpicore.plugins.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from kpicore.model.pages import Page
    from kpicore.model.reports import Report
    from kpicore.model.rules import Rule, Words
    from kpicore.wording.note_words import NoteWords


@hookspec
def kpi_rules() -> Iterable[Rule]:
    """Give joint rules: what several KPIs mean together, for `kpi advise`. A plugin that is complete, beside the KPIs
    that it speaks of::

    from kpicore import Rule, earlier, hookimpl, metric

    @hookimpl
    def kpi_rules():
        yield Rule(
            "shelves_run_empty", "More loans, fewer returns", about="loans",
            when="loans > loans_before and returns < returns_before",
            inputs={
                "loans": metric("loans"), "loans_before": earlier("loans", "previous"),
                "returns": metric("returns"), "returns_before": earlier("returns", "previous"),
            },
            meaning="More is lent and less comes back.", action="Remind those who are late.")
    """
    return ()


@hookspec
def kpi_words() -> Iterable[Words]:
    """Give what a language calls the KPIs, so that people find them by it. A plugin that is complete, beside the KPI
    that it describes::

    from kpicore import Words, hookimpl

    @hookimpl
    def kpi_words():
        yield Words("loans", "de", "Wie oft etwas ausgeliehen wurde.", ("Ausleihen", "Entleihungen"))
    """
    return ()


@hookspec
def kpi_note_words() -> Iterable[NoteWords]:
    """Give what notes of kinds of your own say: a text with the values of a note, and one for a single row, or a
    function of the values. A plugin that is complete::

    from kpicore import Entity, Field, NoteWords, RowCheck, Type, hookimpl

    @hookimpl
    def kpi_entities():
        fields = (
            Field("loan", "id", Type.TEXT, "Number of the loan."),
            Field("loan", "lent_on", Type.DATE, "When the book was lent."),
            Field("loan", "renewals", Type.INTEGER, "How often it was lent for longer."),
        )
        yield Entity("loan", "A book that was lent.", fields, main_date="lent_on",
                     checks=(RowCheck("renewals > 5", "often_renewed"),))

    @hookimpl
    def kpi_note_words():
        yield NoteWords("often_renewed", "{rows:,} loans were renewed too often", "1 loan was renewed too often")
    """
    return ()


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
        return " ".join(function.name for function in context.functions).encode()

    @hookimpl
    def kpi_pages():
        yield Page("functions.txt", "text/plain; charset=utf-8", names)
    """
    return ()
