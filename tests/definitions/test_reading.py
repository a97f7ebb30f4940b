"""What a definitions file says, and what is told about one that is wrong."""

from __future__ import annotations

import pytest

from kpicore import (
    DAYS,
    LOWER,
    MONEY,
    SHARE,
    START,
    Band,
    Calculator,
    Example,
    Field,
    Type,
    Variant,
    count,
    per,
    standing,
    total,
)
from kpicore.testing import own_definitions

FULL = """
[metric.late_share]
name = "Late deals"
unit = "share"
better = "lower"
meaning = '''
How many deals
close late.'''
family = "ours"
formula = "late / closed"
calculator = { arguments = ["late", "closed"], formula = "late / closed" }
needs_cut = "rep"
grains = ["month", "quarter"]
bands = [{ meaning = "good", below = 0.2 },
  { meaning = "bad", above = 0.2, action = "Talk to the reps.", status = "fair" }]
action = "Plan the dates anew."
guards = ["win_rate"]
synonyms = { de = "verspätet", hu = ["késő", "csúszás"] }
descriptions = { de = "Wie viele Abschlüsse zu spät kommen." }
examples = [{ arguments = [1, 4], value = 0.25, variant = "count", source = "by hand" }]
aliases = ["KPI_LATE"]
source = "our handbook"

[metric.late_share.variants.count.inputs]
late = { count = "opportunity", when = "closed_on", where = "closed_on > expected_close_on", regardless_of = "rep" }
closed = { count = "opportunity", when = "closed_on", expects = { product = ["Basic", "Pro"] } }

[metric.late_share.variants.days]
unit = "days"
meaning = "In days."
cohort = true
inputs.late = { total = "opportunity", value = "days(expected_close_on, closed_on)", when = "closed_on" }
inputs.closed = { count = { per = "customer_id", of = { standing = "subscription", since = "started_on", \
until = "ended_on", at = "start" } }, where = "at_start > 0" }
"""


def test_a_file_says_everything_that_a_metric_has():
    (found,) = own_definitions(FULL, "metrics/x.toml").metrics
    assert (found.id, found.name, found.unit, found.better) == ("late_share", "Late deals", SHARE, LOWER)
    assert (found.meaning, found.family, found.source) == ("How many deals close late.", "ours", "our handbook")
    assert (found.needs_cut, found.grains, found.guards) == (("rep",), ("month", "quarter"), ("win_rate",))
    assert found.calculator == Calculator(("late", "closed"), "late / closed")
    assert found.bands == (Band("good", None, 0.2), Band("bad", 0.2, None, "Talk to the reps.", "fair"))
    assert found.synonyms == {"de": ("verspätet",), "hu": ("késő", "csúszás")}
    assert found.descriptions == {"de": "Wie viele Abschlüsse zu spät kommen."}
    assert found.examples == (Example((1, 4), 0.25, "count", "by hand"),)
    assert (found.action, found.aliases) == ("Plan the dates anew.", ("KPI_LATE",))
    assert found.variants == {
        "count": Variant(
            {
                "late": count(
                    "opportunity", when="closed_on", where="closed_on > expected_close_on", regardless_of="rep"
                ),
                "closed": count("opportunity", when="closed_on", expects={"product": ("Basic", "Pro")}),
            }
        ),
        "days": Variant(
            {
                "late": total("opportunity", "days(expected_close_on, closed_on)", when="closed_on"),
                "closed": count(
                    per("customer_id", standing("subscription", since="started_on", until="ended_on", at=START)),
                    where="at_start > 0",
                ),
            },
            meaning="In days.",
            unit=DAYS,
            cohort=True,
        ),
    }


def test_a_field_is_filled_by_an_expression():
    text = '[field.order.size]\ntype = "text"\nmeaning = "Size."\nhow = "\'big\'"\ndimension = true'
    assert own_definitions(text, "x").fields == (
        Field("order", "size", Type.TEXT, "Size.", how=("'big'",), dimension=True),
    )


HEAD = '[metric.a]\nname = "A"\nunit = "money"\n'
INPUT = 'inputs.a = { total = "order", value = "amount", when = "ordered_on" }\n'


def test_the_shortest_metric_has_a_name_a_unit_and_an_input():
    (found,) = own_definitions(HEAD + INPUT, "x").metrics
    assert (found.unit, found.inputs) == (MONEY, {"a": total("order", "amount", when="ordered_on")})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[metric.a\n", "line 1: this is no TOML: expected ']' at the end of a table declaration."),
        (
            HEAD + 'inputs.a = { count = "order",\nwhen = "x" }',
            "line 4: this is no TOML: invalid initial character for a key part. A table in braces stands on one line.",
        ),
        ("[metrc.a]", "line 1: no table named 'metrc'. Did you mean 'metric'?"),
        ("x = 1", "line 1: no table named 'x'. A definition begins with [metric.its_id]."),
        ('[[metric]]\nid = "a"', "line 1: a metric is a table with its id. Write [metric.its_id], not [[metric]]."),
        ("metric = 1", "line 1: 'metric' is a table, not 1."),
        (HEAD + "nmae = 1\n" + INPUT, "line 4: metric 'a': no key named 'nmae' in a metric. Did you mean 'name'?"),
        (
            HEAD.replace("money", "monney") + INPUT,
            "line 3: metric 'a': no unit named 'monney'. Did you mean 'money'?",
        ),
        (
            '[metric.a]\nname = "A"\n' + INPUT,
            "line 1: metric 'a': it needs a 'unit'. The units: count, mean count, money, money/month, share, ratio, "
            "points, score, minutes, hours, days, years, per year.",
        ),
        (HEAD.replace('"A"', "5") + INPUT, "line 2: metric 'a': 'name' is a text in quotes, not 5."),
        (HEAD.replace('"A"', '" "') + INPUT, "line 2: metric 'a': it needs a 'name'. Write name = \"Loans\"."),
        (
            HEAD,
            "line 1: metric 'a': give either inputs or variants. "
            'Write inputs.loans = { count = "loan", when = "lent_on" } below [metric.a].',
        ),
        (
            HEAD + 'inputs.a = { totl = "order" }',
            "line 4: metric 'a': no key named 'totl' in an input. Did you mean 'total'?",
        ),
        (
            HEAD + 'inputs.a = { count = "order", total = "order" }',
            "line 4: metric 'a': an input has one of these words, not count and total. The words: count, total, "
            "distinct, average, median, percentile, latest, earliest, standing, metric, earlier, target.",
        ),
        (
            HEAD + 'inputs.a = { count = "order", value = "amount" }',
            "line 4: metric 'a': no key named 'value' in an input with 'count'. "
            "Known: count, expects, regardless_of, when, where.",
        ),
        (
            HEAD + 'inputs.a = { total = "order" }',
            "line 4: metric 'a': it needs a 'value'. Write value = \"amount\".",
        ),
        (
            HEAD + 'inputs.a = { percentile = "order", value = "amount", share = 90 }',
            "line 4: metric 'a': a percentile needs a 'share' from 0 to 1. Write share = 0.9 for the 90th.",
        ),
        (
            HEAD + 'inputs.a = { earlier = "revenue", step = "weekly" }',
            "line 4: metric 'a': no step named 'weekly'. Known: 3 months, previous, year.",
        ),
        (
            HEAD + 'inputs.Won = { count = "order" }',
            "line 4: metric 'a': input 'Won' is not named by lower-case letters, digits and underscores.",
        ),
        (
            HEAD + INPUT + 'bands = [\n{ meaning = "x", above = 2,  below = 1 }]',
            "line 6: metric 'a': no value is 2 or more and below 1.",
        ),
        (
            HEAD + INPUT + 'examples = [\n{ arguments = [1], value = "1" }]',
            "line 6: metric 'a': 'value' is a number, not '1'.",
        ),
        (
            HEAD + INPUT + 'examples = [{ arguments = [1], value = 1, variant = "b" }]',
            "line 1: metric 'a': its variant is one of default, not 'b'.",
        ),
        (
            HEAD + INPUT + 'calculator = { fold = "sum" }',
            "line 5: metric 'a': no fold named 'sum'. Known: average, median, percentile, total.",
        ),
        (HEAD + INPUT + "replaces = 1", "line 5: metric 'a': 'replaces' is true or false, not 1."),
        (
            '[field.order.size]\ntype = "txt"',
            "line 2: field 'order.size': no type named 'txt'. Did you mean 'text'?",
        ),
        (
            '[field.order.n]\ntype = "number"\nhow = "1"\ndimension = true',
            "line 4: field 'order.n': answers are cut by texts, and this is a number.",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_its_line(text: str, told: str):
    (flaw,) = own_definitions(text, "metrics/x.toml").flaws
    assert str(flaw) == f"metrics/x.toml, {told}"


def test_one_wrong_definition_does_not_hurt_the_others():
    found = own_definitions(HEAD + HEAD.replace("metric.a", "metric.b") + INPUT, "x")
    assert [metric.id for metric in found.metrics] == ["b"]
    assert [(flaw.item, flaw.line) for flaw in found.flaws] == [("a", 1)]


def test_a_byte_order_mark_and_windows_line_ends_are_welcome(tmp_path):
    file = tmp_path / "x.toml"
    file.write_bytes(b"\xef\xbb\xbf" + (HEAD + 'formula = "b"\n' + INPUT).replace("\n", "\r\n").encode())
    assert [metric.id for metric in own_definitions(file, "x").metrics] == ["a"]
    file.write_bytes(b'name = "\xff"')
    assert [str(flaw) for flaw in own_definitions(file, "x").flaws] == ["x: it is not UTF-8 text."]
