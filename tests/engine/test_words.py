"""A spelling answers as its code does, for every field, spelling and definition; what is no code is left out and told.

The tiny company is loaded thrice: once with codes, once with a spelling of each in their place, once with more rows
whose words nobody has explained.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kpicore import UNKNOWN_WORDS, Answer, Batch, Codes, Definitions, KpiError, Metric, Workspace, count, load_plugins
from kpicore.engine.compile.measures import CompiledInput
from kpicore.engine.compile.requirements import columns_read
from kpicore.testing import TinySource, load, registry_of
from kpicore_crm.testing import DATA_TIME, tiny_company
from tests.crm import SETTINGS
from tests.engine.worlds import config_of, only

if TYPE_CHECKING:
    import pyarrow as pa

PLUGINS = load_plugins(())
REGISTRY = registry_of(PLUGINS)
DEFINITIONS = Definitions(REGISTRY, SETTINGS)
PERIODS = ("2025-02", "2025")
DECIDED_BY_ANOTHER_FIELD = {"opportunity_quality.qualified"}
"""A deal that has reached the stage counts whatever its outcome is."""
STAGES = "stage"
"""More stages are another sales process: their words are looked at without any question."""

Field = tuple[str, str]
ALL: Mapping[Field, Codes] = {
    (name, field): codes
    for name, each in REGISTRY.entities.items()
    if not each.made
    for field, codes in REGISTRY.codes(name).items()
}
CLOSED = [
    key
    for key, codes in ALL.items()
    if codes.closed and key[0] != STAGES and key[0] in {row.entity for row in tiny_company(REGISTRY).rows}
]


def _spelled(codes: Codes) -> Iterator[tuple[str, str]]:
    for code in codes.codes:
        yield from ((code.name, each) for each in dict.fromkeys((code.name, code.name.upper(), *code.spellings)))


def _rows(entity: str) -> list[dict[str, Any]]:
    for row in tiny_company(REGISTRY).rows:
        if row.entity == entity:
            found: list[dict[str, Any]] = row.rows.to_pylist()
            return found
    raise LookupError(entity)


def _company(entity: str, rows: list[dict[str, Any]]) -> TinySource:
    """Return the tiny company with other rows of one entity."""
    import pyarrow as pa

    def changed(each: Batch) -> pa.Table:
        if each.entity != entity:
            return each.rows
        names = dict.fromkeys(name for row in rows for name in row)
        known = {field.name: field.type for field in each.rows.schema}
        return pa.table(
            {name: pa.array([row.get(name) for row in rows], known.get(name, pa.string())) for name in names}
        )

    batches = tuple(replace(each, rows=changed(each)) for each in tiny_company(REGISTRY).rows)
    return TinySource("tiny company", batches)


def _opened(folder: Path, source: TinySource) -> Workspace:
    folder.mkdir()
    config = config_of(folder)
    report = load(config, REGISTRY, [source], data_time=DATA_TIME)
    assert not report.errors
    opened = Workspace(config, PLUGINS)
    opened.registry, opened.definitions = REGISTRY, DEFINITIONS  # read and compiled once for all companies
    return opened


def _comparing(field: Field) -> Iterator[tuple[str, str, CompiledInput]]:
    """Yield the variants that compare the field themselves, with the input that does."""
    for id, metric in REGISTRY.metrics.items():
        for variant in metric.variant_names:
            for each in DEFINITIONS.get(id, variant).inputs:
                if each.measure is not None and field in columns_read(each.measure):
                    yield id, variant, each


def _answer(opened: Workspace, id: str, variant: str, period: str) -> Answer | str:
    try:
        by = opened.definitions.get(id, variant).spec.needs_cut
        return opened.get(f"{id}.{variant}", period, by=by).answers[0]
    except KpiError as error:
        return str(error)


def _many(field: Field) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return rows of an entity, one for each spelling of each code: with the codes, and with the spellings."""
    entity, name = field
    base = _rows(entity)
    coded, spelled = [], []
    for at, (code, word) in enumerate(_spelled(ALL[field])):
        like = [each for each in base if each.get(name) == code] or base
        row = {**like[at % len(like)], "id": f"{name} {at}"}
        coded.append({**row, name: code})
        spelled.append({**row, name: word})
    return [*base, *coded], [*base, *spelled]


@pytest.mark.parametrize("field", CLOSED, ids=".".join)
def test_every_spelling_answers_as_its_code_in_every_definition_that_compares_the_field(
    tmp_path: Path, field: Field
) -> None:
    coded, spelled = _many(field)
    with (
        _opened(tmp_path / "coded", _company(field[0], coded)) as one,
        _opened(tmp_path / "spelled", _company(field[0], spelled)) as other,
    ):
        for id, variant, _ in _comparing(field):
            for period in PERIODS:
                assert _said(_answer(one, id, variant, period)) == _said(_answer(other, id, variant, period)), id
        own = only(v=count(field[0], when=_date(field[0]), where=f"{field[1]} = '{ALL[field].names[1]}'"))
        found = [_counted(each, own) for each in (one, other)]
        assert found[0] == found[1] > 0


@pytest.mark.parametrize("field", CLOSED, ids=".".join)
def test_a_row_with_a_word_that_nobody_explained_is_in_no_answer_that_compares_the_field_and_is_told(
    tmp_path: Path, field: Field
) -> None:
    entity, name = field
    base, _ = _many(field)
    strange = [{**each, "id": f"strange {at}", name: "Xyzzy"} for at, each in enumerate(base)]
    with (
        _opened(tmp_path / "known", _company(entity, base)) as one,
        _opened(tmp_path / "strange", _company(entity, [*base, *strange])) as other,
    ):
        for id, variant, each in _comparing(field):
            for period in PERIODS:
                before, after = (_answer(opened, id, variant, period) for opened in (one, other))
                if isinstance(before, str) or isinstance(after, str):
                    assert before == after
                    continue
                if f"{id}.{variant}" in DECIDED_BY_ANOTHER_FIELD:
                    continue
                assert before.inputs[each.name] == after.inputs[each.name], f"{id}.{variant} {each.name}"
                if before.inputs[each.name] and before.n:
                    [told] = [n for n in after.notes if n.kind == UNKNOWN_WORDS and n.value("field") == name][:1]
                    assert told.value("words")[0][0] == "Xyzzy", (id, variant)


def _said(answer: Answer | str) -> object:
    return answer if isinstance(answer, str) else (answer.value, answer.reason, answer.n, answer.inputs)


def _date(entity: str) -> str:
    return {"stage_history": "entered_on"}.get(entity, REGISTRY.entity(entity).main_date)


def _counted(opened: Workspace, own: Metric) -> float:
    with Workspace(
        opened.config, replace(PLUGINS, contributions=replace(PLUGINS.contributions, metrics=(("t", own),)))
    ) as it:
        [answer] = it.get("it", "2025").answers
    return answer.value or 0.0
