"""Everything that plugins gave, checked and by name: entities, fields, dimensions, metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from kpicore.calendar.arguments import text_given, word_given
from kpicore.errors import BadDefinition, UnknownName
from kpicore.model.codes import Codes
from kpicore.model.derived_entities import DerivedEntity
from kpicore.model.features import Feature
from kpicore.model.metrics import Metric
from kpicore.model.pages import Page
from kpicore.model.presumptions import Presumption
from kpicore.model.reports import Report
from kpicore.model.rules import Rule
from kpicore.model.schema import Dimension, Entity, RollUp, Type
from kpicore.registry.contributions import Given, Problem
from kpicore.registry.core_entities import GOAL
from kpicore.registry.search import Catalogue
from kpicore.wording.wording import Wording

if TYPE_CHECKING:
    from kpicore.model.import_questions import ImportQuestion
    from kpicore.model.workspace_files import WorkspaceFile


@dataclass(frozen=True, slots=True)
class Registry:
    """The words of this workspace. `problems` tells what was refused, `own_fields` which fields its own files give,
    `makers` who gives each field that is not built in, `refused` the id of each KPI that was, by all its names,
    `derived` how entities are made that no source gives."""

    entities: Mapping[str, Entity]
    dimensions: Mapping[str, Dimension]
    metrics: Mapping[str, Metric]
    givers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[Problem, ...] = ()
    rules: tuple[Given[Rule], ...] = ()
    reports: Mapping[str, Report] = field(default_factory=lambda: MappingProxyType({}))
    pages: Mapping[str, Page] = field(default_factory=lambda: MappingProxyType({}))
    own_fields: frozenset[tuple[str, str]] = frozenset()
    makers: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    refused: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    features: Mapping[str, Feature] = field(default_factory=lambda: MappingProxyType({}))
    presumptions: Mapping[str, Presumption] = field(default_factory=lambda: MappingProxyType({}))
    workspace_files: Mapping[str, WorkspaceFile] = field(default_factory=lambda: MappingProxyType({}))
    import_questions: tuple[ImportQuestion, ...] = ()
    derived: Mapping[str, DerivedEntity] = field(default_factory=lambda: MappingProxyType({}))
    wording: Wording = field(default_factory=Wording)
    # `replace` makes these anew, so that no copy goes by the entities or metrics of another
    _dimensions_of: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _catalogue: list[Catalogue] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def catalogue(self) -> Catalogue:
        """Where metrics are found by what they are called; made when first asked."""
        if not self._catalogue:
            # A list in a frozen record: to fold all names takes longer than most commands, which search nothing.
            self._catalogue.append(Catalogue(self.metrics.values()))
        return self._catalogue[0]

    @property
    def example_dimension(self) -> str:
        """A dimension for hints to name: the first that is not the core's own, which only targets have."""
        return next((name for name in self.dimensions if name != GOAL.name), GOAL.name)

    @property
    def untold(self) -> frozenset[str]:
        """The reasons of answers that presume what nobody gave."""
        return frozenset(presumption.reason for presumption in self.presumptions.values())

    @property
    def timeless(self) -> Mapping[str, tuple[str, ...]]:
        """The names of sources that are of no day, with the entities that they fill."""
        return {name: file.entities for name, file in self.workspace_files.items()}

    def entity(self, name: str) -> Entity:
        """Return the entity. Raises UnknownName."""
        if name not in self.entities:
            raise UnknownName("entity", name, self.entities)
        return self.entities[name]

    def metric(self, id: str) -> Metric:
        """Return the metric, by id or alias, ignoring case.

        Raises: UnknownName; BadDefinition when there is one that was refused.
        """
        folded = text_given(id, "a KPI").strip().casefold()
        if (metric := self.named(folded)) is not None:
            return metric
        refused = self.refused.get(folded, folded)
        # A KPI that was refused is told with why: that there is none would send people looking for a typing error.
        for problem in self.problems:
            if problem.item == refused:
                raise BadDefinition(f"KPI '{refused}'", f"what {problem.giver} gives is refused", hint=problem.problem)
        raise UnknownName("KPI", id, self.metrics, meant=self.catalogue.named(id))

    def named(self, folded: str) -> Metric | None:
        """Return the metric of this id or alias, if there is one; the id of a refused KPI is the alias of no other."""
        is_refused = self.refused.get(folded) == folded
        return self.metrics.get(folded) or (None if is_refused else self._aliases().get(folded))

    def report(self, id: str) -> Report:
        """Return the report, ignoring case. Raises UnknownName."""
        folded = word_given(id, "a report")
        if folded not in self.reports:
            raise UnknownName("report", id, self.reports)
        return self.reports[folded]

    def dimension(self, name: str) -> Dimension:
        """Return the dimension, ignoring case. Raises UnknownName."""
        dimension = self.dimensions.get(text_given(name, "a dimension").strip().casefold())
        if dimension is None:
            raise UnknownName("dimension", name, self.dimensions)
        return dimension

    def dimensions_of(self, entity: str) -> tuple[str, ...]:
        """Return the names of the dimensions that rows of the entity can be cut by."""
        if entity not in self._dimensions_of:  # every cell and every definition asks
            columns = {field.name: field for field in self.entity(entity).fields}
            self._dimensions_of[entity] = tuple(
                name
                for name, dimension in self.dimensions.items()
                if (dimension.key in columns if dimension.key else name in columns and columns[name].dimension)
                or (dimension.entity == entity and bool(self.entity(entity).label))
            )
        return self._dimensions_of[entity]

    def key_of(self, entity: str, dimension: str) -> str:
        """Return the field of the entity that holds the dimension's id, or "" for a plain text one."""
        known = self.dimensions[dimension]
        if not known.entity:
            return ""
        return "id" if known.entity == entity and self.entity(entity).field(known.key) is None else known.key

    def columns(self, entity: str) -> Mapping[str, Type]:
        """Return what an expression over the entity may name, with types: fields, days, dimensions."""
        fields = {field.name: field.type for field in self.entity(entity).fields}
        return {**{name: Type.TEXT for name in self.dimensions_of(entity)}, **fields}

    def codes(self, entity: str) -> Mapping[str, Codes]:
        """Return the codes of the entity's fields that have some, by field."""
        return {field.name: field.codes for field in self.entity(entity).fields if field.codes is not None}

    def codes_of_dimensions(self) -> Mapping[str, tuple[Codes, ...]]:
        """Return the different codes that fields have under the name of a dimension, which is a plain text one."""
        by_name: dict[str, dict[str, Codes]] = {}
        for name in self.entities:
            for coded, codes in self.codes(name).items():
                if coded in self.dimensions:
                    by_name.setdefault(coded, {})[codes.fingerprint] = codes
        return {name: tuple(codes.values()) for name, codes in by_name.items()}

    def is_implied(self, entity: str) -> bool:
        """Return whether rows of the entity arise from ids that others hold."""
        schema = self.entity(entity)
        if schema.made or schema.key != ("id",):
            return False
        if any(dimension.entity == entity for dimension in self.dimensions.values()):
            return True
        # Of a day the moment is asked: it is that which says how it is filled.
        main = schema.field(schema.main_date.removesuffix("_on") + "_at") or schema.field(schema.main_date)
        return main is not None and any(isinstance(how, RollUp) for how in main.how)

    def with_words(self, words: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Registry:
        """Return the registry that knows of more words what code they are: by entity, field and word."""
        entities = dict(self.entities)
        for name, fields in words.items():
            entity = self.entities[name]
            coded = (
                replace(field, codes=field.codes.answered(fields[field.name]))
                if field.codes and field.name in fields
                else field
                for field in entity.fields
            )
            entities[name] = replace(entity, fields=tuple(coded))
        return replace(self, entities=entities)

    def _aliases(self) -> dict[str, Metric]:
        aliases: dict[str, Metric] = {}
        for metric in self.metrics.values():
            for other in metric.other_ids:
                aliases.setdefault(other, metric)
        return aliases
