"""Files given again: corrected, with rows less or more, read by a mapping that was corrected."""

from __future__ import annotations

from datetime import date

import pytest

COSTS = """Date,Category,Note,Amount
2025-01-31,advertising,Search,1000
2025-01-31,marketing,Fair,500
2025-02-28,advertising,Search,1200
"""
CORRECTED = COSTS.replace("Search,1000", "Search,1100") + "2025-03-31,advertising,Search,900\n"
DEALS = """Deal ID,Owner,Stage,Status text,Amount,Created,Close date
D1,Ann,Won,ok,1200,2025-01-05,2025-02-10
D2,Bob,Lost,ok,800,2025-01-09,2025-03-03
T1,Test,Won,test,99999,2025-01-09,2025-03-03
D3,Ann,Proposal,ok,500,2025-02-01,
"""


def amounts(desk, entity="cost"):
    return [int(amount) for (amount,) in desk.ask(f'SELECT amount FROM kpi."{entity}" ORDER BY 1')]


def write(desk, old: str, new: str, stem: str) -> None:
    mapping = desk.mapping(stem)
    text = mapping.read_text()
    assert old in text, text
    mapping.write_text(text.replace(old, new, 1))


def counts(told, entity):
    (report,) = [report for report in told["entities"] if report["entity"] == entity]
    return {name: report[name] for name in ("new", "changed", "unchanged", "gone", "emptied", "total")}


def test_a_cost_that_was_corrected_counts_once(desk):
    desk.take(desk.put("costs.csv", COSTS))
    told = desk.take(desk.put("costs.csv", CORRECTED))
    assert amounts(desk) == [500, 900, 1100, 1200]
    assert counts(told, "cost") == {"new": 2, "changed": 0, "unchanged": 2, "gone": 1, "emptied": 0, "total": 4}
    (vanished,) = told["vanished"]
    assert (vanished["rows"], vanished["of"], vanished["removed"]) == (1, 3, True)


def test_a_mapping_that_was_corrected_adds_no_row(desk):
    desk.take(desk.put("costs.csv", COSTS))
    write(desk, 'category = "Category"', 'category = "Note"', "costs")
    told = desk.take(desk.put("costs.csv", COSTS))
    assert counts(told, "cost") == {"new": 0, "changed": 3, "unchanged": 0, "gone": 0, "emptied": 0, "total": 3}
    assert amounts(desk) == [500, 1000, 1200]
    assert desk.ask("SELECT DISTINCT category_given FROM kpi.cost ORDER BY 1") == [("Fair",), ("Search",)]


def test_a_column_more_and_numbers_written_otherwise_add_no_row(desk):
    desk.take(desk.put("costs.csv", COSTS))
    wider = COSTS.replace("Amount\n", "Amount,Booked by\n").replace("00\n", "00.00,Eve\n")
    told = desk.take(desk.put("costs.csv", wider))
    assert amounts(desk) == [500, 1000, 1200]
    assert counts(told, "cost") == {"new": 0, "changed": 0, "unchanged": 3, "gone": 0, "emptied": 0, "total": 3}


def test_a_file_of_other_days_stands_beside_the_first(desk):
    desk.take(desk.put("costs.csv", COSTS))
    later = "Date,Category,Note,Amount\n2025-03-31,marketing,Fair,70\n2025-03-31,marketing,Fair,70\n"
    assert desk.take(desk.put("march.csv", later))["vanished"] == []
    assert amounts(desk) == [70, 70, 500, 1000, 1200]


def test_of_overlapping_files_of_changes_only_what_exceeds_the_largest_count_is_added(desk):
    twice = "2025-02-28,advertising,Search,1200\n"
    desk.take(desk.put("costs.csv", COSTS))
    write(desk, "leave_out = []", 'leave_out = []\nkeeps = "changes"', "costs")
    desk.take(desk.put("more.csv", COSTS.splitlines()[0] + "\n" + twice * 3))
    desk.take(desk.put("less.csv", COSTS.splitlines()[0] + "\n" + twice * 2))
    assert amounts(desk) == [500, 1000, 1200, 1200, 1200]


def test_a_deal_that_vanished_stays_and_is_told_until_the_mapping_says_that_the_file_is_all(desk):
    desk.take(desk.put("deals.csv", DEALS), "--as-of", "2025-06-30")
    less = DEALS.replace("D2,Bob,Lost,ok,800,2025-01-09,2025-03-03\n", "")
    told = desk.take(desk.put("deals.csv", less), "--as-of", "2025-07-05")
    (vanished,) = told["vanished"]
    assert vanished == {
        "stream": "deals", "entity": "opportunity", "rows": 1, "of": 4, "examples": ["D2"], "removed": False,
    }  # fmt: skip
    assert amounts(desk, "opportunity") == [500, 800, 1200, 99999]
    write(desk, "leave_out = []", 'leave_out = []\nkeeps = "all"', "deals")
    told = desk.take(desk.put("deals.csv", less), "--as-of", "2025-07-06")
    assert counts(told, "opportunity")["gone"] == 1
    assert amounts(desk, "opportunity") == [500, 1200, 99999]


def test_what_the_mapping_leaves_out_is_taken_out_of_what_was_loaded(desk):
    desk.take(desk.put("deals.csv", DEALS))
    write(desk, "leave_out = []", "leave_out = [\"Owner = 'Test'\"]", "deals")
    told = desk.take(desk.put("deals.csv", DEALS))
    assert counts(told, "opportunity") == {
        "new": 0, "changed": 0, "unchanged": 3, "gone": 1, "emptied": 0, "total": 3,
    }  # fmt: skip
    assert amounts(desk, "opportunity") == [500, 800, 1200]


@pytest.mark.parametrize("keeps", ["", "changes"])
def test_a_cost_that_the_mapping_leaves_out_is_taken_out_too(desk, keeps):
    desk.take(desk.put("costs.csv", COSTS))
    write(desk, "leave_out = []", f'leave_out = ["Note = \'Fair\'"]\nkeeps = "{keeps}"', "costs")
    desk.take(desk.put("costs.csv", COSTS))
    assert amounts(desk) == [1000, 1200]


def test_rows_within_the_dates_of_a_column_are_replaced(desk):
    desk.take(desk.put("deals.csv", DEALS))
    write(desk, "leave_out = []", 'leave_out = []\nkeeps = "dates of Created"', "deals")
    january = "\n".join(DEALS.splitlines()[:2]) + "\nD9,Bob,Won,ok,7,2025-01-09,2025-03-03\n"
    desk.take(desk.put("deals.csv", january))
    # D2 and T1 were created within 5 to 9 January and are not there; D3 was created later
    assert [id for (id,) in desk.rows("opportunity", "id")] == ["D1", "D3", "D9"]


def test_keeps_is_one_of_three_words(desk):
    file = desk.put("deals.csv", DEALS)
    desk.take(file)
    write(desk, "leave_out = []", 'leave_out = []\nkeeps = "dates of Nothing"', "deals")
    assert desk.refusal(file).endswith(
        'keeps: it cannot be \'dates of Nothing\'. Write "all", "changes" or "dates of " and one of its columns.'
    )


def test_a_file_that_would_take_more_than_a_tenth_is_refused(desk):
    many = DEALS.splitlines()[0] + "\n" + "".join(f"D{n},Ann,Won,ok,{n},2025-01-05,2025-02-10\n" for n in range(1, 41))
    desk.take(desk.put("deals.csv", many))
    write(desk, "leave_out = []", 'leave_out = []\nkeeps = "all"', "deals")
    cut = "\n".join(many.splitlines()[:36]) + "\n"
    assert desk.refusal(desk.put("deals.csv", cut), "--yes").startswith(
        "deals.csv: of the 40 rows that it gave before 5 would go (D36, D37, D38, …)."
    )
    assert len(amounts(desk, "opportunity")) == 40
    desk.take(desk.put("deals.csv", "\n".join(many.splitlines()[:37]) + "\n"))
    assert len(amounts(desk, "opportunity")) == 36


def test_a_list_without_rows_takes_nothing_out(desk):
    desk.take(desk.put("deals.csv", DEALS))
    write(desk, "leave_out = []", 'leave_out = []\nkeeps = "all"', "deals")
    line = desk.refusal(desk.put("deals.csv", DEALS.splitlines()[0] + "\n"), "--yes")
    assert line.endswith("deals.csv: holds no rows below its header.")
    assert len(amounts(desk, "opportunity")) == 4


def test_an_earlier_day_still_sees_what_has_gone(desk):
    from kpicore import open_workspace

    desk.take(desk.put("deals.csv", DEALS), "--as-of", "2025-06-30")
    write(desk, "leave_out = []", 'leave_out = []\nkeeps = "all"', "deals")
    desk.take(
        desk.put("deals.csv", DEALS.replace("D1,Ann,Won,ok,1200,2025-01-05,2025-02-10\n", "")), "--as-of", "2025-07-05"
    )
    with open_workspace(desk.workspace) as opened:
        (now,) = opened.get("total_sales", "2025-Q1").answers
        (then,) = opened.get("total_sales", "2025-Q1", as_of=date(2025, 7, 1)).answers
    assert (now.value, then.value) == (99999, 101199)


def test_two_accounts_with_the_same_ids_are_two(desk):
    desk.take(desk.put("eu.csv", "Deal ID,Stage,Amount,Close date\n1,Won,200,2025-02-10\n2,Won,16,2025-02-11\n"))
    other = desk.put("us.csv", "Opportunity ID,Stage,Value,Closed on\n1,Won,100,2025-02-12\n")
    desk.take(other)
    write(desk, "leave_out = []", 'leave_out = []\nsource = "us"', "us")
    desk.take(desk.put("eu.csv", "Deal ID,Stage,Amount,Close date\n1,Won,200,2025-02-10\n2,Won,16,2025-02-11\n"))
    desk.take(other)
    assert desk.ask("SELECT id, amount FROM kpi.opportunity ORDER BY 1") == [
        ("2", 16), ("files:1", 200), ("us:1", 100),
    ]  # fmt: skip


def answers(desk, **given: str):
    file = desk.files / "answers.toml"
    lines = [f'"mappings/deals.toml#{key}" = "{value}"' for key, value in given.items()]
    file.write_text("\n".join(["[answers]", *lines, ""]), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("keeps", "left"), [("all", [500, 1200, 99999]), ("changes", [500, 800, 1200, 99999]),
                        ("dates of Created", [500, 1200, 99999])]
)  # fmt: skip
def test_what_files_hold_is_asked_once_and_kept(desk, keeps, left):
    desk.take(desk.put("deals.csv", DEALS))
    file = desk.put("deals.csv", DEALS.replace("D2,Bob,Lost,ok,800,2025-01-09,2025-03-03\n", ""))
    desk.take(file, "--answers", answers(desk, keeps=keeps))
    assert amounts(desk, "opportunity") == left
    assert f'keeps = "{keeps}"' in desk.mapping("deals").read_text()
    assert [question["id"] for question in desk.take(file)["questions"]] == ["stage_order"]


def test_nobody_asked_keeps_the_rows_and_has_the_question_as_a_record(desk):
    desk.take(desk.put("deals.csv", DEALS))
    told = desk.take(desk.put("deals.csv", DEALS.replace("D3,Ann,Proposal,ok,500,2025-02-01,\n", "")))
    (question,) = [question for question in told["questions"] if question["id"] == "mappings/deals.toml#keeps"]
    assert [choice["value"] for choice in question["choices"]] == [
        "all", "changes", "dates of Created", "dates of Close date",
    ]  # fmt: skip
    # the only one that vanished is open: it may be a view of the closed ones
    assert question["likely"] == ""


@pytest.mark.parametrize(("kept", "likely"), [("Won", ""), ("Lost", "all")])
def test_a_view_of_one_stage_is_never_proposed_as_all(desk, kept, likely):
    desk.take(
        desk.put("deals.csv", DEALS + "D4,Ann,Won,ok,1,2025-01-05,2025-02-10\nD5,Ann,Lost,ok,2,2025-01-05,2025-02-10\n")
    )
    lines = DEALS.splitlines()
    rows = [line for line in lines[1:] if f",{kept}," in line or kept == "Lost"]
    less = "\n".join([lines[0], *rows]) + "\n"
    told = desk.take(desk.put("deals.csv", less))
    (question,) = [question for question in told["questions"] if question["id"] == "mappings/deals.toml#keeps"]
    assert question["likely"] == likely


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_more_than_a_tenth_goes_when_somebody_says_so(desk, answer):
    rows = "".join(f"D{n},Ann,Won,ok,{n},2025-01-05,2025-02-10\n" for n in range(1, 41))
    desk.take(desk.put("deals.csv", DEALS.splitlines()[0] + "\n" + rows))
    write(desk, "leave_out = []", 'leave_out = []\nkeeps = "all"', "deals")
    file = desk.put("deals.csv", DEALS.splitlines()[0] + "\n" + "".join(rows.splitlines(keepends=True)[:20]))
    result = desk.run(file, "--yes", "--answers", answers(desk, lose=answer))
    assert (result.exit_code == 0) == (answer == "yes"), result.output
    assert len(amounts(desk, "opportunity")) == (20 if answer == "yes" else 40)
