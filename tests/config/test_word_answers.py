"""What words of sources mean to the organisation: read from kpi.toml, checked, written there, and mapped at once."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from kpicore import BadConfig, UnknownName, Workspace, open_workspace, read_config, write_config
from kpicore.testing import TinySource, batch, run_kpi
from kpicore_crm.testing import DATA_TIME
from tests.crm import PLUGINS
from tests.said import note_words

ORDERS = (
    "id customer_id ordered_at amount status\n1 c1 2025-01-05 1 Paid\n2 c1 2025-01-06 2 Failed\n3 c1 2025-01-07 4 Odd"
)
BASE = '# mine\n[workspace]\nname = "W"\n\n[calendar]\nweek_starts = "sunday"  # ours\n'


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Give a workspace with three orders, of which one has a status that is known."""
    (tmp_path / "kpi.toml").write_text(BASE, encoding="utf-8")
    with Workspace(read_config(tmp_path), PLUGINS) as opened:
        orders = batch(opened.registry, "order", ORDERS)
        opened.load([TinySource("shop", (orders,))], data_time=DATA_TIME)
    return tmp_path


def _revenue(opened: Workspace, **cuts: object) -> float | None:
    return opened.get("revenue", "2025-01", where=cuts).answers[0].value


def _add(folder: Path, text: str) -> None:
    file = folder / "kpi.toml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_rows_of_earlier_loads_are_mapped_by_the_next_question(orders: Path, caplog: pytest.LogCaptureFixture) -> None:
    with open_workspace(orders) as opened:
        assert _revenue(opened) == 1
    _add(orders, '[words.order.status]\nFAILED = "completed"\n')
    with caplog.at_level(logging.WARNING, "kpicore"), open_workspace(orders) as opened:
        assert _revenue(opened) == 3
        assert _revenue(opened, status="failed") == 3
        assert _revenue(opened, status_given="Failed") == 2
    assert "the words of order.status have changed" in caplog.text


def test_who_may_not_make_tables_anew_refuses_what_the_word_changes(orders: Path) -> None:
    _add(orders, '[words.order.status]\nFailed = "completed"\n')
    with open_workspace(orders, may_remake=False) as opened:
        assert opened.outdated is not None and "order.status" in opened.outdated.words


def test_a_program_keeps_words_and_asks_on(orders: Path) -> None:
    with open_workspace(orders) as opened:
        assert _revenue(opened) == 1
        opened.keep_words("order", "status", {"Failed": "completed", "Odd": "Storniert"})
        assert _revenue(opened) == 3
        opened.keep_words("order", "status", {"odd": "completed"})
        assert _revenue(opened) == 7
    text = (orders / "kpi.toml").read_text(encoding="utf-8")
    assert text == BASE + '\n[words.order.status]\n"Failed" = "completed"\n"odd" = "completed"\n'


def test_words_are_written_into_the_table_that_is_there(orders: Path) -> None:
    _add(orders, '\n[words.order.status]  # ours\nFailed = "open"\n# a remark\n\n[settings]\nstuck_days = 5\n')
    with open_workspace(orders) as opened:
        opened.keep_words("order", "status", {"Failed": "completed", 'a "b" ü': "open"})
        assert opened.config.settings["stuck_days"] == 5
    assert (orders / "kpi.toml").read_text(encoding="utf-8") == BASE + (
        '\n[words.order.status]  # ours\n# a remark\n"Failed" = "completed"\n"a \\"b\\" ü" = "open"\n\n'
        "[settings]\nstuck_days = 5\n"
    )


def test_words_are_answered_into_a_table_that_is_inline(orders: Path) -> None:
    _add(orders, '\n[words.order]\nstatus = {Failed = "open"}\n')
    with open_workspace(orders) as opened:
        opened.keep_words("order", "status", {"Failed": "completed", "Odd": "cancelled"})
        assert _revenue(opened) == 3
    assert read_config(orders).words == {"order": {"status": {"Failed": "completed", "Odd": "cancelled"}}}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[words.orders.status]\nx = "open"', "words.orders: no entity named 'orders'. Did you mean 'order'?"),
        ('[words.order.statuss]\nx = "open"', "no field with codes named 'statuss'. Did you mean 'status'?"),
        ('[words.order.amount]\nx = "open"', "no field with codes named 'amount'"),
        ('[words.order.status]\nx = "complt"', "status.x: no code named 'complt'. Did you mean 'completed'?"),
        ("[words.order.status]\nx = 3", "expected words in quotes"),
        ('[words.order]\nstatus = "open"', "expected a table, write [words.order.status]"),
        ('[words.order.status]\nx = "open"\nX = "cancelled"', "'x' and 'X' are one word, and mean two codes"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_in_one_line(orders: Path, text: str, problem: str) -> None:
    _add(orders, text)
    with pytest.raises(BadConfig) as told, open_workspace(orders) as opened:
        _revenue(opened)
    assert problem in str(told.value)
    found = run_kpi("check", "-w", str(orders))
    assert found.exit_code != 0 and problem in found.output


def test_words_of_a_plugin_that_is_not_here_are_left_alone_and_told_by_the_check(orders: Path) -> None:
    _add(orders, '[words.spaceship.state]\nx = "lost"\n[words.order.propulsion]\nx = "warp"\n')
    with open_workspace(orders) as opened:
        assert _revenue(opened) == 1
    found = run_kpi("check", "-w", str(orders))
    assert found.exit_code == 1
    assert "words.spaceship: no entity named 'spaceship'" in found.output
    assert "words.order: no field with codes named 'propulsion'" in found.output


def test_a_field_without_codes_keeps_no_words(orders: Path) -> None:
    with open_workspace(orders) as opened:
        with pytest.raises((BadConfig, UnknownName), match="no field with codes named 'amount'"):
            opened.keep_words("order", "amount", {"x": "open"})
        with pytest.raises(BadConfig, match="no code named 'opeen'"):
            opened.keep_words("order", "status", {"x": "opeen"})
    assert (orders / "kpi.toml").read_text(encoding="utf-8") == BASE


def test_settingswith_words_are_written_and_read_again(tmp_path: Path) -> None:
    words = '[words.order.status]\n"in Arbeit" = "open"\n[words.activity.type]\nPing = "call"\n'
    (tmp_path / "kpi.toml").write_text(words, encoding="utf-8")
    config = replace(read_config(tmp_path), folder=tmp_path / "again")
    write_config(config)
    assert read_config(tmp_path / "again").words == config.words


def test_a_definition_that_compares_with_no_word_is_told_by_the_check(orders: Path) -> None:
    (orders / "metrics").mkdir()
    own = (
        '[metric.odd]\nname = "Odd"\nunit = "count"\nbetter = "higher"\nmeaning = "Odd."\n'
        'inputs.n = { count = "order", when = "ordered_on", where = "status = \'Odd\'" }\n'
    )
    (orders / "metrics" / "own.toml").write_text(own, encoding="utf-8")
    found = run_kpi("check", "-w", str(orders))
    assert found.exit_code == 1
    assert "'Odd' is no word of 'status'" in found.output and "completed, open, cancelled" in found.output
    _add(orders, '[words.order.status]\nOdd = "refunded"\n')
    found = run_kpi("check", "-w", str(orders))
    assert found.exit_code == 0, found.output


def test_a_word_may_be_explained_and_taken_back_any_number_of_times(
    orders: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = (orders / "kpi.toml").read_text(encoding="utf-8")
    for text, revenue in (("", 1), ('[words.order.status]\nFailed = "completed"\n', 3), ("", 1)) * 2:
        (orders / "kpi.toml").write_text(before + text, encoding="utf-8")
        with open_workspace(orders) as opened:
            assert _revenue(opened) == revenue
            assert opened.outdated is None
    assert "another installation" not in caplog.text


def test_nobody_is_asked_to_explain_a_word_that_is_said_to_be_none(orders: Path) -> None:
    def told(opened: Workspace) -> str:
        return note_words(opened.get("revenue", "2025-01").answers[0].notes[-1])

    with open_workspace(orders) as opened:
        opened.keep_words("order", "status", {"Failed": ""})
        assert told(opened) == (
            "2 rows of order with the status Failed (1), Odd (1) are left out where it matters: write what Odd means"
            " into kpi.toml, [words.order.status]"
        )
        opened.keep_words("order", "status", {"Odd": ""})
        assert told(opened) == (
            "2 rows of order with the status Failed (1), Odd (1) are left out where it matters, as kpi.toml,"
            " [words.order.status] says"
        )


def _lines_loaded(folder: Path) -> None:
    (folder / "kpi.toml").write_text(BASE, encoding="utf-8")
    (folder / "metrics").mkdir()
    own = (
        '[metric.of_lines]\nname = "Of lines"\nunit = "count"\nbetter = "higher"\nmeaning = "Lines."\n'
        'inputs.n = { count = "order_line", when = "ordered_on", where = "status = \'completed\'" }\n'
    )
    (folder / "metrics" / "own.toml").write_text(own, encoding="utf-8")
    lines = "id order_id amount\nl1 1 1\nl2 2 2\nl3 3 4"
    with Workspace(read_config(folder), PLUGINS) as opened:
        batches = (batch(opened.registry, "order", ORDERS), batch(opened.registry, "order_line", lines))
        opened.load([TinySource("shop", batches)], data_time=DATA_TIME)


def test_a_word_that_is_looked_up_is_explained_where_it_was_given(tmp_path: Path) -> None:
    _lines_loaded(tmp_path)
    with open_workspace(tmp_path) as opened:
        (answer,) = opened.get("of_lines", "2025-01").answers
        assert answer.value == 1
        assert note_words(answer.notes[-1]) == (
            "2 rows of order_line with the status Failed (1), Odd (1) are left out where it matters: write what they"
            " mean into kpi.toml, [words.order.status]"
        )
        opened.keep_words("order", "status", {"Failed": "completed", "Odd": ""})
        (answer,) = opened.get("of_lines", "2025-01").answers
        assert answer.value == 2
        assert note_words(answer.notes[-1]).endswith("as kpi.toml, [words.order.status] says")


def test_a_day_that_the_load_works_out_tells_of_the_words_that_it_may_hang_on(tmp_path: Path) -> None:
    """Whether an order with an unknown status was a first purchase is not known: nor who is a new customer."""
    _lines_loaded(tmp_path)
    with open_workspace(tmp_path) as opened:
        (answer,) = opened.get("new_customers", "2025-01").answers
        assert answer.value == 1
        assert any("status Failed (1), Odd (1)" in note_words(note) for note in answer.notes)


def test_a_value_that_a_word_leaves_open_is_told_with_the_word(tmp_path: Path) -> None:
    _lines_loaded(tmp_path)
    own = "".join(
        f'[metric.{name}]\nname = "{name}"\nunit = "{unit}"\nbetter = "higher"\nmeaning = "Own."\n'
        f'inputs.n = {{ {word} = "order", value = "{value}", when = "ordered_on" }}\n'
        for name, unit, word, value in (
            ("of_paid", "money", "total", "case when status = 'Paid' then amount end"),
            ("statuses", "count", "distinct", "status"),
        )
    )
    (tmp_path / "metrics" / "values.toml").write_text(own, encoding="utf-8")
    with open_workspace(tmp_path) as opened:
        opened.keep_words("order", "status", {"Odd": "cancelled"})
        failed = "with the status Failed is left out where it matters: write what it means into kpi.toml,"
        line, empty = f"1 row of order_line {failed} [words.order.status]", "1 of 3 rows of order left out: no amount"
        for name, value, others in (
            ("of_paid", 1, [line, f"{empty} or status with status = 'completed'"]),
            ("statuses", 2, [line]),
        ):
            (answer,) = opened.get(name, "2025-01").answers
            assert answer.value == value
            assert [note_words(note) for note in answer.notes] == [
                *others,
                f"1 row of order {failed} [words.order.status]",
            ]
