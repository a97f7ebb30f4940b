"""The nearest of many names, found without comparing all of them, and the same as before where they are few."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import Definitions, cell_functions, load_plugins
from kpicore.testing import registry_of
from kpicore.text.nearest import MOST_COMPARED, KnownNames

MANY = KnownNames([f"Customer {number:05d} Ltd" for number in range(50_000)])
LETTERS = st.text("abcdef", max_size=8)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give the names that anything is compared with."""
    names: list[str] = []
    set_first = difflib.SequenceMatcher.set_seq1

    def told(self: difflib.SequenceMatcher[str], name: str) -> None:
        names.append(name)
        set_first(self, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(difflib.SequenceMatcher, "set_seq1", told)
        yield names


@given(LETTERS, st.lists(LETTERS, max_size=20, unique=True))
def test_among_few_names_the_nearest_of_all_is_found(text, known):
    alike = difflib.get_close_matches(text, known, n=1, cutoff=0.6)
    assert KnownNames(known).closest(text) == (alike[0] if alike else None)


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("customr 00012 ltd", "Customer 00012 Ltd"),
        ("Kustomer 49999 Ltd", "Customer 49999 Ltd"),
        ("Customer 12345 Limited", "Customer 12345 Ltd"),
        ("CUSTOMER 31000 LTD.", "Customer 31000 Ltd"),
    ],
)
def test_among_tens_of_thousands_a_misspelt_one_is_found_by_its_beginning_or_its_end(misspelt, meant):
    assert MANY.closest(misspelt) == meant


@given(st.text(max_size=300))
def test_whatever_the_text_only_some_of_the_names_are_compared(text):
    with counted() as names:
        MANY.closest(text)
    assert len(names) <= MOST_COMPARED + 1  # the matcher sets an empty one at first


@pytest.mark.parametrize("kind", ["ids", "functions"])
def test_of_all_kpis_and_functions_the_nearest_is_found_for_any_slip_of_the_pen(kind):
    registry = registry_of(load_plugins(()))
    functions = cell_functions(Definitions(registry, {}))
    known = [*registry.metrics] if kind == "ids" else [function.name.casefold() for function in functions]
    names = KnownNames(known)
    for place, name in enumerate(known[::5]):
        cut = 1 + place % (len(name) - 2)
        for slip in (name[:cut] + name[cut + 1 :], name[:cut] + name[cut + 1] + name[cut:], name[cut:], name[:-2]):
            alike = difflib.get_close_matches(slip, known, n=1, cutoff=0.6)
            assert names.closest(slip) == (alike[0] if alike else None), slip


def test_a_text_and_names_longer_than_any_name_are_not_compared():
    with counted() as names:
        assert KnownNames(["a" * 255]).closest("a" * 256) is None
        assert KnownNames(["a" * 256]).closest("a" * 255) is None
    assert set(names) <= {""}
    assert KnownNames(["a" * 255]).closest("a" * 254) == "a" * 255


def test_names_are_listed_in_order_and_no_more_than_eight():
    assert KnownNames("jihgfedcba").first == "a, b, c, d, e, f, g, h, …"
    assert KnownNames([]).first == ""
