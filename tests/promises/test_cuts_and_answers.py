"""Promises 11 to 27, as far as they are kept below the hosts: cuts, periods given as text or number, answers.

18 (numbers as text), 22 and 23 (volatility, queues) and 25 (equal values) are promises of hosts: `test_in_cells.py`.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from kpicore import Answer, BadArgument, BadCut, BadPeriod, KpiError, Question, UnknownName, Workspace, count
from tests.engine.worlds import at, config_of, load_tables, only, workspace, world


def one(opened: Workspace, kpi: str, period: object, **where: object) -> Answer:
    [found] = opened.get(kpi, period, where=where).answers  # type: ignore[arg-type]
    return found


def test_promise_11_a_dimension_that_an_entity_lacks_is_refused_with_what_is_needed(tiny: Workspace) -> None:
    with pytest.raises(BadCut) as refused:
        tiny.get("cac", "2025-Q1", by="rep")
    for each in ("'cac.", "by rep", "'cost'", "'owner_id'"):
        assert each in str(refused.value)


def test_promise_12_an_unknown_value_proposes_one_and_a_known_one_without_rows_is_zero(tiny: Workspace) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'Bob Ray'"):
        one(tiny, "won_deals", "2025-Q1", rep="Bob Rai")
    assert one(tiny, "won_deals", "2025-04", rep="Bob Ray").value == 0


def test_promise_13_none_can_be_asked_for_and_is_part_of_the_total(tiny: Workspace) -> None:
    assert one(tiny, "won_deals", "2025-Q2", rep="(none)").value == 1
    by_rep = tiny.get("won_deals", "2025-Q2", by="rep").values()
    assert sum(each or 0 for each in by_rep) == one(tiny, "won_deals", "2025-Q2").value == 3


def test_promise_14_filters_are_names_trimmed_and_case_folded_and_nothing_else(tiny: Workspace) -> None:
    assert one(tiny, "won_deals", "2025-Q1", channel="  WEB ").value == 2
    assert one(tiny, "won_deals", "2025-Q1", channel=["web", "phone"]).value == 4
    for pattern in ("w*", "we?", "*"):
        with pytest.raises(UnknownName):
            one(tiny, "won_deals", "2025-Q1", channel=pattern)
    for condition in ("<>web", ">5", "=web"):
        with pytest.raises(BadCut, match="is a condition"):
            one(tiny, "won_deals", "2025-Q1", channel=condition)


def test_promise_15_id_or_current_label_and_a_label_of_two_is_refused(tiny: Workspace) -> None:
    assert one(tiny, "won_deals", "2025-Q1", rep="u1").value == 2
    assert one(tiny, "won_deals", "2025-Q1", rep="Ann Lee [u1]").value == 2
    with pytest.raises(BadCut, match=r"2 reps are called 'Ann Lee'"):
        one(tiny, "won_deals", "2025-Q1", rep="Ann Lee")


def test_promise_16_ids_dimensions_and_values_ignore_case(tiny: Workspace) -> None:
    assert (
        one(tiny, "WIN_Rate.CLOSED", "2025-q1", REP="BOB ray").value
        == one(tiny, "win_rate.closed", "2025-Q1", rep="Bob Ray").value
    )


def test_promise_17_a_calculator_refuses_a_share_above_one(tiny: Workspace) -> None:
    with pytest.raises(BadArgument, match=r"is a share and cannot be 20\. Write 0\.2 for 20 %"):
        tiny.calc("sales_equation", 500, 20, 1200)
    assert tiny.calc("sales_equation", 500, 0.2, 1200) == 120_000
    assert one(tiny, "win_rate", "2025-Q1").value == 4 / 6


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (2025, "2025"),
        (2025.0, "2025"),
        (2200, "2200"),
        (45747, "2025-03-31"),
        (32874, "1990-01-01"),
        (date(2025, 3, 31), "2025-03-31"),
        (datetime(2025, 3, 31, 8), "2025-03-31"),
    ],
)
def test_promise_19_a_number_is_a_year_or_the_serial_of_a_day(tiny: Workspace, given: object, key: str) -> None:
    assert tiny.period(given).key == key  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [0, 1, 1899, 2201, 32873, 73416, 2025.5, -2025, float("nan"), True])
def test_promise_19_any_other_number_is_refused(tiny: Workspace, given: float) -> None:
    with pytest.raises(BadPeriod):
        tiny.period(given)


def test_promise_20_canonical_keys_always_and_ambiguous_days_never(tiny: Workspace) -> None:
    for key in ("2025", "2025-H1", "2025-Q2", "2025-06", "2025-W20", "2025-06-30", "FY2025-Q2"):
        assert tiny.period(key).key == key
        assert tiny.period(key.lower()).key == key
    for text in ("01/02/2026", "1.2.26", "02-01-2026"):
        with pytest.raises(BadPeriod):
            tiny.period(text)


def test_promise_21_relative_periods_are_resolved_against_the_data_in_the_organisations_zone(tmp_path: Path) -> None:
    # the data is of July 1 in Tokyo, of June 30 in UTC
    for zone, key in (("UTC", "2025-05"), ("Asia/Tokyo", "2025-06")):
        config = config_of(tmp_path / zone.replace("/", "_"), timezone=zone)
        load_tables(config, {"opportunity": "id created_at\nd1 2025-05-10"}, at=at("2025-06-30T20:00"))
        with workspace(config, (only(it=count("opportunity", when="created_on")),)) as opened:
            assert one(opened, "it", "last month").question.period.key == key


def test_promise_23_equal_questions_are_asked_once_and_a_batch_has_one_data_version(tiny: Workspace) -> None:
    period = tiny.period("2025-Q1")
    questions = [Question("win_rate", "closed", period, (("rep", (rep,)),)) for rep in ("Bob Ray", "(none)")] * 1000
    answers = tiny.engine.answer(questions)
    assert len(answers) == 2000
    assert len({id(answer) for answer in answers}) == 2
    assert len({answer.data_version for answer in answers}) == 1


def test_promise_24_an_empty_cut_value_is_refused(tiny: Workspace) -> None:
    for empty in ("", "  ", ()):
        with pytest.raises(BadCut, match="is empty"):
            one(tiny, "won_deals", "2025-Q1", rep=empty)


@pytest.mark.parametrize("text", ["'; DROP TABLE kpi.opportunity; --", "x' OR 1=1 --", '"; SELECT 1', "Bob Ray' --"])
def test_promise_26_no_text_reaches_sql(tiny: Workspace, text: str) -> None:
    for ask in (
        lambda: one(tiny, "won_deals", "2025-Q1", rep=text),
        lambda: one(tiny, "won_deals", "2025-Q1", **{text: "u1"}),
        lambda: one(tiny, text, "2025-Q1"),
        lambda: one(tiny, f"win_rate.{text}", "2025-Q1"),
        lambda: one(tiny, "won_deals", text),
        lambda: tiny.get("won_deals", "2025-Q1", grain=text),
        lambda: tiny.get("won_deals", "2025-Q1", by=text),
    ):
        with pytest.raises(KpiError) as refused:
            ask()
        assert "\n" not in str(refused.value)
    assert one(tiny, "won_deals", "2025-Q1").value == 4


def test_promise_26_members_that_look_like_sql_are_just_members(tmp_path: Path) -> None:
    from kpicore import count
    from tests.engine.worlds import only

    rows = (
        'id channel created_at\nd1 x\';DROP~TABLE~kpi.opportunity;-- 2025-01-02\nd2 "a" 2025-01-03\nd3 =1+1 2025-01-03'
    )
    with world(tmp_path, {"opportunity": rows}, only(it=count("opportunity", when="created_on"))) as opened:
        assert opened.get("it", "2025-01", by="channel").values() == [1, 1, 1]
        assert one(opened, "it", "2025-01", channel="x';DROP TABLE kpi.opportunity;--").value == 1
        assert one(opened, "it", "2025-01", channel='"a"').value == 1


def test_promise_27_every_answer_has_n_versions_and_counted_notes(tiny: Workspace) -> None:
    for id, metric in tiny.registry.metrics.items():
        asked = [name for name in metric.variant_names if not metric.variant(name).needs_cut]
        for variant in asked if not metric.grains else ():
            [answer] = tiny.get(f"{id}.{variant}" if len(metric.variant_names) > 1 else id, "2025-Q1").answers
            assert answer.definition and answer.data_version and answer.data_time
            assert answer.value is None or answer.n > 0 or answer.value == 0, (id, variant)
    rate = one(tiny, "win_rate", "2025-Q1")
    assert (rate.value, rate.n) == (4 / 6, 6)
