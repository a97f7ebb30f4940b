"""Words of files are kept as given; the load maps them, and what is no code is asked about or told, never guessed."""

from __future__ import annotations

import sys

import pytest

from kpicore import KpiError, load_plugins, open_workspace
from kpicore.testing import registry_of

ORDERS = """Order ID,Order date,Customer,Status,Amount
1,2025-01-05,Acme,Completed,100
2,2025-01-06,Acme,Cancelled,200
3,2025-01-07,Beta,Refunded,400
4,2025-01-08,Beta,storniert,800
5,2025-01-09,Gamma,Failed,1600
6,2025-01-10,Gamma,Shipped,3200
7,2025-01-11,Gamma,Pending payment,6400
"""
COSTS = "ID,Date,Amount,Category\n1,2026-01-05,100,Marketing\n2,2026-01-06,200,Agency\n3,2026-01-07,400,Help desk\n"
REGISTRY = registry_of(load_plugins(()))
CLOSED = [
    (entity.name, field)
    for entity in REGISTRY.entities.values()
    for field, codes in REGISTRY.codes(entity.name).items()
    if codes.closed and not entity.made and entity.key == ("id",)
]
at_a_terminal = pytest.mark.skipif(
    sys.platform == "win32", reason="a terminal that a test can type into is a Unix thing"
)


def answer(desk, kpi: str, period: str) -> float | None:
    with open_workspace(desk.workspace) as opened:
        return opened.get(kpi, period).answers[0].value


def config(desk) -> str:
    return (desk.workspace / "kpi.toml").read_text(encoding="utf-8")


def say(desk, text: str) -> None:
    (desk.workspace / "kpi.toml").write_text(f"{config(desk)}\n{text}\n", encoding="utf-8")


def test_orders_count_by_what_their_words_mean_and_an_unknown_one_is_left_out_and_told(desk):
    told = desk.take(desk.put("orders.csv", ORDERS))
    assert answer(desk, "revenue", "2025-Q1") == 3300  # Completed 100 and Shipped 3,200
    [note] = [each for each in told["entities"][0]["notes"] if "Failed" in each]
    assert note.startswith("1 row of order with the status Failed is left out where it matters")
    assert "[words.order.status]" in note
    assert told["files"][0]["words"]["status"] == {
        "Cancelled": "cancelled", "Completed": "completed", "Failed": None, "Pending payment": "open",
        "Refunded": "refunded", "Shipped": "completed", "storniert": "cancelled",
    }  # fmt: skip
    assert "\n[words" not in config(desk), "nothing was asked, so nothing is kept"


def test_the_word_as_given_is_what_is_kept_of_the_file(desk):
    desk.take(desk.put("orders.csv", ORDERS))
    assert desk.rows("order", "status") == [
        ("Cancelled",), ("Completed",), ("Failed",), ("Pending payment",), ("Refunded",), ("Shipped",), ("storniert",),
    ]  # fmt: skip
    assert "values" not in desk.mapping("orders").read_text(encoding="utf-8").partition("[[table]]")[2]


def test_a_survey_type_counts_however_it_is_written(desk):
    text = "Response ID,Survey type,Score,Response Date\n1,NPS,10,2025-02-10\n2,nps,9,2025-02-11\n3,Nps,3,2025-02-12\n"
    desk.take(desk.put("nps.csv", f"{text}4,CSAT,5,2025-02-13\n"))
    # two promoters and one detractor of three answers
    assert answer(desk, "nps", "2025-02") == pytest.approx(100 / 3)


@at_a_terminal
def test_a_word_that_is_answered_is_kept_and_not_asked_about_again(desk):
    file = desk.put("orders.csv", ORDERS)
    out = desk.typed("1\ny\n", file)  # Failed is completed, go on
    assert "orders.csv, column Status: What does this word mean?" in out
    assert "'Failed' (1 row)" in out
    assert '[words.order.status]\n"Failed" = "completed"' in config(desk)
    assert answer(desk, "revenue", "2025-Q1") == 4900  # 100, 1,600 and 3,200
    again = desk.typed("", file)
    assert "mean?" not in again
    assert "7 rows read = 7 loaded" in again


@at_a_terminal
def test_a_word_that_means_no_code_is_left_out_and_not_asked_about_again(desk):
    file = desk.put("orders.csv", ORDERS)
    out = desk.typed("6\ny\n", file)
    assert "6  none of these: left out wherever the status matters" in out
    assert '"Failed" = ""' in config(desk)
    again = desk.typed("", file)
    assert "mean?" not in again
    assert "Failed left out" in again
    assert answer(desk, "revenue", "2025-Q1") == 3300


@at_a_terminal
def test_a_known_word_beside_digits_is_proposed_and_taken_only_when_somebody_agrees(desk):
    file = desk.put(
        "deals.csv", "Deal ID,Stage,Created\nD1,5 - Closed Won,2025-01-05\nD2,Closed Lost (0%),2025-01-09\n"
    )
    with pytest.raises(KpiError, match="nothing was loaded"):
        raise desk.run(file, "--yes").exception
    desk.typed("\n\n\n\n", file)  # no mapping is kept, so it is agreed to; the order of the stages stays open
    assert desk.ask("SELECT outcome FROM kpi.opportunity ORDER BY id") == [("won",), ("lost",)]
    assert '"5 - Closed Won" = "won"' in config(desk)


@at_a_terminal
def test_one_word_of_two_files_is_asked_about_once(desk):
    more = ORDERS.replace("1,2025", "11,2025").replace("5,2025", "15,2025")
    out = desk.typed("1\ny\n", desk.put("orders.csv", ORDERS), desk.put("orders-2.csv", more))
    assert out.count("What does this word mean?") == 1
    assert "'Failed' (2 rows)" in out


@at_a_terminal
def test_it_is_asked_once_which_unknown_categories_of_costs_win_no_customers(desk):
    file = desk.put("costs.csv", COSTS)
    out = desk.typed("7\n2\ny\n", file)
    assert "these count as spent on winning customers" in out
    assert "'7' is no number from 1 to 2." in out, "there is no seventh"
    assert '"Agency" = ""' in config(desk)
    assert '"Help desk" = "retention"' in config(desk)
    assert answer(desk, "acquisition_cost", "2026-01") == 300
    assert desk.ask("SELECT category FROM kpi.cost ORDER BY id") == [("marketing",), ("Agency",), ("retention",)]
    assert "winning customers" not in desk.typed("", file)


def test_categories_of_costs_that_nobody_was_asked_about_are_told(desk):
    told = desk.take(desk.put("costs.csv", COSTS))
    [hint] = told["files"][0]["hints"]
    assert hint.startswith("Category 'Agency' (1 row), 'Help desk' (1 row): counted as spent on winning customers")
    assert '"Agency" = "retention" under [words.cost.category] in kpi.toml' in hint
    say(desk, '[words.cost.category]\nagency = ""\n"HELP DESK" = "retention"')
    assert desk.take(desk.put("costs.csv", COSTS))["files"][0]["hints"] == []
    assert answer(desk, "acquisition_cost", "2026-01") == 300


def test_what_kpi_toml_says_of_a_word_goes_before_what_it_usually_means(desk):
    say(desk, '[words.order.status]\nshipped = "open"\nFailed = "refunded"\nCompleted = ""')
    told = desk.take(desk.put("orders.csv", ORDERS))
    assert {word: told["files"][0]["words"]["status"][word] for word in ("Shipped", "Failed", "Completed")} == {
        "Shipped": "open", "Failed": "refunded", "Completed": None,
    }  # fmt: skip
    assert answer(desk, "revenue", "2025-Q1") == 0


def test_a_file_of_nothing_but_unknown_words_is_refused(desk):
    text = "Order ID,Order date,Status,Amount\n1,2025-01-05,Zap,100\n2,2025-01-06,Zip,200\n"
    line = desk.refusal(desk.put("orders.csv", text), "--yes")
    assert "'Zap' (1), 'Zip' (1)" in line
    assert "[words.order.status]" in line


def test_a_mapping_that_was_saved_with_meanings_goes_on_to_work(desk):
    text = "deal_id,stage,created,amount\nD1,Signed up,2026-01-05,10\nD2,Ringing,2026-01-06,20\nD3,Lost,2026-01-07,40\n"
    desk.take(desk.put("deals.csv", text))
    mapping = desk.mapping("deals")
    saved = '\n[table.values.outcome]\n"Signed up" = "won"\nRinging = "?"\n'
    mapping.write_text(mapping.read_text(encoding="utf-8") + saved, encoding="utf-8")
    told = desk.take(desk.put("deals.csv", text))
    assert desk.ask("SELECT id, outcome, outcome_given FROM kpi.opportunity ORDER BY id") == [
        ("D1", "won", "won"), ("D2", None, "Ringing"), ("D3", "lost", "Lost"),
    ]  # fmt: skip
    assert any("Ringing" in each for each in told["entities"][0]["notes"])


def test_a_refused_first_load_keeps_no_mapping_that_nobody_looked_at(desk):
    file = desk.put(
        "orders.csv", "order_id,date,customer,status,amount\n1,2025-01-05,A,Odd,1.50\n2,2025-01-06,B,Odd,2.50\n"
    )
    assert "nothing was loaded" in desk.refusal(file, "--yes")
    assert not desk.mapping("orders").exists()
    config = desk.workspace / "kpi.toml"
    config.write_text(config.read_text("utf-8") + '\n[words.order.status]\nOdd = "completed"\n', "utf-8")
    assert "is a proposal, not yet agreed to" in desk.refusal(file), "as if there had been no load"
    assert desk.run(file).exit_code == 0
    assert desk.rows("order", "id") == [("1",), ("2",)]


def test_a_refused_later_load_leaves_the_mapping_that_was_agreed_to(desk):
    head = "order_id,date,customer,status,amount\n"
    desk.take(desk.put("orders.csv", f"{head}1,2025-01-05,A,Paid,1.50\n"))
    kept = desk.mapping("orders").read_bytes()
    assert "Nothing was loaded" in desk.refusal(desk.put("orders.csv", f"{head}1,2025-01-05,A,Odd,1.50\n"), "--yes")
    assert desk.mapping("orders").read_bytes() == kept


@pytest.mark.parametrize(
    "entity", ["lead.lifecycle", "activity.status", "order.status", "opportunity.forecast_category"]
)
def test_a_meaning_that_is_no_code_of_the_field_is_refused(desk, entity):
    name, _, field = entity.partition(".")
    desk.workspace.joinpath("mappings").mkdir()
    head = f'[[table]]\nentity = "{name}"\nheader = ["no", "word"]\n[table.fields]\nid = "no"\n{field} = "word"\n'
    desk.mapping("x").write_text(f'{head}[table.values.{field}]\nodd = "oddly"\n', encoding="utf-8")
    assert "'odd' cannot mean 'oddly'. Write " in desk.refusal(desk.put("x.csv", "no,word\n1,odd\n"), "--yes")


def test_the_column_that_says_won_and_lost_is_the_outcome_whatever_it_is_called(desk):
    text = (
        "ID;Etapa;Estado;Valor;Criado em\n1;Proposta;Vendida;10;2025-01-05\n2;Negociação;Perdida;20;2025-01-06\n"
        "3;Contrato;Em Andamento;40;2025-01-07\n4;Contrato;Vendida;80;2025-01-08\n"
    )
    told = desk.take(desk.put("negocios.csv", text), "--entity", "opportunity")
    assert told["files"][0]["fields"]["outcome"] == "Estado"
    assert desk.ask("SELECT outcome FROM kpi.opportunity ORDER BY id") == [("won",), ("lost",), ("open",), ("won",)]


def test_a_column_of_spellings_is_known_without_its_name(desk):
    text = "Order ID,Order date,Lieferung,Amount\n1,2025-01-05,bezahlt,100\n2,2025-01-06,storniert,200\n"
    told = desk.take(desk.put("orders.csv", text))
    assert told["files"][0]["fields"]["status"] == "Lieferung"
    assert answer(desk, "revenue", "2025-01") == 100


def test_of_two_columns_of_spellings_none_is_taken_and_both_are_told(desk):
    text = (
        "Order ID,Order date,Geld,Ware,Amount\n1,2025-01-05,bezahlt,offen,100\n2,2025-01-06,storniert,geliefert,200\n"
    )
    told = desk.take(desk.put("orders.csv", text))
    assert "status" not in told["files"][0]["fields"]
    [hint] = told["files"][0]["hints"]
    assert hint.startswith("Geld and Ware all hold words of status, so none is used: write status =")


def test_a_column_of_many_texts_that_are_no_codes_is_not_taken_for_its_name(desk):
    rows = "".join(f"{n},2026-01-05,Note number {n}\n" for n in range(30))
    told = desk.take(desk.put("activities.csv", f"activity_id,date,status\n{rows}"), "--entity", "activity")
    assert "status" not in told["files"][0]["fields"]


@pytest.mark.parametrize(("entity", "field"), CLOSED, ids=[".".join(each) for each in CLOSED])
def test_every_spelling_in_a_file_is_loaded_as_it_stands_and_means_its_code(desk, entity, field):
    codes = REGISTRY.codes(entity)[field]
    forms = (str, str.upper, lambda word: f" {word} ", lambda word: word.replace(" ", "_"))
    given = [(code.name, form(word)) for code in codes.codes for word in (code.name, *code.spellings) for form in forms]
    lines = "".join(f'{number},"{word}"\n' for number, (_, word) in enumerate(given))
    desk.workspace.joinpath("mappings").mkdir()
    head = f'[[table]]\nentity = "{entity}"\nheader = ["no", "word"]\n[table.fields]\nid = "no"\n'
    desk.mapping("x").write_text(f'{head}{field} = "word"\n', encoding="utf-8")
    told = desk.take(desk.put("x.csv", f"no,word\n{lines}"))
    assert not any("left out" in each for each in told["entities"][0]["notes"])
    found = desk.ask(f'SELECT {field}, {field}_given FROM kpi."{entity}" ORDER BY CAST(id AS INTEGER)')
    assert found == [(code, word.strip()) for code, word in given]


@pytest.mark.parametrize(
    ("case", "kpi", "period", "right"),
    [("01-order-status-capital", "revenue", "2025-Q1", 3300), ("03-nps-capital-type", "nps", "2025-02", 100 / 3)],
)
def test_exports_of_programs(desk, shared_data, case, kpi, period, right):
    desk.take(*(shared_data / "import_cases" / case).glob("*.csv"))
    assert answer(desk, kpi, period) == pytest.approx(right)


def test_an_answer_that_is_no_code_stops_the_import_before_anything_is_loaded(desk):
    say(desk, '[words.order.status]\nFailed = "broken"')
    result = desk.run(desk.put("orders.csv", ORDERS), "--yes")
    assert isinstance(result.exception, KpiError)
    assert "broken" in str(result.exception)


def test_a_column_with_the_name_of_the_words_is_not_taken_for_them(desk):
    text = "Order ID,Order date,Customer,Status,Status given,Amount\n1,2025-01-05,Acme,Paid,by phone,100\n"
    desk.take(desk.put("orders.csv", text))
    assert desk.rows("order", "status") == [("Paid",)]
