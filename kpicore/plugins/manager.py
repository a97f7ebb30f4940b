"""Find plugins, and collect what they give; one that is broken is reported and hurts nobody else.

A plugin is a module (or object) with hook implementations, named by an entry point of the group
`kpicore`. Each gets a plugin manager of its own: then a registration is all or nothing, and a hook
that raises loses its own items only. `kpicore.plugins.installed` refuses what newcomers may not give;
`kpicore.registry.registry` joins the items and refuses names given twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, fields, is_dataclass, replace
from inspect import Parameter, iscoroutine, iscoroutinefunction, signature
from types import MappingProxyType, ModuleType
from typing import Any

import pluggy

from kpicore.errors import KpiError, UnknownName
from kpicore.model.derived_entities import DerivedEntity
from kpicore.model.features import Feature
from kpicore.model.field_kinds import MAPPINGS
from kpicore.model.import_questions import ImportQuestion
from kpicore.model.metrics import Metric
from kpicore.model.pages import Page
from kpicore.model.presumptions import Presumption
from kpicore.model.reports import Report
from kpicore.model.rules import Rule, Words
from kpicore.model.schema import Dimension, Entity, Field
from kpicore.model.settings import Setting, SettingTable
from kpicore.model.source_kinds import SourceKind
from kpicore.model.units import Unit
from kpicore.model.workspace_files import WorkspaceFile
from kpicore.plugins import hookspecs
from kpicore.plugins.discovery import DISTRIBUTION, EntryPoint
from kpicore.plugins.undone import undone
from kpicore.registry.contributions import CORE, Contributions
from kpicore.text.plain_text import value_shown
from kpicore.utils.isolation import failure_words, in_words, quiet
from kpicore.warehouse.kinds import WarehouseKind
from kpicore.wording.note_words import NoteWords

MOST_RECORDS, MOST_SECONDS, SLOW_SECONDS = 10_000, 60, 5
"""What a hook may give and take; what is slower than the last is told."""

PREFIX = "kpi_"
OK, PARTLY, BROKEN, DISABLED = "ok", "partly", "broken", "disabled"

_MOST_TOLD = 10

# hooks are asked in this order, and what a plugin gives is told in it
_ITEMS: MappingProxyType[str, tuple[type, ...]] = MappingProxyType(
    {
        "entities": (Entity,),
        "derived_entities": (DerivedEntity,),
        "fields": (Field,),
        "dimensions": (Dimension,),
        "metrics": (Metric,),
        "sources": (SourceKind,),
        "rules": (Rule,),
        "words": (Words,),
        "note_words": (NoteWords,),
        "reports": (Report,),
        "pages": (Page,),
        "settings": (Setting, SettingTable),
        "warehouses": (WarehouseKind,),
        "features": (Feature,),
        "presumptions": (Presumption,),
        "workspace_files": (WorkspaceFile,),
        "import_questions": (ImportQuestion,),
    }
)


@dataclass(frozen=True, slots=True)
class PluginReport:
    """What became of one plugin: `status` is ok, partly, broken or disabled; `gives` counts its items."""

    name: str
    distribution: str
    version: str
    status: str
    gives: tuple[tuple[str, int], ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """All problems in one line, empty when there are none."""
        return "; ".join(self.problems)


@dataclass(frozen=True, slots=True)
class Plugins:
    """What all plugins gave, each item with its giver's name, and a report on each plugin."""

    contributions: Contributions
    reports: tuple[PluginReport, ...]

    @property
    def newcomers(self) -> frozenset[str]:
        """The plugins that do not come with kpicore."""
        return frozenset(report.name for report in self.reports if report.distribution.casefold() != DISTRIBUTION)


def collected(shut: Collection[str], points: Iterable[EntryPoint], clock: Callable[[], float]) -> Plugins:
    """Return all that plugins give, but those that are shut out: names of plugins or of whole distributions."""
    by_kind: dict[str, list[tuple[str, Any]]] = {kind: [] for kind in _ITEMS}
    reports: list[PluginReport] = []
    built_in = set[str]()
    for name, point in _named(points):
        report, items = _loaded(name, point, shut, clock)
        reports.append(report)
        if point.is_built_in:
            built_in.add(name)
        for kind, item in items:
            by_kind[kind].append((name, item))
    joined: dict[str, Any] = {kind: tuple(items) for kind, items in by_kind.items()}
    return Plugins(Contributions(**joined, built_in=frozenset(built_in)), tuple(reports))


def _named(points: Iterable[EntryPoint]) -> Iterator[tuple[str, EntryPoint]]:
    """Yield the plugins by name; where two distributions use one name, the newcomer's is told too."""
    ordered = sorted(points, key=lambda point: (point.name, point.distribution))
    # one that is named as the core is has its distribution behind its name too
    times = Counter([CORE, *(point.name for point in ordered)])
    for point in ordered:
        is_alone = point.is_built_in or times[point.name] == 1
        yield (point.name if is_alone else f"{point.name} ({point.distribution})"), point


def _loaded(
    name: str, point: EntryPoint, disabled: Collection[str], clock: Callable[[], float]
) -> tuple[PluginReport, list[tuple[str, Any]]]:
    known_as = name, point.distribution, point.version
    if name.casefold() in disabled or point.is_in(disabled):
        return PluginReport(*known_as, DISABLED), []
    with nullcontext() if point.is_built_in else undone():
        return _items_of(known_as, point, clock)


def _items_of(
    known_as: tuple[str, str, str], point: EntryPoint, clock: Callable[[], float]
) -> tuple[PluginReport, list[tuple[str, Any]]]:
    began = clock()
    try:
        with quiet():
            manager = _manager_of(point.load())
    except Exception as error:  # foreign code: whatever it raises is its own problem
        return PluginReport(*known_as, BROKEN, problems=(failure_words(error),)), []
    items: list[tuple[str, Any]] = []
    problems = [*_slow("its import", clock() - began)]
    for kind in _ITEMS:
        hook = getattr(manager.hook, PREFIX + kind, None)
        for impl in hook.get_hookimpls() if hook is not None else ():
            began = clock()
            try:
                with quiet():
                    records, wrong = _records_of(impl.function, kind, clock)  # the whole list, or nothing of it
                    if not point.is_built_in:
                        records = [_kept(record) for record in records]
            except Exception as error:  # foreign code, as above
                problems.append(f"{PREFIX}{kind}: {failure_words(error)}")
                continue
            items += [(kind, record) for record in records]
            problems += [*_slow(PREFIX + kind, clock() - began), *wrong]
    numbers = Counter(kind for kind, _ in items)
    gives = tuple((kind, numbers[kind]) for kind in _ITEMS if kind in numbers)
    status = OK if not problems else PARTLY if items else BROKEN
    return PluginReport(*known_as, status, gives, tuple(problems)), items


def _manager_of(plugin: object) -> pluggy.PluginManager:
    """Return a manager with this plugin alone. Raises when any of its hooks is wrong."""
    manager = pluggy.PluginManager("kpicore")
    known = [name for name in vars(hookspecs) if name.startswith(PREFIX)]
    # before pluggy sees it: it says nothing of a function without its mark, and that plugin would be silently empty
    for problem in _wrong_hooks(manager, plugin, known):
        raise problem
    manager.register(plugin)
    specs = ModuleType("specs")  # of its own hooks alone: to read all of them for each plugin would take longer
    vars(specs).update({hook: getattr(hookspecs, hook) for hook in known if hasattr(manager.hook, hook)})
    if not vars(specs).keys() & known:
        raise KpiError(f"it has no hook: none of its functions is called as one, such as {PREFIX}metrics")
    manager.add_hookspecs(specs)
    return manager


def _wrong_hooks(manager: pluggy.PluginManager, plugin: object, known: Collection[str]) -> Iterator[Exception]:
    for name in dir(plugin):
        if not name.startswith(PREFIX) or not callable(getattr(plugin, name, None)):
            continue
        marks = manager.parse_hookimpl_opts(plugin, name)
        hook = (marks["specname"] if marks else None) or name
        if hook not in known:
            yield UnknownName("hook", hook, known)
        elif marks is None:
            yield KpiError(f"{name} lacks its @hookimpl")
        elif marks["wrapper"] or marks["hookwrapper"]:
            yield KpiError(f"{name} is a wrapper, and a hook that gives items cannot be wrapped")
        elif iscoroutinefunction(getattr(plugin, name)):
            yield KpiError(f"{name} is async, and nothing awaits it: write def")
        elif needed := _arguments(getattr(plugin, name)):
            yield KpiError(f"{name} is given no arguments, and needs '{needed[0]}'")


def _arguments(hook: Callable[..., Any]) -> list[str]:
    needed = (parameter for parameter in signature(hook).parameters.values() if parameter.default is Parameter.empty)
    starred = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    return [parameter.name for parameter in needed if parameter.kind not in starred]


def _records_of(function: Callable[[], Any], kind: str, clock: Callable[[], float]) -> tuple[list[Any], list[str]]:
    """Return the records of a hook, and what is wrong with what else it gave. Raises KpiError, or what it raises."""
    wanted, began = _ITEMS[kind], clock()
    returned = function()
    if returned is None:
        raise KpiError("gave nothing, did you forget to return or yield?")
    if iscoroutine(returned):
        returned.close()
        raise KpiError("gave what is async, and nothing awaits it: write def")
    if isinstance(returned, wanted) or not isinstance(returned, Iterable):
        thing = f"one {type(returned).__name__}" if isinstance(returned, wanted) else value_shown(returned)
        raise KpiError(f"gave {thing}, it must yield each or return a list")
    records: list[Any] = []
    wrong: list[Any] = []
    for number, record in enumerate(returned, 1):
        if number > MOST_RECORDS:
            raise KpiError(f"gave more than {MOST_RECORDS:,} records")
        # between two records alone: a hook that computes on without giving any cannot be stopped
        if (seconds := clock() - began) > MOST_SECONDS:
            raise KpiError(f"was stopped after {seconds:.0f} s, as it may take {MOST_SECONDS}")
        if type(record) in wanted:
            records.append(record)
        else:
            wrong.append(record)
    problems = [f"{PREFIX}{kind} gave {_no_record(item, wanted)}" for item in wrong[:_MOST_TOLD]]
    if len(wrong) > _MOST_TOLD:
        problems.append(f"{PREFIX}{kind} gave {len(wrong) - _MOST_TOLD:,} more that are none")
    return records, problems


def _kept(record: Any) -> Any:
    """Return a copy of a record, checked as it is now, that its plugin cannot change later. Raises KpiError."""
    try:
        return _copied(record)
    except Exception as error:  # it was made without being checked, or changed since
        kind = type(record).__name__
        raise KpiError(f"gave a {kind} that is none: {in_words(error)}") from error


def _copied(value: Any) -> Any:
    """Return the value with its records made anew, those in its tuples and dicts first."""
    # `type`: a class of records is a dataclass to Python as its records are
    if is_dataclass(value) and not isinstance(value, type | Unit):  # units are the same ones everywhere
        return replace(
            value, **{field.name: _copied(getattr(value, field.name)) for field in fields(value) if field.init}
        )
    if type(value) is tuple:
        return tuple(map(_copied, value))
    return {name: _copied(part) for name, part in value.items()} if type(value) in MAPPINGS else value


def _no_record(item: object, wanted: tuple[type, ...]) -> str:
    for cls in wanted:
        if issubclass(type(item), cls):  # it can override all that was checked
            return f"a {type(item).__name__}, which is made from {cls.__name__}: give a {cls.__name__} itself"
    return f"{value_shown(item)}, which is no {' or '.join(cls.__name__ for cls in wanted)}"


def _slow(what: str, seconds: float) -> Iterator[str]:
    if seconds > SLOW_SECONDS:
        yield f"{what} took {seconds:.1f} s"
