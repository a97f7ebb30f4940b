"""Two [[table]] of one header: one sheet is read twice, as two entities or in two parts."""

from __future__ import annotations

from decimal import Decimal as D

SALES = "Sale,Client,Day,Status,Amount\nS1,Acme,2025-01-05,Paid,10.50\nS2,Best,2025-01-06,Paid,20.25\n"
CUSTOMERS = """
[[table]]
entity = "customer"
header = ["Sale", "Client", "Day", "Status", "Amount"]
[table.fields]
id = "Client"
name = "Client"
"""
ORDER_FIELDS = '[table.fields]\nid = "Sale"\ncustomer_id = "Client"\nordered_at = "Day"\namount = "Amount"\n'
HEADER = 'header = ["Sale", "Client", "Day", "Amount"]\n'


def two_tables(desk, file: str, more: str) -> None:
    """Keep a mapping, and put a second table behind what was proposed."""
    desk.take(desk.put(file, SALES), "--entity", "order")
    mapping = desk.mapping(file.partition(".")[0])
    mapping.write_text(mapping.read_text(encoding="utf-8") + more, encoding="utf-8")


def test_one_sheet_is_loaded_as_two_entities(desk):
    two_tables(desk, "sales.csv", CUSTOMERS)
    told = desk.take(desk.files / "sales.csv")
    assert [case["entity"] for case in told["files"]] == ["order", "customer"]
    assert [(row["entity"], row["read"], row["loaded"]) for row in told["rows"]] == [
        ("order", 2, 2),
        ("customer", 2, 2),
    ]
    assert desk.rows("customer", "id") == [("Acme",), ("Best",)]
    assert desk.rows("order", "amount") == [(D("10.5"),), (D("20.25"),)]


def test_each_table_has_its_own_account_in_the_report(desk):
    two_tables(
        desk, "sales.csv", CUSTOMERS.replace("[table.fields]", "leave_out = [\"Client = 'Best'\"]\n[table.fields]")
    )
    shown = desk.run(desk.files / "sales.csv", "--yes").stdout
    assert "2 rows read = 2 loaded\n" in shown
    assert "2 rows read = 1 loaded + 1 left out by the mapping" in shown


def test_one_sheet_in_two_parts_is_loaded_whole(desk):
    part = '[[table]]\nentity = "order"\n' + HEADER + "leave_out = [\"Client {} 'Acme'\"]\n" + ORDER_FIELDS
    parts = part.format("=") + "status = \"'paid'\"\n" + part.format("<>") + "status = \"'refunded'\"\n"
    desk.workspace.joinpath("mappings").mkdir()
    desk.mapping("sales").write_text(parts, encoding="utf-8")
    told = desk.take(desk.put("sales.csv", SALES.replace(",Status", "").replace(",Paid", "")))
    assert [(row["loaded"], row["left_out"]) for row in told["rows"]] == [(1, 1), (1, 1)]
    assert desk.rows("order", "id", "status") == [("S1", "refunded"), ("S2", "paid")]


def test_a_cell_that_cannot_be_read_is_told_once_though_two_tables_read_it(desk):
    twice = CUSTOMERS.replace('"customer"', '"order"').replace('name = "Client"', 'amount = "Amount"')
    two_tables(desk, "sales.csv", twice)
    rows = "".join(f"S{number},C{number},2025-01-05,Paid,{number}.50\n" for number in range(3, 9))
    told = desk.take(desk.put("sales.csv", SALES.replace("20.25", "much") + rows))
    assert [(cell["line"], cell["column"], cell["raw"]) for cell in told["quarantine"]] == [(3, "Amount", "much")]


def test_an_answer_is_put_into_the_table_that_was_asked_about(desk):
    second = (
        '[[table]]\nentity = "payment"\n'
        + HEADER
        + '[table.fields]\nid = "Sale"\nreceived_on = "Day"\namount = "Amount"\n'
    )
    desk.workspace.joinpath("mappings").mkdir()
    first = f'[[table]]\nentity = "order"\n{HEADER}[table.columns]\nDay = "date day-month-year"\n{ORDER_FIELDS}'
    desk.mapping("sales").write_text(first + second, encoding="utf-8")
    file = desk.put("sales.csv", "Sale,Client,Day,Amount\nS1,Acme,03/04/2025,10.50\n")
    line = desk.refusal(file, "--yes")
    assert "column Day: '03/04/2025' can be read in 2 ways" in line
    desk.typed("1\n", file)
    before, _, after = desk.mapping("sales").read_text(encoding="utf-8").partition('entity = "payment"')
    assert before.count("Day = ") == 1 and 'Day = "date day-month-year"' in before, "as it was"
    assert 'Day = "date day-month-year"' in after


def test_tables_of_other_headers_are_other_layouts_and_only_the_best_is_read(desk):
    older = CUSTOMERS.replace(', "Status", "Amount"', "")
    two_tables(desk, "sales.csv", older)
    told = desk.take(desk.files / "sales.csv")
    assert [case["entity"] for case in told["files"]] == ["order"]
