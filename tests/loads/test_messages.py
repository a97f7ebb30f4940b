"""What sources say in an order, with pauses and failures that are not those of a fair day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from kpicore import Children, DayRange, EntityReport, Gone, Limit, Reached, Rows, Whole
from kpicore.testing import TinySource, batch
from tests.loads.shop import REGISTRY, crm, rows

ORDERS = "SELECT id FROM kpi.order ORDER BY id"


def cost_sum(ask):
    ((amount,),) = ask("SELECT sum(amount) FROM kpi.cost")
    return amount


def test_a_stream_goes_on_where_it_was_after_runs_that_end_well(tell):
    source = crm(rows("order", "id amount\n 1 5"), Reached("order", "at 1"))
    assert not tell(source).errors
    assert not tell(source).errors
    assert source.told == [{}, {"order": "at 1"}]


def test_a_stream_that_says_nothing_of_how_far_it_is_keeps_where_it_was(tell):
    tell(crm(rows("order", "id amount\n 1 5"), Reached("order", "at 1")))
    tell(crm(rows("order", "id amount\n 2 5")))
    later = crm()
    tell(later)
    assert later.told == [{"order": "at 1"}]


def test_what_a_single_source_gave_up_to_its_checkpoint_stays_when_it_fails(tell, ask):
    page = rows("order", "id amount\n 1 5")
    report = tell(crm(page, Reached("order", "at 1"), rows("order", "id amount\n 2 5"), fails=True))
    assert report.errors == ("crm: ConnectionError: the line is dead",)
    assert report.entity("order") == EntityReport("order", new=1, total=1)
    assert ask(ORDERS) == [("1",)]
    later = crm()
    tell(later)
    assert later.told == [{"order": "at 1"}]


def test_rows_of_other_streams_that_stood_before_a_checkpoint_are_merged_and_counted(tell, ask):
    # an id given twice and one that is empty: rows that wait are no rows yet
    customers = rows("customer", "id name\n 1 Ann\n 1 Bob\n - Cid")
    orders = rows("order", "id amount\n 1 5")
    report = tell(crm(customers, orders, Reached("order", "at 1"), fails=True))
    assert report.entity("customer").new == report.entity("order").new == 1
    assert ask("SELECT id, name FROM kpi.customer") == [("1", "Bob")]
    assert ask("SELECT stream, new FROM book.load_rows ORDER BY stream") == [("customer", 1), ("order", 1)]
    assert ask("SELECT stream, cursor FROM book.load ORDER BY stream") == [("customer", None), ("order", "at 1")]


def test_a_limit_counts_what_was_lost_since_the_run_began_whatever_the_checkpoints(tell, ask):
    tell(crm(rows("order", "id amount\n 1 5\n 2 5\n 3 5\n 4 5\n 5 5")))
    pages = [part for id in "123" for part in (Gone("order", "order", [id]), Reached("order", id))]
    report = tell(crm(Limit("order", 0.5), *pages))
    assert "of the 5 rows that it gave before 3 would go" in report.errors[0]
    assert ask(ORDERS) == [("3",), ("4",), ("5",)]


def test_a_limit_holds_for_what_goes_with_the_checkpoint_of_another_stream(tell, ask):
    tell(crm(rows("order", "id amount\n 1 5"), rows("customer", "id name\n a Ann")))
    told = Limit("order", 0.5), Gone("order", "order", ["1"]), rows("customer", "id name\n b Bob")
    report = tell(crm(*told, Reached("customer", "at b")))
    assert "1 would go" in report.errors[0]
    assert ask(ORDERS) == [("1",)]


def test_a_field_that_another_source_gives_too_is_emptied_where_a_stream_gives_it_no_more(tell, ask):
    tell(crm(rows("order", "id status\n 1 x"), name="a"), crm(rows("order", "id status\n 1 x"), name="b"))
    tell(crm(rows("order", "id amount\n 1 5"), name="a"))
    assert ask("SELECT id, status FROM kpi.order ORDER BY id") == [("a:1", None), ("b:1", "x")]


def test_a_field_that_another_stream_of_the_source_gives_too_stays(tell, ask):
    tell(crm(rows("order", "id status\n 1 x"), rows("order", "id status amount\n 2 x 5", "more")))
    tell(crm(rows("order", "id amount\n 1 5")))
    assert ask("SELECT id, status FROM kpi.order ORDER BY id") == [("1", "x"), ("2", "x")]


def test_rows_that_lose_a_value_by_a_missing_field_are_changed_and_counted_once(tell):
    tell(crm(rows("order", "id amount status\n 1 5 x\n 2 6 y\n 3 7 -")))
    # 1 loses its status, 2 its amount too, 3 has none to lose
    report = tell(crm(rows("order", "id amount\n 1 5\n 2 -\n 3 7")))
    assert report.entity("order") == EntityReport("order", changed=2, unchanged=1, emptied=2, total=3)


def test_equal_rows_without_a_key_are_two_in_two_lists_and_on_two_pages(tell, ask):
    cost = "booked_on amount\n 2025-01-01 5"
    pages = rows("cost", cost, "ads"), rows("cost", cost, "fairs"), rows("cost", cost, "ads")
    for _ in range(2):
        tell(crm(*pages, rows("cost", cost, "ads"), Reached("ads", "at 3"), rows("cost", cost, "ads")))
        assert cost_sum(ask) == 5 * 5


@pytest.mark.parametrize("raw", ["", "raw"])
def test_a_column_that_is_exported_since_doubles_no_row_without_a_key(tell, ask, raw):
    def costs(*lines):
        columns = dict(zip(("booked_on", "amount", "kind"), zip(*lines, strict=True), strict=False))
        read = {"raw": [repr(line) for line in lines]} if raw else {}
        return crm(Rows("cost", "cost", pa.table({**columns, **read}), raw=raw))

    new_year = date(2025, 1, 1)
    tell(costs((new_year, 5), (new_year, 5), (new_year, 7)))
    report = tell(costs((new_year, 5, "ads"), (new_year, 5, "fairs"), (new_year, 7, "ads"), (new_year, 8, "ads")))
    assert report.entity("cost") == EntityReport("cost", new=1, changed=3, total=4)
    assert cost_sum(ask) == 5 + 5 + 7 + 8


def test_several_files_of_one_mapping_in_a_load_empty_and_remove_nothing_of_each_other(tell, ask):
    with_status = crm(rows("order", "id status\n 1 x"), Whole("order", "order"))
    without = crm(rows("order", "id amount\n 2 5"), Whole("order", "order"))
    for _ in range(3):
        tell(with_status, without)
        assert ask("SELECT id, status FROM kpi.order ORDER BY id") == [("1", "x"), ("2", None)]
    # of both it is told what they give, so that the status is missed now
    tell(crm(rows("order", "id amount\n 1 5")))
    assert ask("SELECT id, status FROM kpi.order ORDER BY id") == [("1", None), ("2", None)]


def test_children_leave_alone_what_another_stream_gives_in_the_same_load(tell, ask):
    first, other = (rows("order_line", f"id order_id\n {id} o", f"lines {id}") for id in "12")
    tell(crm(first, other))
    tell(crm(other, first, Children("lines 1", "order_line", "order_id", ["o"])))
    assert ask("SELECT id FROM kpi.order_line ORDER BY id") == [("1",), ("2",)]
    tell(crm(first, Children("lines 1", "order_line", "order_id", ["o"])))
    assert ask("SELECT id FROM kpi.order_line ORDER BY id") == [("1",)]


def test_what_did_not_fit_stays_in_quarantine_until_its_record_is_read_again(tell, ask):
    quarantine = "SELECT record, raw FROM book.quarantine"
    tell(crm(Rows("order", "order", pa.table({"id": ["1"], "amount": ["much"]})), Reached("order", "at 1")))
    tell(crm(rows("order", "id amount\n 2 5"), Reached("order", "at 2")))
    assert ask(quarantine) == [("1", "much")]
    tell(crm(rows("order", "id amount\n 1 5"), Reached("order", "at 3")))
    assert ask(quarantine) == []


def test_a_batch_without_a_list_keeps_the_keys_that_it_had(tell, ask):
    for _ in range(2):
        tell(TinySource("old", (batch(REGISTRY, "cost", "booked_on amount\n 2025-01-01 5"),)))
    assert cost_sum(ask) == 5


def test_an_unknown_field_of_children_or_of_a_span_is_told_in_one_line(tell):
    span = DayRange("oredred_on", date(2025, 1, 1), date(2025, 1, 2))
    for end in (Children("line", "order_line", "oder_id", ["1"]), Whole("order", "order", span)):
        (told,) = tell(crm(end)).errors
        assert "no field named '" in told and "Did you mean 'order" in told


def test_a_span_by_a_field_that_was_never_given_is_all_rows(tell, ask):
    tell(crm(rows("order", "id amount\n 1 5\n 2 5")))
    days = DayRange("ordered_on", date(2025, 1, 1), date(2025, 1, 2))
    tell(crm(rows("order", "id amount\n 1 5"), Whole("order", "order", days)))
    assert ask("SELECT id FROM kpi.order") == [("1",)]


def test_what_one_stream_left_out_is_still_told_when_another_is_loaded(tell, ask):
    twice, once = (rows("order", f"id amount{lines}", name) for name, lines in (("a", "\n 1 5\n 1 6"), ("b", "\n 2 5")))
    tell(crm(twice, once))
    told = 'SELECT told, "rows", stream FROM book.told'
    assert ask(told) == [("repeated", 1, "a")]
    tell(crm(once))
    assert ask(told) == [("repeated", 1, "a")]
    tell(crm(rows("order", "id amount\n 1 6", "a")))
    assert ask(told) == []


@pytest.mark.parametrize("message", [rows("order", "id\n 1"), Gone("order", "order", ["1"])])
def test_a_stream_without_a_name_is_refused(tell, message):
    assert "its stream has no name" in tell(crm(replace(message, stream=""))).errors[0]
