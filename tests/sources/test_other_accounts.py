"""Files whose rows have the ids of rows that are there and are other rows: those of another account."""

from __future__ import annotations

import pytest

HEADER = "Deal ID,Deal name,Stage,Amount,Created,Close date\n"
EU = HEADER + (
    "1,Acme,Won,200,2025-01-05,2025-02-10\n2,Bolt,Won,16,2025-01-06,2025-02-11\n3,Cork,Lost,9,2025-01-07,2025-02-12\n"
)
US = HEADER + "1,Dial,Won,70,2025-01-15,2025-02-20\n2,Echo,Won,30,2025-01-16,2025-02-21\n"


def answers(desk, said: str):
    file = desk.files / "answers.toml"
    file.write_text(f'[answers]\n"mappings/eu.toml#ids" = "{said}"\n', encoding="utf-8")
    return file


def deals(desk):
    return desk.ask("SELECT id, name, amount FROM kpi.opportunity ORDER BY 1")


@pytest.fixture
def eu(desk):
    """Give a desk with the deals of an account."""
    desk.take(desk.put("eu.csv", EU))
    return desk


def test_rows_under_known_ids_that_are_others_are_refused_and_nothing_is_overwritten(eu):
    assert eu.refusal(eu.put("us.csv", US), "--yes") == (
        "us.csv: 2 of the 2 rows whose ids are known would become other rows (1: Acme became Dial)."
        " Nothing of it was loaded."
        ' Say which in a file of answers: "mappings/eu.toml#ids" = "same" (the same rows, corrected)'
        ' or "us" (rows of another account or system).'
    )
    assert deals(eu) == [("1", "Acme", 200), ("2", "Bolt", 16), ("3", "Cork", 9)]


def test_the_rows_of_another_account_get_ids_and_a_mapping_of_their_own(eu):
    told = eu.take(eu.put("us.csv", US), "--answers", answers(eu, "us"))
    assert told["entities"][0]["new"] == 2
    expected = [
        ("3", "Cork", 9), ("files:1", "Acme", 200), ("files:2", "Bolt", 16), ("us:1", "Dial", 70), ("us:2", "Echo", 30),
    ]  # fmt: skip
    assert deals(eu) == expected
    assert 'source = "us"' in eu.mapping("us").read_text()
    assert "source" not in eu.mapping("eu").read_text().split("[[table]]")[1]
    # each file is read by its own mapping from now on
    again = eu.take(eu.put("eu.csv", EU), eu.put("us.csv", US))
    assert (again["entities"][0]["changed"], again["entities"][0]["unchanged"]) == (0, 5)
    assert deals(eu) == expected


def test_the_same_rows_corrected_are_the_same_rows(eu):
    eu.take(eu.put("us.csv", US), "--answers", answers(eu, "same"))
    assert deals(eu) == [("1", "Dial", 70), ("2", "Echo", 30), ("3", "Cork", 9)]


def test_a_file_of_the_same_name_is_told_to_take_another(eu):
    line = eu.refusal(eu.put("eu.csv", US), "--yes")
    assert line.endswith(
        '"mappings/eu.toml#ids" = "same" (the same rows, corrected).'
        " If it is of another account, give it a file name of its own and import it again."
    )


def test_a_mapping_that_was_chosen_gives_way_to_that_of_the_account(eu):
    mapping = eu.workspace / "mappings" / "eu.toml"
    eu.take(eu.put("us.csv", US), "--mapping", mapping, "--answers", answers(eu, "us"))
    assert [id for id, *_ in deals(eu)] == ["3", "files:1", "files:2", "us:1", "us:2"]


def test_two_accounts_in_one_import_are_seen_too(desk):
    line = desk.refusal(desk.put("eu.csv", EU), desk.put("us.csv", US), "--yes")
    assert "us.csv: 2 of the 2 rows whose ids are known would become other rows" in line


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("amounts were in thousands", EU.replace(",200,", ",200000,").replace(",16,", ",16000,")),
        ("all were renamed", EU.replace("Acme", "Acme Ltd").replace("Bolt", "Bolt SA").replace("Cork", "Cork AG")),
        ("one is another deal now", EU.replace("1,Acme,Won,200,2025-01-05,2025-02-10", US.splitlines()[1])),
        ("all dates were read otherwise", EU.replace("2025-01", "2024-12").replace("2025-02", "2025-03")),
        ("most are new", EU.splitlines()[0] + "\n" + US.splitlines()[1] + "\n" + EU[EU.index("2,Bolt") :]),
    ],
)  # fmt: skip
def test_corrections_of_the_same_rows_are_taken(eu, name, text):
    told = eu.take(eu.put("eu.csv", text))
    assert told["entities"][0]["changed"] > 0, name
    assert len(deals(eu)) == 3


def test_a_mapping_that_was_corrected_makes_no_other_rows(eu):
    """Read by other columns all rows say something else, and are the same rows."""
    file = eu.mapping("eu")
    text = file.read_text()
    text = text.replace('name = "Deal name"', 'name = "Stage"').replace('stage_id = "Stage"', 'stage_id = "Deal name"')
    swapped = text.replace('created_at = "Created"', 'created_at = "Close date"').replace(
        'closed_at = "Close date"', 'closed_at = "Created"'
    )
    file.write_text(swapped)
    eu.take(eu.put("eu.csv", EU))
    assert [name for _, name, _ in deals(eu)] == ["Won", "Won", "Lost"]


def test_orders_without_names_are_told_apart_by_all_they_say(desk):
    orders = "Order ID,Customer,Ordered,Status,Total\n{}\n"
    first = orders.format("\n".join(f"{n},C{n},2025-01-0{n},paid,{n}00" for n in range(1, 6)))
    desk.take(desk.put("shop.csv", first))
    other = orders.format("\n".join(f"{n},D{n},2025-03-0{n},paid,{n}7" for n in range(1, 6)))
    assert "5 of the 5 rows whose ids are known would become other rows" in desk.refusal(
        desk.put("outlet.csv", other), "--yes"
    )
