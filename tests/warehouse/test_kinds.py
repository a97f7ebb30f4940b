"""A warehouse of another kind, as a plugin gives it: read like DuckDB's, and what only DuckDB can is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpicore import (
    BadConfig,
    Config,
    KpiError,
    Plugins,
    Setting,
    Type,
    Warehouse,
    WarehouseError,
    WarehouseKind,
    Workspace,
    load_plugins,
    read_config,
)
from kpicore.engine.scan.values import cells, typed
from kpicore.spreadsheet.stamps import Stamps
from kpicore.warehouse import FILE
from kpicore_crm.testing import load_tiny_company
from tests.warehouse.other import OtherWarehouse

PLACE = (
    Setting("file", Type.TEXT, "where the tables are", "warehouse.duckdb"),
    Setting("password", Type.TEXT, "what opens them", secret=True),
)


def marts(config: Config) -> Warehouse:
    (table,) = config.tables("warehouse")
    return OtherWarehouse(config.folder / table["file"])


def age(config: Config) -> str:
    (table,) = config.tables("warehouse")
    file = config.folder / table["file"]
    return str(file.stat().st_mtime_ns) if file.exists() else ""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    load_tiny_company(folder)
    with Workspace(read_config(folder), load_plugins(())) as made:
        _ = made.engine  # the tables are those of today's definitions
    return folder


@pytest.fixture
def plugins() -> Plugins:
    return with_kind(WarehouseKind("marts", "Tables of ours.", marts, age, PLACE))


def with_kind(*kinds: WarehouseKind) -> Plugins:
    found = load_plugins(())
    given = tuple(("ours", kind) for kind in kinds)
    return replace(found, contributions=replace(found.contributions, warehouses=given))


def configured(folder: Path, text: str) -> Config:
    """Return the settings of a workspace with a table more."""
    from kpicore.config.reader import parse_config

    return parse_config(f'[workspace]\nname = "Tiny company"\n{text}', folder / "kpi.toml")


def test_a_workspace_reads_the_warehouse_that_kpi_toml_names(tiny: Path, plugins: Plugins) -> None:
    config = configured(tiny, '[warehouse]\nkind = "marts"\npassword_env = "MARTS"\n')
    with Workspace(config, plugins) as workspace:
        (table,) = workspace.config.tables("warehouse")
        assert dict(table) == {"kind": "marts", "file": "warehouse.duckdb", "password_env": "MARTS"}
        assert workspace.config.secret("password", table, environment={"MARTS": "x"}) == "x"
        # of the six deals closed in the quarter four were won
        (answer,) = workspace.get("win_rate", "2025-Q1").answers
        assert (answer.inputs, answer.data_version) == ({"won": 4.0, "base": 6.0}, "other")
        assert workspace.members("stage") == ("Qualify", "Offer", "Won", "Lost")


def test_without_a_table_it_is_duckdb(tiny: Path, plugins: Plugins) -> None:
    with Workspace(configured(tiny, ""), plugins) as workspace:
        assert dict(workspace.config.tables("warehouse")[0]) == {"kind": "duckdb"}
        assert workspace.warehouse.relation("order") == 'kpi."order"'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('kind = "mart"', "warehouse.kind: no warehouse kind named 'mart'. Did you mean 'marts'?"),
        ('kind = "bigquery"', "warehouse.kind: no warehouse kind named 'bigquery'. Known: duckdb, marts."),
        ("kind = 5", "warehouse.kind: expected a text in quotes, not 5."),
        ('kind = "marts"\nfiles = "x"', "warehouse.files: no key named 'files'. Did you mean 'file'?"),
        ('kind = "duckdb"\nfile = "x"', "warehouse.file: no key named 'file'."),
        ('kind = "marts"\npassword = "x"', "warehouse.password: a secret must not stand in this file."),
    ],
)
def test_what_cannot_be_in_the_table_is_refused_in_one_line(tiny: Path, plugins: Plugins, text: str, told: str) -> None:
    with pytest.raises(BadConfig) as refused:
        Workspace(configured(tiny, f"[warehouse]\n{text}\n"), plugins)
    assert told in str(refused.value)


def test_two_plugins_that_give_one_kind_are_both_told_and_neither_is_taken(tiny: Path) -> None:
    kind = WarehouseKind("marts", "Tables of ours.", marts, age)
    plugins = with_kind(kind)
    twice = replace(plugins.contributions, warehouses=(("a", kind), ("b", kind)))
    with pytest.raises(BadConfig, match="no warehouse kind named 'marts'"):
        Workspace(configured(tiny, '[warehouse]\nkind = "marts"\n'), replace(plugins, contributions=twice))


def test_what_only_loads_can_is_refused_in_one_line(tiny: Path, plugins: Plugins) -> None:
    config = configured(tiny, '[warehouse]\nkind = "marts"\n')
    made_elsewhere = (
        "nothing can be loaded: kpi.toml names a warehouse of kind 'marts', and its tables are made elsewhere."
        " Make them there, by dbt say, or leave [warehouse] out to load into DuckDB."
    )
    before = (tiny / FILE).stat().st_mtime_ns
    with Workspace(config, plugins) as workspace:
        for act in (lambda: workspace.load([]), workspace.remake):
            with pytest.raises(WarehouseError) as refused:
                act()
            assert str(refused.value) == made_elsewhere
        with pytest.raises(WarehouseError, match="a warehouse of kind 'marts' does not keep how it was before"):
            workspace.get("win_rate", "2025-Q1", as_of=date(2025, 5, 1))
        assert workspace.outdated is None
    assert (tiny / FILE).stat().st_mtime_ns == before


def test_the_stamp_of_cells_asks_the_warehouse_that_is_named(tmp_path: Path) -> None:
    told = ["", "one"]
    plugins = with_kind(WarehouseKind("marts", "Tables of ours.", marts, lambda config: told[0]))
    (tmp_path / "kpi.toml").write_text('[warehouse]\nkind = "marts"\n', encoding="utf-8")
    stamps = Stamps(tmp_path, "", plugins)
    before = stamps.now()
    assert not stamps.has_data
    told.pop(0)
    assert stamps.now() != before
    assert stamps.has_data


class Driver(Exception):
    """An error of a driver."""


class Failing(OtherWarehouse):
    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        raise Driver("the connection is gone\nat line 3")


class NamesNothing(OtherWarehouse):
    def relation(self, entity: str) -> str:
        raise Driver(f"no table for {entity}")


def refused(config: Config) -> Warehouse:
    raise Driver("no route to host")


@pytest.mark.parametrize(
    ("opened", "told"),
    [
        (refused, "the warehouse 'marts' cannot be read: Driver: no route to host."),
        (
            lambda config: Failing(config.folder / FILE),
            "the warehouse 'marts' cannot be read: Driver: the connection is gone at line 3.",
        ),
        (
            lambda config: NamesNothing(config.folder / FILE),
            "the warehouse 'marts' cannot be read: Driver: no table for opportunity.",
        ),
    ],
)
def test_whatever_the_driver_raises_is_one_line_of_ours(tiny: Path, opened: Any, told: str) -> None:
    plugins = with_kind(WarehouseKind("marts", "Tables of ours.", opened, age, PLACE))
    with Workspace(configured(tiny, '[warehouse]\nkind = "marts"\n'), plugins) as workspace:
        with pytest.raises(KpiError) as raised:
            workspace.get("win_rate", "2025-Q1")
        assert type(raised.value) is WarehouseError
        assert str(raised.value) == told
        assert isinstance(raised.value.__cause__, Driver)


def test_a_stamp_that_cannot_be_told_is_one_too(tmp_path: Path) -> None:
    def gone(config: Config) -> str:
        raise Driver("gone")

    kind = WarehouseKind("marts", "Tables of ours.", marts, gone)
    assert kind.stamped(Config(tmp_path, "")) == "Driver('gone')"


@pytest.mark.parametrize(("given", "told"), [(None, "None"), (5, "5"), ("five", "five")])
def test_a_stamp_is_a_text_whatever_is_given_for_it(tmp_path: Path, given: Any, told: str) -> None:
    kind = WarehouseKind("marts", "Tables of ours.", marts, lambda config: given)
    assert kind.stamped(Config(tmp_path, "")) == told


def test_numbers_of_a_driver_become_whole_ones_or_floats_where_rows_become_cells() -> None:
    given = [("web", Decimal("1200"), Decimal("0.50"), None, 3), ("(none)", 5, 1.5, True, [1, 2])]
    made = cells(given)
    assert made == [("web", 1200, 0.5, None, 3), ("(none)", 5, 1.5, True, [1, 2])]
    assert [type(each) for each in made[0]] == [str, int, float, type(None), int]
    assert cells(given[1:]) is not given and cells(given[1:]) == given[1:]
    assert cells([(Decimal(10**30),)]) == [(10**30,)]


def test_whole_numbers_of_a_driver_that_knows_floats_alone_are_whole_where_they_count() -> None:
    given = [("web", 4.0, 1.5, 3.0), ("(none)", 5.0, float("inf"), 2.0)]
    made = cells(given, whole=(1, 3))
    assert made == [("web", 4, 1.5, 3), ("(none)", 5, float("inf"), 2)]
    assert [type(value) for value in made[1]] == [str, int, float, int]
    # a median of 4.0 counts nothing
    assert cells([("web", 4, 4.0)], whole=(1,))[0][2:] == (4.0,)


class OfFloats(OtherWarehouse):
    """A warehouse whose driver makes a float of every number, and a list of a row."""

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return [[_as_float(value) for value in row] for row in super().query(sql, values)]  # type: ignore[misc]


def _as_float(value: Any) -> Any:
    return float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def test_a_driver_of_floats_gives_the_same_answers_with_whole_counts(tiny: Path) -> None:
    plugins = with_kind(WarehouseKind("floats", "Tables of ours.", lambda config: OfFloats(config.folder / FILE), age))
    with (
        Workspace(configured(tiny, ""), plugins) as ours,
        Workspace(configured(tiny, '[warehouse]\nkind = "floats"\n'), plugins) as theirs,
    ):
        all_of_them = [(metric, name) for metric in ours.registry.metrics.values() for name in metric.variant_names]
        variants = {f"{metric.id}.{name}": metric.variant(name) for metric, name in all_of_them}
        ids = [id for id, variant in variants.items() if not (variant.needs_cut or variant.grains)]
        expected, given = (workspace.get(ids, "2025-Q1").answers for workspace in (ours, theirs))
        numbers = [(answer.question.metric, answer.value, answer.n, answer.reason) for answer in given]
        assert numbers == [(answer.question.metric, answer.value, answer.n, answer.reason) for answer in expected]
        assert {type(answer.n) for answer in given} == {int}
        explained = theirs.explain("win_rate", "2025-Q1")
        assert [(input_.n, type(input_.n)) for input_ in explained.inputs] == [(4, int), (6, int)]


def test_values_of_lists_are_as_their_types_have_them() -> None:
    noon = datetime(2025, 1, 31, 12, tzinfo=UTC)
    types = (Type.BOOLEAN, Type.INTEGER, Type.DATE, Type.MOMENT, Type.TEXT, Type.MONEY)
    given = ((1, Decimal(5), datetime(2025, 1, 31), noon, "x", Decimal("1.2500")), (None,) * 6)
    assert typed(given, types) == (
        (True, 5, date(2025, 1, 31), datetime(2025, 1, 31, 12), "x", Decimal("1.2500")),
        (None,) * 6,
    )
