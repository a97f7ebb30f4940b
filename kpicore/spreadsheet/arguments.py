"""Reading the arguments of a call: the period, pairs of a dimension and its value, and the reserved pairs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from kpicore.calendar import Grain, Period
from kpicore.calendar.arguments import grain_named, text_given
from kpicore.engine.plan.scans import Filters
from kpicore.errors import BadArgument, BadCut, BadPeriod, UnknownName, closest
from kpicore.model.functions import GENERAL, CellFunction
from kpicore.model.metrics import Metric
from kpicore.model.narrowing import WHOLE, Narrowing
from kpicore.model.questions import Question
from kpicore.spreadsheet.functions import PAIR_KEYS, cell_functions
from kpicore.spreadsheet.kept import KeptReadings, exact
from kpicore.spreadsheet.narrowed import (
    check_may_ask,
    check_narrowed,
    narrowed_cuts,
    own_cuts,
    unknown_function,
    unnamed,
)
from kpicore.spreadsheet.refused_functions import refuse_unsound
from kpicore.spreadsheet.values import CellFailure, CellScalar, CellValue, scalars
from kpicore.text.nearest import KnownNames
from kpicore.text.plain_text import said
from kpicore.turns import parts

if TYPE_CHECKING:
    from kpicore.workspace import Workspace

_Cut = tuple[str, tuple[str, ...]]

MOST_READ, MOST_RANGES = 60_000, 3_000
"""So much of what was read is kept: texts, and ranges of cells, which are larger."""

_PART_OF_NARROWED = 10
"""Within a narrowing a tenth: there may be dozens of them, and who asks decides what is kept."""

MOST_NAMED = 255
"""So many KPIs, dimensions or pairs one call may name."""

_LONGEST_LIST = 16_000
"""Characters of a text that lists KPIs."""


@dataclass(frozen=True, slots=True)
class CellQuestion:
    """What a call asks: a question, and what it is compared with ("previous", "year", or "" for nothing)."""

    question: Question
    compare: str = ""


class Arguments:
    """Reads arguments for one workspace, so that what they ask lies within a narrowing.

    What thousands of cells share is read, or refused, once.
    """

    def __init__(self, workspace: Workspace, narrowing: Narrowing = WHOLE) -> None:
        self._workspace, self.narrowing = workspace, narrowing
        part = 1 if narrowing.is_none else _PART_OF_NARROWED
        self._kept, self._kept_ranges = KeptReadings(MOST_READ // part), KeptReadings(MOST_RANGES // part)
        functions = cell_functions(workspace.definitions, narrowing)
        self.functions = {function.name: function for function in functions}
        # KPI_ASOF may be near to the name of a KPI that may not be asked, and is never meant by it
        is_whole = narrowing.kpis is None
        self._function_names = KnownNames(of.name for of in functions if is_whole or of.kind != GENERAL)

    def function(self, name: str) -> CellFunction:
        """Return the function of that name, whatever the case. Raises UnknownName and BadDefinition."""
        # a name as it is defined needs no reading; kpi_late_share and KPI.LATE_SHARE do
        known = self.functions.get(name)
        return known or self._kept.read(_key("function", name), lambda: self._function(name))

    def _function(self, written: str) -> CellFunction:
        name = text_given(written, "the name of a function").strip().upper().replace(".", "_")
        if name not in self.functions:
            refuse_unsound(name, self._workspace.definitions, self.narrowing)
            raise unknown_function(self.narrowing, written, self._function_names)
        return self.functions[name]

    def cell_question(self, kpi: str, arguments: Sequence[CellValue]) -> CellQuestion:
        """Return what a KPI, a period and pairs ask for. Raises KpiError with one clear line."""
        if not arguments:
            raise BadPeriod("", "is missing")
        if len(arguments) % 2 == 0:
            last = single_cell(arguments[-1], "a dimension")
            alone = _said(last) if is_empty(last) else f"'{_said(last)}'"
            raise BadArgument(
                f"{alone} stands alone at the end.",
                hint=f'Pairs are a dimension and its value: "{self._workspace.registry.example_dimension}", $A2.',
            )
        if len(arguments) > 2 * MOST_NAMED + 1:
            raise BadArgument(f"{len(arguments) // 2:,} pairs in one call.", hint=f"At most {MOST_NAMED}.")
        reserved: dict[str, CellScalar] = {}
        named: list[tuple[CellValue, CellValue]] = []
        for name, value in zip(arguments[1::2], arguments[2::2], strict=True):
            key = name.strip().casefold() if isinstance(name, str) else ""
            if key in reserved:
                raise BadArgument(f"'{key}' is given twice.")
            if key in PAIR_KEYS:
                reserved[key] = _filled(single_cell(value, f"'{key}'"), f"'{key}'")
            else:
                named.append((name, value))
        # before filters and period: both are seen from that day, with its dimension values and its "last month"
        as_of = self._day(reserved["as_of"]) if "as_of" in reserved else None
        cuts = [self._cut(name, value, as_of) for name, value in named]
        if len({dimension for dimension, _ in cuts}) < len(cuts):
            raise BadCut("a dimension is given twice.", hint="Give its values as one range.")
        id, variant = self.kpi(kpi, reserved.get("variant"))
        period = self.period(arguments[0], reserved.get("grain"), as_of)
        compare = _text(reserved.get("compare", ""), "'compare'").casefold()
        within = narrowed_cuts(self.narrowing, self.own_cuts(as_of), cuts)
        return CellQuestion(Question(id, variant, period, within, as_of), compare)

    def own_cuts(self, as_of: date | None = None) -> Filters:
        """Return the filters of the narrowing, as they are called on a day. Raises BadCut."""
        if not self.narrowing.where:
            return ()
        return self._kept.read(("own cuts", as_of), lambda: own_cuts(self._workspace, self.narrowing, as_of))

    def earlier(self, cell: CellQuestion) -> Question:
        """Return the question that it is compared with. Raises KpiError."""
        question = cell.question
        key = "earlier", question.metric, question.variant, question.period, question.as_of, cell.compare
        period = self._kept.read(key, lambda: self._workspace.earlier(question, cell.compare).period)
        return replace(question, period=period)

    def period(self, value: CellValue, grain: CellScalar = None, as_of: date | None = None) -> Period:
        """Return the period that a cell means; with a grain, the unit that holds its date.

        Raises: BadPeriod; BadArgument for a grain beside what is no date.
        """
        cell = single_cell(value, "the period")
        unit = _text(grain, "'grain'") if grain is not None else ""
        return self._kept.read(_key("period", cell, unit, as_of), lambda: self._period(cell, unit, as_of))

    def _period(self, cell: CellScalar, unit: str, as_of: date | None) -> Period:
        if cell is None or cell == "":
            raise BadPeriod("", "is empty")
        if isinstance(cell, bool | CellFailure):
            raise BadPeriod(_said(cell), "is not a period")
        period = self._workspace.period(cell, as_of=as_of)
        if not unit:
            return period
        grain = self._kept.read(_key("unit", unit), lambda: grain_named(unit))
        # a cell with a date is a day, and the pair makes it the unit around it; a written period is none to widen
        if period.grain is Grain.DAY:
            return self._workspace.calendar.containing(grain, period.start)
        if grain not in self._workspace.calendar.grains_of(period) or period.whole is not None:
            raise BadArgument(f"'grain' is for a cell with a date; {period} is none.", hint="Leave it out.")
        return period

    def kpi(self, kpi: str, variant: CellScalar = None) -> tuple[str, str]:
        """Return id and variant of a KPI. Raises BadArgument, BadDefinition and UnknownName."""
        wanted = _text(variant, "'variant'") if variant is not None else ""
        return self._kept.read(_key("kpi", kpi, wanted), lambda: self._named(kpi, wanted))

    def _named(self, kpi: str, wanted: str) -> tuple[str, str]:
        if wanted and "." in kpi:
            raise BadArgument(f"'{kpi}' names a variant already.", hint="Leave the pair 'variant' out.")
        if self.narrowing.kpis is not None:
            check_may_ask(self.narrowing, self._workspace.registry, kpi)
        named = self._workspace.definitions.named(f"{kpi}.{wanted}" if wanted else kpi)
        if self.narrowing.where:
            check_narrowed(self._workspace, self.narrowing, self._workspace.definitions.get(*named))
        return named

    def _cut(self, name: CellValue, value: CellValue, as_of: date | None) -> _Cut:
        dimension = single_cell(name, "a dimension")
        if not isinstance(dimension, str) or not dimension.strip():
            raise BadCut(
                f"a dimension is text, not {_said(dimension)}.",
                hint=f'Write its name: "{self._workspace.registry.example_dimension}". See: kpi show KPI',
            )
        # ranges have a memory of their own: a few thousand of them would push out all single texts
        kept, key = self._kept_ranges if isinstance(value, tuple) else self._kept, _key("cut", dimension, value, as_of)
        return kept.read(key, lambda: self._resolved(self.dimension(dimension), value, as_of))

    def _resolved(self, dimension: str, value: CellValue, as_of: date | None) -> _Cut:
        try:
            [cut] = self._workspace.cuts({dimension: _filled_cells(value)}, as_of)
        except (BadCut, UnknownName) as error:
            if self.narrowing.where:
                raise unnamed(self.narrowing, dimension, error) from None
            raise
        return cut

    def dimension(self, name_cell: CellScalar) -> str:
        """Return the dimension of that name. Raises BadArgument and UnknownName."""
        name = _text(name_cell, "a dimension")
        return self._kept.read(_key("dimension", name), lambda: self._dimension(name))

    def _dimension(self, name: str) -> str:
        try:
            return self._workspace.registry.dimension(name).name
        except UnknownName as error:
            # "as-of" is nearer to a reserved pair than to any dimension, and that is then what was meant
            if near := closest(name, PAIR_KEYS):
                raise UnknownName("dimension", name, error.known, meant=near) from None
            raise

    def grain(self, name_cell: CellScalar) -> Grain:
        """Return the grain of that name. Raises BadArgument and UnknownName."""
        name = _text(name_cell, "the grain")
        return self._kept.read(_key("grain", name), lambda: self._grain(name))

    def _grain(self, name: str) -> Grain:
        if name.casefold() in self._workspace.registry.dimensions:
            message = f"'{name}' is a dimension, and the third argument is the grain."
            raise BadArgument(message, hint=f'Write "", "{name}".')
        return grain_named(name)

    def listed(self, search: str) -> list[Metric]:
        """Return the KPIs that a text finds. Raises UnknownName where there is none."""
        return self._kept.read(_key("search", search), lambda: self._listed(search))

    def _listed(self, search: str) -> list[Metric]:
        registry, takes = self._workspace.registry, self.narrowing.takes
        metrics = [metric for metric in registry.catalogue.found(search) if takes(metric.id)]
        if not metrics:
            raise UnknownName("KPI", search, filter(takes, registry.metrics))
        return metrics

    def _day(self, cell: CellScalar) -> date:
        if isinstance(cell, date) and not isinstance(cell, datetime):
            return cell
        period = self.period(cell)
        if period.grain is not Grain.DAY:
            raise BadArgument(
                f"'as_of' is a day; {period} is none.", hint="Write 2026-03-14, or name a cell with a date."
            )
        return period.start


def single_cell(value: CellValue, what: str) -> CellScalar:
    """Return the cell that is meant; a range of one cell is that cell. Raises BadArgument for more."""
    if not isinstance(value, tuple):
        return value
    if (size := sum(map(len, value))) != 1:
        raise BadArgument(f"{what} is a range of {size} cells.", hint="Name one cell.")
    return scalars(value)[0]


def text_of(value: CellValue, what: str) -> str:
    """Return the text of one cell. Raises BadArgument."""
    return _text(_filled(single_cell(value, what), what), what)


def kpis_of(value: CellValue) -> list[str]:
    """Return the ids in a text "loans, loans_late" or a range of them. Raises BadArgument."""
    names: dict[str, None] = {}
    for batch in parts(scalars(value)):
        for cell in batch:
            if not is_empty(cell):
                names |= dict.fromkeys(name.strip() for name in _list_of(cell).split(",") if name.strip())
            if len(names) > MOST_NAMED:
                raise BadArgument(f"more than {MOST_NAMED} KPIs in one call.", hint="Name fewer.")
    if not names:
        raise BadArgument("no KPI is named.", hint='Write its id: "loans". See: kpi list')
    return [text_given(name, "a KPI") for name in names]


def _list_of(cell: CellScalar) -> str:
    if isinstance(cell, str) and len(cell) > _LONGEST_LIST:
        raise BadArgument(f"a text of KPIs has at most {_LONGEST_LIST:,} characters, not {len(cell):,}.")
    return cell if isinstance(cell, str) else _text(cell, "a KPI")


def is_empty(cell: CellScalar) -> bool:
    """Whether a cell is empty; hosts tell it as nothing or as an empty text."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def first_failure(arguments: Iterable[CellValue]) -> CellFailure | None:
    """Return the first error among the cells of the arguments: it is the result, as in every spreadsheet."""
    for argument in arguments:
        if isinstance(argument, CellFailure):
            return argument
        if isinstance(argument, tuple):
            for row in argument:
                for cell in row:
                    if isinstance(cell, CellFailure):
                        return cell
    return None


def _filled_cells(value: CellValue) -> list[CellScalar]:
    """Return the values of a filter; the empty cells of a longer range are no values. Raises BadCut."""
    return [scalar for scalar in dict.fromkeys(scalars(value)) if not is_empty(scalar)] or [""]


def _filled(cell: CellScalar, what: str) -> CellScalar:
    if is_empty(cell):
        raise BadArgument(f"{what} is empty.", hint="Fill the cell, or leave it out.")
    return cell


def _text(cell: CellScalar, what: str) -> str:
    if not isinstance(cell, str):
        raise BadArgument(f"{what} is text, not {_said(cell)}.")
    return text_given(cell, what).strip()


def _key(kind: str, *parts: CellValue) -> Hashable:
    """Return the key for what is read of these; None where one of them is too long to be kept."""
    exactly = tuple(map(exact, parts))
    return None if None in exactly else (kind, *exactly)


def _said(cell: CellScalar) -> str:
    if is_empty(cell):
        return "an empty cell"
    if isinstance(cell, bool):
        return str(cell).upper()
    return cell.code if isinstance(cell, CellFailure) else f"{cell:g}" if isinstance(cell, float) else said(cell)
