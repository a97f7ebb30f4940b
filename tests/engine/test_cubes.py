"""Cubes change how fast an answer comes and never the answer: batches, persisted cubes, refilled ones."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import (
    COUNT,
    Answer,
    BadCut,
    Calendar,
    Metric,
    Question,
    UnknownName,
    Workspace,
    count,
    distinct,
    earlier,
    metric,
    standing,
    target,
    total,
)
from kpicore.engine import engine as engine_module
from kpicore.engine.compile.requirements import inputs_behind, needs, reads
from kpicore.engine.plan import requests
from kpicore.engine.plan.availability import is_planned
from kpicore.engine.plan.cube_store import FILE
from kpicore.engine.plan.filters import check_cuts
from kpicore.engine.plan.requests import MOST_UNITS, Units
from kpicore.engine.warm_up import refill
from kpicore.targets.attainment import grows_daily
from kpicore.warehouse import FILE as WAREHOUSE
from tests.engine.conftest import Opened
from tests.engine.shapes import METRICS, NAMES, Asked, asked, question
from tests.engine.worlds import at, config_of, load_tables, only, workspace
from tests.fresh import fresh
from tests.said import note_texts, note_words


def plain(answers: list[Answer]) -> list[tuple[object, ...]]:
    return [
        (answer.value, answer.reason, note_words(answer.detail), answer.inputs, answer.n, note_texts(answer.notes))
        for answer in answers
    ]


@given(st.lists(asked(), min_size=2, max_size=9))
@settings(max_examples=8, deadline=None)
def test_a_batch_of_questions_gives_what_each_gives_alone(tiny: Opened, given: list[Asked]) -> None:
    opened = tiny(*METRICS)
    questions = [question(opened, each) for each in given]
    together = fresh(opened).answer(questions)
    assert plain(together) == [plain(fresh(opened).answer([each]))[0] for each in questions]
    assert [each.question for each in together] == questions


@given(st.lists(asked(), min_size=2, max_size=9))
@settings(max_examples=6, deadline=None)
def test_what_was_asked_before_changes_no_answer(tiny: Opened, given: list[Asked]) -> None:
    opened = tiny(*METRICS)
    questions = [question(opened, each) for each in given]
    one_by_one = [opened.engine.answer([each])[0] for each in questions]
    assert plain(one_by_one) == plain(fresh(opened).answer(questions))
    assert plain(opened.engine.answer(questions[::-1])) == plain(one_by_one[::-1])


@given(st.lists(asked(), min_size=2, max_size=8))
@settings(max_examples=6, deadline=None)
def test_whether_all_members_are_read_changes_no_answer(tiny: Opened, given: list[Asked]) -> None:
    opened = tiny(*METRICS)
    questions = [question(opened, each) for each in given]
    whole = plain(fresh(opened).answer(questions))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_module, "MANY_MEMBERS", 1)
        part = fresh(opened)
        assert plain([part.answer([each])[0] for each in questions]) == whole
        assert plain(fresh(opened).answer(questions)) == whole


def test_equal_questions_are_asked_once(tiny: Opened) -> None:
    opened = tiny(*METRICS)
    one = question(opened, (("single", "total"), "2025-Q1", ()))
    first, second = opened.engine.answer([one, question(opened, (("single", "total"), "2025-Q1", ()))])
    assert first is second


def scans(opened: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that will hold each statement that reads rows into cubes."""
    found: list[str] = []
    query = opened.warehouse.query

    def told(sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        if "GROUP BY 1" in sql:
            found.append(sql)
        return query(sql, values)

    monkeypatch.setattr(opened.warehouse, "query", told)
    return found


def test_nothing_is_read_twice(tiny: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = tiny(*METRICS)
    with monkeypatch.context() as patch:
        read = scans(opened, patch)
        months = [question(opened, (("single", "total"), f"2025-0{month}", ())) for month in range(1, 7)]
        opened.engine.answer(months)
        assert len(read) == 1
        opened.engine.answer([question(opened, (("single", "total"), period, ())) for period in ("2025-Q1", "2025-H1")])
        assert len(read) == 1


def test_inputs_that_add_up_share_a_scan(tiny: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = tiny(*METRICS)
    with monkeypatch.context() as patch:
        read = scans(opened, patch)
        opened.get(["formulas.win_rate", "single.total"], "2025-Q1")
        assert len(read) == 1


# --- persisted ------------------------------------------------------------------------------------


@pytest.fixture
def stored(tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(engine_module, "WORTH_KEEPING", 0)
    copy(tiny_folder / WAREHOUSE, tmp_path)
    with workspace(config_of(tmp_path), METRICS) as opened:
        yield opened


def again(opened: Workspace) -> Workspace:
    return workspace(opened.config, METRICS)


STORED = ("2025", "2025-Q1", "2025-04", "2025-W14")


def all_questions(opened: Workspace) -> list[Question]:
    cuts = [(), (("rep", ("Bob Ray",)),), (("channel", ("web", "phone")),)]
    return [question(opened, (name, period, cut)) for name in NAMES for period in STORED for cut in cuts]


def test_kept_cubes_give_equal_answers_without_reading_rows(stored: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    first = plain(stored.engine.answer(all_questions(stored)))
    with again(stored) as opened:
        read = scans(opened, monkeypatch)
        assert plain(opened.engine.answer(all_questions(opened))) == first
    # lists of members of what does not add up are read for themselves and not kept
    assert all("IN (" in each for each in read)


@pytest.mark.parametrize("damage", ["cut off", "no database", "other table", "bad cells", "folder"])
def test_a_store_that_cannot_be_read_is_passed_over(stored: Workspace, damage: str) -> None:
    questions = all_questions(stored)[:40]
    first = plain(stored.engine.answer(questions))
    file = stored.config.folder / FILE
    if damage == "cut off":
        file.write_bytes(file.read_bytes()[:1500])
    elif damage == "no database":
        file.write_bytes(b"nothing at all")
    elif damage == "folder":
        file.unlink()
        file.mkdir()
    else:
        with sqlite3.connect(file) as connection:
            if damage == "other table":
                connection.execute("DROP TABLE cube")
                connection.execute("CREATE TABLE cube (something TEXT)")
            else:
                connection.execute("UPDATE cube SET cells = '[1, 2'")
        connection.close()
    with again(stored) as opened:
        assert plain(opened.engine.answer(questions)) == first


def test_a_store_that_cannot_be_written_costs_no_answer(stored: Workspace) -> None:
    (stored.config.folder / FILE).mkdir()
    answers = stored.engine.answer(all_questions(stored)[:20])
    assert any(answer.value for answer in answers)


def test_cubes_of_other_data_are_not_used_and_are_read_again_after_a_load(
    stored: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.engine.answer(all_questions(stored))
    before = stored.get("single.total", "2025-Q1").answers[0].value
    assert before == 1200
    stored.close()
    deal = {"opportunity": "id closed_at outcome amount\no5 2025-03-12 lost 60"}
    load_tables(stored.config, deal, at=at("2025-07-15"), source="Tiny company")
    with again(stored) as opened:
        assert refill(opened.engine) > 0
        assert opened.get("single.total", "2025-Q1").answers[0].value == 1210
    with again(stored) as opened:
        read = scans(opened, monkeypatch)
        found = [
            opened.get("single.total", period, where=where).answers[0].value
            for period in ("2025-Q1", "2025-02", "2025")
            for where in ({}, {"rep": "u3"})
        ]
        assert found == [1210, 460, 350, 0, 2680, 1060]
        assert opened.get("single.end", "2025-Q1").answers[0].value == 750
        assert not read


def test_refilled_cubes_give_the_answers_of_a_new_engine(stored: Workspace) -> None:
    first = plain(stored.engine.answer(all_questions(stored)))
    with again(stored) as opened:
        refill(opened.engine)
    with again(stored) as opened:
        assert plain(opened.engine.answer(all_questions(opened))) == first


def test_a_changed_setting_does_not_find_the_cubes_of_the_old_one(stored: Workspace) -> None:
    old = standing(
        "opportunity",
        since="created_on",
        until="closed_on",
        where="days(created_on, period.as_of) > setting.stuck_days",
    )
    slow = count("opportunity", when="closed_on", where="days(created_on, closed_on) > setting.stuck_days")
    for one, few, many in ((old, 0, 1), (slow, 0, 5)):
        for days, expected in ((29, many), (45, few)):
            config = config_of(stored.config.folder, settings={"stuck_days": days})
            with workspace(config, (only(it=one),)) as opened:
                assert opened.get("it", "2025-Q1").answers[0].value == expected, (one, days)


def test_an_answer_as_of_an_earlier_day_is_not_kept_for_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "WORTH_KEEPING", 0)
    config = config_of(tmp_path)
    pipeline = only(it=standing("opportunity", "amount", since="created_on", until="closed_on"))
    load_tables(config, {"opportunity": "id created_at amount\nd1 2025-01-10 100"}, at=at("2025-02-10"))
    load_tables(config, {"opportunity": "id created_at amount\nd1 2025-01-10 300"}, at=at("2025-04-10"))
    with workspace(config, (pipeline,)) as opened:
        day = opened.period("2025-02-20").start
        assert opened.get("it", "2025-01", as_of=day).answers[0].value == 100
    with workspace(config, (pipeline,)) as opened:
        assert opened.get("it", "2025-01").answers[0].value == 300


def test_small_entities_are_not_kept(tiny_folder: Path, tmp_path: Path) -> None:
    copy(tiny_folder / WAREHOUSE, tmp_path)
    with workspace(config_of(tmp_path), METRICS) as opened:
        opened.get("single.total", "2025-Q1")
    assert not (tmp_path / FILE).exists()


def test_a_question_that_cannot_be_asked_leaves_the_others_answerable(tiny: Opened) -> None:
    opened = tiny(Metric("it", name="It", unit=COUNT, inputs={"v": total("cost", "amount", when="booked_on")}))
    good = Question("it", "default", opened.period("2025-Q1"))
    bad = Question("it", "default", opened.period("2025-Q1"), (("rep", ("Bob Ray",)),))
    with pytest.raises(BadCut):
        opened.engine.answer([good, bad])
    assert opened.engine.answer([good])[0].value == 1100


def test_the_search_for_circles_goes_on_after_a_batch_also_after_a_refused_one(tiny: Opened) -> None:
    opened = tiny(*METRICS)
    opened.engine.answer([question(opened, (("single", "total"), "2025-Q1", ()))])
    assert gc.isenabled()
    with pytest.raises(UnknownName):
        opened.engine.answer([Question("no_such_kpi", "default", opened.period("2025-Q1"))])
    assert gc.isenabled()


def test_a_program_that_wants_no_search_for_circles_gets_none(tiny: Opened) -> None:
    opened = tiny(*METRICS)
    gc.disable()
    try:
        opened.engine.answer([question(opened, (("single", "total"), "2025-Q1", ()))])
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_targets_of_kpi_toml_are_read_as_they_are_written_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "WORTH_KEEPING", 0)
    load_tables(config_of(tmp_path), {"opportunity": "id closed_at\nd1 2025-01-10"}, at=at("2025-04-10"))
    planned = only(it=total("target", "value", when="period_start"))
    for value in (100, 200):
        given = {"id": "t", "period": "2025-Q1", "value": value}
        with workspace(config_of(tmp_path, targets=(given,)), (planned,)) as opened:
            assert opened.get("it", "2025-01").values() == [value]


def test_a_period_of_too_many_months_or_weeks_is_kept_as_a_whole():
    calendar = Calendar()
    units = Units(calendar)

    def kept(period: str) -> tuple[str, int]:
        grain, ids = units.of(calendar.parse(period, today=date(2025, 7, 15)))
        return grain, len(ids)

    assert MOST_UNITS == 600
    assert kept("1976..2025") == ("month", 600)
    assert kept("1976..2026-01") == ("", 0)
    assert kept("2025-01-06..2025-01-19") == ("week", 2)
    assert kept("0001-01-08..9998-06-28") == ("", 0)


def diamonds(levels: int) -> list[Metric]:
    """Return KPIs each of which is made of the one before in four ways."""
    made = [Metric("step_0", "Step 0", COUNT, inputs={"paid": total("payment", "amount", when="received_on")})]
    for number in range(1, levels + 1):
        below = f"step_{number - 1}"
        steps = {"n": metric(below), "p": earlier(below, "previous"), "y": earlier(below, "year"), "t": target(below)}
        made.append(Metric(f"step_{number}", f"Step {number}", COUNT, "n + p + y + t", inputs=steps))
    return made


def test_what_kpis_are_made_of_is_looked_at_once_in_however_many_ways_they_are_made_of_it(tiny: Opened) -> None:
    opened = tiny(*diamonds(17))  # some 17 thousand million paths lead down to the first
    assert {each.lacks[0] for each in opened.coverage()} == {"no payment was loaded"}
    top = opened.definitions.get("step_17", "default")
    assert len([*inputs_behind(top, opened.definitions)]) == 1 + 17 * 4
    assert needs(opened.definitions, top)["payment"] == ("amount", "received_on")


def test_no_question_about_a_definition_goes_down_all_the_ways_in_which_it_is_made(tiny: Opened) -> None:
    opened = tiny(*diamonds(19))
    definitions, state = opened.definitions, opened.warehouse.state
    top = definitions.get("step_19", "default")
    assert not is_planned(top, definitions)
    assert grows_daily(top, definitions)
    assert reads("payment", top, definitions) and not reads("opportunity", top, definitions)
    check_cuts(top, (), definitions, state)
    with pytest.raises(BadCut, match=r"'step_0' cannot be cut by stage: its input 'paid' is read from 'payment'"):
        check_cuts(top, ("stage",), definitions, state)


def test_a_kpi_is_computed_once_in_however_many_ways_others_are_made_of_it(tiny: Opened) -> None:
    made = [Metric("step_0", "Step 0", COUNT, inputs={"all": count("opportunity", when="created_on")})]
    for number in range(1, 20):  # three to the power of 19 ways lead down to the first
        inputs = dict.fromkeys("abc", metric(f"step_{number - 1}"))
        made.append(Metric(f"step_{number}", f"Step {number}", COUNT, "(a + b + c) / 3", inputs=inputs))
    opened = tiny(*made)
    for by in ((), ("rep",)):
        top, first = (opened.get(name, "2025-Q1", by=by).values() for name in ("step_19", "step_0"))
        assert top == pytest.approx(first)
        assert sum(first)


def test_many_members_give_what_few_do(tiny: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = count("opportunity", when="closed_on")
    inputs = (closed, distinct("opportunity", "channel", when="closed_on"))
    reps, customers = ["u1", "u2", "u3", "(none)"], ["Acme", "Blue", "Coco", ["Dune", "Echo"], "(none)"]

    def all_answers() -> list[float | None]:
        found: list[float | None] = []
        for counted in inputs:
            opened = tiny(only(it=counted))
            found += [
                opened.get("it", period, where={"rep": rep, "customer": customer}).answers[0].value
                for period in ("2025-Q1", "2025-02", "2025-H1")
                for rep in reps
                for customer in customers
            ]
        return found

    few = all_answers()
    monkeypatch.setattr(engine_module, "MANY_MEMBERS", 1)
    assert all_answers() == few
    assert sum(each or 0 for each in few) == 35


def test_long_lists_of_several_dimensions_are_answered_as_short_ones_that_name_the_same_rows(
    tiny: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = {"rep": ["Bob Ray", "u1", "(none)"], "channel": ["web", "phone"], "customer": ["Acme", "Blue", "Coco"]}
    closed = count("opportunity", when="closed_on")
    inputs = (closed, distinct("opportunity", "customer_id", when="closed_on"))

    def all_answers() -> list[object]:
        found: list[object] = []
        for counted in inputs:
            opened = tiny(only(it=counted))
            for names in (("rep",), ("rep", "customer"), ("rep", "channel", "customer")):
                cuts = {name: lists[name] for name in names}
                found += [(answer.value, answer.n) for answer in opened.get("it", "2025", where=cuts).answers]
                found += opened.get("it", "2025", by="segment", where=cuts).values()
        return found

    usual = all_answers()
    monkeypatch.setattr(engine_module, "MANY_MEMBERS", 1)
    assert all_answers() == usual  # each combination by its name
    monkeypatch.setattr(requests, "MANY_COMBINATIONS", 1)
    assert all_answers() == usual  # all that there are, and those of the lists among them
