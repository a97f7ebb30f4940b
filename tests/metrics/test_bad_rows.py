"""Rows that cannot be: left out of the number, and counted in the answer."""

from __future__ import annotations

from pathlib import Path

from kpicore import Workspace, load_plugins
from tests.engine.worlds import config_of, load_tables
from tests.metrics.asking import answer, value
from tests.said import note_texts, note_words


def opened(folder: Path, **tables: str) -> Workspace:
    config = config_of(folder)
    load_tables(config, tables)
    return Workspace(config, load_plugins(()))


def test_survey_answers_outside_their_scale_count_in_no_score_and_are_counted(tmp_path: Path) -> None:
    answers = """
        id type score scale_max answered_at
        n1 nps  10    -         2025-01-10
        n2 nps  3     -         2025-01-11
        n3 nps  95    -         2025-01-12
        n4 nps  -1    -         2025-01-13
        c1 csat 5     -         2025-01-10
        c2 csat 2     -         2025-01-11
        c3 csat 50    5         2025-01-12
    """
    with opened(tmp_path, survey_response=answers) as found:
        # one promoter and one detractor of two; one satisfied of two
        for ref, number in (("nps", 0), ("promoter_share", 0.5), ("csat", 0.5), ("csat.mean", 3.5)):
            told = answer(found, ref, "2025-01")
            assert told.value == number
            assert "3 answers are outside their scale: they count in no score" in note_texts(told.notes)


def test_scores_on_several_scales_have_no_average_and_those_on_one_have_whatever_the_scale(tmp_path: Path) -> None:
    answers = """
        id type score scale_max answered_at
        c1 csat 4     5         2025-01-10
        c2 csat 9     10        2025-01-11
        c3 csat 7     10        2025-02-11
        c4 csat 10    10        2025-02-12
        c5 csat 3     -         2025-03-11
        c6 csat 4     5         2025-03-12
        c7 csat 77    10        2025-03-12
        n1 nps  9     -         2025-05-01
    """
    with opened(tmp_path, survey_response=answers) as found:
        told = answer(found, "csat.mean", "2025-01")
        assert (told.value, told.reason, told.n) == (None, "zero_denominator", 2)
        assert note_words(told.detail) == "a denominator is 0 (with scales 2)"
        assert answer(found, "csat.mean", "2025-Q1").reason == "zero_denominator"
        assert [value(found, "csat.mean", month) for month in ("2025-02", "2025-03")] == [8.5, 3.5]
        assert answer(found, "csat.mean", "2025-04").reason == "no_rows"
        # each is satisfied by its own scale: 4 of 5 and 9 of 10
        assert value(found, "csat", "2025-01") == 1


def test_a_net_promoter_score_is_of_answers_from_0_to_10_alone(tmp_path: Path) -> None:
    answers = """
        id type score scale_max answered_at
        n1 nps  9     -         2025-01-10
        n2 nps  5     5         2025-01-11
        n3 nps  80    100       2025-01-12
        n4 nps  10    100       2025-01-12
    """
    with opened(tmp_path, survey_response=answers) as found:
        for ref, number in (("nps", 100), ("promoter_share", 1)):
            told = answer(found, ref, "2025-01")
            assert (told.value, told.n) == (number, 1)
            assert "3 nps answers are on another scale than 0 to 10: they count in no net promoter score" in note_texts(
                told.notes
            )


def test_ids_given_twice_count_once_and_are_counted_until_they_are_put_right(tmp_path: Path) -> None:
    twice = """
        id ordered_at amount
        a1 2025-01-10 100
        a1 2025-01-10 150
        a2 2025-01-11 30
    """
    with opened(tmp_path, order=twice) as found:
        told = answer(found, "revenue", "2025-01")
        assert told.value == 150 + 30
        assert "1 row was given again with the same id: the last one counts" in note_texts(told.notes)
    with opened(tmp_path, order="id ordered_at amount\na1 2025-01-10 150\na2 2025-01-11 30") as found:
        told = answer(found, "revenue", "2025-01")
        assert (told.value, note_texts(told.notes)) == (180, ())


def test_rows_without_an_id_are_left_out_and_counted(tmp_path: Path) -> None:
    with opened(tmp_path, order="id ordered_at amount\na1 2025-01-10 100\n- 2025-01-11 30") as found:
        told = answer(found, "revenue", "2025-01")
        assert told.value == 100
        assert "1 row has no id: left out, see quarantine" in note_texts(told.notes)


def test_deals_that_were_closed_before_they_began_are_counted_and_never_open(tmp_path: Path) -> None:
    deals = """
        id outcome created_at first_contact_at closed_at  amount
        o1 won     2025-02-01 2025-02-01       2025-01-01 100
        o2 won     2025-01-01 2025-01-01       2025-01-11 50
    """
    with opened(tmp_path, opportunity=deals) as found:
        told = answer(found, "pipeline_count", "2025-01-05")
        assert told.value == 1
        assert "1 deal was closed before it was created" in note_texts(answer(found, "sales_cycle", "2025-01").notes)
        assert value(found, "total_sales", "2025-01") == 150


def test_what_ends_before_it_begins_took_no_time_it_is_left_out_and_counted(tmp_path: Path) -> None:
    deals = """
        id outcome created_at first_contact_at closed_at  amount
        o1 won     2025-01-02 2025-01-31       2025-01-03 100
        o2 won     2025-01-01 2025-01-01       2025-01-11 50
    """
    leads = """
        id created_at       first_response_at converted_at converted_customer_id
        l1 2025-01-10T09:00 2025-01-10T08:00  2025-01-08   c1
        l2 2025-01-10T09:00 2025-01-10T09:20  2025-01-14   c2
    """
    inquiries = """
        id received_at      first_reply_at
        i1 2025-01-10T09:00 2025-01-10T08:00
        i2 2025-01-10T09:00 2025-01-10T09:05
    """
    with opened(tmp_path, opportunity=deals, lead=leads, inquiry=inquiries) as found:
        expected = {
            "sales_cycle": 10,
            "sales_cycle.median": 10,
            "sales_cycle.p90": 10,
            "time_to_convert": 4,
            "lead_response_time": 20,
            "lead_response_time.median": 20,
            "inquiry_response_time": 5,
        }
        for ref, number in expected.items():
            told = answer(found, ref, "2025-01")
            assert (told.value, told.n) == (number, 1), ref
            assert any(note.startswith("1 of 2 rows of ") and "left out" in note for note in note_texts(told.notes)), (
                ref
            )


def test_an_order_without_an_amount_lowers_no_average_of_amounts(tmp_path: Path) -> None:
    orders = """
        id ordered_at amount owner_id customer_id
        a1 2025-01-10 100    u1       k1
        a2 2025-01-11 300    u1       k1
        a3 2025-01-12 -      u1       k1
    """
    with opened(tmp_path, order=orders, user="id name\nu1 Ann") as found:
        # 400 over the two orders whose amount is known, not over three
        assert value(found, "aov", "2025-01") == 200
        assert value(found, "avg_purchase_value", "2025-01") == 200
        assert value(found, "avg_ticket_per_rep", "2025-01", rep="Ann") == 200
