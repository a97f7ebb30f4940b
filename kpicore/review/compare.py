"""Two sets of definitions, opened over the data of one workspace, and what differs. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore.calendar import Calendar, Grain, Period
from kpicore.definitions.files import OwnFile, own_file, own_files, place
from kpicore.definitions.overlay import registry_with
from kpicore.engine.compile.definitions import Definitions
from kpicore.engine.engine import Engine
from kpicore.engine.plan.filters import MemberNames
from kpicore.errors import BadDefinition, BadFile
from kpicore.model.notes import Note
from kpicore.registry.contributions import Contributions
from kpicore.registry.joined import build_registry
from kpicore.registry.registry import Registry
from kpicore.review.changes import Change, changes, reworded
from kpicore.review.field_changes import FieldChange, FieldChanges
from kpicore.review.number_changes import Moved, moved, past_periods
from kpicore.review.trial_tables import made_by
from kpicore.targets.relation import WorkspaceTargets
from kpicore.warehouse import FILE, Warehouse
from kpicore.warehouse.kinds import DUCKDB_KIND

if TYPE_CHECKING:
    from kpicore.workspace import Workspace

PACKS = "packs"
"""The word for the installed definitions, without files."""


@dataclass(frozen=True, slots=True)
class DefinitionDifference:
    """What differs between two sets of definitions.

    `reworded` names each KPI that is described differently and how; `fields` the fields that are made
    otherwise; `periods` is empty where no data could be asked.
    """

    changes: tuple[Change, ...]
    reworded: tuple[tuple[str, tuple[str, ...]], ...]
    fields: tuple[FieldChange, ...]
    numbers: tuple[Moved, ...] = ()
    periods: tuple[Period, ...] = ()
    notes: tuple[Note, ...] = ()


def difference(
    workspace: Workspace, old: str, new: str, period: str | None = None, grain: Grain | None = None
) -> DefinitionDifference:
    """Return what differs between two files, folders of files, or "packs", and which numbers that changes.

    Both sides stand beside the workspace's other own definitions. Raises KpiError for a file that cannot
    be read or has a flaw, and for a period that cannot be.
    """
    from kpicore.ingest.catalog.lineage import traced

    sides = [_files(path) for path in (old, new)]
    others = _others(workspace.config.folder, (old, new), [file for side in sides for file in side])
    contributions, settings = workspace.plugins.contributions, workspace.config.settings
    registries = [_registry(contributions, [*others, *side]) for side in sides]
    compiled = [Definitions(registry, settings, workspace.config.default_variants) for registry in registries]
    before, after = (traced(registry, workspace.config, workspace.calendar) for registry in registries)
    fields = FieldChanges(compiled[0], compiled[1], before, after)
    changed = tuple(changes(*compiled))
    differences = DefinitionDifference(changed, tuple(reworded(*registries)), tuple(fields.fields()))
    # only tables that are made here can be made by other definitions
    if (kind := workspace.config.warehouse_kind) is not DUCKDB_KIND:
        return replace(differences, notes=(Note.of("made_elsewhere", kind=kind.kind),))
    if not (workspace.config.folder / FILE).exists():
        return replace(differences, notes=(Note.of("nothing_to_compare"),))
    # a variant whose text is the same counts as changed where a field that it reads is filled otherwise
    changed += tuple(fields.variants({(change.metric.id, change.variant) for change in changed}))
    with made_by(registries[0], workspace) as old_tables, made_by(registries[1], workspace) as new_tables:
        engines = [
            _engine(definitions, warehouse, workspace.calendar)
            for definitions, warehouse in zip(compiled, (old_tables, new_tables), strict=True)
        ]
        periods = _periods(workspace, engines[0], period, grain)
        numbers, notes = moved(changed, engines[0], engines[1], periods)
        return replace(differences, changes=changed, numbers=tuple(numbers), periods=periods, notes=tuple(notes))


def _engine(definitions: Definitions, warehouse: Warehouse, calendar: Calendar) -> Engine:
    registry = definitions.registry
    members = MemberNames(warehouse, registry.codes_of_dimensions())
    parts = registry, definitions, warehouse, calendar, members
    return Engine(*parts, WorkspaceTargets(*parts))


def _files(side: str) -> tuple[OwnFile, ...]:
    path = Path(side)
    if side.strip().casefold() == PACKS:
        return ()
    if not path.exists():
        raise BadFile(side, "there is no such file", hint=f"Give a definitions file, a folder of them, or {PACKS}.")
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    own = tuple(own_file(file, str(file)) for file in files)
    for flaw in (flaw for file in own for flaw in file.flaws):
        raise BadDefinition(place(flaw.file, flaw.line), flaw.told.removesuffix("."))
    return own


def _others(folder: Path, sides: Iterable[str], compared: Iterable[OwnFile]) -> list[OwnFile]:
    """Return the workspace's own definitions without those that are compared."""
    paths = {Path(side).resolve() for side in sides}
    ids = frozenset[str]().union(*(file.ids for file in compared))
    fields = {(field.entity, field.name) for file in compared for field in file.fields}
    return [
        replace(
            file,
            metrics=tuple(metric for metric in file.metrics if metric.id not in ids),
            fields=tuple(field for field in file.fields if (field.entity, field.name) not in fields),
            flaws=tuple(flaw for flaw in file.flaws if flaw.item not in ids),
        )
        for file in own_files(folder)
        # neither a file that is compared nor one in a folder that is
        if not {path := (folder / file.name).resolve(), path.parent} & paths
    ]


def _registry(contributions: Contributions, own: Iterable[OwnFile]) -> Registry:
    """Return the registry in which what the files give stands in for what plugins give, said so or not."""
    files = [replace(file, replaces=frozenset()) for file in own]
    ids = frozenset[str]().union(*(file.ids for file in files))
    kept = tuple(metric for metric in contributions.metrics if metric[1].id not in ids)
    known = build_registry(contributions).entities
    # both sides may define what a plugin gives: here each stands in for it, as to be refused would compare nothing
    stand_in = [
        replace(
            file,
            replaces=frozenset(
                (field.entity, field.name)
                for field in file.fields
                if field.entity in known and known[field.entity].field(field.name) is not None
            ),
        )
        for file in files
    ]
    return registry_with(replace(contributions, metrics=kept), stand_in)


def _periods(workspace: Workspace, engine: Engine, period: str | None, grain: Grain | None) -> tuple[Period, ...]:
    calendar = workspace.calendar
    if period is None:
        days = [entity.last for entity in engine.state.entities.values() if entity.last is not None]
        return past_periods(calendar, engine.today, max(days, default=None))
    whole = calendar.parse(period, today=engine.today)
    return (*(calendar.series(whole, grain) if grain else ()), whole)
