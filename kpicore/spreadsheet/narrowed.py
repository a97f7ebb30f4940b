"""Questions within a narrowing: what it lets through, with its own filters beside theirs, or a refusal in one line.

A number is within it or is not there. So what cannot be narrowed is refused, and no error names a dimension value of
rows outside of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from kpicore.engine.compile.definitions import Definition, regardless
from kpicore.engine.compile.requirements import reads, walk_inputs
from kpicore.engine.plan.filters import check_input
from kpicore.engine.plan.scans import Filters
from kpicore.errors import BadArgument, BadCut, KpiError, UnknownName
from kpicore.model.narrowing import Narrowing
from kpicore.model.notes import LAGGING, MATURING, TO_DATE, UNCOVERED, WITHOUT_VALUE
from kpicore.text.nearest import KnownNames
from kpicore.text.plain_text import said, shortened
from kpicore.wording.wording import Wording

if TYPE_CHECKING:
    from kpicore.registry.registry import Registry
    from kpicore.workspace import Workspace

_MAY_ASK = "what this token may ask"

_OF_THE_ANSWER = frozenset(
    (
        *(TO_DATE, LAGGING, MATURING, UNCOVERED, WITHOUT_VALUE, "partly_loaded", "before_first_load"),
        *("empty", "zero", "undecided", "undecided_branch", "extreme_of_others"),
        *("not_started", "not_loaded", "not_filled", "outside", "no_rows", "zeros", "not_finite", "change_unknown"),
        *("no_target", "several_targets", "target_not_above_zero", "reached_not_above_zero"),
    )
)
"""The notes on a period, on the rows of the very question and on its target; others are on all rows of an entity."""

_WITH_INPUTS = frozenset(("zeros", "several_targets"))
"""The notes that tell what inputs came to, which may be other KPIs or their targets."""

_LONGEST_ROWS = 200
"""Characters of the filters in a refusal, which has more to say."""


def narrowing_given(workspace: Workspace, kpis: Collection[str], where: Mapping[str, Collection[str]]) -> Narrowing:
    """Return the narrowing to KPIs (none named: all of them) and filters, by their names today.

    Raises: UnknownName with the nearest name, BadCut and BadArgument for what cannot be narrowed so.
    """
    ids = tuple(dict.fromkeys(_id(workspace, kpi) for kpi in kpis)) if kpis else None
    narrowing = Narrowing(ids, workspace.cuts(dict(where)) if where else ())
    for id in ids or ():
        for variant in workspace.registry.metric(id).variant_names if where else ():
            check_narrowed(workspace, narrowing, workspace.definitions.get(id, variant))
    return narrowing


def _id(workspace: Workspace, kpi: str) -> str:
    if "." in kpi:
        message = f"'{said(kpi)}' names a variant, and a KPI is given with all of them."
        raise BadArgument(message, hint=f"Write --kpi {said(kpi.partition('.')[0])}")
    return workspace.registry.metric(kpi).id


def check_may_ask(narrowing: Narrowing, registry: Registry, name: str) -> None:
    """Refuse a KPI that is not among those of a narrowing. Raises UnknownName, the same for one that there is not."""
    folded = name.partition(".")[0].strip().casefold()
    metric = registry.named(folded)
    # by the id that it has today: a name that a token knows and that another KPI has as its alias is not asked
    if not narrowing.takes(metric.id if metric is not None else registry.refused.get(folded, "")):
        raise UnknownName("KPI", name, filter(narrowing.takes, registry.metrics), where=_MAY_ASK)


def unknown_function(narrowing: Narrowing, name: str, known: KnownNames) -> UnknownName:
    """Return the refusal of a function that there is not, or not within a narrowing."""
    return UnknownName("function", name, known, where="" if narrowing.kpis is None else _MAY_ASK)


def check_narrowed(workspace: Workspace, narrowing: Narrowing, definition: Definition) -> None:
    """Refuse a definition whose number would be of more rows than the filters of a narrowing leave. Raises BadCut."""
    if not narrowing.where:
        return
    engine, definitions, dimensions = workspace.engine, workspace.definitions, narrowing.dimensions
    # a name that a hand wrote into the file in other letters, too
    if not {*dimensions} <= definitions.registry.dimensions.keys():
        raise _gone(narrowing)
    why = _only_for(narrowing)
    for owner, compiled in walk_inputs(definition, definitions):
        ignored = sorted({*regardless(compiled.given)} & {*dimensions})
        if ignored:
            raise BadCut(f"{why}, and '{owner.place}' counts '{compiled.name}' regardless of {' and '.join(ignored)}.")
        if compiled.measure is not None:
            try:
                check_input(owner, compiled, dimensions, definitions.registry, engine.state)
            except BadCut as error:
                raise BadCut(f"{why}, and {error.message}", hint=error.hint) from None
    # how far a goal is was worked out of whatever its parts are of
    if reads(engine.targets.entity, definition, definitions):
        raise BadCut(f"{why}, and '{definition.place}' is made of goals, which may be of others.")


def narrowed_cuts(narrowing: Narrowing, own: Filters, asked: Iterable[tuple[str, tuple[str, ...]]]) -> Filters:
    """Return filters with those of a narrowing, `own` as they are called on the day. Raises BadCut for others' rows."""
    cuts = dict(asked)
    for dimension, values in own:
        if not {*cuts.get(dimension, values)} <= {*values}:
            raise _outside(narrowing, dimension)
        cuts.setdefault(dimension, values)
    return tuple(sorted(cuts.items()))


def own_cuts(workspace: Workspace, narrowing: Narrowing, as_of: date | None) -> Filters:
    """Return the filters of a narrowing as they are called on a day: of those who bear the names today, whoever bore
    them then. Raises BadCut for a name that is gone.
    """
    try:
        cuts = workspace.cuts(dict(narrowing.where))
    except (UnknownName, BadCut):
        raise _gone(narrowing) from None
    then = workspace.engine.at(as_of).members.then
    return tuple(
        (dimension, tuple(dict.fromkeys(name for value in values for name in then(dimension, value))))
        for dimension, values in cuts
    )


def _only_for(narrowing: Narrowing) -> str:
    return f"this token is only for {shortened(narrowing.rows, _LONGEST_ROWS)}"


def _gone(narrowing: Narrowing) -> BadCut:
    message = f"{_only_for(narrowing)}, and that name means nothing here any more."
    return BadCut(message, hint="Ask who runs the server for a new one.")


def unnamed(narrowing: Narrowing, dimension: str, error: KpiError) -> KpiError:
    """Return a refusal of a dimension value without the names of others, which may be of rows outside."""
    if dimension in narrowing.dimensions:
        return _outside(narrowing, dimension)
    if isinstance(error, UnknownName):
        return UnknownName(error.kind, error.name, (), where=_MAY_ASK)
    return BadCut(error.message, hint="Write the name as the KPIs show it.")


def _outside(narrowing: Narrowing, dimension: str) -> BadCut:
    return BadCut(f"{_only_for(narrowing)}.", hint=f"Leave the {dimension} out, or ask for that.")


def narrowed_wording(narrowing: Narrowing, wording: Wording) -> Wording:
    """Return a wording that is silent on rows outside of a narrowing, and on what KPIs outside of it come to."""
    if narrowing.is_none:
        return wording
    kinds = _OF_THE_ANSWER if narrowing.where else frozenset(wording.kinds)
    return wording.only(kinds - _WITH_INPUTS if narrowing.kpis is not None else kinds)


def refs_outside(narrowing: Narrowing, definition: Definition) -> Iterator[str]:
    """Yield the inputs of a definition that are KPIs, or targets of KPIs, outside of a narrowing."""
    for compiled in definition.inputs:
        if compiled.ref is not None and not narrowing.takes(compiled.ref[0]):
            yield compiled.name
