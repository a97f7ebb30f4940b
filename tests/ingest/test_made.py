"""Fields, days, dimensions and rows that the load makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from kpicore import BadDefinition, Batch, Field, FirstSince, LookUp, Member, RollUp, Type, UnknownName, total
from kpicore.testing import TinySource, open_warehouse
from kpicore_crm.testing import load_tiny_company
from tests.crm import crm_registry
from tests.said import note_texts


def test_the_numbers_of_the_tiny_company_are_in_the_made_tables(tiny):
    by_quarter = """SELECT quarter, count(*) FILTER (WHERE outcome = 'won'), sum(amount) FILTER (WHERE outcome = 'won'),
        count(*) FROM kpi.opportunity JOIN kpi.calendar ON closed_on = date GROUP BY quarter ORDER BY quarter"""
    assert [row[1:] for row in tiny.query(by_quarter)] == [(4, Decimal(1000), 6), (3, Decimal(1220), 4)]
    assert tiny.query("SELECT count(*) FROM kpi.opportunity WHERE closed_on IS NULL") == [(2,)]


def test_empty_regions_come_from_the_customer_then_from_the_owner_and_teams_from_the_owner(tiny):
    sql = "SELECT id, region, team FROM kpi.opportunity WHERE id IN ('o1', 'o5', 'o11', 'o12') ORDER BY id"
    assert tiny.query(sql) == [
        ("o1", "Europe", "North"),  # Acme has no region, its rep Ann [u1] is in North, North is in Europe
        ("o11", "Europe", "North"),  # no customer, Bob's own region
        ("o12", "Europe", None),  # no owner, the region of Acme's rep
        ("o5", "America", "South"),
    ]


def test_a_field_is_filled_only_where_the_source_left_it_empty(give, ask):
    give(
        user="id region_id\n u1 north",
        opportunity="id owner_id region_id\n o1 u1 south\n o2 u1 -",
    )
    assert ask("SELECT id, region FROM kpi.opportunity ORDER BY id") == [("o1", "south"), ("o2", "north")]


def test_roll_ups_count_0_over_no_rows_and_total_nothing(tiny):
    sql = "SELECT id, order_count, lifetime_revenue, first_purchase_on FROM kpi.customer ORDER BY id"
    assert tiny.query(sql) == [
        ("c1", 3, Decimal(520), date(2025, 1, 26)),
        ("c2", 2, Decimal(600), date(2025, 2, 10)),
        ("c3", 0, None, None),  # its only order was cancelled
        ("c4", 0, None, None),
        ("c5", 2, Decimal(1100), date(2025, 4, 21)),
    ]


def test_a_row_expression_may_read_fields_that_are_made_themselves(tiny):
    # Acme and Blue know the cost of every order, Echo does not: its margin stays empty.
    sql = "SELECT id, lifetime_margin FROM kpi.customer WHERE id IN ('c1', 'c2', 'c5') ORDER BY id"
    assert tiny.query(sql) == [("c1", Decimal(320)), ("c2", Decimal(310)), ("c5", None)]


def test_orders_are_implied_by_their_lines_with_amount_date_and_customer(give, ask):
    give(
        order_line="""
            id order_id customer_id ordered_at quantity unit_price
            1  A        c1          2025-03-02 2        10
            2  A        c1          2025-03-01 1        5
            3  B        c2          2025-04-01 -1       7.5
        """
    )
    assert ask("SELECT id, amount, ordered_on, customer FROM kpi.order ORDER BY id") == [
        ("A", Decimal(25), date(2025, 3, 1), "c1"),
        ("B", Decimal("-7.5"), date(2025, 4, 1), "c2"),
    ]
    assert ask("SELECT id, first_purchase_on FROM kpi.customer ORDER BY id") == [
        ("c1", date(2025, 3, 1)),
        ("c2", date(2025, 4, 1)),
    ]


def test_entities_may_fill_each_other_and_the_one_reads_what_the_source_gave(give, ask):
    """An order's customer comes from its lines, the lines' from their order."""
    give(
        order="id customer_id ordered_at\n A c1 2025-03-01\n B - 2025-04-01",
        order_line="id order_id customer_id\n 1 A -\n 2 B c2\n 3 B -",
    )
    assert ask("SELECT id, customer_id FROM kpi.order ORDER BY id") == [("A", "c1"), ("B", "c2")]
    assert ask("SELECT id, customer_id FROM kpi.order_line ORDER BY id") == [("1", "c1"), ("2", "c2"), ("3", "c2")]


def test_bare_names_are_their_own_rows_and_labels(give, ask):
    give(opportunity="id owner_id product_id\n o1 Ann~Lee GTX~Pro\n o2 Ann~Lee -")
    assert ask("SELECT id, rep, product FROM kpi.opportunity ORDER BY id") == [
        ("o1", "Ann Lee", "GTX Pro"),
        ("o2", "Ann Lee", None),
    ]
    assert ask("SELECT id, name, rep FROM kpi.user") == [("Ann Lee", "Ann Lee", "Ann Lee")]


def test_namesakes_get_their_id_behind_the_label(tiny):
    assert tiny.members("rep") == (
        Member("Ann Lee [u1]", "u1", "Ann Lee"),
        Member("Ann Lee [u3]", "u3", "Ann Lee"),
        Member("Bob Ray", "u2", "Bob Ray"),
    )
    sql = "SELECT rep, count(*) FROM kpi.opportunity GROUP BY rep ORDER BY rep NULLS LAST"
    assert tiny.query(sql) == [("Ann Lee [u1]", 4), ("Ann Lee [u3]", 3), ("Bob Ray", 4), (None, 1)]


def test_a_renamed_rep_keeps_the_rows_under_the_new_name(give, ask):
    give(user="id name\n u1 Ann~Lee", opportunity="id owner_id\n o1 u1")
    give(user="id name\n u1 Ann~Ray")
    assert ask("SELECT rep FROM kpi.opportunity") == [("Ann Ray",)]
    assert ask("SELECT value FROM book.member WHERE dimension = 'rep'") == [("Ann Ray",)]


def test_plain_text_dimensions_have_their_values_as_members(tiny):
    assert [member.value for member in tiny.members("segment")] == ["large", "medium", "small"]
    assert tiny.members("platform") == ()


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("UTC", "2025-03-31T23:30", date(2025, 3, 31)),
        ("Europe/Berlin", "2025-03-31T23:30", date(2025, 4, 1)),  # summer time: 01:30 of the next day
        ("Europe/Berlin", "2025-01-31T22:59", date(2025, 1, 31)),  # winter time: 23:59
        ("Europe/Berlin", "2025-01-31T23:00", date(2025, 2, 1)),
        ("America/New_York", "2025-07-01T03:59", date(2025, 6, 30)),
        ("America/New_York", "2025-07-01T04:00", date(2025, 7, 1)),
    ],
)
def test_a_moment_has_its_day_in_the_organisations_zone(give, ask, zone, moment, day):
    give(opportunity=f"id closed_at\n o1 {moment}", timezone=zone)
    assert ask("SELECT closed_on FROM kpi.opportunity") == [(day,)]


@pytest.mark.parametrize(
    ("value", "type_", "stored"),
    [
        (datetime(2025, 3, 31, 0, 30), pa.timestamp("us"), datetime(2025, 3, 30, 22, 30)),  # local, summer
        (datetime(2025, 1, 31, 0, 30), pa.timestamp("ms"), datetime(2025, 1, 30, 23, 30)),  # local, winter
        (date(2025, 3, 31), pa.date32(), datetime(2025, 3, 30, 22, 0)),  # local midnight
        (datetime(2025, 3, 31, 0, 30, tzinfo=UTC), pa.timestamp("us", tz="UTC"), datetime(2025, 3, 31, 0, 30)),
    ],
)
def test_moments_are_stored_in_utc(take, ask, value, type_, stored):
    rows = pa.table({"id": ["o1"], "closed_at": pa.array([value], type_)})
    take(TinySource("crm", (Batch("opportunity", rows),)), timezone="Europe/Berlin")
    assert ask("SELECT closed_at, closed_on FROM kpi.opportunity") == [
        (stored, value.date() if isinstance(value, datetime) else value)
    ]


def test_another_zone_makes_the_days_anew_and_is_another_data_version(give, ask):
    deals = "id closed_at\n o1 2025-03-31T23:30"
    first = give(opportunity=deals)
    second = give(opportunity=deals, timezone="Europe/Berlin")
    assert ask("SELECT closed_on FROM kpi.opportunity") == [(date(2025, 4, 1),)]
    assert second.version != first.version


def test_in_berlin_the_tiny_company_wins_one_deal_less_in_march(tmp_path):
    warehouse = open_warehouse(load_tiny_company(tmp_path / "berlin", timezone="Europe/Berlin").parent)
    sql = "SELECT sum(amount) FROM kpi.opportunity WHERE outcome = 'won' AND closed_on < DATE '2025-04-01'"
    assert warehouse.query(sql) == [(Decimal(600),)]
    warehouse.close()


def test_rows_are_sorted_by_their_main_date(give, ask):
    give(opportunity="id closed_at\n o1 2025-03-31\n o2 -\n o3 2025-01-31")
    assert ask("SELECT id FROM made.opportunity ORDER BY rowid") == [("o3",), ("o1",), ("o2",)]


def test_the_calendar_reaches_a_year_back_and_five_years_on(give, ask):
    give(opportunity="id closed_at expected_close_on\n o1 2024-03-01 2026-02-01")
    first, last = ask("SELECT min(date), max(date) FROM kpi.calendar")[0]
    assert first <= date(2023, 3, 1)
    assert last >= date(2031, 2, 1)


def test_a_slip_of_the_pen_in_a_year_does_not_blow_up_the_calendar(give, ask):
    give(opportunity="id closed_at\n o1 0202-03-01\n o2 9999-03-01")
    assert ask("SELECT count(*) < 200000 FROM kpi.calendar") == [(True,)]


def test_a_plugins_field_is_made_and_goes_with_its_definition_when_the_rows_change(give, ask):
    double = Field("opportunity", "double_amount", Type.MONEY, "Twice.", how=("amount * 2",))
    richer = crm_registry(fields=(("mine", double),))
    first = give(opportunity="id amount\n o1 10")
    second = give(opportunity="id amount\n o1 10", registry=richer)
    assert ask("SELECT double_amount FROM kpi.opportunity") == [(Decimal(20),)]
    assert second.version != first.version
    third = give(
        opportunity="id amount\n o1 10",
        registry=crm_registry(fields=(("mine", replace(double, how=("amount * setting.inactivity_days",))),)),
    )
    assert ask("SELECT double_amount FROM kpi.opportunity") == [(Decimal(3650),)]
    assert third.version != second.version
    fourth = give(opportunity="id amount\n o1 10")
    assert fourth.remade == ""  # the plugin may be back tomorrow
    give(opportunity="id amount\n o1 11")
    assert "double_amount" not in [name for (name, *_) in ask("DESCRIBE kpi.opportunity")]


def test_a_field_made_from_itself_is_refused_naming_the_circle(give):
    fields = (
        ("mine", Field("opportunity", "one", Type.MONEY, "One.", how=("other + 1",))),
        ("mine", Field("opportunity", "other", Type.MONEY, "Other.", how=("one - 1 + amount",))),
    )
    give(opportunity="id amount\n o1 10")
    with pytest.raises(BadDefinition, match=r"made from itself: opportunity\.\w+ ← opportunity\.\w+ ← opportunity"):
        give(opportunity="id amount\n o2 10", registry=crm_registry(fields=fields))


def test_a_look_up_to_the_same_entity_reads_what_the_source_gave(give, ask):
    field = Field(
        "team", "parent_region_id", Type.TEXT, "Region above.", how=(LookUp("parent_id", "team", "region_id"),)
    )
    give(
        team="id parent_id region_id\n t1 - r1\n t2 t1 -",
        registry=crm_registry(fields=(("mine", field),)),
    )
    assert ask("SELECT id, parent_region_id FROM kpi.team ORDER BY id") == [("t1", None), ("t2", "r1")]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (LookUp("owner_id", "user", "nmae"), "no field named 'nmae' in entity 'user'"),
        (RollUp("opportunty_id", total("order", "amount")), "no field named 'opportunty_id' in entity 'order'"),
        ("amount >", "cannot read 'amount >'"),
        ("case when period.start > closed_on then 1 end", "where there is no period"),
        (FirstSince("id", "order", "opportunity_id", "orderd_at", "closed_at"), "no field named 'orderd_at'"),
        (FirstSince("id", "order", "opportunity_id", "ordered_on", "closed_on"), "'opportunity.closed_on' is date"),
    ],
)
def test_a_wrong_definition_is_refused_and_the_data_stays_as_it_was(give, ask, how, message):
    give(opportunity="id amount owner_id\n o1 10 u1", order="id opportunity_id amount\n a o1 5")
    field = Field("opportunity", "mine", Type.NUMBER, "Mine.", how=(how,))
    with pytest.raises(BadDefinition if "no field" not in message else Exception, match=message):
        give(opportunity="id\n o2", registry=crm_registry(fields=(("mine", field),)))
    assert ask("SELECT id FROM kpi.opportunity") == [("o1",)]


def test_the_first_of_many_since_a_moment_is_found_whatever_came_before(give, ask):
    field = Field("opportunity", "next_call_at", Type.MOMENT, "The call after the close.", how=(
        FirstSince("id", "activity", "opportunity_id", "at", since="closed_at"),))  # fmt: skip
    give(
        opportunity="id closed_at\n o1 2025-01-10T10:00 \n o2 2025-01-10T10:00\n o3 -\n o4 2025-01-10T10:00",
        activity="""
            id opportunity_id at
            1  o1             2025-01-10T09:00
            2  o1             2025-01-10T10:00
            3  o1             2025-01-12T10:00
            4  o2             2025-01-01T10:00
            5  o2             2025-02-02T10:00
            6  o2             2025-03-03T10:00
            7  o3             2025-03-03T10:00
            8  o4             2025-01-10T09:59
        """,
        registry=crm_registry(fields=(("mine", field),)),
    )
    assert ask("SELECT id, next_call_at FROM kpi.opportunity ORDER BY id") == [
        ("o1", datetime(2025, 1, 10, 10)),
        ("o2", datetime(2025, 2, 2, 10)),
        ("o3", None),
        ("o4", None),
    ]


def test_an_end_of_something_that_never_begins_is_refused(give):
    field = Field("cart", "gone_on", Type.DATE, "End.", ends="begun_on")
    with pytest.raises(UnknownName, match="no field named 'begun_on' in entity 'cart'"):
        give(cart="id\n k1", registry=crm_registry(fields=(("mine", field),)))


def test_only_what_depends_on_a_change_is_made_anew(give, ask):
    deals, carts = "id amount\n o1 10", "id amount\n k1 5"
    give(opportunity=deals, cart=carts)
    before = dict(ask("SELECT table_name, table_oid FROM duckdb_tables() WHERE schema_name = 'made'"))
    give(opportunity="id amount\n o1 11", cart=carts)
    after = dict(ask("SELECT table_name, table_oid FROM duckdb_tables() WHERE schema_name = 'made'"))
    assert before["cart"] == after["cart"]
    assert ask("SELECT amount FROM kpi.opportunity") == [(Decimal(11),)]


def test_the_state_tells_rows_filled_columns_and_days(tiny):
    state = tiny.state
    deals = state.entities["opportunity"]
    assert (deals.rows, deals.filled["closed_on"], deals.filled["rep"], deals.filled["competitor_id"]) == (
        12,
        10,
        11,
        0,
    )
    assert (deals.first, deals.last) == (date(2025, 1, 1), date(2025, 6, 30))  # expected closes lie later
    assert state.time == datetime(2025, 7, 15, 12, tzinfo=UTC)
    assert "email_send" not in state.entities


def test_deals_closed_before_they_were_created_are_told(give, state):
    give(opportunity="id created_at closed_at\n o1 2025-03-01 2025-02-01\n o2 2025-01-01 2025-02-01")
    assert note_texts(state().entities["opportunity"].notes) == ("1 deal was closed before it was created",)


def test_what_is_worked_out_has_nine_decimals_and_an_amount_that_is_rounded_is_told(give, ask, state):
    give(
        order_line="""
            id order_id ordered_at quantity unit_price
            1  A        2025-01-05 0.333333 3.3333
            2  A        2025-01-05 2        3.3333
            3  A        2025-01-05 0.1      0.0001
        """,
        order="id customer_id ordered_at\n A c1 2025-01-05\n B c1 2025-01-06",
    )
    # 0.333333 x 3.3333 = 1.1110988889, and 0.1 x 0.0001 = 0.00001
    assert ask("SELECT amount FROM kpi.order_line ORDER BY id") == [
        (Decimal("1.1111"),),
        (Decimal("6.6666"),),
        (Decimal("0.0000"),),
    ]
    assert note_texts(state().entities["order_line"].notes) == (
        "2 amounts were rounded to 4 decimals: amount is quantity * unit_price",
    )
    # one day of 365.25
    assert ask("SELECT lifetime_years FROM kpi.customer") == [(Decimal("0.002737851"),)]
