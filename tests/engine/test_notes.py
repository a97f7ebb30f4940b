"""What an answer says beside its number: rows left out, zero amounts, what is missing, what can still change."""

from __future__ import annotations

from pathlib import Path

from kpicore import COUNT, MONEY, SHARE, Metric, Variant, average, count, median, total
from tests.engine.conftest import Ask, Opened
from tests.engine.worlds import at, only, world
from tests.said import note_texts

WON = "outcome = 'won'"


def test_rows_without_a_date_are_told_in_every_answer(ask: Ask) -> None:
    everything = ask(count("opportunity", when="closed_on"), "2025-Q1")
    assert note_texts(everything.notes) == ("2 rows of opportunity have no closed_on and are in no period",)
    # the open deals would not count as won, so nothing is left out
    assert note_texts(ask(count("opportunity", when="closed_on", where=WON), "2025-Q1").notes) == ()
    assert note_texts(ask(count("opportunity", when="created_on"), "2025-Q1").notes) == ()


def test_a_row_that_fails_the_condition_of_a_value_is_not_told_to_lack_a_field(tmp_path: Path) -> None:
    deals = """
        id created_at closed_at
        d1 2025-01-05 2025-01-15
        d2 2025-01-25 2025-01-20
    """
    length = "case when closed_on >= created_on then days(created_on, closed_on) end"
    opened = world(tmp_path, {"opportunity": deals}, only(v=average("opportunity", length, when="closed_on")))
    found = opened.get("it", "2025-01").answers[0]
    assert found.value == 10
    assert "1 of 2 rows of opportunity left out: no created_on with closed_on >= created_on" in note_texts(found.notes)


def test_amounts_of_zero_and_empty_ones_are_counted(tmp_path: Path) -> None:
    deals = """
        id closed_at  outcome amount owner_id
        d1 2025-01-05 won     100    u1
        d2 2025-01-06 won     0      u1
        d3 2025-01-07 won     -      u2
        d4 2025-01-08 lost    0      u1
        d5 2025-02-08 won     0      u1
    """
    won = total("opportunity", "amount", when="closed_on", where=WON)
    opened = world(
        tmp_path,
        {"opportunity": deals},
        Metric("won", name="Won", unit=MONEY, inputs={"won": won}),
        Metric("mean", name="Mean", unit=MONEY, inputs={"v": average("opportunity", "amount", when="closed_on")}),
        Metric("middle", name="Middle", unit=MONEY, inputs={"v": median("opportunity", "amount", when="closed_on")}),
    )
    january = opened.get("won", "2025-01").answers[0]
    assert (january.value, january.n) == (100, 2)
    assert note_texts(january.notes) == (
        "1 of 3 rows of opportunity left out: no amount",
        "1 of 2 rows of opportunity has amount 0",
    )
    mean = opened.get("mean", "2025-01").answers[0]
    assert (mean.value, mean.n) == (100 / 3, 3)
    assert note_texts(mean.notes) == (
        "1 of 4 rows of opportunity left out: no amount",
        "2 of 3 rows of opportunity have amount 0",
    )
    middle = opened.get("middle", "2025-01").answers[0]
    assert (middle.value, middle.n) == (0, 3)
    # counted for the question's own cuts and period
    assert note_texts(opened.get("won", "2025-01", where={"rep": "u2"}).answers[0].notes) == (
        "1 of 1 row of opportunity left out: no amount",
    )
    assert note_texts(opened.get("won", "2025-Q1").answers[0].notes) == (
        "only 2025-01-05 to 2025-02-08 of opportunity was loaded, a part of 2025-Q1",
        "1 of 4 rows of opportunity left out: no amount",
        "2 of 3 rows of opportunity have amount 0",
    )


def test_values_that_were_expected_and_have_no_rows_are_named(tiny: Opened) -> None:
    spent = total(
        "cost",
        "amount",
        when="booked_on",
        where="category <> 'retention'",
        expects={"category": ("salaries", "training", "advertising")},
    )
    opened = tiny(Metric("spent", name="Spent", unit=MONEY, inputs={"spent": spent}))
    assert note_texts(opened.get("spent", "2025-Q1").answers[0].notes) == ("spent has no rows with category training",)
    assert note_texts(opened.get("spent", "2025-Q2").answers[0].notes) == (
        "spent has no rows with category training, advertising",
    )
    # retention has rows in the second quarter, which the condition leaves out
    assert opened.get("spent", "2025-Q2").answers[0].value == 900
    by_channel = opened.get("spent", "2025-Q1", where={"channel": "phone"}).answers[0]
    assert note_texts(by_channel.notes) == ("spent has no rows with category salaries, training",)
    assert note_texts(opened.get("spent", "2025-Q1", where={"category": "salaries"}).answers[0].notes) == ()


def test_what_began_of_late_can_still_change(tiny: Opened) -> None:
    inputs = {
        "won": count("opportunity", when="created_on", where=WON),
        "all_": count("opportunity", when="created_on"),
    }
    cohort = Metric(
        "created",
        name="Created",
        unit=SHARE,
        formula="won / all_",
        variants={"cohort": Variant(inputs, cohort=True), "flow": inputs},
    )
    opened = tiny(cohort)
    # 30 days after June 30 is July 30; the data is of July 15
    assert note_texts(opened.get("created.cohort", "2025-Q2").answers[0].notes) == (
        "maturing: what began in 2025-Q2 can still change until 2025-07-30",
    )
    assert note_texts(opened.get("created.cohort", "2025-Q1").answers[0].notes) == ()
    assert note_texts(opened.get("created.flow", "2025-Q2").answers[0].notes) == ()
    assert note_texts(opened.get("created.cohort", "2025").answers[0].notes) == (
        "to date, 196 of 365 days",
        "maturing: what began in 2025 can still change until 2026-01-30",
    )


def test_how_long_a_cohort_matures_is_a_setting(tmp_path: Path) -> None:
    cohort = Metric(
        "c", name="C", unit=COUNT, variants={"v": Variant({"v": count("opportunity", when="created_on")}, cohort=True)}
    )
    deals = {"opportunity": "id created_at\nd1 2025-01-31"}
    for days, until in ((90, "2025-05-01"), (45.0, "2025-03-17")):
        opened = world(tmp_path / str(days), deals, cohort, at=at("2025-03-10"), settings={"maturing_days": days})
        [answer] = opened.get("c", "2025-01").answers
        assert note_texts(answer.notes) == (f"maturing: what began in 2025-01 can still change until {until}",)


def test_what_the_load_left_out_is_told(tmp_path: Path) -> None:
    deals = """
        id created_at closed_at  outcome amount currency
        d1 2025-01-10 2025-01-05 won     100    -
        d2 2025-01-10 2025-01-20 won     100    GBP
        d3 2025-01-10 2025-01-20 won     100    EUR
    """
    opened = world(
        tmp_path,
        {"opportunity": deals, "fx_rate": "currency rate_on rate\nEUR 2025-01-01 1.5\nEUR 2025-01-15 2"},
        only(it=total("opportunity", "amount", when="closed_on", where=WON)),
    )
    [answer] = opened.get("it", "2025-01").answers
    # 100 and 100 euros at the rate of January 20; the pounds have no rate
    assert (answer.value, answer.n) == (300, 2)
    assert (
        "1 row has no rate for GBP: its amounts are left empty; import fx_rate: currency, rate_on, rate"
        in note_texts(answer.notes)
    )
    assert "1 deal was closed before it was created" in note_texts(answer.notes)
    assert "1 of 3 rows of opportunity left out: no amount" in note_texts(answer.notes)


def test_a_note_that_two_inputs_share_is_said_once(tiny: Opened) -> None:
    rate = Metric(
        "rate",
        name="Rate",
        unit=SHARE,
        formula="a / b",
        inputs={
            "a": count("opportunity", when="closed_on", where="channel = 'web'"),
            "b": count("opportunity", when="closed_on", where="channel in ('web', 'phone')"),
        },
    )
    [answer] = tiny(rate).get("rate", "2025-Q1").answers
    assert len(note_texts(answer.notes)) == len(set(note_texts(answer.notes)))
    assert "2 rows of opportunity have no closed_on and are in no period" in note_texts(answer.notes)


def test_every_answer_carries_its_definition_the_data_version_and_its_time(tiny: Opened) -> None:
    opened = tiny(only(it=count("opportunity", when="closed_on")))
    for period in ("2025-Q1", "2024", "2026"):
        [answer] = opened.get("it", period).answers
        assert len(answer.definition) == 12
        assert answer.data_version == opened.warehouse.state.version
        assert answer.data_time is not None
        assert answer.data_time.isoformat() == "2025-07-15T12:00:00+00:00"
