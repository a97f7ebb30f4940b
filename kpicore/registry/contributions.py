"""What the plugins gave, each item with its giver, and what of it was not taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from kpicore.text.plain_text import given_by

if TYPE_CHECKING:
    from kpicore.model.derived_entities import DerivedEntity
    from kpicore.model.features import Feature
    from kpicore.model.import_questions import ImportQuestion
    from kpicore.model.metrics import Metric
    from kpicore.model.pages import Page
    from kpicore.model.presumptions import Presumption
    from kpicore.model.reports import Report
    from kpicore.model.rules import Rule, Words
    from kpicore.model.schema import Dimension, Entity, Field
    from kpicore.model.settings import Setting, SettingTable
    from kpicore.model.source_kinds import SourceKind
    from kpicore.model.workspace_files import WorkspaceFile
    from kpicore.warehouse.kinds import WarehouseKind
    from kpicore.wording.note_words import NoteWords

T = TypeVar("T")
Given = tuple[str, T]
"""An item with the name of the plugin that gave it."""

CORE = "kpicore"


@dataclass(frozen=True, slots=True)
class Problem:
    """An item that was refused, and why. The rest works."""

    giver: str
    item: str
    problem: str


@dataclass(frozen=True, slots=True)
class StandIn:
    """An item of a newcomer that replaces a built-in one: "metric 'loans'", which `owner` gives."""

    giver: str
    item: str
    owner: str


@dataclass(frozen=True, slots=True)
class Contributions:
    """What the plugins gave, each item with its giver; what (`refused`: which KPIs) was not taken; stand-ins.

    `built_in` are the givers that come with kpicore: what they give is known to be sound, and stays.
    """

    entities: tuple[Given[Entity], ...] = ()
    derived_entities: tuple[Given[DerivedEntity], ...] = ()
    fields: tuple[Given[Field], ...] = ()
    dimensions: tuple[Given[Dimension], ...] = ()
    metrics: tuple[Given[Metric], ...] = ()
    sources: tuple[Given[SourceKind], ...] = ()
    rules: tuple[Given[Rule], ...] = ()
    words: tuple[Given[Words], ...] = ()
    note_words: tuple[Given[NoteWords], ...] = ()
    reports: tuple[Given[Report], ...] = ()
    pages: tuple[Given[Page], ...] = ()
    settings: tuple[Given[Setting | SettingTable], ...] = ()
    features: tuple[Given[Feature], ...] = ()
    presumptions: tuple[Given[Presumption], ...] = ()
    workspace_files: tuple[Given[WorkspaceFile], ...] = ()
    import_questions: tuple[Given[ImportQuestion], ...] = ()
    warehouses: tuple[Given[WarehouseKind], ...] = ()
    problems: tuple[Problem, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    refused: tuple[Metric, ...] = ()
    built_in: frozenset[str] = frozenset()


def with_core(own: Sequence[T], contributed: Iterable[Given[T]]) -> list[Given[T]]:
    """Return the core's own items before those given; one that is given too, as it is, stands where it is given."""
    items = [(CORE if item in own else giver, item) for giver, item in contributed]
    placed = [item for giver, item in items if giver == CORE]
    return [*((CORE, item) for item in own if item not in placed), *items]


def unique(
    items: Iterable[Given[T]], kind: str, name_of: Callable[[T], str], problems: list[Problem]
) -> dict[str, Given[T]]:
    """Return the items by name, none that several give; `problems` are told of these."""
    by_name: dict[str, Given[T]] = {}
    twice: dict[str, list[str]] = {}
    for giver, item in items:
        name = name_of(item)
        if name in by_name:
            twice.setdefault(name, [by_name[name][0]]).append(giver)
        else:
            by_name[name] = (giver, item)
    for name, givers in twice.items():
        if givers[0] == CORE:
            problems += [Problem(giver, name, f"the {kind} '{name}' is the core's own") for giver in givers[1:]]
            continue
        # Neither is taken: which came first depends on how plugins were installed, and no answer may.
        given_twice = f"{kind} '{name}' is given {given_by(givers)}"
        problems += [Problem(giver, name, given_twice) for giver in dict.fromkeys(givers)]
        del by_name[name]
    return by_name
