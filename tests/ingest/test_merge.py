"""Rows of a source into the raw tables."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pyarrow as pa

from kpicore import Batch, EntityReport
from kpicore.testing import WAREHOUSE_FILE, TinySource, batch
from tests.said import note_texts

DEALS = """
    id  owner_id amount outcome
    o1  u1       100    open
    o2  u1       200    won
    o3  u2       300    lost
"""


def test_a_first_load_reports_every_row_as_new(give):
    assert give(opportunity=DEALS).entity("opportunity") == EntityReport("opportunity", new=3, total=3)


def test_loading_the_same_rows_again_changes_nothing_and_keeps_the_data_version(give):
    first = give(opportunity=DEALS)
    again = give(opportunity=DEALS)
    assert again.entity("opportunity") == EntityReport("opportunity", unchanged=3, total=3)
    assert again.version == first.version


def test_a_new_export_updates_changed_rows_adds_new_ones_and_keeps_the_rest(give, ask):
    first = give(opportunity=DEALS)
    second = give(opportunity="id amount\n o2 250\n o3 300\n o4 400")
    assert second.entity("opportunity") == EntityReport("opportunity", new=1, changed=1, unchanged=1, total=4)
    assert second.version != first.version
    assert ask("SELECT id, amount, outcome FROM kpi.opportunity ORDER BY id") == [
        ("o1", Decimal(100), "open"),
        ("o2", Decimal(250), "won"),
        ("o3", Decimal(300), "lost"),
        ("o4", Decimal(400), "open"),
    ]


def test_a_value_that_became_empty_is_empty(give, ask):
    give(opportunity=DEALS)
    give(opportunity="id amount\n o1 -")
    assert ask("SELECT amount FROM kpi.opportunity WHERE id = 'o1'") == [(None,)]


def test_of_rows_with_the_same_key_the_last_one_counts_and_the_report_says_so(give, ask):
    report = give(opportunity="id amount\n o1 100\n o1 150\n o2 5")
    assert note_texts(report.entity("opportunity").notes) == (
        "1 row was given again with the same id: the last one counts",
    )
    assert ask("SELECT id, amount FROM raw.opportunity ORDER BY id") == [("o1", Decimal(150)), ("o2", Decimal(5))]
    again = give(opportunity="id amount\n o1 100\n o1 170")
    assert again.entity("opportunity").changed == 1
    assert ask("SELECT amount FROM raw.opportunity WHERE id = 'o1'") == [(Decimal(170),)]


def test_a_row_without_its_key_goes_to_quarantine(give, ask):
    report = give(opportunity="id amount\n - 100\n o2 5")
    assert report.entity("opportunity").new == 1
    assert note_texts(report.entity("opportunity").notes) == ("1 row has no id: left out, see quarantine",)
    ((reason, raw),) = ask("SELECT reason, raw FROM book.quarantine")
    assert reason == "opportunity without id"
    assert '"amount":100' in raw


def test_rows_without_an_id_of_their_own_are_not_doubled_by_a_second_import_nor_halved_by_the_first(give, ask):
    costs = "booked_on amount category\n 2025-01-31 60 marketing\n 2025-01-31 60 marketing\n 2025-01-31 9 training"
    assert give(cost=costs).entity("cost") == EntityReport("cost", new=3, total=3)
    assert give(cost=costs).entity("cost") == EntityReport("cost", unchanged=3, total=3)
    assert ask("SELECT sum(amount) FROM kpi.cost") == [(Decimal(129),)]


def test_batches_with_other_columns_fill_up_the_same_rows(take, words, ask):
    source = TinySource(
        "crm",
        (
            batch(words, "opportunity", "id amount\n o1 1\n o2 2"),
            batch(words, "opportunity", "id outcome\n o1 won\n o3 lost"),
            batch(words, "opportunity", "id amount\n o1 7"),
        ),
    )
    report = take(source)
    assert report.entity("opportunity").total == 3
    assert ask("SELECT id, amount, outcome FROM raw.opportunity ORDER BY id") == [
        ("o1", Decimal(7), "won"),
        ("o2", Decimal(2), None),
        ("o3", None, "lost"),
    ]


def test_many_small_batches_are_one_merge(take, words, ask):
    pages = tuple(batch(words, "opportunity", f"id amount\n o{page} {page}\n same {page}") for page in range(5))
    report = take(TinySource("crm", pages))
    assert report.entity("opportunity").new == 6
    assert ask("SELECT amount FROM raw.opportunity WHERE id = 'same'") == [(Decimal(4),)]


def test_a_stream_of_record_batches_is_taken_like_a_table(take, words, ask):
    table = batch(words, "opportunity", DEALS).rows
    stream = Batch("opportunity", pa.RecordBatchReader.from_batches(table.schema, table.to_batches(1)))
    report = take(TinySource("crm", (stream,)))
    assert report.entity("opportunity").new == 3


def test_a_changed_row_is_kept_as_it_was_with_the_load_that_changed_it(give, ask):
    give(opportunity="id owner_id amount outcome\n o1 u1 100 open\n o2 u1 5 open")
    give(opportunity="id owner_id amount outcome\n o1 u2 100 won\n o2 u1 5 open\n o3 u1 7 open")
    give(opportunity="id owner_id amount outcome\n o1 u3 100 won\n o2 u1 5 open\n o3 u1 7 open")
    kept = "SELECT id, owner_id, outcome, _until FROM past.opportunity ORDER BY _until"
    assert ask(kept) == [("o1", "u1", "open", 2), ("o1", "u2", "won", 3)]
    assert ask("SELECT id, _load FROM raw.opportunity ORDER BY id") == [("o1", 1), ("o2", 1), ("o3", 2)]


def test_what_one_load_brings_and_changes_itself_is_not_kept(give, take, words, ask):
    give(opportunity="id owner_id\n o1 u1")
    rows = tuple(batch(words, "opportunity", each) for each in ("id amount\n o1 1\n o2 1", "id name\n o1 A\n o2 B"))
    take(TinySource("crm", rows))
    assert ask("SELECT id, owner_id, amount, _until FROM past.opportunity") == [("o1", "u1", None, 2)]


def test_a_composite_key_tells_rows_apart(give):
    stays = "opportunity_id stage_id entered_at\n o1 s1 2025-01-01\n o1 s1 2025-02-01\n o1 s2 2025-01-05"
    assert give(stage_history=stays).entity("stage_history").new == 3
    assert give(stage_history=stays).entity("stage_history").unchanged == 3


def test_an_empty_text_is_no_value(take, words, ask):
    rows = pa.table({"id": ["o1"], "outcome": [""]})
    take(TinySource("crm", (Batch("opportunity", rows),)))
    assert ask("SELECT outcome FROM raw.opportunity") == [(None,)]


def test_what_an_earlier_version_told_in_words_counts_with_what_is_told_now(give, state, tmp_path):
    give(opportunity="id amount\n o1 100\n o1 150\n o2 5")
    give("desk", opportunity="id amount\n d1 1\n d1 2\n d1 3")
    with duckdb.connect(str(tmp_path / WAREHOUSE_FILE)) as book:
        words = "rows were given again with the same id: the last one counts"
        book.execute("UPDATE book.told SET told = ? WHERE source = 'crm'", [words])
    give("post", opportunity="id amount\n p1 1")
    assert note_texts(state().entities["opportunity"].notes) == (
        "3 rows were given again with the same id: the last one counts",
    )
