"""`kpi import --answers`: what is wrong with a file is one clear line, and nothing is loaded or kept."""

from __future__ import annotations

import json
import sys

import pytest

ORDERS = "Order ID,Order date,Status,Amount\n1,2026-01-05,Paid,1\n2,2026-01-06,Odd,2\n"
ODD = '"words.order.status.Odd"'


def told(desk, text: str, name: str = "answers.toml", orders: str = ORDERS) -> str:
    """Import with a file of answers that is refused; return the line."""
    file = desk.put(name, text)
    line = desk.refusal(desk.put("orders.csv", orders), "--answers", file)
    kept = {path.name for path in desk.workspace.rglob("*") if path.is_file()}
    assert kept == {"kpi.toml"}
    return line.replace(f"{file}", name)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            '"words.order.status.Od" = "open"',
            "answers.toml: no question of this import is 'words.order.status.Od'."
            " Did you mean 'words.order.status.Odd'? Nothing was loaded.",
        ),
        (
            f'{ODD} = "opne"',
            "answers.toml 'words.order.status.Odd': 'opne' is none of its choices. Did you mean 'open'?"
            " Nothing was loaded.",
        ),
        (f"{ODD} = 3", "an answer is a text or a list of texts, not 3"),
        (f'{ODD} = ["open"]', "it takes one answer, and no list"),
        (f"{ODD} = 2026-01-05", "an answer is a text or a list of texts"),
        ('agree = "perhaps"', "answers.toml 'agree': 'perhaps' is none of its choices. There are 'yes', 'no'."),
        (
            'words.order.status.Paid = "open"',
            "answers.toml 'words.order.status.Paid': is not asked: it is 'completed' already."
            " Change it where it is kept. Nothing was loaded.",
        ),
        (
            '"mappings/orders.toml#fields.amount" = "Status"',
            "'mappings/orders.toml#fields.amount': is not asked: it is 'Amount' already",
        ),
        (f'{ODD} = "open"\n{ODD} = "open"', f"answers.toml: line 3 answers {ODD} a second time. Keep one"),
        (f'{ODD} = "open"\nwords.order.status.Odd = ""', "answers words.order.status.Odd a second time"),
    ],
)
def test_an_answer_that_fits_nothing_is_told_in_one_line(desk, text, line):
    assert line in told(desk, f"[answers]\n{text}\n")


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("answers.toml", "[answers", "answers.toml: "),
        ("answers.toml", "", 'expected a table of answers and nothing beside it. Write [answers] "ID" = "ANSWER".'),
        ("answers.toml", "[answers]\n[more]\n", "expected a table of answers and nothing beside it"),
        ("answers.toml", 'answers = "yes"', "expected a table of answers"),
        ("answers.json", '{"answers":\n {', "answers.json line 2: it is no JSON"),
        ("answers.json", "[]", 'Write {"answers": {"ID": "ANSWER"}}.'),
        ("answers.json", '{"answers": {"agree": "yes", "agree": "no"}}', "answers agree a second time"),
        ("answers.json", "[" * 100_000, "it is no JSON that can be read"),
        ("answers.json", '{"answers": {"agree": null}}', "an answer is a text or a list of texts, not None"),
    ],
)
def test_a_file_that_is_broken_is_told_in_one_line(desk, name, text, line):
    assert line in told(desk, text, name)


def test_a_file_that_is_not_there_is_told(desk):
    assert "there is no such file" in desk.refusal(desk.put("orders.csv", ORDERS), "--answers", desk.files / "no.toml")


def test_what_no_mapping_can_hold_is_told_with_the_question(desk):
    orders = "Order ID,Order date,Amount\n1,2026-01-05,€5.50\n2,2026-01-06,£6.50\n"
    line = told(desk, '[answers]\n"mappings/orders.toml#fields.currency" = "Curency"', orders=orders)
    assert line.startswith("answers.toml 'mappings/orders.toml#fields.currency': ")
    assert "'Curency'" in line


def test_an_answer_about_the_rows_is_checked_once_they_are_loaded_and_told(desk):
    deals = desk.put("deals.csv", "deal_id,stage,created\nD1,Won,2026-01-05\nD2,Proposal,2026-01-06\n")
    file = desk.put("answers.toml", '[answers]\nagree = true\nstage_order = ["Proposl"]\n')
    line = desk.refusal(deals, "--answers", file)
    assert "'stage_order': 'Proposl' is none of its choices. Did you mean 'Proposal'? The rows are loaded" in line
    assert desk.ask("SELECT count(*) FROM kpi.opportunity") == [(2,)]
    file.write_text('[answers]\nstage_order = ["Proposal", "Won"]\n', encoding="utf-8")
    assert desk.run(deals, "--answers", file).exit_code == 0
    assert desk.ask("SELECT id FROM kpi.stage ORDER BY position") == [("Proposal",), ("Won",)]
    assert "'stage_order' was not asked: it is answered already" in desk.run(deals, "--answers", file).stderr


def test_who_does_not_agree_loads_nothing(desk):
    file = desk.put("answers.toml", "[answers]\nagree = false\n")
    assert desk.run(desk.put("orders.csv", ORDERS), "--answers", file).exit_code == 1
    assert not (desk.workspace / "warehouse.duckdb").exists()


def test_answers_without_agreement_are_kept_and_the_proposal_is_still_agreed_to_first(desk):
    file, orders = desk.put("answers.toml", f'[answers]\n{ODD} = "open"\n'), desk.put("orders.csv", ORDERS)
    assert "not yet agreed to" in desk.refusal(orders, "--answers", file)
    assert desk.run(orders).exit_code == 0
    assert desk.ask("SELECT status FROM kpi.order ORDER BY id") == [("completed",), ("open",)]


def test_a_word_is_answered_in_each_way_that_it_is_spelled(desk):
    orders = desk.put("orders.csv", f"{ORDERS}3,2026-01-07,ODD,4\n4,2026-01-08,ODD,8\n")
    file = desk.put("answers.toml", f'[answers]\nagree = true\n{ODD} = "open"\n')
    assert desk.run(orders, "--answers", file).exit_code == 0
    assert desk.ask("SELECT DISTINCT status FROM kpi.order ORDER BY 1") == [("completed",), ("open",)]


def test_of_many_words_a_file_answers_all(desk):
    desk.workspace.joinpath("mappings").mkdir()
    head = '[[table]]\nentity = "order"\nheader = ["no", "on", "word"]\n'
    desk.mapping("x").write_text(f'{head}[table.fields]\nid = "no"\nordered_at = "on"\nstatus = "word"\n')
    words = [f"Odd {'x' * number}" for number in range(1, 31)]
    rows = "".join(f"{word},2026-01-05,{word}\n" for word in words)
    file = desk.put("answers.json", json.dumps({"answers": {f"words.order.status.{word}": "open" for word in words}}))
    assert desk.run(desk.put("x.csv", f"no,on,word\n{rows}"), "--answers", file).exit_code == 0
    assert desk.ask("SELECT status, count(*) FROM kpi.order GROUP BY 1") == [("open", 30)]


def test_tables_of_one_mapping_ask_by_ids_of_their_own(desk):
    (desk.files / "b").mkdir()
    one = desk.put("things.csv", "Nummer,Stage,Created\nA1,Won,2026-01-05\nA2,Lost,2026-01-06\n")
    two = desk.put("b/things.csv", "Zeichen,Stage,Created\nB1,Won,2026-01-05\nB2,Lost,2026-01-06\n")
    asked = json.loads(desk.run(one, two, "--entity", "opportunity", "--questions").stdout)["questions"]
    assert [question["id"] for question in asked] == [
        "mappings/things.toml#fields.id", "mappings/things.toml#2#fields.id", "agree",
    ]  # fmt: skip


def test_json_tells_what_is_open_beside_the_line_that_refuses(desk):
    deals = desk.put("deals.csv", "deal_id,stage,created\nD1,Won,03/04/2026\nD2,Odd,05/06/2026\n")
    result = desk.run(deals, "--json")
    assert "can be read in 2 ways" in str(result.exception)
    told = json.loads(result.stdout)
    assert [question["id"] for question in told["questions"]] == ["mappings/deals.toml#columns.created", "agree"]
    assert told["files"][0]["entity"] == "opportunity"


def test_the_report_of_a_load_has_what_nobody_answered(desk):
    told = desk.take(desk.put("deals.csv", "deal_id,stage,created\nD1,Won,2026-01-05\nD2,Odd,2026-01-06\n"))
    assert [question["id"] for question in told["questions"]] == ["words.opportunity.outcome.Odd", "stage_order"]
    assert [choice["value"] for choice in told["questions"][1]["choices"]] == ["Odd", "Won"]


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal that a test can type into is a Unix thing")
def test_what_a_file_leaves_open_a_person_answers(desk):
    orders = desk.put("orders.csv", f"{ORDERS}3,2026-01-07,Zip,4\n")
    shown = desk.typed("3\ny\n", orders, "--answers", desk.put("answers.toml", f'[answers]\n{ODD} = "open"\n'))
    assert "'Zip' (1 row)" in shown
    assert "'Odd' (1 row)" not in shown
    assert desk.ask("SELECT status FROM kpi.order ORDER BY id") == [("completed",), ("open",), ("cancelled",)]
