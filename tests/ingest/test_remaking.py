"""Tables made anew: by plugins that change, are disabled or take turns; from older files; in another time zone."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from kpicore import (
    COUNT,
    Batch,
    Config,
    Dimension,
    Field,
    KpiError,
    LookUp,
    Metric,
    Type,
    Workspace,
    count,
    total,
)
from kpicore.testing import WAREHOUSE_FILE, TinySource, batch
from kpicore_crm.entities import ENTITIES
from tests.crm import PLUGINS, crm_plugins
from tests.engine.worlds import at, config_of

DEALS = "id name owner_id created_at amount\no1 One u1 2025-01-10 100\no2 Two u2 2025-02-10 300"
USERS = "id name email\nu1 Ann ann@x\nu2 Bob bob@x"
SIZE = Field("opportunity", "size", Type.TEXT, "Size.", how=("case when amount >= 300 then 'big' else 'small' end",))
BIG = Metric("big", name="Big", unit=COUNT, inputs={"n": count("opportunity", when="created_on", where="size = 'big'")})
ALL = Metric("all", name="All", unit=COUNT, inputs={"n": count("opportunity", when="created_on")})
SUM = Metric("sum", name="Sum", unit=COUNT, inputs={"n": total("opportunity", "amount", when="created_on")})


def installed(config: Config, *fields: Field, may_remake: bool = True, **given: object) -> Workspace:
    """Return the workspace as an installation with these fields of plugins opens it."""
    names = {field.name for field in fields}
    metrics = tuple(("test", each) for each in (BIG, ALL, SUM) if each is not BIG or "size" in names)
    plugins = crm_plugins(
        fields=tuple(("test", field) for field in fields),
        metrics=metrics,
        **given,  # type: ignore[arg-type]
    )
    return Workspace(config, plugins, may_remake=may_remake)


def loaded(config: Config, *fields: Field, **given: object) -> None:
    with installed(config, *fields, **given) as opened:
        rows = [batch(opened.registry, "opportunity", DEALS), batch(opened.registry, "user", USERS)]
        assert opened.load([TinySource("crm", tuple(rows))], data_time=at("2025-06-30")).errors == ()


def answer(opened: Workspace, kpi: str, **options: object) -> float | None:
    return opened.get(kpi, "2025", **options).answers[0].value  # type: ignore[arg-type]


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    found = [record.getMessage() for record in caplog.records if record.name == "kpicore"]
    caplog.clear()
    return found


@pytest.fixture(autouse=True)
def warnings_are_seen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "kpicore")


def smaller(field: Field) -> Field:
    return replace(field, how=(str(field.how[0]).replace("300", "100"),))


def test_an_update_of_a_plugin_makes_its_field_anew_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    config = config_of(tmp_path)
    loaded(config, SIZE)
    with installed(config, smaller(SIZE)) as opened:
        assert answer(opened, "big") == 2
    assert said(caplog) == ["made anew: opportunity (opportunity.size has changed)"]
    with installed(config, smaller(SIZE)) as opened:
        assert answer(opened, "big") == 2
    assert said(caplog) == []


def test_a_plugin_that_is_disabled_or_broken_is_no_changed_definition(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = config_of(tmp_path)
    loaded(config, SIZE)
    file = (tmp_path / WAREHOUSE_FILE).read_bytes()
    for fields in ((), (SIZE,), (), (SIZE,)):
        with installed(config, *fields) as opened:
            assert answer(opened, "all") == 2
            if fields:
                assert answer(opened, "big") == 1
            else:
                with pytest.raises(KpiError, match="no KPI named 'big'"):
                    answer(opened, "big")
    assert said(caplog) == []
    assert (tmp_path / WAREHOUSE_FILE).read_bytes() == file


def test_a_load_without_a_plugin_has_its_field_made_when_it_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = config_of(tmp_path)
    loaded(config, SIZE)
    with installed(config) as opened:
        opened.load([TinySource("crm", (batch(opened.registry, "opportunity", DEALS.replace("100", "400")),))],
                    data_time=at("2025-06-30"))  # fmt: skip
    with installed(config, SIZE) as opened:
        assert answer(opened, "big") == 2
    assert said(caplog) == ["made anew: opportunity (opportunity.size is new)"]


def test_two_installations_that_take_turns_are_told_and_not_remade_in_turn(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = config_of(tmp_path)
    loaded(config, SIZE)
    with installed(config, smaller(SIZE)) as newer:
        assert answer(newer, "big") == 2  # an update, as far as anyone knows
    said(caplog)
    file = (tmp_path / WAREHOUSE_FILE).read_bytes()
    for _ in range(3):
        with installed(config, SIZE) as older:
            assert answer(older, "all") == 2
            with pytest.raises(KpiError, match="another installation with other definitions has made the tables"):
                answer(older, "big")
        (line,) = said(caplog)
        assert line.startswith("another installation") and line.endswith("to make them by this one, run: kpi remake")
        with installed(config, smaller(SIZE)) as newer:
            assert answer(newer, "big") == 2
        assert said(caplog) == []
    assert (tmp_path / WAREHOUSE_FILE).read_bytes() == file
    with installed(config, SIZE) as older:
        assert older.remake().words == "made anew: opportunity (opportunity.size has changed)"
        assert answer(older, "big") == 1
    with installed(config, smaller(SIZE)) as newer, pytest.raises(KpiError, match="another installation"):
        answer(newer, "big")


def test_what_the_workspace_itself_says_may_change_back_and_forth(tmp_path: Path) -> None:
    by_setting = replace(SIZE, how=("case when amount >= setting.big then 'big' else 'small' end",))
    loaded(config_of(tmp_path, settings={"big": 300}), by_setting)
    for big, deals in ((100, 2), (300, 1), (100, 2), (300, 1)):
        with installed(config_of(tmp_path, settings={"big": big}), by_setting) as opened:
            assert answer(opened, "big") == deals


def test_another_label_key_or_dimension_is_another_definition(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    config = config_of(tmp_path)
    buddy = Field("opportunity", "buddy_id", Type.TEXT, "Who helps.", refers_to="user", how=("owner_id",))
    helper = Dimension("helper", "Who helps.", entity="user", key="owner_id")
    loaded(config, buddy, dimensions=(("test", helper),))
    with installed(config, buddy, dimensions=(("test", helper),)) as opened:
        assert [each.question.cuts for each in opened.get("sum", "2025", by="helper").answers] == [
            (("helper", ("Ann",)),),
            (("helper", ("Bob",)),),
        ]
    assert said(caplog) == []
    moved = replace(helper, key="buddy_id")
    with installed(config, replace(buddy, how=("'u2'",)), dimensions=(("test", moved),)) as opened:
        (only,) = opened.get("sum", "2025", by="helper").answers
        assert (only.question.cuts, only.value) == ((("helper", ("Bob",)),), 400)
    (line,) = said(caplog)
    assert "the dimension helper has changed" in line and "opportunity.buddy_id has changed" in line


def test_a_changed_label_of_the_core_names_members_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = config_of(tmp_path)
    loaded(config)
    relabelled = tuple(replace(each, label="email") if each.name == "user" else each for each in ENTITIES)
    monkeypatch.setattr("kpicore.registry.joined.ENTITIES", relabelled)
    with installed(config, may_remake=False) as opened, pytest.raises(KpiError, match="the entity user has changed"):
        opened.get("sum", "2025", by="rep")
    with installed(config) as opened:
        assert opened.members("rep") == ("ann@x", "bob@x")
        assert [each.question.cuts for each in opened.get("sum", "2025", by="rep").answers] == [
            (("rep", ("ann@x",)),),
            (("rep", ("bob@x",)),),
        ]


def test_a_look_up_follows_a_changed_field_of_another_entity(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    config = config_of(tmp_path)
    level = Field("user", "level", Type.NUMBER, "Level.", how=("1",))
    size = replace(SIZE, how=("case when reps_level > 1 then 'big' else 'small' end",))
    reps = Field("opportunity", "reps_level", Type.NUMBER, "Level.", how=(LookUp("owner_id", "user", "level"),))
    loaded(config, level, reps, size)
    with installed(config, level, reps, size) as opened:
        assert answer(opened, "big") == 0
    with installed(config, replace(level, how=("2",)), reps, size) as opened:
        assert answer(opened, "big") == 2
    assert said(caplog) == ["made anew: opportunity, user (user.level has changed)"]


def test_other_rules_of_the_load_make_everything_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = config_of(tmp_path)
    loaded(config)
    monkeypatch.setattr("kpicore.lineage.as_written.RULES_NUMBER", 10**6)
    with installed(config) as opened:
        assert answer(opened, "sum") == 400
    (line,) = said(caplog)
    assert "opportunity" in line and "user" in line and line.endswith("(this version makes tables otherwise)")


def test_people_whom_the_version_before_added_up_are_told_apart_as_soon_as_its_file_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = config_of(tmp_path)
    with monkeypatch.context() as before:
        before.setattr("kpicore.lineage.as_written.RULES_NUMBER", 6)
        loaded(config)
    with duckdb.connect(str(tmp_path / WAREHOUSE_FILE)) as older:
        older.execute("UPDATE book.member SET value = 'Ann' WHERE dimension = 'rep'")
    with installed(config) as opened:
        assert opened.members("rep") == ("Ann", "Bob")
        assert opened.get("sum", "2025", by="rep").values() == [100, 300]


def test_a_file_of_an_earlier_version_is_made_anew_once_or_refused_where_it_may_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = config_of(tmp_path)
    loaded(config)
    with duckdb.connect(str(tmp_path / WAREHOUSE_FILE)) as older:
        older.execute("DROP TABLE book.lineage; DROP TABLE book.read_in")
        older.execute("CREATE TABLE book.made_with (setting VARCHAR, value VARCHAR)")
        older.execute("INSERT INTO book.made_with VALUES ('currency', 'USD'), ('timezone', 'UTC')")
        older.execute("UPDATE book.entity SET made = 'as another version tells it'")
    with installed(config, may_remake=False) as opened:
        with pytest.raises(KpiError, match=r"\(an earlier version made the tables\). Run: kpi remake"):
            answer(opened, "sum")
        with pytest.raises(KpiError, match="an earlier version made the tables"):
            opened.members("rep")
    with installed(config) as opened:
        assert answer(opened, "sum") == 400
    (line,) = said(caplog)
    assert line.endswith("(an earlier version made them)")
    with installed(config) as opened:
        assert answer(opened, "sum") == 400
    assert said(caplog) == []


def test_tables_that_an_earlier_version_makes_later_are_not_taken_for_todays(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    loaded(config)
    with duckdb.connect(str(tmp_path / WAREHOUSE_FILE)) as older:  # it knows no lineage, so it leaves that as it is
        older.execute("UPDATE book.state SET version = '7-0123456789ab'")
    with installed(config, may_remake=False) as opened, pytest.raises(KpiError, match="an earlier version"):
        answer(opened, "sum")


def local(config: Config, name: str, *times: str, zone: str | None = None) -> None:
    """Load orders at local times, or at instants of a zone."""
    instants = pa.array([datetime.fromisoformat(time) for time in times], pa.timestamp("us", tz=zone))
    ids = pa.array([f"{name} {time}" for time in times])
    rows = Batch("order", pa.table({"id": ids, "ordered_at": instants}))
    with Workspace(config, PLUGINS) as opened:
        assert opened.load([TinySource(name, (rows,))], data_time=at("2025-06-30")).errors == ()


ORDERS = Metric("orders", name="Orders", unit=COUNT, inputs={"n": count("order", when="ordered_on")})


def orders(config: Config, month: str) -> float | None:
    with Workspace(config, crm_plugins(metrics=(("test", ORDERS),))) as opened:
        return opened.get("orders", month).answers[0].value


def test_in_another_zone_instants_are_made_anew(tmp_path: Path) -> None:
    local(config_of(tmp_path), "crm", "2025-03-31T23:30", "2025-03-10T12:00", zone="UTC")
    assert orders(config_of(tmp_path), "2025-03") == 2
    assert orders(config_of(tmp_path, timezone="Asia/Tokyo"), "2025-03") == 1
    assert orders(config_of(tmp_path), "2025-03") == 2


def test_in_another_zone_local_times_must_be_given_again(tmp_path: Path) -> None:
    # 23:30 where the organisation is, is that day wherever it is: an instant made by the old zone would move it.
    here, there = config_of(tmp_path), config_of(tmp_path, timezone="Asia/Tokyo")
    local(here, "a.csv", "2025-03-31T23:30")
    local(here, "b.csv", "2025-03-10T12:00")
    told = r"was read in the time zone UTC\). Load it again: kpi import FILE"
    with pytest.raises(KpiError, match=told):
        orders(there, "2025-03")
    local(there, "a.csv", "2025-03-31T23:30")
    with pytest.raises(KpiError, match=r"b\.csv " + told):
        orders(there, "2025-03")
    local(there, "b.csv", "2025-03-10T12:00")
    assert orders(there, "2025-03") == 2
    with pytest.raises(KpiError, match="was read in the time zone Asia/Tokyo"):
        orders(here, "2025-03")


def test_a_file_under_another_name_that_holds_all_rows_is_all_that_is_needed(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Named(TinySource):
        label: str = ""

    there = config_of(tmp_path, timezone="Asia/Tokyo")
    rows = {"id": ["o1"], "ordered_at": pa.array(["2025-03-31T23:30"])}
    for config, name in ((config_of(tmp_path), "march.csv"), (there, "april.csv")):
        source = Named("files", (Batch("order", pa.table(rows)),), label=name)
        with Workspace(config, PLUGINS) as opened:
            assert opened.load([source], data_time=at("2025-06-30")).errors == ()
    assert orders(there, "2025-03") == 1


def test_rows_of_an_earlier_version_were_read_in_the_zone_that_it_wrote_down(tmp_path: Path) -> None:
    local(config_of(tmp_path), "a.csv", "2025-03-31T23:30")
    with duckdb.connect(str(tmp_path / WAREHOUSE_FILE)) as older:
        older.execute("DROP TABLE book.lineage; DROP TABLE book.read_in")
        older.execute("CREATE TABLE book.made_with (setting VARCHAR, value VARCHAR)")
        older.execute("INSERT INTO book.made_with VALUES ('timezone', 'UTC')")
    with pytest.raises(KpiError, match="an earlier load was read in the time zone UTC"):
        orders(config_of(tmp_path, timezone="Asia/Tokyo"), "2025-03")
    assert orders(config_of(tmp_path), "2025-03") == 1


def test_kept_cubes_of_outdated_tables_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpicore.engine.engine.WORTH_KEEPING", 0)
    config = config_of(tmp_path)
    loaded(config, SIZE)
    with installed(config, SIZE) as opened:
        assert answer(opened, "big") == 1
    with installed(config, smaller(SIZE), may_remake=False) as opened, pytest.raises(KpiError, match="size has"):
        answer(opened, "big")
    with installed(config, smaller(SIZE)) as opened:
        assert answer(opened, "big") == 2
