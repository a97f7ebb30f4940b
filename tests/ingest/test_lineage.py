"""The lineage of the made tables: complete, and the same text for the same meaning."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from kpicore import Config, Registry, load_plugins
from kpicore.ingest.catalog.lineage import traced
from kpicore.ingest.derive.make import all_rows
from kpicore.ingest.fields.field_plan import field_plan, needs_of_all
from kpicore.lineage import RULES_NUMBER, Lineage, written
from kpicore.lineage.differences import outdated
from kpicore.testing import registry_of
from kpicore.warehouse import FILE
from kpicore_crm.testing import DATA_TIME, load_tiny_company
from tests.crm import with_crm

CONFIG = with_crm(Config(Path("."), "It"))


@pytest.fixture(scope="module")
def registry() -> Registry:
    return registry_of(load_plugins(()))


@pytest.fixture(scope="module")
def lineage(registry: Registry) -> Lineage:
    return traced(registry, CONFIG, CONFIG.calendar())


def test_whatever_the_load_reads_of_a_field_is_in_its_lineage(tmp_path: Path, registry: Registry) -> None:
    load_tiny_company(tmp_path)
    config = with_crm(Config(tmp_path, "Tiny"))
    found = traced(registry, config, config.calendar())
    with duckdb.connect(str(tmp_path / FILE)) as connection:
        rows = all_rows(connection, registry)
        plan = field_plan(connection, config, registry, rows, DATA_TIME.date())
        needs = needs_of_all(plan, rows)
    assert len(needs) > 300
    lacking = {
        (field, need.field) for field, read in needs.items() for need in read if need.field not in found.behind([field])
    }
    assert lacking == set()


def test_every_attribute_of_a_field_but_its_words_is_part_of_its_meaning(registry: Registry, lineage: Lineage) -> None:
    entity = registry.entities["order"]
    changed = (
        ({"meaning": "Other words.", "unit": "EUR"}, set()),
        ({"plan": True}, {("order", "amount")}),
        ({"how": ("1 + 1",)}, {("order", "amount")}),
        ({"refers_to": "user"}, {("order", "amount")}),
    )
    for given, columns in changed:
        fields = tuple(replace(field, **given) if field.name == "amount" else field for field in entity.fields)
        other = replace(registry, entities={**registry.entities, "order": replace(entity, fields=fields)})
        found = outdated(lineage, traced(other, CONFIG, CONFIG.calendar(), lineage))
        assert {cause.column for cause in found.causes} == columns
        assert (written(other, CONFIG, CONFIG.calendar()) == written(registry, CONFIG, CONFIG.calendar())) == (
            not columns
        )


def test_order_of_declaration_is_no_meaning(registry: Registry, lineage: Lineage) -> None:
    turned = replace(
        registry,
        entities={name: replace(each, fields=each.fields[::-1]) for name, each in reversed(registry.entities.items())},
        dimensions=dict(reversed(registry.dimensions.items())),
    )
    assert written(turned, CONFIG, CONFIG.calendar()) == written(registry, CONFIG, CONFIG.calendar())
    assert outdated(lineage, traced(turned, CONFIG, CONFIG.calendar())).columns == frozenset()


def test_what_a_load_wrote_down_of_the_tiny_company_is_what_it_always_wrote(tmp_path: Path) -> None:
    """When it fails as a definition is another one on purpose, write down the new texts: workspaces are made anew."""
    load_tiny_company(tmp_path)
    installed = "json_extract_string(installed, '$[0]')"
    made = (
        "SELECT DISTINCT made FROM book.entity WHERE entity IN ('opportunity', 'opportunity_stage', 'customer_spell')"
    )
    with duckdb.connect(str(tmp_path / FILE)) as connection:
        version = connection.execute("SELECT version FROM book.state").fetchall()
        lineage = connection.execute(f"SELECT written, {installed} FROM book.lineage").fetchall()
        rows = connection.execute(made).fetchall()
    assert version == [("1-6ce87d989cce",)]
    assert lineage == [("f1415bc12b08710373d7cfbe10e7ef16", "be8d3106a552c41643a627d5fc0f6c54")]
    assert rows == [("e57fbc62dd74862c5f9c7eee382911db",)]


def test_a_lineage_is_kept_as_text(lineage: Lineage) -> None:
    assert Lineage.parse(lineage.text()) == lineage


def test_what_is_written_as_before_is_not_read_again(registry: Registry, lineage: Lineage) -> None:
    nothing = replace(lineage, origins={key: replace(each, meant="as kept") for key, each in lineage.origins.items()})
    found = traced(registry, CONFIG, CONFIG.calendar(), nothing)
    made = [key for key, each in found.origins.items() if each.meant == "as kept"]
    assert len(made) == sum(
        bool(field.how or field.settled) for entity in registry.entities.values() for field in entity.fields
    )


def test_fingerprints_tell_each_field_and_setting_apart(lineage: Lineage) -> None:
    found = lineage.fingerprints()
    assert {"opportunity.outcome", ".setting.inactivity_days", ".timezone", ".currency", "customer_spell"} <= {*found}


_SPELLS = "SELECT customer_id, active_from, active_to FROM kpi.customer_spell ORDER BY ALL"
_STAGES = (
    "SELECT opportunity_id, kind, stage_id, CAST(since_on AS VARCHAR), CAST(until_on AS VARCHAR), moved_on"
    " FROM kpi.opportunity_stage WHERE opportunity_id IN ('o1', 'o10') ORDER BY ALL"
)


def test_other_tables_from_the_same_definitions_need_another_number_of_the_rules(tmp_path: Path) -> None:
    """When this fails because the load makes these rows otherwise: raise RULES_NUMBER, and write down the new rows."""
    load_tiny_company(tmp_path)
    with duckdb.connect(str(tmp_path / FILE)) as connection:
        spells = connection.execute(_SPELLS).fetchall()
        stages = connection.execute(_STAGES).fetchall()
    assert [(customer, str(first), last) for customer, first, last in spells] == [
        ("c1", "2025-01-26", None),
        ("c2", "2025-02-10", None),
        ("c5", "2025-04-21", None),
    ]
    assert stages == [
        ("o1", "stay", "s1", "2025-01-05", "2025-01-10", True),
        ("o1", "stay", "s2", "2025-01-10", "2025-01-25", True),
        ("o1", "won", "s3", None, None, True),
        ("o10", "stay", "s1", "2025-04-10", "2025-04-20", True),
        ("o10", "stay", "s2", "2025-04-20", None, False),
    ]
    assert RULES_NUMBER == 7
