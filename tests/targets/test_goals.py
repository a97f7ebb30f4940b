"""Goals as trees: how parts make up a goal, what an answer says of a part, what is no tree."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kpicore import BadArgument, Note
from kpicore.cli.goals import bar, goals
from kpicore.targets.roll_up import MODES, GoalPart, rolled_up
from tests.said import note_texts, note_words
from tests.targets.conftest import Company


@pytest.mark.parametrize(("mode", "value"), [("all", 0), ("mean", 2 / 3), ("weighted", 0.5), ("sum", 40 / 70)])
def test_two_reached_parts_and_one_not_begun_roll_up(mode: str, value: float) -> None:
    parts = [GoalPart("a", 1, 1, 10, 10), GoalPart("b", 1, 1, 30, 30), GoalPart("c", 0, 2, 30, 0)]
    assert rolled_up(mode, parts).value == pytest.approx(value)


@pytest.mark.parametrize("mode", MODES)
def test_a_part_of_which_nothing_is_known_is_a_reason(mode: str) -> None:
    parts = [GoalPart("a", 1, reached=1), GoalPart("b", None)]
    assert rolled_up(mode, parts) == (None, Note.of("parts_unknown", names=("b",)))


def test_money_and_tasks_cannot_be_added_up() -> None:
    parts = [GoalPart("a", 1, 1, 10, 10, "money"), GoalPart("b", 1, 1, 3, 3, "tasks")]
    assert rolled_up("sum", parts) == (None, Note.of("parts_in_units", units=("money", "tasks")))
    assert rolled_up("mean", parts).value == 1


def test_in_a_sum_one_part_makes_up_for_another() -> None:
    parts = [GoalPart("a", 1, 1, 100, 150, "money"), GoalPart("b", 0.5, 1, 100, 50, "money")]
    assert (rolled_up("sum", parts).value, rolled_up("mean", parts).value) == (1, 0.75)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.integers(0, 5))
def test_every_finished_part_moves_the_goal(progress: list[float], at: int) -> None:
    parts = [GoalPart(str(n), each, n + 1) for n, each in enumerate(progress)]
    done = [GoalPart(each.name, 1 if n == at else each.progress, each.weight) for n, each in enumerate(parts)]
    for mode in ("all", "mean", "weighted"):
        before, after = rolled_up(mode, parts).value, rolled_up(mode, done).value
        assert before is not None and after is not None and after >= before - 1e-12
    whole = rolled_up("all", parts).value
    assert (whole == 1) == (min(progress) == 1)


TREE = """
    id    kpi_id      period  value owner_id unit    parent_target_id weight progress
    year  -           2026    1     -        boolean -                -      -
    sales total_sales 2026-Q3 700   -        money   year             2      -
    ann   total_sales 2026-Q3 500   u1       money   sales            -      -
    bob   total_sales 2026-Q3 200   u2       money   sales            -      -
    shop  -           2026-Q3 1     -        boolean year             1      -
    lease -           2026-Q3 4     -        tasks   shop             -      1
    works -           2026-Q3 10    -        tasks   shop             3      0.6
    next  total_sales 2026-Q4 700   -        money   year             1      -
"""


def test_a_goal_is_as_far_as_its_parts_are(company: Company) -> None:
    # sales 632/700 = 0.902857; shop (1 + 3 x 0.6) / 4 = 0.7; the fourth quarter has not begun: 0
    [year] = company(TREE).goals("2026-Q3")
    assert {part.target.id: part.progress for part in year.parts} == {
        "sales": pytest.approx(632 / 700),
        "shop": pytest.approx(0.7),
        "next": 0,
    }
    assert year.progress == pytest.approx((2 * 632 / 700 + 0.7 + 0) / 4)
    assert not year.is_reached


def test_a_parent_with_a_kpi_has_its_own_progress_beside_that_of_its_parts(company: Company) -> None:
    # Ann sold 400 of 500, Bob 232 of 200: more than the whole counts as the whole, but in a sum
    [year] = company(TREE).goals("2026")
    [sales] = [part for part in year.parts if part.target.id == "sales"]
    assert sales.progress == pytest.approx(632 / 700)
    assert sales.of_parts("all").value == 0
    assert sales.of_parts("mean").value == pytest.approx((0.8 + 1) / 2)
    assert sales.of_parts("sum").value == pytest.approx(632 / 700)


def test_the_metric_says_what_the_tree_says(company: Company) -> None:
    found = company(TREE)

    def progress(variant: str, goal: str) -> float | None:
        return found.get(f"goal_progress.{variant}", "2026-Q3", where={"goal": goal}).answers[0].value

    assert progress("all", "sales") == 0
    assert progress("mean", "sales") == pytest.approx(0.9)
    assert progress("sum", "sales") == pytest.approx(632 / 700, abs=1e-6)
    assert progress("weighted", "shop") == pytest.approx(0.7)
    assert progress("sum", "shop") == pytest.approx((4 + 6) / 14)


def test_the_metric_can_be_cut_by_who_owns_the_part(company: Company) -> None:
    found = company(TREE).get("goal_progress.mean", "2026-Q3", by="rep", where={"goal": "sales"})
    assert {answer.question.cuts[1][1][0]: answer.value for answer in found.answers} == {"Ann Lee": 0.8, "Bob Ray": 1}


def test_parts_in_several_units_have_no_sum(company: Company) -> None:
    [answer] = company(TREE).get("goal_progress.sum", "2026-Q3").answers
    assert (answer.value, answer.reason) == (None, "zero_denominator")


def test_a_part_that_nobody_tells_of_leaves_the_goal_without_a_number(company: Company) -> None:
    found = company(TREE + "    paint - 2026-Q3 1 - tasks shop - -\n")
    [answer] = found.get("goal_progress.mean", "2026-Q3", where={"goal": "shop"}).answers
    assert answer.value is None and "1 of 3 rows of target left out: no progress" in note_texts(answer.notes)
    [year] = found.goals("2026-Q3")
    assert (year.progress, note_words(year.why)) == (None, "not known how far shop is")


def test_goals_of_kpi_toml_are_goals_like_any_other(company: Company) -> None:
    toml = """
    [[target]]
    id = "sell"
    period = "2026-Q3"
    value = 1
    [[target]]
    kpi = "won_deals"
    period = "2026-Q3"
    value = 4
    parent = "sell"
    [[target]]
    kpi = "total_sales"
    rep = "Ann Lee"
    period = "2026-Q3"
    value = 400
    parent = "sell"
    """
    found = company("", toml)
    assert found.goals("2026-Q3")[0].progress == pytest.approx((0.5 + 1) / 2)
    assert found.get("goal_progress.mean", "2026-Q3").answers[0].value == pytest.approx(0.75)
    assert found.target_problems() == []


def test_a_circle_of_goals_is_one_clear_line_and_hurts_no_other_goal(company: Company) -> None:
    ring = "    a - 2026-Q3 1 - tasks b - -\n    b - 2026-Q3 1 - tasks c - -\n    c - 2026-Q3 1 - tasks a - -\n"
    found = company(TREE + ring)
    assert found.target_problems() == ["goal 'a' is a part of itself: a -> b -> c -> a. Take one link out."]
    assert [goal.target.id for goal in found.goals("2026-Q3")] == ["year"]
    [answer] = found.get("goal_progress.mean", "2026-Q3", where={"goal": "b"}).answers
    assert answer.value is None


def _chain(length: int, top: str = "-", name: str = "g") -> str:
    """Return rows of goals, g0 with its part g1 with its part g2 and so on; the last is done by half."""
    rows = [(f"{name}{at}", f"{name}{at - 1}" if at else top, "-") for at in range(length)]
    rows[-1] = (*rows[-1][:2], "0.5")
    head = "id kpi_id period value owner_id unit parent_target_id weight progress\n"
    return head + "\n".join(f"{id} - 2026-Q3 1 - tasks {parent} - {done}" for id, parent, done in rows)


@pytest.mark.parametrize("length", [101, 102, 1500])
def test_goals_have_a_hundred_levels_of_parts_and_deeper_ones_are_told(company: Company, length: int) -> None:
    found = company(_chain(length))
    fits = length == 101
    assert found.target_problems() == (
        [] if fits else ["target 'g101': its goal 'g100' is 100 levels deep already. Take some levels out."]
    )
    [goal] = found.goals("2026-Q3")
    depth, top = 0, goal
    while goal.parts:
        [goal] = goal.parts
        depth += 1
    assert (depth, goal.target.id, top.progress) == ((100, "g100", 0.5) if fits else (101, "g101", None))
    assert note_words(goal.why) == ("" if fits else "it is more than 100 levels deep")
    assert found.get("goal_progress.mean", "2026-Q3", where={"goal": "g5"}).answers[0].value == (0.5 if fits else None)
    record = json.loads(json.dumps(top.record(found.wording)))
    assert record["id"] == "g0"


def test_a_long_chain_that_hangs_on_a_circle_is_no_tree(company: Company) -> None:
    ring = "\na - 2026-Q3 1 - tasks b - -\nb - 2026-Q3 1 - tasks a - -"
    found = company(_chain(1500, "a") + ring)
    assert found.target_problems() == [
        "goal 'a' is a part of itself: a -> b -> a. Take one link out.",
        "target 'g100': its goal 'g99' is 100 levels deep already. Take some levels out.",
    ]
    assert found.goals("2026-Q3") == []
    assert found.get("goal_progress.mean", "2026-Q3", where={"goal": "g5"}).answers[0].value is None


@pytest.mark.parametrize("rows", ["", TREE])
@pytest.mark.parametrize(
    "good", ["", '[[target]]\nid = "part"\nperiod = "2026-Q3"\nvalue = 2\nreached = 1\nparent = "top"']
)
@pytest.mark.parametrize("bad", ["", '[[target]]\nkpi = "nothing_such"\nperiod = "2026-Q3"\nvalue = 1'])
def test_a_target_that_cannot_be_hurts_no_progress(company: Company, rows: str, good: str, bad: str) -> None:
    top = '[[target]]\nid = "top"\nperiod = "2026-Q3"\nvalue = 1\n' if good else ""
    found = company(rows, f"{bad}\n{top}{good}")
    progress = {
        answer.question.cuts[0][1][0]: answer.value
        for answer in found.get("goal_progress.mean", "2026-Q3", by="goal").answers
    }
    expected = {"top": 0.5} if good else {}
    assert progress == (
        expected | {"sales": 0.9, "shop": 0.8, "year": pytest.approx(0.801429, abs=1e-6)} if rows else expected
    )
    assert len(found.target_problems()) == bool(bad)


def test_a_goal_that_does_not_exist_is_told_with_the_nearest(company: Company) -> None:
    assert company(TREE + "    paint - 2026-Q3 1 - tasks shpo - 1\n").target_problems() == [
        "target 'paint': no goal named 'shpo'. Did you mean 'shop'?"
    ]


def test_a_goal_for_the_progress_of_goals_is_no_endless_question(company: Company) -> None:
    found = company(TREE + "    all goal_progress.mean 2026-Q3 1 - - shop - -\n")
    [year] = found.goals("2026-Q3")
    [shop] = [part for part in year.parts if part.target.id == "shop"]
    assert [note_words(part.why) for part in shop.parts if part.why] == ["goal_progress is itself made of goals"]


def test_progress_of_goals_in_the_past_is_refused(company: Company) -> None:
    from datetime import date

    with pytest.raises(BadArgument, match="is known as of 2026-09-09, the day of the data, only"):
        company(TREE).get("goal_progress", "2026-Q3", as_of=date(2026, 8, 1))


def test_kpi_goals_prints_the_tree_with_bars_owners_and_pace(company: Company) -> None:
    found = company(TREE)
    found.close()
    shown = CliRunner().invoke(goals, ["--period", "2026-Q3", "--workspace", str(found.config.folder)])
    assert shown.exit_code == 0, shown.output
    lines = shown.stdout.splitlines()
    [ann] = [line for line in lines if "└ ann" in line]
    assert "rep Ann Lee" in ann and "████████████████░░░░  80%" in ann and "400 of 500, 104% of pace" in ann
    [works] = [line for line in lines if "└ works" in line]
    assert "6 of 10 tasks" in works
    [total] = [line for line in lines if "total_sales.booked" in line and "700.00" in line]
    assert "90%" in total and "117%" in total and "51 of 66 working days" in total


def test_kpi_goals_gives_json(company: Company) -> None:
    found = company(TREE)
    found.close()
    shown = CliRunner().invoke(goals, ["--period", "2026-Q3", "--json", "--workspace", str(found.config.folder)])
    told = json.loads(shown.stdout)
    assert [each["id"] for each in told["goals"]] == ["year"]
    assert told["problems"] == []
    assert {each["cuts"].get("rep"): each["attainment"] for each in told["targets"]} == {
        None: pytest.approx(632 / 700),
        "Ann Lee": 0.8,
        "Bob Ray": 1.16,
    }


def test_a_bar_is_full_only_when_the_goal_is_reached() -> None:
    assert bar(0.999) == "█" * 19 + "░  99%"
    assert bar(1) == "█" * 20 + " 100%"
    assert bar(None).startswith("·" * 20)
