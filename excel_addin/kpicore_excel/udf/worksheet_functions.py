"""Worksheet functions for xlwings, made of the functions that every spreadsheet has. The one module that imports it."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

from kpicore import CellArgument, CellFunction, MissingDependency
from kpicore_excel.udf.declared import PLACE, declared

CATEGORY = "KPI"
"""Where Excel's function wizard lists them."""

Called = Callable[[str, Any, tuple[Any, ...]], object]
_LONGEST_HELP = 255


def worksheet_function(function: CellFunction, called: Called) -> Callable[..., object]:
    """Return a function that xlwings imports: `called(name, place, values)` answers for it.

    Raises: MissingDependency.
    """
    xw = _xlwings()

    def cell(place: object = None, *values: object) -> object:
        return called(function.name, place, values)

    arguments = declared(function)
    cell.__name__ = cell.__qualname__ = function.name
    cell.__doc__ = cut(function.help)
    cell.__signature__ = _signature(arguments)  # type: ignore[attr-defined]  # what inspect reads first
    cell.__annotations__ = {}
    # "raw" keeps errors apart from empty cells, and rows of one apart from columns of one; `com` reads them.
    declared_cell = xw.arg(PLACE, "raw", vba="Nothing")(cell)
    for argument in arguments:
        declared_cell = xw.arg(argument.name, "raw", doc=cut(argument.help))(declared_cell)
    listed: Callable[..., object] = xw.func(category=CATEGORY)(declared_cell)  # last, or the category is forgotten
    return listed


def any_function(name: str, called: Called) -> Callable[..., object]:
    """Return a function of that name that takes anything: a sheet may still use a KPI that is gone."""
    anything = CellArgument("values", "Values.", optional=True, repeats=True)
    return worksheet_function(CellFunction(name, "kpi", "No KPI has this name any more.", (anything,)), called)


def cut(text: str) -> str:
    """Return the text as long as Excel's wizard shows it."""
    return text if len(text) <= _LONGEST_HELP else text[: _LONGEST_HELP - 1] + "…"


def _signature(arguments: tuple[CellArgument, ...]) -> Signature:
    kinds = {True: Parameter.VAR_POSITIONAL, False: Parameter.POSITIONAL_OR_KEYWORD}
    place = Parameter(PLACE, Parameter.POSITIONAL_OR_KEYWORD)
    return Signature([place, *(Parameter(argument.name, kinds[argument.repeats]) for argument in arguments)])


def _xlwings() -> Any:
    try:
        import xlwings
    except ImportError:
        raise MissingDependency("xlwings", "excel") from None
    return xlwings
