"""Rows of a source into the raw tables."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pyarrow as pa

from kpicore import note_texts
from kpicore.config import Config
from kpicore.load import EntityReport, load
from kpicore.sources import Batch
from kpicore.testing.company import TinySource, batch
from kpicore.warehouse import FILE

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


def test_batches_with_other_columns_fill_up_the_same_rows(tmp_path, words, ask):
    source = TinySource(
        "crm",
        (
            batch(words, "opportunity", "id amount\n o1 1\n o2 2"),
            batch(words, "opportunity", "id outcome\n o1 won\n o3 lost"),
            batch(words, "opportunity", "id amount\n o1 7"),
        ),
    )
    report = load(Config(tmp_path, "test"), words, [source])
    assert report.entity("opportunity").total == 3
    assert ask("SELECT id, amount, outcome FROM raw.opportunity ORDER BY id") == [
        ("o1", Decimal(7), "won"),
        ("o2", Decimal(2), None),
        ("o3", None, "lost"),
    ]


def test_many_small_batches_are_one_merge(tmp_path, words, ask):
    pages = tuple(batch(words, "opportunity", f"id amount\n o{page} {page}\n same {page}") for page in range(5))
    report = load(Config(tmp_path, "test"), words, [TinySource("crm", pages)])
    assert report.entity("opportunity").new == 6
    assert ask("SELECT amount FROM raw.opportunity WHERE id = 'same'") == [(Decimal(4),)]


def test_a_stream_of_record_batches_is_taken_like_a_table(tmp_path, words, ask):
    table = batch(words, "opportunity", DEALS).rows
    stream = Batch("opportunity", pa.RecordBatchReader.from_batches(table.schema, table.to_batches(1)))
    report = load(Config(tmp_path, "test"), words, [TinySource("crm", (stream,))])
    assert report.entity("opportunity").new == 3


def test_changes_of_tracked_fields_are_logged_with_the_load_time(give, ask):
    give(opportunity=DEALS)
    assert ask("FROM book.change") == []
    give(opportunity="id owner_id amount outcome\n o1 u2 100 won")
    assert ask("SELECT id, field, old, new, CAST(time AS DATE)::VARCHAR FROM book.change ORDER BY field") == [
        ("o1", "outcome", "open", "won", "2025-07-15"),
        ("o1", "owner_id", "u1", "u2", "2025-07-15"),
    ]


def test_a_composite_key_tells_rows_apart(give):
    stays = "opportunity_id stage_id entered_at\n o1 s1 2025-01-01\n o1 s1 2025-02-01\n o1 s2 2025-01-05"
    assert give(stage_history=stays).entity("stage_history").new == 3
    assert give(stage_history=stays).entity("stage_history").unchanged == 3


def test_an_empty_text_is_no_value(tmp_path, words, ask):
    rows = pa.table({"id": ["o1"], "outcome": [""]})
    load(Config(tmp_path, "test"), words, [TinySource("crm", (Batch("opportunity", rows),))])
    assert ask("SELECT outcome FROM raw.opportunity") == [(None,)]


def test_what_an_earlier_version_told_in_words_counts_with_what_is_told_now(give, state, tmp_path):
    give(opportunity="id amount\n o1 100\n o1 150\n o2 5")
    give("desk", opportunity="id amount\n d1 1\n d1 2\n d1 3")
    with duckdb.connect(str(tmp_path / FILE)) as book:
        words = "rows were given again with the same id: the last one counts"
        book.execute("UPDATE book.told SET told = ? WHERE source = 'crm'", [words])
    give("post", opportunity="id amount\n p1 1")
    assert note_texts(state().entities["opportunity"].notes) == (
        "3 rows were given again with the same id: the last one counts",
    )
