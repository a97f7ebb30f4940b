"""What plugins gave, joined to one registry: names given twice and what does not go together is refused and told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING

from kpicore.errors import BadDefinition, KpiError, UnknownName
from kpicore.model.derived_entities import DerivedEntity
from kpicore.model.features import OF_THE_WORKSPACE, Feature
from kpicore.model.metrics import names_of
from kpicore.model.presumptions import Presumption
from kpicore.model.schema import Dimension, Entity, Field, columns_of, given_name, with_days, with_words
from kpicore.model.settings import CORE_SETTINGS, CORE_TABLES, WAREHOUSE_TABLE, Setting, SettingTable
from kpicore.registry.contributions import CORE, Contributions, Given, Problem, unique, with_core
from kpicore.registry.copied_codes import with_copied_codes
from kpicore.registry.core_entities import DIMENSIONS, ENTITIES
from kpicore.registry.registry import Registry
from kpicore.registry.schema_checks import (
    MOST_FIELDS,
    columns,
    wrong_in_derived,
    wrong_in_dimension,
    wrong_in_entity,
    wrong_in_field,
)
from kpicore.registry.search import worded
from kpicore.wording.notes import NOTES
from kpicore.wording.wording import Wording

if TYPE_CHECKING:
    from kpicore.warehouse.kinds import WarehouseKind


def build_registry(given: Contributions, replacing: Collection[tuple[str, str]] = ()) -> Registry:
    """Return the registry of what the plugins give, beside the few words of the core's own.

    Fields in `replacing`, by entity and name, stand in for those that the entities have.
    Only names are checked here; `kpicore.review.definition_checks` reads the expressions too, which costs 0.2 s.
    """
    problems = [*given.problems]
    taken = {each.name for each in (*DIMENSIONS, *(each for _, each in given.dimensions)) if each.entity}
    sound = with_core(ENTITIES, _sound_entities(given, taken, problems))
    entities = unique(sound, "entity", attrgetter("name"), problems)
    fields = unique(given.fields, "field", lambda each: f"{each.entity}.{each.name}", problems)
    _add_fields(entities, fields.values(), replacing, taken, problems)
    entities = _with_copied_codes(entities, {(each.entity, each.name) for _, each in fields.values()})
    cuts = with_core(DIMENSIONS, _sound_dimensions(given, entities, problems))
    dimensions = unique(cuts, "dimension", attrgetter("name"), problems)
    dimensions |= _in_given_words(entities, dimensions)
    derivable = _sound_derived(given.derived_entities, entities, problems)
    derived = unique(derivable, "derived entity", attrgetter("entity"), problems)
    metrics = unique(given.metrics, "metric", lambda each: each.id, problems)
    rules = unique(given.rules, "rule", lambda each: each.id, problems)
    reports = unique(given.reports, "report", lambda each: each.id, problems)
    pages = unique(given.pages, "page", lambda each: each.path, problems)
    features = unique(_free(given.features, problems), "feature", attrgetter("name"), problems)
    presumptions = unique(given.presumptions, "presumption", attrgetter("name"), problems)
    said = unique(with_core(NOTES, given.note_words), "kind of notes", attrgetter("kind"), problems)
    files = unique(given.workspace_files, "workspace file", attrgetter("name"), problems)
    asked = unique(given.import_questions, "import question", attrgetter("name"), problems)
    problems += declared(given).problems
    gone = (*given.refused, *(each for _, each in given.metrics))
    return Registry(
        {name: replace(each, fields=with_words(with_days(each.fields))) for name, (_, each) in entities.items()},
        {name: each for name, (_, each) in dimensions.items()},
        worded({name: each for name, (_, each) in metrics.items()}, [each for _, each in given.words]),
        {name: giver for name, (giver, _) in metrics.items()},
        tuple(problems),
        tuple(rules.values()),
        {name: each for name, (_, each) in reports.items()},
        {path: each for path, (_, each) in pages.items()},
        makers=_makers(given, entities, fields.values()),
        refused=names_of((each for each in gone if each.id not in metrics), [each for _, each in metrics.values()]),
        features={name: each for name, (_, each) in features.items()},
        presumptions={name: each for name, (_, each) in presumptions.items()},
        workspace_files={name: each for name, (_, each) in files.items()},
        import_questions=tuple(each for _, each in asked.values()),
        derived={name: each for name, (_, each) in derived.items()},
        wording=Wording().joined((each for _, each in said.values()), _words_of(presumptions.values())),
    )


@dataclass(frozen=True, slots=True)
class Declared:
    """The keys of `[settings]`, the core's own among them, and the tables and kinds of warehouse that plugins declare.

    `problems` tells what was refused.
    """

    settings: tuple[Setting, ...]
    tables: tuple[SettingTable, ...]
    warehouses: Mapping[str, WarehouseKind]
    problems: tuple[Problem, ...] = ()


def declared(given: Contributions) -> Declared:
    """Return what of kpi.toml is declared."""
    problems: list[Problem] = []
    names = (*CORE_TABLES, WAREHOUSE_TABLE)
    own: tuple[Setting | SettingTable, ...] = (*CORE_SETTINGS, *(SettingTable(name, "", ()) for name in names))
    all_given = with_core(own, _optional(given.settings, problems))
    kept = unique(all_given, "setting", lambda each: each.place, problems).values()
    warehouses = unique(given.warehouses, "warehouse kind", lambda each: each.kind, problems)
    return Declared(
        tuple(each for _, each in kept if isinstance(each, Setting)),
        tuple(each for giver, each in kept if giver != CORE and isinstance(each, SettingTable)),
        {name: each for name, (_, each) in warehouses.items()},
        tuple(problems),
    )


def _optional(
    given: Iterable[Given[Setting | SettingTable]], problems: list[Problem]
) -> Iterator[Given[Setting | SettingTable]]:
    """Yield tables, and the keys of `[settings]` that no workspace has to write; others would stop those of today."""
    for giver, each in given:
        if isinstance(each, Setting) and (each.required or (each.default is None and not each.secret)):
            told = "a key of [settings] has a default or is a secret: only keys of tables can be required"
            problems.append(Problem(giver, each.place, told))
        else:
            yield giver, each


def _free(given: Iterable[Given[Feature]], problems: list[Problem]) -> Iterator[Given[Feature]]:
    """Yield the features whose names a workspace does not have itself."""
    for giver, each in given:
        if each.name in OF_THE_WORKSPACE:
            problems.append(Problem(giver, each.name, f"the feature '{each.name}' is the core's own"))
        else:
            yield giver, each


def _with_copied_codes(
    entities: Mapping[str, Given[Entity]], added: Collection[tuple[str, str]]
) -> dict[str, Given[Entity]]:
    there = {(entity, name) for entity, name in added if entity in entities}
    copied = with_copied_codes({name: each for name, (_, each) in entities.items()}, there)
    return {name: (giver, copied[name]) for name, (giver, _) in entities.items()}


def _words_of(given: Iterable[Given[Presumption]]) -> dict[str, str]:
    return {each.reason: each.words for _, each in given if each.words}


def _in_given_words(
    entities: Mapping[str, Given[Entity]], dimensions: Mapping[str, Given[Dimension]]
) -> dict[str, Given[Dimension]]:
    """Return the dimensions that come by themselves: words as given, beside each dimension with codes."""
    coded = {field.name for _, each in entities.values() for field in each.fields if field.codes and field.dimension}
    return {
        given_name(name): (
            giver,
            Dimension(given_name(name), f"{each.meaning.rstrip('.')}, in the words of the source."),
        )
        for name, (giver, each) in dimensions.items()
        if name in coded
    }


def _makers(
    given: Contributions, entities: Mapping[str, Given[Entity]], fields: Iterable[Given[Field]]
) -> dict[tuple[str, str], str]:
    built_in = given.built_in | {CORE}
    new = ((giver, field) for giver, entity in entities.values() if giver not in built_in for field in entity.fields)
    return {(each.entity, each.name): giver for giver, each in (*new, *fields) if giver not in built_in}


def _sound_entities(given: Contributions, taken: Collection[str], problems: list[Problem]) -> Iterator[Given[Entity]]:
    """Yield the entities whose fields go together; those that are built in are known to."""
    for giver, entity in given.entities:
        wrong = [*wrong_in_entity(entity, taken)] if giver not in given.built_in else []
        problems += [Problem(giver, entity.name, str(each)) for each in wrong]
        if not wrong:
            yield giver, entity


def _sound_derived(
    given: Iterable[Given[DerivedEntity]], entities: Mapping[str, Given[Entity]], problems: list[Problem]
) -> Iterator[Given[DerivedEntity]]:
    there = {name: each for name, (_, each) in entities.items()}
    for giver, each in given:
        wrong = wrong_in_derived(each, there)
        if wrong is None:
            yield giver, each
        else:
            problems.append(Problem(giver, each.entity, str(wrong)))


def _sound_dimensions(
    given: Contributions, entities: Mapping[str, Given[Entity]], problems: list[Problem]
) -> Iterator[Given[Dimension]]:
    there = {name: each for name, (_, each) in entities.items()}
    for giver, each in given.dimensions:
        wrong = wrong_in_dimension(each, there) if giver not in given.built_in else None
        if wrong is None:
            yield giver, each
        else:
            problems.append(Problem(giver, each.name, str(wrong)))


def _add_fields(
    entities: dict[str, Given[Entity]],
    given: Iterable[Given[Field]],
    replacing: Collection[tuple[str, str]],
    taken: Collection[str],
    problems: list[Problem],
) -> None:
    for giver, each in given:
        where = f"field '{each.entity}.{each.name}'"
        if each.entity not in entities:
            refused: KpiError = UnknownName("entity", each.entity, entities, where=f"field '{each.name}'")
        elif wrong := wrong_in_field(each, taken):
            refused = BadDefinition(where, wrong)
        elif (each.entity, each.name) in replacing and entities[each.entity][1].field(each.name) is not None:
            owner, entity = entities[each.entity]
            fields = (each if one.name == each.name else one for one in entity.fields)
            entities[each.entity] = owner, replace(entity, fields=tuple(fields))
            continue
        elif there := columns(entities[each.entity][1]).intersection(columns_of(each)):
            it = "it" if each.name in there else f"'{min(there)}'"
            refused = BadDefinition(where, f"the entity has {it} already")
        elif len(entities[each.entity][1].fields) >= MOST_FIELDS:
            refused = BadDefinition(where, f"the entity has {MOST_FIELDS} fields already")
        else:
            owner, entity = entities[each.entity]
            entities[each.entity] = owner, replace(entity, fields=(*entity.fields, each))
            continue
        problems.append(Problem(giver, f"{each.entity}.{each.name}", str(refused)))
