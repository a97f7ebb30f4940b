"""`kpi import` from end to end on small files."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
import xlsxwriter

DEALS = """Deal ID;Owner;Customer;Stage;Created;Close date;Amount
D1;Ann Lee;Acme;Won;13.01.2026;01.02.2026;1.234,50
D2;Ann Lee;Beta;Verloren;02.01.2026;05.02.2026;0,00
D3;Bob Roy;;Angebot;03.01.2026;;99,00
"""


def test_a_german_export_is_read_without_a_question(desk):
    told = desk.take(desk.put("deals.csv", DEALS))
    assert desk.rows(
        "opportunity", "id", "owner_id", "customer_id", "outcome", "created_at", "closed_at", "amount"
    ) == [
        ("D1", "Ann Lee", "Acme", "Won", datetime(2026, 1, 12, 23), datetime(2026, 1, 31, 23), Decimal("1234.5000")),
        ("D2", "Ann Lee", "Beta", "Verloren", datetime(2026, 1, 1, 23), datetime(2026, 2, 4, 23), Decimal("0.0000")),
        ("D3", "Bob Roy", None, "Angebot", datetime(2026, 1, 2, 23), None, Decimal("99.0000")),
    ]
    assert told["rows"][0]["read"] == told["rows"][0]["loaded"] == 3
    assert "1 of 3 rows has no Customer (customer_id stays empty)" in told["rows"][0]["notes"]
    assert "1 lost row has an amount of 0" in told["rows"][0]["notes"]


def test_the_same_file_again_changes_nothing_and_a_new_export_updates(desk):
    desk.take(desk.put("deals.csv", DEALS))
    again = desk.take(desk.put("deals.csv", DEALS))
    assert again["entities"][0] | {"notes": []} == {
        "entity": "opportunity", "new": 0, "changed": 0, "unchanged": 3, "total": 3, "notes": [],
        "gone": 0, "emptied": 0,
    }  # fmt: skip
    newer = (
        DEALS.replace("Angebot;03.01.2026;;99,00", "Won;03.01.2026;09.02.2026;80,00")
        + "D4;Cy;Acme;Neu;01.03.2026;;5,00\n"
    )
    kept = desk.mapping("deals").read_text(encoding="utf-8")
    desk.mapping("deals").write_text(kept.replace('amount = "Amount"', 'amount = "Amount"  # mine'), encoding="utf-8")
    told = desk.take(desk.put("deals.csv", newer))
    assert {name: told["entities"][0][name] for name in ("new", "changed", "unchanged")} == {
        "new": 1, "changed": 1, "unchanged": 2,
    }  # fmt: skip
    assert "# mine" in desk.mapping("deals").read_text(encoding="utf-8")


def test_what_cannot_be_read_goes_to_quarantine_with_its_place_and_reason(desk):
    file = desk.put(
        "deals.csv",
        "deal_id,stage,created,amount\n"
        "D1,Won,2026-01-05,10.50\n"
        "D2,Won,2026-02-31,12.25\n"
        ",Won,2026-01-05,1.00\n"
        "D4,Lost,2026-01-05,about 5\n"
        'D5,"Lost\nfor good",2026-01-05,3,too many\n'
        "D6,Lost\n"
        "D7,Won,N/A,4.00\n",
    )
    told = desk.take(file)
    assert [(each["line"], each["column"], each["raw"], each["reason"]) for each in told["quarantine"]] == [
        (6, "", 'D5,"Lost\nfor good",2026-01-05,3,too many', "the line has more cells than the header's 4"),
        (3, "created", "2026-02-31", "is no date year-month-day"),
        (4, "", ",Won,2026-01-05,1.00", "the row has no id"),
        (5, "amount", "about 5", "is no number 1,234.56"),
        (8, "created", "D6,Lost", "the line ends before this cell"),
    ]
    account = told["rows"][0]
    assert (account["read"], account["loaded"], account["quarantined"], account["values"]) == (7, 5, 2, 3)
    assert "1 value of created taken for empty (N/A and the like)" in account["changes"]
    assert desk.rows("opportunity", "id", "amount") == [
        ("D1", Decimal("10.5")), ("D2", Decimal("12.25")), ("D4", None), ("D6", None), ("D7", Decimal(4)),
    ]  # fmt: skip
    assert desk.ask('SELECT file, line, "column", raw FROM book.quarantine ORDER BY line')[0] == (
        "deals.csv", 3, "created", "2026-02-31",
    )  # fmt: skip


def test_a_repeated_id_counts_once_and_equal_rows_are_only_counted(desk):
    text = "deal_id,stage,amount\nD1,Won,1.50\nD1,Won,1.50\nD2,Won,2.50\nD2,Lost,3.50\n"
    told = desk.take(desk.put("deals.csv", text))
    account = told["rows"][0]
    assert (account["read"], account["loaded"], account["repeated"], account["quarantined"]) == (4, 2, 1, 1)
    assert desk.rows("opportunity", "id", "amount") == [("D1", Decimal("1.5")), ("D2", Decimal("3.5"))]
    assert told["quarantine"][0]["line"] == 4


def test_an_ambiguous_date_order_is_never_guessed(desk):
    file = desk.put("deals.csv", "deal_id,stage,created\nD1,Won,03/04/2026\nD2,Lost,05/06/2026\n")
    line = desk.refusal(file, "--yes")
    assert "column created: '03/04/2026' can be read in 2 ways" in line
    assert '"date day-month-year" (03/04/2026 is 2026-04-03)' in line
    assert '"date month-day-year" (03/04/2026 is 2026-03-04)' in line
    kept = desk.mapping("deals")
    assert str(kept) in line and 'created = "?"' in kept.read_text(encoding="utf-8")
    assert not (desk.workspace / "warehouse.duckdb").exists()
    kept.write_text(
        kept.read_text(encoding="utf-8").replace('created = "?"', 'created = "date day-month-year"'), "utf-8"
    )
    desk.take(file)
    assert desk.ask("SELECT created_on FROM kpi.opportunity ORDER BY id") == [(date(2026, 4, 3),), (date(2026, 6, 5),)]


def test_one_column_that_proves_the_order_speaks_for_another_written_alike(desk):
    text = "deal_id,stage,created,closed_at\nD1,Won,03/04/2026,13/04/2026\nD2,Lost,05/06/2026,06/06/2026\n"
    told = desk.take(desk.put("deals.csv", text))
    assert told["files"][0]["columns"] == {"created": "date day-month-year", "closed_at": "date day-month-year"}


def test_a_column_whose_values_contradict_each_other_takes_no_word_of_another(desk):
    rows = "".join(f"D{day},Won,2026-01-{day:02},2026-02-{day:02}\nE{day},Won,2026-01-{day:02},{day:02}.02.2026\n"
                   for day in range(10, 13))  # fmt: skip
    line = desk.refusal(desk.put("deals.csv", f"deal_id,stage,created,closed_at\n{rows}"), "--yes")
    assert "column closed_at: no order fits all values" in line and "50% of the values are dates so" in line
    assert not (desk.workspace / "warehouse.duckdb").exists()


def test_files_are_looked_at_together_and_near_twins_of_ids_are_joined(desk):
    deals = desk.put(
        "deals.csv", "deal_id,product,stage,amount\nD1,GTXPro,Won,1.50\nD2,GTX Basic,Won,2.50\nD3,MG 600,Won,3.5\n"
    )
    products = desk.put("products.csv", "product,series,price\nGTX Pro,GTX,5.5\nGTX Basic,GTX,4.5\nMG 500,MG,3.5\n")
    told = desk.take(deals, products)
    assert desk.rows("opportunity", "id", "product_id") == [("D1", "GTX Pro"), ("D2", "GTX Basic"), ("D3", "MG 600")]
    assert told["files"][0]["hints"] == [
        "GTXPro (1 row) has no row in products.csv, but GTX Pro has: joined by the mapping"
    ]
    assert 'GTXPro = "GTX Pro"' in desk.mapping("deals").read_text(encoding="utf-8")
    assert "1 value of product replaced by the mapping (GTXPro → GTX Pro)" in told["rows"][0]["changes"]
    assert desk.ask("SELECT product_line_id FROM kpi.opportunity ORDER BY id") == [("GTX",), ("GTX",), (None,)]


def test_a_kept_mapping_is_not_changed_behind_ones_back(desk):
    deals = desk.put("deals.csv", "deal_id,product,stage\nD1,GTXPro,Won\n")
    desk.take(deals)
    products = desk.put("products.csv", "product,series\nGTX Pro,GTX\n")
    told = desk.take(deals, products)
    assert desk.rows("opportunity", "product_id") == [("GTXPro",)]
    assert '"GTXPro" = "GTX Pro" under [table.values.product_id]' in told["files"][0]["hints"][0]


def test_a_mapping_may_compute_a_field_and_leave_rows_out(desk):
    lines = desk.put("lines.csv", "Row ID,Order,Qty,Unit price\n1,A,2,1.50\n2,A,1,10.00\n3,TEST,1,5.00\n")
    mapping = desk.put(
        "mine.toml",
        '[[table]]\nentity = "order_line"\nheader = ["Row ID", "Order", "Qty", "Unit price"]\n'
        "leave_out = [\"Order = 'TEST'\"]\n"
        '[table.fields]\nid = "Row ID"\norder_id = "Order"\namount = \'Qty * "Unit price"\'\n',
    )
    told = desk.take(lines, "--mapping", mapping)
    assert desk.rows("order_line", "id", "order_id", "amount") == [("1", "A", Decimal(3)), ("2", "A", Decimal(10))]
    account = told["rows"][0]
    assert (account["read"], account["loaded"], account["left_out"]) == (3, 2, 1)


@pytest.mark.parametrize("place", ['leave_out = ["Date > period.as_of"]\n', ""])
def test_a_mapping_is_read_where_there_is_no_period(desk, place):
    orders = desk.put("orders.csv", "No,Date,Total\n1,2026-01-05,1.50\n")
    computed = "" if place else "amount = 'case when Date > period.as_of then Total end'\n"
    head = '[[table]]\nentity = "order"\nheader = ["No", "Date", "Total"]\n'
    mapping = desk.put("mine.toml", head + place + '[table.fields]\nid = "No"\nordered_at = "Date"\n' + computed)
    assert "no period named 'period.as_of'" in desk.refusal(orders, "--mapping", mapping)


def test_a_line_of_totals_is_left_out_and_counted(desk):
    text = "order_id,date,customer,amount\nO1,2026-01-05,Acme,10.00\nO2,2026-01-06,Beta,5.50\n,,Grand total:,15.50\n"
    told = desk.take(desk.put("orders.csv", text))
    assert (told["rows"][0]["read"], told["rows"][0]["loaded"], told["rows"][0]["totals"]) == (3, 2, 1)
    assert told["quarantine"] == []


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        ("order", "Order ID,Date,Amount,Customer,Channel\n1,2026-01-10,100,Acme,web\n"
         "2,2026-01-15,500,Total Energies,\n"),
        ("opportunity", "Deal ID,Name,Amount,Created,Closed\nD1,Mill,100,2026-01-10,2026-02-01\n"
         "D2,Total Care Ltd,900,2026-01-10,\n"),
        ("target", "id,kpi,period,rep,value\nq3,total_sales,2026-Q3,,700\nq3-ada,total_sales,2026-Q3,Ada,400\n"
         "q3-bob,total_sales,2026-Q3,Bob,300\n"),
    ],
)  # fmt: skip
def test_a_row_with_a_name_that_begins_like_a_total_is_a_row(desk, entity, text):
    told = desk.take(desk.put(f"{entity}.csv", text), "--entity", entity, "--yes")
    assert (told["rows"][0]["loaded"], told["rows"][0]["totals"]) == (text.count("\n") - 1, 0)


def test_remarks_below_the_table_are_told_and_are_no_rows(desk):
    text = (
        "deal_id,stage,owner,amount\nD1,Won,Ann,10.00\nD2,Lost,Bob,5.50\nD3,Won,Ann,1.00\nD4,Won,Ann,2.00\n"
        "Total,,,18.50\n\n"
        '"Copyright (c) Acme, all rights reserved"\nGenerated by: Ann Lee\n'
    )
    told = desk.take(desk.put("deals.csv", text))
    account = told["rows"][0]
    assert (account["read"], account["loaded"], account["totals"], account["quarantined"]) == (7, 4, 1, 2)
    assert [(each["line"], each["raw"]) for each in told["quarantine"]] == [
        (8, "Copyright (c) Acme, all rights reserved,,,"),
        (9, "Generated by: Ann Lee,,,"),
    ]


def test_remarks_below_a_sheet_stand_apart_and_a_row_with_an_id_alone_does_not(desk):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Deals")
        rows = [
            ["deal_id", "stage", "owner"],
            ["D1", "Won", "Ann"],
            ["D2", "Lost", "Bob"],
            ["D3"],
            [],
            ["Confidential"],
        ]
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    told = desk.take(desk.put("deals.xlsx", out.getvalue()))
    assert desk.rows("opportunity", "id") == [("D1",), ("D2",), ("D3",)]
    assert [(each["line"], each["raw"]) for each in told["quarantine"]] == [(6, "Confidential,,")]


def test_rows_of_empty_cells_are_passed_over_and_lines_are_counted_all_the_same(desk):
    rows = "".join(f"D{number},Lost,{number}.00\n" for number in range(3, 9))
    text = f"deal_id,stage,amount\nD1,Won,1.00\n,,\n  \n\nD2,Won,much\n{rows},,\n\x1a"
    told = desk.take(desk.put("deals.csv", text))
    assert told["rows"][0]["read"] == told["rows"][0]["loaded"] == 8
    assert [(each["line"], each["raw"]) for each in told["quarantine"]] == [(6, "much")]


def test_a_share_above_one_is_per_cent(desk):
    text = "deal_id,stage,probability\nD1,Proposal,50\nD2,Won,100\nD3,Lost,12.5\n"
    told = desk.take(desk.put("deals.csv", text))
    assert told["files"][0]["columns"]["probability"] == "percent 1,234.56"
    assert desk.rows("opportunity", "id", "probability") == [
        ("D1", Decimal("0.5")), ("D2", Decimal(1)), ("D3", Decimal("0.125")),
    ]  # fmt: skip


def test_moments_with_a_zone_are_instants_and_others_are_local(desk):
    text = "deal_id,stage,created,closed_at\nD1,Won,2026-07-01T00:30:00+02:00,2026-07-02 01:00:00\n"
    desk.take(desk.put("deals.csv", text))
    assert desk.rows("opportunity", "created_at", "closed_at") == [
        (datetime(2026, 6, 30, 22, 30), datetime(2026, 7, 1, 23))
    ]
    assert desk.ask("SELECT created_on, closed_on FROM kpi.opportunity") == [(date(2026, 7, 1), date(2026, 7, 2))]


def test_rows_without_an_id_are_told_apart_by_their_content(desk):
    text = "customer_id,date,amount\nC1,2026-01-05,10.00\nC1,2026-01-05,10.00\nC2,2026-01-06,5.50\n"
    desk.take(desk.put("orders.csv", text))
    again = desk.take(desk.put("orders.csv", text))
    assert (again["entities"][0]["unchanged"], again["entities"][0]["total"]) == (3, 3)


def test_a_new_mapping_must_be_agreed_to_without_yes(desk):
    file = desk.put("deals.csv", DEALS)
    line = desk.refusal(file)
    assert "is a proposal, not yet agreed to" in line and str(desk.mapping("deals")) in line
    assert not (desk.workspace / "warehouse.duckdb").exists()
    other = desk.put("others.csv", DEALS.replace("Betrag", "Summe"))
    assert "number 1.234,56" in desk.run(other).stdout, "what is proposed is shown"
    assert desk.run(file).exit_code == 0, "the second time it has been reviewed"
    assert len(desk.rows("opportunity", "id")) == 3


def test_the_report_says_what_was_decided_and_why(desk):
    out = desk.run(desk.put("deals.csv", DEALS), "--yes").stdout
    assert "date day-month-year: '13.01.2026': there is no month 13 (line 2)" in out
    assert "number 1.234,56" in out
    assert "3 rows read = 3 loaded" in out
    assert "Verloren = lost" in out


def test_columns_that_count_nowhere_are_told_at_every_import(desk):
    file = desk.put("deals.csv", "deal_id,stage,zzz\nD1,Won,a\nD2,Lost,b\n")
    for _ in range(2):
        assert "not used: zzz\n" in desk.run(file, "--yes").stdout


def test_of_hundreds_of_columns_that_count_nowhere_the_first_are_told(desk):
    names = ",".join(f"x{number}" for number in range(300))
    file = desk.put("deals.csv", f"deal_id,stage,{names}\nD1,Won{',a' * 300}\nD2,Lost{',a' * 300}\n")
    told = " ".join(desk.run(file, "--yes").stdout.split())
    assert "not used: x0, x1, " in told and "x29 … and 270 more" in told


@pytest.mark.parametrize("said", ["Lost\x1b[31m", "[bold]x[/bold]", "<script>"])
def test_text_of_a_file_is_shown_as_it_is_and_never_as_markup(desk, said):
    text = f"deal_id,stage,amount\nD1,Won,1.5\nD2,Won,2.5\nD3,Lost,{said}\n"
    out = desk.run(desk.put("deals.csv", text), "--yes").stdout
    assert repr(said) in out and "\x1b" not in out


def test_sql_in_a_file_stays_text(desk):
    evil = "x'); DROP TABLE raw.opportunity; --"
    desk.take(desk.put("deals.csv", f'deal_id,owner,stage,"amount"" from x"\n{evil},"{evil}",Won,1\n'))
    assert desk.rows("opportunity", "id", "owner_id") == [(evil, evil)]


LEADS = """Lead ID,Created,Converted Date,Converted Customer
1,2026-02-01,2026-02-20,K1
2,2026-02-01,2026-02-21,
3,2026-02-01,,
"""


def test_what_a_lead_was_converted_to_is_asked_once_and_told_until_it_is_said(desk):
    file = desk.put("leads.csv", LEADS)
    desk.take(file)
    kept = desk.mapping("leads").read_text(encoding="utf-8")
    assert "conversion = \"'unknown'\"" in kept
    assert desk.ask("SELECT id, became_customer FROM kpi.lead ORDER BY id") == [("1", True), ("2", None), ("3", False)]
    told = desk.run(file, "--yes")
    assert "write conversion = \"'customer'\" or \"'account'\"" in told.stdout.replace("\n", "")
    said = kept.replace("conversion = \"'unknown'\"", "conversion = \"'customer'\"")
    desk.mapping("leads").write_text(said, encoding="utf-8")
    told = desk.run(file, "--yes")
    assert "conversion =" not in told.stdout
    assert desk.ask("SELECT id, became_customer FROM kpi.lead ORDER BY id") == [("1", True), ("2", True), ("3", False)]


def test_it_is_not_asked_where_each_converted_lead_names_a_customer_or_a_deal(desk):
    desk.take(desk.put("leads.csv", LEADS.replace("2026-02-21,\n", "2026-02-21,K2\n")))
    assert "conversion" not in desk.mapping("leads").read_text(encoding="utf-8")


def test_near_twins_are_looked_for_among_the_most_frequent_strange_ids_only(desk, monkeypatch):
    monkeypatch.setattr("kpicore_sources.files.twins._MOST_PAIRS", 8)
    strange = ["Alpha Ring", "Beta Rings", "Gamma Ring", "Delta Ring"]
    rows = [f"{name},Won" for times, name in enumerate(reversed(strange), 1) for _ in range(times)]
    deals = desk.put("deals.csv", "\n".join(["deal_id,product,stage", *(f"D{n},{row}" for n, row in enumerate(rows))]))
    products = desk.put("products.csv", "product,series\nAlpha Rinng,A\nBeta Ringss,B\nGamma Rinng,C\nDelta Rinng,D\n")
    hints = desk.take(deals, products)["files"][0]["hints"]  # 4 ids: 8 pairs are those of two strange ones
    assert [hint.partition(" (")[0] for hint in hints] == ["Alpha Ring", "Beta Rings"]
