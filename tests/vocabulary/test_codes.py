"""Words of files are compared by their letters, and each is a spelling of one code at most."""

import pytest

from kpicore import Code, Codes, plain_word

STATUS = Codes((Code("cancelled", ("canceled", "storniert", "annulé")), Code("no_show")))


@pytest.mark.parametrize("word", ["Cancelled", "CANCELED", " Storniert ", "annule", "ANNULÉ"])
def test_a_spelling_is_found_whatever_its_case_accents_and_spaces(word: str) -> None:
    assert STATUS.code_of(word) == "cancelled"


@pytest.mark.parametrize("word", ["no_show", "No-Show", "no show", "NoShow"])
def test_signs_and_spaces_between_letters_are_no_difference(word: str) -> None:
    assert STATUS.code_of(word) == "no_show"


@pytest.mark.parametrize("word", ["", "--", "?", "cancel", "Failed"])
def test_another_word_is_of_no_code(word: str) -> None:
    assert STATUS.code_of(word) is None


def test_letters_of_other_scripts_are_kept() -> None:
    assert plain_word("已取消") == "已取消"


def test_one_spelling_of_two_codes_is_told() -> None:
    assert Codes((Code("won", ("closed",)), Code("lost", ("Closed",)))).clash == "'closed' is both won and lost"
    assert STATUS.clash == ""


def test_what_the_organisation_says_of_a_word_comes_before_what_it_usually_means() -> None:
    own = STATUS.answered({"Storniert": "no_show", "--": "cancelled"})
    assert [own.code_of(each) for each in ("STORNIERT", "--", "annulé", "?")] == [
        "no_show",
        "cancelled",
        "cancelled",
        None,
    ]
    assert own.fingerprint != STATUS.fingerprint


def test_what_the_organisation_says_of_a_word_goes_before_its_spelling_and_may_be_no_code() -> None:
    codes = STATUS.answered({"Storniert": "no_show", "gone": "cancelled", "Canceled": ""})
    assert [codes.code_of(word) for word in ("storniert", "GONE", "canceled", "annulé")] == [
        "no_show", "cancelled", None, "cancelled",
    ]  # fmt: skip
    assert [codes.is_answered(word) for word in ("CANCELED", "gone", "annulé")] == [True, True, False]


def test_a_definition_means_the_code_that_it_names_whatever_sources_mean_by_the_word() -> None:
    codes = STATUS.answered({"cancelled": "no_show"})
    assert (codes.code_of("cancelled"), codes.meant("cancelled"), codes.meant("Storniert")) == (
        "no_show", "cancelled", "cancelled",
    )  # fmt: skip


@pytest.mark.parametrize("sign", "=<>*?@#!+~")
def test_a_sign_that_means_something_makes_another_word(sign: str) -> None:
    assert STATUS.code_of(f"{sign}storniert") is None
    assert STATUS.code_of(f"storniert{sign}") is None
