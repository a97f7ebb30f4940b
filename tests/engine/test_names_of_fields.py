"""Own fields may be named as anything, also as what our statements call their own columns: no answer changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest

import kpicore
import kpicore_crm
from kpicore import (
    COUNT,
    MONEY,
    BadDefinition,
    Dimension,
    Field,
    Input,
    Metric,
    Plugins,
    Type,
    Workspace,
    count,
    distinct,
    latest,
    per,
    standing,
    total,
)
from kpicore.testing import plugins_with
from kpicore_crm.cohorts import cohorts
from tests.crm import PLUGINS
from tests.engine.worlds import at, config_of, load_tables
from tests.said import note_texts

FIRST = {
    "opportunity": """
        id customer_id owner_id stage_id created_at closed_at  outcome amount currency
        o1 c1          u1       s1       2025-01-05 2025-01-25 won     100    EUR
        o2 c2          u1       s2       2025-01-10 2025-04-09 won     200    -
        o3 c3          u2       s1       2025-01-15 2025-02-15 lost    150    -
        o4 c1          u2       s2       2025-02-01 -          open    300    -
        o5 c2          u2       s1       -          -          perhaps 70     -
    """,
    "customer": "id name first_purchase_at\nc1 Acme 2025-01-25\nc2 Blue 2025-02-09\nc3 Coco -",
    "order": "id customer_id ordered_at amount status\nn1 c1 2025-01-26 100 paid\nn2 c2 2025-02-10 50 paid\n"
    "n3 c1 2025-03-01 70 paid",
    "stage": "id name position outcome\ns1 Talk 1 open\ns2 Offer 2 open\ns3 Won 3 won",
    "stage_history": "opportunity_id stage_id entered_at\no2 s1 2025-01-10\no2 s3 2025-04-09",
    "fx_rate": "currency rate_on rate\nEUR 2025-01-01 1.1",
}
THEN = {
    "opportunity": """
        id customer_id owner_id stage_id created_at closed_at outcome amount currency
        o4 c1          u2       s2       2025-02-01 2025-06-09 won    310    EUR
        o6 c3          u1       s1       -          -          open   40     -
    """
}
WON = "outcome = 'won'"


def kpi(id: str, given: Input) -> Metric:
    return Metric(id, name=id, unit=COUNT, inputs={"v": given})


METRICS = (
    Metric(
        "won",
        name="Won",
        unit=MONEY,
        variants={
            "closed": {"v": total("opportunity", "amount", when="closed_on", where=WON)},
            "created": {"v": total("opportunity", "amount", when="created_on", where=WON)},
        },
    ),
    kpi("deals", count("opportunity", when="created_on", where="amount > 100")),
    kpi("buyers", distinct("opportunity", "customer_id", when="created_on")),
    kpi("pipeline", standing("opportunity", "amount", since="created_on", until="closed_on")),
    kpi("staged", standing("opportunity_stage", "amount", since="since_on", until="until_on")),
    kpi("busy", count(per("owner_id", count("opportunity", when="created_on")), where="value > 1")),
)


def our_names() -> frozenset[str]:
    """Return every name that a statement of ours gives anything, as the sources have them."""
    sources = (file for package in (kpicore, kpicore_crm) for file in Path(package.__file__).parent.rglob("*.py"))
    names = {name for file in sources for name in re.findall(r"\bAS ([a-z][a-z0-9_]*)", file.read_text("utf-8"))}
    assert {"a", "word", "until_at"} <= names
    return frozenset({*names, "d0", "s0", "c0", "z0", "value_0", "load", "number", "changed_rows"})


def with_columns(text: str, names: Iterable[str]) -> str:
    """Return a text table with more columns, of which every second row says x and the others y."""
    header, *lines = text.strip().splitlines()
    more = list(names)
    rows = [" ".join([line, *["xy"[at % 2]] * len(more)]) for at, line in enumerate(lines)]
    return "\n".join([" ".join([header, *more]), *rows])


def plugins_for(fields: Mapping[str, Iterable[str]], metrics: Iterable[Metric] = METRICS) -> Plugins:
    own = [
        ("test", Field(entity, name, Type.TEXT, "own", dimension=True))
        for entity, names in fields.items()
        for name in names
    ]
    cuts = [("test", Dimension(name, "own")) for name in sorted({field.name for _, field in own})]
    return plugins_with(PLUGINS, fields=own, dimensions=cuts, metrics=[("test", metric) for metric in metrics])


def loaded(folder: Path, names: frozenset[str]) -> Workspace:
    """Return a workspace whose entities have own fields of these names, filled, after two loads."""
    there = plugins_for({})
    registry = Workspace(config_of(folder), there).registry
    fields = {entity: sorted(names - {*registry.columns(entity)}) for entity in FIRST}
    plugins = plugins_for(fields)
    for day, tables in (("2025-05-01", FIRST), ("2025-07-01", THEN)):
        wide = {entity: with_columns(text, fields[entity]) for entity, text in tables.items()}
        load_tables(config_of(folder), wide, at=at(day), plugins=plugins)
    return Workspace(config_of(folder), plugins)


def answers(workspace: Workspace) -> dict[str, object]:
    """Return what is answered in every way there is, by the way."""
    said: dict[str, object] = {}
    for metric in METRICS:
        asked = [("2025-Q1", None, None), ("2025-01-03..2025-02-20", None, None), ("2025-Q1", None, date(2025, 5, 15))]
        if metric.id != "busy":
            asked.append(("2025-Q1", {"rep": "u1"}, None))
        for period, where, as_of in asked:
            [answer] = workspace.get(metric.id, period, where=where, as_of=as_of).answers
            said[f"{metric.id} {period} {where} {as_of}"] = (answer.value, answer.reason, note_texts(answer.notes))
        explained = workspace.explain(metric.id, "2025-Q1")
        said[f"{metric.id} rows"] = [input_.rows() for input_ in explained.inputs]
    said["bridge"] = workspace.bridge("won.closed", "won.created", "2025-Q1").steps
    for view in ("retention", "revenue"):
        said[view] = cohorts(workspace, view, "2025", by=("month",)).cohorts
    said["book"] = [
        (name, state.rows, state.notes) for name, state in sorted(workspace.warehouse.state.entities.items())
    ]
    return said


def test_fields_named_like_our_own_columns_change_no_answer(tmp_path: Path) -> None:
    with loaded(tmp_path / "plain", frozenset()) as plain, loaded(tmp_path / "wide", our_names()) as wide:
        expected, now = answers(plain), answers(wide)
    assert {way: said for way, said in now.items() if said != expected[way]} == {}


def test_an_own_field_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    # o1, o3 and o5 say x, o2 and o4 y: each name answers as any other does
    registry = Workspace(config_of(tmp_path), plugins_for({})).registry
    names = sorted(our_names() - {*registry.columns("opportunity")} - {*registry.dimensions})
    metrics = [metric for name in names for metric in read(name)]
    plugins = plugins_for({"opportunity": names}, metrics)
    load_tables(
        config_of(tmp_path), {"opportunity": with_columns(FIRST["opportunity"], names)}, at=at("2025-05-01"),
        plugins=plugins,
    )  # fmt: skip
    with Workspace(config_of(tmp_path), plugins) as workspace:
        for name in names:
            kinds = ("is", "kinds", "busy", "last")
            values = [workspace.get(f"{name}_{kind}", "2025").answers[0].value for kind in kinds]
            by = [
                (answer.question.cuts[0][1], answer.value)
                for answer in workspace.get(f"{name}_kinds", "2025", by=name).answers
            ]
            assert (name, values, by) == (name, [2, 2, 2, 300], [(("x",), 1), (("y",), 1)])
            rows = workspace.explain(f"{name}_busy", "2025").inputs[0].rows()
            assert (name, rows.rows, rows.total) == (name, (("x", 2), ("y", 2)), 2)
            of_x = workspace.explain(f"{name}_is", "2025").inputs[0].rows()
            assert (name, of_x.total, of_x.rows[0][of_x.columns.index(name)]) == (name, 2, "x")


def read(name: str) -> tuple[Metric, ...]:
    """Return KPIs that read a field as a condition, as a value, as a key and as a cut."""
    return (
        kpi(f"{name}_is", count("opportunity", when="created_on", where=f"{name} = 'x'")),
        kpi(f"{name}_kinds", distinct("opportunity", name, when="created_on")),
        kpi(f"{name}_busy", count(per(name, count("opportunity", when="created_on")), where="value > 1")),
        kpi(f"{name}_last", latest("opportunity", "amount", when="created_on", where=f"{name} <> 'x'")),
    )


def test_a_name_that_hides_the_numbers_of_rows_is_refused() -> None:
    with pytest.raises(BadDefinition, match=r"field 'opportunity\.rowid': its name is one of DuckDB's own"):
        Field("opportunity", "rowid", Type.TEXT, "The row in the other system.")


def test_a_row_without_a_key_is_kept_whole_beside_a_field_of_any_name(tmp_path: Path) -> None:
    plugins = plugins_for({"opportunity": ["given"]})
    load_tables(
        config_of(tmp_path), {"opportunity": "id amount given\n- 70 x\no1 80 y"}, at=at("2025-05-01"), plugins=plugins
    )
    with Workspace(config_of(tmp_path), plugins) as workspace:
        [(raw,)] = workspace.warehouse.query("SELECT raw FROM book.quarantine")
    assert '"amount":70' in raw and '"given":"x"' in raw
