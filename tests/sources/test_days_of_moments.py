"""A column named as the day of a moment, `Created on`, is that moment: a date is a good value of it."""

from __future__ import annotations

import pytest

from kpicore import Entity, Type, day_name
from kpicore_crm.entities import ENTITIES
from kpicore_sources.files.known_words import read_words
from kpicore_sources.files.profile import DATE, Profile
from kpicore_sources.files.proposal import propose


def days(entity: Entity) -> dict[str, str]:
    """Return the moment of each day that the load makes of one."""
    return {day_name(field.name): field.name for field in entity.fields if field.type is Type.MOMENT}


WITH_MOMENTS = [each for each in ENTITIES if not each.made and days(each)]
MOMENTS = [(entity, day, moment) for entity in WITH_MOMENTS for day, moment in days(entity).items()]
DATES = Profile(DATE, ("2026-01-10", "2026-01-12"), 1.0)


def headers(day: str) -> list[str]:
    words = day.replace("_", " ")
    return [day, words, words.capitalize(), words.title(), words.title().replace(" ", "")]


def named(entity: Entity, *columns: str) -> dict[str, str]:
    """Return the fields that columns of dates get by their names, in a file of the entity."""
    proposals = propose("export", {column: DATES for column in columns}, ENTITIES, read_words())
    return next((dict(proposal.fields) for proposal in proposals if proposal.entity.name == entity.name), {})


def test_every_entity_with_moments_is_looked_at():
    assert len(WITH_MOMENTS) >= 10 and {"created_at", "closed_at", "ordered_at", "at"} <= {each[2] for each in MOMENTS}


@pytest.mark.parametrize(
    ("entity", "day", "moment"), MOMENTS, ids=[f"{entity.name}.{day}" for entity, day, _ in MOMENTS]
)
def test_a_column_named_as_the_day_of_a_moment_is_proposed_as_the_moment(entity, day, moment):
    for header in headers(day):
        assert named(entity, header) == {moment: header}


def test_the_moment_under_its_own_name_goes_before_its_day():
    opportunity = next(each for each in ENTITIES if each.name == "opportunity")
    assert named(opportunity, "Created on", "created_at") == {"created_at": "created_at"}


@pytest.mark.parametrize("entity", WITH_MOMENTS, ids=lambda each: each.name)
def test_a_file_with_the_days_of_all_moments_is_read(desk, entity):
    days_of = {moment: day.replace("_", " ").capitalize() for day, moment in days(entity).items()}
    columns = [*(each for each in entity.key if each not in days_of), *days_of.values()]
    rows = [
        [f"2026-01-1{number}" if name in days_of.values() else f"K{number}" for name in columns] for number in (1, 2)
    ]
    text = "".join(",".join(line) + "\n" for line in [columns, *rows])
    told = desk.take(desk.put("export.csv", text), "--entity", entity.name)
    fields = told["files"][0]["fields"]
    assert {each: fields.get(each) for each in days_of} == days_of
    assert all(None not in row for row in desk.rows(entity.name, *(f'"{each}"' for each in days_of)))


def test_a_mapping_that_names_the_day_of_a_moment_is_refused_and_told_the_moment(desk):
    file = desk.put("deals.csv", "Deal ID,Created on\nD1,2026-01-10\nD2,2026-01-12\n")
    desk.take(file, "--entity", "opportunity")
    kept = desk.mapping("deals")
    kept.write_text(kept.read_text(encoding="utf-8").replace("created_at = ", "created_on = "), encoding="utf-8")
    assert desk.refusal(file, "--yes") == (
        "mapping of deals.csv fields: no field named 'created_on' in entity 'opportunity'. Did you mean 'created_at'?"
    )
    calls = desk.put("calls.csv", "id,On,Type\nA1,2026-01-10,call\nA2,2026-01-12,email\n")
    desk.take(calls, "--entity", "activity")
    kept = desk.mapping("calls")
    kept.write_text(kept.read_text(encoding="utf-8").replace("\nat = ", "\non = "), encoding="utf-8")
    assert desk.refusal(calls, "--yes").endswith("no field named 'on' in entity 'activity'. Did you mean 'at'?")
