"""Reading the arguments of a call: the period, pairs of a dimension and its value, and the reserved pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from kpicore.cells.functions import PAIR_KEYS
from kpicore.cells.values import CellFailure, CellScalar, CellValue, scalars
from kpicore.engine.memory import Recent
from kpicore.errors import BadArgument, BadCut, BadPeriod, KpiError, UnknownName, closest
from kpicore.periods import Grain, Period
from kpicore.questions import Question

if TYPE_CHECKING:
    from kpicore.workspace import Workspace

_Cut = tuple[str, tuple[str, ...]]
MOST_READ = 20_000
_MOST_LISTED = 1_000
"""A longer range is read each time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call asks: a question, and what it is compared with ("previous", "year", or "" for nothing)."""

    question: Question
    compare: str = ""


class Arguments:
    """Reads arguments for one workspace; what thousands of cells share is read once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._periods: Recent[tuple[type, CellScalar, str, date | None], Period] = Recent(MOST_READ)
        self._cuts: Recent[tuple[CellScalar, CellValue, date | None], _Cut] = Recent(MOST_READ)
        self._refused: Recent[tuple[str, str, date | None], KpiError] = Recent(MOST_READ)
        self._kpis: Recent[tuple[str, str], tuple[str, str]] = Recent(MOST_READ)

    def asked(self, kpi: str, arguments: Sequence[CellValue]) -> Asked:
        """Return what a KPI, a period and pairs ask for. Raises KpiError with one clear line."""
        if not arguments:
            raise BadPeriod("", "is missing")
        if len(arguments) % 2 == 0:
            raise BadArgument(
                f"'{_said(one(arguments[-1], 'a dimension'))}' stands alone at the end.",
                hint='Pairs are a dimension and its value: "rep", "Ann Lee".',
            )
        reserved: dict[str, CellScalar] = {}
        named: list[tuple[CellValue, CellValue]] = []
        for name, value in zip(arguments[1::2], arguments[2::2], strict=True):
            key = name.strip().casefold() if isinstance(name, str) else ""
            if key in reserved:
                raise BadArgument(f"'{key}' is given twice.")
            if key in PAIR_KEYS:
                reserved[key] = _filled(one(value, f"'{key}'"), f"'{key}'")
            else:
                named.append((name, value))
        as_of = self._day(reserved["as_of"]) if "as_of" in reserved else None
        cuts = [self._cut(name, value, as_of) for name, value in named]
        if len({dimension for dimension, _ in cuts}) < len(cuts):
            raise BadCut("a dimension is given twice.", hint="Give its values as one range.")
        id, variant = self._kpi(kpi, reserved.get("variant"))
        period = self.period(arguments[0], reserved.get("grain"), as_of)
        compare = _text(reserved.get("compare", ""), "'compare'").casefold()
        return Asked(Question(id, variant, period, tuple(sorted(cuts)), as_of), compare)

    def period(self, given: CellValue, grain: CellScalar = None, as_of: date | None = None) -> Period:
        """Return the period that a cell means; with a grain, the unit that holds its date.

        Raises: BadPeriod; BadArgument for a grain beside what is no date.
        """
        cell = one(given, "the period")
        unit = _text(grain, "'grain'") if grain is not None else ""
        key = (type(cell), cell, unit, as_of)
        found = self._periods.get(key)
        if found is None:
            found = self._period(cell, unit, as_of)
            self._periods.update({key: found})
        return found

    def _period(self, cell: CellScalar, unit: str, as_of: date | None) -> Period:
        if cell is None or cell == "":
            raise BadPeriod("", "is empty")
        if isinstance(cell, bool | CellFailure):
            raise BadPeriod(_said(cell), "is not a period")
        found = self._workspace.period(cell, as_of=as_of)
        if not unit:
            return found
        from kpicore.given import grain_named

        grain = grain_named(unit)
        if found.grain is Grain.DAY:
            return self._workspace.calendar.containing(grain, found.start)
        if grain not in self._workspace.calendar.grains_of(found) or found.whole is not None:
            raise BadArgument(f"'grain' is for a cell with a date; {found} is none.", hint="Leave it out.")
        return found

    def _kpi(self, kpi: str, variant: CellScalar) -> tuple[str, str]:
        wanted = _text(variant, "'variant'") if variant is not None else ""
        named = self._kpis.get((kpi, wanted))
        if named is None:
            if wanted and "." in kpi:
                raise BadArgument(f"'{kpi}' names a variant already.", hint="Leave the pair 'variant' out.")
            named = self._workspace.definitions.named(f"{kpi}.{wanted}" if wanted else kpi)
            self._kpis.update({(kpi, wanted): named})
        return named

    def _cut(self, name: CellValue, value: CellValue, as_of: date | None) -> _Cut:
        dimension = one(name, "a dimension")
        found = self._cuts.get((dimension, value, as_of))
        if found is None:
            if not isinstance(dimension, str) or not dimension.strip():
                raise BadCut(
                    f"a dimension is text, not {_said(dimension)}.", hint='Write its name: "rep". See: kpi show KPI'
                )
            found = self._found(dimension, value, as_of)
            if len(scalars(value)) <= _MOST_LISTED:
                self._cuts.update({(dimension, value, as_of): found})
        return found

    def _found(self, dimension: str, value: CellValue, as_of: date | None) -> _Cut:
        """Return the cut; looking for what is near to an unknown name takes long, so a refusal is kept too."""
        if not isinstance(value, str):
            return self._resolved(dimension, value, as_of)
        refused = self._refused.get((dimension, value, as_of))
        if refused is not None:
            raise refused.with_traceback(None)
        try:
            return self._resolved(dimension, value, as_of)
        except KpiError as error:
            error.__context__ = None  # as a traceback, it would keep alive what was asked
            self._refused.update({(dimension, value, as_of): error})
            raise

    def _resolved(self, dimension: str, value: CellValue, as_of: date | None) -> _Cut:
        try:
            [found] = self._workspace.cuts({dimension: _filled_cells(value)}, as_of)
        except UnknownName as error:
            if error.kind == "dimension" and (near := closest(dimension, PAIR_KEYS)):
                raise UnknownName("dimension", dimension, error.known, meant=near) from None
            raise
        return found

    def dimension(self, given: CellScalar) -> str:
        """Return the dimension of that name. Raises BadCut and UnknownName."""
        return self._workspace.registry.dimension(_text(given, "a dimension")).name

    def _day(self, given: CellScalar) -> date:
        if isinstance(given, datetime):
            return given.date()
        if isinstance(given, date):
            return given
        period = self.period(given)
        if period.grain is not Grain.DAY:
            raise BadArgument(
                f"'as_of' is a day; {period} is none.", hint="Write 2026-03-14, or name a cell with a date."
            )
        return period.start


def one(value: CellValue, what: str) -> CellScalar:
    """Return the cell that is meant; a range of one cell is that cell. Raises BadArgument for more."""
    if not isinstance(value, tuple):
        return value
    cells = scalars(value)
    if len(cells) != 1:
        raise BadArgument(f"{what} is a range of {len(cells)} cells.", hint="Name one cell.")
    return cells[0]


def text_of(value: CellValue, what: str) -> str:
    """Return the text of one cell. Raises BadArgument."""
    return _text(_filled(one(value, what), what), what)


def kpis_of(value: CellValue) -> list[str]:
    """Return the ids in a text "win_rate, total_sales" or a range of them. Raises BadArgument."""
    found = [each for cell in scalars(value) if not is_empty(cell) for each in _text(cell, "a KPI").split(",")]
    names = [each.strip() for each in found if each.strip()]
    if not names:
        raise BadArgument("no KPI is named.", hint='Write its id: "win_rate". See: kpi list')
    return list(dict.fromkeys(names))


def is_empty(cell: CellScalar) -> bool:
    """Whether a cell is empty; hosts tell it as nothing or as an empty text."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def first_failure(arguments: Iterable[CellValue]) -> CellFailure | None:
    """Return the first error among the cells of the arguments: it is the result, as in every spreadsheet."""
    for each in arguments:
        if isinstance(each, CellFailure):
            return each
        if isinstance(each, tuple):
            for row in each:
                for cell in row:
                    if isinstance(cell, CellFailure):
                        return cell
    return None


def _filled_cells(value: CellValue) -> list[CellScalar]:
    """Return the values of a cut; the empty cells of a longer range are no values. Raises BadCut."""
    cells = scalars(value)
    return [each for each in cells if not is_empty(each)] or [""]


def _filled(cell: CellScalar, what: str) -> CellScalar:
    if is_empty(cell):
        raise BadArgument(f"{what} is empty.", hint="Fill the cell, or leave it out.")
    return cell


def _text(cell: CellScalar, what: str) -> str:
    if not isinstance(cell, str):
        raise BadArgument(f"{what} is text, not {_said(cell)}.")
    return cell.strip()


def _said(cell: CellScalar) -> str:
    if cell is None:
        return "an empty cell"
    if isinstance(cell, bool):
        return str(cell).upper()
    return cell.code if isinstance(cell, CellFailure) else f"{cell:g}" if isinstance(cell, float) else str(cell)
