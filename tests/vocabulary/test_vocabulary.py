"""The vocabulary holds together: every name in it exists, every way to fill a field is of its type."""

from __future__ import annotations

import pytest

from kpicore import Entity, Field, FirstSince, How, LookUp, Registry, Type, parse_row
from kpicore_crm.entities import DIMENSIONS, ENTITIES
from tests.crm import SETTINGS, crm_registry

NUMBERS = {Type.INTEGER, Type.NUMBER, Type.MONEY}
REGISTRY: Registry = crm_registry()
FIELDS = [(entity, field) for entity in REGISTRY.entities.values() for field in entity.fields]

CATALOGUE = """
    customer lead opportunity stage_history stage_task contract order order_line invoice payment subscription cost
    cart survey_response activity email_send social_event referral inquiry user team region product product_line
    competitor loss_reason target fx_rate
"""
"""The entities of the catalogue; its calendar is made by the warehouse and is no entity."""

MORE = {"stage", "campaign", "partner", "opportunity_stage", "customer_spell"}

KEY_FIELDS = {
    "customer": "id name created_at first_purchase_at segment industry business_type region_id owner_id"
    " referred_by_customer_id acquired_channel",
    "lead": "id created_at source channel campaign_id owner_id lifecycle mql_at sql_at converted_at"
    " converted_opportunity_id converted_customer_id first_response_at score",
    "opportunity": "id customer_id lead_id owner_id team_id product_line_id region_id competitor_id channel source"
    " created_at first_contact_at stage_id amount currency probability forecast_category expected_close_on closed_at"
    " outcome loss_reason_id",
    "stage_history": "opportunity_id stage_id entered_at left_at exit",
    "stage_task": "opportunity_id stage_id task due_on done_at",
    "contract": "id customer_id opportunity_id owner_id ordered_at amount cost_of_goods currency product_id line_type",
    "order": "id customer_id opportunity_id owner_id ordered_at amount cost_of_goods currency product_id status",
    "order_line": "id order_id customer_id owner_id ordered_at amount cost_of_goods product_id line_type quantity"
    " unit_price",
    "invoice": "id customer_id contract_id due_on amount",
    "payment": "id customer_id contract_id received_on amount",
    "subscription": "customer_id started_on ended_on monthly_amount",
    "cost": "booked_on amount category campaign_id channel team_id",
    "cart": "id customer_id visitor_id created_at ordered_at abandoned_at",
    "survey_response": "customer_id type score scale_max answered_at",
    "activity": "id type owner_id at duration_min status lead_id opportunity_id customer_id time_category",
    "email_send": "id campaign_id sent_at delivered opened_at",
    "social_event": "owner_id platform kind at count",
    "referral": "id referred_by_customer_id partner_id referred_lead_id at owner_id",
    "inquiry": "id customer_id channel received_at first_reply_at owner_id",
    "user": "id name team_id active_from active_to",
    "target": "kpi_id period_grain period_start value unit parent_target_id weight",
}


def test_the_entities_are_those_of_the_catalogue_and_a_few_more() -> None:
    assert {each.name for each in ENTITIES} == set(CATALOGUE.split()) | MORE
    assert len({each.name for each in ENTITIES}) == len(ENTITIES)


@pytest.mark.parametrize("entity", KEY_FIELDS)
def test_an_entity_has_the_key_fields_of_the_catalogue(entity: str) -> None:
    assert {field.name for field in REGISTRY.entity(entity).fields} >= set(KEY_FIELDS[entity].split())


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda each: each.name)
def test_keys_label_and_main_date_of_an_entity_are_fields_of_it(entity: Entity) -> None:
    columns = REGISTRY.columns(entity.name)
    fields = {field.name for field in REGISTRY.entity(entity.name).fields}
    assert set(entity.key) <= fields
    assert entity.label in {*fields, ""}
    assert not entity.main_date or columns[entity.main_date] is Type.DATE
    assert len(fields) == len(REGISTRY.entity(entity.name).fields)


def test_every_field_says_what_it_means_and_every_number_its_unit() -> None:
    for entity, field in FIELDS:
        assert field.meaning.endswith("."), f"{entity.name}.{field.name}"
        assert field.unit or field.type not in NUMBERS, f"{entity.name}.{field.name}"


def test_moments_are_named_at_and_bare_dates_on_or_by_the_catalogue() -> None:
    bare = {"active_from", "active_to", "period_start"}
    for entity, field in FIELDS:
        name = f"{entity.name}.{field.name}"
        if field.type is Type.MOMENT:
            assert field.name == "at" or field.name.endswith("_at"), name
        if field.type is Type.DATE:
            assert field.name == "on" or field.name.endswith("_on") or field.name in bare, name


def test_an_id_refers_to_an_entity_that_has_one() -> None:
    for entity, field in FIELDS:
        if field.refers_to:
            assert REGISTRY.entity(field.refers_to).key == ("id",), f"{entity.name}.{field.name}"


def test_every_dimension_stands_somewhere_and_every_dimension_field_is_one() -> None:
    names = {each.name for each in DIMENSIONS}
    names |= {f"{field.name}_given" for _, field in FIELDS if field.codes and field.dimension}
    used = {name for each in ENTITIES for name in REGISTRY.dimensions_of(each.name)}
    assert used == names
    for entity, field in FIELDS:
        assert not field.dimension or field.name in names, f"{entity.name}.{field.name}"


def test_an_id_field_that_is_the_key_of_a_dimension_refers_to_its_entity() -> None:
    for dimension in DIMENSIONS:
        for entity in REGISTRY.entities.values():
            field = entity.field(dimension.key) if dimension.key else None
            assert field is None or field.refers_to == dimension.entity, f"{entity.name}.{dimension.key}"
        assert not dimension.entity or REGISTRY.entity(dimension.entity).label, dimension.name


@pytest.mark.parametrize(
    ("entity", "field", "how"),
    [(entity, field, how) for entity, field in FIELDS for how in field.how],
    ids=lambda each: getattr(each, "name", ""),
)
def test_a_way_to_fill_a_field_reads_what_exists_and_gives_its_type(entity: Entity, field: Field, how: How) -> None:
    columns = REGISTRY.columns(entity.name)
    if isinstance(how, str):
        assert _fits(parse_row(how, columns, settings=SETTINGS, given=columns).type, field.type)
    elif isinstance(how, LookUp):
        through = entity.field(how.through)
        found = REGISTRY.entity(how.entity).field(how.field)
        assert through is not None and through.refers_to == how.entity
        assert found is not None and found.type is field.type and found.refers_to == field.refers_to
    elif isinstance(how, FirstSince):
        through, key = entity.field(how.through), REGISTRY.entity(how.entity).field(how.key)
        assert through is not None and key is not None and through.refers_to == key.refers_to
        assert columns[how.since] is REGISTRY.columns(how.entity)[how.field] is field.type
    else:
        aggregate = how.aggregate
        assert isinstance(aggregate.entity, str)
        other = REGISTRY.entity(aggregate.entity)
        key = other.field(how.key)
        assert key is not None and key.refers_to == entity.name
        rows = REGISTRY.columns(other.name)
        assert not aggregate.when or rows[aggregate.when] in (Type.DATE, Type.MOMENT)
        assert not aggregate.where or parse_row(aggregate.where, rows).type is Type.BOOLEAN
        assert not aggregate.value or _fits(parse_row(aggregate.value, rows).type, field.type)


def _fits(given: Type, wanted: Type) -> bool:
    return given is wanted or {given, wanted} <= NUMBERS


def test_of_deals_stage_amount_chance_owner_outcome_and_plan_change_while_they_live() -> None:
    changing = {"stage_id", "amount", "probability", "owner_id", "outcome", "outcome_given", "expected_close_on"}
    tracked = {(entity.name, field.name) for entity, field in FIELDS if field.tracked}
    assert {name for entity, name in tracked if entity == "opportunity"} == changing
    assert {name for entity, name in tracked if entity == "opportunity_stage"} == changing - {"stage_id"}
    # carts and customers have neither an end nor closed codes that would tell of it
    others = {pair for pair in tracked if pair[0] not in ("opportunity", "opportunity_stage")}
    assert others == {("cart", "amount"), ("customer", "owner_id")}


def test_dates_that_lie_in_the_future_by_nature_are_marked() -> None:
    plans = {f"{entity.name}.{field.name}" for entity, field in FIELDS if field.plan}
    assert {"opportunity.expected_close_on", "invoice.due_on", "stage_task.due_on", "target.period_start"} <= plans
    assert not plans & {"opportunity.closed_on", "order.ordered_on", "lead.created_on", "payment.received_on"}


def test_made_entities_carry_the_dimensions_of_what_they_are_made_from() -> None:
    deal, stage = (set(REGISTRY.dimensions_of(each)) for each in ("opportunity", "opportunity_stage"))
    customer, spell = (set(REGISTRY.dimensions_of(each)) for each in ("customer", "customer_spell"))
    assert deal - stage == {"cycle_length"}
    assert customer - spell == set()


def test_the_rep_of_a_rep_is_the_rep_so_that_reps_can_be_cut_by_rep() -> None:
    assert "rep" in REGISTRY.dimensions_of("user")
    assert "customer" in REGISTRY.dimensions_of("customer")
