"""From a definition to the formula of a cell: its own formula over SUMIFS and INDEX of the inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kpicore import TO_DATE, AddsUp, Answer, Note, Question, formula_excel, judged
from kpicore_excel.live.input_tables import InputRanges, Inputs
from kpicore_excel.live.live_kpis import LiveKpi
from kpicore_xlsx.addresses import reference

PART, PERIOD = "in__part", "at__period"
"""The names of the columns of numbers that additive rows, and rows by period, are matched by."""

STATUS_WORDS = {"good": "● good", "fair": "◐ fair", "poor": "○ poor", "": ""}
_IN_PROGRESS = Note(TO_DATE)


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one member in a table of inputs; `columns` tell where the column of a name stands on the sheet."""

    sheet: str
    columns: Mapping[str, int]
    first: int
    last: int

    def area(self, name: str) -> str:
        """Return the reference to these rows of the column of a name."""
        return reference(self.sheet, self.first, self.columns[name], self.last, self.columns[name])


@dataclass(frozen=True, slots=True)
class FormulaContext:
    """Where a formula finds what it is asked for: references to cells, or defined names.

    `first` and `last` hold the numbers of the parts, `period` that of the period, `row` that of the question
    among those that are looked up. `criteria` hold by dimension the number of the chosen member, or ">=0" for
    all. `chosen` are 0 where a member is chosen, else an error, "" where one always is; `unchosen` the other way round.
    `numbers` hold by dimension the number of the member that a person chooses, and `period_chosen` tells that the
    period is chosen too: both are errors where no list has what stands in the cell.
    `blocks` hold by table the rows to look at, where they are known: among many it is a hundred times as fast.
    """

    first: str
    last: str
    period: str
    row: str
    criteria: Mapping[str, str]
    chosen: Mapping[str, str]
    unchosen: Mapping[str, str]
    numbers: Mapping[str, str] = field(default_factory=dict)
    period_chosen: bool = False
    blocks: Mapping[AddsUp, Block] = field(default_factory=dict)


def value_formula(kpi: LiveKpi, inputs: Inputs, context: FormulaContext, by: tuple[str, ...]) -> str:
    """Return the formula of a KPI's value, with its leading "=". `by` are the dimensions of the workbook.

    Where the KPI cannot be cut the way that is chosen, or not be asked for the period, it gives an error.
    """

    def cell(name: str) -> str:
        if name.startswith("period."):
            return f"INDEX({inputs.column_of[kpi.key, name]},{context.period})"
        if name.startswith("setting."):
            return _setting(inputs, name)
        return _input(kpi, inputs.of[kpi.key, name], context)

    checks = _checks(kpi, inputs, context, by, inputs.status_of[kpi.key])
    return _checked(checks, formula_excel(kpi.definition.formula, cell))


def _checked(checks: Sequence[str], printed: str) -> str:
    # An error in the condition of IF is the one that shows; of two in a sum, each program shows another.
    return f"=IF({'+'.join(checks)}=0,{printed})" if checks else f"={printed}"


def _checks(kpi: LiveKpi, inputs: Inputs, context: FormulaContext, by: tuple[str, ...], status: str) -> list[str]:
    """Return what tells whether the question can be asked: each is 0, or an error.

    What is chosen is among them wherever rows are summed: an error among the criteria of SUMIFS is, for some programs,
    one that no row meets, and the sum 0. What is looked up at the place of an error is an error everywhere.
    """
    checks = [context.unchosen[dimension] for dimension in by if dimension not in kpi.by]
    checks += [context.chosen[need] for need in kpi.needs if context.chosen[need]]
    if status:
        checks.append(f"INDEX({status},{context.period})")
    if inputs.sums(kpi):
        checks += [f"0*{context.period}"] if context.period_chosen and not status else []
        checks += [f"0*{context.numbers[dimension]}" for dimension in kpi.by if dimension in context.numbers]
    return checks


def rows_formula(kpi: LiveKpi, inputs: Inputs, context: FormulaContext, by: tuple[str, ...]) -> str:
    """Return the formula of how many rows stand behind the value, as the engine counts them.

    A question that cannot be asked has no rows, not 0: it gives the error that its value is.
    """

    def cell(name: str) -> str:
        ranges = inputs.of[kpi.key, name]
        return _sum(ranges, ranges.rows, kpi, context)

    checks = _checks(kpi, inputs, context, by, inputs.refused_of[kpi.key])
    return _checked(checks, formula_excel(kpi.definition.counted, cell))


def _setting(inputs: Inputs, name: str) -> str:
    # the same in all periods
    value = inputs.settings[name]
    return f"({value!r})" if value is not None else "NA()"


def _input(kpi: LiveKpi, ranges: InputRanges, context: FormulaContext) -> str:
    """Return what gives an input: an error where it has no value, for a missing row is no 0."""
    printed = _sum(ranges, ranges.total, kpi, context)
    if ranges.averaged:
        printed = (
            f"IF({_sum(ranges, ranges.rows, kpi, context)}=0,NA(),{printed}/{_sum(ranges, ranges.rows, kpi, context)})"
        )
    return printed if not ranges.status else f"({printed}+INDEX({ranges.status},{context.period}))"


def _sum(ranges: InputRanges, column: str, kpi: LiveKpi, context: FormulaContext) -> str:
    """Return the sum of a column over the parts and members asked for, or its one right row."""
    if ranges.kind is AddsUp.NOT:
        return f"INDEX({column},{context.row})"
    if ranges.kind is AddsUp.CUTS:
        table, criteria = "at", [(PERIOD, context.period)]
    else:
        table, criteria = "in", [(PART, f'">="&{context.first}'), (PART, f'"<="&{context.last}')]
        if context.first == context.last:
            criteria = [(PART, context.first)]
    criteria += [(f"{table}_{name}", context.criteria[name]) for name in kpi.by]

    block = context.blocks.get(ranges.kind)
    area = block.area if block else str
    matches = ",".join(f"{area(name)},{criterion}" for name, criterion in criteria)
    return f"SUMIFS({area(column)},{matches})"


def status_formula(kpi: LiveKpi, question: Question, cell: str, progress: str) -> str:
    """Return the formula of what the bands say of the value in a cell, "" where there are none.

    `progress` gives "" for a period that is over: what is not reached yet is not poor.
    """
    metric = kpi.definition.metric
    printed = '""'
    # Inside out: the first band that holds decides, as in `judged`.
    for band in reversed(metric.bands):
        value = _inside(band.above, band.below)  # any value of the band tells what it says
        over, running = (
            STATUS_WORDS[judgement.status] if (judgement := judged(answer, metric)) else ""
            for answer in (_answer(kpi, question, value), _answer(kpi, question, value, _IN_PROGRESS))
        )
        tests = [f"{cell}>={band.above!r}"] if band.above is not None else []
        tests += [f"{cell}<{band.below!r}"] if band.below is not None else []
        test = f"AND({','.join(tests)})" if len(tests) > 1 else tests[0] if tests else "TRUE"
        word = f'"{over}"' if over == running else f'IF({progress}="","{over}","{running}")'
        printed = f"IF({test},{word},{printed})"
    if not any(f'"{word}"' in printed for word in STATUS_WORDS.values() if word):
        return ""
    return f'=IF(ISNUMBER({cell}),{printed},"")'


def _answer(kpi: LiveKpi, question: Question, value: float, *notes: Note) -> Answer:
    return Answer(question, value, kpi.definition.unit, kpi.definition.metric.better, notes=notes)


def _inside(above: float | None, below: float | None) -> float:
    if above is not None:
        return above
    return below - 1 if below is not None else 0.0
