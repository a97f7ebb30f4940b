"""What one file proved is kept for later files of the same columns; what it did not prove is not stretched to them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal as D
from io import BytesIO

import pytest
import xlsxwriter

from kpicore import BadConfig, StreamSource, open_workspace
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.doctor import Doctor
from kpicore_sources.files.kept_mappings import kept_mappings
from kpicore_sources.files.known_words import read_words
from kpicore_sources.files.source import FileSource
from kpicore_sources.files.staging import Staging
from kpicore_sources.plugin import kpi_sources
from kpicore_sources.prompts import save
from tests.crm import crm_registry
from tests.sources.given import rows_given

ASKED = "asked"
AMOUNTS = {
    "1000 10": {"point": (D(1000), D(10)), "comma": (D(1000), D(10))},
    "1.50 7": {"point": (D("1.5"), D(7))},
    "1,50 7": {"comma": (D("1.5"), D(7))},
    "1.000 2.500": {"point": (D(1), D("2.5")), "comma": (D(1000), D(2500))},
    "1,000 2,500": {"point": (D(1000), D(2500)), "comma": (D(1), D("2.5"))},
    "1.234,5 1.000": {"comma": (D("1234.5"), D(1000))},
    "1,234.5 1,000": {"point": (D("1234.5"), D(1000))},
    "0.125 2.500": {"point": (D("0.125"), D("2.5"))},
}
DAY = date(2025, 2, 3)
DATES = {
    "03/02/2025 05/04/2025": {"day": (DAY, date(2025, 4, 5)), "month": (date(2025, 3, 2), date(2025, 5, 4))},
    "03/02/2025 25/12/2025": {"day": (DAY, date(2025, 12, 25))},
    "02/03/2025 12/25/2025": {"month": (DAY, date(2025, 12, 25))},
    "01/01/2025 02/02/2025": dict.fromkeys(("day", "month"), (date(2025, 1, 1), date(2025, 2, 2))),
    "3-Feb-2025 25-Dec-2025": dict.fromkeys(("day", "month"), (DAY, date(2025, 12, 25))),
    "2025-02-03 2025-12-25": dict.fromkeys(("day", "month"), (DAY, date(2025, 12, 25))),
    "20250203 20251225": dict.fromkeys(("day", "month"), (DAY, date(2025, 12, 25))),
    "45691 46016": dict.fromkeys(("day", "month"), (DAY, date(2025, 12, 25))),
    "1738540800 1766620800": dict.fromkeys(("day", "month"), (DAY, date(2025, 12, 25))),
}
SHARES = {
    "0.25 0.5": {"point": (D("0.25"), D("0.5"))},
    "0,25 0,5": {"comma": (D("0.25"), D("0.5"))},
    "20 30": dict.fromkeys(("point", "comma"), (D("0.2"), D("0.3"))),
    "12.5 30": {"point": (D("0.125"), D("0.3"))},
    "12,5 30": {"comma": (D("0.125"), D("0.3"))},
    "20% 30%": dict.fromkeys(("point", "comma"), (D("0.2"), D("0.3"))),
    "0 0": dict.fromkeys(("point", "comma"), (D(0), D(0))),
}
KEEPS_ITS_MARK = {*SHARES} - {"12.5 30", "12,5 30"}
"""Of shares in per cent nothing is kept, as the next file may have fractions."""


def proven(values: str, meant: dict[str, object]) -> str:
    """Return what a file of these values proves for other files, "" for nothing."""
    return next(iter(meant)) if len(meant) == 1 and values not in {*SHARES} - KEEPS_ITS_MARK else ""


def expected(known: str, meant: dict[str, object]) -> object:
    """Return what a file says by itself, else by what is known of an earlier one, else nothing."""
    if len({*meant.values()}) == 1:
        fits = len(meant) > 1 or known in ("", *meant)
        return next(iter(meant.values())) if fits else ASKED
    return meant.get(known, ASKED)


def read(desk, column: str, values: str) -> object:
    """Return what the workspace's mapping for deals, or a new one, which is kept, makes of a file with these values."""
    rows = "".join(f"D{number};Won;{each}\n" for number, each in enumerate(values.split(), 1))
    file = desk.put("deals.csv", f"deal_id;stage;{column}\n{rows}")
    with Staging() as staging:
        reader = ColumnReader(staging, read_words(), "UTC")
        (case,) = Doctor(crm_registry(), reader, kept_mappings(desk.workspace), "USD").examine([file])
        if case.questions:
            return ASKED
        save([case])
        cells = loaded(FileSource("deals.csv", staging, reader, (case.plan,), ("deals",)), column)
    return tuple(cell.date() if isinstance(cell, datetime) else cell for cell in cells)


def loaded(source: StreamSource, column: str) -> list[object]:
    """Return the values of a column that a source of one table gives."""
    return [row[column] for row in rows_given(source)]


@pytest.mark.parametrize(
    ("column", "files"), [("amount", AMOUNTS), ("created_at", DATES), ("probability", SHARES)], ids=lambda each: each
)
def test_a_later_file_is_read_as_if_it_were_the_first_or_by_what_an_earlier_one_proved_or_asked_about(
    desk, column, files
):
    mapping = desk.mapping("deals")
    for first in files:
        mapping.unlink(missing_ok=True)
        if read(desk, column, first) == ASKED:
            continue
        kept = mapping.read_bytes()
        for second in files:
            assert read(desk, column, second) == expected(proven(first, files[first]), files[second]), (first, second)
            assert mapping.read_bytes() == kept, "an import that asks nothing does not change a mapping"


ORDERS = "Order;Customer;Date;Status;Amount\n1;A;2025-01-05;Paid;{}\n2;B;2025-01-06;Paid;{}\n"


def revenue(desk) -> float | None:
    with open_workspace(desk.workspace) as opened:
        return opened.get("revenue", "2025").answers[0].value


def test_whole_amounts_prove_nothing_for_the_thousands_of_the_next_file(desk):
    desk.take(desk.put("orders.csv", ORDERS.format("1000", "10")))
    mapping = desk.mapping("orders")
    assert '# Amount = "number 1,234.56"  # each file tells: whole numbers\n' in mapping.read_text(encoding="utf-8")
    file = desk.put("orders.csv", ORDERS.format("1.000", "2.500"))
    line = desk.refusal(file, "--yes")
    assert "column Amount: '1.000' can be read in two ways" in line
    assert '"number 1.234,56" (1.000 is 1000) for Amount under [table.columns]' in line
    assert revenue(desk) == 1010.0, "nothing was loaded"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(
        text.replace('# Amount = "number 1,234.56"  # each', 'Amount = "number 1.234,56"  # each'), "utf-8"
    )
    desk.take(file)
    assert revenue(desk) == 3500.0


def test_an_answer_is_kept_though_an_earlier_version_kept_what_nothing_proved(desk):
    desk.take(desk.put("orders.csv", ORDERS.format("1000", "10")))
    mapping = desk.mapping("orders")
    text = mapping.read_text(encoding="utf-8")
    old = text.replace('# Amount = "number 1,234.56"  # each file tells: whole', 'Amount = "number 1,234.56"  # whole')
    assert old != text
    mapping.write_text(old, encoding="utf-8")
    file = desk.put("orders.csv", ORDERS.format("1.000", "2.500"))
    desk.typed("2\n", file)
    assert revenue(desk) == 3500.0
    assert 'Amount = "number 1.234,56"\n' in mapping.read_text(encoding="utf-8")
    desk.take(file)
    assert revenue(desk) == 3500.0


def test_a_file_that_proves_the_other_mark_is_asked_about_and_the_answer_is_the_new_reading(desk):
    desk.take(desk.put("orders.csv", ORDERS.format("1.50", "2.50")))
    file = desk.put("orders.csv", ORDERS.format("1.000,50", "2.000"))
    line = desk.refusal(file, "--yes")
    assert "column Amount: the mapping says 'number 1,234.56', but '1.000,50' has its decimals after a comma" in line
    assert 'Write "number 1.234,56" (as the values prove) for Amount under [table.columns].' in line
    desk.typed("1\n", file)
    assert revenue(desk) == 3000.5


def test_a_source_of_kpi_toml_asks_about_what_an_earlier_file_did_not_prove(desk):
    file = desk.put("orders.csv", ORDERS.format("1000", "10"))
    desk.take(file)
    (kind,) = kpi_sources()
    settings = {"name": "shop", "path": str(file), "mapping": None, "workspace": str(desk.workspace)}
    desk.put("orders.csv", ORDERS.format("1200.50", "10"))
    assert loaded(kind.open(settings), "amount") == [D("1200.5"), D(10)]
    desk.put("orders.csv", ORDERS.format("1.000", "2.500"))
    with pytest.raises(BadConfig, match=r"'1.000' can be read in two ways.* Run: kpi import"):
        rows_given(kind.open(settings))


def test_a_date_that_is_the_same_in_every_order_does_not_speak_for_the_column_beside_it(desk):
    text = "deal_id,stage,created,closed_at\nD1,Won,01/01/2025,03/04/2025\n"
    assert "column closed_at: '03/04/2025' can be read in 2 ways" in desk.refusal(desk.put("deals.csv", text), "--yes")


def test_a_share_whose_decimal_mark_was_answered_is_still_per_cent_above_one(desk):
    file = desk.put("deals.csv", "deal_id;stage;probability\nD1;Open;12.345\nD2;Won;20\n")
    assert "two ways" in desk.refusal(file, "--yes")
    mapping = desk.mapping("deals")
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace('probability = "?"', 'probability = "number 1,234.56"'), encoding="utf-8")
    desk.take(file)
    assert desk.rows("opportunity", "probability") == [(D("0.12345"),), (D("0.2"),)]


def test_cells_that_are_numbers_are_what_they_are_and_prove_nothing_about_texts(desk):
    def workbook(*amounts: float) -> bytes:
        out = BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            page = book.add_worksheet("Orders")
            page.write_row(0, 0, ["Order", "Customer", "Date", "Status", "Amount"])
            for row, amount in enumerate(amounts, 1):
                page.write_row(row, 0, [str(row), "A", "2025-01-05", "Paid", amount])
        return out.getvalue()

    desk.take(desk.put("orders.xlsx", workbook(2.125, 1000)))
    assert revenue(desk) == 1002.125
    desk.take(desk.put("orders.xlsx", workbook(2.5, 1000)))
    assert "two ways" in desk.refusal(desk.put("orders.csv", ORDERS.format("1.000", "2.500")), "--yes")
    desk.take(desk.put("other.csv", ORDERS.format("1.000,50", "2.500")))
    assert revenue(desk) == 3500.5
    desk.mapping("orders").write_text(
        desk.mapping("orders").read_text("utf-8").replace('# Amount = "number 1,234.56"', 'Amount = "number 1.234,56"')
    )
    desk.take(desk.put("orders.xlsx", workbook(2.125, 1000)))
    assert revenue(desk) == 1002.125
