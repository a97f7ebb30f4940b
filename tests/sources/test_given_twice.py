"""The same list read by another mapping: its rows would be there twice, and are asked about."""

from __future__ import annotations

import pytest

COSTS = """Date,Category,Amount
2025-01-31,advertising,1000
2025-01-31,marketing,500
2025-02-28,advertising,1200
"""
RENAMED = COSTS.replace("Category", "Kind").replace("Amount", "Total")
AGAIN = (
    "renamed.csv: {rows} of its {of} rows are there already, given as 'costs', and would be there twice. Nothing of it"
    ' was loaded. If that is right, say so in a file of answers: "mappings/renamed.toml#again" = "yes".'
)


def costs(desk):
    return [int(amount) for (amount,) in desk.ask("SELECT amount FROM kpi.cost ORDER BY 1")]


def agreed(desk):
    file = desk.files / "answers.toml"
    file.write_text('[answers]\n"mappings/renamed.toml#again" = "yes"\n')
    return file


@pytest.fixture
def loaded(desk):
    """Give a desk with three costs."""
    desk.take(desk.put("costs.csv", COSTS), "--entity", "cost")
    return desk


def test_the_same_rows_under_other_headings_are_not_loaded_twice_in_silence(loaded):
    file = loaded.put("renamed.csv", RENAMED)
    assert loaded.refusal(file, "--entity", "cost", "--yes").startswith(AGAIN.format(rows=3, of=3))
    assert costs(loaded) == [500, 1000, 1200]
    # a mapping that nobody has looked at is proposed anew
    assert not loaded.mapping("renamed").exists()


def test_they_are_when_somebody_says_that_they_are_others(loaded):
    file = loaded.put("renamed.csv", RENAMED)
    loaded.take(file, "--entity", "cost", "--answers", agreed(loaded))
    assert costs(loaded) == [500, 500, 1000, 1000, 1200, 1200]
    # and it is not asked again
    loaded.take(file)
    assert costs(loaded) == [500, 500, 1000, 1000, 1200, 1200]


def test_most_of_the_rows_are_enough(loaded):
    file = loaded.put("renamed.csv", RENAMED.replace(",500", ",900"))
    assert loaded.refusal(file, "--entity", "cost", "--yes").startswith(AGAIN.format(rows=2, of=3))


def test_rows_with_an_id_that_were_loaded_without_one_are_seen(loaded):
    numbered = "".join(f"{f'N{n}' if n else 'ID'},{line}\n" for n, line in enumerate(RENAMED.splitlines()))
    line = loaded.refusal(loaded.put("renamed.csv", numbered), "--entity", "cost", "--yes")
    assert "would be there twice" in line, line


@pytest.mark.parametrize(
    "text",
    [
        RENAMED.replace("2025-", "2026-"),
        RENAMED.replace("00\n", "01\n"),
        "\n".join(RENAMED.splitlines()[:2]) + "\n2025-03-31,advertising,7\n",
    ],
    ids=["other days", "other amounts", "few in common"],
)
def test_other_rows_are_loaded_beside_them(loaded, text):
    loaded.take(loaded.put("renamed.csv", text), "--entity", "cost")
    assert len(costs(loaded)) == 3 + len(text.splitlines()) - 1


def test_of_another_source_they_are_others(loaded):
    loaded.mapping("renamed").write_text(
        loaded.mapping("costs")
        .read_text()
        .replace("\nleave_out", '\nsource = "us"\nleave_out')
        .replace("Amount", "Total")
    )
    loaded.take(loaded.put("renamed.csv", COSTS.replace("Amount", "Total")))
    assert costs(loaded) == [500, 500, 1000, 1000, 1200, 1200]
