"""`kpi explain`: what stands behind a number, down to its rows and statements."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from kpicore import Config, Workspace, write_config
from kpicore.testing import TinySource, batch
from kpicore_crm.testing import DATA_TIME
from tests.crm import PLUGINS, crm_registry, with_crm
from tests.patience import PATIENCE_SECONDS

KPI = Path(sys.executable).with_name("kpi")


def lines(result) -> list[str]:
    """Return what was printed, a line each, without the spaces that only align it."""
    assert (result.exit_code, result.stderr) == (0, "")
    return [" ".join(line.split()) for line in result.stdout.splitlines()]


def test_the_formula_is_shown_with_its_numbers_put_in(run):
    shown = lines(run("explain", "win_rate", "--period", "2025-Q1"))
    assert shown[0] == "Win rate win_rate.closed 2025-Q1"
    assert "66.7% = won / base = 4 / 6" in shown


def test_each_input_says_what_it_counts_its_value_and_its_rows(run):
    shown = lines(run("explain", "win_rate", "--period", "2025-Q1"))
    assert "won 4 4 count of opportunity by closed_on where outcome = 'won'" in shown
    assert "base 6 6 count of opportunity by closed_on where outcome in ('won', 'lost')" in shown


def test_the_versions_of_definition_and_data_are_told(run, run_json):
    (answer,) = run_json("get", "win_rate", "-p", "2025-Q1")
    shown = lines(run("explain", "win_rate", "--period", "2025-Q1"))
    versions = f"Definition {answer['definition']} · data version {answer['data_version']}, 2025-07-15 12:00 UTC"
    assert versions in shown


def test_cuts_and_a_period_in_words_are_shown_as_what_they_mean(run):
    shown = lines(run("explain", "total_sales", "-p", "last month", "--where", "rep=bob ray"))
    assert shown[0] == "Total sales total_sales.booked last month = 2025-06 · rep Bob Ray"


def test_a_kpi_within_a_kpi_is_explained_below_it(run):
    shown = lines(run("explain", "sales_growth", "--period", "2025-Q2"))
    assert "170.0% = (now - before) / greatest(before, 0) = (1,620 - 600) / greatest(600, 0)" in shown
    assert "before 600.00 KPI revenue for 2025-Q1" in shown
    assert "revenue 600 3 total of order amount by ordered_on where status in ('completed', 'partly_refunded')" in shown


def test_notes_say_what_was_left_out(run):
    shown = lines(run("explain", "sales_cycle", "--period", "2025-Q1"))
    assert "· 1 of 4 rows of opportunity left out: no first_contact_on with closed_on >= first_contact_on" in shown


def test_without_a_value_the_reason_stands_in_its_place(run):
    shown = lines(run("explain", "win_rate", "--period", "2025-02", "--where", "rep=u3"))
    assert "no value: base is 0; won / base = 0 / 0" in shown


def test_rows_lists_the_records_of_each_input_latest_first(run):
    shown = lines(run("explain", "win_rate", "--period", "2025-Q1", "--rows"))
    at = shown.index("won 4 rows")
    assert shown[at + 2] == "id name closed_on outcome"
    assert [line.split()[0] for line in shown[at + 4 : at + 8]] == ["o6", "o4", "o2", "o1"]
    assert "base 6 rows" in shown


def test_limit_says_how_many_more_rows_there_are(run):
    shown = lines(run("explain", "win_rate", "--period", "2025-Q1", "--rows", "--limit", "2"))
    assert "won 4 rows, the first 2 of them (--limit 4 for all)" in shown


def test_rows_of_a_cut_are_only_those(run_json):
    found = run_json("explain", "total_sales", "-p", "2025-Q1", "--where", "rep=u1", "--rows")
    (sales,) = found["explained"]
    assert [(each["id"], each["amount"]) for each in sales["records"]] == [("o2", 200), ("o1", 100)]
    assert sales["rows"] == 2


def test_the_records_of_a_standing_input_are_those_alive_at_the_end(run_json):
    (mrr,) = run_json("explain", "mrr", "--period", "2025-Q2", "--rows")["explained"]
    assert [each["id"] for each in mrr["records"]] == ["m3", "m1"]
    assert sum(each["monthly_amount"] for each in mrr["records"]) == mrr["value"] == 170


def test_sql_shows_statements_with_placeholders_and_their_values(run):
    result = run("explain", "won_deals", "--period", "2025-Q1", "--sql")
    assert 'FROM kpi."opportunity" AS e' in result.stdout
    assert "$3 = 2025-01-01, $4 = 2025-04-01, $5 = 'won'" in result.stdout


def test_the_statements_in_json_run_as_they_are_and_give_the_number(run_json, tiny):
    (won,) = run_json("explain", "won_deals", "--period", "2025-Q1", "--sql")["explained"]
    (statement,) = won["statements"]
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{tiny / 'warehouse.duckdb'}' AS w (READ_ONLY)")
        connection.execute("USE w")
        rows = connection.execute(statement["sql"], statement["values"]).fetchall()
    assert sum(count for _, count in rows) == won["value"] == 4


def test_json_holds_the_answer_of_get_and_the_inputs(run_json):
    (answer,) = run_json("get", "win_rate", "--period", "2025-Q1")
    found = run_json("explain", "win_rate", "--period", "2025-Q1")
    assert {name: found[name] for name in answer} == answer
    assert (found["name"], found["formula"]) == ("Win rate", "won / base")
    assert [(each["input"], each["value"], each["rows"]) for each in found["explained"]] == [
        ("won", 4, 4),
        ("base", 6, 6),
    ]
    assert "records" not in found["explained"][0]


def test_json_of_a_kpi_within_a_kpi_holds_its_explanation(run_json):
    before = run_json("explain", "sales_growth", "--period", "2025-Q2")["explained"][1]
    assert (before["input"], before["value"]) == ("before", 600)
    assert (before["below"]["kpi"], before["below"]["period"]) == ("revenue", "2025-Q1")
    assert before["below"]["explained"][0]["rows"] == 3


def test_text_from_the_data_cannot_drive_the_terminal_or_the_markup(tmp_path):
    nasty = "\x1b]0;owned\x07[bold]Deal[/bold]"
    deals = batch(crm_registry(), "opportunity", f"id name closed_at outcome amount\n o1 {nasty} 2025-01-25 won 100")
    config = with_crm(Config(tmp_path, "Nasty"))
    write_config(config)
    with Workspace(config, PLUGINS) as opened:
        opened.load([TinySource("nasty", (deals,))], data_time=DATA_TIME)
    command = [KPI, "explain", "won_deals", "-p", "2025-Q1", "--rows", "-w", tmp_path]
    shown = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=PATIENCE_SECONDS).stdout
    assert "\\x1b]0;owned\\x07[bold]Deal[/bold]" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("win_rat -p 2025", "no KPI named 'win_rat'. Did you mean 'win_rate'?"),
        ("win_rate -p 2025-Q5", "period '2025-Q5':"),
        ("win_rate -p 2025 --where rep=Zoe", "no rep named 'Zoe'."),
        ("cac -p 2025 --where rep=u1", "'cac.fully_loaded' cannot be cut by rep:"),
        ("win_rate -p 2025 --rows --limit 0", "Invalid value for '--limit'"),
    ],
)
def test_what_cannot_be_explained_is_one_clear_line(run, arguments, line):
    result = run("explain", *arguments.split())
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"kpi: {line}")
    assert result.stderr.count("\n") == 1
