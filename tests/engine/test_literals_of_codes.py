"""Words in definitions, cuts and cells mean what they mean in files; what decides about null does not about words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import (
    DURING,
    UNKNOWN_WORDS,
    Answer,
    BadCut,
    BadExpression,
    CellCall,
    Code,
    Codes,
    Listing,
    Type,
    UnknownName,
    Workspace,
    count,
    parse_row,
    per,
    plain_word,
    standing,
    total,
)
from kpicore.language import row_python, text
from kpicore.spreadsheet.answering import Answering
from tests.engine.worlds import only, world
from tests.said import note_texts

ORDERS = """
    id customer_id ordered_at amount status
    1  c1 2025-01-05 1    Paid
    2  c1 2025-01-06 2    Failed
    3  c2 2025-01-07 4    storniert
    4  c2 2025-01-08 8    -
    5  c2 2025-02-08 16   Failed
    6  c3 2025-02-09 32   Odd
    7  c3 2025-02-09 64   Pending
"""
CODES = {"state": Codes((Code("done", ("finished",)), Code("open", ("waiting",)))),
         "kind": Codes((Code("ads", ("adverts",)),), closed=False)}  # fmt: skip
COLUMNS = {"state": Type.TEXT, "state_given": Type.TEXT, "kind": Type.TEXT, "amount": Type.INTEGER}


def _read(expression: str) -> str:
    return text(parse_row(expression, COLUMNS, codes=CODES))


def _amount(folder: Path, where: str) -> Answer:
    spent = total("order", "amount", when="ordered_on", where=where)
    [answer] = world(folder, {"order": ORDERS}, only(v=spent)).get("it", "2025-01").answers
    return answer


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("state = 'Finished'", "state = 'done'"),
        ("'WAITING' <> state", "'open' <> state"),
        ("state in ('Finished', 'done', 'Waiting')", "state in ('done', 'open')"),
        ("coalesce(state, 'Finished') = 'FINISHED'", "coalesce(state, 'done') = 'done'"),
        ("coalesce(state, 'none') = 'none'", "coalesce(state, 'none') = 'none'"),
        ("case when amount > 1 then state else 'Waiting' end = 'waiting'",
         "case when amount > 1 then state else 'open' end = 'open'"),
        ("kind = 'Adverts' or kind = 'Other'", "kind = 'ads' or kind = 'Other'"),
        ("state_given = 'Finished'", "state_given = 'Finished'"),
    ],
)  # fmt: skip
def test_a_text_beside_a_field_with_codes_is_read_as_a_word_of_it(written: str, meant: str) -> None:
    assert _read(written) == meant
    assert _read(meant) == meant


@pytest.mark.parametrize(
    "written", ["state = 'gone'", "state in ('done', 'gone')", "'gone' <> coalesce(state, 'done')"]
)
def test_a_text_that_is_no_word_of_a_closed_field_is_refused_with_its_codes(written: str) -> None:
    with pytest.raises(BadExpression, match=r"'gone' is no word of 'state'.* done, open"):
        _read(written)


@pytest.mark.parametrize(
    ("expression", "of_known", "of_empty", "of_unknown"),
    [
        ("state is null", False, True, None),
        ("state is not null", True, False, None),
        ("coalesce(state, 'done') = 'done'", True, True, None),
        ("case when state = 'done' then 1 else 2 end", 1, 2, None),
        ("amount > 5 and state is null", False, False, False),
        ("state_given is null", False, True, False),
        ("kind is null", True, True, True),
    ],
)
def test_what_decides_about_an_empty_field_does_not_decide_about_an_unknown_word(
    expression: str, of_known: object, of_empty: object, of_unknown: object
) -> None:
    value = row_python(parse_row(expression, COLUMNS, codes=CODES))
    base = {"kind": None, "amount": 1}
    rows = ({"state": "done", "state_given": "Finished"}, {"state": None, "state_given": None},
            {"state": None, "state_given": "Gone"})  # fmt: skip
    assert [value({**base, **row}) for row in rows] == [of_known, of_empty, of_unknown]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_word_is_the_same_in_any_case_and_with_any_signs_and_accents_between(data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(("finished", "waiting", "done")))
    signs = st.text(" -_./", max_size=2)
    drawn = "".join(
        data.draw(st.sampled_from((each, each.upper(), each + "\u0301"))) + data.draw(signs) for each in word
    )
    assert plain_word(drawn) == word
    assert CODES["state"].code_of(drawn) == CODES["state"].code_of(word)


@pytest.mark.parametrize(
    ("where", "right"),
    [
        ("status = 'Paid'", 9),
        ("status = 'bezahlt'", 9),
        ("status in ('Paid', 'canceled')", 13),
        ("status <> 'completed'", 4),
        ("status is not null", 13),
        ("status_given = 'Failed'", 2),
        ("coalesce(status, 'completed') = 'completed'", 9),
    ],
)
def test_a_definition_may_be_written_in_any_words(tmp_path: Path, where: str, right: float) -> None:
    answer = _amount(tmp_path, where)
    assert answer.value == right
    told = [note for note in answer.notes if note.kind == UNKNOWN_WORDS]
    assert [(each.value("rows"), each.value("words")) for each in told] == (
        [] if "given" in where else [(1, (("Failed", 1),))]
    )


def test_an_answer_names_the_words_of_its_own_period_and_cuts(tmp_path: Path) -> None:
    kept = count("order", when="ordered_on", where="status = 'completed'")
    with world(tmp_path, {"order": ORDERS}, only(v=kept)) as opened:
        both, february = opened.get("it", "2025-01..2025-02").answers[0], opened.get("it", "2025-02").answers[0]
        [third] = opened.get("it", "2025-02", where={"customer": "c3"}).answers
    where = "write what they mean into kpi.toml, [words.order.status]"
    assert f"3 rows of order with the status Failed (2), Odd (1) are left out where it matters: {where}" in note_texts(
        both.notes
    )
    assert f"2 rows of order with the status Failed (1), Odd (1) are left out where it matters: {where}" in note_texts(
        february.notes
    )
    assert (
        "1 row of order with the status Odd is left out where it matters: write what it means into kpi.toml,"
        " [words.order.status]" in note_texts(third.notes)
    )


def test_rows_alive_tell_of_the_words(tmp_path: Path) -> None:
    contracts = "id starts_on ends_on line_type amount\n1 2025-01-01 - New 10\n2 2025-01-01 2025-06-01 Odd 20"
    new = standing("contract", "amount", since="starts_on", until="ends_on", where="line_type = 'new'", at=DURING)
    with world(tmp_path, {"contract": contracts}, only(v=new)) as opened:
        first, later = opened.get("it", "2025-03").answers[0], opened.get("it", "2025-07").answers[0]
    assert (first.value, later.value) == (10, 10)
    told = [[note.value("words") for note in answer.notes if note.kind == UNKNOWN_WORDS] for answer in (first, later)]
    assert told == [[(("Odd", 1),)], []]


def test_groups_of_rows_tell_of_the_words(tmp_path: Path) -> None:
    bought = count(per("customer_id", count("order", when="ordered_on", where="status = 'Paid'")), where="value >= 1")
    with world(tmp_path, {"order": ORDERS}, only(v=bought)) as opened:
        [answer] = opened.get("it", "2025-01..2025-02").answers
    assert answer.value == 2
    assert [note.value("rows") for note in answer.notes if note.kind == UNKNOWN_WORDS] == [3]


def test_a_value_that_compares_the_field_has_none_for_the_words(tmp_path: Path) -> None:
    paid = total("order", "case when status = 'completed' then amount else 0 end", when="ordered_on")
    with world(tmp_path, {"order": ORDERS}, only(v=paid)) as opened:
        [answer] = opened.get("it", "2025-01..2025-02").answers
    assert answer.value == 9
    told = note_texts(answer.notes)
    assert told[-1].startswith("3 rows of order with the status Failed (2), Odd (1) are left out")
    assert not any("left out: no" in each for each in told)


def test_what_does_not_compare_the_field_says_nothing_of_words(tmp_path: Path) -> None:
    with world(tmp_path, {"order": ORDERS}, only(v=count("order", when="ordered_on"))) as opened:
        [answer] = opened.get("it", "2025").answers
    assert (answer.value, [note for note in answer.notes if note.kind == UNKNOWN_WORDS]) == (7, [])


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    every = only(v=total("order", "amount", when="ordered_on"))
    return world(tmp_path_factory.mktemp("orders"), {"order": ORDERS}, every)


@pytest.mark.parametrize(
    ("cuts", "right"),
    [
        ({"status": "Paid"}, 9),
        ({"status": "STORNIERT"}, 4),
        ({"status": "cancelled"}, 4),
        ({"status": ["Paid", "pending"]}, 73),
        ({"status": "refunded"}, 0),
        ({"status": "(none)"}, 50),
        ({"status_given": "failed"}, 18),
    ],
)
def test_a_cut_may_be_written_in_any_words(orders: Workspace, cuts: dict[str, object], right: float) -> None:
    assert orders.get("it", "2025-01..2025-02", where=cuts).answers[0].value == right


def test_a_cut_that_is_no_word_is_refused(orders: Workspace) -> None:
    with pytest.raises(UnknownName, match="no status named 'Frist'"):
        orders.get("it", "2025", where={"status": "Frist"})


def test_a_cut_by_a_word_that_is_no_code_says_where_it_is_known(orders: Workspace) -> None:
    with pytest.raises(
        BadCut, match=r"'FAILED' is a status as it was given, and no code\. Cut by status_given 'FAILED'"
    ):
        orders.get("it", "2025", where={"status": "FAILED"})


def test_a_cell_may_be_written_in_any_words(orders: Workspace) -> None:
    call = CellCall("KPI_IT", ("2025", "status", "storniert"))
    assert Answering(orders).answer([call]) == [4.0]


def test_a_list_of_rows_shows_the_words_as_they_were_given(tmp_path: Path) -> None:
    rows = Listing(
        "l",
        "L",
        rows=count("order", when="ordered_on", where="status = 'cancelled' or amount < 9"),
        columns={"Id": "id", "Status": "status", "Code": "coalesce(status, 'completed')"},
        order="amount",
        ascending=True,
    )
    with world(tmp_path, {"order": ORDERS}) as opened:
        found = opened.listed(rows, "2025")
    assert found.rows == (
        ("1", "Paid", "completed"),
        ("2", "Failed", None),
        ("3", "storniert", "cancelled"),
        ("4", "completed", "completed"),
    )


def test_what_is_made_of_rows_tells_of_their_words(tmp_path: Path) -> None:
    worth = total("customer", "lifetime_revenue", when="first_purchase_on")
    with world(tmp_path, {"order": ORDERS}, only(v=worth)) as opened:
        [answer] = opened.get("it", "2025").answers
    assert answer.value == 9
    [told] = [note for note in answer.notes if note.kind == UNKNOWN_WORDS]
    assert (told.value("entity"), told.value("words")) == ("order", (("Failed", 2), ("Odd", 1)))
