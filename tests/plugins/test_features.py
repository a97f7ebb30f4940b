"""Features: what plugins hang on to a workspace."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import copy

import pytest

from kpicore import BadDefinition, Workspace, load_plugins
from kpicore.testing import registry_of
from tests.plugins.reading_room import LIBRARY, opened
from tests.plugins.test_hooks import example

DUE = """
from kpicore import Feature

@hookimpl
def kpi_features():
    yield Feature("books_due", "What is due.", MAKE)
"""


@pytest.fixture
def library(install, tmp_path):
    """Give the workspace of a library with the feature of the hook's own example."""
    own = example("kpi_features")
    source = own[own.index("def books_out") :]
    install("books", f"from kpicore import Feature\n{source}")
    with opened(tmp_path / "library", install("library", LIBRARY)) as found:
        yield found


def test_a_feature_is_what_its_plugin_makes_of_the_workspace_once(library):
    assert library.books_out("2025") == 2  # l2 and l3
    assert library.books_out("2025-01") == 0
    assert library.books_out is library.books_out
    library.close()
    assert library.books_out("2025-02") == 2


def test_a_copy_of_a_workspace_makes_its_own(library):
    made = library.books_out
    other = copy(library)
    assert other.books_out is not made
    assert other.books_out("2025") == 2
    assert library.books_out is not other.books_out


MAKING = """
from threading import Barrier, BrokenBarrierError
from kpicore import Feature

made = []
both = Barrier(2)

def make(workspace):
    try:
        both.wait(0.2)  # the other one would come here too
    except BrokenBarrierError:
        pass
    made.append(workspace)
    return lambda: len(made)

@hookimpl
def kpi_features():
    yield Feature("books_due", "What is due.", make)
    yield Feature("books_late", "What is late.", lambda workspace: workspace.books_due)
"""


@pytest.mark.parametrize("names", [("books_due", "books_due"), ("books_late", "books_due")])
def test_threads_that_want_a_feature_at_the_same_moment_have_the_same_one(install, tmp_path, names):
    install("due", MAKING)
    with opened(tmp_path / "library", install("library", LIBRARY)) as workspace, ThreadPoolExecutor() as pool:
        features = [*pool.map(lambda name: getattr(workspace, name), names)]
        assert features[0] is features[1]
        assert features[0]() == 1


def test_what_nobody_gives_is_no_attribute_and_the_nearest_name_is_told(library):
    with pytest.raises(AttributeError, match=r"^a workspace has no 'book_out'. Did you mean 'books_out'\?$"):
        _ = library.book_out
    with pytest.raises(AttributeError, match="Did you mean 'explain'"):
        _ = library.explian
    assert not hasattr(library, "zzz")
    assert not hasattr(library, "_books_out")


def test_before_it_is_made_a_workspace_has_nothing_and_does_not_ask_itself_for_ever():
    unmade = Workspace.__new__(Workspace)
    for name in ("config", "registry", "books_out", "_warehouse", "__deepcopy__"):
        with pytest.raises(AttributeError):
            getattr(unmade, name)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        ("lambda workspace: 1 / 0", "ZeroDivisionError: division by zero"),
        ("lambda: 7", "takes 0 positional arguments"),
        ("exit", "it calls sys.exit()"),
    ],
)
def test_a_feature_that_cannot_be_made_says_so_in_one_line_and_everything_else_works(install, tmp_path, make, told):
    install("due", DUE.replace("MAKE", make))
    with opened(tmp_path / "library", install("library", LIBRARY)) as found:
        with pytest.raises(BadDefinition, match="feature 'books_due'") as raised:
            _ = found.books_due
        assert told in str(raised.value)
        assert found.get("loans", "2025").answers[0].value == 4


def test_a_feature_that_two_plugins_give_is_refused_of_both(install):
    install("one", DUE.replace("MAKE", "id"))
    registry = registry_of(load_plugins(found=install("two", DUE.replace("MAKE", "id"))))
    assert [(problem.giver, problem.problem) for problem in registry.problems] == [
        ("one", "feature 'books_due' is given by 'one' and 'two': neither is used"),
        ("two", "feature 'books_due' is given by 'one' and 'two': neither is used"),
    ]
    assert "books_due" not in registry.features


def test_the_feature_of_a_newcomer_stands_beside_those_that_are_built_in_and_is_none_of_them(install):
    more = '    yield Feature("cohorts", "Readers.", id)\n    yield Feature("get", "Books.", id)\n'
    install("due", DUE.replace("MAKE", "id") + more)
    plugins = load_plugins(())
    assert [report.problem for report in plugins.reports if report.name == "due"] == [""]
    registry = registry_of(plugins)
    assert {"cohorts", "forecast_accuracy", "books_due"} <= set(registry.features)
    assert registry.features["cohorts"].meaning.startswith("Customers by when")
    assert [problem.problem for problem in registry.problems if problem.giver == "due"] == [
        "feature 'cohorts' is built in by 'crm'; choose another name.",
        "feature 'get' is built in by 'kpicore'; choose another name.",
    ]
