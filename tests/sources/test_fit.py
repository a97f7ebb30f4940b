"""A kept reading is not stretched: where it fails, or something speaks against it, the import asks first."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal as D

import pytest

from kpicore import BadConfig
from kpicore_sources.files.configured import open_files
from tests.sources.given import rows_given

HEADER = "Deal ID;Stage;Amount;Created;Close date\n"
GERMAN = HEADER + "D1;Won;1.200,50;05.01.2025;10.02.2025\nD2;Lost;800,00;09.01.2025;28.02.2025\n"
AMERICAN = HEADER + "D1;Won;1.200;01/05/2025;02/10/2025\nD2;Lost;800.000;01/09/2025;02/12/2025\n"
ENDS = "id,customer_id,starts_on,ends_on,amount\n"


def amounts(desk) -> list[object]:
    return [amount for _, amount in desk.rows("opportunity", "id", "amount")]


def edited(desk, before: str, after: str, stem: str = "deals") -> None:
    file = desk.mapping(stem)
    text = file.read_text(encoding="utf-8")
    assert before in text, text
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_many_cells_that_are_no_number_are_asked_about_and_nothing_is_loaded(desk):
    desk.take(desk.put("deals.csv", GERMAN))
    file = desk.put("deals.csv", GERMAN.replace("1.200,50", "zwölf"))
    assert desk.refusal(file, "--yes") == (
        f"{desk.mapping('deals')}: deals.csv, column Amount: 1 of 2 cells is no number 1.234,56: 'zwölf' (line 2)."
        ' Write "number 1.234,56, else unread" (1 cell stays unread) for Amount under [table.columns].'
        " Then import again; nothing was loaded."
    )
    assert amounts(desk) == [D("1200.5"), D(800)]
    edited(desk, '"number 1.234,56"', '"number 1.234,56, else unread"')
    assert [cell["raw"] for cell in desk.take(file)["quarantine"]] == ["zwölf"]


def test_a_few_cells_are_told_as_ever(desk):
    rows = "".join(f"E{number};Won;{number},50;05.01.2025;10.02.2025\n" for number in range(10))
    desk.take(desk.put("deals.csv", GERMAN + rows))
    told = desk.take(
        desk.put("deals.csv", (GERMAN + rows).replace("800,00", "n. n.").replace("E1;Won;1,5", "E1;Won;x"))
    )
    assert [cell["raw"] for cell in told["quarantine"]] == ["n. n.", "x0"]


def test_a_file_that_had_such_cells_from_the_first_day_on_is_not_asked_about_again(desk):
    file = desk.put("deals.csv", GERMAN.replace("800,00", "offen") + "D3;Won;1,5;;\nD4;Won;offen;;\nD5;Won;2;;\n")
    assert desk.take(file) and desk.take(file)
    assert 'Amount = "number 1.234,56, else unread"' in desk.mapping("deals").read_text(encoding="utf-8")
    whole = "Deal ID,Stage,Amount\nD1,Won,5\nD2,Won,tbd\nD3,Won,6\nD4,Won,tbd\nD5,Won,7\n"
    other = desk.put("whole.csv", whole)
    assert desk.take(other) and desk.take(other)
    assert 'Amount = "number, else unread"' in desk.mapping("whole").read_text(encoding="utf-8")
    assert "two ways" in desk.refusal(desk.put("whole.csv", whole.replace(",5", ",1.000")), "--yes"), "no mark is kept"


def test_rows_that_are_left_out_and_totals_do_not_speak_against_a_reading(desk):
    desk.take(desk.put("deals.csv", GERMAN))
    edited(desk, "leave_out = []", "leave_out = [\"Stage = 'Draft'\"]")
    text = GERMAN + "D3;Draft;later;05.01.2025;\nD4;Draft;later;05.01.2025;\n"
    told = desk.take(desk.put("deals.csv", text))
    assert told["rows"][0]["left_out"] == 2


@pytest.mark.parametrize(
    ("column", "later", "shown"),
    [
        ("Sent at", "soon", "1 of 1 cell is no date: 'soon' (line 2)"),
        ("Delivered", "by mail", "1 of 1 cell is no yes/no: 'by mail' (line 2)"),
    ],
)
def test_cells_of_any_kind_are_asked_about(desk, column, later, shown):
    row, head = {"Message": "M1", "Sent at": "2025-01-05", "Delivered": "yes"}, "Message,Sent at,Delivered"
    first_file = f"{head}\n{','.join(row.values())}\nM2,2025-01-05,no\nM3,2025-01-05,no\n"
    desk.take(desk.put("mails.csv", first_file), "--entity", "email_send")
    text = f"{head}\n{','.join({**row, column: later}.values())}\n"
    line = desk.refusal(desk.put("mails.csv", text), "--yes")
    assert shown in line and "else unread" in line


def test_days_after_the_day_of_the_data_are_asked_about_where_the_other_order_has_none(desk):
    desk.take(desk.put("deals.csv", GERMAN), "--as-of", "2025-03-31")
    desk.mapping("deals").write_text(desk.mapping("deals").read_text().replace('"Amount" = "number 1.234,56"', ""))
    new = HEADER + "D8;Won;5,50;02/11/2025;03/12/2025\n"
    line = desk.refusal(desk.put("deals.csv", new), "--yes", "--as-of", "2025-03-31")
    assert "column Created: read as 'date day-month-year', as the mapping says, 1 day lies after 2025-03-31" in line
    assert "the day of the data ('02/11/2025' (line 2)); by 'date month-day-year' none does." in line
    assert 'Write "date month-day-year" (02/11/2025 is 2025-02-11)' in line
    assert ' or "date day-month-year, always" (02/11/2025 is 2025-11-02) for Created under [table.columns].' in line
    edited(desk, '"date day-month-year"', '"date day-month-year, always"')
    desk.take(desk.files / "deals.csv", "--as-of", "2025-03-31")
    assert desk.rows("opportunity", "id", "created_at")[-1] == ("D8", datetime(2025, 11, 1, 23))


def test_a_plan_may_lie_in_the_future(desk):
    text = "Deal ID;Stage;Expected close\nD1;Negotiation;{}\n"
    desk.take(desk.put("deals.csv", text.format("28.02.2025")), "--as-of", "2025-03-31")
    desk.take(desk.put("deals.csv", text.replace("D1", "D2").format("05.11.2025")), "--as-of", "2025-03-31")
    assert len(desk.rows("opportunity", "id")) == 2


def test_rows_loaded_before_speak_where_the_values_prove_nothing(desk):
    desk.take(desk.put("deals.csv", GERMAN))
    file = desk.put("deals.csv", AMERICAN.replace("1.200;", "1.200,50;").replace("800.000", "800,00"))
    line = desk.refusal(file, "--yes")
    assert "2 rows loaded before would change ('01/05/2025' (line 2), '01/09/2025' (line 3))" in line
    assert "by 'date month-day-year' they stay as they are." in line
    edited(desk, '"date day-month-year"', '"date month-day-year"')
    told = desk.take(file)
    assert (told["entities"][0]["changed"], told["entities"][0]["unchanged"]) == (1, 1)  # D2 closed on another day


def test_an_amount_whose_mark_is_left_open_is_compared_too(desk):
    desk.take(desk.put("deals.csv", GERMAN))
    text = "Deal ID;Stage;Amount;Created;Close date\nD1;Won;1,200.500;05.01.2025;\nD2;Won;800.000;05.01.2025;\n"
    assert "the mapping says 'number 1.234,56', but '1,200.500'" in desk.refusal(desk.put("deals.csv", text), "--yes")
    line = desk.refusal(desk.put("deals.csv", text.replace("1,200.500", "1200").replace("05.01", "13.01")), "--yes")
    assert "column Amount" in line and "1 row loaded before would change ('800.000' (line 3))" in line


def test_an_amount_inside_an_expression_is_compared_as_well(desk):
    text = "Deal ID;Stage;Qty;Price\nD1;Won;2;1.000,50\nD2;Won;1;{}\n"
    desk.take(desk.put("deals.csv", text.format("2,5")))
    edited(desk, "[table.fields]\n", '[table.fields]\namount = "Qty * Price"\n')
    edited(desk, 'id = "Deal ID"\n', 'id = "Deal ID"\n')
    mapping = desk.mapping("deals").read_text(encoding="utf-8")
    if "Price = " not in mapping:
        edited(desk, "[table.fields]\n", '[table.columns]\nPrice = "number 1.234,56"\n\n[table.fields]\n')
    desk.take(desk.files / "deals.csv")
    line = desk.refusal(desk.put("deals.csv", "Deal ID;Stage;Qty;Price\nD2;Won;1;2.500\n"), "--yes")
    assert "column Price: read as 'number 1.234,56'" in line and "('2.500' (line 2))" in line


def test_a_column_beside_it_that_proves_another_order_speaks_too(desk):
    desk.take(desk.put("deals.csv", GERMAN))
    file = desk.put("deals.csv", HEADER + "D8;Won;5,50;01/25/2025;02/03/2025\n")
    assert "column Created: the mapping says 'date day-month-year', but '01/25/2025'" in desk.refusal(file, "--yes")
    edited(desk, 'Created = "date day-month-year"', 'Created = "date month-day-year"')
    line = desk.refusal(file, "--yes")
    assert "column Close date: read as 'date day-month-year', as the mapping says" in line
    assert "Created, written like it, proves 'date month-day-year'." in line


def test_an_answer_at_the_terminal_is_kept(desk):
    desk.take(desk.put("deals.csv", GERMAN))
    file = desk.put("deals.csv", AMERICAN.replace("1.200;", "1.200,50;").replace("800.000", "800,00"))
    desk.typed("1\n1\n\n", file)
    text = desk.mapping("deals").read_text(encoding="utf-8")
    assert text.count('= "date month-day-year"') == 2
    assert desk.rows("opportunity", "id", "created_at")[0] == ("D1", datetime(2025, 1, 4, 23))


def test_who_keeps_the_reading_is_not_asked_again(desk):
    desk.take(desk.put("deals.csv", GERMAN))
    file = desk.put("deals.csv", HEADER + "D1;Won;5,50;01/05/2025;10.02.2025\n")
    desk.typed("2\n2\n\n", file)
    assert 'Created = "date day-month-year, always"' in desk.mapping("deals").read_text(encoding="utf-8")
    desk.take(file)
    assert desk.rows("opportunity", "id", "created_at")[0] == ("D1", datetime(2025, 4, 30, 22))


def test_a_source_of_kpi_toml_stretches_nothing_either(desk):
    desk.take(desk.put("deals.csv", GERMAN))
    file = desk.put("deals.csv", GERMAN.replace("1.200,50", "zwölf"))
    source = open_files({"name": "crm", "path": str(file), "workspace": str(desk.workspace)})
    with pytest.raises(BadConfig, match=r"1 of 2 cells is no number.* Run: kpi import"):
        rows_given(source)


def test_words_of_another_kind_are_no_outcome(desk):
    head = "Deal ID,Outcome,Amount\n"
    desk.take(desk.put("deals.csv", head + "D1,Won,5.50\nD2,Lost,6.50\n"))
    told = desk.take(desk.put("deals.csv", head + "D1,Won,5.50\nD2,Lost,6.50\nD3,Someday,7.50\n"))
    assert told["rows"][0]["loaded"] == 3, "one new word is told, and left out where it matters"
    file = desk.put("deals.csv", head + "D1,Berlin,5.50\nD2,Paris,6.50\nD3,Won,7.50\n")
    line = desk.refusal(file, "--yes")
    assert (
        "column Outcome: its words are no outcome that is known, as those loaded before were: 'Berlin' (1 row)" in line
    )
    assert "[words.opportunity.outcome] in kpi.toml. Nothing was loaded." in line
    config = desk.workspace / "kpi.toml"
    config.write_text(f'{config.read_text()}\n[words.opportunity.outcome]\nBerlin = "won"\nParis = ""\n')
    desk.take(file)


def stays(next_day: int) -> str:
    """Return contracts of five customers, each followed by one that begins so many days after its end."""
    firsts = [f"A{n},K{n},2025-01-15,2025-03-{10 + n},10\n" for n in range(5)]
    return ENDS + "".join(first + f"B{n},K{n},2025-03-{10 + n + next_day},,10\n" for n, first in enumerate(firsts))


def test_ends_that_the_next_rows_prove_to_be_others_are_asked_about(desk):
    desk.take(desk.put("contract.csv", stays(1)))
    file = desk.put("contract.csv", stays(0))
    line = desk.refusal(file, "--yes")
    assert (
        "column ends_on: the mapping says 'last day', but K0 ends 2025-03-10, and its next row begins 2025-03-10"
        in line
    )
    assert 'Write "day after" (it is over on 2025-03-10) or "last day, always" (it is over on 2025-03-11)' in line
    edited(desk, '"last day"', '"last day, always"', "contract")
    desk.take(file)
    assert str(desk.rows("contract", "id", "ends_on")[0][1]) == "2025-03-11"


def test_letters_that_are_utf_8_are_not_read_in_another_encoding(desk):
    desk.take(desk.put("deals.csv", "Deal ID,Owner,Stage\nD1,Zoe,Won\n"))
    edited(desk, 'entity = "opportunity"\n', 'entity = "opportunity"\nencoding = "cp1252"\n')
    desk.take(desk.put("deals.csv", "Deal ID,Owner,Stage\nD1,Zoë,Won\n", "cp1252"))
    assert desk.rows("opportunity", "owner_id") == [("Zoë",)]
    line = desk.refusal(desk.put("deals.csv", "Deal ID,Owner,Stage\nD1,Zoë,Won\n"), "--yes")
    assert "deals.csv: is valid UTF-8, and its mapping says cp1252." in line
    desk.take(desk.put("deals.csv", "Deal ID,Owner,Stage\nD1,Zoë,Won\n", "utf-8-sig"))
    assert desk.rows("opportunity", "owner_id") == [("Zoë",)]
    edited(desk, '"cp1252"', '"cp12"')
    line = desk.refusal(desk.put("deals.csv", "Deal ID,Owner,Stage\nD1,Zoe,Won\n"))
    assert "its mapping says encoding = 'cp12', and no encoding is named so" in line


def test_a_kept_kind_of_days_is_not_read_into_another_one(desk):
    desk.take(desk.put("deals.csv", "Deal ID,Stage,Close date\nD1,Won,20250113\n"))
    edited(desk, '# "Close date"', '"Close date"')
    line = desk.refusal(desk.put("deals.csv", "Deal ID,Stage,Close date\nD2,Won,03/04/2025\n"), "--yes")
    assert "1 of 1 cell is no date yyyymmdd: '03/04/2025' (line 2)" in line
    assert 'Write "date day-month-year" (03/04/2025 is 2025-04-03) or "date month-day-year"' in line


def test_values_that_contradict_each_other_are_not_settled_by_the_mapping(desk):
    desk.take(desk.put("deals.csv", GERMAN))
    rows = "".join(f"E{n};Won;1,50;{n}.01.2025;\nF{n};Won;1,50;01.{n}.2025;\n" for n in range(13, 19))
    line = desk.refusal(desk.put("deals.csv", HEADER + rows), "--yes")
    assert "column Created: 6 of 12 cells are no date day-month-year: '01.13.2025' (line 3)" in line
    assert 'Write "date day-month-year, else unread" (6 cells stay unread) for Created' in line


def test_the_case_of_another_locale(desk, shared_data):
    folder = shared_data / "import_cases" / "11-other-locale-kept-mapping"
    if not folder.is_dir():
        pytest.skip("the case is not among the data")
    desk.take(desk.put("deals.csv", (folder / "deals.csv").read_bytes()))
    before = desk.rows("opportunity", "id", "amount", "created_at", "closed_at")
    file = desk.put("deals.csv", (folder / "deals_newer.csv").read_bytes())
    line = desk.refusal(file, "--yes")
    assert "column Amount: the mapping says 'number 1.234,56', but '1200.500' has its decimals after a point" in line
    edited(desk, "number 1.234,56", "number 1,234.56")
    assert "column Created: read as 'date day-month-year', as the mapping says, 2 rows" in desk.refusal(file, "--yes")
    assert desk.rows("opportunity", "id", "amount", "created_at", "closed_at") == before
    desk.typed("1\n1\n\n", file)
    assert desk.rows("opportunity", "id", "amount") == [("D1", D("1200.5")), ("D2", D(800)), ("D3", D(3000))]
    assert desk.rows("opportunity", "id", "closed_at")[2][1] == datetime(2025, 2, 10, 23)
