"""Calculators as functions of the workbook: names that stand for a LAMBDA, which Excel 365 has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpicore import Definition, calculator, formula_excel, names, parse_formula
from kpicore_xlsx.cells import put_row
from kpicore_xlsx.sections import one_page_wide, put_title

if TYPE_CHECKING:
    from xlsxwriter import Workbook

    from kpicore import Workspace
    from kpicore_excel.live.live import Live

SHEET = "Calculators"
_HEAD = 3

_FOLDS = {
    "average": "AVERAGE({})",
    "total": "SUM({})",
    "median": "MEDIAN({})",
    "percentile": "PERCENTILE({},{share!r})",
}


@dataclass(frozen=True, slots=True)
class LambdaName:
    """A name with what it stands for, as a person would type it, and how it is called."""

    name: str
    arguments: tuple[str, ...]
    body: str

    @property
    def typed(self) -> str:
        """Return "=LAMBDA(won,base,won/base)"."""
        return f"=LAMBDA({','.join((*self.arguments, self.body))})"

    @property
    def stored(self) -> str:
        """Return it as files hold it: functions and arguments that older programs do not know carry a prefix."""
        body = self.body
        for argument in self.arguments:
            # not behind a dot, where one has its prefix already, and not before a bracket, which makes it a function
            body = re.sub(rf"(?<![\w.]){argument}(?![\w.(])", f"_xlpm.{argument}", body)
        return f"=_xlfn.LAMBDA({','.join((*(f'_xlpm.{argument}' for argument in self.arguments), body))})"

    @property
    def call(self) -> str:
        """Return "=KPI_WIN_RATE_CALC(won, base)"."""
        return f"={self.name}({', '.join(self.arguments)})"


def lambda_name(workspace: Workspace, definition: Definition) -> LambdaName | None:
    """Return the calculator of a variant as a name, None where it has none.

    A share above 1 gives #VALUE!, a zero denominator #DIV/0!.
    """
    calculation = calculator(definition)
    if calculation is None:
        return None
    default = definition.variant == workspace.definitions.default_of(definition.metric)
    name = f"KPI_{definition.metric.id}{'' if default else '_' + definition.variant}_CALC".upper()
    if calculation.fold:
        return LambdaName(
            name, ("values",), _FOLDS[calculation.fold_name].format("values", share=calculation.percentile)
        )
    arguments = {argument: _argument(argument) for argument in calculation.arguments}
    node = parse_formula(
        calculation.formula, calculation.arguments, settings=workspace.definitions.settings, where=name
    )
    if any(space == "period" for space, _ in names(node)):
        return None  # a cell with numbers has no period
    body = formula_excel(node, lambda key: arguments.get(key) or _setting(workspace.definitions.settings, key))
    shares = [arguments[input_.name] for input_ in definition.inputs if input_.is_share and input_.name in arguments]
    for share_name in shares:
        body = f"IF(ABS({share_name})>1,#VALUE!,{body})"
    return LambdaName(name, tuple(arguments.values()), body)


def write_calculators(book: Workbook, live: Live) -> None:
    """Define the names, and write a sheet that tells how they are called; none where no KPI has a calculator."""
    calculators = [(kpi, name) for kpi in live.request.kpis if (name := lambda_name(live.workspace, kpi.definition))]
    if not calculators:
        return
    sheet = book.add_worksheet(SHEET)
    sheet.hide_gridlines(2)
    subtitle = "Functions for your own numbers, in Excel 365. They read no data. Other programs do not know LAMBDA."
    put_title(sheet, SHEET, subtitle, live.looks)
    for column, width in enumerate((2, 36, 62, 80)):
        sheet.set_column(column, column, width)
    put_row(sheet, _HEAD, 1, ("KPI", "Write into a cell", "What the name stands for"), live.looks.header())
    for row, (kpi, name) in enumerate(calculators, _HEAD + 1):
        book.define_name(name.name, name.stored)
        put_row(sheet, row, 1, (kpi.name, name.call, name.typed), live.looks.body())
    sheet.freeze_panes(_HEAD + 1, 0)
    one_page_wide(sheet, _HEAD)


def _argument(name: str) -> str:
    """Return a name that is no reference to a cell: Excel would read q1 as a cell, and r as a row."""
    return f"{name}_" if re.fullmatch(r"[A-Za-z]{1,3}[0-9]+|[rRcC]", name) else name


def _setting(settings: Mapping[str, object], key: str) -> str:
    value = settings[key.removeprefix("setting.")]
    return f"({value!r})"
