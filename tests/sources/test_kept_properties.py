"""Whatever comes, goes or changes its place beside a kept mapping's columns, and however a file is written again:

what is loaded is what it was, or it is asked about. A number is never another one in silence.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal as D
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

from kpicore import BadConfig
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.doctor import Doctor, TableCase
from kpicore_sources.files.kept_mappings import kept_mappings
from kpicore_sources.files.known_words import read_words
from kpicore_sources.files.source import FileSource
from kpicore_sources.files.staging import Staging
from kpicore_sources.prompts import save
from tests.crm import crm_registry
from tests.loops import loop
from tests.sources.given import rows_given

REGISTRY, WORDS = crm_registry(), read_words()
USED = ("Deal ID", "Stage", "Amount", "Created", "Probability")
BESIDE = ("Remark", "Next step", "Colour", "Floor", "Room")
CELLS = {
    "Deal ID": ("D1", "D2", "D3"),
    "Stage": ("Won", "Lost", "Negotiation"),
    "Amount": ("1200.50", "800.25", "75"),
    "Created": ("2025-01-13", "2025-01-14", "2025-02-01"),
    "Probability": ("0.5", "0.25", "1"),
    **{name: ("x", "", "y") for name in BESIDE},
}


@dataclass(frozen=True)
class Locale:
    """How a program writes numbers and days."""

    mark: str
    grouped: bool
    order: str

    def number(self, value: D) -> str:
        text = f"{value:,}" if self.grouped else str(value)
        return text if self.mark == "." else text.translate(str.maketrans(",.", ".,"))

    def day(self, value: date) -> str:
        return value.strftime({"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "iso": "%Y-%m-%d"}[self.order])


LOCALES = st.builds(Locale, st.sampled_from(".,"), st.booleans(), st.sampled_from(("dmy", "mdy", "iso")))
AMOUNTS = st.builds(lambda whole, scale: D(whole).scaleb(-scale), st.integers(1, 9_999_999), st.integers(0, 3))
DAYS = st.dates(date(2024, 1, 1), date(2025, 12, 28))
ROWS = st.lists(st.tuples(AMOUNTS, DAYS), min_size=1, max_size=8)


def imported(
    folder: Path, text: str, earlier: Mapping[str, Sequence[tuple[str, str | None]]] | None = None
) -> tuple[TableCase | None, list[dict[str, object]], set[str]]:
    """Return the case of a file, its rows, and the raw cells that were told; no rows where it is asked about."""
    file = folder / "deals.csv"
    file.write_text(text, encoding="utf-8")
    with Staging() as staging:
        reader = ColumnReader(staging, WORDS, "UTC")
        loaded = earlier or {}
        doctor = Doctor(
            REGISTRY,
            reader,
            kept_mappings(folder),
            "EUR",
            "opportunity",
            earlier=lambda _, field: loaded.get(field, ()),
        )
        try:
            (case,) = doctor.examine([file])
        except BadConfig:
            return None, [], set()
        if case.questions or case.plan is None:
            return case, [], set()
        save([case])
        source = FileSource("deals.csv", staging, reader, (case.plan,), ("deals",))
        rows = rows_given(source)
        return case, rows, {cell.raw for cell in source.unreadable()}


def table(columns: Sequence[str]) -> str:
    return "\n".join([",".join(columns), *(",".join(CELLS[name][row] for name in columns) for row in range(3))]) + "\n"


@loop("columns that come, go and move under a kept mapping", ci=50, soak=2_000)
@given(
    before=st.sets(st.sampled_from(BESIDE)),
    after=st.permutations((*USED, *BESIDE)),
    gone=st.sets(st.sampled_from(BESIDE)),
    lost=st.one_of(st.none(), st.sampled_from(USED)),
    loud=st.booleans(),
)
def test_columns_that_come_go_and_move_change_nothing(before, after, gone, lost, loud):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _, rows, _ = imported(folder, table((*USED, *sorted(before))))
        text = table([column for column in after if column not in gone and column != lost])
        head, _, cells = text.partition("\n")
        case, later, _ = imported(folder, f"{head.upper() if loud else head}\n{cells}")
        assert case is not None and case.kept == (lost is None)
        if lost is None:
            assert sorted(map(str, later)) == sorted(map(str, rows))
            return
        assert f"deals.csv lacks the column '{lost}'" in case.header_notes[0]


@loop("files that another locale wrote under a kept mapping", ci=60, soak=3_000)
@given(rows=ROWS, more=ROWS, again=st.integers(1, 8), first=LOCALES, second=LOCALES)
def test_a_file_written_in_another_way_is_asked_about_or_loaded_as_it_is(rows, more, again, first, second):
    def text(locale: Locale, pairs: Mapping[str, tuple[D, date]]) -> str:
        lines = (f"{key};Won;{locale.number(amount)};{locale.day(day)}" for key, (amount, day) in pairs.items())
        return "\n".join(["Deal ID;Stage;Amount;Created", *lines]) + "\n"

    given_first = {f"D{n}": row for n, row in enumerate(rows)}
    loaded = {
        "amount": [(key, str(amount)) for key, (amount, _) in given_first.items()],
        "created_at": [(key, f"{day} 00:00:00") for key, (_, day) in given_first.items()],
    }
    # the first of the rows come again, with others that nobody knows yet
    known = dict(list(given_first.items())[-again:])
    every = {**known, **{f"E{n}": row for n, row in enumerate(more)}}
    # a file whose known rows are written alike in every way tells nothing, and nobody could know
    amounts_tell = any(set(second.number(amount)) & set(".,") for amount, _ in known.values())
    days_tell = any(day.day != day.month for _, day in known.values())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        case, _, _ = imported(folder, text(first, given_first))
        assume(case is not None and not case.questions)
        _, later, told = imported(folder, text(second, every), loaded)
        for row in later:
            amount, day = every[str(row["id"])]
            moment = row["created_at"]
            if amounts_tell:
                assert row["amount"] == amount or second.number(amount) in told
            if days_tell:
                assert (isinstance(moment, datetime) and moment.date() == day) or second.day(day) in told
