"""A kept mapping serves every file that has the columns it reads, and no other; what came and went is told."""

from __future__ import annotations

from decimal import Decimal as D
from io import BytesIO

import pytest
import xlsxwriter

from kpicore import open_workspace

DEALS = "Deal ID,Owner,Stage,Remark,Amount\nD1,Ann,Won,ok,1200.50\nT1,Test,Won,test,99999\n"
WIDER = "Next step,Deal ID,Owner,Stage,Remark,Amount\ncall,D1,Ann,Won,ok,1200.50\n,T1,Test,Won,test,99999\n"
ORDERS = "Date,Amount,Customer\n2025-01-05,10.50,A\n2025-01-06,20,B\n"


def edited(desk, stem: str, before: str, after: str) -> None:
    """Put something into a kept mapping, as a person does."""
    file = desk.mapping(stem)
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def kept_deals(desk) -> None:
    """Keep a mapping for deals.csv that leaves the rows of a test user out."""
    desk.take(desk.put("deals.csv", DEALS))
    edited(desk, "deals", "leave_out = []", "leave_out = [\"Owner = 'Test'\"]")


def mappings(desk) -> list[str]:
    return sorted(file.name for file in (desk.workspace / "mappings").iterdir())


def test_a_file_with_one_column_more_is_read_by_the_mapping_and_the_column_told(desk):
    kept_deals(desk)
    told = desk.take(desk.put("deals.csv", WIDER))
    assert told["files"][0]["hints"] == [f"new since {desk.mapping('deals')} was made, and not used: Next step"]
    assert (told["rows"][0]["loaded"], told["rows"][0]["left_out"]) == (1, 1)
    assert mappings(desk) == ["deals.toml"]


def test_the_case_of_one_column_more(desk, shared_data):
    folder = shared_data / "import_cases" / "08-one-column-more"
    if not folder.is_dir():
        pytest.skip("the case is not among the data")
    desk.take(desk.put("deals.csv", (folder / "deals.csv").read_bytes()))
    (desk.workspace / "warehouse.duckdb").unlink()
    edited(desk, "deals", "leave_out = []", "leave_out = [\"Owner = 'Test'\"]")
    desk.take(desk.put("deals.csv", (folder / "deals_newer.csv").read_bytes()))
    with open_workspace(desk.workspace) as opened:
        assert opened.get("total_sales", "2025-Q1").answers[0].value == 1700  # D1 1,200 and D3 500


def test_a_column_that_nothing_reads_may_be_gone(desk):
    kept_deals(desk)
    told = desk.take(desk.put("deals.csv", "Deal ID,Stage,Amount,Owner\nD2,Won,5.50,Bob\nT1,Won,9.50,Test\n"))
    assert told["files"][0]["hints"] == [f"no longer in the file, and not used by {desk.mapping('deals')}: Remark"]
    assert told["rows"][0]["left_out"] == 1


@pytest.mark.parametrize(("gone", "fields"), [("Amount", "amount"), ("Owner", "owner_id")])
def test_a_column_that_is_read_and_gone_is_named_and_a_new_mapping_proposed(desk, gone, fields):
    kept_deals(desk)
    rows = [line.split(",") for line in DEALS.splitlines()]
    at = rows[0].index(gone)
    text = "\n".join(",".join(cell for place, cell in enumerate(row) if place != at) for row in rows)
    told = desk.take(desk.put("deals.csv", text + "\n"))["files"][0]
    why = f"{desk.mapping('deals')} is not used: deals.csv lacks the column '{gone}' ({fields}), which it reads"
    assert told["hints"][0] == why
    assert mappings(desk) == ["deals-2.toml", "deals.toml"]


def test_a_column_that_only_leaves_rows_out_is_read_too(desk):
    kept_deals(desk)
    edited(desk, "deals", "Owner = 'Test'", "Remark = 'test'")
    line = desk.refusal(desk.put("deals.csv", "Deal ID,Owner,Stage,Amount\nT1,Test,Won,99999\n"))
    assert "is a proposal, not yet agreed to" in line and "deals-2.toml" in line


def test_a_new_column_of_a_field_that_the_mapping_lacks_is_offered_and_not_taken(desk):
    kept_deals(desk)
    told = desk.take(desk.put("deals.csv", "Deal ID,Owner,Stage,Remark,Amount,Probability\nD1,Ann,Won,ok,7.50,0.5\n"))
    mapping, case = desk.mapping("deals"), told["files"][0]
    assert "probability" not in case["fields"]
    assert case["hints"] == [
        f"new since {mapping} was made, and not used: Probability",
        'Probability may be probability: to read it write probability = "Probability" under [table.fields]'
        f" in {mapping}",
    ]
    edited(desk, "deals", "[table.fields]\n", '[table.fields]\nprobability = "Probability"\n')
    assert desk.take(desk.files / "deals.csv")["files"][0]["hints"] == []
    assert desk.rows("opportunity", "id", "probability") == [("D1", D("0.5")), ("T1", None)]
    edited(desk, "deals", 'probability = "Probability"', 'probability = "Probability / 2"')
    assert desk.take(desk.files / "deals.csv")["files"][0]["hints"] == []


def test_case_and_spaces_in_names_of_columns_play_no_part(desk):
    kept_deals(desk)
    told = desk.take(desk.put("deals.csv", "DEALID,owner,Stage,Remark,AMOUNT \nD2,Ann,Won,,7.50\nT1,Test,Won,,9.50\n"))
    assert told["files"][0]["hints"] == [
        "DEALID is taken for Deal ID, owner is taken for Owner, AMOUNT is taken for Amount: only case and spaces differ"
    ]
    assert desk.rows("opportunity", "id", "amount")[1] == ("D2", D("7.5"))
    assert told["rows"][0]["left_out"] == 1


def test_two_columns_that_differ_in_case_are_not_taken_for_each_other(desk):
    kept_deals(desk)
    line = desk.refusal(desk.put("deals.csv", "Deal ID,Owner,Stage,Remark,amount,AMOUNT\nD1,Ann,Won,ok,1.50,2.50\n"))
    assert "is a proposal, not yet agreed to" in line


def test_another_column_of_the_same_name_is_asked_about(desk):
    kept_deals(desk)
    line = desk.refusal(
        desk.put("deals.csv", "Deal ID,Owner,Stage,Remark,Amount,Amount\nD1,A,Won,x,1.5,2.5\n"), "--yes"
    )
    assert line.startswith(f"deals.csv: has another column 'Amount', which {desk.mapping('deals')} reads.")
    edited(desk, "deals", '"Remark", "Amount"', '"Remark", "Amount", "Amount (2)"')
    desk.take(desk.files / "deals.csv")
    assert desk.rows("opportunity", "amount")[0] == (D("1.5"),)
    line = desk.refusal(desk.put("deals.csv", DEALS), "--yes")
    assert line.startswith(f"deals.csv: has no second column 'Amount', which {desk.mapping('deals')} reads.")


def test_a_column_without_a_name_is_known_by_its_place_only(desk):
    desk.take(desk.put("deals.csv", "Deal ID,Stage,\nD1,Won,1.50\n"))
    edited(desk, "deals", "[table.fields]\n", '[table.fields]\namount = "column 3"\n')
    desk.take(desk.files / "deals.csv")
    told = desk.take(desk.put("deals.csv", "Deal ID,Stage,Remark,\nD1,Won,2.50,1.50\n"))
    why = "it reads a column without a name, and columns came or went beside it"
    assert told["files"][0]["hints"][0] == f"{desk.mapping('deals')} is not used: {why}"


def test_a_small_mapping_does_not_serve_a_file_of_something_else(desk):
    desk.take(desk.put("orders.csv", ORDERS))
    costs = "Date,Amount,Category,Vendor\n2025-01-05,7.50,Marketing,X\n2025-01-06,8,Marketing,Y\n"
    told = desk.take(desk.put("costs.csv", costs))
    assert told["files"][0]["entity"] == "cost"
    assert told["files"][0]["mapping"] == str(desk.mapping("costs"))


def test_a_file_of_another_name_and_more_columns_is_read_by_the_mapping_most_like_it(desk):
    kept_deals(desk)
    desk.take(desk.put("small.csv", "Deal ID,Stage\nD1,Won\n"), "--entity", "opportunity")
    told = desk.take(desk.put("export.csv", WIDER))
    assert told["files"][0]["mapping"] == str(desk.mapping("deals"))
    assert told["rows"][0]["left_out"] == 1
    assert mappings(desk) == ["deals.toml", "small.toml"]


def test_the_mapping_of_the_files_own_name_comes_before_one_of_the_same_header(desk):
    kept_deals(desk)
    desk.take(desk.put("wider.csv", WIDER.replace("call", "wait")), "--mapping", desk.mapping("deals"))
    told = desk.take(desk.put("deals.csv", WIDER))
    assert told["files"][0]["mapping"] == str(desk.mapping("deals"))


def test_two_mappings_of_one_header_that_differ_are_no_guess(desk):
    kept_deals(desk)
    text = desk.mapping("deals").read_text(encoding="utf-8")
    (desk.workspace / "mappings" / "copy.toml").write_text(text, encoding="utf-8")
    file = desk.put("other.csv", DEALS)
    desk.take(file)
    edited(desk, "copy", "Owner = 'Test'", "Owner = 'Ann'")
    line = desk.refusal(file, "--yes")
    assert "both fit it, and differ. Say which: --mapping" in line
    assert desk.take(file, "--mapping", desk.mapping("copy"))["rows"][0]["left_out"] == 1


def test_a_chosen_mapping_says_which_column_is_missing(desk):
    kept_deals(desk)
    file = desk.put("other.csv", "Deal ID,Owner,Stage,Value\nD1,Ann,Won,5.50\n")
    line = desk.refusal(file, "--mapping", desk.mapping("deals"))
    why = "is for a file with other columns: other.csv lacks the column 'Amount' (amount), which it reads."
    assert line == f"{desk.mapping('deals')}: {why}"


def test_a_question_about_a_new_mapping_says_why_there_is_one(desk):
    kept_deals(desk)
    line = desk.refusal(desk.put("deals.csv", "Deal ID,Stage,Amount,Created\nD1,Won,5.50,03/04/2025\n"), "--yes")
    assert "column Created: '03/04/2025' can be read in 2 ways" in line
    assert (
        f"{desk.mapping('deals')} is not used: deals.csv lacks the column 'Owner' (owner_id), which it reads." in line
    )


def book(**sheets: str) -> bytes:
    """Return a workbook whose sheets hold the cells of texts."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        for name, text in sheets.items():
            page = workbook.add_worksheet(name)
            for row, line in enumerate(text.splitlines()):
                page.write_row(row, 0, line.split(","))
    return out.getvalue()


def test_sheets_keep_their_own_tables_when_columns_come(desk):
    old = DEALS.replace("D1", "A1")
    desk.take(desk.put("crm.xlsx", book(Deals=DEALS, Archive=old)))
    edited(desk, "crm", "leave_out = []", "leave_out = [\"Owner = 'Test'\"]")
    told = desk.take(desk.put("crm.xlsx", book(Archive=old, Deals=WIDER)))
    assert [(row["place"], row["left_out"]) for row in told["rows"]] == [
        ("crm.xlsx[Archive]", 1),
        ("crm.xlsx[Deals]", 1),
    ]
    assert mappings(desk) == ["crm.toml"]


def test_a_sheet_that_is_still_asked_about_does_not_cost_the_tables_beside_it(desk):
    strange = "Alpha,Beta\nx,1.50\ny,2.50\n"
    file = desk.put("crm.xlsx", book(Deals=DEALS, More=strange))
    desk.take(file)
    edited(desk, "crm", "leave_out = []", "leave_out = [\"Owner = 'Test'\"]")
    text = desk.mapping("crm").read_text(encoding="utf-8")
    head, _, rest = text.rpartition('entity = ""')
    desk.mapping("crm").write_text(f'{head}entity = "?"{rest}', encoding="utf-8")
    desk.run(file, "--yes")
    assert "Owner = 'Test'" in desk.mapping("crm").read_text(encoding="utf-8")
