"""How texts stand in the made tables: few ones as an ENUM, which reads and compares as the text."""

from __future__ import annotations

from kpicore.testing import open_warehouse

TYPE = "SELECT data_type FROM duckdb_columns() WHERE schema_name = 'made' AND table_name = '{}' AND column_name = '{}'"


def test_few_texts_are_an_enum_of_what_stands_there_whatever_signs_they_have(give, ask):
    give(
        opportunity="id owner_id channel outcome closed_at\n"
        " o1 O'Neil ads won 2025-01-02\n o2 O'Neil web lost 2025-01-03"
    )
    assert ask(TYPE.format("opportunity", "owner_id")) == [("ENUM('O''Neil')",)]
    assert ask(TYPE.format("opportunity", "channel")) == [("ENUM('ads', 'web')",)]
    assert ask("SELECT rep, channel, outcome FROM kpi.opportunity ORDER BY id") == [
        ("O'Neil", "ads", "won"),
        ("O'Neil", "web", "lost"),
    ]


def test_every_field_with_closed_codes_is_an_enum_of_the_codes_that_stand_there(give, ask):
    give(
        opportunity="id outcome closed_at\n o1 won 2025-01-02\n o2 lost 2025-01-03",
        lead="id conversion converted_opportunity_id\n l1 customer o1\n l2 deal o2",
    )
    assert ask(TYPE.format("opportunity", "outcome")) == [("ENUM('lost', 'won')",)]
    assert ask(TYPE.format("lead", "conversion")) == [("ENUM('customer', 'deal')",)]
    assert ask(TYPE.format("lead", "opportunity_outcome")) == [("ENUM('lost', 'won')",)]


def test_a_dimension_is_written_only_where_its_members_have_names(give, ask):
    give(opportunity="id owner_id product_id\n o1 u1 p1\n o2 - p2")
    assert ask(TYPE.format("opportunity", "rep")) == []
    assert ask("SELECT rep, product FROM kpi.opportunity ORDER BY id") == [("u1", "p1"), (None, "p2")]
    give(user="id name\n u1 Ann")
    assert ask(TYPE.format("opportunity", "rep")) == [("ENUM('Ann')",)]
    assert ask("SELECT rep, product FROM kpi.opportunity ORDER BY id") == [("Ann", "p1"), (None, "p2")]


def test_a_text_that_stands_nowhere_matches_nothing_and_is_no_error(give, tmp_path):
    give(opportunity="id owner_id outcome\n o1 u1 won\n o2 u1 won")
    warehouse = open_warehouse(tmp_path)
    sql = "SELECT count(*) FROM kpi.opportunity AS e WHERE e.rep IN ($1) OR e.outcome = $2"
    assert warehouse.query(sql, ["nobody", "lost"]) == [(0,)]
    assert warehouse.query(sql, ["u1", "lost"]) == [(2,)]
    warehouse.close()


def test_a_thousand_texts_are_an_enum_and_one_more_are_not(give, ask):
    rows = "id channel\n" + "\n".join(f"o{n} way{n}" for n in range(1000))
    give(opportunity=rows)
    assert ask(TYPE.format("opportunity", "channel"))[0][0].startswith("ENUM(")
    give(opportunity="id channel\n o1000 way1000")
    assert ask(TYPE.format("opportunity", "channel")) == [("VARCHAR",)]
    assert ask("SELECT count(DISTINCT channel) FROM kpi.opportunity") == [(1001,)]


def test_a_new_text_of_a_later_load_finds_its_place(give, ask):
    give(opportunity="id owner_id channel\n o1 u1 ads")
    give(opportunity="id owner_id channel\n o2 u2 web")
    assert ask("SELECT rep, channel FROM kpi.opportunity ORDER BY id") == [("u1", "ads"), ("u2", "web")]


def test_stages_and_spells_have_the_texts_of_their_deals_and_customers(give, ask):
    give(
        customer="id segment\n c1 small",
        opportunity="id customer_id owner_id stage_id channel outcome created_at closed_at\n"
        " o1 c1 u1 s1 ads won 2025-01-02 2025-01-05",
    )
    assert ask("SELECT DISTINCT rep, channel, outcome FROM kpi.opportunity_stage") == [("u1", "ads", "won")]
    assert ask("SELECT customer, segment FROM kpi.customer_spell") == [("c1", "small")]


def test_a_text_of_many_rows_is_one_member(give, ask):
    give(opportunity="id channel\n o1 ads\n o2 ads\n o3 web")
    members = "SELECT value FROM book.member WHERE dimension = 'channel' ORDER BY value"
    assert ask(members) == [("ads",), ("web",)]
