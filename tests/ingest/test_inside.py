"""Parts of the load by themselves: words that are blank, the time of the data, what the book keeps of definitions."""

from __future__ import annotations

import json
from pathlib import Path

from kpicore.ingest.data_time import data_times
from kpicore.ingest.fields.coded_words import RawWords
from kpicore.lineage import written
from tests.crm import crm_registry
from tests.engine.worlds import at, config_of
from tests.ingest.test_remaking import SIZE, installed, loaded


def test_blank_words_are_none():
    field = crm_registry().entity("opportunity").field("outcome")
    given = RawWords(field, {"done": 1}, ("  ",), 1)
    assert "'  '" in given.word_sql()


def test_the_data_is_of_the_latest_time_that_a_source_was_last_loaded_as_of() -> None:
    jan, feb, mar = (at(f"2026-0{month}-05") for month in (1, 2, 3))
    assert data_times([(1, "orders", feb, True), (2, "customers", jan, True)], {}) == {1: feb, 2: feb}
    assert data_times([(1, "crm", feb, True), (2, "crm", jan, True)], {}) == {1: feb, 2: feb}
    put_right = [(1, "orders", mar, True), (2, "orders", jan, False), (3, "orders", feb, True)]
    assert data_times(put_right, {}) == {1: mar, 2: jan, 3: feb}
    assert data_times([(1, "orders", feb, True), (2, "stages.toml", mar, True)], {"stages.toml": ("stage",)}) == {
        1: feb,
        2: feb,
    }


def test_the_book_keeps_the_lineage_with_the_data_version(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    loaded(config, SIZE)
    with installed(config, SIZE) as opened:
        text, makers = opened.warehouse.lineage() or ("", ())
        assert len(makers) == 1
        assert any(row[0] == "opportunity.size" for row in json.loads(text)[0])
        assert opened.warehouse.state.written == written(opened.registry, config, opened.calendar)
