"""Members beside each other: a leaderboard when it is asked for, and the mode "only me and the median".

Deals closed in 2025: Ann u1 3 of 3 won, Ann u3 2 of 3, Bob 1 of 3, and one won deal that is nobody's.
"""

from __future__ import annotations

import pytest


def board(run_json, *arguments):
    found = run_json("get", *arguments, "--by", "rep", "--rank")
    return [(each["cuts"]["rep"], each["rank"], each["not_ranked"]) for each in found]


def test_reps_are_ranked_best_first_and_nobody_stands_apart(run_json):
    assert board(run_json, "win_rate", "--period", "2025") == [
        ("Ann Lee [u1]", 1, None),
        ("Ann Lee [u3]", 2, None),
        ("Bob Ray", 3, None),
        ("(none)", None, "belongs to nobody"),
    ]


def test_equal_numbers_share_a_place(run_json):
    # in the first quarter Ann u1 won 2 of 2, Ann u3 1 of 2, Bob 1 of 2
    assert [rank for _, rank, _ in board(run_json, "win_rate", "--period", "2025-Q1")] == [1, 2, 2]


def test_the_shortest_cycle_comes_first(run_json):
    assert board(run_json, "sales_cycle", "--period", "2025")[:2] == [("Ann Lee [u1]", 1, None), ("Bob Ray", 2, None)]


def test_who_has_too_few_rows_is_shown_apart_and_not_ranked(run_json):
    # in the second quarter each closed one deal
    found = board(run_json, "win_rate", "--period", "2025-Q2", "--min-n", "2")
    assert {(rank, why) for member, rank, why in found if member != "(none)"} == {(None, "fewer than 2 rows")}
    assert len(found) == 4


def test_a_member_without_a_number_is_shown_with_the_reason(run_json):
    # in April Ann u3 created a deal and got no lead: 1 / 0
    assert board(run_json, "lead_to_opportunity", "--period", "2025-04") == [
        ("Ann Lee [u1]", 1, None),
        ("Ann Lee [u3]", None, "zero denominator"),
    ]


def test_on_screen_the_unranked_stand_below_with_the_reason(run):
    shown = run("get", "win_rate", "--period", "2025", "--by", "rep", "--rank", "--min-n", "3", "--interval").stdout
    lines = [line.split() for line in shown.splitlines()]
    assert [line[0] for line in lines if line and line[0] in ("1", "2", "3", "–")] == ["1", "2", "3", "–"]
    assert "not ranked: belongs to nobody" in shown


def test_me_beside_the_median_of_all(run_json):
    (found,) = run_json("get", "win_rate", "--period", "2025", "--by", "rep", "--me", "bob ray")
    assert found["cuts"] == {"rep": "Bob Ray"}
    assert found["value"] == pytest.approx(1 / 3)
    assert found["median"] == pytest.approx(2 / 3)  # of 1, 2/3 and 1/3; nobody's deal does not count
    assert (found["n"], found["members"]) == (3, 3)


def test_nobody_else_is_named_beside_me(run):
    shown = run("get", "win_rate", "--period", "2025", "--by", "rep", "--me", "Bob Ray").stdout
    assert "33.3%" in shown and "66.7%" in shown
    assert "Ann" not in shown and "100.0%" not in shown


def test_a_median_of_two_would_give_the_other_away_so_there_is_none(run_json):
    # a first contact is known of two deals of Ann u1 and of one of Bob
    (found,) = run_json("get", "sales_cycle", "--period", "2025", "--by", "rep", "--me", "Bob Ray")
    assert (found["value"], found["median"]) == (30, None)
    assert found["median_reason"] == "a median needs 3 members with a number, and there are 2"


def test_members_with_too_few_rows_are_not_in_the_median(run_json):
    (found,) = run_json("get", "win_rate", "--period", "2025-Q2", "--by", "rep", "--me", "Bob Ray", "--min-n", "2")
    assert (found["members"], found["median"]) == (0, None)


def test_who_has_no_rows_is_told_so_beside_the_median(run_json):
    (found,) = run_json("get", "lost_deals", "--period", "2025-05", "--by", "rep", "--me", "Ann Lee [u3]")
    assert (found["value"], found["reason"], found["n"]) == (None, "no_rows", 0)


def test_me_by_month_is_one_line_a_month(run_json):
    found = run_json("get", "win_rate", "--period", "2025-Q1", "--grain", "month", "--by", "rep", "--me", "Bob Ray")
    assert [(each["period"], each["value"]) for each in found if each["n"]] == [("2025-02", 0), ("2025-03", 1)]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--rank",), "--rank needs exactly one --by"),
        (("--rank", "--by", "rep", "--by", "team"), "--rank needs exactly one --by"),
        (("--me", "Bob Ray"), "--me needs exactly one --by"),
        (("--rank", "--me", "Bob Ray", "--by", "rep"), "give either --rank or --me"),
        (("--min-n", "3"), "--min-n is for --rank and --me"),
        (("--rank", "--by", "rep", "--compare", "previous"), "--rank does not go with --compare"),
        (("--me", "Bob Ray", "--by", "rep", "--interval"), "--me does not go with --compare, --guards, --interval"),
        (("--me", "Bob Rey", "--by", "rep"), "no rep named 'Bob Rey'. Did you mean 'Bob Ray'?"),
        (("--me", "Ann Lee", "--by", "rep"), "Ann Lee"),
    ],
)
def test_what_cannot_be_asked_is_one_clear_line(run, options, told):
    result = run("get", "win_rate", "--period", "2025", *options)
    assert result.exit_code != 0
    assert told in result.stderr
