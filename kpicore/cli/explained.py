"""An explanation as a page for people and as a record for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicore.cli.formula import plain, with_numbers
from kpicore.cli.screen import terminal_table
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

_CLAUSE = re.compile(r"""("[^"]*"|'[^']*')|\s(?=(?:FROM|JOIN|WHERE|AND|GROUP BY|ORDER BY)\s)""")


def page(found: Explanation, workspace: Workspace, asked: str, listed: int, sql: bool) -> Iterator[RenderableType]:
    """Yield the parts of the page; `listed` is how many records to list of each input, 0 for none."""
    from rich.text import Text

    answer, metric = found.answer, found.definition.metric
    yield Text.assemble((metric.name, "bold"), "  ", (name_of(answer), "cyan"), "  ", _subject(found, asked))
    meaning = found.definition.spec.meaning
    if meaning:
        yield Text(meaning, style="dim")
    yield _sum(found, workspace.wording)
    judgement, sure = judged(answer, metric), interval(answer, found.definition)
    if judgement is not None:
        yield meaning_line(judgement)
    if sure.bounds is not None:
        yield Text(f"95 % interval: {interval_words(sure)}", style="dim")
    yield _inputs(found)
    for note in workspace.wording.notes(answer.notes):
        yield Text(f"· {harmless(note)}")
    yield Text(_versions(found, workspace), style="dim")
    if listed:
        for path, each in _all_inputs(found):
            yield from _records(path, each, listed)
    if sql:
        for path, each in _all_inputs(found):
            for one in each.statements:
                yield Text(f"\n{path}", style="bold")
                yield _statement(one)


def _subject(found: Explanation, asked: str) -> str:
    question = found.answer.question
    key = question.period.key
    period = key if asked.strip().casefold() == key.casefold() else f"{asked} = {key}"
    as_of = [f"as of {question.as_of}"] if question.as_of else []
    return " · ".join(each for each in (period, cut_words(question.cuts), *as_of) if each)


def _sum(found: Explanation, wording: Wording) -> Text:
    """Return "63.2% = won / base = 4,238 / 6,711", or the reason in place of the value."""
    from rich.text import Text

    answer = found.answer
    if answer.value is None:
        first = (wording.why_none(answer), "bold yellow")
    else:
        first = (number(answer.value, answer.unit), "bold green")
    if found.formula in answer.inputs:
        return Text.assemble(first)
    known = {**found.fixed, **answer.inputs}
    sign = " = " if answer.value is not None else "; "
    return Text.assemble(first, sign, found.formula, " = ", with_numbers(found.formula, known))


def _inputs(found: Explanation) -> Table:
    from rich.text import Text

    shown = terminal_table("input", names=1)
    shown.add_numbers("value", "rows")
    shown.add_column("what it is")
    for path, each in _all_inputs(found):
        depth, name = path.count("."), path.rpartition(".")[2]
        rows = f"{each.n:,}" if each.statements else ""
        shown.add_row(
            Text("  " * depth + name, style="bold"), _amount(each), Text(rows, style="dim"), Text(_what(each))
        )
    return shown


def _amount(each: InputExplained) -> str:
    if each.value is None or each.below is None:
        return plain(each.value)
    return number(each.value, each.below.answer.unit)


def _what(each: InputExplained) -> str:
    """Return what an input is; one that is a KPI is that KPI's formula."""
    if each.below is None:
        return each.words
    answer = each.below.answer
    formula = "" if each.below.formula in answer.inputs else f" = {each.below.formula}"
    return f"KPI {name_of(answer)} for {answer.question.period}{formula}"


def _all_inputs(found: Explanation, above: str = "") -> Iterator[tuple[str, InputExplained]]:
    """Yield every input by its path, those of a KPI that is an input below it: "cac", "cac.cost"."""
    for each in found.inputs:
        path = f"{above}{each.name}"
        yield path, each
        if each.below is not None:
            yield from _all_inputs(each.below, f"{path}.")


def _records(path: str, each: InputExplained, limit: int) -> Iterator[RenderableType]:
    from rich.text import Text

    found = each.rows(limit)
    if each.below is not None or not found.columns:
        return
    more = f", the first {len(found.rows):,} of them (--limit {found.total} for all)" if _is_cut(found) else ""
    rows = f"{found.total:,} row{'s' if found.total != 1 else ''}"
    yield Text.assemble(("\n" + path, "bold"), f"  {rows}{more}")
    if not found.rows:
        return
    shown = terminal_table()
    for at, name in enumerate(found.columns):
        numbers = any(isinstance(row[at], int | float | Decimal) for row in found.rows)
        whole = numbers or any(isinstance(row[at], date) for row in found.rows)
        shown.add_column(Text(name), justify="right" if numbers else "left", no_wrap=whole)
    for row in found.rows:
        shown.add_row(*(Text(_cell(value)) for value in row))
    yield shown


def _is_cut(found: Records) -> bool:
    return found.total > len(found.rows)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return plain(float(value))
    return harmless(value)


def _statement(one: BoundStatement) -> Text:
    """Return the statement, a clause a line, and its values."""
    from rich.text import Text

    lines = _CLAUSE.sub(lambda found: found[1] or "\n  ", one.sql)
    values = ", ".join(
        f"${at} = " + (f"'{harmless(each)}'" if isinstance(each, str) else str(each))
        for at, each in enumerate(one.values, 1)
    )
    return Text.assemble((lines, "cyan"), (f"\n{values}" if values else "", "dim"))


def _versions(found: Explanation, workspace: Workspace) -> str:
    answer = found.answer
    time = f", {time_words(answer.data_time, workspace.config.timezone)}" if answer.data_time else ""
    return f"Definition {answer.definition} · data version {answer.data_version}{time}"


def explained_record(found: Explanation, wording: Wording, listed: int, sql: bool) -> dict[str, Any]:
    """Return an explanation as a dict that JSON can hold: the answer of `kpi get`, and more."""
    metric = found.definition.metric
    return {
        **record(found.answer, wording),
        **judgement_record(judged(found.answer, metric)),
        "name": metric.name,
        "asks": found.definition.spec.meaning,
        "formula": found.formula,
        "explained": [_input_record(each, wording, listed, sql) for each in found.inputs],
    }


def _input_record(each: InputExplained, wording: Wording, listed: int, sql: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"input": each.name, "words": each.words, "value": each.value}
    if each.below is not None:
        return {**found, "below": explained_record(each.below, wording, listed, sql)}
    listing = each.rows(max(listed, 1))
    found["rows"] = listing.total
    if listed:
        found["records"] = [_row(listing.columns, row) for row in listing.rows]
    if sql:
        found["statements"] = [{"sql": one.sql, "values": [_plain(x) for x in one.values]} for one in each.statements]
    return found


def _row(columns: tuple[str, ...], row: tuple[object, ...]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in zip(columns, row, strict=True)}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value
