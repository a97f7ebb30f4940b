"""What is built in stays: a newcomer, a plugin that does not come with kpicore, takes nothing of it away.

A newcomer's item that would is refused, and its giver is told; unless it says that it replaces. Whoever reads the
contributions afterwards finds nothing that a newcomer and a built-in plugin both give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

from kpicore.model.features import OF_THE_WORKSPACE
from kpicore.model.metrics import RESERVED_IDS, Metric
from kpicore.model.presumptions import Presumption
from kpicore.model.questions import REASONS
from kpicore.model.rules import Words
from kpicore.model.schema import Dimension, Entity, Field, given_name, with_days, with_words
from kpicore.model.settings import CORE_SETTINGS, CORE_TABLES, WAREHOUSE_TABLE, table_place
from kpicore.registry.contributions import CORE, Contributions, Given, Problem, StandIn, with_core
from kpicore.registry.core_entities import DIMENSIONS, ENTITIES
from kpicore.registry.search import folded, names
from kpicore.text.nearest import LONGEST_NAME
from kpicore.text.plain_text import shortened
from kpicore.warehouse.kinds import DUCKDB_KIND
from kpicore.wording.inputs import function_name
from kpicore.wording.notes import NOTES

_MOST_NAMES = 1_000
"""And descriptions that plugins may add to one KPI: a record holds so many, and they are joined in each command."""

_CALENDAR = "calendar"
"""The table beside those of the entities."""


@dataclass(frozen=True, slots=True)
class _ItemKind:
    """A kind of items that have names: `taken` ones beside those of built-in items, each with who gives it, and what
    is wrong with an item whatever its name is."""

    called: str
    name_of: Callable[[Any], str]
    taken: Mapping[str, str] = field(default_factory=dict)
    flaw_of: Callable[[Any], str] = lambda item: ""


@dataclass(slots=True)
class _Refusals:
    problems: list[Problem] = field(default_factory=list)
    stand_ins: list[StandIn] = field(default_factory=list)

    def refuse(self, giver: str, item: str, problem: str) -> None:
        self.problems.append(Problem(giver, item, problem))


def shielded(contributions: Contributions) -> Contributions:
    """Return the contributions without what newcomers would take away, and with what is told of it.

    What is built in stands first.
    """
    refusals, built_in = _Refusals(), contributions.built_in
    kept: dict[str, Any] = {}
    for name, kind in _kinds(contributions).items():
        kept[name] = _settled(kind, getattr(contributions, name), built_in, refusals)
    # in this order: what a metric is called counts once it is known which metrics stay
    kept["metrics"] = tuple(_apart(kept["metrics"], built_in, refusals))
    metrics = {metric.id: (giver, metric) for giver, metric in kept["metrics"] if giver in built_in}
    kept["words"] = _settled_words(contributions.words, metrics, built_in, refusals)
    if len(metrics) < len(kept["metrics"]) or any(giver not in built_in for giver, _ in kept["words"]):
        _keep_names(kept, built_in, refusals)
    stay = {(giver, metric.id) for giver, metric in kept["metrics"]}
    gone = tuple(metric for giver, metric in contributions.metrics if (giver, metric.id) not in stay)
    problems, stand_ins = (*contributions.problems, *refusals.problems), tuple(refusals.stand_ins)
    return replace(contributions, **kept, problems=problems, stand_ins=stand_ins, refused=gone)


def _kinds(contributions: Contributions) -> Mapping[str, _ItemKind]:
    built_in = contributions.built_in | {CORE}
    entities = [pair for pair in with_core(ENTITIES, contributions.entities) if pair[0] in built_in]
    dimensions = [pair for pair in with_core(DIMENSIONS, contributions.dimensions) if pair[0] in built_in]
    fields = {
        f"{word.entity}.{word.name}": giver
        for giver, field in (*_fields(entities), *contributions.fields)
        if giver in built_in
        for word in with_words(with_days((field,)))
    }
    dimension_names = {
        name: giver for giver, dimension in dimensions for name in (dimension.name, given_name(dimension.name))
    }
    own = dict.fromkeys((*(entity.name for entity in ENTITIES), _CALENDAR), CORE)
    functions = _functions(metric for metric in contributions.metrics if metric[0] in built_in)

    def brings_one(item: Field) -> str:
        # the first is the field itself
        brought = (f"{item.entity}.{word.name}" for word in with_words(with_days((item,)))[1:])
        clash = next((name for name in brought if name in fields), "")
        return f"the field '{clash}' that it brings is built in by '{fields[clash]}'" if clash else ""

    keys = {dimension.key: dimension.name for _, dimension in dimensions if dimension.key}

    def same_rows(item: Dimension) -> str:  # what is of a value of the one, a target say, would be of the other's too
        is_taken = bool(item.entity) and item.key in keys
        return f"its key '{item.key}' is that of the built-in dimension '{keys[item.key]}'" if is_taken else ""

    def bad_function(item: Metric) -> str:
        taken = ((name, *functions.get(name, (CORE, item.id))) for name in sorted(_names(item)))
        clash = next(((name, owner) for name, owner, id in taken if id != item.id), None)
        return f"its spreadsheet function {clash[0]} is built in by '{clash[1]}'" if clash else ""

    reasons = {presumption.reason: giver for giver, presumption in contributions.presumptions if giver in built_in}

    def bad_reason(item: Presumption) -> str:  # what people read of it, and do about it, would be the other one's
        owner = CORE if item.reason in REASONS else reasons.get(item.reason)
        return f"its reason '{item.reason}' is built in by '{owner}'" if owner else ""

    return {
        "entities": _ItemKind("entity", attrgetter("name"), own),
        "derived_entities": _ItemKind("derived entity", attrgetter("entity")),
        "fields": _ItemKind("field", lambda item: f"{item.entity}.{item.name}", fields, brings_one),
        "dimensions": _ItemKind("dimension", attrgetter("name"), dimension_names, same_rows),
        "metrics": _ItemKind("metric", attrgetter("id"), flaw_of=bad_function),
        "sources": _ItemKind("source kind", attrgetter("kind")),
        "rules": _ItemKind("rule", attrgetter("id")),
        "reports": _ItemKind("report", attrgetter("id")),
        "pages": _ItemKind("page", attrgetter("path")),
        "settings": _ItemKind("setting", attrgetter("place"), dict.fromkeys(_core_places(), CORE)),
        "features": _ItemKind("feature", attrgetter("name"), dict.fromkeys(OF_THE_WORKSPACE, CORE)),
        "presumptions": _ItemKind("presumption", attrgetter("name"), flaw_of=bad_reason),
        "note_words": _ItemKind(
            "kind of notes", attrgetter("kind"), dict.fromkeys((words.kind for words in NOTES), CORE)
        ),
        "workspace_files": _ItemKind("workspace file", attrgetter("name")),
        "import_questions": _ItemKind("import question", attrgetter("name")),
        "warehouses": _ItemKind("warehouse kind", attrgetter("kind"), {DUCKDB_KIND.kind: CORE}),
    }


def _fields(entities: Iterable[Given[Entity]]) -> Iterator[Given[Field]]:
    return ((giver, field) for giver, entity in entities for field in entity.fields)


def _core_places() -> tuple[str, ...]:
    return (
        *(setting.place for setting in CORE_SETTINGS),
        *(table_place(table) for table in (*CORE_TABLES, WAREHOUSE_TABLE)),
    )


def _settled(
    kind: _ItemKind, items: Iterable[Given[Any]], built_in: Collection[str], refusals: _Refusals
) -> tuple[Given[Any], ...]:
    """Return the built-in items that stay, and those of newcomers that take nothing away."""
    old = {kind.name_of(item): (giver, item) for giver, item in items if giver in built_in}
    # case-folded, as KPIs, reports and dimensions are asked for ignoring case
    owners = {name.casefold(): (name, giver) for name, (giver, _) in old.items()}
    owners |= {name.casefold(): (name, giver) for name, giver in kind.taken.items()}
    rivals: dict[str, list[Given[Any]]] = {}
    kept = []
    for giver, item in items:
        if giver in built_in:
            continue
        name = kind.name_of(item)
        theirs, owner = owners.get(name.casefold(), ("", ""))
        if theirs and theirs != name:
            refusals.refuse(
                giver, name, f"{kind.called} '{name}' differs from the built-in '{theirs}' by its case only"
            )
        elif flaw := kind.flaw_of(item):
            refusals.refuse(giver, name, flaw)
        elif theirs and getattr(item, "replaces", False):
            rivals.setdefault(name, []).append((giver, item))
        elif theirs:
            way = "to stand in for it, give replaces=True" if hasattr(item, "replaces") else "choose another name"
            refusals.refuse(giver, name, f"{kind.called} '{name}' is built in by '{owner}'; {way}.")
        elif getattr(item, "replaces", False):
            refusals.refuse(giver, name, f"it replaces nothing: no {kind.called} '{name}' is built in.")
        else:
            kept.append((giver, item))
    for name in _agreed(rivals, lambda name: (f"{kind.called} '{name}'", name, old[name][0]), refusals):
        old.pop(name)
        kept += rivals[name]
    return (*old.values(), *kept)


def _agreed(
    rivals: Mapping[Any, list[Given[Any]]], named: Callable[[Any], tuple[str, str, str]], refusals: _Refusals
) -> Iterator[Any]:
    """Yield the names that one newcomer alone replaces; where several would, what is built in stays."""
    for name, items in rivals.items():
        called, item, owner = named(name)
        if len(items) == 1:
            refusals.stand_ins.append(StandIn(items[0][0], called, owner))
            yield name
            continue
        both = " and ".join(f"'{giver}'" for giver, _ in items)
        for giver, _ in items:
            refusals.refuse(giver, item, f"{called} would be replaced by {both}: the built-in one of '{owner}' stays")


def _settled_words(
    all_words: Iterable[Given[Words]],
    metrics: Mapping[str, Given[Metric]],
    built_in: Collection[str],
    refusals: _Refusals,
) -> tuple[Given[Words], ...]:
    """Return the words, the built-in ones first; a newcomer adds names to them, and describes nothing anew unasked."""
    old = [pair for pair in all_words if pair[0] in built_in]
    owners = {(words.metric, words.language): giver for giver, words in old if words.description}
    for id, (giver, metric) in metrics.items():
        owners |= {(id, language): giver for language in (*metric.descriptions, *(["en"] if metric.meaning else []))}
    rivals: dict[tuple[str, str], list[Given[Words]]] = {}
    kept, many = [], Counter[str]()
    for giver, words in all_words:
        if giver in built_in:
            continue
        key = words.metric, words.language
        many[words.metric] += 1 + len(words.names)
        if many[words.metric] > _MOST_NAMES:
            refusals.refuse(
                giver, words.metric, f"{_called(key)} are left out: plugins give it more than {_MOST_NAMES:,}"
            )
        elif key not in owners and words.replaces:
            refusals.refuse(giver, words.metric, f"it replaces nothing: no {_called(key)} are built in.")
        elif words.replaces:
            rivals.setdefault(key, []).append((giver, words))
        elif key in owners and words.description:
            way = "its names are used, and to stand in for the description, give replaces=True"
            refusals.refuse(giver, words.metric, f"{_called(key)} are built in by '{owners[key]}'; {way}.")
            kept.append((giver, replace(words, description="")))
        else:
            kept.append((giver, words))
    for key in _agreed(rivals, lambda key: (_called(key), key[0], owners[key]), refusals):
        kept += rivals[key]
    return (*old, *kept)


def _apart(
    metrics: Collection[Given[Metric]], built_in: Collection[str], refusals: _Refusals
) -> Iterator[Given[Metric]]:
    """Yield the metrics without those of newcomers that call a function as another newcomer's does."""
    owners: dict[str, list[Given[Metric]]] = {}
    for giver, metric in metrics:
        for name in _names(metric) if giver not in built_in else ():
            owners.setdefault(name, []).append((giver, metric))
    for giver, metric in metrics:
        # what it is called by its aliases alone: a clash of ids is told by the registry
        called = _names(metric) - _names(replace(metric, aliases=())) if metric.aliases else set[str]()
        rivals = (rival for name in sorted(called) for rival in owners.get(name, ()) if rival[1].id != metric.id)
        if giver not in built_in and (rival := next(rivals, None)):
            problem = f"an alias of it is a spreadsheet function of '{rival[1].id}' by '{rival[0]}' too"
            refusals.refuse(giver, metric.id, problem)
        else:
            yield giver, metric


def _keep_names(kept: dict[str, Any], built_in: Collection[str], refusals: _Refusals) -> None:
    """Leave out the names of newcomers by which a built-in metric is found; what is called so has its giver behind."""
    owners: dict[str, str] = {}
    for giver, metric in kept["metrics"]:
        if giver in built_in:
            owners |= dict.fromkeys(map(folded, names(metric)), metric.id)
    for giver, words in kept["words"]:
        if giver in built_in:
            owners |= dict.fromkeys(map(folded, words.names), words.metric)

    def free(giver: str, id: str, called: Iterable[str]) -> tuple[str, ...]:
        free_names = []
        for synonym in called:
            owner = owners.get(folded(synonym), id)
            if owner == id:
                free_names.append(synonym)
            else:
                refusals.refuse(giver, id, f"its name '{synonym}' is left out: '{owner}' is found by it")
        return tuple(free_names)

    def of_metric(giver: str, metric: Metric) -> Metric:
        synonyms = {language: free(giver, metric.id, called) for language, called in metric.synonyms.items()}
        return replace(metric, synonyms=synonyms)

    metrics = []
    for giver, metric in kept["metrics"]:
        if giver in built_in:
            metrics.append((giver, metric))
        elif owners.get(folded(metric.name), metric.id) != metric.id:
            owner, name = owners[folded(metric.name)], shortened(f"{metric.name} ({giver})", LONGEST_NAME)
            refusals.refuse(giver, metric.id, f"it is called '{name}': '{owner}' is found by '{metric.name}'")
            metrics.append((giver, replace(of_metric(giver, metric), name=name)))
        else:
            metrics.append((giver, of_metric(giver, metric)))
    kept["metrics"] = tuple(metrics)
    kept["words"] = tuple(
        (giver, words if giver in built_in else replace(words, names=free(giver, words.metric, words.names)))
        for giver, words in kept["words"]
    )


def _called(key: tuple[str, str]) -> str:
    return f"the words of '{key[0]}' in '{key[1]}'"


def _functions(built_in: Iterable[Given[Metric]]) -> Mapping[str, tuple[str, str]]:
    """Return the spreadsheet functions that are built in, with the giver and the id of the metric that has each."""
    functions = {name: (giver, metric.id) for giver, metric in built_in for name in _names(metric)}
    return functions | {name: (CORE, "") for name in ("KPI", *map(function_name, RESERVED_IDS))}


def _names(metric: Metric) -> set[str]:
    """Return the names of all functions that a metric may have: its own, its aliases', and of their calculators."""
    names = {*map(function_name, (metric.id, *metric.other_ids))}
    variants = ("_CALC", *(f"_{variant.upper()}_CALC" for variant in metric.variant_names))
    return {name + ending for name in names for ending in ("", *variants)}
