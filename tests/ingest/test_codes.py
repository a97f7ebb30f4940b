"""Words of sources become codes when tables are made; what is no code of a closed field stays undecided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpicore import Code, Codes, Dimension, Entity, Field, LookUp, Registry, RollUp, Type, UnknownWords, count, earliest
from kpicore.testing import problems_of
from tests.crm import SETTINGS, crm_registry

STATE = Codes((Code("done", ("finished", "erledigt")), Code("waiting", ("on hold",))))
KIND = Codes((Code("repair", ("fix",)),), closed=False)


def _field(
    entity: str, name: str, type_: Type = Type.TEXT, *how: object, codes: Codes | None = None, **more: object
) -> Field:
    return Field(entity, name, type_, f"{name}.", how=how, codes=codes, dimension=codes is not None, **more)  # type: ignore[arg-type]


TICKET = Entity(
    "ticket",
    "A ticket.",
    (
        _field("ticket", "id"),
        _field("ticket", "state", Type.TEXT, RollUp("ticket_id", earliest("ticket_part", "state", when="opened_on")),
               "'Finished'", codes=STATE),
        _field("ticket", "kind", codes=KIND),
        _field("ticket", "opened_on", Type.DATE),
        _field("ticket", "parts_done", Type.INTEGER,
               RollUp("ticket_id", count("ticket_part", where="state = 'Erledigt'"))),
        _field("ticket", "is_over", Type.BOOLEAN, "case when state = 'done' then true else false end"),
        _field("ticket", "is_stateless", Type.BOOLEAN, "given.state is null"),
    ),
    main_date="opened_on",
)  # fmt: skip
PART = Entity(
    "ticket_part",
    "A part of a ticket.",
    (
        _field("ticket_part", "id"),
        replace(_field("ticket_part", "ticket_id"), refers_to="ticket"),
        _field("ticket_part", "state", Type.TEXT, LookUp("ticket_id", "ticket", "state"), codes=STATE),
        _field("ticket_part", "opened_on", Type.DATE, LookUp("ticket_id", "ticket", "opened_on")),
    ),
    main_date="opened_on",
)


@pytest.fixture(scope="module")
def tickets() -> Registry:
    return crm_registry(
        entities=(("test", TICKET), ("test", PART)),
        dimensions=(("test", Dimension("state", "State.")),),
    )


def test_spellings_become_codes_and_the_word_stays_beside_them(give, ask, tickets):
    give(registry=tickets, ticket="id state\n1 Finished\n2 ERLEDIGT\n3 On-Hold\n4 done")
    assert ask("SELECT id, state, state_given FROM kpi.ticket ORDER BY id") == [
        ("1", "done", "Finished"),
        ("2", "done", "ERLEDIGT"),
        ("3", "waiting", "On-Hold"),
        ("4", "done", "done"),
    ]


def test_an_unknown_word_of_a_closed_field_is_no_code_and_no_default_fills_it(give, ask, tickets):
    give(registry=tickets, ticket="id state\n1 Lost\n2 -\n3 done\n4 ~~")
    assert ask("SELECT id, state, state_given FROM kpi.ticket ORDER BY id") == [
        ("1", None, "Lost"),
        ("2", "done", "done"),
        ("3", "done", "done"),
        ("4", "done", "done"),
    ]


def test_an_open_field_keeps_what_is_no_spelling(give, ask, tickets):
    give(registry=tickets, ticket="id kind\n1 Fix\n2 Painting\n3 -")
    assert ask("SELECT id, kind, kind_given FROM kpi.ticket ORDER BY id") == [
        ("1", "repair", "Fix"),
        ("2", "Painting", "Painting"),
        ("3", None, None),
    ]


def test_a_look_up_brings_the_word_with_its_code_be_it_known_or_not(give, ask, tickets):
    give(
        registry=tickets,
        ticket="id state\n1 Lost\n2 Finished\n3 -",
        ticket_part="id ticket_id state\na 1 -\nb 2 -\nc 3 -\nd 1 On-hold\ne 2 Gone",
    )
    assert ask("SELECT id, state, state_given FROM kpi.ticket_part ORDER BY id") == [
        ("a", None, "Lost"),
        ("b", "done", "Finished"),
        ("c", "done", "done"),
        ("d", "waiting", "On-hold"),
        ("e", None, "Gone"),
    ]


def test_a_roll_up_takes_word_and_code_of_one_row(give, ask, tickets):
    # of parts on one day the first word in order counts: Gone before done, On-hold before Zzz
    give(
        registry=tickets,
        ticket="id opened_on\n1 2025-01-01\n2 2025-01-01\n3 2025-01-01",
        ticket_part="id ticket_id state\na 1 done\nb 1 Gone\nc 2 On-hold\nd 2 Zzz\ne 3 -",
    )
    assert ask("SELECT id, state, state_given FROM kpi.ticket ORDER BY id") == [
        ("1", None, "Gone"),
        ("2", "waiting", "On-hold"),
        ("3", "done", "done"),
    ]


def test_fields_made_from_it_compare_the_code_and_do_not_decide_about_an_unknown_word(give, ask, tickets):
    give(
        registry=tickets,
        ticket="id state\n1 Lost\n2 Finished\n3 -\n4 On-hold",
        ticket_part="id ticket_id state\na 1 done\nb 1 Gone\nc 2 -\nd 4 ERLEDIGT",
    )
    assert ask("SELECT id, parts_done, is_over, is_stateless FROM kpi.ticket ORDER BY id") == [
        ("1", 1, None, None),
        ("2", 1, True, False),
        ("3", 0, True, True),
        ("4", 1, False, False),
    ]


def test_unknown_words_are_told_with_their_rows(give, state, tickets):
    give(registry=tickets, ticket="id state\n1 Lost\n2 done\n3 gone\n4 Lost\n5 Paid")
    [note] = state().entities["ticket"].notes
    assert note.value("field") == "state"
    assert (note.value("rows"), note.value("words")) == (4, (("Lost", 2), ("Paid", 1), ("gone", 1)))


def test_a_load_of_which_no_row_could_count_is_refused_and_nothing_of_it_stays(give, ask, tickets):
    give(registry=tickets, ticket="id state\n1 done")
    with pytest.raises(UnknownWords, match=r"'Lost' \(2\), 'Gone' \(1\).*\[words.ticket.state\]"):
        give(registry=tickets, ticket="id state\n1 Lost\n2 Lost\n3 Gone")
    assert ask("SELECT id, state FROM kpi.ticket") == [("1", "done")]


def test_one_row_without_a_word_is_enough_to_load_the_rest(give, ask, tickets):
    give(registry=tickets, ticket="id state\n1 Lost\n2 -")
    assert ask("SELECT count(*), count(state) FROM kpi.ticket") == [(2, 1)]


def test_what_the_organisation_says_of_a_word_maps_rows_that_were_loaded_before(give, ask, tickets):
    give(registry=tickets, ticket="id state\n1 Lost\n2 done")
    answered = {"ticket": {"state": {"lost": "done"}}}
    give(registry=tickets.with_words(answered), ticket_part="id ticket_id\na 1")
    assert ask("SELECT id, state, state_given FROM kpi.ticket ORDER BY id") == [
        ("1", "done", "Lost"),
        ("2", "done", "done"),
    ]


def test_words_that_are_all_codes_are_written_once(give, ask, tickets):
    give(registry=tickets, ticket="id state kind\n1 done repair\n2 waiting repair")
    columns = ask("SELECT column_name FROM duckdb_columns() WHERE schema_name = 'made' AND table_name = 'ticket'")
    assert ("state_given",) not in columns
    assert ask("SELECT state_given, kind_given FROM kpi.ticket ORDER BY id") == [
        ("done", "repair"),
        ("waiting", "repair"),
    ]


def test_a_spelling_of_two_codes_is_refused_in_an_entity_of_a_plugin_too() -> None:
    two = Codes((Code("done", ("closed",)), Code("waiting", ("Closed",))))
    fields = tuple(replace(field, codes=two) if field.name == "state" else field for field in PART.fields)
    registry = crm_registry(entities=(("test", TICKET), ("test", replace(PART, fields=fields))))
    (problem,) = registry.problems
    assert (problem.giver, problem.item) == ("test", "ticket_part")
    assert problem.problem == "field 'ticket_part.state': the word 'closed' is both done and waiting."
    assert "ticket" in registry.entities and "ticket_part" not in registry.entities


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ("remark", "'ticket.remark' has no codes: its words would be none of this field's"),
        ("coalesce(remark, 'done')", "'ticket.remark' has no codes"),
        ("case when kind = 'fix' then remark end", "'ticket.remark' has no codes"),
        ("kind", "'ticket.kind' has other codes"),
        ("'odd'", "'odd' is none of its codes: done, waiting"),
        (LookUp("id", "ticket", "remark"), "'ticket.remark' has no codes"),
        (RollUp("ticket_id", earliest("ticket_part", "ticket_id", when="opened_on")), "'ticket_part.ticket_id' has no"),
        ("case when remark = 'Ended' then 'erledigt' else 'on hold' end", ""),
        ("state", ""),
    ],
)
def test_a_closed_field_is_filled_with_nothing_but_codes(how: object, problem: str) -> None:
    """What another text holds would count nowhere, and nobody would be told."""
    second = _field("ticket", "second", Type.TEXT, how, codes=STATE)
    ticket = replace(TICKET, fields=(*TICKET.fields, _field("ticket", "remark"), second))
    registry = crm_registry(entities=(("test", ticket), ("test", PART)))
    found = [problem.problem for problem in problems_of(registry, {})]
    assert len(found) == bool(problem)
    assert not problem or (found[0].startswith("field 'ticket.second': ") and problem in found[0])


def test_no_field_of_the_vocabulary_may_hold_what_is_no_code_of_it() -> None:
    assert problems_of(crm_registry(), SETTINGS) == []
