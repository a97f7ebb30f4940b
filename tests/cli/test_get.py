"""`kpi get`: answers as JSON, CSV and tables, and what cannot be asked."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kpicore import (
    COUNT,
    DAYS,
    HIGHER,
    LOWER,
    MONEY,
    NEUTRAL,
    SHARE,
    Answer,
    BadArgument,
    BadCut,
    Calendar,
    Note,
    Question,
    Result,
    cuts_given,
    day_given,
    harmless,
)
from kpicore.cli.answers import rendered
from kpicore.cli.get import write_csv
from kpicore.wording.phrases import change_words, notes_once
from tests.patience import PATIENCE_SECONDS
from tests.said import WORDING

KPI = Path(sys.executable).with_name("kpi")
TODAY = date(2025, 7, 15)
REQUIRED = {"kpi", "variant", "period", "cuts", "value", "unit", "reason", "inputs", "n", "data_time"}


def answer(value, *, metric="win_rate", period="2025-Q1", rep=None, unit=SHARE, better=HIGHER, **more):
    cuts = (("rep", (rep,)),) if rep else ()
    question = Question(metric, "default", Calendar().parse(period, today=TODAY), cuts)
    return Answer(question, value, unit, better, data_time=datetime(2025, 7, 15, 12, tzinfo=UTC), **more)


# As JSON


def test_json_is_an_array_of_objects_with_what_the_answer_promises(run_json):
    (found,) = run_json("get", "win_rate", "--period", "2025-Q1")
    assert set(found) >= REQUIRED
    assert found["value"] == pytest.approx(4 / 6, rel=1e-12)
    assert (found["kpi"], found["variant"], found["period"]) == ("win_rate", "closed", "2025-Q1")
    assert (found["inputs"], found["n"], found["cuts"]) == ({"won": 4, "base": 6}, 6, {})
    assert (found["unit"], found["reason"], found["data_time"]) == ("share", None, "2025-07-15T12:00:00+00:00")


def test_a_variant_is_picked_with_a_dot(run_json):
    created, amount = run_json("get", "win_rate.created", "win_rate.amount", "--period", "2025-Q1")
    assert created["inputs"] == {"won": 5, "base": 8}
    assert amount["inputs"] == {"won": 1000, "base": 1200}


def test_no_value_is_null_with_a_reason_and_zero_rows_are_a_plain_zero(run_json):
    rate, sales = run_json("get", "win_rate", "total_sales", "-p", "2025-02", "--where", "rep=u3")
    assert (rate["value"], rate["reason"], rate["n"]) == (None, "zero_denominator", 0)
    assert (sales["value"], sales["reason"], sales["n"]) == (0, None, 0)


def test_the_same_dimension_twice_means_any_of_its_values(run_json):
    (found,) = run_json("get", "total_sales", "-p", "2025-Q1", "--where", "rep=u1", "--where", "Rep=Bob Ray")
    assert found["cuts"] == {"rep": ["Ann Lee [u1]", "Bob Ray"]}
    assert found["value"] == 600


def test_different_dimensions_mean_both(run_json):
    (found,) = run_json("get", "total_sales", "-p", "2025-Q1", "--where", "rep=u1", "--where", "channel=web")
    assert found["value"] == 200


def test_by_and_grain_give_one_answer_for_each_member_and_period(run_json):
    found = run_json("get", "total_sales", "--period", "2025-H1", "--grain", "quarter", "--by", "rep")
    assert [(each["cuts"]["rep"], each["period"], each["value"]) for each in found] == [
        ("(none)", "2025-Q1", 0),
        ("(none)", "2025-Q2", 120),
        ("Ann Lee [u1]", "2025-Q1", 300),
        ("Ann Lee [u1]", "2025-Q2", 500),
        ("Ann Lee [u3]", "2025-Q1", 400),
        ("Ann Lee [u3]", "2025-Q2", 600),
        ("Bob Ray", "2025-Q1", 300),
        ("Bob Ray", "2025-Q2", 0),
    ]


def test_a_comparison_gives_the_earlier_value_and_the_change(run_json):
    sales, rate = run_json("get", "total_sales", "win_rate", "-p", "2025-Q2", "--compare", "previous")
    assert (sales["value"], sales["compared_value"], sales["compared_period"]) == (1220, 1000, "2025-Q1")
    assert sales["change"] == pytest.approx(0.22)
    assert rate["change"] == pytest.approx(3 / 4 - 4 / 6)


def test_as_of_moves_the_clock_back(run_json):
    (found,) = run_json("get", "total_sales", "-p", "2025-Q1", "--as-of", "2025-02-28")
    assert found["value"] == 300


def test_without_rows_json_is_an_empty_array(run_json):
    assert run_json("get", "total_sales", "-p", "2025-Q1", "--by", "rep", "--where", "channel=phone",
                    "--where", "stage=Offer") == []  # fmt: skip


# As CSV


def test_csv_has_a_column_for_each_dimension_and_plain_numbers(run):
    result = run("get", "total_sales", "win_rate", "--period", "2025-Q1", "--by", "rep", "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert list(rows[0]) == "kpi variant period rep value unit reason n data_time".split()
    assert [(row["kpi"], row["rep"], row["value"], row["n"]) for row in rows[:3]] == [
        ("total_sales", "Ann Lee [u1]", "300.0", "2"),
        ("total_sales", "Ann Lee [u3]", "400.0", "1"),
        ("total_sales", "Bob Ray", "300.0", "1"),
    ]


def test_a_name_that_looks_like_a_formula_is_none_in_csv():
    out = io.StringIO()
    write_csv(
        Result((answer(0.5, rep='=HYPERLINK("x")'), answer(0.5, rep="-7"), answer(0.5, rep="Ann")), by=("rep",)), out
    )
    names = [row["rep"] for row in csv.DictReader(io.StringIO(out.getvalue()))]
    assert names == ['\'=HYPERLINK("x")', "-7", "Ann"]


def test_csv_and_json_together_are_refused(run):
    result = run("get", "win_rate", "-p", "2025-Q1", "--csv", "--json")
    assert result.exit_code == 1
    assert result.stderr == "kpi: give either --csv or --json. See: kpi get --help\n"


# For people


def test_the_table_shows_the_value_in_its_unit_with_n(run):
    result = run("get", "win_rate", "total_sales", "--period", "2025-Q1")
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["KPI", "2025-Q1", "n"] in rows
    assert ["win_rate.closed", "66.7%", "6"] in rows
    assert ["total_sales.booked", "1,000.00", "4"] in rows
    assert "Data of 2025-07-15 12:00 UTC · money in USD" in result.stdout


def test_a_change_has_an_arrow_and_says_whether_it_is_good(run):
    result = run("get", "total_sales", "win_rate", "lost_amount", "-p", "2025-Q2", "--compare", "previous")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "KPI 2025-Q2 2025-Q1 change n" in lines
    assert "total_sales.booked 1,220.00 1,000.00 ▲ +22.0% better 3" in lines
    assert "win_rate.closed 75.0% 66.7% ▲ +8.3 points better 4" in lines
    assert "lost_amount 250.00 200.00 ▲ +25.0% worse 1" in lines


def test_why_there_is_nothing_to_compare_with_is_said_below(run):
    result = run("get", "total_sales", "-p", "2025-Q1", "--compare", "year")
    assert "– 2024-Q1: no data: opportunity was loaded for 2025-01-01 to 2025-06-30" in result.stdout


def test_why_there_is_no_value_is_said_in_words(run):
    result = run("get", "win_rate", "--period", "2025-02", "--where", "rep=u3")
    assert "–   0   no value: base is 0" in result.stdout


def test_a_narrow_terminal_gets_short_reasons_and_the_full_ones_below():
    from rich.console import Console

    none = answer(
        None,
        metric="average_time_to_first_response",
        reason="not_loaded",
        detail=Note.of("not_filled", entity="lead", fields=("x",)),
    )
    narrow = Console(width=60, record=True, file=io.StringIO())
    for part in rendered(Result((none, answer(0.5))), narrow):
        narrow.print(part)
    lines = [" ".join(line.split()) for line in narrow.export_text().splitlines()]
    assert "average_time_to_first_response not loaded 0" in lines
    assert "– not loaded: no lead has a value in x" in lines


def test_a_period_in_words_is_shown_as_what_it_means(run):
    assert "last month = 2025-06" in run("get", "total_sales", "--period", "last month").stdout


def test_the_cuts_are_shown_above_the_table(run):
    result = run("get", "total_sales", "-p", "2025-Q1", "--where", "rep=u1", "--where", "rep=bob ray")
    assert result.stdout.startswith("rep Ann Lee [u1] or Bob Ray\n")


def test_a_period_in_progress_is_noted_once(run):
    result = run("get", "total_sales", "win_rate", "--period", "2025", "--by", "rep")
    assert result.stdout.count("to date, 196 of 365 days") == 1


def test_members_stand_down_and_periods_across(run):
    result = run("get", "total_sales", "--period", "2025-H1", "--grain", "quarter", "--by", "rep")
    rows = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "rep 2025-Q1 2025-Q2" in rows
    assert "Ann Lee [u1] 300.00 (2) 500.00 (1)" in rows
    assert "Bob Ray 300.00 (1) 0.00 (0)" in rows


def test_many_periods_stand_down_where_they_do_not_fit_across(run):
    result = run("get", "won_deals", "-p", "2024-12-30..2025-06-29", "--grain", "week", "--by", "rep")
    rows = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "period Ann Lee [u1] Ann Lee [u3] Bob Ray" in rows
    assert "2025-W04 1 0 0" in rows


def test_kpis_stand_across_where_there_is_one_period(run):
    result = run("get", "total_sales", "won_deals", "--period", "2025-Q1", "--by", "rep")
    rows = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "rep total_sales.booked won_deals" in rows
    assert "Ann Lee [u1] 300.00 (2) 2" in rows


def test_a_list_with_many_empty_cells_says_why_once(run):
    result = run("get", "win_rate", "--period", "2025", "--grain", "month")
    assert result.stdout.count("the day of the data") == 1
    assert "(and 4 more like it)" in result.stdout


def test_by_without_rows_says_so(run):
    result = run(
        "get", "total_sales", "-p", "2025-Q1", "--by", "rep", "--where", "channel=phone", "--where", "stage=Offer"
    )
    assert "No rows by rep in 2025-Q1." in result.stdout
    assert result.exit_code == 0


def test_control_characters_and_markup_in_a_name_are_shown_and_not_obeyed():
    assert harmless("Ann\x1b[2J\n[red]Lee\x9b\u202e") == "Ann\\x1b[2J\\n[red]Lee\\x9b\\u202e"
    assert harmless("Ann\xa0Lee 李 می\u200cخواهم") == "Ann Lee 李 می\u200cخواهم"


@pytest.mark.parametrize(
    ("now", "before", "unit", "better", "words", "good"),
    [
        (0.5, 0.4, SHARE, HIGHER, "▲ +10.0 points", True),
        (0.4, 0.5, SHARE, HIGHER, "▼ -10.0 points", False),
        (30, 40, DAYS, LOWER, "▼ -25.0%", True),
        (30, 20, DAYS, NEUTRAL, "▲ +50.0%", None),
        (5, 5, COUNT, HIGHER, "= 0.0%", None),
        (5, 0, COUNT, HIGHER, "▲ +5", True),
        (-5, -10, MONEY, HIGHER, "▲ +5.00", True),
        (None, 3, COUNT, HIGHER, "", None),
        (3, None, COUNT, HIGHER, "", None),
    ],
)
def test_a_change_in_words(now, before, unit, better, words, good):
    assert change_words(answer(now, unit=unit, better=better), answer(before, unit=unit, better=better)) == (
        words,
        good,
    )


@pytest.mark.parametrize(
    ("reason", "detail", "words"),
    [
        ("zero_denominator", Note.of("zeros", inputs=("base",), made_of=()), "no value: base is 0"),
        ("not_loaded", Note.of("not_loaded", entity="cost"), "not loaded: no cost was loaded"),
        ("no_target", None, "no target"),
        (None, None, ""),
    ],
)
def test_reasons_in_words(reason, detail, words):
    assert WORDING.why_none(answer(None, reason=reason, detail=detail)) == words


def test_a_note_says_what_it_is_about_unless_that_is_everything():
    a, b, c = (Note.of("text", text=text) for text in "abc")
    ann, bob = (answer(1.0, rep=name, notes=notes) for name, notes in [("Ann", (a, b)), ("Bob", (a,))])
    assert notes_once(WORDING, [ann, bob], ("rep",)) == ["a", "Ann: b"]
    june = answer(1.0, period="2025-06", notes=(c,))
    assert notes_once(WORDING, [june, answer(1.0, period="2025-07")]) == ["2025-06: c"]


# What cannot be asked


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("win_rat -p 2025", "no KPI named 'win_rat'. Did you mean 'win_rate'?"),
        ("win_rate.creatd -p 2025", "no variant named 'creatd' in KPI 'win_rate'. Did you mean 'created'?"),
        ("win_rate -p 2025 --by rap", "no dimension named 'rap'. Did you mean 'rep'?"),
        ("win_rate -p 2025 --where rap=Ann", "no dimension named 'rap'. Did you mean 'rep'?"),
        ("win_rate -p 2025 --where rep=Bob_Rai", "no rep named 'Bob_Rai'. Did you mean 'Bob Ray'?"),
        ("win_rate -p 2025 --grain mont", "no grain named 'mont'. Did you mean 'month'?"),
        ("win_rate -p 2025 --where rep", "cannot read --where 'rep'."),
        ("win_rate -p 2025 --where rep=", "the rep to cut by is empty."),
        ("win_rate -p 2025 --where rep=>5", "the rep '>5' is a condition"),
        ("win_rate -p 2025-13", "period '2025-13':"),
        ("win_rate -p 2025-02-30", "period '2025-02-30':"),
        ("win_rate -p 01/02/2025", "period '01/02/2025': is ambiguous"),
        ("win_rate -p 2025 --as-of 1.2.2025", "cannot read --as-of '1.2.2025'. Write a day: 2026-03-14."),
        ("win_rate", "of which period? Add --period 2026-Q3,"),
        ("-p 2025", "Missing argument 'KPI[.VARIANT]...'."),
    ],
)
def test_what_cannot_be_asked_is_one_clear_line(run, arguments, line):
    result = run("get", *arguments.split())
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"kpi: {line}")
    assert result.stderr.count("\n") == 1


def test_a_dimension_that_an_inputs_entity_lacks_is_refused_with_what_would_be_needed(run):
    result = run("get", "cac", "--period", "2025-Q1", "--by", "rep")
    assert result.exit_code == 1
    assert (
        "'cac.fully_loaded' cannot be cut by rep: its input 'cost' is read from 'cost', which has no rep."
        in result.stderr
    )
    assert "It would need a field 'owner_id' on 'cost'." in result.stderr


def test_a_cut_value_that_is_sql_is_just_an_unknown_name(run, run_json):
    result = run("get", "win_rate", "-p", "2025-Q1", "--where", "rep=x'; DROP TABLE kpi.opportunity; --")
    assert result.exit_code == 1
    assert result.stderr.startswith("kpi: no rep named 'x'; DROP TABLE kpi.opportunity; --'. Known: Ann Lee [u1],")
    assert run_json("get", "won_deals", "-p", "2025-Q1")[0]["value"] == 4


def test_two_members_with_one_name_are_told_apart(run):
    result = run("get", "win_rate", "-p", "2025-Q1", "--where", "rep=Ann Lee")
    assert result.exit_code == 1
    assert result.stderr == "kpi: 2 reps are called 'Ann Lee'. Say which: 'Ann Lee [u1]', 'Ann Lee [u3]'.\n"


def test_a_folder_without_workspace_is_refused(tmp_path):
    result = subprocess.run([KPI, "get", "win_rate", "-p", "2025"], cwd=tmp_path, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "kpi: kpi.toml: there is no such file. Make a workspace: kpi init\n"


# What the options mean


def test_a_cut_value_may_hold_an_equals_sign_and_quotes_around_it_are_taken_off():
    assert cuts_given(["rep=Ann", " Rep = Bob ", "product='A = B'", 'team="O\'Neil"', "source='"]) == {
        "rep": ["Ann", "Bob"],
        "product": ["A = B"],
        "team": ["O'Neil"],
        "source": ["'"],
    }
    with pytest.raises(BadCut, match="cannot read --where '=Ann'"):
        cuts_given(["=Ann"])


def test_a_day_is_read_as_written_and_nothing_else():
    assert day_given("2025-03-31") == date(2025, 3, 31)
    assert day_given(None) is None
    for wrong in ("20250331", "2025-W12-1", "2025-02-30", "yesterday", ""):
        with pytest.raises(BadArgument, match="cannot read --as-of"):
            day_given(wrong)


# As a program


def test_the_command_works_as_a_process_and_its_output_is_json(tiny):
    command = [KPI, "get", "win_rate", "--period", "2025-Q1", "--json"]
    result = subprocess.run(command, cwd=tiny, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)[0]["inputs"] == {"won": 4, "base": 6}


def test_a_pipe_gets_plain_text(tiny):
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color"}
    command = [KPI, "get", "total_sales", "-p", "2025-Q2", "--compare", "previous"]
    result = subprocess.run(
        command, cwd=tiny, capture_output=True, encoding="utf-8", env=environment, timeout=PATIENCE_SECONDS
    )
    assert "▲ +22.0%" in result.stdout
    assert "\x1b" not in result.stdout


def test_json_needs_no_library_for_tables(tiny):
    asked = ["get", "win_rate", "-p", "2025-Q1", "--json", "-w", str(tiny)]
    code = f"import sys; from kpicore.cli import kpi; kpi.main({asked!r}, standalone_mode=False); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "kpicore.workspace" in modules
    assert not {"rich", "pandas", "numpy", "pyarrow", "xlsxwriter"} & set(modules)
