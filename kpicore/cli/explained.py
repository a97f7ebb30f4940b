"""An explanation as a page for people and as a record for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicore.cli.formula import plain, with_numbers
from kpicore.cli.screen import terminal_table
from kpicore.cli.sources import source_record, source_words
from kpicore.cli.statuses import interval_words, meaning_line
from kpicore.insight.bands import judged
from kpicore.insight.intervals import interval
from kpicore.insight.result import judgement_record, record
from kpicore.model.figures import name_of, number
from kpicore.text.plain_text import harmless
from kpicore.wording.phrases import cut_words, time_words

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

    from kpicore.engine.explain.explain import Explanation, InputExplained
    from kpicore.engine.explain.records import Records
    from kpicore.engine.scan.statements import BoundStatement
    from kpicore.wording.wording import Wording
    from kpicore.workspace import Workspace

# what is quoted is matched first, so that an AND in a name begins no line
_CLAUSE = re.compile(r"""("[^"]*"|'[^']*')|\s(?=(?:FROM|JOIN|WHERE|AND|GROUP BY|ORDER BY)\s)""")


def page(
    explanation: Explanation, workspace: Workspace, period: str, listed: int, sql: bool
) -> Iterator[RenderableType]:
    """Yield the parts of the page; `listed` is how many records to list of each input, 0 for none."""
    from rich.text import Text

    answer, metric = explanation.answer, explanation.definition.metric
    yield Text.assemble((metric.name, "bold"), "  ", (name_of(answer), "cyan"), "  ", _subject(explanation, period))
    meaning = explanation.definition.spec.meaning
    if meaning:
        yield Text(meaning, style="dim")
    yield _sum(explanation, workspace.wording)
    judgement, sure = judged(answer, metric), interval(answer, explanation.definition)
    if judgement is not None:
        yield meaning_line(judgement)
    if sure.bounds is not None:
        yield Text(f"95 % interval: {interval_words(sure, workspace.wording)}", style="dim")
    yield _inputs(explanation)
    for note in workspace.wording.notes(answer.notes):
        yield Text(f"· {harmless(note)}")
    if explanation.sources:
        zone = workspace.config.timezone
        yield Text(f"From {'; '.join(source_words(source, zone) for source in explanation.sources)}", style="dim")
    yield Text(_versions(explanation, workspace), style="dim")
    if listed:
        for path, input_ in _all_inputs(explanation):
            yield from _records(path, input_, listed)
    if sql:
        for path, input_ in _all_inputs(explanation):
            for statement in input_.statements:
                yield Text(f"\n{path}", style="bold")
                yield _statement(statement)


def _subject(explanation: Explanation, written: str) -> str:
    question = explanation.answer.question
    key = question.period.key
    period = key if written.strip().casefold() == key.casefold() else f"{written} = {key}"
    as_of = [f"as of {question.as_of}"] if question.as_of else []
    return " · ".join(part for part in (period, cut_words(question.cuts), *as_of) if part)


def _sum(explanation: Explanation, wording: Wording) -> Text:
    """Return "63.2% = kept / base = 4,238 / 6,711", or the reason in place of the value."""
    from rich.text import Text

    answer = explanation.answer
    if answer.value is None:
        first = (wording.why_none(answer), "bold yellow")
    else:
        first = (number(answer.value, answer.unit), "bold green")
    if explanation.formula in answer.inputs:
        return Text.assemble(first)
    known = {**explanation.fixed, **answer.inputs}
    sign = " = " if answer.value is not None else "; "
    return Text.assemble(first, sign, explanation.formula, " = ", with_numbers(explanation.formula, known))


def _inputs(explanation: Explanation) -> Table:
    from rich.text import Text

    shown = terminal_table("input", names=1)
    shown.add_numbers("value", "rows")
    shown.add_column("what it is")
    for path, input_ in _all_inputs(explanation):
        depth, name = path.count("."), path.rpartition(".")[2]
        rows = f"{input_.n:,}" if input_.statements else ""
        shown.add_row(
            Text("  " * depth + name, style="bold"), _amount(input_), Text(rows, style="dim"), Text(_what(input_))
        )
    return shown


def _amount(input_: InputExplained) -> str:
    if input_.value is None or input_.below is None:
        return plain(input_.value)
    return number(input_.value, input_.below.answer.unit)


def _what(input_: InputExplained) -> str:
    """Return what an input is; one that is a KPI is that KPI's formula."""
    if input_.below is None:
        return input_.words
    answer = input_.below.answer
    formula = "" if input_.below.formula in answer.inputs else f" = {input_.below.formula}"
    return f"KPI {name_of(answer)} for {answer.question.period}{formula}"


def _all_inputs(explanation: Explanation, above: str = "") -> Iterator[tuple[str, InputExplained]]:
    """Yield every input by its path, those of a KPI that is an input below it: "share", "share.late"."""
    for input_ in explanation.inputs:
        path = f"{above}{input_.name}"
        yield path, input_
        if input_.below is not None:
            yield from _all_inputs(input_.below, f"{path}.")


def _records(path: str, input_: InputExplained, limit: int) -> Iterator[RenderableType]:
    from rich.text import Text

    listing = input_.rows(limit)
    if input_.below is not None or not listing.columns:
        return
    more = f", the first {len(listing.rows):,} of them (--limit {listing.total} for all)" if _is_cut(listing) else ""
    rows = f"{listing.total:,} row{'s' if listing.total != 1 else ''}"
    yield Text.assemble(("\n" + path, "bold"), f"  {rows}{more}")
    if not listing.rows:
        return
    shown = terminal_table()
    for at, name in enumerate(listing.columns):
        numbers = any(isinstance(row[at], int | float | Decimal) for row in listing.rows)
        whole = numbers or any(isinstance(row[at], date) for row in listing.rows)
        shown.add_column(Text(name), justify="right" if numbers else "left", no_wrap=whole)
    for row in listing.rows:
        shown.add_row(*(Text(_cell(value)) for value in row))
    yield shown


def _is_cut(rows: Records) -> bool:
    return rows.total > len(rows.rows)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return plain(float(value))
    return harmless(value)


def _statement(statement: BoundStatement) -> Text:
    """Return the statement, a clause a line, and its values."""
    from rich.text import Text

    lines = _CLAUSE.sub(lambda match: match[1] or "\n  ", statement.sql)
    values = ", ".join(
        f"${at} = " + (f"'{harmless(value)}'" if isinstance(value, str) else str(value))
        for at, value in enumerate(statement.values, 1)
    )
    return Text.assemble((lines, "cyan"), (f"\n{values}" if values else "", "dim"))


def _versions(explanation: Explanation, workspace: Workspace) -> str:
    answer = explanation.answer
    time = f", {time_words(answer.data_time, workspace.config.timezone)}" if answer.data_time else ""
    return f"Definition {answer.definition} · data version {answer.data_version}{time}"


def explained_record(explanation: Explanation, wording: Wording, listed: int, sql: bool) -> dict[str, Any]:
    """Return an explanation as a dict that JSON can hold: the answer of `kpi get`, and more."""
    metric = explanation.definition.metric
    return {
        **record(explanation.answer, wording),
        **judgement_record(judged(explanation.answer, metric)),
        "name": metric.name,
        "asks": explanation.definition.spec.meaning,
        "formula": explanation.formula,
        "sources": [source_record(source) for source in explanation.sources],
        "explained": [_input_record(input_, wording, listed, sql) for input_ in explanation.inputs],
    }


def _input_record(input_: InputExplained, wording: Wording, listed: int, sql: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {"input": input_.name, "words": input_.words, "value": input_.value}
    if input_.below is not None:
        return {**fields, "below": explained_record(input_.below, wording, listed, sql)}
    listing = input_.rows(max(listed, 1))
    fields["rows"] = listing.total
    if listed:
        fields["records"] = [_row(listing.columns, row) for row in listing.rows]
    if sql:
        fields["statements"] = [
            {"sql": statement.sql, "values": [_plain(x) for x in statement.values]} for statement in input_.statements
        ]
    return fields


def _row(columns: tuple[str, ...], row: tuple[object, ...]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in zip(columns, row, strict=True)}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value
