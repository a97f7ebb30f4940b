"""Expressions of a mapping: every name of the language is allowed and right, or refused in one line."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpicore import BadExpression, Config, KpiError, Registry, open_workspace, write_config
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.doctor import Doctor
from kpicore_sources.files.kept_mappings import kept_mappings
from kpicore_sources.files.known_words import read_words
from kpicore_sources.files.source import FileSource
from kpicore_sources.files.staging import Staging
from tests.sources.given import rows_given

HEADER = "id,ordered_at,amount,status,kept"
ROWS = "\n1,2026-01-05 10:00:00,1.50,paid,yes\n2,2026-02-05 10:00:00,99999999999999,paid,no\n"
VALUES = (
    "amount", "ordered_at", "status", "kept", "'paid'", "true", "7", "2.5", "date '2026-01-31'", "null", "missing",
    "period.start", "period.end", "period.as_of", "period.other", "setting.active_days", "given.amount", "raw.amount",
    "amount * amount", "amount * amount * amount", "amount / 0", "-amount", "abs(amount)", "least(amount, 3)",
    "greatest(ordered_at, ordered_at)", "coalesce(amount, 3)", "coalesce(status, '')", "days(ordered_at, ordered_at)",
    "minutes(ordered_at, ordered_at)", "days(date '2026-01-31', period.end)", "now()", "amount > 2", "not amount > 2",
    "amount is null", "status in ('paid')", "amount between 1 and 2", "case when amount > 2 then 1 else 0 end",
    "case when period.as_of > period.start then 1 end", "ordered_at > period.start",
)  # fmt: skip


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    folder = tmp_path_factory.mktemp("ws")
    write_config(Config(folder=folder, name="Test"))
    with open_workspace(folder) as opened:
        yield opened.registry


def read(folder: Path, registry: Registry, entry: str, expression: str) -> list[dict[str, Any]]:
    """Return the rows of a file by a mapping that has the expression."""
    mapping = ["[[table]]", 'entity = "order"', f"header = {HEADER.split(',')}"]
    mapping += [f'leave_out = ["{expression}"]'] if entry == "leave_out" else []
    fields = {"id": "id", "ordered_at": "ordered_at", "amount": "amount", "status": "status"}
    fields |= {} if entry == "leave_out" else {entry: expression}
    mapping += ["[table.fields]", *(f'{name} = "{value}"' for name, value in fields.items())]
    kept, file = folder / "mine.toml", folder / "orders.csv"
    kept.write_text("\n".join(mapping), encoding="utf-8")
    file.write_text(HEADER + ROWS, encoding="utf-8")
    with Staging() as staging:
        reader = ColumnReader(staging, read_words(), "UTC")
        (case,) = Doctor(registry, reader, kept_mappings(folder, kept)).examine([file])
        assert case.plan is not None
        source = FileSource("orders.csv", staging, reader, (case.plan,), ("orders",))
        return rows_given(source)


@pytest.mark.parametrize("entry", ["leave_out", "amount", "ordered_at", "customer_id"])
def test_every_expression_is_taken_or_refused_in_one_line_that_names_its_place(
    tmp_path: Path, registry: Registry, entry: str
) -> None:
    for expression in VALUES:
        try:
            assert len(read(tmp_path, registry, entry, expression)) <= 2
        except KpiError as refused:
            line = str(refused)
            assert "\n" not in line and line.startswith("mapping of orders.csv") and entry in line, line


@pytest.mark.parametrize("name", ["period.start", "period.end", "period.as_of"])
def test_a_file_has_no_period(tmp_path: Path, registry: Registry, name: str) -> None:
    with pytest.raises(BadExpression) as refused:
        read(tmp_path, registry, "leave_out", f"date '2026-01-31' > {name}")
    assert str(refused.value) == (
        f"mapping of orders.csv leave_out: cannot read 'date '2026-01-31' > {name}': no period named '{name}'."
    )


def test_a_row_in_which_an_expression_comes_to_too_large_a_number_is_empty_there_alone(
    tmp_path: Path, registry: Registry
) -> None:
    rows = read(tmp_path, registry, "amount", "amount * amount * amount")
    assert [(row["id"], row["amount"]) for row in rows] == [("1", Decimal("3.375")), ("2", None)]
