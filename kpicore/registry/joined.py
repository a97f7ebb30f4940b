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
from kpicore.registry.contributions import CORE, Contributions, Given, Problem, T, unique, with_core
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
    from kpicore.model.source_kinds import SourceKind
    from kpicore.warehouse.kinds import WarehouseKind


def build_registry(contributions: Contributions, replacing: Collection[tuple[str, str]] = ()) -> Registry:
    """Return the registry of what the plugins give, beside the few words of the core's own.

    Fields in `replacing`, by entity and name, stand in for those that the entities have.
    Only names are checked here; `kpicore.review.definition_checks` reads the expressions too, which costs 0.2 s.
    """
    # From what stands alone to what speaks of it: dimensions ask for fields, derived entities for both.
    problems = [*contributions.problems]
    taken = {
        dimension.name
        for dimension in (*DIMENSIONS, *(dimension for _, dimension in contributions.dimensions))
        if dimension.entity
    }
    sound = with_core(ENTITIES, _sound_entities(contributions, taken, problems))
    entities = unique(sound, "entity", attrgetter("name"), problems)
    fields = unique(contributions.fields, "field", lambda field: f"{field.entity}.{field.name}", problems)
    # After names given twice are out: of two such fields none must take the place of the other.
    _add_fields(entities, fields.values(), replacing, taken, contributions.built_in, problems)
    entities = _with_copied_codes(entities, {(field.entity, field.name) for _, field in fields.values()})
    cuttable = with_core(DIMENSIONS, _sound_dimensions(contributions, entities, problems))
    dimensions = unique(cuttable, "dimension", attrgetter("name"), problems)
    dimensions |= _in_given_words(entities, dimensions)
    derivable = _sound_derived(contributions.derived_entities, entities, problems)
    derived = unique(derivable, "derived entity", attrgetter("entity"), problems)
    metrics = unique(contributions.metrics, "metric", lambda metric: metric.id, problems)
    rules = unique(contributions.rules, "rule", lambda rule: rule.id, problems)
    reports = unique(contributions.reports, "report", lambda report: report.id, problems)
    pages = unique(contributions.pages, "page", lambda page: page.path, problems)
    features = unique(_free(contributions.features, problems), "feature", attrgetter("name"), problems)
    presumptions = unique(contributions.presumptions, "presumption", attrgetter("name"), problems)
    note_words = unique(with_core(NOTES, contributions.note_words), "kind of notes", attrgetter("kind"), problems)
    files = unique(contributions.workspace_files, "workspace file", attrgetter("name"), problems)
    questions = unique(contributions.import_questions, "import question", attrgetter("name"), problems)
    problems += declared(contributions).problems
    offered = (*contributions.refused, *(metric for _, metric in contributions.metrics))
    known_metrics = _items(metrics)
    return Registry(
        # only now: until here an entity has the fields that were given, and `columns` tells of what these bring
        {name: replace(entity, fields=with_words(with_days(entity.fields))) for name, (_, entity) in entities.items()},
        _items(dimensions),
        worded(known_metrics, [words for _, words in contributions.words]),
        {name: giver for name, (giver, _) in metrics.items()},
        tuple(problems),
        tuple(rules.values()),
        _items(reports),
        _items(pages),
        makers=_makers(contributions, entities, fields.values()),
        refused=names_of((metric for metric in offered if metric.id not in metrics), [*known_metrics.values()]),
        features=_items(features),
        presumptions=_items(presumptions),
        workspace_files=_items(files),
        import_questions=(*_items(questions).values(),),
        derived=_items(derived),
        wording=Wording().joined(_items(note_words).values(), _words_of(presumptions.values())),
    )


def _items(given: Mapping[str, Given[T]]) -> dict[str, T]:
    """Return the items by name without their givers."""
    return {name: item for name, (_, item) in given.items()}


@dataclass(frozen=True, slots=True)
class Declared:
    """The keys of `[settings]`, the core's own among them, and tables, kinds of warehouse and of sources of plugins.

    `problems` tells what was refused.
    """

    settings: tuple[Setting, ...]
    tables: tuple[SettingTable, ...]
    warehouses: Mapping[str, WarehouseKind]
    sources: Mapping[str, SourceKind]
    problems: tuple[Problem, ...] = ()


def declared(contributions: Contributions) -> Declared:
    """Return what of kpi.toml is declared."""
    problems: list[Problem] = []
    names = (*CORE_TABLES, WAREHOUSE_TABLE)
    own: tuple[Setting | SettingTable, ...] = (*CORE_SETTINGS, *(SettingTable(name, "", ()) for name in names))
    all_given = with_core(own, _optional(contributions.settings, problems))
    kept = unique(all_given, "setting", lambda setting: setting.place, problems).values()
    warehouses = unique(contributions.warehouses, "warehouse kind", lambda kind: kind.kind, problems)
    sources = unique(contributions.sources, "source kind", lambda kind: kind.kind, problems)
    return Declared(
        tuple(setting for _, setting in kept if isinstance(setting, Setting)),
        tuple(table for giver, table in kept if giver != CORE and isinstance(table, SettingTable)),
        _items(warehouses),
        _items(sources),
        tuple(problems),
    )


def _optional(
    settings: Iterable[Given[Setting | SettingTable]], problems: list[Problem]
) -> Iterator[Given[Setting | SettingTable]]:
    """Yield tables, and the keys of `[settings]` that no workspace has to write; others would stop those of today."""
    for giver, setting in settings:
        if isinstance(setting, Setting) and (setting.required or (setting.default is None and not setting.secret)):
            problem = "a key of [settings] has a default or is a secret: only keys of tables can be required"
            problems.append(Problem(giver, setting.place, problem))
        else:
            yield giver, setting


def _free(features: Iterable[Given[Feature]], problems: list[Problem]) -> Iterator[Given[Feature]]:
    """Yield the features whose names a workspace does not have itself."""
    for giver, feature in features:
        if feature.name in OF_THE_WORKSPACE:
            problems.append(Problem(giver, feature.name, f"the feature '{feature.name}' is the core's own"))
        else:
            yield giver, feature


def _with_copied_codes(
    entities: Mapping[str, Given[Entity]], added: Collection[tuple[str, str]]
) -> dict[str, Given[Entity]]:
    there = {(entity, name) for entity, name in added if entity in entities}
    copied = with_copied_codes(_items(entities), there)
    return {name: (giver, copied[name]) for name, (giver, _) in entities.items()}


def _words_of(presumptions: Iterable[Given[Presumption]]) -> dict[str, str]:
    return {presumption.reason: presumption.words for _, presumption in presumptions if presumption.words}


def _in_given_words(
    entities: Mapping[str, Given[Entity]], dimensions: Mapping[str, Given[Dimension]]
) -> dict[str, Given[Dimension]]:
    """Return the dimensions that come by themselves: words as given, beside each dimension with codes."""
    coded = {
        field.name for _, entity in entities.values() for field in entity.fields if field.codes and field.dimension
    }
    return {
        given_name(name): (
            giver,
            Dimension(given_name(name), f"{dimension.meaning.rstrip('.')}, in the words of the source."),
        )
        for name, (giver, dimension) in dimensions.items()
        if name in coded
    }


def _makers(
    contributions: Contributions, entities: Mapping[str, Given[Entity]], fields: Iterable[Given[Field]]
) -> dict[tuple[str, str], str]:
    built_in = contributions.built_in | {CORE}
    new = ((giver, field) for giver, entity in entities.values() if giver not in built_in for field in entity.fields)
    # Fields of entities first: one of `fields` may stand in for them.
    return {(field.entity, field.name): giver for giver, field in (*new, *fields) if giver not in built_in}


def _sound_entities(
    contributions: Contributions, taken: Collection[str], problems: list[Problem]
) -> Iterator[Given[Entity]]:
    """Yield the entities whose fields go together; those that are built in are known to."""
    for giver, entity in contributions.entities:
        wrong = [*wrong_in_entity(entity, taken)] if giver not in contributions.built_in else []
        problems += [Problem(giver, entity.name, str(problem)) for problem in wrong]
        if not wrong:
            yield giver, entity


def _sound_derived(
    derivable: Iterable[Given[DerivedEntity]], entities: Mapping[str, Given[Entity]], problems: list[Problem]
) -> Iterator[Given[DerivedEntity]]:
    there = _items(entities)
    for giver, entity in derivable:
        wrong = wrong_in_derived(entity, there)
        if wrong is None:
            yield giver, entity
        else:
            problems.append(Problem(giver, entity.entity, str(wrong)))


def _sound_dimensions(
    contributions: Contributions, entities: Mapping[str, Given[Entity]], problems: list[Problem]
) -> Iterator[Given[Dimension]]:
    there = _items(entities)
    for giver, dimension in contributions.dimensions:
        wrong = wrong_in_dimension(dimension, there) if giver not in contributions.built_in else None
        if wrong is None:
            yield giver, dimension
        else:
            problems.append(Problem(giver, dimension.name, str(wrong)))


def _add_fields(
    entities: dict[str, Given[Entity]],
    new_fields: Iterable[Given[Field]],
    replacing: Collection[tuple[str, str]],
    taken: Collection[str],
    built_in: Collection[str],
    problems: list[Problem],
) -> None:
    for giver, field in new_fields:
        where = f"field '{field.entity}.{field.name}'"
        if field.entity not in entities:
            refused: KpiError = UnknownName("entity", field.entity, entities, where=f"field '{field.name}'")
        elif giver not in built_in and (wrong := wrong_in_field(field, taken)):
            refused = BadDefinition(where, wrong)
        elif (field.entity, field.name) in replacing and entities[field.entity][1].field(field.name) is not None:
            owner, entity = entities[field.entity]
            fields = (field if old.name == field.name else old for old in entity.fields)
            entities[field.entity] = owner, replace(entity, fields=tuple(fields))
            continue
        elif there := columns(entities[field.entity][1]).intersection(columns_of(field)):
            it = "it" if field.name in there else f"'{min(there)}'"
            refused = BadDefinition(where, f"the entity has {it} already")
        elif len(entities[field.entity][1].fields) >= MOST_FIELDS:
            refused = BadDefinition(where, f"the entity has {MOST_FIELDS} fields already")
        else:
            owner, entity = entities[field.entity]
            entities[field.entity] = owner, replace(entity, fields=(*entity.fields, field))
            continue
        problems.append(Problem(giver, f"{field.entity}.{field.name}", str(refused)))
