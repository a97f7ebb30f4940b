"""A record that calls another one by a name that is not there is told, whatever the record and the field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from kpicore import Config, Definitions, load_plugins
from kpicore.plugins.manager import _ITEMS
from kpicore.plugins.settled import settled
from kpicore.review.definition_checks import broken_fields
from kpicore.review.references import unknown_names
from kpicore.testing import registry_of, run_kpi
from kpicore_crm.testing import load_tiny_company

BROKEN = Path(__file__).parent / "broken"

NAMES = {
    "Field.entity": "field_entity_unknown",
    "Field.refers_to": "field_refers_to",
    "Field.how": "field_how_unknown",
    "Field.ends": "field_ends",
    "Field.settled": "field_settled",
    "Field.open_while": "field_open_while",
    "Field.needs_one_of": "field_needs_one_of",
    "Field.words_of": "field_words_of",
    "Field.presumes": "field_presumes_unknown",
    "Presumption.dated_in": "presumption_dated_in",
    "Presumption.otherwise": "presumption_otherwise",
    "WorkspaceFile.entities": "workspace_file_entities",
    "Stream.entity": "source_stream_entity",
    "LookUp.through": "look_up_through",
    "LookUp.entity": "look_up_entity",
    "LookUp.field": "look_up_field",
    "RollUp.key": "roll_up_key",
    "FirstSince.through": "first_since_through",
    "FirstSince.entity": "first_since_entity",
    "FirstSince.key": "first_since_key",
    "FirstSince.field": "first_since_field",
    "FirstSince.since": "first_since_since",
    "DerivedEntity.entity": "derived_entity",
    "DerivedEntity.origin": "derived_origin",
    "DerivedEntity.through": "derived_through",
    "DerivedEntity.columns": "derived_columns",
    "DerivedEntity.settings": "derived_settings",
    "DerivedEntity.history": "derived_history",
    "RowCheck.wrong": "check_wrong",
    "Dimension.entity": "dimension_entity",
    "Dimension.key": "dimension_key",
    "Entity.key": "entity_no_key",
    "Entity.main_date": "entity_main_date",
    "Entity.label": "entity_label",
    "Metric.formula": "metric_formula",
    "Metric.needs_cut": "metric_needs_cut",
    "Metric.grains": "metric_grains",
    "Metric.guards": "metric_guards_unknown",
    "Variant.formula": "variant_formula",
    "Variant.needs_cut": "variant_needs_cut",
    "Variant.grains": "variant_grains",
    "Calculator.formula": "metric_calculator_formula",
    "Example.variant": "metric_example_variant",
    "Aggregate.entity": "count_entity",
    "Aggregate.value": "total_value",
    "Aggregate.when": "count_when_unknown",
    "Aggregate.where": "count_where_unknown",
    "Aggregate.regardless_of": "count_regardless_of",
    "Aggregate.expects": "count_expects_unknown",
    "Standing.entity": "standing_entity",
    "Standing.since": "standing_since",
    "Standing.until": "standing_until",
    "Standing.value": "standing_value",
    "Standing.where": "standing_where",
    "Standing.regardless_of": "standing_regardless_of",
    "Per.key": "per_key",
    "MetricValue.ref": "metric_unknown",
    "Earlier.ref": "earlier_unknown",
    "Earlier.step": "earlier_step_unknown",
    "Target.ref": "target_unknown",
    "Rule.about": "rule_about",
    "Rule.when": "rule_when_unknown",
    "Rule.grains": "rule_grains",
    "Words.metric": "words_metric",
    "Figures.kpis": "report_kpi",
    "Breakdown.kpis": "section_instead",
    "Breakdown.by": "section_by",
    "Trend.kpis": "section_trend_kpi",
    "Listing.columns": "listing_column",
    "Listing.order": "listing_order",
    "Column.value": "listing_column_value",
    "Report.by": "report_dimension",
}
"""The fields that name something else, or read it in an expression, each with a plugin that names what is not there."""

OWN = {
    *(
        "Entity.name",
        "RowCheck.note",
        "Field.name",
        "Dimension.name",
        "Code.name",
        "Codes.answers",
        "Metric.id",
        "Metric.inputs",
    ),
    *(
        "Metric.variants",
        "Metric.aliases",
        "Metric.name",
        "Variant.inputs",
        "Calculator.arguments",
        "Rule.id",
        "Rule.name",
    ),
    *(
        "Rule.inputs",
        "Report.id",
        "Report.name",
        "Listing.id",
        "Listing.name",
        "Page.path",
        "Page.media_type",
        "Page.needs",
    ),
    *("Setting.name", "SettingTable.name", "Words.language", "Words.names", "Metric.synonyms"),
    *(
        "Feature.name",
        "Presumption.name",
        "Presumption.reason",
        "NoteWords.kind",
        "WorkspaceFile.name",
        "ImportQuestion.name",
    ),
    *("SourceKind.kind", "SourceKind.secrets", "Stream.name", "WarehouseKind.kind"),
    *("Metric.descriptions", "Unit.name", "Code.written", "Figures.title", "Breakdown.title", "Trend.title"),
}
"""The fields that give a name of their own."""

FREE = {
    *("Entity.meaning", "Field.meaning", "Field.unit", "Dimension.meaning", "Metric.meaning", "Metric.family"),
    *(
        "Metric.action",
        "Metric.source",
        "Variant.meaning",
        "Band.meaning",
        "Band.action",
        "Example.source",
        "Rule.meaning",
    ),
    *("Rule.action", "Rule.source", "Words.description", "Report.meaning", "Report.source", "Listing.meaning"),
    *(
        "Setting.meaning",
        "Setting.choices",
        "Setting.default",
        "SettingTable.meaning",
        "SourceKind.meaning",
        "WarehouseKind.meaning",
        "Unit.number_format",
    ),
    *(
        "Feature.meaning",
        "Presumption.meaning",
        "Presumption.words",
        "NoteWords.one",
        "WorkspaceFile.holds",
        "ImportQuestion.meaning",
        "Field.basis",
    ),
    *("Stream.cursor", "Stream.deletes", "Stream.zone", "Stream.currency"),
    *("Band.status", "Calculator.fold", "Aggregate.word", "Rule.status", "Breakdown.chart"),
}
"""The fields with words for people, or one of a few words that the record knows."""


def parts(hint: Any) -> Iterator[Any]:
    """Yield a type hint and all that it is made of."""
    yield hint
    for arg in get_args(hint):
        yield from parts(arg)


def texts() -> set[str]:
    """Return the fields with texts of all records that hooks give, and of the records that these are made of."""
    found, seen = set(), set()
    todo = [each for classes in _ITEMS.values() for each in classes]
    while todo:
        cls = todo.pop()
        if cls in seen:
            continue
        seen.add(cls)
        hints = get_type_hints(cls)
        for field in (each for each in fields(cls) if each.init):
            inner = [*parts(hints[field.name])]
            todo += [each for each in inner if is_dataclass(each)]
            if any(each is str for each in inner) and "Callable" not in str(field.type):
                found.add(f"{cls.__name__}.{field.name}")
    return found


def test_each_field_with_texts_is_known_as_a_name_of_something_else_a_name_of_its_own_or_as_free():
    assert texts() == {*NAMES} | OWN | FREE
    assert len(texts()) == len(NAMES) + len(OWN) + len(FREE)


def test_each_field_that_names_something_else_has_a_plugin_that_names_what_is_not_there():
    missing = {field: file for field, file in NAMES.items() if not (BROKEN / f"{file}.py").exists()}
    assert missing == {}


def test_no_record_that_is_built_in_names_what_is_not_there(tmp_path):
    plugins = load_plugins(())
    registry = registry_of(plugins)
    definitions = Definitions(registry, settled(Config(tmp_path, ""), plugins).settings)
    everybody = {report.name for report in plugins.reports}
    assert [*unknown_names(definitions, plugins.contributions, everybody)] == []
    assert [*broken_fields(registry, definitions.settings)] == []
    assert plugins.newcomers == frozenset()


def test_a_rule_of_an_earlier_period_of_months_in_a_setting_is_looked_at(install, tmp_path):
    install(
        "mine",
        """
        from kpicore import Rule, earlier, metric
        @hookimpl
        def kpi_rules():
            n = {"now": metric("won_deals"), "then": earlier("won_deals", "setting.cac_lag_months months")}
            yield Rule("mine", "More deals", "won_deals", "now > then", n, "More than before.", status="good")
        """,
    )
    load_tiny_company(tmp_path)
    asked = ["advise", "--period", "2025-Q2", "--all", "--workspace", str(tmp_path)]
    shown = run_kpi(*asked)
    assert shown.exit_code == 0, shown.output
    assert "More deals" in shown.output
