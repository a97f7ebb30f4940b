"""Which rows a cut keeps, and which cuts are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import SHARE, BadCut, KpiError, Metric, UnknownName, count, distinct, total
from tests.engine.conftest import Ask, Opened
from tests.engine.worlds import config_of, load_tables, only, world

CLOSED = count("opportunity", when="closed_on")
CREATED = count("opportunity", when="created_on")


def test_a_cut_keeps_the_rows_of_one_member(ask: Ask) -> None:
    assert ask(CLOSED, "2025-H1", rep="Bob Ray").value == 3
    assert ask(CLOSED, "2025-H1", channel="web").value == 6
    assert ask(CLOSED, "2025-H1", segment="large").value == 4
    assert ask(CLOSED, "2025-H1", product_line="Services").value == 3


def test_several_values_mean_any_of_them(ask: Ask) -> None:
    assert ask(CLOSED, "2025-H1", rep=["Bob Ray", "Ann Lee [u1]"]).value == 6
    assert ask(CLOSED, "2025-H1", rep=("u2", "(none)")).value == 4
    assert ask(CLOSED, "2025-H1", rep=["u2", "Bob Ray", "bob ray"]).value == 3
    assert ask(distinct("opportunity", "customer_id", when="closed_on"), "2025-Q1", rep=["u1", "u3"]).value == 3


def test_two_dimensions_mean_both_of_them(ask: Ask) -> None:
    assert ask(CLOSED, "2025-H1", rep="u1", channel="web").value == 2  # o2, o7
    assert ask(CLOSED, "2025-H1", rep=["u1", "u2"], channel=["web", "phone"]).value == 6
    assert ask(CLOSED, "2025-H1", rep="u1", channel="phone", segment="large").value == 0


def test_rows_without_a_member_are_none(ask: Ask) -> None:
    assert ask(CLOSED, "2025-H1", rep="(none)").value == 1  # o12
    assert ask(CREATED, "2025-Q2", customer="(none)").value == 1  # o11
    assert ask(CREATED, "2025-Q2", customer=" (NONE) ").value == 1
    assert ask(CLOSED, "2025-H1", loss_reason="(none)").value == 7
    assert ask(CLOSED, "2025-H1", rep="(none)", channel="phone").value == 1


@pytest.mark.parametrize("name", ["u2", "U2", "Bob Ray", "bob ray", "  BOB RAY\t"])
def test_a_member_is_called_by_id_or_label_in_any_case(ask: Ask, name: str) -> None:
    assert ask(CLOSED, "2025-H1", rep=name).value == 3


@pytest.mark.parametrize("dimension", ["rep", "Rep", " REP "])
def test_a_dimension_is_called_in_any_case(ask: Ask, dimension: str) -> None:
    assert ask(CLOSED, "2025-H1", **{dimension: "u2"}).value == 3


def test_one_label_of_two_ids_is_refused_naming_both(ask: Ask) -> None:
    with pytest.raises(BadCut) as refused:
        ask(CLOSED, "2025-H1", rep="Ann Lee")
    assert str(refused.value) == "2 reps are called 'Ann Lee'. Say which: 'Ann Lee [u1]', 'Ann Lee [u3]'."
    assert ask(CLOSED, "2025-H1", rep="Ann Lee [u1]").value == 3
    assert ask(CLOSED, "2025-H1", rep="ann lee [U3]").value == 3


def test_an_unknown_member_is_an_error_that_proposes_one(ask: Ask) -> None:
    with pytest.raises(UnknownName, match=r"no rep named 'Bob Rey'\. Did you mean 'Bob Ray'\?"):
        ask(CLOSED, "2025-H1", rep="Bob Rey")
    with pytest.raises(UnknownName, match="no rep named 'Zed'"):
        ask(CLOSED, "2025-H1", rep=["Bob Ray", "Zed"])


def test_a_known_member_without_rows_is_zero(ask: Ask) -> None:
    answer = ask(CLOSED, "2025-04", rep="Bob Ray")
    assert (answer.value, answer.n, answer.reason) == (0, 0, None)


@pytest.mark.parametrize("given", ["<>Bob Ray", ">5", "=Bob Ray", "<= a", " >=1"])
def test_a_condition_is_refused_and_not_guessed(ask: Ask, given: str) -> None:
    with pytest.raises(BadCut, match="is a condition; a cut is a name"):
        ask(CLOSED, "2025-H1", rep=given)


@pytest.mark.parametrize("given", ["", "   ", "\t", [], [""], ["Bob Ray", " "], ()])
def test_an_empty_cut_is_refused_and_not_read_as_all(ask: Ask, given: object) -> None:
    with pytest.raises(BadCut, match="the rep to cut by is empty"):
        ask(CLOSED, "2025-H1", rep=given)


@pytest.mark.parametrize("given", [5, 2.5, True, None, ["u1", 7]])
def test_a_cut_that_is_no_text_is_refused(ask: Ask, given: object) -> None:
    with pytest.raises(BadCut, match="is not text"):
        ask(CLOSED, "2025-H1", rep=given)


@pytest.mark.parametrize(
    "given",
    ["x' OR '1'='1", "Bob Ray'; DROP TABLE kpi.opportunity; --", "$1", '"', "Bob Ray\x00", "*", "?", "Bob*", "%"],
)
def test_text_that_is_sql_or_a_pattern_is_just_an_unknown_name(ask: Ask, given: str) -> None:
    with pytest.raises(UnknownName):
        ask(CLOSED, "2025-H1", rep=given)
    assert ask(CLOSED, "2025-H1").value == 10


def test_one_dimension_given_twice_is_refused(ask: Ask) -> None:
    with pytest.raises(BadCut, match="'rep' is given twice"):
        ask(CLOSED, "2025-H1", rep="u1", Rep="u2")


def test_an_unknown_dimension_proposes_one(ask: Ask) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'region'"):
        ask(CLOSED, "2025-H1", regoin="Europe")


def test_a_dimension_that_the_entity_lacks_is_refused_with_what_is_needed(tiny: Opened) -> None:
    metric = Metric(
        "cac",
        name="CAC",
        unit=SHARE,
        formula="spent / gained",
        inputs={
            "spent": total("cost", "amount", when="booked_on"),
            "gained": count("customer", when="first_purchase_on"),
        },
    )
    for asked in ({"where": {"rep": "u1"}}, {"by": "rep"}):
        with pytest.raises(BadCut) as refused:
            tiny(metric).get("cac", "2025-Q1", **asked)
        assert str(refused.value) == (
            "'cac' cannot be cut by rep: its input 'spent' is read from 'cost', which has no rep. "
            "It would need a field 'owner_id' on 'cost'."
        )


def test_a_dimension_that_no_row_has_is_refused_too(ask: Ask) -> None:
    with pytest.raises(BadCut, match=r"no row of it has a competitor\. Load 'opportunity\.competitor_id'"):
        ask(CLOSED, "2025-H1", competitor="(none)")


def test_a_metric_that_has_a_meaning_only_by_a_dimension_says_so(tiny: Opened) -> None:
    metric = Metric("by_channel", name="It", unit=SHARE, inputs={"it": CLOSED}, needs_cut=("channel",))
    with pytest.raises(BadCut, match=r"has a meaning only by channel\. Add a cut by channel\."):
        tiny(metric).get("by_channel", "2025-Q1")
    assert tiny(metric).get("by_channel", "2025-H1", by="channel").answers[0].value == 4  # phone
    assert tiny(metric).get("by_channel", "2025-H1", where={"channel": "web"}).answers[0].value == 6


MESSY = """
    id owner_id channel created_at
    d1 a        Web     2025-01-02
    d2 b        web     2025-01-03
    d3 c        WEB~    2025-01-03
    d4 d        *       2025-01-03
    d5 e        ?       2025-01-03
    d6 A        Straße  2025-01-03
    d7 f        'x'     2025-01-03
    d8 Zoe      -       2025-01-03
"""
PEOPLE = """
    id   name
    b    Zoe
    c    d
    a    Kim
    A    Lou
    Zoe  Max
    d    Sue
    e    Émile
"""


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    opened = world(tmp_path_factory.mktemp("messy"), {"opportunity": MESSY, "user": PEOPLE}, only(it=CREATED))

    def asked(given: object, period: object, **cuts: object):  # type: ignore[no-untyped-def]
        return opened.get("it", "2025-01", where=cuts).answers[0]

    return asked


def test_texts_that_differ_in_case_and_spaces_only_count_together(messy: Ask) -> None:
    for given in ("web", "Web", "WEB ", " wEb"):
        assert messy(CREATED, "2025-01", channel=given).value == 3
    assert messy(CREATED, "2025-01", channel="STRASSE").value == 1


def test_stars_and_question_marks_are_plain_characters(messy: Ask) -> None:
    assert messy(CREATED, "2025-01", channel="*").value == 1
    assert messy(CREATED, "2025-01", channel="?").value == 1
    assert messy(CREATED, "2025-01", channel="'x'").value == 1


def test_an_id_that_is_also_the_name_of_another_is_refused(messy: Ask) -> None:
    # Zoe is the id of Max and the name of b; d is the id of Sue and the name of c
    for given, both in (("Zoe", {"b", "Max"}), ("zoe", {"b", "Max"}), ("d", {"c", "Sue"})):
        with pytest.raises(BadCut, match="2 reps are called") as refused:
            messy(CREATED, "2025-01", rep=given)
        assert all(f"'{each}'" in refused.value.hint for each in both)
        for each in both:
            assert messy(CREATED, "2025-01", rep=each).value == 1


def test_ids_that_differ_in_case_only_are_told_apart_as_they_are_written(messy: Ask) -> None:
    assert dict(messy(CREATED, "2025-01", rep="a").question.cuts)["rep"] == ("Kim",)
    assert dict(messy(CREATED, "2025-01", rep="A").question.cuts)["rep"] == ("Lou",)


def test_accents_and_case_of_any_alphabet(messy: Ask) -> None:
    assert messy(CREATED, "2025-01", rep="ÉMILE").value == 1


def test_a_renamed_rep_answers_to_id_and_current_name(tmp_path: Path) -> None:
    deals = "id owner_id created_at\nd1 u1 2025-01-02\nd2 u2 2025-01-03"
    config = config_of(tmp_path)
    load_tables(config, {"opportunity": deals, "user": "id name\nu1 Ann\nu2 Bob"})
    opened = world(tmp_path, {"user": "id name\nu1 Anna"}, only(it=CREATED))
    assert opened.get("it", "2025-01", where={"rep": "Anna"}).answers[0].value == 1
    assert opened.get("it", "2025-01", where={"rep": "u1"}).answers[0].value == 1
    with pytest.raises(KpiError, match="no rep named 'Ann'"):
        opened.get("it", "2025-01", where={"rep": "Ann"})
