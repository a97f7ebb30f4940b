"""Answers of surveys as their tools export them."""

from __future__ import annotations

import pytest

from kpicore_sources.files.text_layout import joined_headers

TWO_HEADERS = (
    "Respondent ID,Start Date,End Date,How likely is it that you would recommend us?,Which products do you use?,,\n"
    ",,,Response,Mugs,Plates,Other (please specify)\n"
    "1180001,02/10/2025 12:29:00 PM,02/10/2025 12:30:00 PM,10 - Extremely likely,Mugs,,\n"
    "1180002,02/11/2025 12:29:00 PM,02/11/2025 12:30:00 PM,9,,Plates,\n"
    "1180003,02/13/2025 12:29:00 PM,02/13/2025 12:30:00 PM,0 - Not at all likely,Mugs,Plates,\n"
)


def test_two_header_rows_are_told_and_a_score_is_read_from_its_label(desk):
    told = desk.take(desk.put("survey.csv", TWO_HEADERS))
    assert told["files"][0]["read_as"] == "utf-8, delimiter ,, header in lines 1 and 2"
    question = "How likely is it that you would recommend us?: Response"
    assert told["files"][0]["columns"][question] == "number before its label"
    assert desk.rows("survey_response", "score", "type") == [(0, "nps"), (9, "nps"), (10, "nps")]
    kept = desk.mapping("survey").read_text(encoding="utf-8")
    assert "'10 - Extremely likely' says in words what its number means (line 3)" in kept


def test_a_survey_without_labels_and_with_a_column_named_by_a_sign(desk):
    text = (
        "#,How likely are you to recommend us to a friend or colleague?,Submit Date (UTC)\n"
        "aa1,10,2025-02-10 12:30:00\naa2,3,2025-02-12 12:30:00\n"
    )
    desk.take(desk.put("nps_typeform.csv", text))
    assert desk.rows("survey_response", "score", "type") == [(3, "nps"), (10, "nps")]


def test_what_has_digits_behind_its_number_is_no_label(desk):
    plain = "".join(f"{n},2026-01-0{n}\n" for n in range(1, 9))
    file = desk.put("survey.csv", f"score,answered at\n10 - great,2026-01-13\n{plain}7-8,2026-01-16\n")
    told = desk.take(file, "--entity", "survey_response")
    assert [row[0] for row in desk.rows("survey_response", "score")] == [1, 2, 3, 4, 5, 6, 7, 8, None, None]
    assert [each["raw"] for each in told["quarantine"]] == ["10 - great", "7-8"]


def test_no_column_that_is_known_is_told_with_what_to_write(desk):
    file = desk.put("nofield.csv", "Respondent ID,Start Date\n1,2025-01-01\n2,2025-01-02\n")
    line = desk.refusal(file, "--entity", "survey_response", "--yes")
    assert "no column is known as a field of survey_response; which is the score, which the day (answered_at)" in line
    assert "under [table.fields]" in line and "nothing was loaded" in line
    mapping = desk.mapping("nofield")
    fields = '\n[table.fields]\nscore = "Respondent ID"\nanswered_at = "Start Date"\n'
    mapping.write_text(mapping.read_text(encoding="utf-8") + fields, encoding="utf-8")
    assert desk.take(file)["rows"][0]["loaded"] == 2


@pytest.mark.parametrize(
    ("names", "below"),
    [
        (["id", "name", ""], [["", "x", "y"]]),
        (["id", "name", ""], [["1", "x", "y"], ["2", "x", "y"]]),
        (["id", "name", ""], [["", "x", "7"], ["2", "x", "y"]]),
        (["id", "name", "note"], [["", "x", "y"], ["2", "x", "y"]]),
        (["id", "name", ""], [["", "x", "y"], ["", "x", "y"]]),
    ],
)
def test_a_row_that_may_be_data_is_no_second_header(names, below):
    assert joined_headers(names, below) == ()
