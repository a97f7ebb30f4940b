"""A standing input may not test what its entity knows of today only; the field says that it is so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kpicore import BadDefinition, Entity, Field, Type, Workspace, standing
from tests.crm import crm_plugins, crm_registry
from tests.engine.worlds import config_of, load_tables, only

TICKET = Entity(
    "ticket",
    "A question of a customer.",
    (
        Field("ticket", "id", Type.TEXT, "Id."),
        Field("ticket", "opened_on", Type.DATE, "When it came."),
        Field("ticket", "closed_on", Type.DATE, "When it was closed."),
        Field("ticket", "outcome", Type.TEXT, "How it was asked: by phone or by mail."),
        Field("ticket", "urgency", Type.TEXT, "How urgent it is now.", current=True),
    ),
    main_date="opened_on",
)
ROWS = """
    id opened_on  closed_on  outcome urgency
    t1 2025-01-05 2025-03-05 phone   high
    t2 2025-01-06 -          mail    high
    t3 2025-02-07 -          phone   low
"""


def asking(folder: Path, where: str) -> Workspace:
    given = standing("ticket", since="opened_on", until="closed_on", where=where)
    plugins = crm_plugins(entities=(("me", TICKET),), metrics=(("me", only(it=given)),))
    load_tables(config_of(folder), {"ticket": ROWS}, plugins=plugins)
    return Workspace(config_of(folder), plugins)


def test_a_field_that_is_only_called_outcome_may_be_tested(tmp_path: Path) -> None:
    with asking(tmp_path, "outcome = 'phone'") as of:
        assert [answer.value for answer in of.get("it", "2025-01..2025-03", grain="month").answers] == [1, 2, 1]


def test_a_field_that_says_it_is_of_today_may_not_whatever_it_is_called(tmp_path: Path) -> None:
    with asking(tmp_path, "urgency = 'high'") as of, pytest.raises(BadDefinition, match="may not test 'urgency'"):
        of.get("it", "2025-01")


@pytest.mark.parametrize(
    ("entity", "where", "name"),
    [
        ("opportunity", "outcome = 'open'", "outcome"),
        ("opportunity", "amount > 0 and coalesce(outcome, '') <> 'won'", "outcome"),
        ("opportunity", "stage_id = 's1'", "stage_id"),
        ("opportunity", "stage = 'Offer'", "stage"),
        ("opportunity_stage", "outcome = 'open'", "outcome"),
    ],
)
def test_state_of_today_is_refused_by_field_and_by_dimension(entity: str, where: str, name: str) -> None:
    since, until = ("created_on", "closed_on") if entity == "opportunity" else ("since_on", "until_on")
    given = standing(entity, since=since, until=until, where=where)
    plugins = crm_plugins(metrics=(("me", only(it=given)),))
    with pytest.raises(BadDefinition, match=f"may not test '{name}', which is today's state"):
        Workspace(config_of(Path()), plugins).definitions.get("it", "default")


def test_the_stage_of_the_day_may_be_tested_on_the_rows_that_know_it() -> None:
    given = standing("opportunity_stage", since="since_on", until="until_on", where="stage = 'Offer'")
    plugins = crm_plugins(metrics=(("me", only(it=given)),))
    assert Workspace(config_of(Path()), plugins).definitions.get("it", "default").version


def test_the_day_beside_a_moment_of_today_is_of_today_too() -> None:
    field = Field("ticket", "answered_at", Type.MOMENT, "When it was answered last.", current=True)
    registry = crm_registry(entities=(("me", replace(TICKET, fields=(*TICKET.fields, field))),))
    day = registry.entity("ticket").field("answered_on")
    assert day is not None and day.current
