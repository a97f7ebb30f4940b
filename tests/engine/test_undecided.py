"""Rows of which a condition is neither true nor false: counted for the question's own period and cuts, and told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpicore import DURING, MEAN, START, Answer, Input, Listing, average, count, distinct, latest, per, standing, total
from tests.engine.worlds import at, config_of, load_tables, only, workspace, world
from tests.said import note_texts

COSTS = """
    id booked_on  amount category channel
    k1 2025-01-05 100    ads      web
    k2 2025-01-06 20     -        web
    k3 2025-01-07 3      -        phone
    k4 2025-02-07 4000   -        web
    k5 -          50000  -        web
    k6 -          7      rent     web
"""


def _answer(tmp_path: Path, tables: dict[str, str], given: Input, period: str, **cuts: str) -> Answer:
    [answer] = world(tmp_path, tables, only(v=given)).get("it", period, where=cuts).answers
    return answer


def test_rows_that_a_condition_cannot_decide_are_counted_for_the_period_and_the_cuts(tmp_path: Path) -> None:
    spent = total("cost", "amount", when="booked_on", where="category <> 'x'")
    opened = world(tmp_path, {"cost": COSTS}, only(v=spent))
    undated = "2 rows of cost have no booked_on and are in no period"
    lacking = "left out: no category to tell whether category <> 'x'"
    january, february = opened.get("it", "2025-01..2025-02", grain="month").answers
    assert (january.value, january.n) == (100, 1)
    assert note_texts(january.notes) == (undated, f"2 rows of cost {lacking}")
    assert (february.value, note_texts(february.notes)[-1]) == (0, f"1 row of cost {lacking}")
    (by_phone,) = opened.get("it", "2025-01", where={"channel": "phone"}).answers
    assert note_texts(by_phone.notes)[-1] == f"1 row of cost {lacking}"
    by_channel = opened.get("it", "2025-01", by=["channel"]).answers
    assert [note_texts(each.notes)[-1] for each in by_channel] == [
        f"1 row of cost {lacking}",
        f"1 row of cost {lacking}",
    ]
    both = opened.get("it", "2025-01", where={"channel": ["web", "phone"]}).answers[0]
    assert note_texts(both.notes)[-1] == f"2 rows of cost {lacking}"


def test_a_condition_that_no_empty_field_can_undo_tells_nothing(tmp_path: Path) -> None:
    opened = world(tmp_path, {"cost": COSTS}, only(v=count("cost", when="booked_on", where="category is null")))
    assert note_texts(opened.get("it", "2025-01").answers[0].notes) == (
        "1 row of cost has no booked_on and is in no period",
    )
    settled = only(v=count("cost", when="booked_on", where="coalesce(category, 'x') <> 'ads' and amount > 1"))
    assert note_texts(workspace(config_of(tmp_path), (settled,)).get("it", "2025-01").answers[0].notes) == (
        "2 rows of cost have no booked_on and are in no period",
    )


@pytest.mark.parametrize(
    "given",
    [
        count("cost", when="booked_on", where="category <> 'x'"),
        average("cost", "amount", when="booked_on", where="category <> 'x'"),
        distinct("cost", "id", when="booked_on", where="category <> 'x'"),
        latest("cost", "amount", when="booked_on", where="category <> 'x'"),
        count("cost", when="booked_on", where="category <> 'x' and booked_on <= period.as_of"),
    ],
)
def test_every_word_tells_them(given: Input, tmp_path: Path) -> None:
    answer = _answer(tmp_path, {"cost": COSTS}, given, "2025-01")
    assert answer.n == 1
    assert any(text.startswith("2 rows of cost left out: no category to tell") for text in note_texts(answer.notes))


USERS = """
    id name active_from active_to  team_id
    u1 Ann  2025-01-01  -          t1
    u2 Bob  2025-01-10  2025-01-20 -
    u3 Cai  2025-03-01  -          -
    u4 Dan  -           -          -
    u5 Eve  -           -          t1
"""


@pytest.mark.parametrize(("at_", "undecided"), [(START, 0), (DURING, 1), (MEAN, 1)])
def test_of_standing_rows_those_count_that_stand_then(at_: object, undecided: int, tmp_path: Path) -> None:
    given = standing("user", since="active_from", until="active_to", at=at_, where="team_id = 't1'")  # type: ignore[arg-type]
    answer = _answer(tmp_path, {"user": USERS}, given, "2025-01")
    # neither of the two without a first day stands in any period, be the team known or not
    assert note_texts(answer.notes)[0] == "2 rows of user have no active_from and are in no period"
    told = ["1 row of user left out: no team_id to tell whether team_id = 't1'"] if undecided else []
    assert list(note_texts(answer.notes)[1:]) == told


def test_a_mean_over_days_tells_the_rows_without_a_value(tmp_path: Path) -> None:
    rows = "id customer_id started_on monthly_amount\ns1 c1 2024-12-01 30\ns2 c2 2024-12-01 -"
    given = standing("subscription", "monthly_amount", since="started_on", until="ended_on", at=MEAN)
    answer = _answer(tmp_path, {"subscription": rows}, given, "2025-01")
    assert (answer.value, answer.n) == (30, 1)
    assert "1 of 2 rows of subscription left out: no monthly_amount" in note_texts(answer.notes)


ORDERS = """
    id customer_id ordered_at amount channel
    o1 c1          2025-01-05 100    web
    o2 c1          2025-01-06 -      web
    o3 c2          2025-01-07 -      web
    o4 c3          2025-01-08 5      -
    o5 -           2025-01-08 5      -
    o6 c4          -          9      web
"""


def test_groups_tell_the_rows_they_are_made_without_and_the_groups_left_out(tmp_path: Path) -> None:
    spent = total("order", "amount", when="ordered_on", where="channel = 'web'")
    answer = _answer(tmp_path, {"order": ORDERS}, count(per("customer_id", spent), where="value > 50"), "2025-01")
    # c1 has 100 and an order of unknown amount, c2 nothing that is known; whether c3 bought on the web is not known,
    # nor whether o5, which is nobody's, was bought there
    assert answer.value == 1
    assert note_texts(answer.notes) == (
        "1 row of order has no ordered_on and is in no period",
        "1 group of order left out: no value to tell whether value > 50",
        "1 row of order left out: no customer_id",
        "1 row of order left out: no channel to tell whether channel = 'web'",
        "2 rows of order left out: no amount",
    )


def test_groups_of_standing_rows_tell_those_at_their_start_or_end(tmp_path: Path) -> None:
    rows = """
        id customer_id started_on ended_on   monthly_amount
        s1 c1          2024-12-01 2025-01-15 -
        s2 c1          2025-01-15 -          20
        s3 c2          2025-01-10 2025-01-20 -
        s4 c3          2025-01-10 -          -
    """
    standing_amount = standing("subscription", "monthly_amount", since="started_on", until="ended_on")
    given = total(per("customer_id", standing_amount), "at_end - at_start")
    answer = _answer(tmp_path, {"subscription": rows}, given, "2025-01")
    assert answer.value == 20
    # s3 stands neither before the month nor after it
    assert "2 rows of subscription left out: no monthly_amount" in note_texts(answer.notes)


def test_a_case_that_goes_on_past_what_it_does_not_know_is_told(tmp_path: Path) -> None:
    value = "case when category = 'ads' then amount else 0 end"
    answer = _answer(tmp_path, {"cost": COSTS}, total("cost", value, when="booked_on"), "2025-01")
    assert answer.value == 100
    assert "2 rows of cost taken as if not: no category to tell whether category = 'advertising'" in note_texts(
        answer.notes
    )
    told = only(v=total("cost", "case when category is null then 0 else amount end", when="booked_on"))
    notes = workspace(config_of(tmp_path), (told,)).get("it", "2025-01").answers[0].notes
    assert not any("to tell whether" in text for text in note_texts(notes))


COSTED = """
    id ordered_at amount cost_of_goods country
    a  2025-01-05 50     30            DE
    b  2025-01-05 50     -             DE
    c  2025-01-05 -      30            DE
    d  2025-01-05 -      -             DE
    e  2025-01-05 -      4             US
    f  2025-02-05 -      4             DE
"""


@pytest.mark.parametrize(
    ("value", "sum_", "told"),
    [
        ("greatest(amount, 70)", 5 * 70, "3 rows of order have no amount: greatest(amount, 70)"),
        ("greatest(amount, cost_of_goods)", 50 + 50 + 30 + 4,
         "3 rows of order have no amount or cost_of_goods: greatest(amount, cost_of_goods)"),
        ("least(amount, cost_of_goods) + 1", 31 + 51 + 31 + 5,
         "3 rows of order have no amount or cost_of_goods: least(amount, cost_of_goods)"),
        ("least(amount + 0 * cost_of_goods, 40)", 5 * 40,
         "4 rows of order have no amount or cost_of_goods: least(amount + 0 * cost_of_goods, 40)"),
        # only the branch that is taken, and only what is not said
        ("case when country = 'US' then greatest(amount, 7) else 0 end", 7,
         "1 row of order has no amount: greatest(amount, 7)"),
        ("greatest(coalesce(amount, 0), 70)", 5 * 70, ""),
        ("case when greatest(amount, 60) is null then 1 else 2 end", 10, ""),
    ],
)  # fmt: skip
def test_what_the_least_or_the_greatest_passes_over_is_told(tmp_path: Path, value: str, sum_: int, told: str) -> None:
    answer = _answer(tmp_path, {"order": COSTED}, total("order", value, when="ordered_on"), "2025-01")
    notes = [text for text in note_texts(answer.notes) if "takes what else" in text]
    assert (answer.value, notes) == (sum_, [f"{told} takes what else there is"] if told else [])


def test_a_condition_on_the_greatest_tells_what_it_passes_over(tmp_path: Path) -> None:
    given = count("order", when="ordered_on", where="greatest(amount, cost_of_goods) >= 50")
    answer = _answer(tmp_path, {"order": COSTED}, given, "2025-01")
    assert answer.value == 2
    assert note_texts(answer.notes) == (
        "1 row of order left out: no amount or cost_of_goods to tell whether greatest(amount, cost_of_goods) >= 50",
        "3 rows of order have no amount or cost_of_goods: greatest(amount, cost_of_goods) takes what else there is",
    )


def test_a_listing_tells_them_too(tmp_path: Path) -> None:
    opened = world(tmp_path, {"cost": COSTS})
    rows = Listing("l", "L", rows=count("cost", when="booked_on", where="category <> 'x'"), columns={"Id": "id"})
    found = opened.listed(rows, "2025-01")
    assert [row[0] for row in found.rows] == ["k1"]
    assert "2 rows of cost left out: no category to tell whether category <> 'x'" in note_texts(found.notes)
    on_the_web = opened.listed(rows, "2025-01", {"channel": "web"})
    assert "1 row of cost left out: no category to tell whether category <> 'x'" in note_texts(on_the_web.notes)


def test_as_of_an_earlier_day_they_are_counted_as_they_were_then(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    early = "id created_at amount stage_id\nd1 2025-01-05 1 -\nd2 2025-01-06 2 s1"
    load_tables(config, {"opportunity": early}, at=at("2025-02-01"))
    load_tables(config, {"opportunity": early.replace("1 -", "1 s2")}, at=at("2025-03-01"))
    opened = workspace(config, (only(v=count("opportunity", when="created_on", where="stage_id = 's1'")),))
    told = "1 row of opportunity left out: no stage_id to tell whether stage_id = 's1'"
    assert told not in note_texts(opened.get("it", "2025-01").answers[0].notes)
    then = opened.get("it", "2025-01", as_of=date(2025, 2, 10)).answers[0]
    assert (then.value, told in note_texts(then.notes)) == (1, True)
