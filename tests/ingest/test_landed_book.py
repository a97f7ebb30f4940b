"""The page of the book on what was kept, and the rule by which deliveries go."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.landed import Kept, book, superseded


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as opened:
        opened.execute("CREATE SCHEMA book")
        opened.execute(
            "CREATE TABLE book.landed (load BIGINT, source VARCHAR, file VARCHAR, name VARCHAR, streams VARCHAR,"
            " bytes BIGINT, digest VARCHAR)"
        )
        yield opened


def delivery(load: int, *streams: str, number: int = 1, source: str = "files") -> Kept:
    return Kept(load, source, f"{load:06d}-{number}.zst", 'it\'s "Ümsätze".csv', streams, 2**40, "ab" * 32)


def test_what_goes_into_the_book_comes_out_as_it_was_in_the_order_in_which_it_came(connection):
    kept = [delivery(10, "deals"), delivery(2, "deals[Q1]", 'a "b", c'), delivery(2, "deals", number=10)]
    for one in (*kept, delivery(2, "deals", number=9)):
        book.enter(connection, one)
    assert book.deliveries(connection) == (kept[1], delivery(2, "deals", number=9), kept[2], kept[0])
    assert book.deliveries(connection, "files", 'a "b", c') == (kept[1],)
    assert book.deliveries(connection, "crm") == ()


def test_the_names_in_the_book_are_those_that_the_folder_is_to_hold(connection):
    assert book.known_files(connection) == frozenset()
    book.enter(connection, delivery(2, "deals"))
    assert book.known_files(connection) == {"000002-1.zst"}


def test_what_is_struck_or_forgotten_is_in_the_book_no_more(connection):
    ours, others = [delivery(1, "deals"), delivery(2, "deals")], delivery(3, "deals", source="crm")
    for one in (*ours, others):
        book.enter(connection, one)
    book.strike(connection, ours[:1])
    assert book.known_files(connection) == {"000002-1.zst", "000003-1.zst"}
    assert book.forget(connection, "files") == 1
    assert book.deliveries(connection) == (others,)
    # a source without a name is no source, and not all of them
    assert book.forget(connection, "") == 0
    assert book.deliveries(connection) == (others,)


def loads_that_go(loads: str, whole: set[int], stream: str = "deals") -> list[int]:
    """Return which loads of one stream go: loads_that_go("1 2 3", {1, 3})."""
    deliveries = [delivery(int(load), stream) for load in loads.split()]
    return [kept.load for kept in superseded(deliveries, {("files", stream): whole})]


def test_of_whole_deliveries_the_last_two_stay():
    assert loads_that_go("1", {1}) == []
    assert loads_that_go("1 2", {1, 2}) == []
    assert loads_that_go("1 2 3 4", {1, 2, 3, 4}) == [1, 2]


def test_of_changes_all_stay_since_the_last_but_one_whole_delivery():
    assert loads_that_go("1 2 3 4 5", set()) == []
    assert loads_that_go("1 2 3 4 5", {1}) == []
    assert loads_that_go("1 2 3 4 5 6", {2, 4}) == [1]
    assert loads_that_go("1 2 3 4 5 6", {1, 2, 4}) == [1]


def test_loads_of_which_nothing_is_kept_stand_in_for_none():
    assert loads_that_go("3 4 5", {1, 2, 4}) == []
    assert loads_that_go("3 4 5", {1, 2, 4, 5}) == [3]


def test_a_file_stays_as_long_as_one_of_its_streams_needs_it():
    deliveries = [delivery(1, "deals", "costs"), delivery(2, "deals"), delivery(3, "deals")]
    whole = {("files", "deals"): {1, 2, 3}}
    assert superseded(deliveries, whole) == ()
    assert superseded(deliveries, {**whole, ("files", "costs"): {1}}) == ()
    more = [*deliveries, delivery(4, "costs"), delivery(5, "costs")]
    assert superseded(more, {**whole, ("files", "costs"): {4, 5}}) == (deliveries[0],)


def test_another_source_of_a_stream_of_that_name_stands_in_for_nothing():
    deliveries = [delivery(1, "deals"), *(delivery(load, "deals", source="crm") for load in (2, 3))]
    assert superseded(deliveries, {("crm", "deals"): {2, 3}}) == ()


def test_two_files_of_one_load_stay_or_go_together_and_one_without_streams_stays():
    pair = [delivery(1, "deals"), delivery(1, "deals", number=2)]
    later = [delivery(2, "deals"), delivery(3, "deals")]
    assert superseded([*pair, *later, delivery(1, number=3)], {("files", "deals"): {1, 2, 3}}) == tuple(pair)


@given(st.lists(st.booleans(), max_size=12))
def test_what_stays_begins_with_a_whole_delivery_and_gives_all_rows(are_whole):
    whole = {load for load, is_whole in enumerate(are_whole) if is_whole}
    deliveries = [delivery(load, "deals") for load in range(len(are_whole))]
    gone = {kept.load for kept in superseded(deliveries, {("files", "deals"): whole})}
    stay = [load for load in range(len(are_whole)) if load not in gone]
    assert stay[-2:] == [*range(len(are_whole))][-2:]
    if gone:
        assert len(whole.intersection(stay)) == 2
        assert stay[0] in whole
        assert stay == [*range(stay[0], len(are_whole))]
