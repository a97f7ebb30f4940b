"""The wall around a plugin's warehouse: whatever a word of the port raises or gives, one line of ours tells it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpicore import (
    Config,
    EntityState,
    Member,
    SourceState,
    StandardDialect,
    State,
    Warehouse,
    WarehouseError,
    WarehouseKind,
)

NOON = datetime(2025, 1, 31, 12, tzinfo=UTC)


class Complete:
    """A warehouse that gives of everything what it should."""

    dialect: Any = StandardDialect()
    state: Any = State("v", NOON, NOON, {"loan": EntityState(4, {"fee": 4}, date(2025, 1, 5), date(2025, 4, 2))})
    version = "v"

    def relation(self, entity: str) -> Any:
        return f"marts.{entity}"

    def query(self, sql: str, values: Sequence[object] = ()) -> Any:
        return [("web", 4)]

    def members(self, dimension: str) -> Any:
        return (Member("web", "1", "Web"),)

    def close(self) -> Any:
        return None


def guarded(warehouse: Any) -> Warehouse:
    """Return a warehouse as a workspace opens it."""
    kind = WarehouseKind("marts", "Tables.", lambda config: warehouse, lambda config: "")
    return kind.opened(Config(Path(), ""))


def used(warehouse: object) -> None:
    """Ask a warehouse for all that the port has."""
    wall = guarded(warehouse)
    assert (wall.version, wall.state.version, wall.dialect.placeholder(2)) == ("v", "v", "$2")
    assert wall.relation("loan") == "marts.loan"
    assert wall.query("SELECT 1") == [("web", 4)]
    assert wall.members("channel") == (Member("web", "1", "Web"),)
    wall.close()


def words(protocol: type) -> list[str]:
    return [name for name in vars(protocol) if not name.startswith("_")]


def raising(error: BaseException) -> Callable[[], Any]:
    def fault() -> Any:
        raise error

    return fault


ERRORS: dict[str, Callable[[], Any]] = {
    "ZeroDivisionError": raising(ZeroDivisionError("division\nby zero")),
    "SystemExit": lambda: sys.exit(3),
    "StopIteration": raising(StopIteration()),
}
FAULTS: dict[str, Callable[[], Any]] = {
    **ERRORS,
    "None": lambda: None,
    "int": lambda: 5,
    "list of int": lambda: [5],
    "list of texts": lambda: ["web"],
    "list of dicts": lambda: [{"a": 1}],
}


def faulty(whole: type, name: str, fault: Callable[[], Any]) -> type:
    """Return the class with a word that does something else."""
    if callable(vars(whole).get(name)):
        return type("Faulty", (whole,), {name: lambda self, *given: fault()})
    return type("Faulty", (whole,), {name: property(lambda self: fault())})


def test_a_complete_warehouse_passes_the_wall() -> None:
    used(Complete())


@pytest.mark.parametrize(
    ("name", "kind"),
    # nobody looks at what `close` gives
    [(name, kind) for name in words(Warehouse) for kind in FAULTS if name != "close" or kind in ERRORS],
)
def test_whatever_a_word_of_the_port_raises_or_gives_is_one_line(name: str, kind: str) -> None:
    with pytest.raises(WarehouseError) as raised:
        used(faulty(Complete, name, FAULTS[kind])())
    assert str(raised.value).startswith("the warehouse 'marts' cannot be read: ")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("name", words(StandardDialect))
def test_whatever_a_word_of_the_dialect_raises_or_gives_is_one_line(name: str, kind: str) -> None:
    class Wrong(Complete):
        dialect = faulty(StandardDialect, name, FAULTS[kind])()

    with pytest.raises(WarehouseError, match="the warehouse 'marts' cannot be read: ") as raised:
        word = getattr(guarded(Wrong()).dialect, name)
        word("a", "b")
    assert "\n" not in str(raised.value)


def with_source(source: object) -> State:
    return State("v", NOON, NOON, {}, sources=(source,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("query", None, "its query gives None, not a list of tuples."),
        ("query", [{"a": 1}], "its query gives some dict, not a tuple."),
        ("query", [(b"web",)], "its query gives some bytes, not a text, number, day, moment, list or None."),
        ("relation", None, "its relation gives None, not a text."),
        ("members", ["web"], "its members gives some str, not a Member."),
        ("members", [Member("web", 1, "Web")], "its members gives some int, not a text."),  # type: ignore[arg-type]
        ("version", 5, "its version gives some int, not a text."),
        ("state", State("v", NOON, NOON, {"loan": None}), "its state of loan gives None, not an EntityState."),  # type: ignore[dict-item]
        ("state", State("v", None, NOON, {}), "its state gives None, not a datetime."),  # type: ignore[arg-type]
        ("state", with_source("crm"), "its state gives some str, not a SourceState for each of its sources."),
        (
            "state",
            with_source(SourceState("crm", "a", "b", datetime(2026, 1, 1))),
            "its source 'crm' gives some datetime, not an instant in UTC.",
        ),
        (
            "state",
            with_source(SourceState("crm", "a", "b", NOON, rows="3")),
            "its source 'crm' gives some tuple, not a number of rows and a timedelta or None.",
        ),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_type_is_named(name: str, given: object, told: str) -> None:
    with pytest.raises(WarehouseError) as raised:
        used(faulty(Complete, name, lambda: given)())
    assert str(raised.value) == f"the warehouse 'marts' cannot be read: {told}"


def test_an_entity_whose_first_day_is_a_moment_is_refused() -> None:
    state = State("v", NOON, NOON, {"loan": EntityState(4, {}, NOON)})
    with pytest.raises(WarehouseError, match=r"state of loan: its first is a day, not datetime"):
        used(faulty(Complete, "state", lambda: state)())


class OfNumpy:
    """A number or an array of numpy: it gives Python's own."""

    def __init__(self, own: object) -> None:
        self._own = own

    def tolist(self) -> object:
        return self._own


def test_rows_become_tuples_of_plain_values() -> None:
    given = [["web", OfNumpy(4), Decimal("0.5")], ("shop", OfNumpy([1, 2]), None)]
    wall = guarded(faulty(Complete, "query", lambda: given)())
    assert wall.query("SELECT 1") == [("web", 4, Decimal("0.5")), ("shop", [1, 2], None)]


def test_rows_that_are_plain_stay_the_list_that_they_are() -> None:
    given = [("web", 4, 0.5, Decimal("0.5"), True, date(2025, 1, 31), NOON, None)]
    assert guarded(faulty(Complete, "query", lambda: given)()).query("SELECT 1") is given
