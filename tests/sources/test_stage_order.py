"""The order of the stages: asked once, kept in the workspace, and never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kpicore import BadConfig, UnknownName, open_workspace
from kpicore.testing import run_kpi
from kpicore_crm.stage_order import StageOrder, order_stages, read_stage_order, stages_of, write_stage_order
from kpicore_sources.prompts import ask_questions
from tests.loops import loop

Ids = tuple[str, ...]

DEALS = """\
Deal ID;Stage;Created;Close date;Value
1;Won;05.01.2025;25.01.2025;100
2;Lost;15.01.2025;14.02.2025;150
3;Negotiation;10.04.2025;;700
4;Proposal;05.05.2025;;80
"""


@pytest.fixture
def deals(desk):
    desk.take(desk.put("deals.csv", DEALS), "--as-of", "2025-07-15")
    return desk


def asked(workspace: Path, answers: str = "") -> str:
    """Ask for the order, answer, and return what was shown."""
    runner = CliRunner()
    with open_workspace(workspace) as opened, runner.isolation(input=answers) as streams:
        ask_questions(opened)
        return streams[0].getvalue().decode() + (streams[1].getvalue().decode() if streams[1] else "")


def members(workspace: Path) -> tuple[str, ...]:
    with open_workspace(workspace) as opened:
        return opened.members("stage")


def test_with_yes_there_is_no_order_and_the_stages_stand_by_name(deals):
    assert not (deals.workspace / "stages.toml").exists()
    assert members(deals.workspace) == ("Lost", "Negotiation", "Proposal", "Won")
    assert deals.ask("SELECT count(*) FROM kpi.stage WHERE position IS NOT NULL") == [(0,)]


def test_the_order_is_asked_once_and_kept_with_what_won_and_lost_are(deals):
    told = asked(deals.workspace, "9\n3 3\n3 2 4\n")
    assert "  1  Lost         1 deal, 1 lost\n  2  Negotiation  1 deal\n" in told
    assert "'9' is no number from 1 to 4." in told
    assert "'Proposal' has one place in the order, not two." in told
    assert (deals.workspace / "stages.toml").read_text().splitlines()[2:] == [
        'order = ["Proposal", "Negotiation", "Won"]',
        'won = ["Won"]',
        'lost = ["Lost"]',
        "aside = []",
    ]
    assert members(deals.workspace) == ("Proposal", "Negotiation", "Won", "Lost")
    assert deals.ask("SELECT id, outcome FROM kpi.stage ORDER BY 1") == [
        ("Lost", "lost"),
        ("Negotiation", None),
        ("Proposal", None),
        ("Won", "won"),
    ]
    assert asked(deals.workspace) == ""


def test_the_data_time_stays_that_of_the_files(deals):
    asked(deals.workspace, "3 2 4\n")
    with open_workspace(deals.workspace) as opened:
        assert opened.engine.today.isoformat() == "2025-07-15"


def test_who_does_not_know_the_order_is_not_asked_again_until_there_is_a_new_stage(deals):
    assert asked(deals.workspace, "\n") != ""
    assert asked(deals.workspace) == ""
    assert deals.ask("SELECT count(*) FROM kpi.stage WHERE position IS NOT NULL") == [(0,)]
    deals.take(deals.put("more.csv", DEALS + "5;Demo;06.05.2025;;90\n"), "--as-of", "2025-07-16")
    assert "  1  Demo  " in asked(deals.workspace, "\n").replace("       1", "  1")


def test_a_kept_order_is_loaded_with_the_next_files_and_may_be_changed_by_hand(deals):
    asked(deals.workspace, "3 2 4\n")
    file = deals.workspace / "stages.toml"
    text = file.read_text().replace('"Proposal", "Negotiation", "Won"', '"Negotiation", "Proposal", "Won"')
    file.write_text(text)
    deals.take(deals.put("deals.csv", DEALS), "--as-of", "2025-07-15")
    assert members(deals.workspace) == ("Negotiation", "Proposal", "Won", "Lost")


def test_an_order_that_was_changed_by_hand_is_taken_over_by_the_next_question_and_told_once(deals, caplog):
    asked(deals.workspace, "3 2 4\n")
    with open_workspace(deals.workspace) as opened:
        time = opened.data_time
    assert caplog.messages == []
    file = deals.workspace / "stages.toml"
    file.write_text('order = ["Negotiation", "Won"]\nlost = ["Lost"]\n')
    with open_workspace(deals.workspace) as opened:
        found = [(each.name, each.position, each.outcome) for each in stages_of(opened)]
        assert opened.data_time == time
    assert found == [("Negotiation", 1, ""), ("Won", 2, ""), ("Lost", None, "lost"), ("Proposal", None, "")]
    told = "stages.toml has changed: its order of the stages is taken over"
    assert [message for message in caplog.messages if "stages.toml" in message] == [told]
    assert members(deals.workspace) == ("Negotiation", "Won", "Lost", "Proposal")
    assert [message for message in caplog.messages if "stages.toml" in message] == [told]
    file.unlink()
    assert members(deals.workspace) == ("Lost", "Negotiation", "Proposal", "Won")
    assert deals.ask("SELECT count(*) FROM kpi.stage WHERE position IS NOT NULL") == [(0,)]


def test_a_stage_that_is_taken_out_of_the_order_makes_it_unknown_rather_than_old(deals):
    stays = "Deal;Stage;Date entered;Date left\n1;Proposal;05.01.2025;15.01.2025\n1;Negotiation;15.01.2025;25.01.2025\n"
    deals.take(deals.put("stays.csv", stays), "--entity", "stage_history", "--as-of", "2025-07-15")
    asked(deals.workspace, "3 2 4\n")
    with open_workspace(deals.workspace) as opened:
        assert opened.get("stage_conversion", "2025-Q1", where={"stage": "Negotiation"}).answers[0].value == 1
    file = deals.workspace / "stages.toml"
    file.write_text(file.read_text().replace('"Proposal", ', ""))
    reason = "no_stage_order"
    with open_workspace(deals.workspace) as opened:
        assert opened.get("stage_conversion", "2025-Q1", where={"stage": "Negotiation"}).answers[0].reason == reason


def test_positions_that_a_file_gave_stay_while_the_order_says_nothing_of_them(desk):
    desk.take(desk.put("stages.csv", "Stage ID;Position\nProposal;1\nWon;2\n"), "--entity", "stage")
    desk.take(desk.put("deals.csv", DEALS))
    (desk.workspace / "stages.toml").write_text('aside = ["Lost"]\n')
    with open_workspace(desk.workspace) as opened:
        assert [(each.name, each.position) for each in stages_of(opened)][:2] == [("Proposal", 1), ("Won", 2)]


def test_check_tells_of_an_order_that_is_not_taken_over_yet_and_writes_nothing(deals):
    asked(deals.workspace, "3 2 4\n")
    file = deals.workspace / "stages.toml"
    file.write_text(file.read_text().replace('"Proposal", "Negotiation"', '"Negotiation", "Proposal"'))
    before = (deals.workspace / "warehouse.duckdb").read_bytes()
    result = run_kpi("check", "-w", str(deals.workspace))
    assert "stages.toml has changed: the next question takes its order of the stages over" in result.stderr
    assert (deals.workspace / "warehouse.duckdb").read_bytes() == before


def test_stages_that_a_source_gave_a_position_are_not_asked_for(desk):
    desk.take(desk.put("stages.csv", "Stage ID;Position;Outcome\nProposal;1;open\nWon;2;won\nLost;;lost\n"),
              "--entity", "stage", "--as-of", "2025-07-15")  # fmt: skip
    desk.take(desk.put("deals.csv", DEALS.replace("Negotiation", "Proposal")), "--as-of", "2025-07-15")
    assert asked(desk.workspace) == ""


def test_the_file_of_stays_that_the_funnel_asks_for_is_understood(deals):
    stays = "Deal;Stage;Date entered;Date left\n1;Proposal;05.01.2025;15.01.2025\n1;Negotiation;15.01.2025;25.01.2025\n"
    deals.take(deals.put("stays.csv", stays), "--entity", "stage_history", "--as-of", "2025-07-15")
    columns = ("opportunity_id", "stage_id", "CAST(entered_at AS DATE)::VARCHAR", "CAST(left_at AS DATE)::VARCHAR")
    assert [row[:2] for row in deals.rows("stage_history", *columns)] == [("1", "Negotiation"), ("1", "Proposal")]
    with open_workspace(deals.workspace) as opened:
        (found,) = opened.get("stage_dwell_time", "2025-Q1").answers
        assert (found.value, found.n) == (10, 2)


def test_the_order_can_be_given_by_names_from_python(deals):
    with open_workspace(deals.workspace) as opened:
        order_stages(opened, ["proposal", "Negotiation", "Won"], won=["Won"], lost=["Lost"])
        found = [(each.name, each.position, each.outcome, each.deals) for each in stages_of(opened)]
        assert found == [("Proposal", 1, "", 1), ("Negotiation", 2, "", 1), ("Won", 3, "won", 1), ("Lost", None, "lost", 1)]  # fmt: skip  # noqa: E501
        with pytest.raises(UnknownName, match="no stage named 'Propsal'"):
            order_stages(opened, ["Propsal"])
        with pytest.raises(BadConfig, match="'Lost' is in the order, and is said to be no step of it"):
            order_stages(opened, ["Lost"], lost=["Lost"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("order = 1", "'order' is a list of texts"),
        ('ordre = ["a"]', "no key is called 'ordre'"),
        ('order = ["a", "a"]', "'order' names a stage twice"),
        ("order = [", "Invalid value"),
    ],
)
def test_a_bad_file_of_the_order_is_told_in_one_line(deals, text, told):
    (deals.workspace / "stages.toml").write_text(text)
    assert told in deals.refusal(deals.put("deals.csv", DEALS), "--yes")


STAGES = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=3).map(tuple)


@loop("orders of stages written and read again", ci=100, soak=5_000)
@given(STAGES, STAGES, STAGES, STAGES)
def test_an_order_that_is_written_is_read_as_it_was_and_any_other_is_refused(
    tmp_path_factory: pytest.TempPathFactory, order: Ids, won: Ids, lost: Ids, aside: Ids
) -> None:
    folder, given_order = tmp_path_factory.getbasetemp(), StageOrder(order, won, lost, aside)
    try:
        write_stage_order(folder, given_order)
    except BadConfig:
        return
    assert read_stage_order(folder) == given_order


def test_an_order_with_a_stage_twice_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="'order' names a stage twice"):
        write_stage_order(tmp_path, StageOrder(order=("s1", "s1")))
    assert read_stage_order(tmp_path) is None
