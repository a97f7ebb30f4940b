"""JSON: what is wrong with a file that cannot be read is told as it is, with its line."""

from __future__ import annotations

import pytest

ROW = '{"deal_id": "D1", "stage": "Won"}'
ONE_A_ROW = "Give one object a row, whose keys are the columns: one a line, or all in one list."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            f'{ROW}\n{{"deal_id": "D2", "x": {"[" * 200}{"]" * 200}}}\n',
            "line 2 nests lists and objects more than 128 deep",
        ),
        (f'[{ROW}, {{"x": {"[" * 2_000}{"]" * 2_000}}}]', "line 1 nests lists and objects more than 128 deep"),
        (f'{ROW}\n{{"deal_id": "D2", stage: 1}}\n{ROW}\n', "line 2 is no JSON: Expecting property name"),
        (f'[\n{ROW},\n{{"deal_id": "D2", "stage', "is cut short: the list of its rows has no end"),
        (f"[{ROW},", "is cut short: the list of its rows has no end"),
        (f'{ROW}\n{{"deal_id": "D2", "deal_id": "D3"}}\n', "an object has the key 'deal_id' twice"),
        (ROW.replace("Won", "Zo\xeb").encode("latin-1"), "line 1 holds bytes that are not UTF-8. Save it as UTF-8."),
        (f"[{ROW}]\ngarbage]", "line 2 is no JSON"),
        ('[["deal_id", "stage"], ["D1", "Won"]]', f"line 1 holds a list where a row has to be an object. {ONE_A_ROW}"),
        (f"{ROW}\n[1, 2]\n", "line 2 holds a list where a row has to be an object"),
        (f"{ROW}\n7\n", "line 2 holds a number where a row has to be an object"),
        ("null", "line 1 holds null where a row has to be an object"),
        ("[{}]", "line 1 holds an object without keys"),
        ('{"": 1, "deal_id": "D1"}', "line 1 holds an object with a key without a name"),
        ("[]", "holds no rows"),
        (
            f'{{"records": [{ROW}, {ROW}]}}',
            "is one object, which has its rows in the list 'records'. Save that list alone.",
        ),
        (f'{{"total": 2, "data": [{ROW}, {ROW}]}}', "which has its rows in the list 'data'"),
    ],
)
def test_what_is_wrong_with_json_is_told_in_one_line(desk, content, told):
    line = desk.refusal(desk.put("deals.json", content), "--entity", "opportunity", "--yes")
    assert told in line and len(line) < 400


@pytest.mark.parametrize("content", [ROW, f"[{ROW}]", f"{ROW}\n", f"\n[\n  {ROW}\n]\n", ROW.replace(", ", ",\n")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lines_one_list_and_one_object_are_read_with_any_byte_order_mark(desk, content, encoding):
    desk.take(desk.put("deals.json", content, encoding))
    assert desk.rows("opportunity", "id", "outcome") == [("D1", "Won")]


def test_an_object_with_a_list_inside_is_a_row(desk):
    desk.take(desk.put("deals.json", ROW.replace("}", ', "lines": [{"a": 1}]}')))
    assert desk.rows("opportunity", "id") == [("D1",)]


def test_keys_that_few_rows_have_are_columns_too(desk):
    lines = [f'{{"deal_id": "D{n}", "stage": "Won", "x{n}": {n}}}' for n in range(300)]
    assert desk.take(desk.put("deals.jsonl", "\n".join(lines)))["rows"][0]["loaded"] == 300
