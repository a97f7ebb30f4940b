"""A lending library on the core alone: entities, a derived one, KPIs, targets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpicore import Config, Workspace, read_config
from kpicore.testing import load_tables, plugins_of

LIBRARY = plugins_of(library="kpicore_library")
DATA_TIME = datetime(2025, 4, 30, 12, tzinfo=UTC)
ROWS = {
    "reader": """
        id name town
        r1 Ann  Buda
        r2 Bob  Pest
    """,
    "loan": """
        id reader_id lent_on    returned_on fee  currency state
        l1 r1        2025-01-05 2025-01-15  1    EUR      ok
        l2 r1        2025-02-01 2025-04-02  2    HUF      Kaputt
        l3 r2        2025-03-10 -           3    EUR      -
        l4 r2        2025-03-25 2025-04-01  4    EUR      OK
    """,
    "fx_rate": """
        currency rate_on    rate
        HUF      2025-01-01 0.5
    """,
    "target": """
        id kpi_id period  value town
        g1 loans  2025-Q1 5     -
        g2 loans  2025-Q1 4     Buda
    """,
}  # what is left of loans at the end of March: l2 and l3, both late in the end


def opened(folder: Path, rows: dict[str, str], settings: str = "") -> Workspace:
    load_tables(Config(folder, "Library", "EUR"), LIBRARY, rows, data_time=DATA_TIME)
    with (folder / "kpi.toml").open("a", encoding="utf-8") as file:
        file.write(f"[settings]\n{settings}\n")
    return Workspace(read_config(folder), LIBRARY)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return opened(tmp_path_factory.mktemp("library"), ROWS)


def value(workspace: Workspace, kpi: str, period: str = "2025-Q1", **cuts: str) -> float | None:
    return workspace.get(kpi, period, where=cuts).answers[0].value


def test_there_is_no_word_of_sales_anywhere(library: Workspace) -> None:
    assert list(library.registry.entities) == ["fx_rate", "target", "reader", "loan", "stretch"]
    assert list(library.registry.dimensions) == ["goal", "reader", "town", "currency", "state", "state_given"]
    assert {variant.lacks for variant in library.coverage()} == {()}


def test_kpis_are_answered(library: Workspace) -> None:
    assert value(library, "loans") == 4
    assert value(library, "loans", reader="Ann") == value(library, "loans", town="Buda") == 2
    assert value(library, "loans", state="damaged") == 1
    assert value(library, "late_share") == 0.5  # l2 after 60 days; l3 is out for 51
    assert value(library, "fees") == 9  # 1 + 2 HUF at 0.5 + 3 + 4
    assert value(library, "books_out") == 3  # l2, l3 and l4


def test_a_derived_entity_stands_and_ends(library: Workspace) -> None:
    assert value(library, "active_readers", "2025-03") == 2
    assert value(library, "active_readers", "2025-04") == 1  # Ann's last loan was 60 days before the second of April
    assert value(library, "active_readers", "2025-04", town="Pest") == 1


def test_targets_are_the_cores_own(library: Workspace) -> None:
    assert value(library, "loans_reached") == 0.8
    assert library.attainment("loans", "2025-Q1", {"town": "Buda"}).value == 0.5
    assert library.target_problems() == []


def test_tables_are_made_anew(library: Workspace) -> None:
    assert library.remake(everything=True).version
    assert value(library, "fees") == 9


def test_settings_count(tmp_path: Path) -> None:
    with opened(tmp_path, ROWS, "late_days = 55\npatience_days = 20") as workspace:
        assert value(workspace, "late_share") == 0.25
        assert value(workspace, "active_readers", "2025-01") == 0  # Ann was gone on the 25th of January


def test_rows_that_cannot_be_are_told(tmp_path: Path) -> None:
    loan = "id reader_id lent_on returned_on\nl1 r1 2025-01-05 2025-01-01"
    with opened(tmp_path, {**ROWS, "loan": loan}) as workspace:
        notes = workspace.warehouse.state.entities["loan"].notes
        assert "1 loan came back before it was lent" in workspace.registry.wording.notes(notes)
