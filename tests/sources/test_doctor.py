"""What the doctor asks, what it takes as proven, and what it keeps."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal

import pytest

from kpicore_sources.files.mapping import TableMapping, mapping_text, read_mapping
from kpicore_sources.plugin import kpi_sources
from tests.sources.given import tables_given


def test_one_sign_beside_all_amounts_is_their_currency(desk):
    text = "deal_id,stage,amount\nD1,Won,€ 5.50\nD2,Lost,€ 7.25\n"
    told = desk.take(desk.put("deals.csv", text))
    assert told["files"][0]["fields"]["currency"] == "'EUR'"
    assert desk.rows("opportunity", "id", "currency", "amount") == [
        ("D1", "EUR", Decimal("5.5")), ("D2", "EUR", Decimal("7.25")),
    ]  # fmt: skip
    assert "in EUR and the workspace counts in USD" in told["files"][0]["hints"][0]


def test_two_signs_beside_amounts_are_never_summed_silently(desk):
    text = "deal_id,stage,amount\nD1,Won,€ 5.50\nD2,Lost,$ 7.25\n"
    assert "the amounts carry $, €" in desk.refusal(desk.put("deals.csv", text), "--yes")
    text = "deal_id,stage,currency,amount\nD1,Won,EUR,€ 5.50\nD2,Lost,USD,$ 7.25\n"
    desk.take(desk.put("other.csv", text))
    assert desk.rows("opportunity", "currency") == [("EUR",), ("USD",)]


def test_a_line_with_too_many_cells_between_spaces_is_refused(desk):
    good = "".join(f"{number} 2026010{number} {number}.50\n" for number in range(4, 10))
    text = f"customer_id date amount\n1 20260105 5.50\n2 20260106 6.50\n3 20260106 7 8\n{good}"
    told = desk.take(desk.put("orders.txt", text))
    assert [(each["line"], each["raw"]) for each in told["quarantine"]] == [(4, "3 20260106 7 8")]
    assert told["rows"][0]["loaded"] == 8


def test_names_of_columns_in_other_languages(desk):
    text = "Номер сделки;Ответственный;Клиент;Этап;Дата создания;Сумма\n1;Иванов;Ромашка;Выиграна;13.01.2026;1 234,50\n"
    told = desk.take(desk.put("сделки.csv", text))
    assert told["files"][0]["fields"] == {
        "id": "Номер сделки", "customer_id": "Клиент", "owner_id": "Ответственный", "created_at": "Дата создания",
        "stage_id": "Этап", "amount": "Сумма", "outcome": "Этап",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("商机编号,负责人,客户名称,阶段,金额", "1,张伟,北京科技,赢单,5.50"),
        ("Azonosító,Felelős,Ügyfél,Szakasz,Összeg", "1,Nagy Éva,Alfa Kft,Megnyert,5.50"),
        ("ID Oportunidade,Vendedor,Cliente,Etapa,Valor", "1,João,Acme,Ganho,5.50"),
    ],
)
def test_a_deal_in_any_of_the_languages(desk, header, row):
    desk.take(desk.put("export.csv", f"{header}\n{row}\n"), "--entity", "opportunity")
    assert desk.rows("opportunity", "id", "amount") == [("1", Decimal("5.5"))]
    assert desk.ask("SELECT outcome FROM kpi.opportunity") == [("won",)]


def test_a_file_with_the_same_columns_is_read_by_the_kept_mapping(desk):
    desk.take(desk.put("march.csv", "deal_id,stage,amount\nD1,Won,1.50\n"))
    told = desk.take(desk.put("april.csv", "deal_id,stage,amount\nD2,Won,1.234\n"))
    assert told["files"][0]["mapping"] == str(desk.mapping("march"))
    assert desk.rows("opportunity", "id", "amount") == [("D1", Decimal("1.5")), ("D2", Decimal("1.234"))]


def test_a_mapping_reads_back_as_it_was_written(tmp_path):
    table = TableMapping(
        entity="order",
        header=('a "b"', "c\\d", "e\nf"),
        sheet="Täbelle 1",
        encoding="cp1252",
        readings={'a "b"': "number 1,234.56"},
        fields={"amount": 'a "b"', "status": "'x'"},
        values={"status": {"ja # nein": "completed"}},
        leave_out=("amount < 0",),
        notes={"fields.amount": "two\nlines"},
    )
    file = tmp_path / "m.toml"
    file.write_text(mapping_text("x.csv\n[evil]", [table]), encoding="utf-8")
    (found,) = read_mapping(file)
    assert found == TableMapping(**{name: getattr(table, name) for name in table.__slots__ if name != "notes"})


def test_a_file_named_in_kpi_toml_is_read_by_its_kept_mapping(desk):
    from kpicore import open_workspace

    text = "deal_id,stage,created\nD1,Won,2026-01-05\n,Won,2026-01-05\n"
    file = desk.put("deals.csv", text)
    desk.take(file)
    (kind,) = kpi_sources()
    source = kind.open({"name": "crm", "path": str(file), "mapping": None, "workspace": str(desk.workspace)})
    found = list(tables_given(source))
    assert [(entity, [row["id"] for row in rows]) for entity, rows in found] == [("opportunity", ["D1"])]
    assert [each.line for each in source.unreadable()] == [3]
    with open_workspace(desk.workspace) as opened:
        assert opened.registry.entity("opportunity")


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal that a test can type into is a Unix thing")
def test_questions_are_answered_at_the_terminal(desk):
    file = desk.put("deals.csv", "deal_id,stage,created\nD1,Won,03/04/2026\nD2,Odd,05/06/2026\n")
    out = desk.typed("2\n3\ny\n\n", file)  # month first, Odd is open, go on, no order of the stages
    assert "2 rows read = 2 loaded" in out
    assert desk.ask("SELECT created_on, outcome FROM kpi.opportunity ORDER BY id") == [
        (date(2026, 3, 4), "won"), (date(2026, 5, 6), "open"),
    ]  # fmt: skip
    kept = desk.mapping("deals").read_text(encoding="utf-8")
    assert 'created = "date month-day-year"' in kept
    config = (desk.workspace / "kpi.toml").read_text(encoding="utf-8")
    assert '[words.opportunity.outcome]\n"Odd" = "open"' in config


def test_a_close_date_of_open_deals_is_the_day_they_are_expected_to_close(desk):
    text = (
        "Opportunity ID,Stage,Close Date,Amount\n"
        "A,Closed Won,1/31/2026,5.50\nB,Proposal/Price Quote,3/15/2026,2.25\nC,Closed Lost,2/1/2026,1.00\n"
    )
    desk.take(desk.put("export.csv", text))
    assert desk.ask("SELECT id, outcome, closed_on, expected_close_on FROM kpi.opportunity ORDER BY id") == [
        ("A", "won", date(2026, 1, 31), None),
        ("B", "open", None, date(2026, 3, 15)),
        ("C", "lost", date(2026, 2, 1), None),
    ]


@pytest.mark.parametrize(
    ("expression", "used"),
    [
        ("case when se > 1 then 2 end", {"se"}),
        ("case when other > 1 then 2 end", {"other"}),
        ('coalesce(\'se\', "a ""b""")', {'a "b"'}),
        ('coalesce("Unit price", other) * Unit', {"Unit price", "other", "Unit"}),
        ("'it''s other'", set()),
        ("se", {"se"}),
    ],
)
def test_a_column_is_used_where_an_expression_names_it_and_not_where_its_letters_stand(expression, used):
    header = ("se", "other", "Unit", "Unit price", 'a "b"', "case when other > 1 then 2 end2")
    assert TableMapping("order", header, fields={"amount": expression}).used == used
