"""Files of a workspace that plugins read: taken over when they are changed, and told; and what an import asks."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from kpicore import load_plugins, open_workspace
from kpicore.testing import registry_of, run_kpi
from kpicore_sources.prompts import ask_questions
from tests.plugins.reading_room import LIBRARY, ON, opened
from tests.plugins.test_hooks import example

SHELVES = "id place\n A -\n B -\n C -"


@pytest.fixture
def library(install, tmp_path, monkeypatch):
    """Give the workspace of a library with shelves whose order stands in a file."""
    install("library", LIBRARY)
    question = example("kpi_import_questions")
    install(
        "question",
        "from kpicore import Choice, ImportQuestion, LoadQuestion\n" + question[question.index("def shelves") :],
    )
    points = install("shelves", example("kpi_workspace_files"))
    monkeypatch.setattr("kpicore.workspace.load_plugins", lambda: load_plugins(found=points))
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "kpi.toml").write_text("[workspace]\nname = 'Library'\n", encoding="utf-8")
    opened(folder, points, shelf=SHELVES).close()
    return folder


def places(folder):
    with open_workspace(folder) as found:
        bind = found.tables().binding()
        return found.tables().query(f"SELECT id, place FROM {bind.table('shelf')} ORDER BY 1", bind), found.data_time


def asked(folder, answers=""):
    runner = CliRunner()
    with open_workspace(folder) as found, runner.isolation(input=answers) as streams:
        ask_questions(found)
        return streams[0].getvalue().decode() + (streams[1].getvalue().decode() if streams[1] else "")


def test_a_file_that_was_changed_is_taken_over_by_the_next_question_and_told_once(library, caplog):
    assert places(library) == ([("A", None), ("B", None), ("C", None)], ON)
    file = library / "shelves.txt"
    file.write_text("B A")
    assert places(library) == ([("A", 2), ("B", 1), ("C", None)], ON)
    assert caplog.messages == ["shelves.txt has changed: its order of the shelves is taken over"]
    assert places(library)[0] == [("A", 2), ("B", 1), ("C", None)]
    assert len(caplog.messages) == 1
    file.unlink()
    assert places(library)[0] == [("A", None), ("B", None), ("C", None)]


def test_a_command_that_only_looks_says_that_it_is_not_taken_over_yet(library):
    (library / "shelves.txt").write_text("B A")
    told = "shelves.txt has changed: the next question takes its order of the shelves over\n"
    assert run_kpi("plugins", "-w", str(library)).stderr == told


def test_an_import_loads_a_file_that_says_anything_again(library):
    with open_workspace(library) as found:
        assert found.file_sources() == []
        (library / "shelves.txt").write_text("C")
        assert [source.name for source in found.file_sources()] == ["shelves.txt"]


def test_what_an_import_asks_is_asked_until_it_is_answered(library):
    told = asked(library, "4\n2 2\n2 1\n")
    assert "In which order do the shelves stand?\n  1  A\n  2  B\n  3  C\nTheir numbers, such as 2 1;" in told
    assert "'4' is no number from 1 to 3." in told
    assert "'B' has one place in the order, not two." in told
    assert (library / "shelves.txt").read_text() == "B A"
    assert asked(library) == ""


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        ("lambda workspace: 1 / 0", "import question 'aaa': ZeroDivisionError: division by zero"),
        ("lambda workspace: 'which?'", "import question 'aaa': it asks by LoadQuestions, not 'which?'"),
        ("lambda workspace: None", "import question 'aaa': it asks by LoadQuestions, not None"),
        ("lambda workspace: [1]", "import question 'aaa': it asks by LoadQuestions, not 1"),
        (
            "lambda workspace: [LoadQuestion('aaab', '', 'Which?', free=True)]",
            "import question 'aaa': the id of its question is 'aaa' or begins with 'aaa.', not 'aaab'",
        ),
        ("exit", "import question 'aaa': it calls sys.exit()"),
    ],
)
def test_a_question_that_fails_is_told_and_the_others_are_asked(library, install, monkeypatch, ask, told):
    broken = f"""
    from kpicore import ImportQuestion, LoadQuestion

    @hookimpl
    def kpi_import_questions():
        yield ImportQuestion("aaa", "First of all.", {ask}, print)
    """
    points = install("aaa", broken)
    monkeypatch.setattr("kpicore.workspace.load_plugins", lambda: load_plugins(found=points))
    shown = asked(library, "\n")
    assert told in shown
    assert "In which order do the shelves stand?" in shown


@pytest.mark.parametrize(
    ("read", "told"),
    [
        ("lambda folder: 1 / 0", "ZeroDivisionError"),
        ("lambda folder: None", "AttributeError"),
        ("lambda folder: Odd()", "the cursor of its source is a text or None, not 7"),
        ("exit", "it calls sys.exit()"),
    ],
)
def test_a_file_whose_plugin_fails_is_told_and_stops_no_question(library, install, monkeypatch, caplog, read, told):
    broken = f"""
    from kpicore import WorkspaceFile

    class Odd:
        def cursor(self):
            return 7

    @hookimpl
    def kpi_workspace_files():
        yield WorkspaceFile("aaa.toml", "rooms", {read}, ("shelf",))
    """
    points = install("aaa", broken)
    monkeypatch.setattr("kpicore.workspace.load_plugins", lambda: load_plugins(found=points))
    (library / "shelves.txt").write_text("B A")
    assert places(library)[0] == [("A", 2), ("B", 1), ("C", None)]
    assert any(f"workspace file 'aaa.toml': {told}" in message for message in caplog.messages)


def test_what_two_plugins_give_is_taken_of_neither(install):
    source = example("kpi_workspace_files").partition("@hookimpl\ndef kpi_entities")[0]
    own = source + example("kpi_workspace_files")[example("kpi_workspace_files").index("class Shelves") :]
    install("one", own)
    registry = registry_of(load_plugins(found=install("two", own)))
    assert registry.workspace_files == {}
    assert {problem.problem for problem in registry.problems} == {
        "workspace file 'shelves.txt' is given by 'one' and 'two': neither is used"
    }
