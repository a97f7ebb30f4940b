"""Records refuse what is not of their fields' types, whatever the field and whatever is given."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from types import MappingProxyType

import pytest
from mypy import api

import kpicore
from kpicore import (
    COUNT,
    HIGHER,
    BadDefinition,
    Band,
    Breakdown,
    Calculator,
    Code,
    Codes,
    Column,
    Dimension,
    Entity,
    Example,
    Field,
    Figures,
    FirstSince,
    Listing,
    LookUp,
    Metric,
    Page,
    Report,
    RollUp,
    Rule,
    SourceKind,
    Trend,
    Type,
    Unit,
    Variant,
    Words,
    count,
    earlier,
    metric,
    per,
    standing,
    target,
)

DEALS = count("opportunity", when="closed_on")
OPEN = standing("opportunity", since="created_on", until="closed_on")
SECTION = Breakdown("By rep", ("won_deals",))
SOUND = (
    Metric("m", "M", COUNT, better=HIGHER, inputs={"n": DEALS}),
    Variant({"n": DEALS}),
    Calculator(("a",), "a"),
    Band("fine", 1, 2),
    Example((1, 2.5), 3),
    DEALS,
    OPEN,
    per("id", DEALS),
    metric("m"),
    earlier("m", "year"),
    target("m"),
    Unit("deals", "0", 0),
    Code("won", ("gewonnen",)),
    Codes((Code("won"),)),
    Field("order", "size", Type.TEXT, "Size."),
    LookUp("customer_id", "customer", "name"),
    RollUp("customer_id", DEALS),
    FirstSince("customer_id", "order", "customer_id", "ordered_on", "closed_on"),
    Dimension("shop", "Shop."),
    Entity("ticket", "Asked.", (Field("ticket", "id", Type.TEXT, "Number."),)),
    Rule("r", "R", "m", "n > 1", {"n": metric("m")}, "Meaning."),
    Words("m", "de", "Wort."),
    Figures("Now", ("m",)),
    SECTION,
    Trend("Months", ("m",)),
    Listing("l", "L", OPEN, {"Deal": "name"}),
    Column("amount"),
    Report("r", "R", (SECTION,), by=("rep",)),
    Page("a.txt", "text/plain", lambda context: b""),
    SourceKind("files", "Files.", print),
)


class Text(str):
    """A text that can do anything."""


class Odd:
    """Something that cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize("record", SOUND, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize(
    "wrong", [Odd(), Text("x"), {1: 2}, {"a": Odd()}, [], ["x"], {"x"}, float("nan"), float("inf"), b"x", ..., 10**400]
)
def test_no_field_of_any_record_takes_what_is_of_no_type_it_has(record, wrong):
    for field in fields(record):
        if field.init:
            with pytest.raises(BadDefinition, match=rf": its {field.name}\b") as refused:
                replace(record, **{field.name: wrong})
            assert "\n" not in str(refused.value)
            assert len(str(refused.value)) < 400


def test_a_text_is_short_and_steers_no_terminal():
    assert Words("m", "de", "x" * 10_000).description == "x" * 10_000
    for wrong in ("x" * 10_001, "a\x1b[2J", "a\x00", "\ud800", "\u202e"):
        with pytest.raises(BadDefinition, match=r"^words 'm\.de': its description "):
            Words("m", "de", wrong)
    for wrong in ("x" * 256, "two\nlines", "a\tb"):
        with pytest.raises(BadDefinition, match=r"^metric 'm': its name "):
            Metric("m", wrong, COUNT, inputs={"n": DEALS})


@pytest.mark.parametrize("record", SOUND, ids=lambda each: type(each).__name__)
def test_however_long_the_name_of_a_record_is_a_message_is_short_and_tells_the_field(record):
    for field in fields(record):
        for wrong in ("x" * 20_000, "x" * 255, "a\x1b" * 200, {"x" * 9_000: Odd()}):
            if field.init:
                try:
                    replace(record, **{field.name: wrong})
                except BadDefinition as refused:
                    assert field.name in str(refused)[:199]
                    assert len(str(refused)) < 400


def test_texts_in_any_script_are_texts():
    for name in ("Abschlüsse", "受注率", "نرخ برد", "क्‍ष", "a\u00a0b"):
        assert Metric("m", name, COUNT, inputs={"n": DEALS}).name == name


def test_a_whole_number_is_a_number_and_true_is_none():
    assert Band("fine", above=5).above == 5
    for wrong in (True, "5", float("nan")):
        with pytest.raises(BadDefinition, match=r"^band 'fine': its above is a number, not "):
            Band("fine", above=wrong)
    assert Variant({"n": DEALS}, cohort=True).cohort is True


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Report("r", "R", (SECTION,), by="rep"), "its by is a tuple of texts, not 'rep'. Write ('rep',)."),
        (lambda: Report("r", "R", [SECTION]), "its sections is a tuple of"),
        (lambda: count("order", regardless_of=5), "its regardless_of is a tuple of texts, not 5."),
        (lambda: count("order", expects=5), "its expects is a dict of tuples of texts, not 5."),
        (
            lambda: Metric("m", "M", COUNT, inputs={5: DEALS}),
            "its inputs key is a name in one line, no blanks around, not 5.",
        ),
        (lambda: Metric("m", "M", COUNT, inputs={"n": DEALS}, synonyms={"de": ("a", 5)}), "its synonyms['de'][1] is"),
    ],
)
def test_the_place_in_a_field_and_what_to_write_are_told(make, told):
    with pytest.raises(BadDefinition, match=re.escape(told)):
        make()


def test_a_record_keeps_a_copy_of_the_mappings_that_it_is_given():
    inputs = {"a": DEALS}
    variants = {"one": inputs}
    first, second = Metric("m", "M", COUNT, inputs=inputs), Metric("n", "N", COUNT, variants=variants)
    inputs["b"] = OPEN
    variants["two"] = inputs
    assert (dict(first.inputs), dict(second.variants)) == ({"a": DEALS}, {"one": {"a": DEALS}})
    assert dict(Metric("m", "M", COUNT, inputs=MappingProxyType(inputs)).inputs) == inputs


def test_a_class_made_from_a_record_is_refused():
    class Mine(Dimension):
        pass

    with pytest.raises(BadDefinition, match=r"^Mine: it is made from Dimension: give a Dimension itself\.$"):
        Mine("shop", "Shop.")


def test_what_cannot_end_is_refused_when_it_is_made():
    with pytest.raises(BadDefinition, match=r"cannot stand inside another per"):
        per("id", count(per("id", DEALS)))
    with pytest.raises(BadDefinition, match=r"^section 'By rep': what stands in its place"):
        replace(SECTION, instead=replace(SECTION, instead=SECTION))


def test_a_name_that_kpicore_has_not_fails_type_checks_and_proposes_the_nearest(tmp_path):
    (tmp_path / "mine.py").write_text("from kpicore import Metrix\nMetrix()\n")
    told, _, code = api.run(["--no-incremental", "--follow-imports=silent", str(tmp_path / "mine.py")])
    assert code == 1
    assert 'Module "kpicore" has no attribute "Metrix"' in told
    with pytest.raises(AttributeError, match=r"^module 'kpicore' has no attribute 'Metrix'\. Did you mean 'Metric'\?$"):
        _ = kpicore.Metrix
