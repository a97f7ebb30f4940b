"""Names from data in the live workbook: whatever they look like, they are chosen and matched as what they are."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from kpicore import COUNT, DAYS, MONEY, Batch, Metric, Workspace, count, median, total
from kpicore.testing import TinySource, batch
from kpicore_crm.testing import DATA_TIME
from kpicore_excel.live import workbook_request, write_live_workbook
from tests.crm import crm_registry
from tests.engine.worlds import config_of, workspace
from tests.excel.live.conftest import VALUE, lines, opened, spoiled

NAMES = [
    '=HYPERLINK("http://x.example","click")',
    *(
        "*",
        "a?b",
        "a*",
        "~",
        "~*",
        "<>x",
        ">5",
        "=",
        "=web",
        "007",
        "7",
        "TRUE",
        "1/2",
        "2025-03",
        "-1",
        "+1",
        "@SUM(A1)",
    ),
    *("(all)", "#N/A", 'say "so"', "it's", "Straße", "STRASSE", "Web", "web", "axb", "ab", "a b", "x" * 300),
]
"""Each is the industry of one deal; the amounts are 1, 2, 4, … so that a sum tells which deals are in it."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Give deals whose industries have such names, with KPIs that add up and one that does not."""
    config = config_of(tmp_path_factory.mktemp("hostile") / "w")
    config.folder.mkdir(parents=True)
    registry = crm_registry()
    rows = "\n".join(f"d{at} 2025-05-{at % 28 + 1:02d} {2**at}" for at in range(len(NAMES)))
    deals = batch(registry, "opportunity", f"id created_at amount\n{rows}")
    assert isinstance(deals.rows, pa.Table)
    deals = Batch("opportunity", deals.rows.append_column("industry", pa.array(NAMES)))
    when = {"when": "created_on"}
    opened = workspace(
        config,
        [
            Metric("deals", "Deals", COUNT, inputs={"n": count("opportunity", **when)}),
            Metric(
                "amount", "=1+1", MONEY, inputs={"sum": total("opportunity", "amount", **when)}, meaning="=cmd|'x'!A0"
            ),
            Metric("middle", "Middle", DAYS, inputs={"middle": median("opportunity", "amount", **when)}),
        ],
    )
    assert not opened.load([TinySource("deals", (deals,))], data_time=DATA_TIME).errors
    return opened


@pytest.fixture(scope="module")
def book(hostile):
    return workbook_request(hostile, ["deals", "amount", "middle"], "2025", by=["industry"])


@pytest.fixture(scope="module")
def file(hostile, book, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "book.xlsx"
    write_live_workbook(hostile, book, path)
    return path


def test_each_name_is_chosen_and_matched_as_itself(office, book, file):
    amount_of: dict[str, int] = {}
    for at, name in enumerate(NAMES):
        key = name.casefold()  # names that differ in nothing but case are asked for together
        amount_of[key] = amount_of.get(key, 0) + 2**at
    office.open(spoiled(file))
    [industries] = book.lists
    assert len(industries.choices) == len(amount_of) == len(NAMES) - 2  # Straße and STRASSE, Web and web
    for choice in industries.choices:
        office.choose("KPIs", D5=choice.label)
        shown = lines(office)
        assert shown["=1+1"][VALUE] == amount_of[choice.members[0].casefold()], choice
        assert shown["Deals"][VALUE] == len(choice.members), choice
        assert shown["Middle"][VALUE] == amount_of[choice.members[0].casefold()] / len(choice.members), choice
    office.choose("KPIs", D5="(all)")
    assert lines(office)["=1+1"][VALUE] == 2 ** len(NAMES) - 1


def test_no_label_can_be_taken_for_anything_but_a_text(book):
    [industries] = book.lists
    labels = [choice.label for choice in industries.choices]
    assert len({label.casefold() for label in labels}) == len(labels)
    assert [label for label in labels if label[0] in "=+-@'\"" or len(label) > 80 or "\n" in label] == []
    assert [label for label in labels if label.replace("/", "").replace("-", "").isdigit() or label == "TRUE"] == []
    assert "a?b" in labels and "*" in labels  # what a cell cannot misread is shown as it is


def test_no_text_from_data_or_definitions_stands_in_a_formula(file):
    found = opened(file)
    formulas = [cell.value for sheet in found for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) > 100
    for text in ("HYPERLINK", "cmd|", "1+1", "SUM(A1)", "web", "Stra", "xxx"):
        assert [formula for formula in formulas if text in formula] == [], text
    assert [cell for sheet in found for row in sheet.iter_rows() for cell in row if cell.hyperlink] == []
    texts = {cell.value for sheet in found for row in sheet.iter_rows() for cell in row if cell.data_type == "s"}
    assert {"=1+1", NAMES[0], "x" * 300} <= texts
