"""References between files of one import: names where the other file has ids, and names written in two ways."""

from __future__ import annotations

ACCOUNTS = "Account ID,Account Name\nA1,Acme\nA2,Beta GmbH\nA3,Twice\nA4,twice\n"
DEALS = """Deal ID,Account Name,Stage,Amount
D1,Acme,Won,5
D2,beta  gmbh,Lost,6
D3,Twice,Won,7
D4,Nobody,Won,8
D5,Acme,Won,9
"""


def customers(desk):
    """Return the deals with their customer's name in the data."""
    return desk.ask("SELECT id, customer FROM kpi.opportunity ORDER BY id")


def test_deals_that_name_accounts_are_joined_to_their_ids_and_the_report_counts_them(desk):
    told = desk.take(desk.put("deals.csv", DEALS), desk.put("accounts.csv", ACCOUNTS))
    assert desk.rows("opportunity", "id", "customer_id") == [
        ("D1", "A1"), ("D2", "A2"), ("D3", "Twice"), ("D4", "Nobody"), ("D5", "A1"),
    ]  # fmt: skip
    assert told["files"][0]["hints"] == [
        "Account Name: 2 names of customer joined to their ids (3 rows)",
        "Account Name: 1 value is the name of no customer: Nobody",
        "Account Name: 1 value is the name of several rows of customer, joined to none: Twice",
    ]
    kept = desk.mapping("deals").read_text(encoding="utf-8")
    assert '[table.by]\ncustomer_id = "name"  # 2 of the values are names of customer, 0 are ids' in kept
    assert customers(desk)[0] == ("D1", "Acme")


def test_a_kept_mapping_joins_names_to_accounts_that_were_loaded_earlier(desk):
    deals = desk.put("deals.csv", DEALS)
    desk.take(deals, desk.put("accounts.csv", ACCOUNTS))
    told = desk.take(desk.put("deals.csv", DEALS + "D6,BETA GMBH,Won,4\n"))
    assert ("D6", "A2") in desk.rows("opportunity", "id", "customer_id")
    assert told["entities"][0]["unchanged"] == 5
    assert told["files"][0]["hints"][0] == "Account Name: 3 names of customer joined to their ids (4 rows)"


def test_names_of_accounts_loaded_earlier_are_joined_in_a_new_mapping(desk):
    desk.take(desk.put("accounts.csv", ACCOUNTS))
    desk.take(desk.put("deals.csv", DEALS))
    assert customers(desk)[0] == ("D1", "Acme")
    assert desk.ask("SELECT count(*) FROM kpi.customer") == [(6,)]  # four accounts, Twice and Nobody


def test_a_kept_mapping_without_a_join_is_left_alone_and_the_report_says_how_to_join(desk):
    deals = desk.put("deals.csv", DEALS)
    desk.take(deals)
    told = desk.take(deals, desk.put("accounts.csv", ACCOUNTS))
    assert ("D1", "Acme") in desk.rows("opportunity", "id", "customer_id")
    assert told["files"][0]["hints"] == [
        "Account Name: 2 values are names of customer, which customer has under other ids. To join them write"
        f' customer_id = "name" under [table.by] in {desk.mapping("deals")}'
    ]


def test_accounts_imported_after_the_deals_that_name_them_are_told_to_be_there_twice(desk):
    deals = desk.put("deals.csv", "Deal ID,Account Name,Stage\nD1,Acme,Won\nD2,beta gmbh,Lost\nD3,Nobody,Won\n")
    desk.take(deals)
    told = desk.take(desk.put("accounts.csv", ACCOUNTS))
    twice = "2 are there twice, by id and by name: Acme, beta gmbh; import the files that name them again"
    assert told["entities"][0]["notes"] == [twice]
    desk.mapping("deals").unlink()
    desk.take(deals)
    assert desk.ask("SELECT id FROM kpi.customer ORDER BY id") == [("A1",), ("A2",), ("A3",), ("A4",), ("Nobody",)]


def test_ids_are_never_taken_for_names(desk):
    accounts = "Account ID,Account Name\nAcme,Beta\nBeta,Acme\n"
    told = desk.take(
        desk.put("deals.csv", "Deal ID,Account,Stage\nD1,Acme,Won\nD2,Beta,Lost\n"), desk.put("accounts.csv", accounts)
    )
    assert desk.rows("opportunity", "id", "customer_id") == [("D1", "Acme"), ("D2", "Beta")]
    assert told["files"][0]["hints"] == []


def test_a_join_by_a_field_that_is_not_there_is_refused(desk):
    deals, accounts = desk.put("deals.csv", DEALS), desk.put("accounts.csv", ACCOUNTS)
    desk.take(deals, accounts)
    kept = desk.mapping("deals")
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace('customer_id = "name"', 'customer_id = "nom"'), encoding="utf-8")
    assert "by.customer_id: 'customer' has no field 'nom'. Write \"name\"." in desk.refusal(deals)


def test_names_that_differ_only_in_case_or_spaces_are_told_and_not_joined(desk):
    told = desk.take(
        desk.put("deals.csv", "Deal ID,Owner,Stage\nD1,Kiss Éva,Won\nD2,Kiss Éva,Won\nD3,kiss  éva,Lost\nD4,Bob,Won\n")
    )
    assert told["files"][0]["hints"] == [
        "Owner: names that differ only in case or spaces count apart. To join them write"
        f' "kiss  éva" = "Kiss Éva" under [table.values.owner_id] in {desk.mapping("deals")}'
    ]
    assert ("D3", "kiss  éva") in desk.rows("opportunity", "id", "owner_id")


def test_ids_that_differ_in_case_are_not_told(desk):
    told = desk.take(desk.put("deals.csv", "Deal ID,Account ID,Stage\nD1,001aB,Won\nD2,001Ab,Lost\n"))
    assert told["files"][0]["hints"] == []


def test_the_day_of_an_import_ends_where_the_organisation_is(desk):
    file = desk.put("deals.csv", "deal_id,stage,closed_at\nD1,Won,2017-06-30\n")
    told = desk.take(file, "--as-of", "2017-06-30")
    assert told["data_time"] == "2017-06-30T21:59:59+00:00"  # Berlin is two hours ahead in summer
    assert told["notes"] == []


def test_an_old_export_without_its_day_is_told(desk):
    told = desk.take(desk.put("deals.csv", "deal_id,stage,closed_at\nD1,Won,2017-06-30\nD2,Won,2017-12-31\n"))
    assert told["notes"] == [
        "The newest date is 2017-12-31 (opportunity), so this month or quarter has no rows."
        " If the export is of then, import it again with --as-of 2017-12-31"
    ]


def test_what_an_older_export_changes_is_told(desk):
    old = desk.put("deals.csv", "deal_id,stage,closed_at\nD1,Open,\nD2,Won,2026-05-31\n")
    new = desk.put("newer.csv", "deal_id,stage,closed_at\nD1,Won,2026-06-20\nD2,Won,2026-05-31\n")
    assert desk.take(old, "--as-of", "2026-06-01")["notes"] == []
    assert desk.take(new, "--as-of", "2026-07-01")["notes"] == []
    assert desk.take(old, "--as-of", "2026-06-01")["notes"] == [
        "This import is of 2026-06-01, and the data stays of 2026-07-01: 1 row is as this older export says."
        " If that is not meant, import the newer one again"
    ]
    assert desk.take(old, "--as-of", "2026-05-31")["notes"] == [
        "The data was of 2026-07-01 and is of 2026-05-31 now, as this import gives all of it again"
    ]


def test_amounts_in_a_currency_without_a_rate_say_what_to_import(desk):
    told = desk.take(desk.put("orders.csv", "order_id,date,amount,currency\nO1,2026-01-05,10.00,EUR\n"))
    assert told["entities"][0]["notes"] == [
        "1 row has no rate for EUR: its amounts are left empty; import fx_rate: currency, rate_on, rate"
    ]
