"""`kpi check`: every definition is read, every example run, each problem told in one line."""

from __future__ import annotations

import json

import pytest
from click.testing import Result

from kpicore import load_plugins
from kpicore.testing import run_kpi


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shut out all plugins but the one that gives win_rate: to read them all takes a second."""
    names = [report.name for report in load_plugins(()).reports if report.name not in ("winning", "crm")]
    monkeypatch.setenv("KPI_DISABLE", ",".join(names))


SOUND = """\
[metric.big_deal_share]
name = "Share of big deals"
unit = "share"
formula = "big / won"
inputs.big = { count = "opportunity", when = "closed_on", where = "outcome = 'won' and amount >= 300" }
inputs.won = { count = "opportunity", when = "closed_on", where = "outcome = 'won'" }
examples = [
  { arguments = [3, 12], value = 0.25 },
]
"""


def check(folder, text: str, *options: str) -> Result:
    (folder / "metrics").mkdir(exist_ok=True)
    (folder / "metrics" / "sales.toml").write_text(text, encoding="utf-8")
    return run_kpi("check", "--workspace", str(folder), *options)


def test_a_file_with_a_table_nobody_knows_is_told_once(tmp_path, few):
    (tmp_path / "kpi.toml").touch()
    first, counted = check(tmp_path, "[metrik.x]\n").stdout.splitlines()
    assert first == "metrics/sales.toml, line 1: no table named 'metrik'. Did you mean 'metric'?"
    assert counted.endswith(": 1 problem.")


def test_sound_definitions_are_counted_and_the_exit_code_is_0(tmp_path):
    result = check(tmp_path, SOUND)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "(1 of your own)" in result.stdout
    assert result.stdout.endswith(" examples: no problem.\n")
    assert json.loads(check(tmp_path, SOUND, "--json").stdout) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("name = ", "nmae = ", "line 2: big_deal_share: no key named 'nmae' in a metric. Did you mean 'name'?"),
        ("big / won", "big / ", "line 4: metric 'big_deal_share': cannot read 'big /': it is not a whole expression."),
        (
            "big / won",
            "big / all_won",
            "line 4: metric 'big_deal_share': cannot read 'big / all_won': no input named 'all_won'. "
            "Did you mean 'won'?",
        ),
        (
            "amount >= 300",
            "amont >= 300",
            "line 5: metric 'big_deal_share', input 'big': cannot read 'outcome = 'won' and amont >= 300': "
            "no field named 'amont'. Did you mean 'amount'?",
        ),
        (
            'won = { count = "opportunity"',
            'won = { count = "oportunity"',
            "line 6: no entity named 'oportunity' in metric 'big_deal_share', input 'won'. Did you mean 'opportunity'?",
        ),
        (
            'won = { count = "opportunity", when = "closed_on"',
            'won = { count = "opportunity"',
            "line 6: metric 'big_deal_share', input 'won': an input over 'opportunity' needs when=, the date it is "
            "counted by.",
        ),
        (
            "value = 0.25",
            "value = 0.5",
            "line 8: example big_deal_share(3, 12) says 0.5, but the formula gives 0.25.",
        ),
        (
            "[3, 12]",
            "[3, 0]",
            "line 8: example big_deal_share(3, 0) fails: 'big_deal_share' has no value: a denominator is 0.",
        ),
        (
            "formula = ",
            'guards = ["win_rat"]\nformula = ',
            "line 4: big_deal_share: its guards: no KPI named 'win_rat'. Did you mean 'win_rate'?",
        ),
        (
            "formula = ",
            'calculator = { arguments = ["a"], formula = "a / b" }\nformula = ',
            "line 4: metric 'big_deal_share', calculator: cannot read 'a / b': no input named 'b'. Known: a.",
        ),
        (
            "[metric.big_deal_share]",
            "[metric.win_rate]",
            "line 1: win_rate: 'winning' gives a KPI of this id, so neither is used. To use this one, write "
            "replaces = true.",
        ),
        (
            "[metric.big_deal_share]",
            "[metric.Big]",
            "line 1: its id is a text of lower-case letters, digits and underscores, not 'Big'.",
        ),
        ("[metric.big", "[metrc.big", "line 1: no table named 'metrc'. Did you mean 'metric'?"),
        ("formula = ", "formula ", "line 4: this is no TOML: expected '=' after a key in a key/value pair."),
    ],
)
def test_a_problem_is_one_line_with_file_and_line(tmp_path, few, before: str, after: str, told: str):
    assert before in SOUND
    result = check(tmp_path, SOUND.replace(before, after))
    lines = [line for line in result.stdout.splitlines() if line.startswith("metrics/")]
    assert lines == [f"metrics/sales.toml, {told}"]
    assert (result.exit_code, result.stderr) == (1, "")


FIELD = """[field.order.size]
type = "text"
meaning = "How large it is."
how = "case when amount >= 300 then 'big' else 'small' end"
"""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("amount", "amuont", "no field named 'amuont'. Did you mean 'amount'?"),
        ('"text"', '"integer"', "it is text, and the field is integer."),
        ("amount >= 300", "size = 'x'", "it is made from itself: order.size ← order.size."),
    ],
)
def test_a_field_that_cannot_be_made_is_told_with_its_line(tmp_path, few, before: str, after: str, told: str):
    (line, _) = check(tmp_path, FIELD.replace(before, after)).stdout.splitlines()
    assert line.startswith("metrics/sales.toml, line 4: field 'order.size': ")
    assert line.endswith(told)


def test_a_field_of_an_entity_that_is_not_there_is_told_with_its_line(tmp_path, few):
    (line, _) = check(tmp_path, FIELD.replace("order", "odrer")).stdout.splitlines()
    assert line == (
        "metrics/sales.toml, line 1: odrer.size: no entity named 'odrer' in field 'size'. Did you mean 'order'?"
    )


def test_definitions_in_a_circle_are_told_each_with_its_line(tmp_path, few):
    circle = "".join(
        f'[metric.{id}]\nname = "x"\nunit = "count"\ninputs.a = {{ metric = "{other}" }}\n'
        for id, other in (("ring", "chain"), ("chain", "ring"))
    )
    assert check(tmp_path, circle).stdout.splitlines()[:2] == [
        "metrics/sales.toml, line 1: metric 'ring': is defined by itself: ring.default -> chain.default -> "
        "ring.default.",
        "metrics/sales.toml, line 5: metric 'chain': is defined by itself: chain.default -> ring.default -> "
        "chain.default.",
    ]


def test_a_replacement_that_takes_a_variant_from_others_is_told(tmp_path):
    text = SOUND.replace("[metric.big_deal_share]", "[metric.win_rate]\nreplaces = true")
    lines = check(tmp_path, text).stdout.splitlines()
    (told, _) = [line for line in lines if "required_opportunities" in line]
    assert told.startswith("targets: no variant named 'created' in metric 'required_opportunities.default'")


def test_the_problems_are_json_with_line_and_kpi(tmp_path, few):
    result = check(tmp_path, SOUND.replace("big / won", "big / "), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == [
        {
            "given_by": "metrics/sales.toml",
            "line": 4,
            "of": "big_deal_share",
            "problem": "metric 'big_deal_share': cannot read 'big /': it is not a whole expression.",
        }
    ]


def test_the_settings_of_the_workspace_count(tmp_path, few):
    (tmp_path / "kpi.toml").write_text('[default_variants]\nwin_rate = "creatd"\n', encoding="utf-8")
    result = check(tmp_path, SOUND.replace("300", "setting.big"))
    assert "kpi.toml default_variants.win_rate: no variant named 'creatd'." in result.stdout.replace(
        str(tmp_path) + "/", ""
    )
    assert "cannot read 'outcome = 'won' and amount >= setting.big': no setting named 'setting.big'." in result.stdout
    (tmp_path / "kpi.toml").write_text("[settings]\nbig = 300\n", encoding="utf-8")
    assert check(tmp_path, SOUND.replace("300", "setting.big")).exit_code == 0


def test_a_gap_between_fiscal_months_is_told_with_its_line_and_not_as_a_target(tmp_path, few):
    (tmp_path / "kpi.toml").write_text('[workspace]\nname = "x"\n[calendar]\nfiscal_months = "months.csv"\n')
    (tmp_path / "months.csv").write_text(
        "month,first_day,last_day\nFY2026-M01,2026-01-01,2026-01-31\nFY2026-M02,2026-02-05,2026-03-01\n"
    )
    told = check(tmp_path, SOUND).stdout.splitlines()
    assert told[0] == (
        f"workspace: {tmp_path / 'months.csv'} line 3: FY2026-M01 ends on 2026-01-31, FY2026-M02 begins on 2026-02-05:"
        " between them lie 4 days of no month."
    )


def test_an_error_in_another_metric_is_not_blamed_on_an_input_of_the_same_name(tmp_path, few):
    two = (
        '[metric.inner]\nname = "x"\nunit = "count"\ninputs.won = { count = "oportunity", when = "closed_on" }\n'
        '[metric.outer]\nname = "y"\nunit = "ratio"\nformula = "won / below"\n'
        'inputs.won = { count = "opportunity", when = "closed_on" }\ninputs.below = { metric = "inner" }\n'
    )
    lines = [line.split(": ")[0] for line in check(tmp_path, two).stdout.splitlines()[:2]]
    assert lines == ["metrics/sales.toml, line 4", "metrics/sales.toml, line 5"]


def test_a_place_where_no_cubes_can_be_kept_is_told(tmp_path, few):
    (tmp_path / "cubes.sqlite").mkdir()
    result = check(tmp_path, SOUND)
    assert result.output.splitlines()[0] == (
        "cubes.sqlite: it cannot be used (unable to open database file), so each process reads the rows anew. "
        "Move it away."
    )
    assert result.exit_code == 1
