"""A column that was empty when its mapping was made is decided by nobody: once it is filled it is read, and told."""

import pytest

from kpicore import BadConfig, open_workspace
from kpicore_sources.plugin import kpi_sources
from tests.sources.given import rows_given

BLANK = "Order,Customer,Date,Status,Amount,Channel\n1,A,2025-01-05,,100,\n2,B,2025-01-06,,200,\n"
FILLED = "Order,Customer,Date,Status,Amount,Channel\n1,A,2025-01-05,Paid,100,web\n2,B,2025-01-06,Cancelled,200,web\n"
DEALS = {
    "Deal": ("1", "2"),
    "Name": ("Big", "Small"),
    "Owner": ("Ann", "Bob"),
    "Customer": ("Acme", "Best"),
    "Stage": ("Closed Won", "Negotiation"),
    "Amount": ("1.234,50", "10,00"),
    "Created": ("13.01.2025", "14.01.2025"),
    "Close Date": ("28.02.2025", "31.03.2025"),
    "Probability": ("100%", "50%"),
    "Lead Source": ("Website", "Referral"),
}


def revenue(desk) -> float | None:
    with open_workspace(desk.workspace) as opened:
        return opened.get("revenue", "2025").answers[0].value


def test_orders_cancelled_in_a_column_that_was_empty_do_not_count(desk):
    desk.take(desk.put("orders.csv", BLANK))
    assert revenue(desk) == 300.0
    told = desk.take(desk.put("orders.csv", FILLED))["files"][0]
    assert revenue(desk) == 100.0
    mapping = desk.mapping("orders")
    assert told["hints"] == [
        f"Channel was empty when {mapping} was made: it is read as channel from now on",
        f"Status was empty when {mapping} was made: it is read as status from now on",
    ]
    assert 'status = "Status"' in mapping.read_text(encoding="utf-8")
    assert desk.take(desk.put("orders.csv", FILLED))["files"][0]["hints"] == [], "it is told once"


def test_without_yes_nothing_is_loaded_before_somebody_looked(desk):
    desk.take(desk.put("orders.csv", BLANK))
    file = desk.put("orders.csv", FILLED)
    assert desk.refusal(file) == (
        f"{desk.mapping('orders')}: is a proposal, not yet agreed to. Review it and import again, or add --yes."
        " Nothing was loaded."
    )
    assert revenue(desk) == 300.0
    assert desk.run(file).exit_code == 0
    assert revenue(desk) == 100.0


def test_who_takes_a_column_out_of_the_list_is_not_asked_again(desk):
    desk.take(desk.put("orders.csv", BLANK))
    mapping = desk.mapping("orders")
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace('empty = ["Status", "Channel"]', 'empty = ["Channel"]'), encoding="utf-8")
    told = desk.take(desk.put("orders.csv", FILLED))["files"][0]
    assert "status" not in told["fields"] and told["fields"]["channel"] == "Channel"
    assert revenue(desk) == 300.0


def test_a_column_that_a_person_has_used_already_is_left_alone(desk):
    desk.take(desk.put("orders.csv", BLANK))
    mapping = desk.mapping("orders")
    text = mapping.read_text(encoding="utf-8").replace("[table.fields]\n", '[table.fields]\nsource = "Channel"\n')
    mapping.write_text(text + "status = \"'completed'\"\n", encoding="utf-8")
    fields = desk.take(desk.put("orders.csv", FILLED))["files"][0]["fields"]
    assert (fields["status"], fields["source"], "channel" in fields) == ("'completed'", "Channel", False)


def test_a_date_that_nothing_proves_is_asked_about(desk):
    desk.take(desk.put("deals.csv", "Deal,Stage,Close Date\n1,Closed Won,\n"))
    line = desk.refusal(desk.put("deals.csv", "Deal,Stage,Close Date\n1,Closed Won,03/04/2025\n"), "--yes")
    assert "column Close Date: '03/04/2025' can be read in 2 ways" in line


def test_a_source_of_kpi_toml_does_not_decide_by_itself(desk):
    file = desk.put("orders.csv", BLANK)
    desk.take(file)
    desk.put("orders.csv", FILLED)
    (kind,) = kpi_sources()
    source = kind.open({"name": "shop", "path": str(file), "mapping": None, "workspace": str(desk.workspace)})
    with pytest.raises(BadConfig, match=r"was empty when .* Run: kpi import"):
        rows_given(source)


def csv(*, without: str = "") -> str:
    rows = [["" if name == without else values[at] for name, values in DEALS.items()] for at in (0, 1)]
    return "\n".join(";".join(row) for row in [list(DEALS), *rows]) + "\n"


ROWS = "SELECT * EXCLUDE (source, _source, _stream, _load, _row) FROM raw.opportunity ORDER BY id"


@pytest.mark.parametrize("name", [each for each in DEALS if each not in ("Deal", "Stage")])
def test_a_column_filled_later_is_read_as_if_it_had_been_there_from_the_first_day(desk, name):
    desk.take(desk.put("whole.csv", csv()))
    whole = desk.take(desk.put("whole.csv", csv()))["files"][0]
    made = desk.ask(ROWS)
    desk.mapping("whole").unlink()
    desk.take(desk.put("part.csv", csv(without=name)))
    later = desk.take(desk.put("part.csv", csv()))["files"][0]
    assert later["fields"] == whole["fields"]
    assert later["columns"] == whole["columns"]
    assert desk.ask(ROWS) == made


def test_a_column_whose_name_is_a_part_of_another_name_is_looked_at_too(desk):
    desk.take(desk.put("deals.csv", "Deal,Amount,Owner of the Deal,Owner\n1,100,Ann,\n"), "--entity", "opportunity")
    mapping = desk.mapping("deals")
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace('id = "Deal"', 'id = "Deal"\nname = "Owner of the Deal"'), encoding="utf-8")
    desk.take(desk.put("deals.csv", "Deal,Amount,Owner of the Deal,Owner\n1,100,Ann,Bob\n"), "--entity", "opportunity")
    assert 'owner_id = "Owner"' in mapping.read_text(encoding="utf-8")
