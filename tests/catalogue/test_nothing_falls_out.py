"""No row falls out of a definition unsaid: for every condition, rows = true + false + told.

The rows are read here as they stand in the made tables, and each condition is asked of each row in
Python: nothing of the engine's statements is used.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import Aggregate, Answer, At, Codes, Input, Plugins, Type, Workspace, average, count, per, standing, total
from kpicore.engine.compile.measures import Flow, Grouped, Measure, Stock
from kpicore.language import row_python, text
from tests.catalogue.companies import company
from tests.catalogue.random_company import random_company
from tests.engine.worlds import only, sharing
from tests.said import note_texts

TODAY = date(2025, 7, 15)
PERIODS = {"2025-Q1": (date(2025, 1, 1), date(2025, 4, 1)), "2024-11": (date(2024, 11, 1), date(2024, 12, 1))}
Row = Mapping[str, object]


def with_gaps(tables: Mapping[str, str], seed: int, share: float) -> dict[str, str]:
    """Return the tables with cells emptied by dice, in every column but the first."""
    dice = random.Random(seed)

    def line(given: str) -> str:
        first, *rest = given.split()
        return " ".join([first, *("-" if dice.random() < share else each for each in rest)])

    lined = {name: [line.strip() for line in rows.strip().splitlines()] for name, rows in tables.items()}
    kept = ("stage", "target", "stage_history", "stage_task")  # their keys are more than one column, or they tell order
    return {
        name: tables[name] if name in kept else "\n".join([header, *map(line, rows)])
        for name, (header, *rows) in lined.items()
    }


@pytest.fixture(scope="module", params=[1, 2])
def of(request: pytest.FixtureRequest, packs: Plugins) -> Iterator[Workspace]:
    """A company made by dice, a fifth of whose cells are empty."""
    with tempfile.TemporaryDirectory() as folder:
        tables = with_gaps(random_company(request.param), request.param, 0.2)
        with company(Path(folder) / "gaps", packs, tables, qualified_stage=2) as opened:
            yield opened


class Told:
    """Counts the rows of one input by what its condition says of them, without the engine."""

    def __init__(self, of: Workspace) -> None:
        self.of = of
        self._rows: dict[str, list[Row]] = {}

    def rows(self, entity: str) -> list[Row]:
        if entity not in self._rows:
            names = [name for name, *_ in self.of.warehouse.query(f'DESCRIBE kpi."{entity}"')]
            found = self.of.warehouse.query(f'SELECT * FROM kpi."{entity}"')
            self._rows[entity] = [dict(zip(names, row, strict=True)) for row in found]
        return self._rows[entity]

    def says(self, measure: Measure, bounds: Mapping[str, object]) -> Callable[[Row], object]:
        settings_ = {f"setting.{name}": value for name, value in self.of.config.settings.items()}
        if measure.where is None:
            return lambda row: True
        condition = row_python(measure.where)
        return lambda row: condition({**settings_, **bounds, **row})

    def undated(self, measure: Measure) -> int:
        """Return the rows that would count, or might, had they a date."""
        unknown = self.says(measure, dict.fromkeys(("period.start", "period.end", "period.as_of")))
        date_ = dated(measure)
        return sum(row[date_] is None and unknown(row) is not False for row in self.rows(measure.entity))

    def verdicts(self, measure: Measure, start: date, end: date, key: str = "") -> list[object]:
        """Return what the condition says of each row of the period; a row without its `key` is in no group."""
        last = min(end - timedelta(days=1), TODAY)
        as_of = TODAY if isinstance(measure.source, Flow) else last
        if measure.at is At.START:
            as_of = start - timedelta(days=1)
        says = self.says(measure, {"period.start": start, "period.end": end, "period.as_of": as_of})
        rows = (row for row in self.rows(measure.entity) if not key or row[key] is not None)
        return [says(row) for row in rows if is_there(row, measure, start, last)]


def dated(measure: Measure) -> str:
    source = measure.source
    assert isinstance(source, Flow | Stock)
    return source.when if isinstance(source, Flow) else source.since


def is_there(row: Row, measure: Measure, start: date, last: date) -> bool:
    source = measure.source
    if isinstance(source, Flow):
        when = row[source.when]
        return isinstance(when, date) and start <= when <= last
    assert isinstance(source, Stock)
    since, until = row[source.since], row[source.until]
    if not isinstance(since, date) or (isinstance(until, date) and until < since):
        return False

    def at(day: date) -> bool:
        return since <= day and (not isinstance(until, date) or until > day)

    if measure.at is At.START:
        return at(start - timedelta(days=1))
    if measure.at is At.END:
        return at(last)
    if measure.at is At.MEAN:
        return since <= last and (not isinstance(until, date) or until > start)
    return at(start - timedelta(days=1)) or start <= since <= last


def number_told(texts: tuple[str, ...], pattern: str) -> int:
    found = [each for text_ in texts for each in re.findall(pattern, text_)]
    return int(found[0].replace(",", "")) if found else 0


def check(told: Told, measure: Measure, answer: Answer, period: tuple[date, date], key: str = "") -> None:
    entity = re.escape(measure.entity)
    made_stands = isinstance(measure.source, Stock) and told.of.registry.entity(measure.entity).made
    if not made_stands:
        without = number_told(
            note_texts(answer.notes), rf"^([\d,]+) rows? of {entity} ha(?:ve|s) no {dated(measure)} and"
        )
        assert without == told.undated(measure), (measure, answer.notes)
    if measure.where is None:
        return
    verdicts = told.verdicts(measure, *period, key)
    words = text(measure.where)
    told_of = rf"(?:[a-z_]+ or )*[a-z_]+ to tell whether {re.escape(words)}"
    lacking = rf"^([\d,]+) rows? of {entity} left out: no {words if words.isidentifier() else told_of}$"
    assert number_told(note_texts(answer.notes), lacking) == verdicts.count(None), (words, answer.notes)


def inputs(of: Workspace) -> dict[str, Input]:
    """Return every input of the packs that reads rows, once, by the key of its measure."""
    return {
        each.measure.key: each.given
        for metric in of.registry.metrics.values()
        for variant in metric.variant_names
        for each in of.definitions.get(metric.id, variant).inputs
        # a goal's rows are worked out by the engine and not read from a table
        if each.measure is not None and each.measure.entity != "target"
    }


def test_every_condition_of_the_packs_tells_the_rows_it_cannot_decide(of: Workspace) -> None:
    told, conditions = Told(of), 0
    metrics = [replace(only(v=each), id=f"m{at}") for at, each in enumerate(inputs(of).values())]
    asked = sharing(of, metrics)
    for metric in metrics:
        measure = asked.definitions.get(metric.id, "default").inputs[0].measure
        assert measure is not None
        group = measure.source.key if isinstance(measure.source, Grouped) else ""
        inner = measure.source.inner if isinstance(measure.source, Grouped) else measure
        for key, period in PERIODS.items():
            [answer] = asked.get(metric.id, key).answers
            if answer.reason not in ("not_loaded", "no_data"):
                check(told, inner, answer, period, group)
                conditions += 1
    assert conditions > 150


NAMES = {"opportunity": ("amount", "outcome", "forecast_category", "expected_close_on", "probability", "created_on"),
         "order": ("amount", "status", "channel", "ordered_on", "cost_of_goods", "customer_id"),
         "activity": ("duration_min", "type", "status", "on", "time_category", "owner_id")}  # fmt: skip
DATES = {"opportunity": "created_on", "order": "ordered_on", "activity": "on"}


@st.composite
def conditions(
    draw: st.DrawFn, types: Mapping[str, Type], names: tuple[str, ...], codes: Mapping[str, Codes], depth: int = 2
) -> str:
    """Give a condition over the fields of an entity."""
    if depth and draw(st.booleans()):
        one, other = (draw(conditions(types, names, codes, depth - 1)) for _ in range(2))
        return draw(
            st.sampled_from([f"({one} and {other})", f"({one} or {other})", f"not ({one})", f"(({one}) is null)"])
        )
    name = draw(st.sampled_from(names))
    if types[name] is Type.DATE:
        return draw(st.sampled_from([f"\"{name}\" >= date '2025-02-01'", f'days("{name}", period.as_of) > 30']))
    if types[name] is Type.TEXT:
        known = codes[name].names if name in codes else ("web", "won", "open", "call", "completed", "commit")
        word, other = draw(st.sampled_from(known)), known[0] if name in codes else "x"
        ways = (f"\"{name}\" = '{word}'", f"\"{name}\" <> '{word}'", f"\"{name}\" in ('{word}', '{other}')",
                f"coalesce(\"{name}\", '{other}') <> '{word}'", f'"{name}" is not null')  # fmt: skip
        return draw(st.sampled_from(ways))
    ways = (f'"{name}" > 50', f'100 / "{name}" < 2', f'coalesce("{name}", 0) <= 50', f'least("{name}", 9) = 9',
            f'case when "{name}" > 50 then "{name}" end > 60')  # fmt: skip
    return draw(st.sampled_from(ways))


@settings(max_examples=40, derandomize=True)
@given(data=st.data())
def test_every_own_condition_tells_them_too(of: Workspace, data: st.DataObject) -> None:
    entity = data.draw(st.sampled_from(sorted(NAMES)))
    where = data.draw(conditions(of.registry.columns(entity), NAMES[entity], of.registry.codes(entity)))
    word = data.draw(st.sampled_from(["count", "total", "average"]))
    value = NAMES[entity][0]
    given_: Aggregate
    if word == "count":
        given_ = count(entity, when=DATES[entity], where=where)
    elif word == "total":
        given_ = total(entity, value, when=DATES[entity], where=where)
    else:
        given_ = average(entity, value, when=DATES[entity], where=where)
    key = data.draw(st.sampled_from(sorted(PERIODS)))
    grouped = word == "count" and data.draw(st.booleans())
    definition = count(per("owner_id", given_)) if grouped and entity != "order" else given_
    [answer] = sharing(of, [only(v=definition)]).get("it", key).answers
    if answer.reason in ("not_loaded", "no_data"):
        return
    measure = sharing(of, [only(v=given_)]).definitions.get("it", "default").inputs[0].measure
    assert measure is not None
    told = Told(of)
    if definition is not given_:
        check(told, measure, answer, PERIODS[key], "owner_id")
        return
    check(told, measure, answer, PERIODS[key])
    verdicts = told.verdicts(measure, *PERIODS[key])
    if word == "count":
        assert answer.value == verdicts.count(True)
        assert len(verdicts) == answer.value + verdicts.count(False) + verdicts.count(None)


@settings(max_examples=30, derandomize=True)
@given(data=st.data())
def test_so_does_what_stands(of: Workspace, data: st.DataObject) -> None:
    where = data.draw(conditions(of.registry.columns("user"), ("team_id", "region_id", "name"), {}))
    at = data.draw(st.sampled_from(list(At)))
    key = data.draw(st.sampled_from(sorted(PERIODS)))
    definition = standing("user", since="active_from", until="active_to", at=at, where=where)
    [answer] = sharing(of, [only(v=definition)]).get("it", key).answers
    measure = sharing(of, [only(v=definition)]).definitions.get("it", "default").inputs[0].measure
    assert measure is not None
    if answer.reason is None:
        check(Told(of), measure, answer, PERIODS[key])
