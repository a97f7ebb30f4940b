"""What records of plugins call by a name: KPIs, dimensions, fields of a list. What is not there is told of its giver.

It stops nothing: a report says "no KPI named …" in that place, a rule that it cannot be looked at. Names in KPIs and
fields are read where these are compiled, as is how the registry joins entities and dimensions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial

from kpicore.engine.compile.definitions import Definitions
from kpicore.errors import KpiError, UnknownName
from kpicore.model.listings import Listing
from kpicore.model.metrics import Metric
from kpicore.model.presumptions import Presumption
from kpicore.model.reports import Breakdown, Report, Section, titled
from kpicore.model.rules import Rule, Words
from kpicore.model.schema import Field
from kpicore.model.source_kinds import SourceKind
from kpicore.model.workspace_files import WorkspaceFile
from kpicore.registry.contributions import Contributions, Given, Problem

Missing = tuple[str, KpiError]
"""The place of a name in a record, and that nothing is called so."""

_Naming = Metric | Rule | Words | Report | Field | Presumption | WorkspaceFile | SourceKind
_Read = tuple[str, Callable[[], object]]
"""The place of a name in a record, and what reads it."""


def unknown_names(definitions: Definitions, contributions: Contributions, givers: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each name of what is not there in the records of givers."""

    def of(items: Iterable[Given[_Naming]]) -> Iterator[Problem]:
        for giver, item in items:
            if giver in givers:
                for place, error in missing(definitions, item):
                    if is_unknown_kpi(error) or not isinstance(item, Rule):  # `broken_rules` tells all else of a rule
                        yield Problem(giver, _called(item), f"{place}: {error}")

    yield from of(contributions.metrics)
    yield from of(contributions.rules)
    yield from of(contributions.words)
    yield from of(contributions.reports)
    yield from of((giver, field) for giver, entity in contributions.entities for field in entity.fields)
    yield from of(contributions.fields)
    yield from of(contributions.presumptions)
    yield from of(contributions.workspace_files)
    yield from of(contributions.sources)


def missing(definitions: Definitions, item: _Naming) -> Iterator[Missing]:
    """Yield each place where a record names what is not there; of a metric, in its guards."""
    for place, read in _names(definitions, item):
        try:
            read()
        except KpiError as error:
            yield place, error


def is_unknown_kpi(error: KpiError) -> bool:
    """Whether it says that there is no such KPI: a plugin that is not installed may give it."""
    return isinstance(error, UnknownName) and error.kind == "KPI"


def _called(item: _Naming) -> str:
    match item:
        case Metric():
            return item.id
        case Words():
            return f"words {item.metric}.{item.language}"
        case Field():
            return f"{item.entity}.{item.name}"
        case Presumption():
            return f"presumption {item.name}"
        case WorkspaceFile():
            return item.name
        case SourceKind():
            return f"source kind {item.kind}"
    return f"{type(item).__name__.casefold()} {item.id}"


def _names(definitions: Definitions, item: _Naming) -> Iterator[_Read]:
    match item:
        case Metric():
            yield from (("its guards", partial(definitions.named, guard)) for guard in item.guards)
        case Words():
            yield "its metric", partial(_exactly, "KPI", item.metric, definitions.registry.metrics)
        case Rule():
            yield "its about", partial(definitions.named, item.about)
            for name in item.inputs:
                for yardstick in item.yardsticks(name):
                    yield f"its inputs['{name}']", partial(definitions.named, yardstick.ref)
                    yield f"its inputs['{name}']", partial(definitions.settled, yardstick, f"'{yardstick.ref}'")
        case Report():
            yield from _dimensions(definitions, "its by", item.by)
            for section in item.sections:
                yield from _in_section(definitions, section)
        case Field():
            yield from _known("its presumes", "presumption", item.presumes, definitions.registry.presumptions)
        case Presumption():
            dated, others = filter(None, [item.dated_in]), filter(None, [item.otherwise])
            yield from _known("its dated_in", "entity", dated, definitions.registry.entities)
            yield from _known("its otherwise", "presumption", others, definitions.registry.presumptions)
        case WorkspaceFile():
            yield from _known("its entities", "entity", item.entities, definitions.registry.entities)
        case SourceKind():
            for stream in item.streams:
                place = f"its stream '{stream.name}', entity"
                yield from _known(place, "entity", [stream.entity], definitions.registry.entities)


def _in_section(definitions: Definitions, section: Section) -> Iterator[_Read]:
    if isinstance(section, Listing):
        yield "its sections", partial(_read_listing, definitions, section)
        return
    where = f"its section '{section.title}'"
    yield from ((f"{where}, kpis", partial(definitions.named, ref)) for _, ref in titled(section.kpis))
    if isinstance(section, Breakdown):
        yield from _dimensions(definitions, f"{where}, by", section.by)
        if section.instead is not None:
            yield from _in_section(definitions, section.instead)


def _dimensions(definitions: Definitions, place: str, names: Iterable[str]) -> Iterator[_Read]:
    yield from _known(place, "dimension", names, definitions.registry.dimensions)


def _known(place: str, kind: str, names: Iterable[str], known: Collection[str]) -> Iterator[_Read]:
    yield from ((place, partial(_exactly, kind, name, known)) for name in names)


def _exactly(kind: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise UnknownName(kind, name, known)


def _read_listing(definitions: Definitions, listing: Listing) -> None:
    from kpicore.engine.explain.listings import check_listing

    check_listing(listing, definitions.registry, definitions.settings)
