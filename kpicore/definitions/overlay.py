"""Own definitions beside those of the plugins: one registry for a workspace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kpicore.config.reader import OWN_FOLDER
from kpicore.config.word_answers import with_answers
from kpicore.errors import UnreadDefinitions
from kpicore.model.metrics import folded_alias, names_of
from kpicore.model.schema import Dimension, Field
from kpicore.registry.contributions import Contributions, Problem
from kpicore.registry.core_entities import DIMENSIONS, ENTITIES
from kpicore.registry.joined import build_registry
from kpicore.registry.registry import Registry

if TYPE_CHECKING:
    from kpicore.config.reader import Config
    from kpicore.definitions.files import FieldOf, OwnFile


def workspace_registry(contributions: Contributions, config: Config) -> Registry:
    """Return the registry of the plugins' contributions, the workspace's own definitions and its words.

    Raises: UnreadDefinitions for an own file that is wrong as a whole, BadConfig for words that cannot be.
    """
    if not any((config.folder / OWN_FOLDER).glob("*.toml")):
        return with_answers(build_registry(contributions), config)
    from kpicore.definitions.files import own_files

    return with_answers(registry_with(contributions, own_files(config.folder)), config)


def registry_with(contributions: Contributions, own: Sequence[OwnFile]) -> Registry:
    """Return the registry of plugins and own files; `problems` tells which definitions are not used, and why.

    An id that a file speaks of is never answered by a plugin's definition instead, unless the file's
    own stands: a number would change its meaning without a word.

    Raises: UnreadDefinitions for an own file that is wrong as a whole.
    """
    if not own:
        return build_registry(contributions)
    from kpicore.definitions.fields import standing_in
    from kpicore.definitions.files import place

    for flaw in (flaw for file in own if file.is_unread for flaw in file.flaws):
        raise UnreadDefinitions(place(flaw.file, flaw.line), flaw.problem.removesuffix("."))
    problems = [*_problems(own, contributions), *_field_problems(own, _given_fields(contributions))]
    refused = {problem.item for problem in problems}
    # flawed ones too: a number would change its meaning without a word, were a plugin's definition used instead
    spoken = frozenset[str]().union(*(file.ids for file in own))
    kept = tuple(metric for metric in contributions.metrics if metric[1].id not in spoken)
    metrics = tuple((file.name, metric) for file in own for metric in file.metrics if metric.id not in refused)
    there = _given_fields(contributions)
    stand_in = {name for file in own for name in file.replaces}
    fields = tuple(
        (file.name, standing_in(field, there[key], file.said(field)) if key in stand_in else field)
        for file in own
        for field in file.fields
        # evaluated before the line above that reads `key`
        if ".".join(key := (field.entity, field.name)) not in refused
    )
    # only those that stand: of a refused one the plugin's field stays
    replacing = frozenset((field.entity, field.name) for _, field in fields) & stand_in
    joined = replace(
        contributions,
        metrics=kept + metrics,
        fields=tuple(field for field in contributions.fields if (field[1].entity, field[1].name) not in replacing)
        + fields,
        dimensions=contributions.dimensions + tuple(_dimensions(contributions, own)),
    )
    registry = build_registry(joined, replacing)
    own_fields = frozenset((field.entity, field.name) for _, field in fields)
    return replace(
        registry,
        problems=(*problems, *registry.problems),
        own_fields=own_fields,
        refused=_refused(spoken - registry.metrics.keys(), own, contributions, registry),
    )


def _refused(
    ids: frozenset[str], own: Iterable[OwnFile], contributions: Contributions, registry: Registry
) -> Mapping[str, str]:
    """Return the ids of refused KPIs by all their names, also those of the KPIs that they would stand in for."""
    metrics = (*(metric for file in own for metric in file.metrics), *(metric for _, metric in contributions.metrics))
    written = {folded_alias(alias): id for file in own for id in ids for alias in file.aliases(id)}
    names = names_of(metric for metric in metrics if metric.id in ids)
    return {**registry.refused, **written, **names, **{id: id for id in ids}}


def _problems(own: Iterable[OwnFile], contributions: Contributions) -> Iterator[Problem]:
    givers = {metric.id: giver for giver, metric in contributions.metrics}
    names = {other: metric.id for _, metric in contributions.metrics for other in metric.other_ids}
    for file in own:
        for flaw in file.flaws:
            yield Problem(file.name, flaw.item, f"Line {flaw.line}: {flaw.problem}" if flaw.line else flaw.problem)
        for metric in file.metrics:
            if metric.id in givers and metric.id not in file.replaces:
                problem = f"'{givers[metric.id]}' gives a KPI of this id, so neither is used. To use this one, write"
                yield Problem(file.name, metric.id, f"{problem} replaces = true.")
            elif metric.id in file.replaces and metric.id not in givers:
                yield Problem(file.name, metric.id, "it replaces nothing: no plugin gives a KPI of this id.")
            for name in (metric.id, *metric.other_ids):
                # whose the name is: of which KPI another name, else of which the id, else of this one alone
                owner = names.get(name, name if name in givers else metric.id)
                if owner != metric.id:
                    yield Problem(file.name, metric.id, f"'{name}' is another name of '{owner}' already.")


def _field_problems(own: Iterable[OwnFile], there: Mapping[FieldOf, Field]) -> Iterator[Problem]:
    """Yield the fields that replace nothing, or another kind of value."""
    for file in own:
        for field in file.fields:
            key = field.entity, field.name
            if key not in file.replaces:
                continue
            if key not in there:
                yield Problem(file.name, ".".join(key), "it replaces nothing: there is no field of this name.")
            elif there[key].type is not field.type:
                problem = f"what it replaces is {there[key].type.value}, and a field keeps its type."
                yield Problem(file.name, ".".join(key), problem)


def _given_fields(contributions: Contributions) -> Mapping[FieldOf, Field]:
    entities = (*ENTITIES, *(entity for _, entity in contributions.entities))
    fields = (*(field for entity in entities for field in entity.fields), *(field for _, field in contributions.fields))
    return {(field.entity, field.name): field for field in fields}


def _dimensions(contributions: Contributions, own: Iterable[OwnFile]) -> Iterator[tuple[str, Dimension]]:
    """Yield a dimension for each own field that is one, unless its name is a dimension already."""
    known = {dimension.name for dimension in DIMENSIONS} | {dimension.name for _, dimension in contributions.dimensions}
    for file in own:
        for field in file.fields:
            if field.dimension and field.name not in known:
                known.add(field.name)
                yield file.name, Dimension(field.name, field.meaning)
